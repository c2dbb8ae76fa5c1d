"""How often something may be done within a minute by whoever isn't signed in."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

from vasi.errors import LimitError


class MinuteLimit:
    """Counts, from the first time on for a minute.

    Args:
        per_address: how often from one network address.
        total: how often from all.
        clock: monotonic seconds.
    """

    def __init__(self, per_address: int, total: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_address = per_address
        self._total = total
        self._clock = clock
        self._began_at = clock()
        self._counts: Counter[str] = Counter()
        self._all = 0

    def count(self, address: str) -> None:
        """It's done once more from ``address``. Raises ``LimitError`` if that's too often."""
        now = self._clock()
        if now - self._began_at >= 60:
            self._began_at, self._all = now, 0
            self._counts.clear()
        if self._all >= self._total or self._counts[address] >= self._per_address:
            raise LimitError("Too many sign-ins were begun; try again in a minute.", code="rate_limit_exceeded")
        self._all += 1
        self._counts[address] += 1
