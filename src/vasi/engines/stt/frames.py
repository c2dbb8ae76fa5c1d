"""How vasi talks with its child processes: one request, one reply, each a byte of kind, a u32 length and a payload.

The child's side is here, with the kinds of request, and imports nothing heavy; the parent's side is in ``child``.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Callable
from typing import BinaryIO, Final

HEADER: Final = struct.Struct("<BI")
OK: Final = 0
FAILED: Final = 1

# Of the worker.
LOAD: Final = 1
"""Payload: the path of a model, without its endings; makes sure that it's in memory."""
START: Final = 2
"""Payload as of ``LOAD``; begins an utterance, whatever became of the one before."""
AUDIO: Final = 3
"""Payload: int16 little-endian, 16 kHz. Decodes."""
AUDIO_AND_TELL: Final = 4
"""As ``AUDIO``; the answer is the text so far."""
FINISH: Final = 5
"""Answer: JSON ``[[word, first frame, last frame, probability], ...]``, fillers included; a frame is 10 ms."""

# Of the builder.
READ: Final = 6
"""Payload: JSON list of texts. Answer: JSON list of the words that need a ``Pronounce``, the commonest first."""
BUILD: Final = 7
"""Payload: JSON ``{"model": path without endings, "spoken": {word: [phone, ...]}}``. Writes ``.lm`` and ``.dict``."""


def serve(answer: Callable[[int, bytes], bytes]) -> None:
    """Answer requests from standard input on standard output until the parent hangs up.

    An exception of ``answer`` becomes a ``FAILED`` reply. Whatever libraries print goes to standard error.
    """
    source = sys.stdin.buffer
    with os.fdopen(os.dup(1), "wb") as sink:
        os.dup2(2, 1)
        while (request := _read(source)) is not None:
            try:
                status, reply = OK, answer(*request)
            except Exception as error:  # the parent decides what it means
                status, reply = FAILED, f"{type(error).__name__}: {error}".encode()
            try:
                sink.write(HEADER.pack(status, len(reply)) + reply)
                sink.flush()
            except BrokenPipeError:
                return


def _read(source: BinaryIO) -> tuple[int, bytes] | None:
    head = source.read(HEADER.size)
    if len(head) < HEADER.size:
        return None
    kind, length = HEADER.unpack(head)
    payload = source.read(length)
    return (kind, payload) if len(payload) == length else None
