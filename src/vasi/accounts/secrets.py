"""Secrets: what lets somebody in. Only digests are kept, and a secret is found by its digest, so that neither a dump of
the memory or the store nor the time that a look-up takes tells one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from secrets import token_urlsafe


def new_secret(prefix: str = "") -> str:
    """256 random bits as text that fits into a header, a cookie, a WebSocket subprotocol and an address."""
    return prefix + token_urlsafe(32)


def new_id(prefix: str) -> str:
    """An id that names something and opens nothing."""
    return f"{prefix}_{token_urlsafe(12).replace('-', 'x').replace('_', 'y')}"


def digest_of(secret: str) -> bytes:
    """The SHA-256 of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


class StaticKeys:
    """The keys that a server was set up with. Without any, whoever reaches the server may use it."""

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self._digests = frozenset(digest_of(key) for key in keys)

    @property
    def wanted(self) -> bool:
        """Nobody may use the server without one of them."""
        return bool(self._digests)

    def __contains__(self, key: str) -> bool:
        return digest_of(key) in self._digests

    def has_digest(self, digest: bytes) -> bool:
        """Whether one of them has this digest."""
        return digest in self._digests
