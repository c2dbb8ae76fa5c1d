"""Removing everything of an owner, in small transactions, so that none lasts long.

The mark in ``removals`` is set first, so that what was begun goes on after a crash, and nothing can be stored for the
owner meanwhile.
"""

from __future__ import annotations

from vasi.storage.owners import collection_of
from vasi.storage.postgres.conversations import forget_excerpts
from vasi.storage.postgres.database import Transaction
from vasi.storage.postgres.owners import lock_owner
from vasi.storage.postgres.text import restored

_SEVERAL = 20
"""Documents, notes or conversations of a transaction."""
_TABLES = ("segments", "conversations", "documents", "notes")
_REST = (
    "DELETE FROM collections WHERE owner_id = $1",
    "DELETE FROM preferences WHERE owner_id = $1",
    "DELETE FROM spending WHERE owner_id = $1",
    "DELETE FROM changes WHERE owner_id = $1",
    "DELETE FROM owners WHERE id = $1",
)


async def begin(db: Transaction, owner: str) -> None:
    """Mark that everything of the owner is to go."""
    await db.execute("INSERT INTO owners (name) VALUES ($1) ON CONFLICT DO NOTHING", owner)
    number = await lock_owner(db, owner)  # whoever writes for them now has done so before the first part is removed
    await db.execute("INSERT INTO removals VALUES ($1) ON CONFLICT DO NOTHING", owner)
    if collection_of(owner) is not None:
        rows = await db.fetch("SELECT id FROM documents WHERE owner_id = $1", number)
        await forget_excerpts(db, None, [document for (document,) in rows])


async def step(db: Transaction, owner: str) -> bool:
    """Remove a part. False when nothing is left."""
    number = await lock_owner(db, owner)
    if number is None:
        return False
    for table in _TABLES:
        several = f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE owner_id = $1 LIMIT {_SEVERAL})"  # noqa: S608
        if await db.execute(several, number):
            return True
    for statement in _REST:
        await db.execute(statement, number)
    return False


async def finish(db: Transaction, owner: str) -> None:
    """Take back the mark."""
    await db.execute("DELETE FROM removals WHERE owner = $1", owner)


async def begun(db: Transaction) -> list[str]:
    """The owners whose marks there are."""
    return [restored(owner) for (owner,) in await db.fetch("SELECT owner FROM removals ORDER BY owner")]
