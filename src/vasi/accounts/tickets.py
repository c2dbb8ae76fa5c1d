"""Tickets: what an authorised client may put into an address, where it can't send a header.

An address is written down in logs and in the history of a browser, so no key may stand in it. A ticket is used up by
the first request that brings it, and expires soon.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable
from secrets import token_urlsafe

from vasi.accounts.principals import Principal
from vasi.errors import AuthError, LimitError

SECONDS = 30
"""How long a ticket is good."""
TICKETS = 1_000
"""Tickets that wait to be used."""


class Tickets:
    """Those of one server, in memory.

    Args:
        clock: seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tickets: dict[str, tuple[Principal, Hashable, float]] = {}

    def issue(self, principal: Principal, client: Hashable = None) -> str:
        """A ticket of ``principal``, as one of its clients. Raises ``LimitError`` when too many wait to be used."""
        now = self._clock()
        for ticket in [ticket for ticket, (*_, expires_at) in self._tickets.items() if expires_at <= now]:
            del self._tickets[ticket]
        if len(self._tickets) >= TICKETS:
            raise LimitError("Too many tickets wait to be used; try again later.", code="rate_limit_exceeded")
        ticket = token_urlsafe(32)
        self._tickets[ticket] = principal, client, now + SECONDS
        return ticket

    def redeem(self, ticket: str) -> tuple[Principal, Hashable]:
        """Whose ``ticket`` it is, and which client's; it's used up. Raises ``AuthError``."""
        principal, client, expires_at = self._tickets.pop(ticket, (Principal(), None, -math.inf))
        if expires_at <= self._clock():
            raise AuthError("The ticket is unknown, was used before or has expired; ask for a new one.")
        return principal, client
