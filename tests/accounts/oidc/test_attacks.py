"""What must not pass for a sign-in. Each of these was a sign-in if one check were missing."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from vasi.accounts.oidc.provider import Answer
from vasi.errors import SignInError


async def refusal_of(sign_ins: Any, answer: Answer, proof: Any) -> SignInError:
    with pytest.raises(SignInError) as refusal:
        await sign_ins.ours.complete(answer, proof)
    return refusal.value


pytestmark = pytest.mark.asyncio(loop_scope="package")

FORGERIES: list[tuple[dict[str, Any], str]] = [
    ({"claims": {"nonce": "somebody else's"}}, "mismatch"),
    ({"claims": {"nonce": None}}, "mismatch"),
    ({"claims": {"aud": "another-client"}}, "mismatch"),
    ({"claims": {"aud": ["vasi-server", "another-client"]}}, "mismatch"),
    ({"claims": {"azp": "another-client"}}, "mismatch"),
    ({"claims": {"iss": "https://attacker.example"}}, "mismatch"),
    ({"claims": {"iss": None}}, "mismatch"),
    ({"claims": {"sub": None}}, "mismatch"),
    ({"claims": {"exp": None}}, "mismatch"),
    ({"claims": {"exp": 1_700_000_000}}, "expired"),
    ({"claims": {"exp": "never"}}, "mismatch"),
    ({"claims": {"iat": 32_000_000_000}}, "mismatch"),
    ({"claims": {"nbf": 32_000_000_000}}, "mismatch"),
    ({"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}}, "mismatch"),
    ({"answer": {"id_token": "no.token.atall"}}, "mismatch"),
    ({"answer": {"id_token": None}}, "provider_error"),
    ({"answer": {"access_token": 7}}, "provider_error"),
    ({"header": {"typ": "logout+jwt"}}, "mismatch"),
    ({"header": {"typ": "at+jwt"}}, "mismatch"),
    ({"header": {"kid": "unknown"}}, "mismatch"),
    ({"header": {"crit": ["exp"], "exp": 1}, "by": "none"}, "mismatch"),
    ({"by": "none"}, "mismatch"),
    ({"by": "public key"}, "mismatch"),
    ({"by": "stranger"}, "mismatch"),
]


async def test_a_forged_id_token_is_refused(at: Any) -> None:
    sign_ins = await at("generic")
    for forgery, failure in FORGERIES:
        assert await sign_ins.refused(forge=forgery) == failure, forgery


async def test_clocks_may_differ_a_little(at: Any) -> None:
    sign_ins = await at("generic")
    now = int(time.time())
    assert await sign_ins.sign_in(forge={"claims": {"exp": now - 20, "iat": now + 20}})
    assert await sign_ins.refused(forge={"claims": {"exp": now - 90}}) == "expired"


async def test_a_code_is_good_once(at: Any) -> None:
    sign_ins = await at("generic")
    answer, proof = await sign_ins.come_back()
    await sign_ins.ours.complete(answer, proof)
    assert (await refusal_of(sign_ins, answer, proof)).failure == "mismatch"


async def test_a_stolen_code_is_of_no_use_in_another_sign_in(at: Any) -> None:
    sign_ins = await at("generic")
    stolen, _ = await sign_ins.come_back("ann")
    _, own = await sign_ins.come_back("bob")
    assert (await refusal_of(sign_ins, stolen, own)).failure == "mismatch"  # the provider saw another challenge


async def test_an_injected_code_fails_by_its_nonce_alone(at: Any) -> None:
    sign_ins = await at("generic")
    stolen, proof = await sign_ins.come_back("ann")
    forged = msgspec.structs.replace(proof, nonce="that of another sign-in")
    refusal = await refusal_of(sign_ins, stolen, forged)
    assert (refusal.failure, "nonce" in refusal.detail) == ("mismatch", True)


async def test_an_answer_of_another_provider_isnt_taken_for_one_of_this(at: Any) -> None:
    sign_ins = await at("generic")
    answer, proof = await sign_ins.come_back()
    mixed_up = replace(answer, issuer="https://attacker.example")
    assert (await refusal_of(sign_ins, mixed_up, proof)).failure == "mismatch"
    unnamed = replace(answer, issuer="")
    assert (await refusal_of(sign_ins, unnamed, proof)).failure == "mismatch"
    assert (await sign_ins.ours.complete(answer, proof)).profile.subject == "ann"  # neither used up the code


async def test_a_provider_that_calls_itself_another_isnt_asked(at: Any) -> None:
    sign_ins = await at("generic")
    await sign_ins.service.do("forge", {"metadata": {"issuer": "https://attacker.example"}})
    with pytest.raises(SignInError, match="provider error"):
        await sign_ins.ours.begin("state", "http://127.0.0.1:9/auth/test/callback")


async def test_addresses_that_a_provider_names_are_addresses(at: Any) -> None:
    addresses = ("javascript:alert(1)", "file:///etc/passwd", "http://", "http://[::1")
    for address in addresses:
        sign_ins = await at("generic")
        await sign_ins.service.do("forge", {"metadata": {"authorization_endpoint": address}})
        with pytest.raises(SignInError, match="provider error"):
            await sign_ins.ours.begin("state", "http://127.0.0.1:9/auth/test/callback")


async def test_the_userinfo_of_somebody_else_isnt_taken(at: Any) -> None:
    sign_ins = await at("generic", {"claims_in_id_token": False})
    assert await sign_ins.refused(forge={"userinfo": {"sub": "bob"}}) == "mismatch"
    assert await sign_ins.refused(forge={"userinfo": {"sub": 7}}) == "mismatch"
