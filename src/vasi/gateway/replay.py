"""The latest events of a session, for a client that reconnects. Pure bookkeeping."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Collection
from typing import NamedTuple

from vasi.protocol.server_events import ServerEvent
from vasi.protocol.sizes import approximate_bytes

EVENTS = 256
BYTES = 128 * 1024


class _Kept(NamedTuple):
    number: int
    event: ServerEvent
    size: int


class ReplayBuffer:
    """The latest events of a session but for their sound, so that they can be sent once more.

    Args:
        prefix: how the ids of events begin; their number follows in hexadecimal digits.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._kept: deque[_Kept] = deque()
        self._bytes = 0
        self._dropped = 0
        """Number of the latest event that isn't kept any more."""
        self._first_unsent = 0

    def add(self, number: int, event: ServerEvent) -> None:
        """The event of this number, which is larger than all before."""
        size = approximate_bytes(event)
        self._kept.append(_Kept(number, event, size))
        self._bytes += size
        while len(self._kept) > EVENTS or self._bytes > BYTES:
            oldest = self._kept.popleft()
            self._dropped = oldest.number
            self._bytes -= oldest.size

    def disconnected(self, unsent: Collection[object], number: int) -> None:
        """The connection is gone: ``unsent`` weren't sent, nor will those be from ``number`` on."""
        waiting = {id(event) for event in unsent}
        self._first_unsent = next((kept.number for kept in self._kept if id(kept.event) in waiting), number)

    def since(self, after: str | None) -> tuple[list[ServerEvent], bool]:
        """The events that come after the event of id ``after``, or that weren't sent; and whether these are all."""
        first = self._first_unsent
        if after is not None and after.startswith(self._prefix):
            with contextlib.suppress(ValueError):
                first = int(after.removeprefix(self._prefix), 16) + 1
        return [kept.event for kept in self._kept if kept.number >= first], self._dropped < first
