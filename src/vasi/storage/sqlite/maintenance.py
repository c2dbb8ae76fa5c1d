"""Maintenance of the file: integrity check and backup."""

from __future__ import annotations

import os
import sqlite3
import zlib
from pathlib import Path

from vasi.errors import StoreError

_ROWS = (
    (
        "passages that the index doesn't have",
        "SELECT count(*) FROM passages WHERE id NOT IN (SELECT passage_id FROM passage_terms)"
        " OR id NOT IN (SELECT passage_id FROM passage_lengths)",
    ),
    (
        "entries of the index without their passage",
        "SELECT count(*) FROM (SELECT passage_id FROM passage_terms UNION SELECT passage_id FROM passage_lengths)"
        " WHERE passage_id NOT IN (SELECT id FROM passages)",
    ),
    (
        "entries of the index that name another owner or kind than their passage",
        "SELECT count(*) FROM passages p JOIN passage_terms t ON t.passage_id = p.id"
        " JOIN passage_lengths l ON l.passage_id = p.id"
        " WHERE t.owner_id <> p.owner_id OR l.owner_id <> p.owner_id OR l.note <> (p.note_id IS NOT NULL)",
    ),
    (
        "owners whose passages aren't counted rightly",
        "SELECT count(*) FROM owners o WHERE (o.passages, o.words, o.sounds) <> (SELECT count(*),"
        " coalesce(sum(l.words), 0), coalesce(sum(l.sounds), 0) FROM passage_lengths l WHERE l.owner_id = o.id)",
    ),
    (
        "notes without a passage",
        "SELECT count(*) FROM notes WHERE binned_at IS NULL"
        " AND id NOT IN (SELECT note_id FROM passages WHERE note_id IS NOT NULL)",
    ),
    (
        "notes in the bin that can still be found",
        "SELECT count(*) FROM notes n JOIN passages p ON p.note_id = n.id WHERE n.binned_at IS NOT NULL",
    ),
    (
        "passages that belong to another owner than their document or note",
        "SELECT count(*) FROM passages p LEFT JOIN documents d ON d.id = p.document_id"
        " LEFT JOIN notes n ON n.id = p.note_id WHERE p.owner_id <> coalesce(d.owner_id, n.owner_id)",
    ),
    (
        "collections that belong to another owner than their own",
        "SELECT count(*) FROM collections c LEFT JOIN owners o ON o.id = c.owner_id"
        " WHERE coalesce(o.name, '') <> 'collection:' || c.id",
    ),
    (
        "vectors that belong to another owner than their passage",
        "SELECT count(*) FROM vectors v JOIN passages p ON p.id = v.passage_id WHERE v.owner_id <> p.owner_id",
    ),
)


def problems_of_rows(db: sqlite3.Connection) -> list[str]:
    """What is wrong with the file, its tables and what they say of each other."""
    try:
        found = [f"The file: {line}." for (line,) in db.execute("PRAGMA integrity_check") if line != "ok"]
        for table, row, parent, _ in db.execute("PRAGMA foreign_key_check"):
            found.append(f"Row {row} of {table} points to a row of {parent} that is gone.")
        for what, sql in _ROWS:
            (count,) = db.execute(sql).fetchone()
            if count:
                found.append(f"There are {what}: {count}.")
    except sqlite3.DatabaseError as error:
        return [f"The file can't be read to its end: {error}."]
    return found


def problems_of_index(db: sqlite3.Connection) -> list[str]:
    """What is wrong inside the FTS5 table, or differs from the terms beside it.

    Needs a write transaction, though nothing is written.
    """
    try:
        db.execute("INSERT INTO terms (terms, rank) VALUES ('integrity-check', 1)")
    except (sqlite3.DatabaseError, zlib.error) as error:
        return [f"The index is damaged: {error}."]
    return []


def backup(db: sqlite3.Connection, path: Path) -> None:
    """Copy the database, as it is in the present read transaction, to the new file ``path``.

    Raises:
        StoreError: ``path`` exists already or can't be written.
    """
    if path.exists():
        raise StoreError(f"{path} exists already: choose another name for the backup.")
    part = path.with_name(path.name + ".part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreError(f"{path} can't be written: {error.strerror}.") from error
    copy = sqlite3.connect(part)
    try:
        db.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without companions
        copy.execute("VACUUM")  # leaves behind what the pages still hold of rows that were moved or removed
    finally:
        copy.close()
    part.rename(path)
