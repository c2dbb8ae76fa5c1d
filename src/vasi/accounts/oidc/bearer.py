"""Access tokens of the providers: what programs bring that act for somebody."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, cast

from vasi.accounts.oidc.profile import Profile, read_profile
from vasi.accounts.oidc.provider import Provider
from vasi.accounts.oidc.tokens import Claims, peek
from vasi.errors import SignInError
from vasi.storage.accounts import SCOPES

REMEMBERED = 1_000
"""Verified tokens that are remembered, so that one is verified once and not with each request."""
REMEMBERED_S = 60.0
"""How long, so that keys that were withdrawn and clocks that were set count soon."""


class AccessToken:
    """A verified access token.

    Attributes:
        digest: of the token; it stands for it.
        provider: which gave it out.
        profile: for whom.
        scopes: what it allows here.
        expires_at: unix seconds.
    """

    __slots__ = ("digest", "expires_at", "profile", "provider", "scopes")

    def __init__(self, digest: bytes, provider: Provider, claims: Claims, audiences: Sequence[str]) -> None:
        self.digest = digest
        self.provider = provider
        # Access tokens may well say nothing of groups, wherever those who sign in are told to be in none then.
        self.profile: Profile = read_profile(replace(provider.settings, manages_groups=False), claims)
        self.scopes = scopes_of(claims, audiences)
        self.expires_at = float(claims["exp"])


class AccessTokens:
    """Verifies access tokens of all providers that have an audience.

    Args:
        providers: of the server.
        clock: unix seconds.
        monotonic: monotonic seconds.
    """

    def __init__(
        self,
        providers: Iterable[Provider],
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._providers = [provider for provider in providers if provider.settings.audiences]
        self._clock = clock
        self._monotonic = monotonic
        self._verified: OrderedDict[bytes, tuple[AccessToken, float]] = OrderedDict()

    async def verify(self, token: str) -> AccessToken | None:
        """What ``token`` says; None if it's no token of any of these providers.

        Raises:
            SignInError: it is, but it isn't valid here, or its provider can't be asked.
        """
        provider = self._provider_of(token)
        if provider is None:
            return None
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        if (known := self._remembered(digest)) is not None:
            return known
        audiences = provider.settings.audiences
        verified = AccessToken(digest, provider, await provider.tokens.access_token(token, audiences), audiences)
        if not verified.scopes:
            raise SignInError("not_allowed", "the access token has no scope of this server")
        self._verified[digest] = verified, self._monotonic() + REMEMBERED_S
        while len(self._verified) > REMEMBERED:
            self._verified.popitem(last=False)
        return verified

    def _remembered(self, digest: bytes) -> AccessToken | None:
        verified, until = self._verified.get(digest, (None, 0.0))
        if verified is None or until <= self._monotonic() or verified.expires_at <= self._clock():
            self._verified.pop(digest, None)
            return None
        return verified

    def _provider_of(self, token: str) -> Provider | None:
        if not self._providers or (claims := peek(token)) is None:
            return None
        issuer: object = claims.get("iss")
        if not isinstance(issuer, str):
            return None
        named = [provider for provider in self._providers if provider.may_issue(issuer)]
        # One issuer may serve several entries, of different audiences.
        fitting = [provider for provider in named if set(provider.settings.audiences) & set(_texts(claims.get("aud")))]
        return next(iter(fitting or named), None)


def scopes_of(claims: Claims, audiences: Sequence[str]) -> frozenset[str]:
    """What a token allows: each of ``SCOPES`` that it names, as ``read``, ``vasi.read``, ``vasi:read`` or with the
    audience before it (``https://vasi.example.com/read``).
    """
    named = [word for claim in ("scope", "scp") for text in _texts(claims.get(claim)) for word in text.split()]
    before = ("", "vasi.", "vasi:", *(f"{audience.rstrip('/')}/" for audience in audiences))
    return frozenset(scope for scope in SCOPES if any(f"{start}{scope}" in named for start in before))


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [entry for entry in cast("list[object]", value) if isinstance(entry, str)] if isinstance(value, list) else []
