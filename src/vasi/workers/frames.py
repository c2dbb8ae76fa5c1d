"""How a parent talks with its child processes: one request, one reply, each a byte of kind, a u32 length, a payload.

The parent's side is ``child``, the child's is ``serve``. Imports nothing heavy: every child loads it.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import BinaryIO, Final, TypeAlias

HEADER: Final = struct.Struct("<BI")
OK: Final = 0
FAILED: Final = 1
"""The handler raised; the payload says what, as text."""

Handler: TypeAlias = Callable[[int, bytes], bytes]
"""Does one request, of a kind that parent and child agree on, and returns the payload of the reply."""


def serve(
    handler: Handler,
    source: BinaryIO,
    sink: BinaryIO,
    around: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> None:
    """Answer the requests of ``source`` on ``sink`` until the parent closes either.

    Each is handled inside ``around()``. An exception of ``handler`` becomes a ``FAILED`` reply.
    """
    while (request := _read(source)) is not None:
        try:
            with around():
                status, answer = OK, handler(*request)
        except Exception as error:  # the parent decides what it means
            status, answer = FAILED, f"{type(error).__name__}: {error}".encode(errors="replace")
        try:
            reply(sink, status, answer)
        except BrokenPipeError:
            return


def reply(sink: BinaryIO, status: int, payload: bytes) -> None:
    """Write one reply. The first of a child, before any request, tells that it has started, or why it can't."""
    sink.write(HEADER.pack(status, len(payload)))
    sink.write(payload)
    sink.flush()


def _read(source: BinaryIO) -> tuple[int, bytes] | None:
    head = source.read(HEADER.size)
    if len(head) < HEADER.size:
        return None
    kind, length = HEADER.unpack(head)
    payload = source.read(length)
    return (kind, payload) if len(payload) == length else None
