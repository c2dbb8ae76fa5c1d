"""SQLite: the upgrade to tags, conversations and the log of changes, and how what is in them is erased."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.storage.test_sqlite import NOON, PLAN, SECRETS, change, filled, found_in, opened
from vasi.protocol.items import InputText, Message
from vasi.storage.ports import NewPassage
from vasi.storage.recorded import Cited, RecordedItem
from vasi.storage.sqlite import schema

LATER = NOON + timedelta(minutes=20)


async def test_a_database_of_the_second_format_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "vasi.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        schema.migrate(db, path, to=2)
    change(
        path,
        "INSERT INTO owners (id, name) VALUES (7, 'anna')",
        "INSERT INTO documents VALUES ('doc_1', 7, '/p.md', 'p.md', 'd', 'text/markdown', 9, NULL, '', '[]', 4000000)",
        "INSERT INTO notes VALUES ('note_1', 7, 'pay the dentist', 5, 6)",
        "INSERT INTO passages VALUES (1, 7, 'doc_1', NULL, 'a copay of $35', 'Costs', 3, 0, 14)",
        "INSERT INTO passages VALUES (2, 7, NULL, 'note_1', 'pay the dentist', '', NULL, 0, 15)",
        "INSERT INTO words (rowid, owner, heading, text) VALUES (1, 'x7 x7document', 'costs', 'a copay of 35')",
        "INSERT INTO words (rowid, owner, heading, text) VALUES (2, 'x7 x7note', '', 'pay the dentist')",
    )
    async with opened(path) as store:
        (document,) = await store.documents("anna")
        assert document.added_at == document.updated_at == datetime(1970, 1, 1, 0, 0, 4, tzinfo=UTC)
        assert (document.original, document.passages) == (None, 1)
        (note,) = await store.notes("anna")
        assert (note.text, note.tags, note.pinned, note.origin) == ("pay the dentist", (), False, None)
        await store.bin_note("anna", note.id, at=NOON)
        assert await store.restore_note("anna", note.id) == note
        assert await store.put_document("anna", PLAN, [NewPassage("walnut")])
        assert await store.check() == []


async def test_old_citations_learn_where_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "vasi.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        schema.migrate(db, path, to=4)
    item = '{"id":"item_1","type":"message","role":"assistant","content":[{"type":"output_text","text":"Yes."}]}'
    citations = (
        '[{"content_index":0,"start":0,"end":4,"passages":[{"id":"p1","document":"p.md","page":3},'
        '{"id":"p2","document":"Notes","page":null},{"id":"p77","document":"gone.md","page":null}]}]'
    )
    change(
        path,
        "INSERT INTO owners (id, name) VALUES (7, 'anna')",
        "INSERT INTO documents VALUES ('doc_1', 7, '/p.md', 'p.md', 'd', 'text/plain', 9, NULL, '', '[]', 0, 0, NULL)",
        "INSERT INTO notes (id, owner_id, text, created_at, updated_at) VALUES ('note_1', 7, 'pay the dentist', 5, 6)",
        "INSERT INTO passages VALUES (1, 7, 'doc_1', NULL, 'a copay of $35', 'Costs', 3, 30, 44)",
        "INSERT INTO passages VALUES (2, 7, NULL, 'note_1', 'pay the dentist', '', NULL, 0, 15)",
        "INSERT INTO conversations VALUES ('conv_1', 7, '', 0, 0)",
        "INSERT INTO conversation_items VALUES"
        f" ('conv_1', 'item_1', 0, 'assistant', 'Yes.', '{item}', '{citations}', 0)",
    )
    async with opened(path) as store:
        assert await store.cited("anna", "p1") == Cited("p1", "p.md", 3, "document", "doc_1", 30, 44, "a copay of $35")
        assert await store.cited("anna", "p2") == Cited("p2", "Notes", None, "note", "note_1", 0, 15, "")
        assert await store.cited("anna", "p77") == Cited("p77", "gone.md")
        (recorded,) = await store.conversation_items("anna", "conv_1")
        assert len(recorded.citations[0].passages) == 3
        assert [passage.text for passage in await store.passages("anna", ["p1"])] == ["a copay of $35"]
        assert await store.check() == []


async def test_the_words_of_an_emptied_bin_are_in_no_file(tmp_path: Path) -> None:
    async with opened(tmp_path / "vasi.db") as store:
        document, note = await filled(store, 12)
        await store.remove_document("anna", document)
        await store.bin_note("anna", note, at=NOON)
        assert await store.empty_bin("anna", before=LATER) == 1
    assert found_in(tmp_path) == set()
    async with opened(tmp_path / "vasi.db") as store:
        assert await store.check() == []


async def test_the_words_of_a_removed_conversation_are_in_no_file(tmp_path: Path) -> None:
    async with opened(tmp_path / "vasi.db") as store:
        for number in range(3):
            await store.begin_conversation("anna", f"conv_{number}", at=NOON)
            for n in range(40):
                words = " ".join(SECRETS) if number == 1 else "walnuts and pumps"
                item = Message(id=f"item_{n}", role="user", content=[InputText(text=f"{n} {words}")])
                await store.put_item("anna", f"conv_{number}", RecordedItem(item, NOON), at=NOON)
        assert {word for word, _ in found_in(tmp_path)} == set(SECRETS)
        await store.remove_conversation("anna", "conv_1")
    assert found_in(tmp_path) == set()
    async with opened(tmp_path / "vasi.db") as store:
        assert len(await store.conversations("anna")) == 2
        assert await store.check() == []


async def test_the_log_forgets_what_is_long_ago(tmp_path: Path) -> None:
    path = tmp_path / "vasi.db"
    async with opened(path) as store:
        await store.add_note("anna", "walnut", at=NOON)
    change(
        path,
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 6000)"
        " INSERT INTO changes (owner_id, kind, action, id) SELECT 1, 'note', 'updated', 'note_1' FROM n",
    )
    async with opened(path) as store:
        assert await store.changes("anna", 1) is None
        fresh = await store.changes("anna", 5_900)
        assert fresh is not None
        assert len(fresh) == await store.latest_change("anna") - 5_900
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM changes").fetchone() == (5_000,)
