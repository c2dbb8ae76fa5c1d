"""The numbers of owners, and moments as they are stored."""

from __future__ import annotations

from datetime import UTC, datetime

from vasi.errors import NotFoundError
from vasi.storage.owners import Owners, each_of
from vasi.storage.postgres.database import Transaction


async def owner_number(db: Transaction, owner: str) -> int | None:
    """The owner's number; None if nothing was ever stored for them."""
    return await db.value("SELECT id FROM owners WHERE name = $1", owner)


async def owner_numbers(db: Transaction, owners: Owners) -> list[int]:
    """The numbers of those for whom something was stored, in their order."""
    names = list(each_of(owners))
    if len(names) == 1:
        number = await owner_number(db, names[0])
        return [] if number is None else [number]
    rows = await db.fetch(
        "SELECT o.id FROM unnest($1::text[]) WITH ORDINALITY a(name, place) JOIN owners o ON o.name = a.name"
        " ORDER BY a.place",
        names,
    )
    return [number for (number,) in rows]


async def new_owner_number(db: Transaction, owner: str) -> int:
    """The owner's number, given out now if need be; other writes for the same owner wait for this transaction.

    Raises:
        NotFoundError: everything of the owner is being removed.
    """
    query = "SELECT id, EXISTS (SELECT FROM removals WHERE owner = $1) FROM owners WHERE name = $1 FOR UPDATE OF owners"
    row = await db.row(query, owner)
    if row is None:
        await db.execute("INSERT INTO owners (name) VALUES ($1) ON CONFLICT DO NOTHING", owner)
        row = await db.row(query, owner)
    if row is None or row[1]:
        raise NotFoundError("Everything of this account is being removed: nothing can be stored for it.")
    return row[0]


async def lock_owner(db: Transaction, owner: str) -> int | None:
    """The owner's number; other writes for the same owner wait for this transaction."""
    return await db.value("SELECT id FROM owners WHERE name = $1 FOR UPDATE", owner)


def moment(at: datetime) -> datetime:
    """An aware moment as it is stored, in UTC."""
    if at.tzinfo is None:
        raise ValueError("Times need a zone.")
    return at.astimezone(UTC)
