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


class ReconnectPolicy:
    """When a session's lost connection is replaced.

    Args:
        longest_s: how long connections in a row may bring nothing.
        rng: for jitter.
        clock: monotonic seconds.
    """

    def __init__(self, longest_s: float, rng: random.Random, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._longest_s = longest_s
        self._rng = rng
        self._clock = clock
        self._opened_at = clock()
        self._since = 0.0
        self._pause = pauses(rng)
        self.failures_in_a_row = 0
        """Connections in a row that brought nothing."""
        self.made_progress = False
        """The present connection has brought something."""

    def opened(self) -> None:
        """There is another connection."""
        self._opened_at = self._clock()
        self.made_progress = False

    def pause_before_next(self, *, waiting: bool) -> float | None:
        """The connection is gone; seconds to wait before the next, None if that is no use.

        ``waiting`` tells that the service hasn't answered something.
        """
        now = self._clock()
        if self.made_progress or (not waiting and now - self._opened_at > STEADY_S):
            self.reset()
            return 0.0
        if not self.failures_in_a_row:
            self._since, self._pause = now, pauses(self._rng)
        self.failures_in_a_row += 1
        if now - self._since > self._longest_s or (waiting and self.failures_in_a_row >= TRIES):
            return None
        return 0.0 if self.failures_in_a_row == 1 else self._pause()

    def reset(self) -> None:
        """Begin anew: what they failed of isn't wanted any more."""
        self.failures_in_a_row = 0
