"""What every store keeps of accounts, and what it lets go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from vasi.errors import LimitError, NotFoundError, StoreError
from vasi.storage.accounts import (
    ApiKey,
    BrowserSession,
    EphemeralSecret,
    Identity,
    Invitation,
    User,
    UserChanges,
    UserLimits,
)
from vasi.storage.ports import NewDocument, NewPassage, Store

AT = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
ANN = User("user_ann", "Ann", "ann@example.com", "user", ("staff",), disabled=False, created_at=AT)
BEN = replace(ANN, id="user_ben", name="Ben", email="", groups=(), role="administrator", created_at=LATER)
ANNS = Identity("https://login.example.com", "ann-1", "tenant", "object")
BENS = Identity("https://login.example.com", "ben-1")


@pytest.fixture
async def accounts(store: Store) -> Store:
    """A store that knows two users."""
    for identity, user in ((ANNS, ANN), (BENS, BEN)):
        assert await store.find_or_add_user(identity, user) == (user, True)
    return store


def session(number: int, user: str = ANN.id, **changes: object) -> BrowserSession:
    made = BrowserSession(f"sess_{number}", user, AT, AT, AT + timedelta(days=30), "10.0.0.1", "Firefox")
    return replace(made, **changes)


def key(number: int, user: str = ANN.id, **changes: object) -> ApiKey:
    return replace(ApiKey(f"key_{number}", user, "laptop", "vasi_…abcd", ("realtime", "read"), AT), **changes)


def secret(owner: str = ANN.id, **changes: object) -> EphemeralSecret:
    return replace(EphemeralSecret(owner, "sess_1", "", b'{"voice":"ash"}', LATER, None), **changes)


# --- users ------------------------------------------------------------------------------------------------------------
async def test_a_user_is_known_by_issuer_and_subject_alone(accounts: Store) -> None:
    again = replace(ANN, id="user_other", name="Ann Other")
    assert await accounts.find_or_add_user(replace(ANNS, tenant="", object_id=""), again) == (ANN, False)
    assert await accounts.user_by_identity(ANNS.issuer, ANNS.subject) == ANN
    for issuer, subject in (("https://other.example.com", ANNS.subject), (ANNS.issuer, "ann"), (ANNS.issuer, "")):
        assert await accounts.user_by_identity(issuer, subject) is None
    assert await accounts.users() == [ANN, BEN]
    assert await accounts.identities(ANN.id) == [ANNS]
    with pytest.raises(NotFoundError):
        await accounts.user("user_other")


async def test_two_first_sign_ins_at_once_make_one_account(open_store: Callable[[], Awaitable[Store]]) -> None:
    stores = [await open_store(), await open_store()]
    made = await asyncio.gather(
        *(store.find_or_add_user(ANNS, replace(ANN, id=f"user_{number}")) for number, store in enumerate(stores))
    )
    assert sorted(added for _, added in made) == [False, True]
    assert made[0][0] == made[1][0]
    assert len(await stores[0].users()) == 1


async def test_a_user_changes_by_what_is_given(accounts: Store) -> None:
    limits = UserLimits(tokens_per_day=1_000)
    changed = await accounts.update_user(ANN.id, UserChanges(role="administrator", limits=limits, seen_at=LATER))
    assert changed == replace(ANN, role="administrator", limits=limits, seen_at=LATER)
    assert await accounts.user(ANN.id) == changed
    disabled = await accounts.update_user(ANN.id, UserChanges(disabled=True, groups=(), limits=UserLimits()))
    assert disabled == replace(changed, disabled=True, groups=(), limits=UserLimits())
    with pytest.raises(NotFoundError):
        await accounts.update_user("user_nobody", UserChanges(disabled=True))


async def test_an_administrator_who_is_disabled_is_none(accounts: Store) -> None:
    assert await accounts.has_administrator()
    await accounts.update_user(BEN.id, UserChanges(disabled=True))
    assert not await accounts.has_administrator()


async def test_removing_a_user_removes_what_lets_them_in(accounts: Store) -> None:
    await accounts.add_session(b"s", session(1))
    await accounts.add_key(b"k", key(1))
    await accounts.add_secret(b"e", secret(), at=AT)
    await accounts.add_session(b"b", session(2, BEN.id))
    await accounts.remove_user(ANN.id)
    assert await accounts.session_by_digest(b"s") is None
    assert await accounts.key_by_digest(b"k") is None
    assert await accounts.secret_by_digest(b"e") is None
    assert await accounts.user_by_identity(ANNS.issuer, ANNS.subject) is None
    assert await accounts.session_by_digest(b"b") == (session(2, BEN.id), BEN)
    with pytest.raises(NotFoundError):
        await accounts.remove_user(ANN.id)


async def test_rows_of_before_are_given_to_an_account(accounts: Store) -> None:
    document = NewDocument("upload:1", "garden.md", "d", "text/markdown", 5)
    await accounts.put_document("local", document, [NewPassage("The walnut tree is old.")])
    note = await accounts.add_note("local", "Water the walnut", at=AT)
    await accounts.adopt("local", ANN.id)
    assert [one.name for one in await accounts.documents(ANN.id)] == ["garden.md"]
    assert [one.id for one in await accounts.notes(ANN.id)] == [note.id]
    assert await accounts.documents("local") == []
    assert await accounts.notes("local") == []
    assert len(await accounts.texts(ANN.id)) == 2
    # What is added then belongs to who adds it.
    await accounts.add_note("local", "Another walnut", at=AT)
    assert len(await accounts.notes(ANN.id)) == len(await accounts.notes("local")) == 1
    with pytest.raises(StoreError) as refused:
        await accounts.adopt("local", ANN.id)
    assert refused.value.code == "not_empty"
    with pytest.raises(NotFoundError):
        await accounts.adopt("nobody", BEN.id)


# --- sessions and keys ------------------------------------------------------------------------------------------------
async def test_a_session_is_found_by_its_digest_with_its_user(accounts: Store) -> None:
    kept = session(1, issuer=ANNS.issuer, sid="sid-1", tokens=b"\x00refresh")
    await accounts.add_session(b"digest", kept)
    assert await accounts.session_by_digest(b"digest") == (kept, ANN)
    assert await accounts.session_by_digest(b"diges") is None
    await accounts.add_session(b"local", session(2, "local"))
    assert await accounts.session_by_digest(b"local") == (session(2, "local"), None)
    await accounts.session_used("sess_1", LATER, b"new")
    await accounts.session_used("sess_gone", LATER)
    assert await accounts.session_by_digest(b"digest") == (replace(kept, used_at=LATER, tokens=b"new"), ANN)
    await accounts.session_used("sess_1", AT)
    assert await accounts.sessions(ANN.id) == [replace(kept, used_at=LATER, tokens=b"new")]


async def test_sessions_end_by_whose_they_are(accounts: Store) -> None:
    for number in range(3):
        await accounts.add_session(b"%d" % number, session(number))
    await accounts.add_session(b"ben", session(9, BEN.id))
    with pytest.raises(NotFoundError):
        await accounts.end_session(BEN.id, "sess_0")
    await accounts.end_session(ANN.id, "sess_0")
    with pytest.raises(NotFoundError):
        await accounts.end_session(ANN.id, "sess_0")
    assert await accounts.end_sessions(ANN.id, but="sess_1") == 1
    assert [one.id for one in await accounts.sessions(ANN.id)] == ["sess_1"]
    assert await accounts.end_sessions(ANN.id) == 1
    assert await accounts.session_by_digest(b"ben") is not None


async def test_a_provider_finds_its_own_sessions(accounts: Store) -> None:
    await accounts.add_session(b"1", session(1, issuer=ANNS.issuer, sid="one"))
    await accounts.add_session(b"2", session(2, issuer=ANNS.issuer, sid="two"))
    await accounts.add_session(b"3", session(3, BEN.id, issuer=ANNS.issuer, sid="three"))
    await accounts.add_session(b"4", session(4, issuer="https://other.example.com", sid="one"))

    async def found(sid: str | None, subject: str | None, issuer: str = ANNS.issuer) -> list[str]:
        return sorted(one.id for one in await accounts.sessions_at_provider(issuer, sid, subject))

    assert await found("one", None) == ["sess_1"]
    assert await found(None, ANNS.subject) == ["sess_1", "sess_2"]
    assert await found("three", ANNS.subject) == ["sess_1", "sess_2", "sess_3"]
    assert await found(None, None) == []
    assert await found("one", None, "https://other.example.com") == ["sess_4"]


async def test_keys(accounts: Store) -> None:
    await accounts.add_key(b"1", key(1, expires_at=LATER))
    await accounts.add_key(b"2", key(2, "local"))
    assert await accounts.key_by_digest(b"1") == (key(1, expires_at=LATER), ANN)
    assert await accounts.key_by_digest(b"2") == (key(2, "local"), None)
    assert await accounts.key_by_digest(b"3") is None
    await accounts.key_used("key_1", LATER)
    await accounts.key_used("key_9", LATER)
    assert await accounts.keys(ANN.id) == [key(1, expires_at=LATER, used_at=LATER)]
    with pytest.raises(NotFoundError):
        await accounts.remove_key(BEN.id, "key_1")
    await accounts.remove_key(ANN.id, "key_1")
    assert await accounts.key_by_digest(b"1") is None


async def test_short_lived_keys_are_known_to_every_process(open_store: Callable[[], Awaitable[Store]]) -> None:
    here, there = await open_store(), await open_store()
    await here.add_secret(b"1", secret(sign_in_expires_at=LATER), at=AT)
    assert await there.secret_by_digest(b"1") == (secret(sign_in_expires_at=LATER), None)
    assert await there.secret_by_digest(b"2") is None


async def test_one_owner_has_so_many_short_lived_keys_and_expired_ones_make_room(accounts: Store) -> None:
    big = b"x" * (8 * 1024 * 1024)
    for number in range(8):
        await accounts.add_secret(b"%d" % number, secret(config=big), at=AT)
    with pytest.raises(LimitError) as refused:
        await accounts.add_secret(b"9", secret(config=big), at=AT)
    assert refused.value.code == "rate_limit_exceeded"
    await accounts.add_secret(b"9", secret(config=big, expires_at=LATER + timedelta(1)), at=LATER)
    assert await accounts.secret_by_digest(b"1") is None


async def test_a_token_is_taken_once_by_whoever_is_first(open_store: Callable[[], Awaitable[Store]]) -> None:
    here, there = await open_store(), await open_store()
    await here.put_token("state", b"1", b"content", LATER)
    assert await there.take_token("code", b"1", AT) is None
    taken = await asyncio.gather(*(store.take_token("state", b"1", AT) for store in (here, there, here, there)))
    assert sorted(taken, key=bool) == [None, None, None, b"content"]
    await here.put_token("state", b"2", b"late", LATER)
    assert await there.take_token("state", b"2", LATER) is None
    assert await here.add_token("seen", b"3", b"", LATER)
    assert not await there.add_token("seen", b"3", b"", LATER)
    await here.drop_tokens("seen")
    assert await there.add_token("seen", b"3", b"", LATER)


async def test_invitations_are_used_once(accounts: Store) -> None:
    invitation = Invitation("inv_1", "carl@example.com", "user", ("staff",), BEN.id, AT, LATER)
    await accounts.add_invitation(b"link", invitation)
    assert await accounts.invitation_by_digest(b"link") == invitation
    assert await accounts.invitation_by_digest(b"lin") is None
    assert await accounts.invitations() == [invitation]
    assert sorted(await asyncio.gather(*(accounts.take_invitation("inv_1") for _ in range(3)))) == [False, False, True]
    assert await accounts.invitation_by_digest(b"link") is None
    with pytest.raises(NotFoundError):
        await accounts.remove_invitation("inv_1")


# --- what ends --------------------------------------------------------------------------------------------------------
async def test_every_process_sees_that_somebody_lost_access(
    accounts: Store, open_store: Callable[[], Awaitable[Store]]
) -> None:
    other = await open_store()
    await accounts.add_session(b"1", session(1))
    await accounts.add_session(b"2", session(2))
    await accounts.add_key(b"1", key(1))
    seen = await other.access_revision()

    async def grew() -> bool:
        nonlocal seen
        before, seen = seen, await other.access_revision()
        return seen > before

    assert not await grew()
    await accounts.session_used("sess_1", LATER)
    await accounts.key_used("key_1", LATER)
    await accounts.update_user(ANN.id, UserChanges(name="Anna", seen_at=LATER))
    await accounts.add_session(b"3", session(3))
    assert not await grew()
    await accounts.end_session(ANN.id, "sess_1")
    assert await grew()
    await accounts.end_sessions(ANN.id)
    assert await grew()
    await accounts.remove_key(ANN.id, "key_1")
    assert await grew()
    for changes in (UserChanges(disabled=True), UserChanges(role="user"), UserChanges(groups=("x",))):
        await accounts.update_user(BEN.id, changes)
        assert await grew()
    await accounts.remove_user(BEN.id)
    assert await grew()


async def test_what_opened_a_connection_is_valid_until_it_ends(accounts: Store) -> None:
    await accounts.add_session(b"1", session(1, expires_at=LATER))
    await accounts.add_key(b"1", key(1, expires_at=LATER))
    await accounts.add_key(b"2", key(2, "local"))

    async def valid(user: str, session_id: str = "", key_id: str = "", at: datetime = AT) -> bool:
        return (await accounts.is_valid(user, session_id, key_id, at))[0]

    assert await accounts.is_valid(ANN.id, "sess_1", "key_1", AT) == (True, ANN)
    assert await accounts.is_valid("local", "", "key_2", AT) == (True, None)
    assert await valid(ANN.id)
    assert await valid("somebody whom another sign-in vouches for")
    assert not await valid("user_nobody")
    assert not await valid(BEN.id, "sess_1"), "it's another user's"
    assert not await valid(ANN.id, "", "key_2")
    assert [await valid(ANN.id, "sess_1", at=LATER), await valid(ANN.id, "", "key_1", LATER)] == [False, False]
    await accounts.end_session(ANN.id, "sess_1")
    await accounts.remove_key(ANN.id, "key_1")
    assert [await valid(ANN.id, "sess_1"), await valid(ANN.id, "", "key_1"), await valid(ANN.id)] == [
        False,
        False,
        True,
    ]
    await accounts.update_user(ANN.id, UserChanges(disabled=True))
    assert not await valid(ANN.id)


async def test_what_has_expired_is_removed(accounts: Store) -> None:
    await accounts.add_session(b"used", session(1, used_at=LATER))
    await accounts.add_session(b"unused", session(2))
    await accounts.add_session(b"over", session(3, used_at=LATER, expires_at=LATER))
    await accounts.add_key(b"over", key(1, expires_at=LATER))
    await accounts.add_key(b"never", key(2))
    await accounts.put_token("state", b"over", b"", LATER)
    await accounts.add_invitation(b"over", Invitation("inv_1", "", "user", (), "", AT, LATER))
    await accounts.remove_expired(LATER, unused_since=AT)
    assert [one.id for one in await accounts.sessions(ANN.id)] == ["sess_1"]
    assert [one.id for one in await accounts.keys(ANN.id)] == ["key_2"]
    assert await accounts.invitations() == []
    assert await accounts.add_token("state", b"over", b"", LATER)


async def test_the_log_is_read_from_its_end(accounts: Store) -> None:
    for number in range(5):
        await accounts.add_audit(AT, (ANN if number % 2 else BEN).id, "sign_in", f"s{number}", "10.0.0.1", "")
    await accounts.add_audit(LATER, BEN.id, "user_changed", ANN.id, "", "role")
    newest = await accounts.audit(limit=2)
    assert [(one.action, one.subject) for one in newest] == [("user_changed", ANN.id), ("sign_in", "s4")]
    older = await accounts.audit(before=newest[-1].seq)
    assert [one.subject for one in older] == ["s3", "s2", "s1", "s0"]
    assert [one.subject for one in await accounts.audit(user=ANN.id)] == [ANN.id, "s3", "s1"]
