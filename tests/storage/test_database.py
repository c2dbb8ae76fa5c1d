"""What is cancelled ends soon, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from vasi.knowledge.index import TextAnalyser
from vasi.storage.ports import NewDocument, NewPassage
from vasi.storage.sqlite import SqliteStore, schema
from vasi.storage.sqlite.database import Database

ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    path = tmp_path / "vasi.db"

    def prepare(db: sqlite3.Connection) -> None:
        schema.migrate(db, path)
        db.execute("CREATE TABLE things (name TEXT)")

    database = Database(path)
    await database.open(prepare)
    yield database
    await database.close()


async def test_a_cancelled_write_ends_and_keeps_nothing(database: Database) -> None:
    loop, begun = asyncio.get_running_loop(), asyncio.Event()

    def work(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO things VALUES ('half')")
        loop.call_soon_threadsafe(begun.set)
        db.execute(ENDLESS).fetchone()

    writing = asyncio.create_task(database.write(work))
    await begun.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    async with asyncio.timeout(20):
        await database.write(lambda db: db.execute("INSERT INTO things VALUES ('whole')"))
        assert await database.read(lambda db: db.execute("SELECT name FROM things").fetchall()) == [("whole",)]


async def test_a_document_that_is_cancelled_is_not_indexed_to_its_end(tmp_path: Path) -> None:
    loop, begun, taken = asyncio.get_running_loop(), asyncio.Event(), 0

    class Passages(list[NewPassage]):
        def __iter__(self) -> Iterator[NewPassage]:
            nonlocal taken
            while True:  # a document without an end
                taken += 1
                if taken == 3:
                    loop.call_soon_threadsafe(begun.set)
                yield NewPassage("walnut")

    store = SqliteStore(tmp_path / "vasi.db", TextAnalyser())
    await store.open()
    adding = asyncio.create_task(store.put_document("anna", NewDocument("/a", "a", "1", "text/plain", 1), Passages()))
    await begun.wait()
    adding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await adding
    async with asyncio.timeout(20):
        await store.close()  # waits for its threads
    assert taken >= 3
