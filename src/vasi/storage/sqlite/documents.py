"""Rows of documents."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

from vasi.errors import NotFoundError
from vasi.storage.names import distinct
from vasi.storage.owners import Owners, collection_of, each_of
from vasi.storage.ports import Document, NewDocument, Original
from vasi.storage.sqlite import erasure
from vasi.storage.sqlite.conversations import forget_excerpts
from vasi.storage.sqlite.passages import add_passage, collection_name, microseconds, moment, new_owner_number
from vasi.storage.sqlite.tokens import Indexed

_DOCUMENT = """
    SELECT d.id, d.source, d.name, d.digest, d.media_type, d.size, d.pages, d.title, d.warnings, d.added_at,
        d.updated_at, d.original, (SELECT count(*) FROM passages p WHERE p.document_id = d.id), c.id, c.name
    FROM documents d JOIN owners o ON o.id = d.owner_id LEFT JOIN collections c ON c.owner_id = o.id
    WHERE o.name IN (SELECT value FROM json_each(?))
"""
_NONE = "There is no such document: list your documents to see their ids."


def put_document(
    db: sqlite3.Connection,
    owner: str,
    document: NewDocument,
    passages: Iterable[Indexed],
    *,
    at: datetime,
    new_id: str,
) -> Document:
    """Store, or replace what came from the same source or is named by ``replaces``; a replaced document keeps its id.

    Its name is one that no other document of the owner has.

    Raises:
        NotFoundError: there is no document ``replaces``.
    """
    number = new_owner_number(db, owner)
    before = document_by_source(db, owner, document.source)
    if document.replaces is not None:
        replaced = document_of(db, owner, document.replaces)
        if before is not None and before.id != replaced.id:
            remove_document(db, owner, before.id)
        before = replaced
    if before:
        db.execute("DELETE FROM passages WHERE document_id = ?", (before.id,))
        erasure.mark(db)
    document_id = before.id if before else _free(db, document.id) or new_id

    def taken(name: str) -> bool:
        others = "SELECT 1 FROM documents WHERE owner_id = ? AND id <> ? AND name = ? COLLATE NOCASE"
        return db.execute(others, (number, document_id, name)).fetchone() is not None

    db.execute(
        "INSERT INTO documents (id, owner_id, source, name, digest, media_type, size, pages, title, warnings,"
        " original, updated_at, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET source = excluded.source, name = excluded.name, digest = excluded.digest,"
        " media_type = excluded.media_type, size = excluded.size, pages = excluded.pages, title = excluded.title,"
        " warnings = excluded.warnings, original = excluded.original, updated_at = excluded.updated_at",
        (
            document_id,
            number,
            document.source,
            distinct(document.name, document.source, taken),
            document.digest,
            document.media_type,
            document.size,
            document.pages,
            document.title,
            json.dumps(document.warnings),
            document.original,
            microseconds(at),
            microseconds(document.added_at or at),
        ),
    )
    for indexed in passages:
        add_passage(db, number, indexed, document_id=document_id)
    return document_of(db, owner, document_id)


def _free(db: sqlite3.Connection, document_id: str | None) -> str | None:
    """The id, if no document has it, of whomever."""
    taken = db.execute("SELECT 1 FROM documents WHERE id = ?", (document_id,)).fetchone()
    return document_id if taken is None else None


def documents(db: sqlite3.Connection, owners: Owners) -> list[Document]:
    """All of the owners', by name."""
    rows = db.execute(f"{_DOCUMENT} ORDER BY d.name COLLATE NOCASE, d.name, d.source", (_names(owners),))
    return [_document(row) for row in rows]


def documents_by(
    db: sqlite3.Connection, owner: str, column: Literal["digest", "original"], value: str
) -> list[Document]:
    """The owner's with this value, oldest first."""
    rows = db.execute(f"{_DOCUMENT} AND d.{column} = ? ORDER BY d.added_at, d.rowid", (_names(owner), value))
    return [_document(row) for row in rows]


def originals(db: sqlite3.Connection) -> list[Original]:
    """The uploaded files of all owners' documents, each once."""
    rows = db.execute(
        "SELECT o.name, d.original, min(d.name) FROM documents d JOIN owners o ON o.id = d.owner_id"
        " WHERE d.original IS NOT NULL GROUP BY o.name, d.original"
    )
    return [Original(*row) for row in rows]


def document_by_source(db: sqlite3.Connection, owner: str, source: str) -> Document | None:
    """The document that came from ``source``."""
    row = db.execute(f"{_DOCUMENT} AND d.source = ?", (_names(owner), source)).fetchone()
    return None if row is None else _document(row)


def document_of(db: sqlite3.Connection, owners: Owners, document_id: str) -> Document:
    """The owners' document of this id."""
    row = db.execute(f"{_DOCUMENT} AND d.id = ?", (_names(owners), document_id)).fetchone()
    if row is None:
        raise NotFoundError(_NONE)
    return _document(row)


def remove_document(db: sqlite3.Connection, owner: str, document_id: str) -> None:
    """Remove with its passages and their index."""
    forget_excerpts(db, owner if collection_of(owner) is None else None, [document_id])
    done = db.execute(
        "DELETE FROM documents WHERE id = ? AND owner_id = (SELECT id FROM owners WHERE name = ?)",
        (document_id, owner),
    )
    if done.rowcount != 1:
        raise NotFoundError(_NONE)
    erasure.mark(db)


def _names(owners: Owners) -> str:
    return json.dumps(each_of(owners))


def _document(row: Sequence[Any]) -> Document:
    (
        document_id,
        source,
        name,
        digest,
        media_type,
        size,
        pages,
        title,
        warnings,
        added_at,
        updated_at,
        original,
        passages,
        *collection,
    ) = row
    return Document(
        id=document_id,
        source=source,
        name=name,
        digest=digest,
        media_type=media_type,
        size=size,
        pages=pages,
        title=title,
        warnings=tuple(json.loads(warnings)),
        passages=passages,
        added_at=moment(added_at),
        updated_at=moment(updated_at),
        original=original,
        collection=collection_name(*collection),
    )
