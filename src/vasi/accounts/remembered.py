"""Who showed a secret lately, so that not every request asks the store."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from vasi.accounts.principals import Principal

MOST = 10_000
"""Secrets that are remembered."""
FRESH_S = 4.0
"""How long what is remembered is believed after the last look whether somebody lost access."""


@dataclass(slots=True)
class Remembered:
    """Who a secret stands for.

    Attributes:
        principal: who.
        expires_at: when the secret itself ends (unix seconds); None for never.
        used_at: when it was used last (unix seconds).
    """

    principal: Principal
    expires_at: float | None
    used_at: float


class RememberedPrincipals:
    """Those of one process, by the digests of their secrets.

    Nothing is believed longer than ``FRESH_S`` after the last look at the store's ``access_revision``; without looks,
    nothing is remembered.

    Args:
        most: how many are remembered.
        clock: monotonic seconds.
    """

    def __init__(self, most: int = MOST, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._entries: dict[bytes, Remembered] = {}
        self._fresh_until = 0.0
        self.generation = 0
        """Grows whenever something may have changed: what was read before isn't to be remembered then."""

    def confirm(self, *, changed: bool) -> None:
        """The store was looked at; ``changed`` if somebody lost access since the look before."""
        if changed:
            self._entries.clear()
            self.generation += 1
        self._fresh_until = self._clock() + FRESH_S

    def get(self, digest: bytes) -> Remembered | None:
        """Who ``digest`` stands for; None if that isn't remembered."""
        if self._clock() >= self._fresh_until:
            self._entries.clear()
            return None
        return self._entries.get(digest)

    def put(self, digest: bytes, entry: Remembered, generation: int) -> None:
        """Remember it, if looks are made and nothing changed since ``generation``, when it was read."""
        if self._clock() >= self._fresh_until or generation != self.generation:
            return
        self._entries.pop(digest, None)
        while len(self._entries) >= self._most:
            del self._entries[next(iter(self._entries))]
        self._entries[digest] = entry

    def drop(self, digest: bytes) -> None:
        """Forget it."""
        self._entries.pop(digest, None)

    def __len__(self) -> int:
        return len(self._entries)
