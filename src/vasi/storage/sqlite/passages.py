"""Rows of passages with their places in the index, and the numbers of owners."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from vasi.storage.ports import Kind, Passage
from vasi.storage.sqlite.analysis import Analyser, Indexed
from vasi.storage.sqlite.schema import owned, owner_column

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PASSAGE = """
    SELECT p.id, p.note_id, p.document_id, d.name, p.text, p.heading, p.page, p.start, p."end"
    FROM passages p LEFT JOIN documents d ON d.id = p.document_id
"""


def owner_number(db: sqlite3.Connection, owner: str) -> int | None:
    """The owner's number; None if nothing was ever stored for them."""
    row = db.execute("SELECT id FROM owners WHERE name = ?", (owner,)).fetchone()
    return None if row is None else row[0]


def new_owner_number(db: sqlite3.Connection, owner: str) -> int:
    """The owner's number, given out now if need be."""
    db.execute("INSERT INTO owners (name) VALUES (?) ON CONFLICT DO NOTHING", (owner,))
    return db.execute("SELECT id FROM owners WHERE name = ?", (owner,)).fetchone()[0]


def microseconds(at: datetime) -> int:
    """An aware moment as it is stored: microseconds since 1970."""
    if at.tzinfo is None:
        raise ValueError("Times need a zone.")
    return (at - _EPOCH) // timedelta(microseconds=1)


def moment(stored: int) -> datetime:
    """A stored moment, in UTC."""
    return _EPOCH + timedelta(microseconds=stored)


def add_passage(
    db: sqlite3.Connection,
    owner_id: int,
    indexed: Indexed,
    *,
    document_id: str | None = None,
    note_id: str | None = None,
) -> None:
    """Store a passage of a document or of a note together with its index."""
    passage = indexed.passage
    done = db.execute(
        'INSERT INTO passages (owner_id, document_id, note_id, text, heading, page, start, "end")'
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            owner_id,
            document_id,
            note_id,
            passage.text,
            passage.heading,
            passage.page,
            passage.start,
            passage.end,
        ),
    )
    db.execute(
        "INSERT INTO words (rowid, owner, heading, text) VALUES (?, ?, ?, ?)",
        (done.lastrowid, owner_column(owner_id, _kind(note_id)), indexed.heading, indexed.text),
    )
    _add_sounds(db, done.lastrowid, owner_id, _kind(note_id), indexed.sounds)


def _add_sounds(
    db: sqlite3.Connection, passage_id: int | None, owner_id: int, kind: Kind, terms: Sequence[str]
) -> None:
    db.execute(
        "INSERT INTO sounds (rowid, owner, terms) VALUES (?, ?, ?)",
        (passage_id, owner_column(owner_id, kind), " ".join(owned(owner_id, term) for term in terms)),
    )


def _kind(note_id: str | None) -> Kind:
    return "document" if note_id is None else "note"


def passages(db: sqlite3.Connection, owner: str, ids: Sequence[int]) -> list[Passage]:
    """In the order of ``ids``; unknown ids and other owners' ids are left out."""
    number = owner_number(db, owner)
    if number is None:
        return []
    rows = db.execute(
        f"{_PASSAGE} WHERE p.id IN (SELECT value FROM json_each(?)) AND p.owner_id = ?",  # noqa: S608
        (json.dumps(ids), number),
    )
    found = {row[0]: _passage(row) for row in rows}
    return [found[passage_id] for passage_id in ids if passage_id in found]


def document_passages(db: sqlite3.Connection, owner: str, document_id: str) -> list[Passage]:
    """All of one document, in its order."""
    rows = db.execute(
        f"{_PASSAGE} WHERE p.document_id = ? AND p.owner_id = ? ORDER BY p.id", (document_id, owner_number(db, owner))
    )
    return [_passage(row) for row in rows]


def texts(db: sqlite3.Connection, owner: str) -> list[str]:
    """The text of every passage, in the order they were stored."""
    number = owner_number(db, owner)
    rows = db.execute("SELECT text FROM passages WHERE owner_id = ? ORDER BY id", (number,))
    return [text for (text,) in rows]


def revision(db: sqlite3.Connection, owner: str) -> str:
    """Ids are never given twice, so any change moves the newest id or the number of passages."""
    number = owner_number(db, owner)
    row = db.execute("SELECT count(*), coalesce(max(id), 0) FROM passages WHERE owner_id = ?", (number,)).fetchone()
    return f"{row[0]}-{row[1]}"


def without_vectors(db: sqlite3.Connection, owner: str, model: str, limit: int) -> list[Passage]:
    """Passages that have no vector of ``model``, oldest first."""
    rows = db.execute(
        f"{_PASSAGE} WHERE p.owner_id = ? AND NOT EXISTS"  # noqa: S608
        " (SELECT 1 FROM vectors v WHERE v.passage_id = p.id AND v.model = ?) ORDER BY p.id LIMIT ?",
        (owner_number(db, owner), model, max(limit, 0)),
    )
    return [_passage(row) for row in rows]


def rebuild_sounds(db: sqlite3.Connection, analyser: Analyser) -> None:
    """Make the sound index anew, in the transaction of the caller."""
    db.execute("DELETE FROM sounds")
    rows = db.execute("SELECT id, owner_id, note_id, heading, text FROM passages ORDER BY id")
    for passage_id, owner_id, note_id, heading, text in rows:
        _add_sounds(db, passage_id, owner_id, _kind(note_id), analyser.sounds(heading, text))


def _passage(row: tuple[int, str | None, str | None, str | None, str, str, int | None, int, int]) -> Passage:
    passage_id, note_id, document_id, name, text, heading, page, start, end = row
    return Passage(
        id=passage_id,
        kind=_kind(note_id),
        source_id=note_id or document_id or "",
        document=name or "Notes",
        text=text,
        heading=heading,
        page=page,
        start=start,
        end=end,
    )
