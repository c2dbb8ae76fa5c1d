"""Sign-ins at a real provider, in the shapes of the services that people have."""

from __future__ import annotations

from typing import Any

import pytest

from tests.accounts.oidc.conftest import CALLBACK, HERE
from tests.identity.browser import Browser, parameters
from tests.identity.provider import OTHER_TENANT, TENANT
from vasi.accounts.oidc.authorization import GrantEndedError
from vasi.accounts.oidc.provider import Answer, SignedIn
from vasi.errors import SignInError

pytestmark = pytest.mark.asyncio(loop_scope="package")

OFFLINE = ("openid", "profile", "email", "offline_access")


async def test_somebody_signs_in_at_any_provider(at: Any) -> None:
    sign_ins = await at("generic")
    signed_in = await sign_ins.sign_in()
    profile = signed_in.profile
    assert (profile.issuer, profile.subject) == (sign_ins.service.issuer, "ann")
    assert (profile.name, profile.email, profile.email_verified) == ("Ann Archer", "ann@example.com", True)
    assert profile.groups == ("staff",)
    assert signed_in.sid


async def test_somebody_signs_in_at_entra_with_its_own_ids_and_an_address_that_nobody_verified(at: Any) -> None:
    sign_ins = await at("entra")
    profile = (await sign_ins.sign_in()).profile
    assert profile.issuer == f"{sign_ins.service.origin}/{TENANT}/v2.0"
    assert (profile.tenant, profile.object_id) == (TENANT, "0a0a0a0a-0000-0000-0000-000000000001")
    assert profile.email == "ann@example.com"
    assert not profile.email_verified


async def test_entra_verifies_an_address_by_a_claim_of_its_own(at: Any) -> None:
    claims = {"email_verified": True}
    assert not (await (await at("entra")).sign_in(forge={"claims": claims})).profile.email_verified
    claims = {"xms_edov": True}
    assert (await (await at("entra")).sign_in(forge={"claims": claims})).profile.email_verified


async def test_people_of_allowed_tenants_sign_in_where_those_of_all_tenants_do(at: Any) -> None:
    sign_ins = await at("entra-common")
    assert (await sign_ins.sign_in("ann")).profile.issuer == f"{sign_ins.service.origin}/{TENANT}/v2.0"
    assert await sign_ins.refused("eve") == "not_allowed"


async def test_all_tenants_may_be_allowed(at: Any) -> None:
    sign_ins = await at("entra-common", tenants=("*",))
    assert (await sign_ins.sign_in("eve")).profile.tenant == OTHER_TENANT


async def test_an_issuer_is_that_of_the_tokens_own_tenant(at: Any) -> None:
    sign_ins = await at("entra-common", tenants=("*",))
    issuer = f"{sign_ins.service.origin}/{TENANT}/v2.0"
    assert await sign_ins.refused("eve", forge={"claims": {"iss": issuer}}) == "mismatch"
    assert await sign_ins.refused("ann", forge={"claims": {"tid": OTHER_TENANT}}) == "mismatch"
    assert await sign_ins.refused("ann", forge={"claims": {"tid": None}}) == "mismatch"
    template = f"{sign_ins.service.origin}/{{tenantid}}/v2.0"
    assert await sign_ins.refused("ann", forge={"claims": {"iss": template, "tid": "{tenantid}"}}) == "mismatch"
    shared = f"{sign_ins.service.origin}/common/v2.0"
    assert await sign_ins.refused("ann", forge={"claims": {"iss": shared, "tid": "common"}}) == "mismatch"


async def test_the_one_tenant_is_the_only_one(at: Any) -> None:
    sign_ins = await at("entra")
    other = {"iss": f"{sign_ins.service.origin}/{OTHER_TENANT}/v2.0", "tid": OTHER_TENANT}
    assert await sign_ins.refused(forge={"claims": other}) == "not_allowed"


async def test_somebody_signs_in_at_google(at: Any) -> None:
    sign_ins = await at("google", hosted_domain="example.com")
    address, _ = await sign_ins.ours.begin("the-state", CALLBACK)
    assert parameters(address)["hd"] == "example.com"
    profile = (await sign_ins.sign_in()).profile
    assert (profile.hosted_domain, profile.email_verified) == ("example.com", True)
    bare = (await sign_ins.sign_in("bob")).profile
    assert bare.hosted_domain == ""


