"""Keys: the server's own, and the short-lived ones that it makes for browsers and apps.

Only digests are kept, and a key is found by its digest, so that neither a dump of the memory nor the time that a
look-up takes tells a key.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from secrets import token_urlsafe

from vasi.accounts.principals import Principal
from vasi.errors import AuthError, LimitError

PREFIX = "ek_"
"""What ephemeral keys begin with; browser SDKs take no other."""
KEYS = 10_000
"""Ephemeral keys alive at a time."""
BYTES = 64 * 1024 * 1024
"""Configuration that they may carry together."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What an ephemeral key stands for.

    Attributes:
        principal: who made it, and whose rows its holder reaches.
        config: the session it opens, as JSON.
        expires_at: unix seconds; sessions that began earlier go on.
    """

    principal: Principal
    config: bytes
    expires_at: int


class EphemeralKeys:
    """Short-lived keys, in memory: a restart ends them all. Each may open many sessions.

    Args:
        clock: unix seconds.
        token: random text that fits into an HTTP header and a WebSocket subprotocol.
        most: keys alive at a time.
        most_bytes: configuration that they may carry together.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        token: Callable[[], str] = token_urlsafe,
        most: int = KEYS,
        most_bytes: int = BYTES,
    ) -> None:
        self._clock = clock
        self._token = token
        self._most = most
        self._most_bytes = most_bytes
        self._bytes = 0
        self._grants: dict[bytes, Grant] = {}

    def mint(self, principal: Principal, config: bytes, seconds: int) -> tuple[str, int]:
        """A new key and when it expires (unix seconds). Raises ``LimitError`` when too many are alive."""
        self._forget_expired()
        if len(self._grants) >= self._most or self._bytes + len(config) > self._most_bytes:
            text = "Too many ephemeral keys are alive; try again when some have expired."
            raise LimitError(text, code="rate_limit_exceeded")
        value = PREFIX + self._token()
        expires_at = int(self._clock()) + seconds
        if principal.expires_at is not None:
            expires_at = min(expires_at, int(principal.expires_at))
        self._grants[_digest(value)] = Grant(principal, config, expires_at)
        self._bytes += len(config)
        return value, expires_at

    def grant(self, value: str) -> Grant:
        """What ``value`` stands for. Raises ``AuthError`` if it is unknown or has expired."""
        grant = self._grants.get(_digest(value))
        if grant is None or grant.expires_at <= self._clock():
            raise AuthError("The ephemeral key is unknown or has expired; ask for a new one.")
        return grant

    def _forget_expired(self) -> None:
        now = self._clock()
        for digest in [digest for digest, grant in self._grants.items() if grant.expires_at <= now]:
            self._bytes -= len(self._grants.pop(digest).config)


class StaticKeys:
    """The keys that a server was set up with. Without any, whoever reaches the server may use it."""

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self._digests = frozenset(_digest(key) for key in keys)

    @property
    def wanted(self) -> bool:
        """Nobody may use the server without one of them."""
        return bool(self._digests)

    def __contains__(self, key: str) -> bool:
        return _digest(key) in self._digests


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
