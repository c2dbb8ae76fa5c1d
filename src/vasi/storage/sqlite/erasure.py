"""Removed words leave the file too, not only the answers.

``secure_delete`` overwrites rows, but FTS5 only marks what was deleted: its terms stay in the index until all of its
segments are merged. That takes seconds for a large index, so it's done in small transactions some time after a removal.
The removal leaves a mark in the file, so that it's also done when this process ends before.
"""

from __future__ import annotations

import sqlite3

_PAGES = 100
"""Pages of an index written in one transaction."""
_WAIT_MS = 100


def mark(db: sqlite3.Connection) -> None:
    """Remember, in the transaction of a removal, that there is something to erase."""
    db.execute("INSERT OR REPLACE INTO settings VALUES ('erase', hex(randomblob(8)))")


def marked(db: sqlite3.Connection) -> str | None:
    """The mark of the newest removal that wasn't erased; None if all were."""
    row = db.execute("SELECT value FROM settings WHERE name = 'erase'").fetchone()
    return None if row is None else row[0]


def step(db: sqlite3.Connection) -> bool:
    """Merge a piece of the index, outside any transaction. False when there is no more to do."""
    before = db.total_changes
    db.execute(f"INSERT INTO terms (terms, rank) VALUES ('merge', -{_PAGES})")  # noqa: S608
    return db.total_changes - before > 1  # one change is the statement itself


def finish(db: sqlite3.Connection, removal: str) -> bool:
    """Empty the write-ahead log, and take back the mark. False while another process still reads from the log."""
    (usual,) = db.execute("PRAGMA busy_timeout").fetchone()
    db.execute(f"PRAGMA busy_timeout = {_WAIT_MS}")
    try:
        (busy, _, _) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        db.execute(f"PRAGMA busy_timeout = {usual}")
    if busy:
        return False
    db.execute("DELETE FROM settings WHERE name = 'erase' AND value = ?", (removal,))
    return True
