"""Authlib's OAuth client, with types: requests of sign-ins, codes and refresh tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast
from urllib.parse import quote_plus

import httpx2
import msgspec
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from vasi.accounts.oidc.discovery import ProviderMetadata
from vasi.accounts.oidc.fetching import ProviderTransport
from vasi.accounts.oidc.settings import ProviderSettings
from vasi.errors import SignInError


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider's token endpoint gives out.

    Attributes:
        access_token: for the provider's own API.
        id_token: says who signed in; a refresh needn't bring one.
        refresh_token: gets newer ones; None if the provider offers none.
        expires_in: seconds that the access token lasts, if it says so.
    """

    access_token: str
    id_token: str | None = None
    refresh_token: str | None = None
    expires_in: float | None = None

    def __repr__(self) -> str:
        """Without what it holds: it ends up in logs."""
        return f"Tokens(expires_in={self.expires_in})"


class GrantEndedError(SignInError):
    """The provider doesn't know a refresh token any more: the user was signed out there, or isn't let in any more."""


def authorization_url(
    settings: ProviderSettings,
    metadata: ProviderMetadata,
    *,
    scopes: Sequence[str],
    redirect_uri: str,
    state: str,
    nonce: str,
    code_verifier: str,
    more: Mapping[str, str],
) -> str:
    """Where a browser is sent to sign in, with PKCE (S256)."""
    client = _client(settings, None, scope=" ".join(scopes), redirect_uri=redirect_uri)
    address, _ = client.create_authorization_url(
        metadata.authorization_endpoint, state=state, code_verifier=code_verifier, nonce=nonce, **more
    )
    return cast("str", address)


async def redeem_code(
    settings: ProviderSettings,
    metadata: ProviderMetadata,
    transport: ProviderTransport,
    *,
    code: str,
    redirect_uri: str,
    code_verifier: str,
) -> Tokens:
    """What ``code`` stands for. Raises ``SignInError``."""
    client = _client(settings, transport, token_endpoint_auth_method=_method(settings, metadata))
    return await _tokens(
        client.fetch_token(
            metadata.token_endpoint,
            grant_type="authorization_code",
            code=code,
            redirect_uri=redirect_uri,
            code_verifier=code_verifier,
        )
    )


async def redeem_refresh_token(
    settings: ProviderSettings, metadata: ProviderMetadata, transport: ProviderTransport, refresh_token: str
) -> Tokens:
    """Newer tokens. Raises ``GrantEndedError``, ``SignInError``."""
    client = _client(settings, transport, token_endpoint_auth_method=_method(settings, metadata))
    return await _tokens(client.refresh_token(metadata.token_endpoint, refresh_token=refresh_token))


async def _tokens(answer: Any) -> Tokens:
    try:
        return msgspec.convert(dict(await answer), Tokens, strict=False)
    except AuthlibBaseError as error:
        code = str(error.error)
        if code == "invalid_grant":
            raise GrantEndedError("mismatch", "the provider doesn't accept the code or refresh token") from None
        raise SignInError("provider_error", f"its token endpoint answered {code[:100]!r}") from None
    except httpx2.HTTPStatusError as error:
        status = error.response.status_code
        failure = "provider_unreachable" if status in (429, 502, 503, 504) else "provider_error"
        raise SignInError(failure, f"its token endpoint answered {status}") from None
    except (ValueError, TypeError, RecursionError):  # msgspec's among them; their texts may hold tokens
        raise SignInError("provider_error", "its token endpoint didn't answer with tokens") from None


def _method(settings: ProviderSettings, metadata: ProviderMetadata) -> str:
    """How this server proves who it is: in the body where that's accepted, as the other way is written differently
    by different providers when a secret holds special characters.
    """
    if settings.client_secret is None:
        return "none"
    accepted = metadata.token_endpoint_auth_methods_supported
    return "client_secret_post" if "client_secret_post" in accepted else "client_secret_basic"


def _client(settings: ProviderSettings, transport: ProviderTransport | None, **options: Any) -> Any:
    basic = options.get("token_endpoint_auth_method") == "client_secret_basic"
    secret = settings.client_secret
    return AsyncOAuth2Client(
        # RFC 6749, 2.3.1: both are form-encoded in the header, which Authlib leaves to its caller.
        client_id=quote_plus(settings.client_id) if basic else settings.client_id,
        client_secret=quote_plus(secret) if basic and secret is not None else secret,
        code_challenge_method="S256",
        transport=transport or httpx2.MockTransport(lambda _: httpx2.Response(503)),
        trust_env=False,
        **options,
    )
