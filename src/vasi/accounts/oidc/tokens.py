"""Whether a token is what it says: signed by the provider, for us, in time."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from joserfc import jws
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jws import JWSRegistry
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry

from vasi.accounts.oidc.cached import Cached
from vasi.accounts.oidc.discovery import ProviderMetadata
from vasi.accounts.oidc.issuers import IssuerRule, require_issuer
from vasi.accounts.oidc.keys import SigningKeys
from vasi.errors import SignInError

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Of signatures. None of them takes a secret for its key: a public key can't be passed off as one."""
SKEW_S = 60
"""How far clocks may differ."""
LONGEST = 64 * 1024
"""Characters of a token."""
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_TYPE = "logout+jwt"
_HASHES = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}


class _Registry(JWSRegistry):
    """Knows ``ALGORITHMS`` and no others. EdDSA is among them: its name is deprecated, not what it does."""

    def get_alg(self, name: str) -> Any:
        if name not in ALGORITHMS:
            raise UnsupportedAlgorithmError
        return self.algorithms[name]


_REGISTRY = _Registry(algorithms=ALGORITHMS, strict_check_header=False)

Claims = Mapping[str, Any]


class _Header(msgspec.Struct, frozen=True):
    alg: str
    kid: str | None = None
    typ: str | None = None


class TokenVerifier:
    """Verifies the tokens of one provider.

    Args:
        rule: which issuers it has.
        discovery: as which issuer it describes itself.
        keys: what it signs with.
        client_id: how it knows this server.
        clock: unix seconds.
    """

    def __init__(
        self,
        rule: IssuerRule,
        discovery: Cached[ProviderMetadata],
        keys: SigningKeys,
        client_id: str,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._rule = rule
        self._discovery = discovery
        self._keys = keys
        self._client_id = client_id
        self._clock = clock

    async def id_token(self, token: str, *, nonce: str | None, access_token: str | None = None) -> Claims:
        """The claims of an ID token.

        Args:
            token: compact serialization.
            nonce: what the sign-in sent along; None for a token of a refresh, which needn't have one.
            access_token: came with it.

        Raises:
            SignInError: it isn't what it should be.
        """
        header, claims = await self._verified(token, (self._client_id,), ("exp", "iat", "sub"))
        if header.typ is not None and header.typ.lower() not in ("jwt", "id_token+jwt"):
            raise SignInError("mismatch", f"it's no ID token but {header.typ[:40]!r}")
        if nonce is not None and not _same(claims.get("nonce"), nonce):
            raise SignInError("mismatch", "the ID token belongs to another sign-in (nonce)")
        audience, party = claims["aud"], claims.get("azp")
        if (isinstance(audience, list) and audience != [self._client_id] and party is None) or (
            party is not None and party != self._client_id
        ):
            raise SignInError("mismatch", "the ID token was made for another client (azp)")
        if access_token is not None and not _hash_fits(claims.get("at_hash"), access_token, header.alg):
            raise SignInError("mismatch", "the access token isn't the ID token's (at_hash)")
        return claims

    async def logout_token(self, token: str) -> Claims:
        """The claims of a logout token (OpenID Connect Back-Channel Logout). Raises ``SignInError``."""
        header, claims = await self._verified(token, (self._client_id,), ("iat", "jti"))
        if header.typ is not None and header.typ.lower() not in ("jwt", LOGOUT_TYPE):
            raise SignInError("mismatch", f"it's no logout token but {header.typ[:40]!r}")
        events: Any = claims.get("events")
        if not isinstance(events, dict) or LOGOUT_EVENT not in events or "nonce" in claims:
            raise SignInError("mismatch", "it's no logout token")
        if not isinstance(claims.get("sub"), str) and not isinstance(claims.get("sid"), str):
            raise SignInError("mismatch", "the logout token says of nobody that they are signed out")
        return claims

    async def access_token(self, token: str, audiences: Sequence[str]) -> Claims:
        """The claims of an access token for one of ``audiences``. Raises ``SignInError``."""
        header, claims = await self._verified(token, audiences, ("exp", "iat", "sub"))
        # Where the audience is the client id, an ID token has it as well.
        if (header.typ or "jwt").lower() not in ("jwt", "at+jwt", "application/at+jwt") or "nonce" in claims:
            raise SignInError("mismatch", "it's no access token")
        return claims

    async def _verified(self, token: str, audiences: Sequence[str], needed: tuple[str, ...]) -> tuple[_Header, Claims]:
        assert audiences, "without any, every audience would do"
        header = _header(token)
        claims = await self._signed(token, header)
        required: dict[str, ClaimsOption] = {name: {"essential": True} for name in (*needed, "iss")}
        required["aud"] = {"essential": True, "values": list(audiences)}
        expected = JWTClaimsRegistry(now=lambda: int(self._clock()), leeway=SKEW_S, **required)
        try:
            expected.validate(dict(claims))
        except JoseError as error:
            failure = "expired" if error.error == "expired_token" else "mismatch"
            raise SignInError(failure, f"the token's claims are wrong: {error}") from None
        tenant = claims.get("tid")
        metadata = await self._discovery.get()
        require_issuer(self._rule, metadata.issuer, claims["iss"], tenant if isinstance(tenant, str) else None)
        return header, claims

    async def _signed(self, token: str, header: _Header) -> Claims:
        for key in await self._keys.candidates(header.alg, header.kid):
            try:
                payload = jws.deserialize_compact(token, key, registry=_REGISTRY).payload
            except (JoseError, ValueError, TypeError):
                continue
            try:
                return msgspec.json.decode(payload or b"", type=dict[str, Any])
            except (msgspec.DecodeError, UnicodeError, RecursionError):
                raise SignInError("mismatch", "the token holds no claims") from None
        raise SignInError("mismatch", "the token's signature is wrong")


def peek(token: str) -> Claims | None:
    """What an unverified token says, to find out whose it may be; None if it's no token with claims."""
    if len(token) > LONGEST or token.count(".") != 2:
        return None
    try:
        return msgspec.json.decode(_decoded(token.split(".")[1]), type=dict[str, Any])
    except (ValueError, msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def _header(token: str) -> _Header:
    if len(token) > LONGEST or token.count(".") != 2:
        raise SignInError("mismatch", "it's no signed token")
    try:
        header = msgspec.json.decode(_decoded(token.split(".")[0]), type=_Header)
    except (ValueError, msgspec.DecodeError, UnicodeError, RecursionError):
        raise SignInError("mismatch", "it's no signed token") from None
    if header.alg not in ALGORITHMS:
        raise SignInError("mismatch", f"the token is signed by {header.alg[:40]!r}, which isn't accepted")
    return header


def _decoded(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (binascii.Error, ValueError):
        raise ValueError("not base64url") from None


def _same(claim: object, expected: str) -> bool:
    return isinstance(claim, str) and hmac.compare_digest(claim.encode(), expected.encode())


def _hash_fits(claim: object, access_token: str, algorithm: str) -> bool:
    """Whether ``at_hash`` is that of the access token; in the code flow it needn't be there."""
    if claim is None or algorithm[-3:] not in _HASHES:
        return True
    digest = _HASHES[algorithm[-3:]](access_token.encode()).digest()
    return _same(claim, base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode())
