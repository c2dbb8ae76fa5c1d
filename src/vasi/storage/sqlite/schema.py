"""The tables, as numbered migrations; ``PRAGMA user_version`` is the number of the last one applied.

A migration that was released is never changed: a new one follows it.

``terms`` is the FTS5 table that says where terms stand: its rowid is the passage's, its tokens are made in
``tokens.py``, and nothing of FTS5's own analysis or ranking is used. It keeps lists of rowids alone, a tenth of what it
would need with places and content. What a passage was indexed with is in ``passage_terms``, from where a trigger takes
it out of ``terms`` again. ``passage_lengths`` is apart from both because it is read for every passage found.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from vasi.errors import StoreError
from vasi.storage.recorded import EXCERPT
from vasi.storage.sqlite.account_tables import ACCOUNTS
from vasi.storage.sqlite.owner_tables import OWNERS

APPLICATION_ID = 0x76617369  # "vasi"

_DOCUMENTS_AND_NOTES = (
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE owners (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE)",
    """CREATE TABLE documents (
        id TEXT PRIMARY KEY,
        owner_id INTEGER NOT NULL REFERENCES owners,
        source TEXT NOT NULL,
        name TEXT NOT NULL,
        digest TEXT NOT NULL,
        media_type TEXT NOT NULL,
        size INTEGER NOT NULL,
        pages INTEGER,
        title TEXT NOT NULL,
        warnings TEXT NOT NULL,
        added_at INTEGER NOT NULL,
        UNIQUE (owner_id, source)
    )""",
    """CREATE TABLE notes (
        id TEXT PRIMARY KEY,
        owner_id INTEGER NOT NULL REFERENCES owners,
        text TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
    )""",
    "CREATE INDEX notes_by_time ON notes (owner_id, created_at)",
    """CREATE TABLE passages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        owner_id INTEGER NOT NULL REFERENCES owners,
        document_id TEXT REFERENCES documents ON DELETE CASCADE,
        note_id TEXT UNIQUE REFERENCES notes ON DELETE CASCADE,
        text TEXT NOT NULL,
        heading TEXT NOT NULL,
        page INTEGER,
        start INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        CHECK ((document_id IS NULL) <> (note_id IS NULL))
    )""",
    "CREATE INDEX passages_by_owner ON passages (owner_id)",
    "CREATE INDEX passages_by_document ON passages (document_id)",
    """CREATE VIRTUAL TABLE words USING fts5 (
        owner, heading, text, tokenize = "porter unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
    )""",
    "INSERT INTO words (words, rank) VALUES ('rank', 'bm25(0.0, 1.0, 1.0)')",
    "CREATE VIRTUAL TABLE words_vocab USING fts5vocab (words, 'row')",
    """CREATE TRIGGER passages_leave_words AFTER DELETE ON passages BEGIN
        DELETE FROM words WHERE rowid = old.id;
    END""",
)

_SOUNDS_AND_VECTORS = (
    "CREATE VIRTUAL TABLE sounds USING fts5 (owner, terms, tokenize = 'ascii')",
    "INSERT INTO sounds (sounds, rank) VALUES ('rank', 'bm25(0.0, 1.0)')",
    "CREATE VIRTUAL TABLE sounds_vocab USING fts5vocab (sounds, 'row')",
    """CREATE TRIGGER passages_leave_sounds AFTER DELETE ON passages BEGIN
        DELETE FROM sounds WHERE rowid = old.id;
    END""",
    """CREATE TABLE vectors (
        passage_id INTEGER PRIMARY KEY REFERENCES passages ON DELETE CASCADE,
        owner_id INTEGER NOT NULL REFERENCES owners,
        model TEXT NOT NULL,
        scale REAL NOT NULL,
        data BLOB NOT NULL
    )""",
    "CREATE INDEX vectors_by_owner ON vectors (owner_id, model)",
    # Counts the changes of an owner's vectors, for the caches of every process.
    "ALTER TABLE owners ADD COLUMN vector_changes INTEGER NOT NULL DEFAULT 0",
    *(
        f"""CREATE TRIGGER vectors_{event.lower()} AFTER {event} ON vectors BEGIN
            UPDATE owners SET vector_changes = vector_changes + 1 WHERE id = {row}.owner_id;
        END"""  # noqa: S608
        for event, row in (("INSERT", "new"), ("UPDATE", "new"), ("DELETE", "old"))
    ),
)


def _logged(table: str, event: str, action: str, row: str, when: str = "1") -> str:
    """A trigger that writes a change of an owner's rows into the log."""
    kind = table.removesuffix("s")
    return f"""CREATE TRIGGER {table}_log_{action}_{event.split()[0].lower()} AFTER {event} ON {table} WHEN {when} BEGIN
        INSERT INTO changes (owner_id, kind, action, id) VALUES ({row}.owner_id, '{kind}', '{action}', {row}.id);
    END"""  # noqa: S608


