"""Whether a service is still there, asked only while it is silent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

CHECK_INTERVAL_S = 3.0
PONG_TIMEOUT_S = 4.0
"""A service that sent nothing between two checks is sent a ping; without its pong in time it counts as gone. A network
that is gone says nothing by itself."""
UNANSWERED_TIMEOUT_S = 15.0
"""So does one that is there, owes an answer, and sends nothing at all for so long."""


class Liveness:
    """Checks one connection until it is stopped.

    Args:
        ping: sends a ping and returns when its pong is there; may raise ``ConnectionError``.
        abort: ends the connection at once.
    """

    def __init__(self, ping: Callable[[], Awaitable[None]], abort: Callable[[], None]) -> None:
        self.frame_received = True
        """Set by the connection with each frame."""
        self.reason = ""
        """Why the connection was ended; empty while it wasn't."""
        self.response_pending: Callable[[], bool] = bool
        """Whether the service owes an answer."""
        self._ping = ping
        self._abort = abort
        self._loop = asyncio.get_running_loop()
        self._silent_s = 0.0
        """For how long nothing but pongs have come."""
        self._pinging: asyncio.Task[None] | None = None
        self._timer = self._loop.call_later(CHECK_INTERVAL_S, self._check)

    async def stop(self) -> None:
        """End the checks."""
        self._timer.cancel()
        if self._pinging is not None:
            self._pinging.cancel()
            await asyncio.gather(self._pinging, return_exceptions=True)

    def _schedule(self) -> None:
        self._timer = self._loop.call_later(CHECK_INTERVAL_S, self._check)

    def _check(self) -> None:
        if self.frame_received:
            self.frame_received = False
            self._silent_s = 0.0
            self._schedule()
            return
        self._silent_s += CHECK_INTERVAL_S
        if self._silent_s >= UNANSWERED_TIMEOUT_S and self.response_pending():
            self._give_up(f"it answered nothing for {UNANSWERED_TIMEOUT_S:g} seconds")
        else:
            self._pinging = self._loop.create_task(self._wait_for_pong())

    async def _wait_for_pong(self) -> None:
        try:
            async with asyncio.timeout(PONG_TIMEOUT_S):
                await self._ping()
        except TimeoutError:
            if not self.frame_received:
                self._give_up("it didn't answer any more")
                return
        except ConnectionError:
            return
        self._pinging = None
        self._schedule()

    def _give_up(self, reason: str) -> None:
        self.reason = reason
        self._abort()
