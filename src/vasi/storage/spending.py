"""What an owner used on a day, so that a restart doesn't forget it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens of responses, and seconds of sessions."""

    tokens: int = 0
    seconds: float = 0.0


class SpendingStore(Protocol):
    """The sums of each owner and day."""

    async def spend(self, owner: str, day: date, more: Spent) -> Spent:
        """Add ``more``, whoever else adds at the same time; returns the day's sum."""
        ...

    async def spent(self, owner: str, day: date) -> Spent:
        """The day's sum; zero if nothing is known."""
        ...
