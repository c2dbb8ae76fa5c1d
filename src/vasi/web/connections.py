"""The connections of a server: how many there may be, and how long each may say nothing."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass
from typing import Protocol

from vasi.web.paced_transport import Turns

CHECK_S = 1.0
"""How often to look for connections whose time is over."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """What clients may hold open.

    Attributes:
        total: connections of all clients together.
        per_address: those of one network address.
        head_s: seconds until the whole head of a request must have come.
        body_s: seconds between two pieces of a request's body.
        unread_s: seconds that what was sent may wait for a client that reads none of it.
    """

    total: int
    per_address: int
    head_s: float = 15.0
    body_s: float = 30.0
    unread_s: float = 60.0


class Connection(Protocol):
    """One of them.

    Attributes:
        address: the client's.
    """

    address: str

    def expires_at(self) -> float:
        """When it's to end if nothing changes (seconds of the loop's clock)."""
        ...

    def expire(self) -> None:
        """End it: it has said nothing for too long, or makes room for another."""
        ...


class Connections:
    """Counts them, makes room, and ends those that say nothing.

    Where there are too many, the one that has waited longest for a request ends in favour of a new one: whoever
    only holds connections open keeps nobody out.

    Args:
        limits: what clients may hold open.
    """

    def __init__(self, limits: ConnectionLimits) -> None:
        self.limits = limits
        self.turns = Turns()
        self._open: set[Connection] = set()
        self._by_address: Counter[str] = Counter()
        self._idle: dict[Connection, None] = {}
        """Those without a request at present, the longest idle first."""
        self._timer: asyncio.TimerHandle | None = None

    def admit(self, connection: Connection) -> bool:
        """Count a new connection, which is idle; False if there is no room for it."""
        address = connection.address
        if self._by_address[address] >= self.limits.per_address:
            if not self._make_room(address):
                return False
        elif len(self._open) >= self.limits.total and not self._make_room(None):
            return False
        self._open.add(connection)
        self._by_address[address] += 1
        self._idle[connection] = None
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(CHECK_S, self._check)
        return True

    def leave(self, connection: Connection) -> None:
        """``connection`` has ended, or was never admitted."""
        if connection in self._open:
            self._open.remove(connection)
            self._idle.pop(connection, None)
            self._by_address[connection.address] -= 1
            if not self._by_address[connection.address]:
                del self._by_address[connection.address]

    def busy(self, connection: Connection) -> None:
        """It has a request now."""
        self._idle.pop(connection, None)

    def idle(self, connection: Connection) -> None:
        """It waits for a request."""
        if connection in self._open:
            self._idle[connection] = None

    def replace(self, connection: Connection, by: Connection) -> None:
        """``by`` goes on with the socket of ``connection``; both have the same address."""
        if connection in self._open:
            self._open.remove(connection)
            self._idle.pop(connection, None)
            self._open.add(by)

    def _make_room(self, address: str | None) -> bool:
        for connection in self._idle:
            if address is None or connection.address == address:
                connection.expire()
                self.leave(connection)  # and not when its transport says so: the new one needs the room now
                return True
        return False

    def _check(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        for connection in [one for one in self._open if one.expires_at() <= now]:
            connection.expire()
        self._timer = loop.call_later(CHECK_S, self._check) if self._open else None
