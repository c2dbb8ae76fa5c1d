"""Rows of notes; each that isn't in the bin has one passage, which is where it is searched."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias

from vasi.errors import NotFoundError
from vasi.storage.ports import Note, NoteOrigin
from vasi.storage.sqlite import erasure
from vasi.storage.sqlite.passages import add_passage, microseconds, moment, new_owner_number
from vasi.storage.sqlite.tokens import Indexed

Index: TypeAlias = Callable[[Note], Indexed]
"""What the index holds of a note: its words, and its tags as heading."""

MAX_CHANGES = 20
"""Of one note."""

_NOTE = """
    SELECT n.id, n.text, n.created_at, n.updated_at, n.tags, n.pinned, n.conversation_id, n.item_id
    FROM notes n JOIN owners o ON o.id = n.owner_id WHERE o.name = ?1
"""
_LIVE = f"{_NOTE} AND n.binned_at IS NULL"
_NONE = "There is no such note: list your notes to see their ids."
_NOT_CHANGED = "There is no change of this note to take back: it was never changed, or too long ago."
_NOT_BINNED = "There is no such note to restore: it was never removed, or is erased by now."


def put_note(db: sqlite3.Connection, owner: str, indexed: Indexed, note: Note) -> bool:
    """Keep a note of elsewhere; False if its id is taken, by whomever."""
    if db.execute("SELECT 1 FROM notes WHERE id = ?", (note.id,)).fetchone() is not None:
        return False
    add_note(db, owner, indexed, note)
    return True


def add_note(db: sqlite3.Connection, owner: str, indexed: Indexed, added: Note) -> Note:
    """Keep a note and its passage."""
    number = new_owner_number(db, owner)
    db.execute(
        "INSERT INTO notes (id, owner_id, text, created_at, updated_at, tags, pinned, conversation_id, item_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            added.id,
            number,
            added.text,
            microseconds(added.created_at),
            microseconds(added.updated_at),
            json.dumps(added.tags),
            added.pinned,
            added.origin and added.origin.conversation_id,
            added.origin and added.origin.item_id,
        ),
    )
    add_passage(db, number, indexed, note_id=added.id)
    return note(db, owner, added.id)


def notes(
    db: sqlite3.Connection, owner: str, since: datetime | None, until: datetime | None, tag: str | None, limit: int
) -> list[Note]:
    """Newest first, in [since, until); ``tag`` in any case."""
    rows = db.execute(
        f"{_LIVE} AND (?2 IS NULL OR n.created_at >= ?2) AND (?3 IS NULL OR n.created_at < ?3)"  # noqa: S608
        " AND (?4 IS NULL OR EXISTS (SELECT 1 FROM json_each(n.tags) WHERE casefold(value) = casefold(?4)))"
        " ORDER BY n.created_at DESC, n.rowid DESC LIMIT ?5",
        (owner, since and microseconds(since), until and microseconds(until), tag, max(limit, 0)),
    )
    return [_note(row) for row in rows]


def notes_by_id(db: sqlite3.Connection, owner: str, ids: Sequence[str]) -> list[Note]:
    """In the order of ``ids``."""
    rows = db.execute(f"{_LIVE} AND n.id IN (SELECT value FROM json_each(?2))", (owner, json.dumps(ids)))  # noqa: S608
    found = {note.id: note for note in map(_note, rows)}
    return [found[each] for each in ids if each in found]


def note(db: sqlite3.Connection, owner: str, note_id: str) -> Note:
    """One note of this owner."""
    return _the_one(db, f"{_LIVE} AND n.id = ?2", owner, note_id, _NONE)


def update_note(
    db: sqlite3.Connection,
    owner: str,
    note_id: str,
    index: Index,
    text: str | None,
    tags: tuple[str, ...] | None,
    pinned: bool | None,
    *,
    at: datetime,
) -> Note:
    """Change what is given. Where words change, the former are kept, and its passage is a new one, without a vector."""
    before = note(db, owner, note_id)
    wanted = replace(
        before,
        text=before.text if text is None else text,
        tags=before.tags if tags is None else tags,
        pinned=before.pinned if pinned is None else pinned,
    )
    db.execute(
        "UPDATE notes SET text = ?, tags = ?, pinned = ?, updated_at = ? WHERE id = ?",
        (wanted.text, json.dumps(wanted.tags), wanted.pinned, microseconds(at), note_id),
    )
    if (wanted.text, wanted.tags) != (before.text, before.tags):
        db.execute(
            "INSERT INTO former_notes (note_id, text, tags, updated_at, changed_at) VALUES (?, ?, ?, ?, ?)",
            (note_id, before.text, json.dumps(before.tags), microseconds(before.updated_at), microseconds(at)),
        )
        db.execute(
            "DELETE FROM former_notes WHERE note_id = ?1 AND id NOT IN"
            " (SELECT id FROM former_notes WHERE note_id = ?1 ORDER BY id DESC LIMIT ?2)",
            (note_id, MAX_CHANGES),
        )
        _forget_passage(db, note_id)
        add_passage(db, new_owner_number(db, owner), index(wanted), note_id=note_id)
    return note(db, owner, note_id)


def revert_note(db: sqlite3.Connection, owner: str, note_id: str, index: Index) -> Note:
    """Take back its last change of words, which is forgotten then."""
    changed = note(db, owner, note_id)
    former = db.execute(
        "SELECT id, text, tags, updated_at FROM former_notes WHERE note_id = ? ORDER BY id DESC LIMIT 1", (note_id,)
    ).fetchone()
    if former is None:
        raise NotFoundError(_NOT_CHANGED)
    number, text, tags, updated_at = former
    db.execute("DELETE FROM former_notes WHERE id = ?", (number,))
    db.execute("UPDATE notes SET text = ?, tags = ?, updated_at = ? WHERE id = ?", (text, tags, updated_at, note_id))
    _forget_passage(db, note_id)
    reverted = replace(changed, text=text, tags=tuple(json.loads(tags)))
    add_passage(db, new_owner_number(db, owner), index(reverted), note_id=note_id)
    return note(db, owner, note_id)


def remove_note(db: sqlite3.Connection, owner: str, note_id: str) -> Note:
    """Remove with its passage."""
    removed = note(db, owner, note_id)
    db.execute("DELETE FROM notes WHERE id = ?", (note_id,))
    erasure.mark(db)
    return removed


def bin_note(db: sqlite3.Connection, owner: str, note_id: str, *, at: datetime) -> Note:
    """Into the bin; its passage goes, and its words leave the index."""
    binned = note(db, owner, note_id)
    db.execute("UPDATE notes SET binned_at = ? WHERE id = ?", (microseconds(at), note_id))
    _forget_passage(db, note_id)
    return binned


def restore_note(db: sqlite3.Connection, owner: str, note_id: str, index: Index) -> Note:
    """Out of the bin, with a passage made anew."""
    restored = _the_one(db, f"{_NOTE} AND n.binned_at IS NOT NULL AND n.id = ?2", owner, note_id, _NOT_BINNED)
    db.execute("UPDATE notes SET binned_at = NULL WHERE id = ?", (note_id,))
    add_passage(db, new_owner_number(db, owner), index(restored), note_id=note_id)
    return restored


def empty_bin(db: sqlite3.Connection, owner: str, *, before: datetime) -> int:
    """Erase what was put into the bin before that moment, and what notes said that were changed before it."""
    when = microseconds(before)
    owned = "owner_id = (SELECT id FROM owners WHERE name = ?)"
    done = db.execute(f"DELETE FROM notes WHERE binned_at < ? AND {owned}", (when, owner))  # noqa: S608
    former = db.execute(
        f"DELETE FROM former_notes WHERE changed_at < ? AND note_id IN (SELECT id FROM notes WHERE {owned})",  # noqa: S608
        (when, owner),
    )
    if done.rowcount or former.rowcount:
        erasure.mark(db)
    return done.rowcount


def _forget_passage(db: sqlite3.Connection, note_id: str) -> None:
    db.execute("DELETE FROM passages WHERE note_id = ?", (note_id,))
    erasure.mark(db)


def _the_one(db: sqlite3.Connection, query: str, owner: str, note_id: str, otherwise: str) -> Note:
    row = db.execute(query, (owner, note_id)).fetchone()
    if row is None:
        raise NotFoundError(otherwise)
    return _note(row)


def _note(row: Sequence[Any]) -> Note:
    note_id, text, created_at, updated_at, tags, pinned, conversation_id, item_id = row
    return Note(
        id=note_id,
        text=text,
        created_at=moment(created_at),
        updated_at=moment(updated_at),
        tags=tuple(json.loads(tags)),
        pinned=bool(pinned),
        origin=None if conversation_id is None else NoteOrigin(conversation_id, item_id),
    )
