"""What a user may use a day: tokens of responses, and minutes of sessions, silence included. Days are those of UTC.

The sums are kept in the store. Between two writes a ledger counts in memory; several servers over one store learn of
each other with every write.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from vasi.errors import StoreError
from vasi.storage.accounts import UserLimits
from vasi.storage.spending import SpendingStore, Spent

log = logging.getLogger(__name__)

WRITE_S = 10.0
"""How often the sums are written: what a crash forgets at most."""


@dataclass(frozen=True, slots=True)
class DayLimits:
    """What each user may use a day; None for as much as they like."""

    tokens: int | None
    minutes: int | None


class Ledger:
    """What one user has used.

    Args:
        limits: what they may use a day.
        today: the present day.
        clock: monotonic seconds.
    """

    def __init__(self, limits: DayLimits, today: Callable[[], date], clock: Callable[[], float]) -> None:
        self.limits = limits
        self._today = today
        self._clock = clock
        self._sums: tuple[date, Spent] = (today(), Spent())
        """A day, and what the store knows of it."""
        self._pending: defaultdict[date, Spent] = defaultdict(Spent)
        self._on_its_way = Spent()
        """Of today, and being written."""
        self._sessions = 0
        self._at = clock()

    def learn(self, day: date, total: Spent) -> None:
        """What the store knows of a day."""
        if day == self._today():
            self._sums = (day, total)
            self._on_its_way = Spent()

    def open_session(self) -> None:
        """A session begins."""
        self._tick()
        self._sessions += 1

    def close_session(self) -> None:
        """A session ends."""
        self._tick()
        self._sessions -= 1

    def spend(self, tokens: int) -> None:
        """A response needed so many tokens."""
        self._add(Spent(tokens))

    def refusal(self) -> str | None:
        """Why nothing more may be asked for today; None if something may."""
        self._tick()
        day, stored = self._sums
        today = self._today()
        total = _sum(self._pending[today], _sum(stored, self._on_its_way) if day == today else Spent())
        limits = self.limits
        if limits.tokens is not None and total.tokens >= limits.tokens:
            used = f"{limits.tokens} tokens"
        elif limits.minutes is not None and total.seconds >= limits.minutes * 60:
            used = f"{limits.minutes} minutes"
        else:
            return None
        return f"You have used the {used} that you may use a day. Come back after midnight UTC, or ask for more."

    def take(self) -> dict[date, Spent]:
        """What wasn't written yet; the caller writes it, or puts it back."""
        self._tick()
        taken = {day: more for day, more in self._pending.items() if more != Spent()}
        self._pending.clear()
        self._on_its_way = taken.get(self._today(), Spent())
        return taken

    def put_back(self, day: date, more: Spent) -> None:
        """It couldn't be written."""
        self._on_its_way = Spent()
        self._pending[day] = _sum(self._pending[day], more)

    def _tick(self) -> None:
        now = self._clock()
        seconds = (now - self._at) * self._sessions
        self._at = now
        if seconds:
            self._add(Spent(0, seconds))

    def _add(self, more: Spent) -> None:
        today = self._today()
        self._pending[today] = _sum(self._pending[today], more)


async def no_own_limits(_owner: str) -> UserLimits:
    """What holds where users have no limits of their own."""
    return UserLimits()


class Spending:
    """The ledgers of a server's users.

    Args:
        store: where the sums are kept.
        limits: what each user may use a day.
        of_user: limits of a user's own; an absent one is that of all.
        now: the present time, aware.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        store: SpendingStore,
        limits: DayLimits,
        of_user: Callable[[str], Awaitable[UserLimits]] = no_own_limits,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._limits = limits
        self._of_user = of_user
        self._now = now
        self._clock = clock
        self._ledgers: dict[str, Ledger] = {}

    async def ledger(self, owner: str) -> Ledger:
        """The ledger of ``owner``, the same for all its sessions, also where nothing is limited."""
        limits = await self._limits_of(owner)
        if owner not in self._ledgers:
            day = self._today()
            try:
                spent = await self._store.spent(owner, day)
            except StoreError as error:
                log.warning("What %s has used today isn't known: %s", owner, error)
                spent = Spent()
            if owner not in self._ledgers:
                self._ledgers[owner] = Ledger(limits, self._today, self._clock)
                self._ledgers[owner].learn(day, spent)
        self._ledgers[owner].limits = limits
        return self._ledgers[owner]

    def forget(self, owner: str) -> None:
        """Everything of the owner is removed: what they used isn't written down any more."""
        self._ledgers.pop(owner, None)

    async def renew_limits(self) -> None:
        """Users' own limits may have changed."""
        for owner, ledger in list(self._ledgers.items()):
            ledger.limits = await self._limits_of(owner)

    def limits_with(self, own: UserLimits) -> DayLimits:
        """What a user may use a day who has these limits of their own."""
        tokens, minutes = own.tokens_per_day, own.minutes_per_day
        return DayLimits(
            self._limits.tokens if tokens is None else tokens, self._limits.minutes if minutes is None else minutes
        )

    async def _limits_of(self, owner: str) -> DayLimits:
        try:
            return self.limits_with(await self._of_user(owner))
        except StoreError as error:
            log.warning("The limits of %s aren't known: %s", owner, error)
            return self._limits

    async def write(self) -> None:
        """Write what was used since the last time."""
        for owner, ledger in list(self._ledgers.items()):
            for day, more in ledger.take().items():
                try:
                    ledger.learn(day, await self._store.spend(owner, day, more))
                except StoreError as error:
                    ledger.put_back(day, more)
                    log.warning("What was used could not be written yet: %s", error)

    def _today(self) -> date:
        return self._now().astimezone(UTC).date()


def _sum(one: Spent, other: Spent) -> Spent:
    return Spent(one.tokens + other.tokens, one.seconds + other.seconds)
