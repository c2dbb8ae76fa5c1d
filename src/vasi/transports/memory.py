"""A link inside one process: for ``vasi ask``, and for tests that need the whole session but no socket."""

from __future__ import annotations

import asyncio

FRAMES = 256
"""Frames that may lie between the two ends; who sends more waits."""


class MemoryLink:
    """One end of a pair; what one end sends the other receives."""

    def __init__(self, incoming: asyncio.Queue[str | None], outgoing: asyncio.Queue[str | None]) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        self._gone = False
        self.closed_with: tuple[int, str] | None = None
        """Code and reason that this end closed with."""

    async def receive(self) -> str | None:
        """The next frame; None when the other end has closed."""
        if self._gone:
            return None
        frame = await self._incoming.get()
        self._gone = frame is None
        return frame

    async def send(self, frame: str) -> None:
        if self.closed_with is None and not self._gone:
            await self._outgoing.put(frame)

    def send_now(self, frame: str) -> bool:
        if self.closed_with is not None or self._gone:
            return True
        if self._outgoing.full():
            return False
        self._outgoing.put_nowait(frame)
        return True

    async def close(self, code: int = 1000, reason: str = "") -> None:
        if self.closed_with is not None:
            return
        self.closed_with = (code, reason)
        while self._outgoing.full():
            self._outgoing.get_nowait()
        self._outgoing.put_nowait(None)


def link_pair() -> tuple[MemoryLink, MemoryLink]:
    """Two ends of one connection: the client's and the server's."""
    up: asyncio.Queue[str | None] = asyncio.Queue(FRAMES)
    down: asyncio.Queue[str | None] = asyncio.Queue(FRAMES)
    return MemoryLink(down, up), MemoryLink(up, down)
