"""The tables of what belongs to owners beside documents, notes and conversations."""

from __future__ import annotations

OWNERS = (
    # Their documents are those of the pseudo-owner.
    """CREATE TABLE collections (
        id TEXT PRIMARY KEY,
        owner_id INTEGER NOT NULL UNIQUE REFERENCES owners,
        name TEXT NOT NULL,
        everyone INTEGER NOT NULL,
        groups TEXT NOT NULL,
        created_at INTEGER NOT NULL
    )""",
    """CREATE TABLE preferences (
        owner_id INTEGER PRIMARY KEY REFERENCES owners,
        value TEXT NOT NULL
    )""",
    # Owners whose rows are being removed: what was begun goes on after a restart.
    "CREATE TABLE removals (owner TEXT PRIMARY KEY) WITHOUT ROWID",
)
"""A migration."""
