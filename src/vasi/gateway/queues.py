"""What waits between a client and its backend, with limits both ways."""

from __future__ import annotations

import asyncio
from collections import deque

from vasi.backends.ports import Backend
from vasi.errors import LimitError
from vasi.gateway.ports import Link, Sent
from vasi.protocol import client_events as client
from vasi.protocol.sizes import approximate_bytes

UNSENT_BYTES = 16 * 1024 * 1024
"""What may wait for a slow client before it's given up: four minutes of PCM."""
UNTAKEN_EVENTS = 256
"""Client events that may wait for the backend before no more are read."""
UNTAKEN_BYTES = 16 * 1024 * 1024
"""Sound, pictures and text that may wait with them."""
PATIENCE_S = 60.0
"""How long a backend may take nothing at all while so much waits."""
FAREWELL_S = 2.0


class _Signal:
    """Wakes the one task that waits for it; an ``asyncio.Event`` takes ten times the memory of a session's."""

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: asyncio.Future[None] | None = None

    def give(self) -> None:
        """Wake who waits; nobody later on knows of it."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    async def wait(self) -> None:
        self._waiting = asyncio.get_running_loop().create_future()
        await self._waiting


class Outbox:
    """Events on their way to the client.

    Args:
        link: the client's connection.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._events: deque[tuple[Sent, int]] = deque()
        """With about how many bytes each takes."""
        self._bytes = 0
        self._sending = False
        self._more = _Signal()
        self._full = _Signal()

    def push(self, event: Sent) -> None:
        """Send ``event`` when its turn comes: mostly at once, which spares the task that sends the others a turn."""
        if not self._events and not self._sending and self._link.send_now(event):
            return
        size = approximate_bytes(event)
        self._events.append((event, size))
        self._bytes += size
        self._more.give()
        if self._bytes > UNSENT_BYTES:
            self._full.give()

    def take_all(self) -> list[Sent]:
        """The events that weren't sent, which won't be."""
        events = [event for event, _ in self._events]
        self._events.clear()
        self._bytes = 0
        return events

    async def write(self) -> None:
        """Send until cancelled."""
        while True:
            if not self._events:
                await self._more.wait()
            self._sending = True
            try:
                while self._events:
                    event, size = self._events.popleft()
                    self._bytes -= size
                    await self._link.send(event)
            finally:
                self._sending = False

    async def overflow(self) -> None:
        """Wait until the client has taken too little for too long; then raise ``LimitError``."""
        while self._bytes <= UNSENT_BYTES:
            await self._full.wait()
        self.take_all()
        raise LimitError("The client reads too slowly.")

    async def close(self, code: int, reason: str) -> None:
        """Send what still waits and close, but don't wait for a client that doesn't read."""
        try:
            async with asyncio.timeout(FAREWELL_S):
                while self._events:
                    await self._link.send(self._events.popleft()[0])
        except TimeoutError:
            self._events.clear()
        try:
            async with asyncio.timeout(FAREWELL_S):
                await self._link.close(code, reason)
        except TimeoutError:
            pass  # its transport lets go of it


class Inbox:
    """Client events on their way to the backend.

    Args:
        backend: takes them.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._events: deque[client.ClientEvent] = deque()
        self._bytes = 0
        self._more = _Signal()
        self._taken = _Signal()

    def put(self, event: client.ClientEvent) -> None:
        """Pass ``event`` on when its turn comes: mostly at once, which spares the task that passes on others a turn."""
        if not self._events and self._backend.send_now(event):
            return
        self._events.append(event)
        self._bytes += approximate_bytes(event)
        self._more.give()

    @property
    def full(self) -> bool:
        """So much waits that no more should come."""
        return len(self._events) > UNTAKEN_EVENTS or self._bytes > UNTAKEN_BYTES

    async def room(self) -> None:
        """Wait until there is room for more. Raises ``LimitError`` if the backend takes nothing any more."""
        while self.full:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self._taken.wait()
            except TimeoutError:
                text = f"The model has taken nothing in for {PATIENCE_S:g} seconds; try again later."
                raise LimitError(text) from None

    async def pass_on(self) -> None:
        """Hand everything to the backend until cancelled; what it's busy with counts as waiting."""
        while True:
            while self._events:
                event = self._events[0]
                await self._backend.send(event)
                self._events.popleft()
                self._bytes -= approximate_bytes(event)
                self._taken.give()
            await self._more.wait()
