"""Keys: what they stand for, how long, and that none of them is kept."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from vasi.accounts.ephemeral_keys import EphemeralKeys
from vasi.accounts.principals import REALTIME, Principal
from vasi.accounts.secrets import StaticKeys, digest_of, new_id, new_secret
from vasi.errors import AuthError
from vasi.knowledge.index import TextAnalyser
from vasi.storage.accounts import Identity, User, UserChanges
from vasi.storage.sqlite import SqliteStore
from vasi.testing.ephemeral_keys import EphemeralKeysInMemory

ANN = Principal("ann")
AT = datetime(2026, 11, 30, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = AT.timestamp()

    def __call__(self) -> float:
        return self.now


def keys(clock: Clock) -> EphemeralKeys:
    numbers = itertools.count(1)
    return EphemeralKeys(EphemeralKeysInMemory(), clock=clock, token=lambda: f"ek_random{next(numbers)}")


async def test_a_key_stands_for_who_made_it_until_it_expires() -> None:
    clock = Clock()
    made = keys(clock)
    value, expires_at = await made.mint(ANN, b'{"voice":1}', 60)
    assert (value, expires_at) == ("ek_random1", clock.now + 60)
    clock.now += 59.9
    for _ in range(3):
        principal = await made.principal(value)
        assert (principal.owner, principal.config, principal.scopes) == ("ann", {"voice": 1}, {REALTIME})
        assert principal.ephemeral
    clock.now += 0.1
    with pytest.raises(AuthError, match="expired"):
        await made.principal(value)


@pytest.mark.parametrize("value", ["ek_", "ek_random2", "random1", "", "ek_random1 ", "ek_\udcff"])
async def test_another_key_stands_for_nothing(value: str) -> None:
    made = keys(Clock())
    await made.mint(ANN, b"{}", 60)
    with pytest.raises(AuthError):
        await made.principal(value)


async def test_a_key_ends_with_the_sign_in_that_made_it_on_every_process(tmp_path: Path) -> None:
    clock = Clock()
    stores = [SqliteStore(tmp_path / "vasi.db", TextAnalyser()) for _ in range(2)]
    for store in stores:
        await store.open()
    here, there = (EphemeralKeys(store, clock=clock) for store in stores)
    user = User("user_ann", "Ann", "", "user", (), disabled=False, created_at=AT)
    await stores[0].find_or_add_user(Identity("i", "s"), user)
    until = clock.now + 30
    lasting, expires_at = await here.mint(Principal(user.id, expires_at=until), b"{}", 60)
    assert expires_at == until
    assert (await there.principal(lasting)).expires_at == until
    of_session, _ = await here.mint(Principal(user.id, session="sess_gone"), b"{}", 60)
    with pytest.raises(AuthError, match="ended with the sign-in"):
        await there.principal(of_session)
    await stores[1].update_user(user.id, UserChanges(disabled=True))
    with pytest.raises(AuthError):
        await here.principal(lasting)
    for store in stores:
        await store.close()
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert lasting.encode() not in content
    assert lasting.removeprefix("ek_").encode() not in content
    assert digest_of(lasting) in content


def test_secrets_fit_everywhere_and_differ() -> None:
    values = {new_secret("ek_") for _ in range(50)}
    assert len(values) == 50
    assert all(value.replace("-", "").replace("_", "").isalnum() and len(value) > 40 for value in values)
    ids = {new_id("sess") for _ in range(50)}
    assert len(ids) == 50
    assert all(one.startswith("sess_") and one.removeprefix("sess_").isalnum() for one in ids)


def test_static_keys() -> None:
    assert not StaticKeys().wanted
    static = StaticKeys(["one-key-of-the-server", "another-key-of-it"])
    assert static.wanted
    assert "another-key-of-it" in static
    assert "another-key-of-i" not in static
    assert "" not in static
    assert static.has_digest(digest_of("one-key-of-the-server"))
    assert "one-key" not in repr(vars(static))


async def test_expired_keys_make_room() -> None:
    clock, store = Clock(), EphemeralKeysInMemory(most=1)
    made = EphemeralKeys(store, clock=clock)
    await made.mint(ANN, b"{}", 10)
    clock.now += timedelta(seconds=10).total_seconds()
    await made.mint(ANN, b"{}", 10)