_THE_APP = (
    "ALTER TABLE documents ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0",
    "UPDATE documents SET updated_at = added_at",
    "ALTER TABLE documents ADD COLUMN original TEXT",
    "ALTER TABLE notes ADD COLUMN tags TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE notes ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0",
    # A note in the bin has no passage, so that no search finds it.
    "ALTER TABLE notes ADD COLUMN binned_at INTEGER",
    "ALTER TABLE notes ADD COLUMN conversation_id TEXT",
    "ALTER TABLE notes ADD COLUMN item_id TEXT",
    """CREATE TABLE conversations (
        id TEXT PRIMARY KEY,
        owner_id INTEGER NOT NULL REFERENCES owners,
        title TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
    )""",
    "CREATE INDEX conversations_by_time ON conversations (owner_id, updated_at)",
    """CREATE TABLE conversation_items (
        conversation_id TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
        id TEXT NOT NULL,
        place REAL NOT NULL,
        role TEXT NOT NULL,
        text TEXT NOT NULL,
        item TEXT NOT NULL,
        citations TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        PRIMARY KEY (conversation_id, id)
    ) WITHOUT ROWID""",
    "CREATE INDEX conversation_items_in_order ON conversation_items (conversation_id, place)",
    # What changed, for whoever shows it: the newest thousands, without a word of what it was.
    """CREATE TABLE changes (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        owner_id INTEGER NOT NULL,
        kind TEXT NOT NULL,
        action TEXT NOT NULL,
        id TEXT NOT NULL
    )""",
    "CREATE INDEX changes_by_owner ON changes (owner_id, seq)",
    """CREATE TRIGGER changes_are_forgotten AFTER INSERT ON changes BEGIN
        DELETE FROM changes WHERE seq <= new.seq - 5000;
    END""",
    _logged("documents", "INSERT", "added", "new"),
    _logged("documents", "UPDATE", "updated", "new"),
    _logged("documents", "DELETE", "removed", "old"),
    _logged("notes", "INSERT", "added", "new"),
    _logged("notes", "UPDATE", "updated", "new", "old.binned_at IS NULL AND new.binned_at IS NULL"),
    _logged("notes", "UPDATE OF binned_at", "added", "new", "old.binned_at IS NOT NULL AND new.binned_at IS NULL"),
    _logged("notes", "UPDATE OF binned_at", "removed", "new", "old.binned_at IS NULL AND new.binned_at IS NOT NULL"),
    _logged("notes", "DELETE", "removed", "old", "old.binned_at IS NULL"),
    _logged("conversations", "INSERT", "updated", "new"),
    _logged("conversations", "UPDATE", "updated", "new"),
    _logged("conversations", "DELETE", "removed", "old"),
)

_SPENDING = (
    """CREATE TABLE spending (
        owner_id INTEGER NOT NULL REFERENCES owners,
        day TEXT NOT NULL,
        tokens INTEGER NOT NULL,
        seconds REAL NOT NULL,
        PRIMARY KEY (owner_id, day)
    ) WITHOUT ROWID""",
)

_FORMER_NOTES = (
    # What notes said before they were changed, so that a change can be taken back; no search finds it.
    """CREATE TABLE former_notes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        note_id TEXT NOT NULL REFERENCES notes ON DELETE CASCADE,
        text TEXT NOT NULL,
        tags TEXT NOT NULL,
        updated_at INTEGER NOT NULL,
        changed_at INTEGER NOT NULL
    )""",
    "CREATE INDEX former_notes_by_note ON former_notes (note_id)",
)

TERMS_LEAVE = """CREATE TRIGGER passage_terms_leave AFTER DELETE ON passage_terms BEGIN
    INSERT INTO terms (terms, rowid, tokens) VALUES ('delete', old.passage_id, unpacked(old.owner_id, old.packed));
END"""

