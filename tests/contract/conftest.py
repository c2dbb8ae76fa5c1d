"""The stores that the contract is checked on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.postgres_server import database_of, shared_server
from vasi.knowledge.index import Index, TextAnalyser
from vasi.storage.ports import Maintenance, Store
from vasi.storage.postgres.address import parse_address
from vasi.storage.postgres.store import PostgresStore
from vasi.storage.sqlite import SqliteStore
from vasi.storage.terms import Analyser

ANALYSER = TextAnalyser()


def index(store: Store) -> Index:
    """The index over a store of ``OPENERS``."""
    return Index(store, ANALYSER)


async def problems(store: Store) -> list[str]:
    """What the store finds wrong with itself; of a store without ``Maintenance`` nothing is known."""
    return await store.check() if isinstance(store, Maintenance) else []


async def _sqlite(folder: Path, analyser: Analyser) -> Store:
    store = SqliteStore(folder / "vasi.db", analyser)
    await store.open()
    return store


async def _postgresql(folder: Path, analyser: Analyser) -> Store:
    store = PostgresStore(parse_address(shared_server().database(database_of(folder))), analyser)
    await store.open()
    return store


OPENERS: dict[str, Callable[[Path, Analyser], Awaitable[Store]]] = {"postgresql": _postgresql, "sqlite": _sqlite}
"""Opens the store of a folder: the same folder gives the same rows again."""


@pytest.fixture(params=sorted(OPENERS))
async def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Callable[[], Awaitable[Store]]]:
    """Opens the test's store, as often as it likes; all are closed at its end."""
    async with AsyncExitStack() as stack:

        async def opened() -> Store:
            store = await OPENERS[request.param](tmp_path, ANALYSER)
            stack.push_async_callback(store.close)
            return store

        yield opened


@pytest.fixture
async def store(open_store: Callable[[], Awaitable[Store]]) -> Store:
    return await open_store()
