"""Resumption tickets: with one, a client whose connection is lost finds its session again.

A ticket is good for one return and for one owner. Only its digest is kept. It's good as long as the session has a
client, since a client may notice that the connection is dead long before the server does, and for the grace time after
the connection was lost.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Generic, TypeVar

MAX_WAITING = 100
"""Sessions without a client at a time; beyond that a session ends with its connection."""
MAX_WAITING_OF_OWNER = 20
"""Of these, the sessions of one owner."""

SessionT = TypeVar("SessionT", bound=Hashable)


@dataclass(slots=True)
class _Entry:
    """``until`` tells when a session that waits ends (seconds of the clock); None while its client is connected."""

    owner: str
    credential: Hashable
    digest: bytes | None = None
    until: float | None = None


class ResumptionTickets(Generic[SessionT]):
    """The sessions that can be resumed; a ``SessionT`` stands for one.

    Args:
        grace_s: how long a session waits for its client; 0 for not at all.
        clock: monotonic seconds.
        token: 256 random bits as text that fits into a header and a URL.
        max_waiting: sessions that may wait at a time.
        max_waiting_of_owner: of these, sessions of one owner.
    """

    def __init__(
        self,
        grace_s: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        token: Callable[[], str] = token_urlsafe,
        max_waiting: int = MAX_WAITING,
        max_waiting_of_owner: int = MAX_WAITING_OF_OWNER,
    ) -> None:
        self.grace_s = grace_s
        self._clock = clock
        self._token = token
        self._max_waiting = max_waiting
        self._max_waiting_of_owner = max_waiting_of_owner
        self._entries: dict[SessionT, _Entry] = {}
        self._sessions: dict[bytes, SessionT] = {}

    def issue(self, owner: str, session: SessionT, credential: Hashable = None) -> str:
        """A ticket of ``owner`` for ``session``, which ``credential`` opened; the one before is void."""
        entry = self._entries.setdefault(session, _Entry(owner, credential))
        self._void(entry)
        ticket = self._token()
        entry.digest = _digest(ticket)
        self._sessions[entry.digest] = session
        return ticket

    def redeem(self, ticket: str, owner: str, credential: Hashable = None) -> SessionT | None:
        """The session of ``ticket``, which is spent now; None if it's unknown, too late, or not that of the owner and
        of what it was opened by: it ends with that, so nothing else may go on with it.
        """
        session = self._sessions.get(_digest(ticket))
        if session is None:
            return None
        entry = self._entries[session]
        if (entry.owner, entry.credential) != (owner, credential) or (
            entry.until is not None and entry.until <= self._clock()
        ):
            return None
        self._void(entry)
        return session

    def disconnected(self, session: SessionT) -> bool:
        """The connection of ``session`` is lost. False if the session can't wait for another."""
        entry = self._entries.get(session)
        waiting = [other.owner for other in self._entries.values() if other.until is not None]
        full = len(waiting) >= self._max_waiting
        if entry is None or self.grace_s <= 0 or full or waiting.count(entry.owner) >= self._max_waiting_of_owner:
            self.forget(session)
            return False
        entry.until = self._clock() + self.grace_s
        return True

    def reconnected(self, session: SessionT) -> None:
        """The client of ``session`` is connected again."""
        entry = self._entries.get(session)
        if entry is not None:
            entry.until = None

    def forget(self, session: SessionT) -> None:
        """The session is over; harmless when repeated."""
        entry = self._entries.pop(session, None)
        if entry is not None:
            self._void(entry)

    @property
    def waiting(self) -> list[SessionT]:
        """The sessions that have no client."""
        return [session for session, entry in self._entries.items() if entry.until is not None]

    def _void(self, entry: _Entry) -> None:
        if entry.digest is not None:
            del self._sessions[entry.digest]
            entry.digest = None


def _digest(ticket: str) -> bytes:
    return hashlib.sha256(ticket.encode("utf-8", "surrogatepass")).digest()
