"""Wakes whoever shows what is stored."""

from __future__ import annotations

import asyncio


class ChangeNotifier:
    """Tells that something may have changed: whoever waits looks for itself."""

    def __init__(self) -> None:
        self.closed = False
        """Nobody is to wait any more: the server ends."""
        self._next = asyncio.Event()

    def notify(self) -> None:
        """Wake everybody who waits for the next change."""
        happened, self._next = self._next, asyncio.Event()
        happened.set()

    def close(self) -> None:
        """Wake everybody for the last time."""
        self.closed = True
        self.notify()

    def next_change(self) -> asyncio.Event:
        """Set at the next change. Ask for it before you look, or you may miss one."""
        return self._next


async def wait(change: asyncio.Event, seconds: float) -> None:
    """Return at the change, or after so long."""
    try:
        async with asyncio.timeout(seconds):
            await change.wait()
    except TimeoutError:
        pass
