"""What PostgreSQL adds to the contract: the second wall, news between processes, poolers, and what errors say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import numpy as np
import pytest

from tests.pgbouncer import pooled
from tests.postgres_server import PostgresServer, database_of, shared_server
from vasi.config import Settings
from vasi.errors import ConfigError, NotFoundError, StoreError
from vasi.knowledge.index import Index, TextAnalyser
from vasi.protocol.items import InputText, Message
from vasi.storage.choice import make_store
from vasi.storage.ports import NewDocument, NewPassage
from vasi.storage.postgres.address import parse_address
from vasi.storage.postgres.store import PostgresStore
from vasi.storage.recorded import RecordedItem
from vasi.storage.spending import Spent

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
ANALYSER = TextAnalyser()
FILLED = {
    "documents", "notes", "former_notes", "segments", "passages", "postings", "vectors", "conversations",
    "conversation_items", "changes", "spending",
}  # fmt: skip


@pytest.fixture(scope="module")
def server() -> PostgresServer:
    return shared_server()


@pytest.fixture
def url(server: PostgresServer, tmp_path: Path) -> str:
    return server.database(database_of(tmp_path))


@pytest.fixture
async def opened() -> AsyncIterator[Callable[..., object]]:
    async with AsyncExitStack() as stack:

        async def open_store(url: str, changed: Callable[[], None] = lambda: None) -> PostgresStore:
            store = PostgresStore(parse_address(url), ANALYSER, changed=changed)
            stack.push_async_callback(store.close)
            await store.open()
            return store

        yield open_store


async def fill(store: PostgresStore, owner: str) -> None:
    """Something in every table that has rows of owners."""
    given = NewDocument(f"/{owner}.md", f"{owner}.md", "d", "text/markdown", 1)
    await store.put_document(owner, given, [NewPassage(f"The walnuts of {owner}")])
    note = await store.add_note(owner, f"A note of {owner}", at=NOON)
    await store.update_note(owner, note.id, f"Another note of {owner}", at=NOON)
    passages = await store.without_vectors(owner, "m", 10)
    await store.put_vectors(owner, "m", {one.id: np.array([1, 0], np.float32) for one in passages})
    await store.begin_conversation(owner, f"conv_{owner}", at=NOON)
    said = Message(id="item_1", role="user", content=[InputText(text=f"I am {owner}")], status="completed")
    await store.put_item(owner, f"conv_{owner}", RecordedItem(said, NOON), at=NOON)
    await store.spend(owner, NOON.date(), Spent(1, 1.0))


# --- the second wall --------------------------------------------------------------------------------------------------
async def test_a_query_sees_the_rows_of_those_owners_alone_that_its_transaction_names(url: str, opened) -> None:
    store = await opened(url)
    await fill(store, "anna")
    await fill(store, "ben")
    connection = await asyncpg.connect(url)
    try:

        async def counts() -> dict[str, int]:
            return {table: await connection.fetchval(f"SELECT count(*) FROM vasi.{table}") for table in FILLED}

        assert set((await counts()).values()) == {0}, "without a setting nobody's rows are seen"
        for setting in ("", "[]", '["nobody"]'):
            await connection.execute("SELECT set_config('vasi.owners', $1, false)", setting)
            assert set((await counts()).values()) == {0}
        await connection.execute("SELECT set_config('vasi.owners', '[\"anna\"]', false)")
        anna = await counts()
        assert min(anna.values()) > 0
        await connection.execute("SELECT set_config('vasi.owners', '[\"anna\", \"ben\"]', false)")
        both = await counts()
        assert {table for table in FILLED if both[table] == 2 * anna[table]} >= FILLED - {"postings"}
        assert both["postings"] > anna["postings"]
        await connection.execute("SELECT set_config('vasi.owners', '[\"anna\"]', false)")
        ben = await connection.fetchval("SELECT id FROM vasi.owners WHERE name = 'ben'")
        assert await connection.execute("UPDATE vasi.notes SET text = 'x' WHERE owner_id = $1", ben) == "UPDATE 0"
        assert await connection.execute("DELETE FROM vasi.documents WHERE owner_id = $1", ben) == "DELETE 0"
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await connection.execute(
                "INSERT INTO vasi.spending (owner_id, day, tokens, seconds) VALUES ($1, '2026-01-01', 1, 1)", ben
            )
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await connection.execute("UPDATE vasi.notes SET owner_id = $1", ben)
    finally:
        await connection.close()
    assert await store.check() == []


async def test_every_table_with_rows_of_owners_is_guarded(url: str, opened, server: PostgresServer) -> None:
    await opened(url)
    tables = server.sql(
        "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c JOIN pg_attribute a"
        " ON a.attrelid = c.oid AND a.attname = 'owner_id' WHERE c.relkind = 'r'"
        " AND c.relnamespace = 'vasi'::regnamespace",
        url.rpartition("/")[2],
    )
    guarded = dict(line.split("|") for line in tables.splitlines())
    # Who sees which collection is asked of all collections.
    assert {name for name, on in guarded.items() if on != "t"} == {"collections"}
    assert set(guarded) >= FILLED


async def test_a_transaction_of_the_store_reaches_nobody_else_whatever_its_queries_ask(url: str, opened) -> None:
    store = await opened(url)
    await fill(store, "anna")
    await fill(store, "ben")

    async def all_texts(db) -> set[str]:
        return {text for (text,) in await db.fetch("SELECT text FROM passages")}

    assert await store._database.read("ben", all_texts) == {"The walnuts of ben", "Another note of ben"}
    assert await store._database.read("nobody", all_texts) == set()
    assert len(await store._database.read(("ben", "anna"), all_texts)) == 4


async def test_an_owner_may_be_called_like_syntax(url: str, opened) -> None:
    store = await opened(url)
    names = ["*", "'", "''; DROP TABLE vasi.notes; --", '"]', "\\", "%", "ü", "\0", '["anna"]', "", " "]
    for name in names:
        await store.add_note(name, f"of {name}", at=NOON)
    for name in names:
        assert [note.text for note in await store.notes(name)] == [f"of {name}"]
    assert await store.check() == []


async def test_a_text_of_any_characters_comes_back(url: str, opened) -> None:
    store = await opened(url)
    for text in ("\0", "a\0b", "\U0010ffff", "\U0010ffff0", "\U0010ffff1\0", "\x1a", "𝔠", "\r\n\t "):
        note = await store.add_note("anna", text, tags=(text,), at=NOON)
        assert (await store.note("anna", note.id)).text == text
        assert [one.id for one in await store.notes("anna", tag=text)] == [note.id]
        said = Message(id="item_1", role="user", content=[InputText(text=text)], status="completed")
        await store.begin_conversation("anna", f"conv_{note.id}", at=NOON)
        await store.put_item("anna", f"conv_{note.id}", RecordedItem(said, NOON), at=NOON)
        (item,) = await store.conversation_items("anna", f"conv_{note.id}")
        assert item.item == said
    with pytest.raises(StoreError, match="surrogates"):
        await store.add_note("anna", "\ud800", at=NOON)


# --- news -------------------------------------------------------------------------------------------------------------
async def test_another_process_is_told_of_changes(url: str, opened) -> None:
    one_heard, other_heard = asyncio.Event(), asyncio.Event()
    one = await opened(url, one_heard.set)
    await opened(url, other_heard.set)
    for _ in range(3):
        other_heard.clear()
        await one.add_note("anna", "news", at=NOON)
        assert one_heard.is_set()
        await asyncio.wait_for(other_heard.wait(), 10)


# --- a pooler in between ----------------------------------------------------------------------------------------------
async def test_connections_may_be_pooled_by_transaction(server: PostgresServer, url: str, opened) -> None:
    with pooled(server, url) as through:
        heard = asyncio.Event()
        stores = [await opened(f"{through}?pool_size=8", changed) for changed in (lambda: None, heard.set)]

        async def use(number: int) -> None:
            store, owner = stores[number % 2], f"owner{number % 5}"
            note = await store.add_note(owner, f"walnut number{number}", at=NOON)
            given = NewDocument(f"/{number}", f"{number}", "d", "text/plain", 1)
            await store.put_document(owner, given, [NewPassage(f"almond number{number}")])
            hits = await Index(stores[(number + 1) % 2], ANALYSER).search_words(owner, [f"number{number}"], 5)
            assert len(hits) == 2
            await stores[(number + 1) % 2].update_note(owner, note.id, "changed", at=NOON + timedelta(1))

        await asyncio.gather(*(use(number) for number in range(40)))
        assert sum([len(await stores[0].notes(f"owner{number}")) for number in range(5)]) == 40
        assert await stores[0].check() == []
        heard.clear()
        await stores[0].add_note("anna", "news", at=NOON)
        await asyncio.wait_for(heard.wait(), 10)


# --- vectors ----------------------------------------------------------------------------------------------------------
async def test_an_owner_with_many_vectors_gets_an_index_over_theirs_alone(server: PostgresServer, url: str) -> None:
    store = PostgresStore(parse_address(url), ANALYSER, exact_up_to=500)
    await store.open()
    try:
        noise = np.random.default_rng(5)
        for owner, count in (("anna", 800), ("ben", 100)):
            given = NewDocument("/a", "a", "d", "text/plain", 1)
            await store.put_document(owner, given, [NewPassage(f"passage {number}") for number in range(count)])
            await store.add_note(owner, "a note", at=NOON)
            passages = await store.without_vectors(owner, "it's", 1_000)
            rows = noise.normal(size=(len(passages), 32)).astype(np.float32)
            rows /= np.linalg.norm(rows, axis=1, keepdims=True)
            await store.put_vectors(owner, "it's", {one.id: row for one, row in zip(passages, rows, strict=True)})
            found = wanted = 0
            for asked in rows[:20]:
                nearest = {passages[place].id for place in np.argsort(-(rows @ asked))[:10]}
                hits = await store.search_vectors(owner, "it's", asked, 10)
                found += len(nearest & {hit.passage_id for hit in hits})
                wanted += 10
            assert found >= 0.98 * wanted
            (note,) = await store.search_vectors(owner, "it's", rows[0], 5, ("note",))
            assert (await store.passages(owner, [note.passage_id]))[0].kind == "note"
    finally:
        await store.close()
    database = url.rpartition("/")[2]
    made = server.sql("SELECT indexdef FROM pg_indexes WHERE indexdef LIKE '%hnsw%'", database)
    assert made.count("CREATE INDEX") == 1
    plan = server.sql(
        "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off; EXPLAIN SELECT segment_id FROM"
        f" vasi.vectors WHERE owner_id = 1 AND model = 'it''s' AND size = 32 ORDER BY data::halfvec(32) <#>"
        f" '{[0.1] * 32}'::halfvec(32) LIMIT 5",
        database,
    )
    assert "vectors_of_1_" in plan


# --- opening ----------------------------------------------------------------------------------------------------------
async def test_many_open_a_new_database_at_once(server: PostgresServer, tmp_path: Path, opened) -> None:
    name = f"fresh_{database_of(tmp_path)}"
    server.sql(f'CREATE DATABASE "{name}" OWNER vasi')
    server.sql("CREATE EXTENSION vector", name)
    stores = await asyncio.gather(*(opened(server.url(name)) for _ in range(5)))
    await asyncio.gather(*(store.add_note("anna", "x", at=NOON) for store in stores))
    assert len(await stores[0].notes("anna")) == 5


async def test_other_terms_are_made_when_the_analyser_is_another(url: str, opened) -> None:
    class Shouting(TextAnalyser):
        version = "shouting"

        def terms(self, heading: str, text: str):
            return super().terms(heading, f"{text} loud loud")

    first = await opened(url)
    await fill(first, "anna")
    second = PostgresStore(parse_address(url), Shouting())
    await second.open()
    try:
        assert await second.check() == []
        seen = await second.term_statistics("anna", {"words": ["loud"]})
        assert (seen.passages, seen.fields["words"].frequency) == (2, {"loud": 2})
        with pytest.raises(StoreError, match="another version of vasi"):
            await first.add_note("anna", "x", at=NOON)
    finally:
        await second.close()


async def test_what_keeps_it_from_opening_is_said_with_the_remedy(
    server: PostgresServer, tmp_path: Path, opened
) -> None:
    bare, foreign, newer = (f"{kind}_{database_of(tmp_path)}" for kind in ("bare", "foreign", "newer"))
    server.sql(f'CREATE DATABASE "{bare}" OWNER vasi')
    with pytest.raises(StoreError, match="CREATE EXTENSION vector"):
        await opened(server.url(bare))
    server.sql(f'CREATE DATABASE "{foreign}" OWNER vasi')
    server.sql("CREATE SCHEMA vasi AUTHORIZATION vasi; CREATE TABLE vasi.boats (name text)", foreign)
    with pytest.raises(StoreError, match="another program"):
        await opened(server.url(foreign))
    await (await opened(server.database(newer))).close()
    server.sql("UPDATE vasi.settings SET value = '999' WHERE name = 'version'", newer)
    with pytest.raises(StoreError, match="newer vasi"):
        await opened(server.url(newer))
    with pytest.raises(StoreError, match="createdb"):
        await opened(server.url("nowhere"))
    server.sql("CREATE ROLE guest LOGIN")
    with pytest.raises(StoreError, match="lacks a right"):
        await opened(server.url(bare, "guest").replace("guest@", "guest:hush@"))


@pytest.mark.parametrize(
    ("store", "said"),
    [
        ("postgresql://vasi:hush@host/db?pool_size=0", "pool_size"),
        ("postgresql://vasi:hush@host/db?pool_size=x", "PostgreSQL URL"),
        ("postgresql://vasi:hush@host:port/db", "PostgreSQL URL"),
        ("postgresql://vasi:hush@host/db?shoes=2", "unknown parameters"),
        ("mysql://vasi:hush@host/db", "there are only"),
        ("postgresql", "there are only"),
    ],
)
def test_a_wrong_address_is_refused_without_telling_the_password(tmp_path: Path, store: str, said: str) -> None:
    settings = Settings(data=tmp_path, store=store)
    assert "hush" not in repr(settings)
    with pytest.raises(ConfigError, match=said) as refused:
        make_store(settings, ANALYSER, lambda: None)
    assert "hush" not in str(refused.value)


async def test_nothing_is_kept_of_a_change_that_was_cancelled(url: str, opened) -> None:
    store = await opened(url)
    for number in range(30):
        task = asyncio.create_task(store.add_note("anna", f"note {number}", at=NOON))
        await asyncio.sleep(number / 3_000)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert await store.check() == []
    await store.add_note("anna", "the last", at=NOON + timedelta(1))
    assert (await store.notes("anna"))[0].text == "the last"
    with pytest.raises(NotFoundError):
        await store.remove_note("anna", "note_x")
