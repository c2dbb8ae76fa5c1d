"""A service that is down is left alone: not every session connects, and those that wait don't all connect at once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

FAILURES = 5
"""So many in a row, from whichever sessions, and the circuit opens."""
SHORTEST_REST_S, LONGEST_REST_S = 1.0, 30.0
HANDSHAKES = 32
"""Connections that are being made at a time."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 5.0


class CircuitOpen(Exception):
    """The service isn't tried now; ``seconds`` until it is again."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.1f} s")
        self.seconds = seconds


class Breaker:
    """The circuit breaker of one address.

    Closed, everybody connects. After ``FAILURES`` in a row it opens: nobody connects for a while, then one tries. If
    that works it closes, otherwise it stays open twice as long.

    Args:
        clock: monotonic seconds.
        rng: for jitter.
    """

    def __init__(self, *, clock: Callable[[], float], rng: random.Random) -> None:
        self._clock = clock
        self._rng = rng
        self._failures = 0
        self._rest_s = SHORTEST_REST_S
        self._until = 0.0
        self._trying = False
        self._handshakes = asyncio.Semaphore(HANDSHAKES)

    @property
    def is_open(self) -> bool:
        return self._failures >= FAILURES

    @asynccontextmanager
    async def attempt(self) -> AsyncGenerator[None, None]:
        """Make one connection in the block; how it ends is noted. Raises ``CircuitOpen``."""
        self._admit()
        async with self._handshakes:
            # Who waited for its turn may have waited for others' failures.
            probing = self._admit()
            self._trying = self._trying or probing
            try:
                yield
            except Exception as error:
                if getattr(error, "retryable", False):
                    self._failed(probing=probing)
                raise
            else:
                self._failures, self._rest_s = 0, SHORTEST_REST_S
            finally:
                if probing:
                    self._trying = False

    def _admit(self) -> bool:
        """Whether this attempt is the one that tries an open circuit."""
        if not self.is_open:
            return False
        left = self._until - self._clock()
        if left > 0 or self._trying:
            raise CircuitOpen(max(left, 0.1))
        return True

    def _failed(self, *, probing: bool) -> None:
        if self.is_open and not probing:
            return  # It was on its way when the circuit opened.
        self._failures += 1
        if self._failures < FAILURES:
            return
        self._rest_s = min(2 * self._rest_s, LONGEST_REST_S) if probing else SHORTEST_REST_S
        self._until = self._clock() + self._rest_s * self._rng.uniform(0.5, 1.0)


def pauses(rng: random.Random) -> Callable[[], float]:
    """Seconds to wait before each further attempt: growing, and different for everybody."""
    longest = FIRST_PAUSE_S / 2

    def following() -> float:
        nonlocal longest
        longest = min(2 * longest, LONGEST_PAUSE_S)
        return rng.uniform(longest / 2, longest)

    return following