_TERMS = (
    "DROP TRIGGER passages_leave_words",
    "DROP TRIGGER passages_leave_sounds",
    "DROP TABLE words_vocab",
    "DROP TABLE sounds_vocab",
    "DROP TABLE words",
    "DROP TABLE sounds",
    "DELETE FROM settings WHERE name = 'sounds'",
    # Without the setting 'analyser' all terms are made anew when the store is opened.
    """CREATE TABLE passage_terms (
        passage_id INTEGER PRIMARY KEY REFERENCES passages ON DELETE CASCADE,
        owner_id INTEGER NOT NULL REFERENCES owners,
        packed BLOB NOT NULL
    )""",
    """CREATE TABLE passage_lengths (
        passage_id INTEGER PRIMARY KEY REFERENCES passages ON DELETE CASCADE,
        owner_id INTEGER NOT NULL REFERENCES owners,
        note INTEGER NOT NULL,
        words INTEGER NOT NULL,
        sounds INTEGER NOT NULL
    )""",
    "CREATE VIEW indexed (id, tokens) AS SELECT passage_id, unpacked(owner_id, packed) FROM passage_terms",
    """CREATE VIRTUAL TABLE terms USING fts5 (
        tokens, content = 'indexed', content_rowid = 'id', columnsize = 0, detail = none,
        tokenize = "ascii tokenchars '!.%'"
    )""",
    "CREATE VIRTUAL TABLE terms_frequency USING fts5vocab (terms, 'row')",
    "CREATE VIRTUAL TABLE terms_postings USING fts5vocab (terms, 'instance')",
    TERMS_LEAVE,
    # Sums over the passages of an owner, for every search, and how often they changed, for the caches of all processes.
    "ALTER TABLE owners ADD COLUMN passages INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE owners ADD COLUMN words INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE owners ADD COLUMN sounds INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE owners ADD COLUMN term_changes INTEGER NOT NULL DEFAULT 0",
    *(
        f"""CREATE TRIGGER passage_lengths_{event.lower()} AFTER {event} ON passage_lengths BEGIN
            UPDATE owners SET passages = passages {sign} 1, words = words {sign} {row}.words,
                sounds = sounds {sign} {row}.sounds, term_changes = term_changes + 1 WHERE id = {row}.owner_id;
        END"""  # noqa: S608
        for event, row, sign in (("INSERT", "new", "+"), ("DELETE", "old", "-"))
    ),
)


def _cite_by_document(db: sqlite3.Connection) -> None:
    """Citations know the place in the document, as far as their passages are still there."""
    place = 'SELECT coalesce(document_id, note_id), note_id IS NOT NULL, start, "end", text FROM passages WHERE id = ?'
    rows = db.execute(
        "SELECT conversation_id, id, citations FROM conversation_items WHERE citations <> '[]'"
    ).fetchall()
    for conversation_id, item, citations in rows:
        spans = json.loads(citations)
        for cited in (passage for span in spans for passage in span["passages"]):
            found = db.execute(place, (cited["id"].removeprefix("p"),)).fetchone()
            if found is not None:
                source, note, start, end, text = found
                kind, excerpt = ("note", "") if note else ("document", text[:EXCERPT])
                cited |= {"kind": kind, "source_id": source, "start": start, "end": end, "excerpt": excerpt}
        db.execute(
            "UPDATE conversation_items SET citations = ? WHERE conversation_id = ? AND id = ?",
            (json.dumps(spans, ensure_ascii=False, separators=(",", ":")), conversation_id, item),
        )


_Statement: TypeAlias = str | Callable[[sqlite3.Connection], None]

MIGRATIONS: tuple[tuple[_Statement, ...], ...] = (
    _DOCUMENTS_AND_NOTES,
    _SOUNDS_AND_VECTORS,
    _THE_APP,
    _SPENDING,
    _FORMER_NOTES,
    _TERMS,
    (_cite_by_document,),
    (
        "CREATE INDEX documents_by_digest ON documents (owner_id, digest)",
        "CREATE INDEX documents_by_original ON documents (owner_id, original)",
    ),
    ACCOUNTS,
    OWNERS,
)
VERSION = len(MIGRATIONS)


def migrate(db: sqlite3.Connection, path: Path, to: int = VERSION) -> None:
    """Bring the database to version ``to``, each migration in a transaction of its own.

    Raises:
        StoreError: the file is a database of something else, or of a newer vasi.
    """
    while True:
        db.execute("BEGIN IMMEDIATE")  # two processes may open a new database at the same time
        try:
            before = _ours(db, path)
            if before >= to:
                db.execute("ROLLBACK")
                return
            for statement in MIGRATIONS[before]:
                if isinstance(statement, str):
                    db.execute(statement)
                else:
                    statement(db)
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {before + 1}")
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise


def version(db: sqlite3.Connection) -> int:
    """The number of the last migration of this database."""
    return db.execute("PRAGMA user_version").fetchone()[0]


def _ours(db: sqlite3.Connection, path: Path) -> int:
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (tables,) = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if application != APPLICATION_ID and tables:
        raise StoreError(f"{path} is a database of another program: choose another data directory.")
    found = version(db)
    if found > VERSION:
        raise StoreError(
            f"{path} was written by a newer vasi (format {found}, this one knows {VERSION}): "
            "update vasi, or choose another data directory."
        )
    return found
