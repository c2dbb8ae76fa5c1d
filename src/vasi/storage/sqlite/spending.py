"""Rows of what was used on a day."""

from __future__ import annotations

import sqlite3
from datetime import date

from vasi.storage.spending import Spent
from vasi.storage.sqlite.passages import new_owner_number


def spend(db: sqlite3.Connection, owner: str, day: date, more: Spent) -> Spent:
    """Add to a day."""
    db.execute(
        "INSERT INTO spending (owner_id, day, tokens, seconds) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET tokens = tokens + excluded.tokens, seconds = seconds + excluded.seconds",
        (new_owner_number(db, owner), day.isoformat(), more.tokens, more.seconds),
    )
    return spent(db, owner, day)


def spent(db: sqlite3.Connection, owner: str, day: date) -> Spent:
    """The sum of a day."""
    row = db.execute(
        "SELECT tokens, seconds FROM spending JOIN owners ON owners.id = owner_id WHERE name = ? AND day = ?",
        (owner, day.isoformat()),
    ).fetchone()
    return Spent() if row is None else Spent(*row)
