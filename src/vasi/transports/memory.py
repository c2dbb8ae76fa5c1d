"""A link inside one process: for ``vasi ask``, and for tests that need the whole session but no socket."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from vasi.gateway.ports import Received, Sent
from vasi.transports.codec import Codec, GaCodec

FRAMES = 256
"""Frames that may lie between the two ends; who sends more waits."""


class MemoryConnection:
    """The client's end of a pair: it sends and receives frames, as over a socket."""

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
        """Send a frame; waits while the other end is slow."""
        if self.closed_with is None and not self._gone:
            await self._outgoing.put(frame)

    def send_now(self, frames: Sequence[str]) -> bool:
        """Send all ``frames`` if there is room for them. False: there isn't, and none was sent."""
        if self.closed_with is not None or self._gone:
            return True
        if self._outgoing.qsize() + len(frames) > FRAMES:
            return False
        for frame in frames:
            self._outgoing.put_nowait(frame)
        return True

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close this end; harmless when repeated."""
        if self.closed_with is not None:
            return
        self.closed_with = (code, reason)
        while self._outgoing.full():
            self._outgoing.get_nowait()
        self._outgoing.put_nowait(None)


class MemoryLink:
    """The server's end of a pair.

    Args:
        connection: carries the frames.
        codec: reads and writes them.
    """

    def __init__(self, connection: MemoryConnection, codec: Codec) -> None:
        self._connection = connection
        self._codec = codec

    @property
    def closed_with(self) -> tuple[int, str] | None:
        """Code and reason that it was closed with."""
        return self._connection.closed_with

    async def receive(self) -> Received | None:
        frame = await self._connection.receive()
        return None if frame is None else self._codec.decode(frame)

    async def send(self, event: Sent) -> None:
        for frame in self._codec.encode(event):
            await self._connection.send(frame)

    def send_now(self, event: Sent) -> bool:
        return self._connection.send_now(self._codec.encode(event))

    async def close(self, code: int, reason: str) -> None:
        await self._connection.close(code, reason)


def link_pair(codec: Codec | None = None) -> tuple[MemoryConnection, MemoryLink]:
    """Two ends of one connection: the client's and the server's."""
    up: asyncio.Queue[str | None] = asyncio.Queue(FRAMES)
    down: asyncio.Queue[str | None] = asyncio.Queue(FRAMES)
    return MemoryConnection(down, up), MemoryLink(MemoryConnection(up, down), codec or GaCodec())
