"""Providers that are slow, endless, broken or away, and how seldom they are asked."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.accounts.oidc.conftest import CALLBACK
from vasi.accounts.oidc.cached import RENEW_S, RETRY_S
from vasi.errors import SignInError

pytestmark = pytest.mark.asyncio(loop_scope="package")

WELL_KNOWN = "/.well-known/openid-configuration"


async def failure_of(sign_in: Any) -> str:
    with pytest.raises(SignInError) as refusal:
        await sign_in
    return refusal.value.failure


@pytest.mark.parametrize(
    ("by", "failure"),
    [
        ("silence", "provider_unreachable"),
        ("drip", "provider_unreachable"),
        ("failure", "provider_unreachable"),
        ("flood", "provider_error"),
        ("bomb", "provider_error"),
        ("redirect", "provider_error"),
    ],
)
async def test_whatever_a_provider_answers_the_sign_in_ends_soon(at: Any, by: str, failure: str) -> None:
    sign_ins = await at("generic", seconds=0.3)
    await sign_ins.service.do("hinder", {"path": WELL_KNOWN, "by": by})
    async with asyncio.timeout(10):
        assert await failure_of(sign_ins.ours.begin("state", CALLBACK)) == failure
    for path in ("/token", "/jwks"):
        await sign_ins.service.do("hinder", None)
        sign_ins = await at("generic")
        answer, proof = await sign_ins.come_back()
        sign_ins.transport.seconds = 0.3
        await sign_ins.service.do("hinder", {"path": path, "by": by})
        async with asyncio.timeout(10):
            assert await failure_of(sign_ins.ours.complete(answer, proof)) == failure


async def test_a_provider_that_isnt_there_is_left_alone_for_a_while(at: Any) -> None:
    sign_ins = await at("generic")
    await sign_ins.service.do("hinder", {"path": WELL_KNOWN, "by": "failure"})
    for _ in range(5):
        assert await failure_of(sign_ins.ours.begin("state", CALLBACK)) == "provider_unreachable"
    assert (await sign_ins.service.asked())[WELL_KNOWN] == 1
    await sign_ins.service.do("hinder", None)
    sign_ins.monotonic.passed += RETRY_S + 1
    assert (await sign_ins.sign_in()).profile.subject == "ann"


async def test_nobody_listens_where_the_provider_should_be(at: Any) -> None:
    sign_ins = await at("generic", issuer="http://127.0.0.1:9")
    assert await failure_of(sign_ins.ours.begin("state", CALLBACK)) == "provider_unreachable"


async def test_a_description_serves_for_a_while_after_its_provider_went_away(at: Any) -> None:
    sign_ins = await at("generic")
    await asyncio.gather(*(sign_ins.ours.begin("state", CALLBACK) for _ in range(10)))
    assert (await sign_ins.service.asked())[WELL_KNOWN] == 1
    await sign_ins.service.do("hinder", {"path": WELL_KNOWN, "by": "failure"})
    sign_ins.monotonic.passed += 2 * 3600
    await sign_ins.ours.begin("state", CALLBACK)
    sign_ins.monotonic.passed += 24 * 3600
    assert await failure_of(sign_ins.ours.begin("state", CALLBACK)) == "provider_unreachable"


async def test_a_new_key_is_looked_for_once_it_is_used(at: Any) -> None:
    sign_ins = await at("generic")
    await sign_ins.sign_in()
    await sign_ins.sign_in()
    assert (await sign_ins.service.asked())["/jwks"] == 1
    sign_ins.monotonic.passed += RENEW_S + 1
    await sign_ins.service.do("rotate", "second")
    assert (await sign_ins.sign_in()).profile.subject == "ann"
    assert (await sign_ins.service.asked())["/jwks"] == 1


async def test_unknown_keys_dont_make_us_ask_each_time(at: Any) -> None:
    sign_ins = await at("generic")
    await sign_ins.sign_in()
    await sign_ins.service.asked()
    sign_ins.monotonic.passed += RENEW_S + 1
    for number in range(4):
        assert await sign_ins.refused(forge={"header": {"kid": f"unknown-{number}"}}) == "mismatch"
    assert (await sign_ins.service.asked())["/jwks"] == 1


async def test_a_key_that_was_withdrawn_isnt_believed_for_ever(at: Any) -> None:
    sign_ins = await at("generic")
    token = await sign_ins.service.signed(logout_claims(sign_ins))
    await sign_ins.ours.tokens.logout_token(token)
    await sign_ins.service.do("rotate", "third")
    sign_ins.monotonic.passed += 3601
    assert await failure_of(sign_ins.ours.tokens.logout_token(token)) == "mismatch"
    await sign_ins.service.do("hinder", {"path": "/jwks", "by": "failure"})
    sign_ins.monotonic.passed += 3601
    assert await failure_of(sign_ins.ours.tokens.logout_token(token)) == "provider_unreachable"


def logout_claims(sign_ins: Any) -> dict[str, Any]:
    now = int(sign_ins.wall())
    events = {"http://schemas.openid.net/event/backchannel-logout": {}}
    claims = {"iss": sign_ins.service.issuer, "aud": "vasi-server", "sub": "ann", "iat": now, "exp": now + 120}
    return {**claims, "jti": "first", "events": events}
