"""Short-lived keys that a server makes for browsers and apps, each for one configuration of a session."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol

import msgspec

from vasi.accounts.browser_sessions import principal_of
from vasi.accounts.principals import LOCAL, REALTIME, Principal
from vasi.accounts.secrets import digest_of, new_secret
from vasi.errors import AuthError
from vasi.storage.accounts import EphemeralSecret, User

PREFIX = "ek_"
"""What ephemeral keys begin with; browser SDKs take no other."""
_LONGEST = 200


class EphemeralStore(Protocol):
    """The part of an ``AccountStore`` that keeps them."""

    async def add_secret(self, digest: bytes, secret: EphemeralSecret, *, at: datetime) -> None:
        """A key was made. Raises ``LimitError``."""
        ...

    async def secret_by_digest(self, digest: bytes) -> tuple[EphemeralSecret, User | None] | None:
        """What a key stands for, and its user."""
        ...

    async def is_valid(self, user_id: str, session_id: str, key_id: str, at: datetime) -> tuple[bool, User | None]:
        """Whether what it was made by is still good."""
        ...


class EphemeralKeys:
    """Those of a server, the same in all its processes. Each may open many sessions.

    Args:
        store: keeps them.
        clock: unix seconds.
        token: makes a key.
    """

    def __init__(
        self,
        store: EphemeralStore,
        *,
        clock: Callable[[], float] = time.time,
        token: Callable[[], str] = lambda: new_secret(PREFIX),
    ) -> None:
        self._store = store
        self._clock = clock
        self._token = token

    async def mint(self, principal: Principal, config: bytes, seconds: int) -> tuple[str, int]:
        """A new key and when it expires (unix seconds). Raises ``LimitError`` when too many are alive."""
        value, now = self._token(), self._clock()
        expires_at = int(now) + seconds
        sign_in_expires_at = principal.expires_at
        if sign_in_expires_at is not None:
            expires_at = min(expires_at, int(sign_in_expires_at))
        secret = EphemeralSecret(
            principal.owner,
            principal.session,
            principal.key,
            config,
            datetime.fromtimestamp(expires_at, UTC),
            None if sign_in_expires_at is None else datetime.fromtimestamp(sign_in_expires_at, UTC),
        )
        await self._store.add_secret(digest_of(value), secret, at=datetime.fromtimestamp(now, UTC))
        return value, expires_at

    async def principal(self, value: str) -> Principal:
        """Who made the key, to open sessions with its configuration and for nothing else.

        Raises:
            AuthError: it's unknown, has expired, or what it was made by has ended.
        """
        found = await self._store.secret_by_digest(digest_of(value[:_LONGEST]))
        now = self._clock()
        if found is None or found[0].expires_at.timestamp() <= now:
            raise AuthError("The ephemeral key is unknown or has expired; ask for a new one.")
        secret, user = found
        valid, _ = await self._store.is_valid(
            secret.owner, secret.session, secret.key, datetime.fromtimestamp(now, UTC)
        )
        if not valid:
            raise AuthError("The ephemeral key has ended with the sign-in that made it; ask for a new one.")
        until = secret.sign_in_expires_at
        return replace(
            _maker(secret.owner, user),
            scopes=frozenset({REALTIME}),
            expires_at=None if until is None else until.timestamp(),
            config=msgspec.json.decode(secret.config, type=dict[str, Any]),
            session=secret.session,
            key=secret.key,
            ephemeral=True,
        )


def _maker(owner: str, user: User | None) -> Principal:
    if user is not None:
        return principal_of(user)
    # Whoever another Authenticator vouches for has no account here.
    return LOCAL if owner == LOCAL.owner else Principal(owner)
