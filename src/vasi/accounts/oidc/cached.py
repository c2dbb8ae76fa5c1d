"""What a provider says of itself, kept for a while."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from vasi.errors import SignInError

log = logging.getLogger(__name__)

RETRY_S = 10.0
"""How long a provider that failed is left alone."""
RENEW_S = 30.0
"""How often it may be asked before its answer is old."""

Value = TypeVar("Value")


class Cached(Generic[Value]):
    """A value that is fetched when it's wanted, and again when it is old. Many who want it at once cost one request.

    Args:
        fetch: fetches it. Raises ``SignInError``.
        fresh_s: how long it is taken as it is.
        stale_s: how long it serves when no newer one can be fetched.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        fetch: Callable[[], Awaitable[Value]],
        *,
        fresh_s: float,
        stale_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._fresh_s = fresh_s
        self._stale_s = stale_s
        self._clock = clock
        self._lock = asyncio.Lock()
        self._kept: tuple[Value, float] | None = None
        self._asked_at: float | None = None
        self._failure: SignInError | None = None

    async def get(self) -> Value:
        """The value. Raises ``SignInError``."""
        return await self._younger_than(self._fresh_s)

    async def renewed(self) -> Value:
        """The value, newly fetched unless that was done a moment ago. Raises ``SignInError``."""
        return await self._younger_than(RENEW_S)

    async def _younger_than(self, seconds: float) -> Value:
        if self._kept is not None and self._clock() - self._kept[1] < seconds:
            return self._kept[0]
        before = self._kept
        async with self._lock:
            if self._kept is not None and self._kept is not before:
                return self._kept[0]
            try:
                return await self._fetched()
            except SignInError as error:
                if self._kept is None or self._clock() - self._kept[1] >= self._stale_s:
                    raise
                log.warning("What an OpenID provider says of itself can't be renewed: %s.", error.detail)
                return self._kept[0]

    async def _fetched(self) -> Value:
        now = self._clock()
        if self._failure is not None and self._asked_at is not None and now - self._asked_at < RETRY_S:
            raise self._failure
        self._asked_at, self._failure = now, None
        try:
            value = await self._fetch()
        except SignInError as error:
            self._failure = SignInError(error.failure, error.detail)
            raise
        self._kept = value, self._clock()
        return value
