"""The server of the database goes away and comes back: clients wait, and nothing that was acknowledged is lost."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.postgres_server import PostgresServer, make_server
from vasi.errors import StoreError
from vasi.knowledge.index import Index, TextAnalyser
from vasi.storage.postgres.address import parse_address
from vasi.storage.postgres.store import PostgresStore

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
ROUNDS = 5


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    server = make_server()
    yield server
    server.stop(signal.SIGQUIT)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["shut down", "crashed"])
async def test_nothing_acknowledged_is_lost_when_the_server_restarts(
    server: PostgresServer, how: signal.Signals
) -> None:
    store = PostgresStore(parse_address(server.database(how.name)), TextAnalyser())
    await store.open()
    acknowledged: set[str] = set()
    unknown = 0
    resting = asyncio.Event()

    async def write(owner: str) -> None:
        nonlocal unknown
        while not resting.is_set():
            try:
                acknowledged.add((await store.add_note(owner, "walnut", at=NOON)).id)
            except StoreError as error:
                if "look whether it was kept" not in error.message:
                    raise
                unknown += 1

    async def kept() -> set[str]:
        return {note.id for owner in ("anna", "ben") for note in await store.notes(owner, limit=1_000_000)}

    async with asyncio.TaskGroup() as group:
        for number in range(6):
            group.create_task(write(("anna", "ben")[number % 2]))
        for _ in range(ROUNDS):
            before = len(acknowledged)
            while len(acknowledged) < before + 20:
                await asyncio.sleep(0.005)
            await asyncio.to_thread(server.stop, how)
            await asyncio.to_thread(server.start)
        before = len(acknowledged)
        while len(acknowledged) < before + 20:
            await asyncio.sleep(0.005)
        resting.set()
    there = await kept()
    assert acknowledged <= there
    assert len(there) <= len(acknowledged) + unknown
    assert await store.check() == []
    assert len(await Index(store, TextAnalyser()).search_words("anna", ["walnut"], 1_000_000)) == min(
        len(await store.notes("anna", limit=1_000_000)), 1_000
    )
    await store.close()


async def test_changes_of_others_are_heard_of_after_a_restart(server: PostgresServer) -> None:
    heard = asyncio.Event()
    address = parse_address(server.database("heard"))
    one, other = PostgresStore(address, TextAnalyser()), PostgresStore(address, TextAnalyser(), changed=heard.set)
    await one.open()
    await other.open()
    await asyncio.to_thread(server.stop)
    await asyncio.to_thread(server.start)
    async with asyncio.timeout(30):
        await heard.wait()  # it listens again, and says that anything may have happened
        heard.clear()
        await one.add_note("anna", "x", at=NOON)
        await heard.wait()
    await one.close()
    await other.close()


async def test_a_server_that_stays_away_is_an_error_that_says_what_to_do(server: PostgresServer) -> None:
    store = PostgresStore(parse_address(server.database("away")), TextAnalyser())
    await store.open()
    await asyncio.to_thread(server.stop)
    try:
        with pytest.raises(StoreError, match=r"can't be reached|started or stopped") as error:
            await store.notes("anna")
        assert "127.0.0.1" not in error.value.message
        assert f"127.0.0.1:{server.port}/away" in str(error.value)
    finally:
        await asyncio.to_thread(server.start)
    assert await store.notes("anna") == []
    await store.close()
