"""Who a program is that brings an access token of a provider."""

from __future__ import annotations

import logging
from dataclasses import replace

from vasi.accounts.authenticators import Connection, address_of, key_of
from vasi.accounts.browser_sessions import principal_of
from vasi.accounts.oidc.allowed import require_allowed
from vasi.accounts.oidc.bearer import AccessToken, AccessTokens
from vasi.accounts.oidc.people import person_of
from vasi.accounts.principals import Principal
from vasi.accounts.remembered import Remembered, RememberedPrincipals
from vasi.accounts.sign_ins import SignIns
from vasi.errors import AuthError, SignInError
from vasi.storage.accounts import AccountStore

log = logging.getLogger(__name__)


class AccessTokenAuthenticator:
    """By access tokens; whoever brings none is refused.

    Somebody's first token makes their account if they may come in by what the token says. What later ones don't say of
    groups is as it was said when they signed in last; of addresses, which tokens seldom hold, nothing is asked then.

    Args:
        tokens: verifies them.
        store: knows the accounts.
        sign_ins: makes them.
        remembered: who showed a token lately.
    """

    required = True

    def __init__(
        self, tokens: AccessTokens, store: AccountStore, sign_ins: SignIns, remembered: RememberedPrincipals
    ) -> None:
        self._tokens = tokens
        self._remembered = remembered
        self._store = store
        self._sign_ins = sign_ins

    async def authenticate(self, connection: Connection) -> Principal:
        """Whose token it is. Raises ``AuthError``."""
        token = key_of(connection)
        if token is None:
            raise AuthError("Sign in first, or send a key as 'Authorization: Bearer KEY'.", code="not_signed_in")
        try:
            verified = await self._tokens.verify(token)
            if verified is None:
                raise AuthError("The key is unknown or has expired; make another one in the app, under Keys.")
            known = self._remembered.get(verified.digest)
            return known.principal if known is not None else await self._principal(verified, address_of(connection))
        except SignInError as error:
            log.info("An access token was refused (%s): %s.", error.failure, error.detail)
            raise

    async def _principal(self, token: AccessToken, address: str) -> Principal:
        generation = self._remembered.generation
        profile, settings = token.profile, token.provider.settings
        user = await self._store.user_by_identity(profile.issuer, profile.subject)
        if user is None:
            require_allowed(settings, profile)
            user = await self._sign_ins.account(profile.identity, person_of(settings, profile), address)
        elif not settings.allow_domains:
            known = profile if profile.groups is not None else replace(profile, groups=user.groups)
            require_allowed(settings, known, invited=user.invited)
        principal = replace(principal_of(user), scopes=token.scopes, expires_at=token.expires_at)
        self._remembered.put(token.digest, Remembered(principal, token.expires_at, 0), generation)
        return principal
