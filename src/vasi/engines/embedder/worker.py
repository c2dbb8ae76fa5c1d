"""What runs in the processes that make vectors (``vasi.workers.run``): one model, loaded at the first request."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from vasi.engines.embedder.encoder import Encoder
from vasi.engines.embedder.requests import ENCODE, Work


class Worker:
    """Holds the model that was asked for last."""

    def __init__(self) -> None:
        self._loaded: tuple[str, str] | None = None
        self._encoder: Encoder | None = None

    def answer(self, kind: int, payload: bytes) -> bytes:
        """Do one request."""
        work = msgspec.msgpack.decode(payload, type=Work)
        encoder = self._encoder
        if encoder is None or self._loaded != (work.folder, work.manifest.name):
            encoder = self._encoder = Encoder(Path(work.folder), work.manifest, work.threads)
            self._loaded = (work.folder, work.manifest.name)
        return encoder.encode(work.texts, query=work.query).tobytes() if kind == ENCODE else b""


def create_handler() -> Callable[[int, bytes], bytes]:
    """Answers ``LOAD`` and ``ENCODE``."""
    return Worker().answer
