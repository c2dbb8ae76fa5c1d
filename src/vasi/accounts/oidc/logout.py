"""Back-channel logout: a provider tells that somebody has signed out there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from vasi.accounts.oidc.provider import Provider
from vasi.errors import SignInError
from vasi.storage.accounts import SecretStore

_KIND = "logout"
_OLDEST = timedelta(hours=1)
"""How old a logout token may be: longer those that were used needn't be remembered."""


@dataclass(frozen=True, slots=True)
class Logout:
    """What ended at a provider.

    Attributes:
        issuer: of the provider.
        sid: what it calls the session that ended; None for all of the subject's.
        subject: who signed out; None where ``sid`` says it.
    """

    issuer: str
    sid: str | None
    subject: str | None


class LogoutTokens:
    """The logout tokens that a server gets, on any of its processes.

    Args:
        store: remembers those that were used.
        clock: aware UTC.
    """

    def __init__(self, store: SecretStore, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store = store
        self._clock = clock

    async def read(self, provider: Provider, token: str) -> Logout:
        """What ``token`` says, once.

        Raises:
            SignInError: it isn't the provider's, is old, or was used before.
        """
        claims = await provider.tokens.logout_token(token)
        now = self._clock()
        if claims["iat"] < (now - _OLDEST).timestamp():
            raise SignInError("expired", "the logout token is old")
        digest = hashlib.sha256(f"{claims['iss']}\n{claims['jti']}".encode("utf-8", "surrogatepass")).digest()
        if not await self._store.add_token(_KIND, digest, b"", now + 2 * _OLDEST):
            raise SignInError("mismatch", "the logout token was used before (jti)")
        sid = claims.get("sid")
        if isinstance(sid, str) and sid:  # with a subject as well it's one session that ended, not all of the user's
            return Logout(claims["iss"], sid, None)
        return Logout(claims["iss"], None, claims.get("sub"))
