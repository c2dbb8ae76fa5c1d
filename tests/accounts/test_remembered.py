"""Who showed a secret lately is remembered only as long as the store says that nobody lost access."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from vasi.accounts import accounts
from vasi.accounts.principals import Principal
from vasi.accounts.remembered import FRESH_S, Remembered, RememberedPrincipals
from vasi.app.package_settings import account_settings
from vasi.config import Settings
from vasi.errors import StoreError
from vasi.knowledge.index import TextAnalyser
from vasi.storage.sqlite import SqliteStore


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def entry(owner: str = "ann") -> Remembered:
    return Remembered(Principal(owner), None, 0)


def test_nothing_is_remembered_without_looks(clock: Clock) -> None:
    remembered = RememberedPrincipals(clock=clock)
    remembered.put(b"1", entry(), remembered.generation)
    assert remembered.get(b"1") is None


def test_it_is_believed_for_a_moment_after_a_look(clock: Clock) -> None:
    remembered = RememberedPrincipals(clock=clock)
    remembered.confirm(changed=False)
    remembered.put(b"1", entry(), remembered.generation)
    clock.now += FRESH_S - 0.1
    assert remembered.get(b"1") is not None
    remembered.confirm(changed=False)
    clock.now += FRESH_S - 0.1
    assert remembered.get(b"1") is not None
    clock.now += 0.1
    assert remembered.get(b"1") is None, "the store doesn't answer any more"
    remembered.confirm(changed=False)
    assert remembered.get(b"1") is None


def test_a_change_forgets_all_and_what_was_read_before_it(clock: Clock) -> None:
    remembered = RememberedPrincipals(clock=clock)
    remembered.confirm(changed=True)
    remembered.put(b"1", entry(), remembered.generation)
    read_at = remembered.generation
    remembered.confirm(changed=True)
    assert remembered.get(b"1") is None
    remembered.put(b"1", entry(), read_at)
    assert remembered.get(b"1") is None
    remembered.put(b"1", entry(), remembered.generation)
    assert remembered.get(b"1") is not None


def test_it_is_bounded_and_the_oldest_goes(clock: Clock) -> None:
    remembered = RememberedPrincipals(3, clock)
    remembered.confirm(changed=True)
    for number in range(10):
        remembered.put(b"%d" % number, entry(), remembered.generation)
    assert len(remembered) == 3
    assert [remembered.get(b"%d" % number) is not None for number in (6, 7, 8, 9)] == [False, True, True, True]
    remembered.drop(b"9")
    assert remembered.get(b"9") is None


async def test_looks_go_on_after_one_that_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "LOOK_S", 0.01)
    looked = asyncio.Event()
    failures = iter([StoreError("The disk is full."), RuntimeError("a fault")])

    class Faulty(SqliteStore):
        async def access_revision(self) -> int:
            for failure in failures:
                raise failure
            looked.set()
            return 1

    store = Faulty(tmp_path / "vasi.db", TextAnalyser())
    await store.open()
    running = asyncio.create_task(accounts.Accounts(store, account_settings(Settings())).run())
    async with asyncio.timeout(20):
        await looked.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await store.close()
