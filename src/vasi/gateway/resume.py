"""Who may come back: tokens by which a client whose connection dropped finds its session again.

A token is good for one return and for one owner. Only its digest is kept. It's good as long as the session has a
client, since a client may notice that the connection is dead long before the server does, and for the grace time after
the connection dropped.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Generic, TypeVar

WAITING = 100
"""Sessions without a client at a time; beyond that a session ends with its connection."""
WAITING_EACH = 20
"""Of these, the sessions of one owner."""

Seat = TypeVar("Seat", bound=Hashable)


@dataclass(slots=True)
class _Place:
    """``until`` tells when a session that waits ends (seconds of the clock); None while its client is there."""

    owner: str
    digest: bytes | None = None
    until: float | None = None


class Resumptions(Generic[Seat]):
    """The sessions that may be resumed; a ``Seat`` stands for one.

    Args:
        grace_s: how long a session waits for its client; 0 for not at all.
        clock: seconds that never go back.
        token: 256 random bits as text that fits into a header and a URL.
        most: sessions that may wait at a time.
        most_each: of these, sessions of one owner.
    """

    def __init__(
        self,
        grace_s: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        token: Callable[[], str] = token_urlsafe,
        most: int = WAITING,
        most_each: int = WAITING_EACH,
    ) -> None:
        self.grace_s = grace_s
        self._clock = clock
        self._token = token
        self._most = most
        self._most_each = most_each
        self._places: dict[Seat, _Place] = {}
        self._seats: dict[bytes, Seat] = {}

    def issue(self, owner: str, seat: Seat) -> str:
        """The token of ``owner`` for ``seat``; the one before is void."""
        place = self._places.setdefault(seat, _Place(owner))
        self._void(place)
        token = self._token()
        place.digest = _digest(token)
        self._seats[place.digest] = seat
        return token

    def claim(self, token: str, owner: str) -> Seat | None:
        """The seat that ``token`` stands for, which is spent now; None if it's unknown, too late or not the owner's."""
        seat = self._seats.get(_digest(token))
        if seat is None:
            return None
        place = self._places[seat]
        if place.owner != owner or (place.until is not None and place.until <= self._clock()):
            return None
        self._void(place)
        return seat

    def left(self, seat: Seat) -> bool:
        """The connection of ``seat`` dropped. False if its session can't wait for another."""
        place = self._places.get(seat)
        waiting = [one.owner for one in self._places.values() if one.until is not None]
        full = len(waiting) >= self._most
        if place is None or self.grace_s <= 0 or full or waiting.count(place.owner) >= self._most_each:
            self.forget(seat)
            return False
        place.until = self._clock() + self.grace_s
        return True

    def returned(self, seat: Seat) -> None:
        """The client of ``seat`` is there again."""
        place = self._places.get(seat)
        if place is not None:
            place.until = None

    def forget(self, seat: Seat) -> None:
        """The session is over; harmless when repeated."""
        place = self._places.pop(seat, None)
        if place is not None:
            self._void(place)

    @property
    def waiting(self) -> list[Seat]:
        """The seats that have no client."""
        return [seat for seat, place in self._places.items() if place.until is not None]

    def _void(self, place: _Place) -> None:
        if place.digest is not None:
            del self._seats[place.digest]
            place.digest = None


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
