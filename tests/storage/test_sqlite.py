"""What is particular to the SQLite store: its file, its formats, its index."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from vasi.errors import StoreError
from vasi.knowledge.index import Index, TextAnalyser
from vasi.storage.ports import NewDocument, NewPassage
from vasi.storage.sqlite import SqliteStore, schema
from vasi.storage.sqlite.tokens import unpacked
from vasi.storage.terms import Terms

DOCUMENTS = Path(__file__).parents[2] / "examples" / "documents"
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
PLAN = NewDocument("/plan.md", "plan.md", "d1", "text/markdown", 12)


@asynccontextmanager
async def opened(path: Path, analyser: TextAnalyser | None = None) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(path, analyser or TextAnalyser())
    await store.open()
    try:
        yield store
    finally:
        await store.close()


async def texts(store: SqliteStore, *words: str) -> list[str]:
    hits = await Index(store, TextAnalyser(lambda: None)).search_sounds("anna", words, 10)
    return [passage.text for passage in await store.passages("anna", [hit.passage_id for hit in hits])]


async def with_term(store: SqliteStore, sound: str) -> list[str]:
    """Texts of the passages with a term of the field "sounds"."""
    found = await store.occurrences("anna", {"sounds": [sound]})
    return [passage.text for passage in await store.passages("anna", found["sounds"].passage_ids)]


def batched(words: list[str], size: int) -> list[list[str]]:
    return [words[at : at + size] for at in range(0, len(words), size)]


def sample_paragraphs() -> list[str]:
    text = " ".join(path.read_text("utf-8") for path in sorted(DOCUMENTS.glob("*.*")) if path.suffix in (".md", ".txt"))
    return [" ".join(each) for each in batched(text.split(), 90)]


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.create_function("unpacked", 2, unpacked)
        for statement in statements:
            db.execute(statement)


# --- the file ---------------------------------------------------------------------------------------------------------
async def test_nobody_else_may_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "folder" / "vasi.db"
    async with opened(path) as store:
        await store.add_note("anna", "walnut", at=NOON)
        for file in path.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file.name


async def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "vasi.db"
    async with opened(path):
        pass
    change(path, f"PRAGMA user_version = {schema.VERSION + 5}")
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"newer vasi.*update vasi"):
        await SqliteStore(path, TextAnalyser()).open()
    assert path.read_bytes() == before


async def test_a_database_of_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "vasi.db"
    change(path, "CREATE TABLE bookmarks (url TEXT)")
    with pytest.raises(StoreError, match="another program"):
        await SqliteStore(path, TextAnalyser()).open()
    with closing(sqlite3.connect(path)) as db:
        assert [name for (name,) in db.execute("SELECT name FROM sqlite_schema")] == ["bookmarks"]


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vasi.db"
    path.write_bytes(b"My diary. " * 1_000)
    with pytest.raises(StoreError, match=r"damaged.*restore a backup"):
        await SqliteStore(path, TextAnalyser()).open()


async def test_many_may_make_the_same_database_at_once(tmp_path: Path) -> None:
    for attempt in range(5):
        stores = [SqliteStore(tmp_path / f"{attempt}.db", TextAnalyser()) for _ in range(6)]
        await asyncio.gather(*(store.open() for store in stores))
        await asyncio.gather(*(store.add_note("anna", f"note {n}", at=NOON) for n, store in enumerate(stores)))
        for store in stores:
            assert len(await store.notes("anna")) == len(stores)
        await asyncio.gather(*(store.close() for store in stores))


async def test_a_path_that_cant_be_made_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="can't be opened"):
        await SqliteStore(tmp_path / "file" / "vasi.db", TextAnalyser()).open()
    with pytest.raises(StoreError, match="can't be opened"):
        await SqliteStore(tmp_path, TextAnalyser()).open()


async def test_an_interrupted_write_leaves_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path / "vasi.db") as store:
        kept = await store.put_document("anna", PLAN, [NewPassage("walnut")])
        with pytest.raises(StoreError, match="surrogates"):
            await store.put_document("anna", PLAN, [NewPassage("almond"), NewPassage("\ud800")])
        assert await store.documents("anna") == [kept]
        assert await store.texts("anna") == ["walnut"]
        await store.add_note("anna", "the store works on", at=NOON)
        assert await store.check() == []


# --- formats ----------------------------------------------------------------------------------------------------------
async def test_a_database_of_the_first_format_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "vasi.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        schema.migrate(db, path, to=1)
    change(
        path,
        "INSERT INTO owners (id, name) VALUES (7, 'anna')",
        "INSERT INTO documents VALUES ('doc_1', 7, '/p.md', 'p.md', 'd', 'text/markdown', 9, NULL, '', '[]', 0)",
        "INSERT INTO notes VALUES ('note_1', 7, 'pay the dentist', 5, 6)",
        "INSERT INTO passages VALUES (1, 7, 'doc_1', NULL, 'a copay of $35', 'Costs', 3, 0, 14)",
        "INSERT INTO passages VALUES (2, 7, NULL, 'note_1', 'pay the dentist', '', NULL, 0, 15)",
        "INSERT INTO words (rowid, owner, heading, text) VALUES (1, 'x7 x7document', 'costs', 'a copay of 35')",
        "INSERT INTO words (rowid, owner, heading, text) VALUES (2, 'x7 x7note', '', 'pay the dentist')",
    )
    async with opened(path) as store:
        assert [document.name for document in await store.documents("anna")] == ["p.md"]
        assert [note.text for note in await store.notes("anna")] == ["pay the dentist"]
        assert await texts(store, "copay") == ["a copay of $35"]
        assert (await texts(store, "dentists"))[0] == "pay the dentist"
        assert len(await store.without_vectors("anna", "m", 9)) == 2
        assert await store.check() == []


class Loud(TextAnalyser):
    """Of another version than the usual one: all sounds are "z"."""

    version = "loud"

    def terms(self, heading: str, text: str) -> Terms:
        return Terms(super().terms(heading, text).words, {"z": 1})


async def test_terms_are_made_anew_when_the_analyser_changes(tmp_path: Path) -> None:
    path = tmp_path / "vasi.db"
    async with opened(path) as store:
        await store.put_document("anna", PLAN, [NewPassage("walnut tree")])
        assert await with_term(store, "z") == []
    for _ in range(2):
        async with opened(path, Loud()) as store:
            assert await with_term(store, "z") == ["walnut tree"]
            assert await texts(store, "walnut") == []
            assert await store.check() == []
    async with opened(path) as store:
        assert await with_term(store, "z") == []
        assert await texts(store, "wall", "nut") == ["walnut tree"]
        assert await store.check() == []


async def test_who_was_overtaken_by_another_analyser_writes_no_more(tmp_path: Path) -> None:
    path = tmp_path / "vasi.db"
    async with opened(path) as old:
        await old.add_note("anna", "walnut", at=NOON)
        async with opened(path, Loud()) as new:
            with pytest.raises(StoreError, match="start this one again"):
                await old.add_note("anna", "almond", at=NOON)
            await new.add_note("anna", "raisin", at=NOON)
            assert {note.text for note in await old.notes("anna")} == {"walnut", "raisin"}


async def test_the_index_takes_little_more_than_the_text(tmp_path: Path) -> None:
    """Four times the text of documents, where another index with places and content would take fifteen."""
    passages = [NewPassage(text) for text in sample_paragraphs()]
    async with opened(tmp_path / "vasi.db") as store:
        for number in range(20):
            await store.put_document("anna", replace(PLAN, source=f"/{number}"), passages)
    size = sum(file.stat().st_size for file in tmp_path.iterdir())
    assert size < 6 * 20 * sum(len(passage.text) for passage in passages)


# --- care -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        ("DELETE FROM terms_data WHERE id > 10 AND id = (SELECT max(id) FROM terms_data)", "index is damaged"),
        ("UPDATE passage_terms SET packed = x'00' WHERE passage_id = 1", "index is damaged"),
        (
            "UPDATE passage_terms SET packed = (SELECT packed FROM passage_terms WHERE passage_id = 2)"
            " WHERE passage_id = 1",
            "index is damaged",
        ),
        ("DELETE FROM passage_lengths WHERE passage_id = 1", "passages that the index doesn't have: 1"),
        ("INSERT INTO passage_lengths VALUES (99, 1, 0, 5, 5)", "entries of the index without their passage: 1"),
        (
            "UPDATE passage_lengths SET note = 0 WHERE passage_id = 1",
            "another owner or kind than their passage: 1",
        ),
        ("UPDATE passage_terms SET owner_id = 2 WHERE passage_id = 1", "name another owner or kind"),
        ("UPDATE owners SET words = 99 WHERE id = 1", "owners whose passages aren't counted rightly: 1"),
        ("UPDATE passages SET owner_id = 2 WHERE id = 1", "passages that belong to another owner"),
        ("UPDATE vectors SET owner_id = 2", "vectors that belong to another owner"),
        ("DELETE FROM passages WHERE note_id = (SELECT id FROM notes LIMIT 1)", "notes without a passage: 1"),
        ("DELETE FROM owners WHERE id = 1", "points to a row of owners that is gone"),
    ],
)
async def test_damage_is_reported(tmp_path: Path, damage: str, problem: str) -> None:
    path = tmp_path / "vasi.db"
    async with opened(path) as store:
        await store.add_note("anna", "pay the dentist", at=NOON)
        await store.add_note("ben", "buy walnuts", at=NOON)
        (waiting,) = await store.without_vectors("anna", "m", 9)
        await store.put_vectors("anna", "m", {waiting.id: np.array([1, 0], np.float32)})
        assert await store.check() == []
    change(path, damage)
    async with opened(path) as store:
        assert any(problem in line for line in await store.check())


async def test_a_torn_file_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "vasi.db"
    async with opened(path) as store:
        await store.put_document("anna", PLAN, [NewPassage(f"walnut number {n} " * 20) for n in range(300)])
    content = bytearray(path.read_bytes())
    torn = content.index(b"walnut number 150 ")
    content[torn : torn + 20_000] = b"\xa5" * 20_000
    path.write_bytes(content)
    async with opened(path) as store:
        assert await store.check()


async def test_a_backup_is_whole_while_others_write(tmp_path: Path) -> None:
    async with opened(tmp_path / "vasi.db") as store:
        acknowledged: list[str] = []

        async def write() -> None:
            for number in range(150):
                acknowledged.append((await store.add_note("anna", f"walnut {number}", at=NOON)).id)

        writing = asyncio.create_task(write())
        backups: list[tuple[Path, set[str]]] = []
        while not writing.done():
            before = set(acknowledged)
            folder = tmp_path / f"backup{len(backups)}"
            folder.mkdir()
            await store.backup(folder)
            backups.append((folder / "vasi.db", before))
        await writing
    assert len(backups) > 1
    for path, before in backups[:: max(1, len(backups) // 5)]:
        async with opened(path) as copy:
            assert before <= {note.id for note in await copy.notes("anna", limit=1_000)}
            assert await copy.check() == []


async def test_a_backup_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup" / "vasi.db").write_text("precious")
    async with opened(tmp_path / "vasi.db") as store:
        for folder in (tmp_path / "backup", tmp_path):
            with pytest.raises(StoreError, match="exists already"):
                await store.backup(folder)
        with pytest.raises(StoreError, match="can't be written"):
            await store.backup(tmp_path / "nowhere")
    assert (tmp_path / "backup" / "vasi.db").read_text() == "precious"


# --- being quick ------------------------------------------------------------------------------------------------------
# --- removal ----------------------------------------------------------------------------------------------------------
SECRETS = ("quizzlewort", "brambleknot", "zyxomat", "flumox")


async def filled(store: SqliteStore, documents: int) -> list[str]:
    """A store whose index has several segments, with the unique words in the middle; ids of what has them.

    FTS5 merges four segments by itself: ``documents`` is such that this doesn't erase the words before vasi does.
    """
    ids: list[str] = []
    for n in range(documents):
        pages = [NewPassage(f"Page {k} of number {n} tells of walnuts and of pumps.", "Pumps") for k in range(20)]
        await store.put_document("anna", NewDocument(f"/{n}", f"{n}.md", "d", "text/markdown", 12), pages)
        if n == 5:
            hidden = [NewPassage(f"The {SECRETS[0]} is blue.", SECRETS[1]), *pages]
            document = await store.put_document("anna", PLAN, hidden)
            note = await store.add_note("anna", f"Buy {SECRETS[2]} for the {SECRETS[3]}.", at=NOON)
            ids += [document.id, note.id]
    return ids


def found_in(folder: Path) -> set[tuple[str, str]]:
    files = {file.name: file.read_bytes().lower() for file in folder.iterdir() if file.is_file()}
    # FTS5 leaves out what a term has in common with the one before: the ends tell as much.
    return {(word, name) for word in SECRETS for name, held in files.items() if word[2:].encode() in held}


async def test_what_was_removed_is_in_no_file(tmp_path: Path) -> None:
    async with opened(tmp_path / "vasi.db") as store:
        document, note = await filled(store, 12)
        assert {word for word, _ in found_in(tmp_path)} == set(SECRETS)
        await store.update_note("anna", note, "Buy nothing.", at=NOON)
        await store.remove_note("anna", note)
        await store.remove_document("anna", document)
    assert found_in(tmp_path) == set()
    async with opened(tmp_path / "vasi.db") as store:
        assert await store.check() == []
        assert len((await store.occurrences("anna", {"words": ["walnut"]}))["words"].passage_ids) == 240


async def test_what_was_replaced_is_in_no_file(tmp_path: Path) -> None:
    async with opened(tmp_path / "vasi.db") as store:
        _, note = await filled(store, 12)
        await store.update_note("anna", note, "Buy nothing.", at=NOON)
        await store.put_document("anna", PLAN, [NewPassage("Nothing is blue.")])
        await store.empty_bin("anna", before=NOON + timedelta(minutes=20))
    assert found_in(tmp_path) == set()


async def test_backups_hold_nothing_that_was_removed(tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    async with opened(tmp_path / "vasi.db") as store:
        document, note = await filled(store, 10)
        await store.remove_note("anna", note)
        await store.remove_document("anna", document)
        await store.backup(tmp_path / "backups")
        assert found_in(tmp_path / "backups") == set()
        assert found_in(tmp_path) == set()
    async with opened(tmp_path / "backups" / "vasi.db") as copy:
        assert await copy.check() == []
        assert len(await copy.documents("anna")) == 10


async def test_a_removal_before_a_power_cut_is_finished_later(tmp_path: Path) -> None:
    after = tmp_path / "after"
    after.mkdir()
    async with opened(tmp_path / "vasi.db") as store:
        document, note = await filled(store, 10)
        await store.remove_note("anna", note)
        await store.remove_document("anna", document)
        for name in ("vasi.db", "vasi.db-wal"):
            (after / name).write_bytes((tmp_path / name).read_bytes())
    assert found_in(after)
    async with opened(after / "vasi.db"):
        pass
    assert found_in(after) == set()


async def test_the_loop_goes_on_while_the_store_works(tmp_path: Path) -> None:
    async with opened(tmp_path / "vasi.db") as store:
        passages = [NewPassage(f"walnut number {n} of a long list of nuts. " * 15) for n in range(400)]
        storing = asyncio.create_task(store.put_document("anna", PLAN, passages))
        turns = 0
        while not storing.done():
            await asyncio.sleep(0)
            turns += 1
        assert turns > 50
        assert (await storing).passages == 400
