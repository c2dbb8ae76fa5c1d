"""Rows of notes; each has one passage, which is where it is searched."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from vasi.errors import NotFoundError
from vasi.storage.ports import Note
from vasi.storage.sqlite import erasure
from vasi.storage.sqlite.analysis import Indexed
from vasi.storage.sqlite.passages import add_passage, microseconds, moment, new_owner_number

_NOTE = """
    SELECT n.id, n.text, n.created_at, n.updated_at
    FROM notes n JOIN owners o ON o.id = n.owner_id WHERE o.name = ?
"""


def add_note(db: sqlite3.Connection, owner: str, indexed: Indexed, *, at: datetime, new_id: str) -> Note:
    """Keep a note and its passage."""
    number = new_owner_number(db, owner)
    when = microseconds(at)
    db.execute(
        "INSERT INTO notes (id, owner_id, text, created_at, updated_at) VALUES (?, ?, ?, ?, ?)",
        (new_id, number, indexed.passage.text, when, when),
    )
    add_passage(db, number, indexed, note_id=new_id)
    return note(db, owner, new_id)


def notes(db: sqlite3.Connection, owner: str, since: datetime | None, until: datetime | None, limit: int) -> list[Note]:
    """Newest first, in [since, until)."""
    rows = db.execute(
        f"{_NOTE} AND (?2 IS NULL OR n.created_at >= ?2) AND (?3 IS NULL OR n.created_at < ?3)"
        " ORDER BY n.created_at DESC, n.rowid DESC LIMIT ?4",
        (owner, since and microseconds(since), until and microseconds(until), max(limit, 0)),
    )
    return [_note(row) for row in rows]


def note(db: sqlite3.Connection, owner: str, note_id: str) -> Note:
    """One note of this owner."""
    row = db.execute(f"{_NOTE} AND n.id = ?", (owner, note_id)).fetchone()
    if row is None:
        raise NotFoundError("There is no such note: list your notes to see their ids.")
    return _note(row)


def update_note(db: sqlite3.Connection, owner: str, note_id: str, indexed: Indexed, *, at: datetime) -> Note:
    """Give a note another text; its passage is a new one, without a vector."""
    note(db, owner, note_id)
    db.execute(
        "UPDATE notes SET text = ?, updated_at = ? WHERE id = ?",
        (indexed.passage.text, microseconds(at), note_id),
    )
    db.execute("DELETE FROM passages WHERE note_id = ?", (note_id,))
    erasure.mark(db)
    add_passage(db, new_owner_number(db, owner), indexed, note_id=note_id)
    return note(db, owner, note_id)


def remove_note(db: sqlite3.Connection, owner: str, note_id: str) -> Note:
    """Remove with its passage."""
    removed = note(db, owner, note_id)
    db.execute("DELETE FROM notes WHERE id = ?", (note_id,))
    erasure.mark(db)
    return removed


def _note(row: tuple[str, str, int, int]) -> Note:
    note_id, text, created_at, updated_at = row
    return Note(id=note_id, text=text, created_at=moment(created_at), updated_at=moment(updated_at))
