"""Which issuers a provider's tokens may name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.identity.provider import OTHER_TENANT, TENANT
from tests.identity.settings import provider_settings
from vasi.accounts.oidc.issuers import IssuerRule, discovery_address, issuer_rule, require_issuer, require_published
from vasi.errors import SignInError

CLOUD = "https://login.microsoftonline.com"
TEMPLATE = f"{CLOUD}/{{tenantid}}/v2.0"


def entra(**settings: Any) -> IssuerRule:
    return issuer_rule(provider_settings(kind="entra", issuer=CLOUD, **settings))


def failure_of(rule: IssuerRule, published: str, tenant: str) -> str | None:
    try:
        require_issuer(rule, published, f"{CLOUD}/{tenant}/v2.0", tenant)
    except SignInError as error:
        return error.failure
    return None


def test_a_provider_is_asked_below_its_issuer() -> None:
    for issuer in ("https://login.example.com/realms/a", "https://login.example.com/realms/a/"):
        rule = issuer_rule(provider_settings(issuer=issuer))
        assert discovery_address(rule) == "https://login.example.com/realms/a/.well-known/openid-configuration"
        require_published(rule, issuer)
        with pytest.raises(SignInError):  # the issuer is compared to the letter
            require_published(rule, issuer[:-1])
    assert discovery_address(entra(tenant="common", tenants=(TENANT,))) == (
        f"{CLOUD}/common/v2.0/.well-known/openid-configuration"
    )


def test_a_tenant_may_be_named_by_its_domain() -> None:
    rule = entra(tenant="contoso.example")
    published = f"{CLOUD}/{TENANT}/v2.0"
    require_published(rule, published)
    assert failure_of(rule, published, TENANT) is None
    assert failure_of(rule, published, OTHER_TENANT) == "not_allowed"
    # Without an id of its own the tenant is nobody's.
    assert failure_of(rule, TEMPLATE, TENANT) == "not_allowed"


def test_one_of_several_tenants_is_written_in_any_case() -> None:
    rule = entra(tenant="organizations", tenants=("AAAAAAAA-bbbb-cccc-dddd-eeeeeeeeeeee",))
    assert failure_of(rule, TEMPLATE, "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee") is None
    assert failure_of(rule, TEMPLATE, TENANT) == "not_allowed"


@pytest.mark.parametrize(
    "published",
    ["https://attacker.example/v2.0", f"{CLOUD}.attacker.example/{TENANT}/v2.0", f"{CLOUD}/{TENANT}/v1.0", CLOUD, ""],
)
def test_entra_describes_itself_as_entra(published: str) -> None:
    with pytest.raises(SignInError):
        require_published(entra(tenant=TENANT), published)
