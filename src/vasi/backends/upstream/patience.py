"""How often a lost connection is replaced: not for ever, if each ends before it has brought anything."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from vasi.backends.upstream.breaker import pauses

TRIES = 4
"""Connections in a row that may fail of the same event."""
STEADY_S = 10.0
"""A connection of which nothing was wanted, and that lasted so long, was a good one."""


class Patience:
    """The connections of one session, one after the other.

    Args:
        longest_s: how long connections in a row may bring nothing.
        dice: for jitter.
        clock: seconds that never go back.
    """

    def __init__(self, longest_s: float, dice: random.Random, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._longest_s = longest_s
        self._dice = dice
        self._clock = clock
        self._opened_at = clock()
        self._since = 0.0
        self._pause = pauses(dice)
        self.fruitless = 0
        """Connections in a row that brought nothing."""
        self.fruitful = False
        """The present connection has brought something."""

    def opened(self) -> None:
        """There is another connection."""
        self._opened_at = self._clock()
        self.fruitful = False

    def lost(self, *, waiting: bool) -> float | None:
        """The connection is gone; seconds to wait before the next, None if that is no use.

        ``waiting`` tells that the service hasn't answered something.
        """
        now = self._clock()
        if self.fruitful or (not waiting and now - self._opened_at > STEADY_S):
            self.renew()
            return 0.0
        if not self.fruitless:
            self._since, self._pause = now, pauses(self._dice)
        self.fruitless += 1
        if now - self._since > self._longest_s or (waiting and self.fruitless >= TRIES):
            return None
        return 0.0 if self.fruitless == 1 else self._pause()

    def renew(self) -> None:
        """Begin anew: what they failed of isn't wanted any more."""
        self.fruitless = 0
