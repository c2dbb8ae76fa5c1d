"""Which issuer a token of a provider must name.

A provider has one issuer. Entra ID has one for each tenant, and where people of several tenants sign in it publishes a
template, ``https://login.microsoftonline.com/{tenantid}/v2.0``: there the issuer must be the template filled in with
the token's own tenant, and that tenant must be allowed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from vasi.accounts.oidc.settings import ANY_TENANT, ProviderSettings
from vasi.errors import SignInError

_PLACE = "{tenantid}"
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class OneIssuer:
    """The issuer is the address of the provider."""

    address: str


@dataclass(frozen=True, slots=True)
class TenantIssuers:
    """Issuers of tenants of Entra ID.

    Attributes:
        address: where people sign in, with the tenant or what stands for several.
        template: of the issuers.
        tenants: ids of those allowed, in small letters; empty for the one that ``address`` leads to.
    """

    address: str
    template: str
    tenants: frozenset[str]


IssuerRule: TypeAlias = OneIssuer | TenantIssuers


def issuer_rule(settings: ProviderSettings) -> IssuerRule:
    """The rule of a provider."""
    address = settings.issuer.rstrip("/")
    if settings.kind != "entra":
        return OneIssuer(settings.issuer)
    tenant = (settings.tenant or "organizations").lower()
    allowed = frozenset(name.lower() for name in settings.tenants)
    if not allowed and _GUID.fullmatch(tenant):
        allowed = frozenset((tenant,))
    return TenantIssuers(f"{address}/{tenant}/v2.0", f"{address}/{_PLACE}/v2.0", allowed)


def discovery_address(rule: IssuerRule) -> str:
    """Where the provider describes itself."""
    return rule.address.rstrip("/") + "/.well-known/openid-configuration"


def require_published(rule: IssuerRule, issuer: str) -> None:
    """See that a provider describes itself as the issuer that was asked. Raises ``SignInError``."""
    match rule:
        case OneIssuer(address):
            right = issuer == address
        case TenantIssuers():
            right = issuer == rule.template or _tenant_of(rule, issuer) is not None
        case _:
            assert_never(rule)
    if not right:
        raise SignInError("provider_error", f"it calls itself {issuer[:200]!r}, not {rule.address!r}")


def require_issuer(rule: IssuerRule, published: str, issuer: str, tenant: str | None) -> None:
    """See that a token comes from an allowed issuer.

    Args:
        rule: of the provider.
        published: the issuer as which the provider describes itself.
        issuer: the token's ``iss``.
        tenant: the token's ``tid``.

    Raises:
        SignInError: ``mismatch`` if it's another issuer, ``not_allowed`` if it is that of a tenant that isn't allowed.
    """
    match rule:
        case OneIssuer(address):
            if issuer != address:
                raise SignInError("mismatch", f"the token's issuer is {issuer[:200]!r}, not {address!r}")
        case TenantIssuers():
            if tenant is None or not _GUID.fullmatch(tenant) or issuer != rule.template.replace(_PLACE, tenant):
                raise SignInError("mismatch", f"the token's issuer {issuer[:200]!r} isn't that of its tenant")
            _require_tenant(rule, published, tenant)
        case _:
            assert_never(rule)


def may_issue(rule: IssuerRule, issuer: str) -> bool:
    """Whether a token with this ``iss`` may be one of the provider: tells which provider a program's token is of."""
    match rule:
        case OneIssuer(address):
            return issuer == address
        case TenantIssuers():
            tenant = _tenant_of(rule, issuer)
            return tenant is not None and (not rule.tenants or bool({tenant, ANY_TENANT} & rule.tenants))
        case _:
            assert_never(rule)


def require_sender(rule: IssuerRule, published: str, issuer: str) -> None:
    """See that an answer came from the provider that was asked (RFC 9207). Raises ``SignInError``."""
    match rule:
        case OneIssuer(address):
            right = issuer == address
        case TenantIssuers():
            right = issuer == published or _tenant_of(rule, issuer) is not None
        case _:
            assert_never(rule)
    if not right:
        raise SignInError("mismatch", f"the answer came from {issuer[:200]!r}, not from {published!r}")


def _require_tenant(rule: TenantIssuers, published: str, tenant: str) -> None:
    # A tenant named by its domain is known by its id only from how the provider describes itself.
    allowed = rule.tenants or frozenset(filter(None, (_tenant_of(rule, published),)))
    if ANY_TENANT not in allowed and tenant.lower() not in allowed:
        raise SignInError("not_allowed", f"the tenant {tenant[:60]!r} isn't among those allowed")


def _tenant_of(rule: TenantIssuers, issuer: str) -> str | None:
    before, _, after = rule.template.partition(_PLACE)
    if not (issuer.startswith(before) and issuer.endswith(after)):
        return None
    tenant = issuer[len(before) : len(issuer) - len(after)]
    return tenant if _GUID.fullmatch(tenant) else None
