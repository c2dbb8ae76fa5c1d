"""A child that counts until nobody wants it any more."""

from __future__ import annotations

import threading

from vasi.workers.frames import Stoppable

COUNT, ECHO = 1, 2
LONGEST_S = 60.0


def create_handler() -> Stoppable:
    unwanted = threading.Event()

    def handle(kind: int, payload: bytes) -> bytes:
        if kind == COUNT and unwanted.wait(LONGEST_S):
            raise InterruptedError("nobody wants it")
        return payload

    return Stoppable(handle, unwanted.clear, unwanted.set)
