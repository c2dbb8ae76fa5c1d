"""Sign-ins that were begun belong to one browser, once, for a while; on every process of a server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from vasi.accounts.oidc.attempts import Attempt, SignInAttempts
from vasi.accounts.oidc.provider import Proof
from vasi.errors import SignInError
from vasi.knowledge.index import TextAnalyser
from vasi.storage.sqlite import SqliteStore

ATTEMPT = Attempt("test", Proof("nonce", "verifier", "http://here/callback"), "/notes", "an invitation")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "vasi.db", TextAnalyser())
    await opened.open()
    yield opened
    await opened.close()


async def failure_of(attempts: SignInAttempts, state: str, browser: str, provider: str = "test") -> str:
    with pytest.raises(SignInError) as refusal:
        await attempts.take(state, browser, provider)
    return refusal.value.failure


async def test_a_sign_in_comes_back_once_on_any_process(store: SqliteStore) -> None:
    one, other = SignInAttempts(store), SignInAttempts(store)
    state = one.new_state()
    await one.keep(state, "a browser", ATTEMPT)
    assert await other.take(state, "a browser", "test") == ATTEMPT
    assert await failure_of(one, state, "a browser") == "mismatch"


async def test_a_browser_may_begin_several_at_once(store: SqliteStore) -> None:
    attempts = SignInAttempts(store)
    states = [attempts.new_state() for _ in range(3)]
    for state in states:
        await attempts.keep(state, "a browser", ATTEMPT)
    for state in reversed(states):
        assert await attempts.take(state, "a browser", "test")


async def test_another_browser_or_provider_or_state_leads_nowhere(store: SqliteStore) -> None:
    attempts = SignInAttempts(store)
    state = attempts.new_state()
    await attempts.keep(state, "a browser", ATTEMPT)
    for forged in (attempts.new_state(), state + "x", "", "\udfff", "x" * 5000):
        assert await failure_of(attempts, forged, "a browser") == "mismatch"
    assert await failure_of(attempts, state, "another browser") == "mismatch"
    assert await failure_of(attempts, state, "") == "mismatch"
    assert await failure_of(attempts, state, "a browser", "another provider") == "mismatch"
    assert await failure_of(attempts, state, "a browser") == "mismatch"  # and it's used up by that


async def test_what_takes_too_long_is_told_so(store: SqliteStore) -> None:
    now = datetime.now(UTC)
    begun = SignInAttempts(store, clock=lambda: now)
    state = begun.new_state()
    await begun.keep(state, "a browser", ATTEMPT)
    later = SignInAttempts(store, clock=lambda: now + timedelta(minutes=11))
    assert await failure_of(later, state, "a browser") == "expired"


async def test_nothing_of_it_is_shown_in_logs(store: SqliteStore) -> None:
    shown = repr(ATTEMPT) + repr(ATTEMPT.proof)
    assert "verifier" not in shown
    assert "nonce" not in shown
    assert "invitation" not in shown
