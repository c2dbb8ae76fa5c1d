"""Rows of what was used on a day."""

from __future__ import annotations

from datetime import date

from vasi.storage.postgres.database import Transaction
from vasi.storage.postgres.owners import new_owner_number, owner_number
from vasi.storage.spending import Spent


async def spend(db: Transaction, owner: str, day: date, more: Spent) -> Spent:
    """Add to a day."""
    row = await db.row(
        "INSERT INTO spending AS s (owner_id, day, tokens, seconds) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (owner_id, day) DO UPDATE SET tokens = s.tokens + excluded.tokens,"
        " seconds = s.seconds + excluded.seconds RETURNING tokens, seconds",
        await new_owner_number(db, owner),
        day,
        more.tokens,
        more.seconds,
    )
    return Spent() if row is None else Spent(*row)


async def spent(db: Transaction, owner: str, day: date) -> Spent:
    """The sum of a day."""
    number = await owner_number(db, owner)
    row = await db.row("SELECT tokens, seconds FROM spending WHERE owner_id = $1 AND day = $2", number, day)
    return Spent() if row is None else Spent(*row)
