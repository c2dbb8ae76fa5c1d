"""Rows of passages with their places in the index, and the numbers of owners."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from vasi.errors import NotFoundError
from vasi.storage.collections import CollectionName
from vasi.storage.owners import Owners, each_of
from vasi.storage.ports import NewPassage, Passage
from vasi.storage.sqlite.schema import TERMS_LEAVE
from vasi.storage.sqlite.tokens import Indexed, indexed, owned
from vasi.storage.terms import Analyser, Kind

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PASSAGE = """
    SELECT p.id, p.note_id, p.document_id, d.name, p.text, p.heading, p.page, p.start, p."end", c.id, c.name
    FROM passages p LEFT JOIN documents d ON d.id = p.document_id LEFT JOIN collections c ON c.owner_id = p.owner_id
"""


def owner_number(db: sqlite3.Connection, owner: str) -> int | None:
    """The owner's number; None if nothing was ever stored for them."""
    row = db.execute("SELECT id FROM owners WHERE name = ?", (owner,)).fetchone()
    return None if row is None else row[0]


def owner_numbers(db: sqlite3.Connection, owners: Owners) -> list[int]:
    """The numbers of those for whom something was stored, in their order."""
    numbers = [owner_number(db, owner) for owner in each_of(owners)]
    return [number for number in numbers if number is not None]


def new_owner_number(db: sqlite3.Connection, owner: str) -> int:
    """The owner's number, given out now if need be.

    Raises:
        NotFoundError: everything of the owner is being removed.
    """
    if db.execute("SELECT 1 FROM removals WHERE owner = ?", (owner,)).fetchone() is not None:
        raise NotFoundError("Everything of this account is being removed: nothing can be stored for it.")
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
    if done.lastrowid is None:
        raise AssertionError("A row that was inserted has a number.")
    _add_terms(db, done.lastrowid, owner_id, indexed, note=note_id is not None)


def _add_terms(db: sqlite3.Connection, row: int, owner_id: int, indexed: Indexed, *, note: bool) -> None:
    db.execute("INSERT INTO passage_terms VALUES (?, ?, ?)", (row, owner_id, indexed.packed))
    db.execute(
        "INSERT INTO passage_lengths VALUES (?, ?, ?, ?, ?)", (row, owner_id, note, indexed.words, indexed.sounds)
    )
    db.execute("INSERT INTO terms (rowid, tokens) VALUES (?, ?)", (row, owned(owner_id, indexed.tokens)))


def _kind(note_id: str | None) -> Kind:
    return "document" if note_id is None else "note"


_ID = re.compile(r"p([1-9][0-9]{0,17})")


def passage_id(row: int) -> str:
    """The id, opaque to everybody else, of the passage in ``row``."""
    return f"p{row}"


def row_of(passage_id: str) -> int | None:
    """The row of the passage of this id; None if it can't be an id."""
    match = _ID.fullmatch(passage_id)
    return int(match[1]) if match else None


_THEIRS = "p.owner_id IN (SELECT value FROM json_each(?))"


def passages(db: sqlite3.Connection, owners: Owners, ids: Sequence[str]) -> list[Passage]:
    """In the order of ``ids``; unknown ids and other owners' ids are left out."""
    numbers = owner_numbers(db, owners)
    rows = db.execute(
        f"{_PASSAGE} WHERE p.id IN (SELECT value FROM json_each(?)) AND {_THEIRS}",  # noqa: S608
        (json.dumps([row_of(each) for each in ids]), json.dumps(numbers)),
    )
    found = {passage.id: passage for passage in map(_passage, rows)}
    return [found[each] for each in ids if each in found]


def passages_around(db: sqlite3.Connection, owners: Owners, passage_id: str, before: int, after: int) -> list[Passage]:
    """The passage with its neighbours in the same document: they were stored in one go, so their rows are in a row."""
    row = row_of(passage_id)
    if row is None:
        return []
    rows = db.execute(
        f"{_PASSAGE} WHERE p.document_id = (SELECT document_id FROM passages WHERE id = ?) AND {_THEIRS}"  # noqa: S608
        " AND p.id BETWEEN ? AND ? ORDER BY p.id",
        (row, json.dumps(owner_numbers(db, owners)), row - before, row + after),
    )
    return [_passage(row) for row in rows]


def document_passages(db: sqlite3.Connection, owners: Owners, document_id: str) -> list[Passage]:
    """All of one document, in its order."""
    rows = db.execute(
        f"{_PASSAGE} WHERE p.document_id = ? AND {_THEIRS} ORDER BY p.id",
        (document_id, json.dumps(owner_numbers(db, owners))),
    )
    return [_passage(row) for row in rows]


def texts(db: sqlite3.Connection, owners: Owners) -> list[str]:
    """The text of every passage, owner by owner, in the order they were stored."""
    query = "SELECT text FROM passages WHERE owner_id = ? ORDER BY id"
    return [text for number in owner_numbers(db, owners) for (text,) in db.execute(query, (number,))]


def revisions(db: sqlite3.Connection) -> dict[str, str]:
    """Of every owner: their number, which isn't given twice, and how often their passages changed."""
    rows = db.execute("SELECT name, id, term_changes FROM owners")
    return {name: f"{number}-{changes}" for name, number, changes in rows}


def without_vectors(db: sqlite3.Connection, owner: str, model: str, limit: int) -> list[Passage]:
    """Passages that have no vector of ``model``, oldest first."""
    rows = db.execute(
        f"{_PASSAGE} WHERE p.owner_id = ? AND NOT EXISTS"  # noqa: S608
        " (SELECT 1 FROM vectors v WHERE v.passage_id = p.id AND v.model = ?) ORDER BY p.id LIMIT ?",
        (owner_number(db, owner), model, max(limit, 0)),
    )
    return [_passage(row) for row in rows]


def count_vectors(db: sqlite3.Connection, owners: Owners, model: str) -> tuple[int, int]:
    """Passages that have a vector of ``model``, and all."""
    query = (
        "SELECT (SELECT count(*) FROM vectors WHERE owner_id = ? AND model = ?),"
        " (SELECT count(*) FROM passages WHERE owner_id = ?)"
    )
    counts = [db.execute(query, (number, model, number)).fetchone() for number in owner_numbers(db, owners)]
    return sum(done for done, _ in counts), sum(total for _, total in counts)


def rebuild_terms(db: sqlite3.Connection, analyser: Analyser) -> None:
    """Make the terms of all passages anew, in the transaction of the caller."""
    db.execute("DROP TRIGGER passage_terms_leave")  # all at once is quicker
    db.execute("DELETE FROM passage_terms")
    db.execute("DELETE FROM passage_lengths")
    db.execute("INSERT INTO terms (terms) VALUES ('delete-all')")
    rows = db.execute("SELECT id, owner_id, note_id, heading, text FROM passages ORDER BY id")
    for row, owner_id, note_id, heading, text in rows:
        _add_terms(db, row, owner_id, indexed(NewPassage(text, heading), analyser), note=note_id is not None)
    db.execute(TERMS_LEAVE)


def _passage(row: Sequence[Any]) -> Passage:
    number, note_id, document_id, name, text, heading, page, start, end, *collection = row
    return Passage(
        id=passage_id(number),
        kind=_kind(note_id),
        source_id=note_id or document_id or "",
        document=name or "",
        text=text,
        heading=heading,
        page=page,
        start=start,
        end=end,
        collection=collection_name(*collection),
    )


def collection_name(collection_id: str | None, name: str) -> CollectionName | None:
    """The collection that a row is in."""
    return None if collection_id is None else CollectionName(collection_id, name)
