"""Wakes whoever shows what is stored."""

from __future__ import annotations

import asyncio


class Bell:
    """Rings when something may have changed: whoever waits looks for itself."""

    def __init__(self) -> None:
        self.silent = False
        """Nobody is to wait any more: the server ends."""
        self._next = asyncio.Event()

    def ring(self) -> None:
        """Wake everybody who waits for this ring."""
        rung, self._next = self._next, asyncio.Event()
        rung.set()

    def silence(self) -> None:
        """Wake everybody for the last time."""
        self.silent = True
        self.ring()

    def next(self) -> asyncio.Event:
        """Set at the next ring. Ask for it before you look, or you may miss one."""
        return self._next


async def heard(ring: asyncio.Event, seconds: float) -> None:
    """Return at the ring, or after so long."""
    try:
        async with asyncio.timeout(seconds):
            await ring.wait()
    except TimeoutError:
        pass
