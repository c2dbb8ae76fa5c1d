"""What waits between a client and its backend, with limits both ways."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from vasi.errors import LimitError
from vasi.gateway.ports import Link
from vasi.protocol import client_events as said

UNSENT_BYTES = 16 * 1024 * 1024
"""What may wait for a slow client before it's given up: four minutes of PCM."""
UNTAKEN_EVENTS = 256
"""Client events that may wait for the backend before no more are read."""
UNTAKEN_BYTES = 16 * 1024 * 1024
"""Sound, pictures and text that may wait with them."""
PATIENCE_S = 60.0
"""How long a backend may take nothing at all while so much waits."""
FAREWELL_S = 2.0


class Outbox:
    """Frames on their way to the client.

    Args:
        link: the client's connection.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._frames: deque[str] = deque()
        self._bytes = 0
        self._more = asyncio.Event()
        self._full = asyncio.Event()

    def push(self, frame: str) -> None:
        """Send ``frame`` when its turn comes."""
        self._frames.append(frame)
        self._bytes += len(frame)
        self._more.set()
        if self._bytes > UNSENT_BYTES:
            self._full.set()

    def take_all(self) -> list[str]:
        """The frames that weren't sent, which won't be."""
        frames = list(self._frames)
        self._frames.clear()
        self._bytes = 0
        self._full.clear()
        return frames

    async def write(self) -> None:
        """Send until cancelled."""
        while True:
            await self._more.wait()
            self._more.clear()
            while self._frames:
                frame = self._frames.popleft()
                self._bytes -= len(frame)
                await self._link.send(frame)

    async def overflow(self) -> None:
        """Wait until the client has taken too little for too long; then raise ``LimitError``."""
        await self._full.wait()
        self.take_all()
        raise LimitError("The client reads too slowly.")

    async def close(self, code: int, reason: str) -> None:
        """Send what still waits and close, but don't wait for a client that doesn't read."""
        try:
            async with asyncio.timeout(FAREWELL_S):
                while self._frames:
                    await self._link.send(self._frames.popleft())
        except TimeoutError:
            self._frames.clear()
        try:
            async with asyncio.timeout(FAREWELL_S):
                await self._link.close(code, reason)
        except TimeoutError:
            pass  # its transport lets go of it


class Inbox:
    """Client events on their way to the backend."""

    def __init__(self) -> None:
        self._events: deque[said.ClientEvent] = deque()
        self._bytes = 0
        self._more = asyncio.Event()
        self._taken = asyncio.Event()

    def put(self, event: said.ClientEvent) -> None:
        """Pass ``event`` on when its turn comes."""
        self._events.append(event)
        self._bytes += said.payload_bytes(event)
        self._more.set()

    async def room(self) -> None:
        """Wait until there is room for more. Raises ``LimitError`` if the backend takes nothing any more."""
        while len(self._events) > UNTAKEN_EVENTS or self._bytes > UNTAKEN_BYTES:
            self._taken.clear()
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self._taken.wait()
            except TimeoutError:
                text = f"The model has taken nothing in for {PATIENCE_S:g} seconds; try again later."
                raise LimitError(text) from None

    async def pass_on(self, send: Callable[[said.ClientEvent], Awaitable[None]]) -> None:
        """Hand everything to ``send`` until cancelled; what it's busy with counts as waiting."""
        while True:
            while self._events:
                event = self._events[0]
                await send(event)
                self._events.popleft()
                self._bytes -= said.payload_bytes(event)
                self._taken.set()
            self._more.clear()
            await self._more.wait()
