"""One OpenID provider: where to send browsers, and who comes back."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlencode

import msgspec

from vasi.accounts.oidc.authorization import Tokens, authorization_url, redeem_code, redeem_refresh_token
from vasi.accounts.oidc.discovery import discovery
from vasi.accounts.oidc.fetching import ProviderTransport, fetch_json
from vasi.accounts.oidc.issuers import issuer_rule, may_issue, require_sender
from vasi.accounts.oidc.keys import SigningKeys
from vasi.accounts.oidc.profile import Profile, read_profile
from vasi.accounts.oidc.settings import ProviderSettings
from vasi.accounts.oidc.tokens import Claims, TokenVerifier
from vasi.errors import SignInError

log = logging.getLogger(__name__)

OFFLINE = "offline_access"
"""The scope that asks for a refresh token."""
_LONGEST_HINT = 6_000
"""Characters of an ID token that is sent along in an address; longer ones many servers refuse."""


class Proof(msgspec.Struct, frozen=True):
    """What makes an answer of the provider that of one sign-in.

    Attributes:
        nonce: stands in its ID token.
        code_verifier: redeems its code.
        redirect_uri: where it was to go.
    """

    nonce: str
    code_verifier: str
    redirect_uri: str

    def __repr__(self) -> str:
        """Without its secrets: it ends up in logs."""
        return f"Proof(redirect_uri={self.redirect_uri!r})"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser brings back from the provider, as it stands in the address; "" for what doesn't."""

    code: str = field(default="", repr=False)
    issuer: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who signed in at the provider.

    Attributes:
        profile: who it is.
        sid: what the provider calls its own session; "" if it doesn't say.
        tokens: what it gave out.
    """

    profile: Profile
    sid: str
    tokens: Tokens


class Provider:
    """One provider.

    Args:
        settings: of it.
        transport: carries requests to it.
        clock: unix seconds.
        monotonic: monotonic seconds.
    """

    def __init__(
        self,
        settings: ProviderSettings,
        transport: ProviderTransport,
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings
        self._transport = transport
        self._rule = issuer_rule(settings)
        self._discovery = discovery(self._rule, transport, clock=monotonic)
        self._keys = SigningKeys(self._discovery, transport, clock=monotonic)
        self.tokens = TokenVerifier(self._rule, self._discovery, self._keys, settings.client_id, clock=clock)

    def may_issue(self, issuer: str) -> bool:
        """Whether a token that names this issuer may be one of the provider."""
        return may_issue(self._rule, issuer)

    async def prepare(self) -> None:
        """Ask the provider who it is and what it signs with. Raises ``SignInError``."""
        await self._discovery.get()
        await self._keys.prepare()

    async def begin(self, state: str, redirect_uri: str) -> tuple[str, Proof]:
        """Where to send a browser that signs in, and what to keep until it comes back. Raises ``SignInError``."""
        metadata = await self._discovery.get()
        proof = Proof(token_urlsafe(32), token_urlsafe(48), redirect_uri)
        address = authorization_url(
            self.settings,
            metadata,
            scopes=self._scopes(),
            redirect_uri=redirect_uri,
            state=state,
            nonce=proof.nonce,
            code_verifier=proof.code_verifier,
            more=self._more(),
        )
        return address, proof

    async def complete(self, answer: Answer, proof: Proof) -> SignedIn:
        """Who came back. Raises ``SignInError``."""
        metadata = await self._discovery.get()
        if answer.issuer:
            require_sender(self._rule, metadata.issuer, answer.issuer)
        elif metadata.authorization_response_iss_parameter_supported:
            raise SignInError("mismatch", "the answer doesn't say which provider it comes from")
        if answer.error:
            denied = answer.error in ("access_denied", "login_required", "consent_required", "interaction_required")
            raise SignInError("denied" if denied else "provider_error", f"it answered {answer.error[:100]!r}")
        if not answer.code:
            raise SignInError("mismatch", "the answer brings no code")
        tokens = await redeem_code(
            self.settings,
            metadata,
            self._transport,
            code=answer.code,
            redirect_uri=proof.redirect_uri,
            code_verifier=proof.code_verifier,
        )
        if tokens.id_token is None:
            raise SignInError("provider_error", "it gave out no ID token; is the scope 'openid' asked for?")
        claims = await self.tokens.id_token(tokens.id_token, nonce=proof.nonce, access_token=tokens.access_token)
        return await self._signed_in(claims, tokens)

    async def refresh(self, refresh_token: str, whose: tuple[str, str]) -> SignedIn | Tokens:
        """Newer tokens, and who it still is where the provider says so.

        Args:
            refresh_token: of an earlier sign-in.
            whose: its issuer and subject, which can't have become others.

        Raises:
            GrantEndedError: the sign-in has ended at the provider.
            SignInError: it can't be asked, or answers wrongly.
        """
        metadata = await self._discovery.get()
        tokens = await redeem_refresh_token(self.settings, metadata, self._transport, refresh_token)
        if tokens.refresh_token is None:
            tokens = msgspec.structs.replace(tokens, refresh_token=refresh_token)
        if tokens.id_token is None:
            return tokens
        claims = await self.tokens.id_token(tokens.id_token, nonce=None, access_token=tokens.access_token)
        if (claims["iss"], claims["sub"]) != whose:
            raise SignInError("mismatch", "the refreshed ID token is somebody else's")
        return await self._signed_in(claims, tokens)

    async def sign_out_url(self, id_token: str, return_to: str) -> str | None:
        """Where a browser is sent to sign out at the provider too; None if that isn't offered or can't be found out."""
        try:
            endpoint = (await self._discovery.get()).end_session_endpoint
        except SignInError as error:
            log.warning("Nobody can be signed out at %r now: %s.", self.settings.label, error.detail)
            return None
        if endpoint is None:
            return None
        query = {"client_id": self.settings.client_id, "post_logout_redirect_uri": return_to}
        if id_token and len(id_token) <= _LONGEST_HINT:
            query["id_token_hint"] = id_token
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"

    async def _signed_in(self, claims: Claims, tokens: Tokens) -> SignedIn:
        profile = read_profile(self.settings, claims)
        if self._wants_more(profile):
            more = await self._userinfo(tokens.access_token, profile.subject)
            if profile.email and more.get("email") != profile.email:
                more.pop("email_verified", None)  # it's said of another address
            claims = {**more, **claims}
            profile = read_profile(self.settings, claims)
        sid = claims.get("sid")
        return SignedIn(profile, sid if isinstance(sid, str) else "", tokens)

    def _wants_more(self, profile: Profile) -> bool:
        settings = self.settings
        named = bool(profile.name and profile.email)
        verified = profile.email_verified or not settings.allow_domains
        return not (named and verified and (profile.groups or not settings.allow_groups))

    async def _userinfo(self, access_token: str, subject: str) -> dict[str, Any]:
        """More claims, if there are any; without them people are judged by what their ID token says."""
        endpoint = (await self._discovery.get()).userinfo_endpoint
        if endpoint is None:
            return {}
        try:
            claims = await fetch_json(self._transport, endpoint, dict[str, Any], bearer=access_token)
        except SignInError as error:
            log.warning("The userinfo of %r can't be read: %s.", self.settings.label, error.detail)
            return {}
        if claims.get("sub") != subject:
            raise SignInError("mismatch", "the userinfo is somebody else's")
        return claims

    def _scopes(self) -> tuple[str, ...]:
        if self.settings.kind != "google":
            return self.settings.scopes
        # Google knows no such scope, and gives refresh tokens out by a parameter of its own.
        return tuple(scope for scope in self.settings.scopes if scope != OFFLINE)

    def _more(self) -> dict[str, str]:
        more: dict[str, str] = {}
        if self.settings.kind == "google" and self.settings.hosted_domain:
            more["hd"] = self.settings.hosted_domain
        if OFFLINE in self.settings.scopes and self.settings.kind != "entra":
            more["prompt"] = "consent"  # without it many give no refresh token out, or only the first time
            if self.settings.kind == "google":
                more["access_type"] = "offline"
        return more
