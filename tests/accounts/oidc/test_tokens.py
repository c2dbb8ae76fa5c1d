"""Logout tokens, and access tokens that programs bring."""

from __future__ import annotations

from typing import Any

import pytest

from tests.accounts.oidc.test_reaching import failure_of, logout_claims
from tests.identity.provider import AUDIENCE, TENANT

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_logout_token_says_who_is_signed_out(at: Any) -> None:
    sign_ins = await at("generic")
    verified = sign_ins.ours.tokens.logout_token
    for typ in (None, "JWT", "logout+jwt"):
        token = await sign_ins.service.signed(logout_claims(sign_ins), header={"typ": typ} if typ else {})
        assert (await verified(token))["sub"] == "ann"
    token = await sign_ins.service.signed({**logout_claims(sign_ins), "sub": None, "sid": "that-session"})
    assert (await verified(token))["sid"] == "that-session"


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "another-client"},
        {"iss": "https://attacker.example"},
        {"iat": None},
        {"jti": None},
        {"exp": 1_700_000_000},
        {"sub": None},
        {"events": None},
        {"events": {}},
        {"events": ["http://schemas.openid.net/event/backchannel-logout"]},
        {"nonce": "an ID token has one"},
    ],
    ids=str,
)
async def test_another_token_signs_nobody_out(at: Any, change: dict[str, Any]) -> None:
    sign_ins = await at("generic")
    token = await sign_ins.service.signed({**logout_claims(sign_ins), **change})
    assert await failure_of(sign_ins.ours.tokens.logout_token(token)) in ("mismatch", "expired")


async def test_a_logout_token_is_signed_by_the_provider(at: Any) -> None:
    sign_ins = await at("generic")
    for by in ("none", "public key", "stranger"):
        token = await sign_ins.service.signed(logout_claims(sign_ins), by=by)
        assert await failure_of(sign_ins.ours.tokens.logout_token(token)) == "mismatch"
    own = await sign_ins.service.signed(logout_claims(sign_ins), header={"typ": "at+jwt"})
    assert await failure_of(sign_ins.ours.tokens.logout_token(own)) == "mismatch"


def access_claims(sign_ins: Any, **changes: Any) -> dict[str, Any]:
    now = int(sign_ins.wall())
    claims = {"iss": sign_ins.service.issuer, "aud": AUDIENCE, "sub": "ann", "iat": now, "exp": now + 120}
    return {**claims, "scope": "read realtime", **changes}


async def test_providers_sign_with_key_pairs_of_many_kinds(at: Any) -> None:
    sign_ins = await at("generic")
    for algorithm in ("RS256", "PS256", "ES256", "ES384", "Ed25519"):
        token = await sign_ins.service.signed(logout_claims(sign_ins), by=algorithm)
        assert (await sign_ins.ours.tokens.logout_token(token))["sub"] == "ann", algorithm
        # A key of one kind signs nothing of another.
        _, body, signature = token.split(".")
        other = await sign_ins.service.signed(logout_claims(sign_ins), by="ES256" if algorithm != "ES256" else "RS256")
        mixed = ".".join((other.split(".")[0], body, signature))
        assert await failure_of(sign_ins.ours.tokens.logout_token(mixed)) == "mismatch"


async def test_a_token_without_a_keys_name_is_tried_with_those_that_fit(at: Any) -> None:
    sign_ins = await at("generic")
    token = await sign_ins.service.signed(logout_claims(sign_ins), header={"kid": None})
    assert (await sign_ins.ours.tokens.logout_token(token))["sub"] == "ann"


async def test_an_access_token_is_for_us(at: Any) -> None:
    sign_ins = await at("generic")
    verified = sign_ins.ours.tokens.access_token
    for typ in ("at+jwt", "JWT"):
        token = await sign_ins.service.signed(access_claims(sign_ins), header={"typ": typ})
        assert (await verified(token, (AUDIENCE,)))["scope"] == "read realtime"
    several = await sign_ins.service.signed(access_claims(sign_ins, aud=["https://other.example", AUDIENCE]))
    assert await verified(several, (AUDIENCE,))
    for change in (
        {"aud": "https://other.example"},
        {"aud": None},
        {"exp": None},
        {"exp": 1_700_000_000},
        {"sub": None},
        {"iss": "https://attacker.example"},
        {"nonce": "an ID token has one"},
    ):
        token = await sign_ins.service.signed(access_claims(sign_ins, **change))
        assert await failure_of(verified(token, (AUDIENCE,))) in ("mismatch", "expired"), change
    for by in ("none", "public key", "stranger"):
        token = await sign_ins.service.signed(access_claims(sign_ins), by=by)
        assert await failure_of(verified(token, (AUDIENCE,))) == "mismatch"


async def test_a_token_tells_which_provider_it_may_be_of(at: Any) -> None:
    generic, entra = await at("generic"), await at("entra-common")
    assert generic.ours.may_issue(generic.service.issuer)
    assert not generic.ours.may_issue(generic.service.issuer + "/")
    assert entra.ours.may_issue(f"{entra.service.origin}/{TENANT}/v2.0")
    for place in ("common", "{tenantid}", "99999999-8888-7777-6666-555555555555", f"{TENANT}/x"):
        assert not entra.ours.may_issue(f"{entra.service.origin}/{place}/v2.0"), place
