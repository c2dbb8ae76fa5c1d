"""How much a principal may ask for: requests and tokens a minute, and what its ledger allows a day.

A ``Budget`` is a bucket that fills up evenly: whoever has been quiet for its whole window may use all of it at once.
What a response needs is only known when it's done, so tokens may overdraw their budget; then nothing is admitted until
it has filled up again. Budgets of any window live side by side under one ``Meter``: the first that is used up refuses.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from vasi.gateway.spending import Ledger
from vasi.protocol import server_events as ev

MINUTE_S = 60.0
USED_UP = "insufficient_quota"
"""Code of what is refused because of a limit by the day."""
KNOWN = 10_000
"""Principals whose use is remembered; beyond that those are forgotten that have nothing to make good."""


@dataclass(frozen=True, slots=True)
class RateSettings:
    """What each principal may use a minute."""

    requests: int
    tokens: int


class Budget:
    """So much of something in any ``window_s`` seconds."""

    def __init__(self, name: Literal["requests", "tokens"], limit: int, window_s: float, now: float) -> None:
        self.name: Literal["requests", "tokens"] = name
        self.limit = limit
        self._window_s = window_s
        self._left = float(limit)
        self._at = now

    def left(self, now: float) -> float:
        """What may be used; negative if it's overdrawn."""
        self._left = min(self.limit, self._left + (now - self._at) * self.limit / self._window_s)
        self._at = now
        return self._left

    def use(self, amount: int, now: float) -> None:
        self._left = self.left(now) - amount

    def wait_s(self, now: float) -> float:
        """Seconds until one more may be used."""
        return max(0.0, (1 - self.left(now)) * self._window_s / self.limit)

    def shown(self, now: float) -> ev.RateLimit:
        left = self.left(now)
        return ev.RateLimit(
            name=self.name,
            limit=self.limit,
            remaining=max(0, int(left)),
            reset_seconds=round((self.limit - left) * self._window_s / self.limit, 3),
        )


class Meter:
    """What one principal has used, in all its sessions."""

    def __init__(self, settings: RateSettings, clock: Callable[[], float]) -> None:
        self.ledger: Ledger | None = None
        """What is used a day; None if that isn't limited."""
        self._clock = clock
        now = clock()
        self._requests = Budget("requests", settings.requests, MINUTE_S, now)
        self._tokens = Budget("tokens", settings.tokens, MINUTE_S, now)

    def admit(self) -> ev.StatusError | None:
        """Count a request; why it's refused instead, if a budget is used up."""
        refusal = self.refusal()
        if refusal is not None:
            return ev.StatusError(type=USED_UP, code=USED_UP, message=refusal)
        now = self._clock()
        for budget in (self._requests, self._tokens):
            wait_s = budget.wait_s(now)
            if wait_s > 0:
                text = (
                    f"Rate limit reached: {budget.limit} {budget.name} per minute. "
                    f"Please try again in {max(0.1, wait_s):.1f} seconds."
                )
                return ev.StatusError(type="rate_limit_exceeded", code="rate_limit_exceeded", message=text)
        self._requests.use(1, now)
        return None

    def use_tokens(self, tokens: int) -> None:
        """A response is done that needed so many tokens."""
        self._tokens.use(tokens, self._clock())
        if self.ledger is not None:
            self.ledger.spend(tokens)

    def open_session(self) -> None:
        """A session begins."""
        if self.ledger is not None:
            self.ledger.open_session()

    def close_session(self) -> None:
        """A session that was opened ends."""
        if self.ledger is not None:
            self.ledger.close_session()

    def refusal(self) -> str | None:
        """Why nothing may be asked for any more today."""
        return None if self.ledger is None else self.ledger.refusal()

    def rate_limits(self) -> ev.RateLimitsUpdated:
        """What is left, as an event."""
        now = self._clock()
        return ev.RateLimitsUpdated(rate_limits=[self._requests.shown(now), self._tokens.shown(now)])

    @property
    def untouched(self) -> bool:
        """Nothing has been used in its window."""
        now = self._clock()
        return all(budget.left(now) >= budget.limit for budget in (self._requests, self._tokens))


class Limits:
    """The meters of a server's principals, by owner.

    Args:
        settings: what each may use.
        clock: monotonic seconds.
    """

    def __init__(self, settings: RateSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._meters: dict[str, Meter] = {}

    def meter(self, owner: str, ledger: Ledger | None = None) -> Meter:
        """The meter of ``owner``, the same for all its sessions; ``ledger`` is what it uses a day."""
        meter = self._meters.get(owner)
        if meter is None:
            if len(self._meters) >= KNOWN:
                self._meters = {name: kept for name, kept in self._meters.items() if not kept.untouched}
            meter = self._meters[owner] = Meter(self._settings, self._clock)
        meter.ledger = ledger
        return meter
