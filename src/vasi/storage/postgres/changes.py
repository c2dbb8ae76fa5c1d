"""Rows of the log of changes, which triggers write."""

from __future__ import annotations

from vasi.storage.changes import Change
from vasi.storage.owners import Owners
from vasi.storage.postgres.database import Transaction
from vasi.storage.postgres.owners import owner_numbers
from vasi.storage.postgres.tables import CHANGES


async def latest_change(db: Transaction, owners: Owners) -> int:
    """``seq`` of the newest; an owner's changes may all have been forgotten for others'."""
    numbers = await owner_numbers(db, owners)
    return await db.value("SELECT coalesce(max(seq), 0) FROM changes WHERE owner_id = ANY ($1)", numbers)


async def newest(db: Transaction) -> int:
    """The number that was given out last, whoever's change it was; 0 before the first."""
    return await db.value("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM changes_seq_seq")


async def changes(db: Transaction, owners: Owners, after: int) -> list[Change] | None:
    """Since ``after``; None if some may have been forgotten."""
    last = await newest(db)
    if after > last or after < last - CHANGES:
        return None
    rows = await db.fetch(
        "SELECT seq, kind, action, id FROM changes WHERE owner_id = ANY ($1) AND seq > $2 ORDER BY seq",
        await owner_numbers(db, owners),
        after,
    )
    return [Change(*row) for row in rows]
