"""How a provider describes itself (OpenID Connect Discovery)."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

import msgspec

from vasi.accounts.oidc.cached import Cached
from vasi.accounts.oidc.fetching import ProviderTransport, fetch_json
from vasi.accounts.oidc.issuers import IssuerRule, discovery_address, require_published
from vasi.errors import SignInError

FRESH_S = 3_600.0
STALE_S = 86_400.0


class ProviderMetadata(msgspec.Struct, frozen=True):
    """A provider's own description, as far as it matters here."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


def discovery(
    rule: IssuerRule, transport: ProviderTransport, *, clock: Callable[[], float] = time.monotonic
) -> Cached[ProviderMetadata]:
    """The description of the provider with issuer ``rule``.

    It's fetched when it is first wanted. It is wrong, a ``SignInError`` (``provider_error``), where it names another
    issuer, or addresses without encryption although its own has it.
    """

    async def fetch() -> ProviderMetadata:
        metadata: ProviderMetadata = await fetch_json(transport, discovery_address(rule), ProviderMetadata)
        require_published(rule, metadata.issuer)
        _require_addresses(metadata, encrypted=rule.address.startswith("https:"))
        return metadata

    return Cached(fetch, fresh_s=FRESH_S, stale_s=STALE_S, clock=clock)


def _require_addresses(metadata: ProviderMetadata, *, encrypted: bool) -> None:
    named = (
        metadata.authorization_endpoint,
        metadata.token_endpoint,
        metadata.jwks_uri,
        metadata.userinfo_endpoint,
        metadata.end_session_endpoint,
    )
    for address in filter(None, named):
        try:
            parts = urlsplit(address)
            right = bool(parts.hostname) and parts.scheme in (("https",) if encrypted else ("https", "http"))
        except ValueError:
            right = False
        if not right or not address.isprintable():
            raise SignInError("provider_error", f"it names {address[:200]!r}, which isn't fit for sign-ins")
