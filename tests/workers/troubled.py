"""A child that does what it's told: echoes, prints, dies, hangs, spins, eats memory, writes, tells its environment."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

ECHO, PRINT, DIE, HANG, SPIN, EAT, WRITE, ENVIRONMENT, RAISE, SLEEP = range(10)


def create_handler() -> Callable[[int, bytes], bytes]:
    print("printed while it starts")
    if os.environ.get("TROUBLE") == "start":
        raise ImportError("something is missing")
    if os.environ.get("TROUBLE") == "die":
        os.kill(os.getpid(), signal.SIGKILL)

    def handle(kind: int, payload: bytes) -> bytes:
        if kind == PRINT:
            print("printed")
            os.write(1, b"written to the descriptor")
        elif kind == DIE:
            os.kill(os.getpid(), signal.SIGKILL)
        elif kind == HANG:
            time.sleep(600)
        elif kind == SPIN:
            while True:
                pass
        elif kind == EAT:
            return str(len(bytearray(int(payload)))).encode()
        elif kind == WRITE:
            Path(payload.decode()).write_bytes(bytes(2_000_000))
        elif kind == ENVIRONMENT:
            return json.dumps(dict(os.environ)).encode()
        elif kind == RAISE:
            raise ValueError(payload.decode())
        elif kind == SLEEP:
            time.sleep(float(payload))
        return payload

    return handle
