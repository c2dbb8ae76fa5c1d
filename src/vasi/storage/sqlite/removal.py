"""Removing everything of an owner, in small transactions: a large library doesn't hold up the others' writes.

The mark in ``removals`` is set first, so that what was begun goes on after a crash, and nothing can be stored for the
owner meanwhile.
"""

from __future__ import annotations

import sqlite3

from vasi.storage.owners import collection_of
from vasi.storage.sqlite import erasure
from vasi.storage.sqlite.conversations import forget_excerpts
from vasi.storage.sqlite.passages import owner_number

_PASSAGES, _CONVERSATIONS = 500, 20
"""Rows of a transaction."""
_REST = (
    "DELETE FROM documents WHERE owner_id = ?",
    "DELETE FROM notes WHERE owner_id = ?",
    "DELETE FROM conversations WHERE owner_id = ?",
    "DELETE FROM collections WHERE owner_id = ?",
    "DELETE FROM preferences WHERE owner_id = ?",
    "DELETE FROM spending WHERE owner_id = ?",
    "DELETE FROM changes WHERE owner_id = ?",
    "DELETE FROM owners WHERE id = ?",
)


def begin(db: sqlite3.Connection, owner: str) -> None:
    """Mark that everything of the owner is to go."""
    db.execute("INSERT OR IGNORE INTO removals VALUES (?)", (owner,))
    number = owner_number(db, owner)
    if number is not None and collection_of(owner) is not None:
        rows = db.execute("SELECT id FROM documents WHERE owner_id = ?", (number,))
        forget_excerpts(db, None, [document for (document,) in rows])


def step(db: sqlite3.Connection, owner: str) -> bool:
    """Remove a part. False when nothing is left."""
    number = owner_number(db, owner)
    if number is None:
        return False
    erasure.mark(db)
    for table, most in (("passages", _PASSAGES), ("conversations", _CONVERSATIONS)):
        several = f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE owner_id = ? LIMIT {most})"  # noqa: S608
        if db.execute(several, (number,)).rowcount:
            return True
    for statement in _REST:
        db.execute(statement, (number,))
    return False


def finish(db: sqlite3.Connection, owner: str) -> None:
    """Take back the mark."""
    db.execute("DELETE FROM removals WHERE owner = ?", (owner,))


def begun(db: sqlite3.Connection) -> list[str]:
    """The owners whose marks there are."""
    return [owner for (owner,) in db.execute("SELECT owner FROM removals ORDER BY owner")]
