"""Rows of notes; each that isn't in the bin has one passage, which is where it is searched."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from vasi.errors import NotFoundError, StoreError
from vasi.storage.ports import Note, NoteOrigin
from vasi.storage.postgres.database import Row, Transaction
from vasi.storage.postgres.owners import lock_owner, moment, new_owner_number, owner_number
from vasi.storage.postgres.passages import Indexed, add_segment
from vasi.storage.postgres.text import restored

Index: TypeAlias = Callable[[Note], Awaitable[Indexed]]
"""What the index holds of a note: its words, and its tags as heading."""

MAX_CHANGES = 20
"""Of one note."""

_NOTE = """
    SELECT id, text, created_at, updated_at, tags, pinned, conversation_id, item_id FROM notes WHERE owner_id = $1
"""
_LIVE = f"{_NOTE} AND binned_at IS NULL"
_NONE = "There is no such note: list your notes to see their ids."
_NOT_CHANGED = "There is no change of this note to take back: it was never changed, or too long ago."
_NOT_BINNED = "There is no such note to restore: it was never removed, or is erased by now."


async def add_note(db: Transaction, owner: str, indexed: Indexed, added: Note) -> Note:
    """Keep a note and its passage."""
    if not await put_note(db, owner, indexed, added):
        raise StoreError("There is a note with this id already.")
    return added


async def put_note(db: Transaction, owner: str, indexed: Indexed, note: Note) -> bool:
    """Keep a note of elsewhere; False if its id is taken, by whomever."""
    number = await new_owner_number(db, owner)
    done = await db.execute(
        "INSERT INTO notes (id, owner_id, text, created_at, updated_at, tags, folded_tags, pinned, conversation_id,"
        " item_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING",
        note.id,
        number,
        note.text,
        moment(note.created_at),
        moment(note.updated_at),
        json.dumps(note.tags),
        _folded(note.tags),
        note.pinned,
        note.origin and note.origin.conversation_id,
        note.origin and note.origin.item_id,
    )
    if done:
        await add_segment(db, number, [indexed], note_id=note.id)
    return done > 0


async def notes(
    db: Transaction, owner: str, since: datetime | None, until: datetime | None, tag: str | None, limit: int
) -> list[Note]:
    """Newest first, in [since, until); ``tag`` in any case."""
    rows = await db.fetch(
        f"{_LIVE} AND ($2::timestamptz IS NULL OR created_at >= $2) AND ($3::timestamptz IS NULL OR created_at < $3)"
        " AND ($4::text IS NULL OR $4 = ANY (folded_tags)) ORDER BY created_at DESC, number DESC LIMIT $5",
        await owner_number(db, owner),
        since and moment(since),
        until and moment(until),
        None if tag is None else tag.casefold(),
        max(limit, 0),
    )
    return [_note(row) for row in rows]


async def notes_by_id(db: Transaction, owner: str, ids: Sequence[str]) -> list[Note]:
    """In the order of ``ids``."""
    rows = await db.fetch(f"{_LIVE} AND id = ANY ($2)", await owner_number(db, owner), list(ids))
    found = {note.id: note for note in map(_note, rows)}
    return [found[each] for each in ids if each in found]


async def note(db: Transaction, owner: str, note_id: str) -> Note:
    """One note of this owner."""
    return await _the_one(db, f"{_LIVE} AND id = $2", owner, note_id, _NONE)


async def update_note(
    db: Transaction,
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
    number = await lock_owner(db, owner)
    before = await note(db, owner, note_id)
    wanted = replace(
        before,
        text=before.text if text is None else text,
        tags=before.tags if tags is None else tags,
        pinned=before.pinned if pinned is None else pinned,
        updated_at=moment(at),
    )
    await db.execute(
        "UPDATE notes SET text = $2, tags = $3, folded_tags = $4, pinned = $5, updated_at = $6 WHERE id = $1",
        note_id,
        wanted.text,
        json.dumps(wanted.tags),
        _folded(wanted.tags),
        wanted.pinned,
        wanted.updated_at,
    )
    if (wanted.text, wanted.tags) != (before.text, before.tags):
        await db.execute(
            "INSERT INTO former_notes (owner_id, note_id, text, tags, updated_at, changed_at)"
            " VALUES ($1, $2, $3, $4, $5, $6)",
            number,
            note_id,
            before.text,
            json.dumps(before.tags),
            before.updated_at,
            wanted.updated_at,
        )
        await db.execute(
            "DELETE FROM former_notes WHERE note_id = $1 AND id NOT IN"
            " (SELECT id FROM former_notes WHERE note_id = $1 ORDER BY id DESC LIMIT $2)",
            note_id,
            MAX_CHANGES,
        )
        await _index_anew(db, owner, wanted, index)
    return wanted


async def revert_note(db: Transaction, owner: str, note_id: str, index: Index) -> Note:
    """Take back its last change of words, which is forgotten then."""
    await lock_owner(db, owner)
    changed = await note(db, owner, note_id)
    former = await db.row(
        "DELETE FROM former_notes WHERE id = (SELECT id FROM former_notes WHERE note_id = $1 ORDER BY id DESC LIMIT 1)"
        " RETURNING text, tags, updated_at",
        note_id,
    )
    if former is None:
        raise NotFoundError(_NOT_CHANGED)
    text, tags, updated_at = former
    reverted = replace(changed, text=restored(text), tags=tuple(json.loads(tags)), updated_at=updated_at)
    await db.execute(
        "UPDATE notes SET text = $2, tags = $3, folded_tags = $4, updated_at = $5 WHERE id = $1",
        note_id,
        reverted.text,
        tags,
        _folded(reverted.tags),
        updated_at,
    )
    await _index_anew(db, owner, reverted, index)
    return reverted


async def remove_note(db: Transaction, owner: str, note_id: str) -> Note:
    """Remove with its passage."""
    await lock_owner(db, owner)
    removed = await note(db, owner, note_id)
    await db.execute("DELETE FROM notes WHERE id = $1", note_id)
    return removed


async def bin_note(db: Transaction, owner: str, note_id: str, *, at: datetime) -> Note:
    """Into the bin; its passage goes, and its words leave the index."""
    await lock_owner(db, owner)
    binned = await note(db, owner, note_id)
    await db.execute("UPDATE notes SET binned_at = $2 WHERE id = $1", note_id, moment(at))
    await db.execute("DELETE FROM segments WHERE note_id = $1", note_id)
    return binned


async def restore_note(db: Transaction, owner: str, note_id: str, index: Index) -> Note:
    """Out of the bin, with a passage made anew."""
    await lock_owner(db, owner)
    binned = await _the_one(db, f"{_NOTE} AND binned_at IS NOT NULL AND id = $2", owner, note_id, _NOT_BINNED)
    await db.execute("UPDATE notes SET binned_at = NULL WHERE id = $1", note_id)
    await _index_anew(db, owner, binned, index)
    return binned


async def empty_bin(db: Transaction, owner: str, *, before: datetime) -> int:
    """Erase what was put into the bin before that moment, and what notes said that were changed before it."""
    number = await lock_owner(db, owner)
    done = await db.execute("DELETE FROM notes WHERE binned_at < $1 AND owner_id = $2", moment(before), number)
    await db.execute("DELETE FROM former_notes WHERE changed_at < $1 AND owner_id = $2", moment(before), number)
    return done


async def _index_anew(db: Transaction, owner: str, changed: Note, index: Index) -> None:
    await db.execute("DELETE FROM segments WHERE note_id = $1", changed.id)
    await add_segment(db, await new_owner_number(db, owner), [await index(changed)], note_id=changed.id)


async def _the_one(db: Transaction, query: str, owner: str, note_id: str, otherwise: str) -> Note:
    row = await db.row(query, await owner_number(db, owner), note_id)
    if row is None:
        raise NotFoundError(otherwise)
    return _note(row)


def _folded(tags: Sequence[str]) -> list[str]:
    return [tag.casefold() for tag in tags]


def _note(row: Row) -> Note:
    note_id, text, created_at, updated_at, tags, pinned, conversation_id, item_id = row
    return Note(
        id=note_id,
        text=restored(text),
        created_at=created_at,
        updated_at=updated_at,
        tags=tuple(json.loads(tags)),
        pinned=pinned,
        origin=None if conversation_id is None else NoteOrigin(conversation_id, item_id),
    )
