"""How a parent talks with its child processes: one request, one reply, each a byte of kind, a u32 length, a payload.

The parent's side is ``child``, the child's is ``serve``. Imports nothing heavy: every child loads it.
"""

from __future__ import annotations

import struct
import threading
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from queue import SimpleQueue
from typing import BinaryIO, Final, TypeAlias

HEADER: Final = struct.Struct("<BI")
OK: Final = 0
FAILED: Final = 1
"""The handler raised; the payload says what, as text."""
STOP: Final = 255
"""No request: whoever asked doesn't want the reply any more. It has no reply of its own."""

Handler: TypeAlias = Callable[[int, bytes], bytes]
"""Does one request, of a kind that parent and child agree on, and returns the payload of the reply."""


@dataclass(frozen=True, slots=True)
class Stoppable:
    """A handler whose work can be given up.

    Attributes:
        handle: does a request.
        arm: a request has come; called before ``handle``, in another thread.
        stop: nobody wants the reply any more; called in another thread, while ``handle`` runs or just before. What it
            then returns or raises is thrown away.
    """

    handle: Handler
    arm: Callable[[], None]
    stop: Callable[[], None]


def serve(
    handler: Handler | Stoppable,
    source: BinaryIO,
    sink: BinaryIO,
    around: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> None:
    """Answer the requests of ``source`` on ``sink`` until the parent closes either.

    Each is handled inside ``around()``. An exception of ``handler`` becomes a ``FAILED`` reply. One that can't be
    stopped goes on when it's told to.
    """
    handle = handler.handle if isinstance(handler, Stoppable) else handler
    with _requests(source, handler) as next_request:
        while (request := next_request()) is not None:
            try:
                with around():
                    status, answer = OK, handle(*request)
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


_Request: TypeAlias = tuple[int, bytes] | None


@contextmanager
def _requests(source: BinaryIO, handler: Handler | Stoppable) -> Generator[Callable[[], _Request]]:
    """What gets the next request; of a handler that can be stopped, they're read while it works."""
    if not isinstance(handler, Stoppable):

        def read() -> _Request:
            while (request := _read(source)) is not None and request[0] == STOP:
                pass
            return request

        yield read
        return
    waiting: SimpleQueue[_Request] = SimpleQueue()

    def listen() -> None:
        while (request := _read(source)) is not None:
            if request[0] == STOP:
                handler.stop()
            else:
                handler.arm()  # the parent asks again only after a reply: what was to be stopped is over
                waiting.put(request)
        waiting.put(None)

    # It ends with the parent's side of the pipe, and so does this process.
    listening = threading.Thread(target=listen, daemon=True)
    listening.start()
    yield waiting.get
    listening.join()


def _read(source: BinaryIO) -> tuple[int, bytes] | None:
    head = source.read(HEADER.size)
    if len(head) < HEADER.size:
        return None
    kind, length = HEADER.unpack(head)
    payload = source.read(length)
    return (kind, payload) if len(payload) == length else None