async def test_what_an_id_token_lacks_is_asked_for(at: Any) -> None:
    sign_ins = await at("generic", {"claims_in_id_token": False})
    profile = (await sign_ins.sign_in()).profile
    assert (profile.name, profile.email, profile.email_verified) == ("Ann Archer", "ann@example.com", True)
    await sign_ins.service.do("hinder", {"path": "/me", "by": "failure"})
    assert (await sign_ins.sign_in()).profile.email == ""


async def test_an_address_isnt_verified_by_what_is_said_of_another_one(at: Any) -> None:
    sign_ins = await at("generic", {"claims_in_id_token": False}, allow_domains=("victim.example",))
    profile = (await sign_ins.sign_in(forge={"claims": {"email": "chief@victim.example"}})).profile
    assert profile.email == "chief@victim.example"
    assert not profile.email_verified


async def test_a_secret_with_special_characters_serves_either_way_of_sending_it(at: Any) -> None:
    for accepted in (True, False):
        sign_ins = await at("generic", {"post": accepted})
        assert (await sign_ins.sign_in()).profile.subject == "ann"


async def test_the_user_says_no(at: Any) -> None:
    sign_ins = await at("generic")
    async with Browser() as browser:
        address, proof = await sign_ins.ours.begin("the-state", CALLBACK)
        page = await browser.until(address, lambda address: "/interaction/" in address)
        back = parameters(await browser.until(f"{page}/abort", lambda address: address.startswith(HERE)))
    assert back["error"] == "access_denied"
    with pytest.raises(SignInError) as refusal:
        await sign_ins.ours.complete(Answer(issuer=back["iss"], error=back["error"]), proof)
    assert refusal.value.failure == "denied"


async def test_a_sign_in_is_renewed_until_the_provider_says_that_it_is_over(at: Any) -> None:
    sign_ins = await at("generic", scopes=OFFLINE)
    first = await sign_ins.sign_in()
    whose = (first.profile.issuer, first.profile.subject)
    assert first.tokens.refresh_token
    await sign_ins.service.do("users", {"ann": {"name": "Ann Baker", "email": "ann@example.com", "groups": ["chiefs"]}})
    second = await sign_ins.ours.refresh(first.tokens.refresh_token, whose)
    assert isinstance(second, SignedIn)
    assert (second.profile.name, second.profile.groups) == ("Ann Baker", ("chiefs",))
    assert second.tokens.refresh_token not in (None, first.tokens.refresh_token)
    await sign_ins.service.do("users", {})
    with pytest.raises(GrantEndedError):
        await sign_ins.ours.refresh(second.tokens.refresh_token or "", whose)


async def test_a_renewal_is_of_the_same_person(at: Any) -> None:
    sign_ins = await at("generic", scopes=OFFLINE)
    first = await sign_ins.sign_in()
    whose = (first.profile.issuer, first.profile.subject)
    await sign_ins.service.do("forge", {"claims": {"sub": "bob"}})
    with pytest.raises(SignInError, match="mismatch") as refusal:
        await sign_ins.ours.refresh(first.tokens.refresh_token or "", whose)
    assert not isinstance(refusal.value, GrantEndedError)


async def test_google_gives_refresh_tokens_out_by_a_parameter(at: Any) -> None:
    sign_ins = await at("google", scopes=OFFLINE)
    address, _ = await sign_ins.ours.begin("the-state", CALLBACK)
    asked_for = parameters(address)
    assert asked_for["access_type"] == "offline"
    assert "offline_access" not in asked_for["scope"]


async def test_people_sign_out_at_the_provider_where_it_offers_that(at: Any) -> None:
    sign_ins = await at("generic")
    signed_in = await sign_ins.sign_in()
    address = await sign_ins.ours.sign_out_url(signed_in.tokens.id_token or "", f"{HERE}/sign-in")
    assert address is not None
    asked_for = parameters(address)
    assert asked_for["id_token_hint"] == signed_in.tokens.id_token
    assert asked_for["post_logout_redirect_uri"] == f"{HERE}/sign-in"
    assert await (await at("google")).ours.sign_out_url("", HERE) is None


async def test_secrets_dont_show(at: Any) -> None:
    sign_ins = await at("generic")
    signed_in = await sign_ins.sign_in()
    assert "a secret" not in repr(sign_ins.ours.settings)
    shown = repr(signed_in)
    for secret in (signed_in.tokens.access_token, signed_in.tokens.id_token):
        assert secret
        assert secret not in shown
