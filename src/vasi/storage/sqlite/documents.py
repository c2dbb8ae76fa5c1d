"""Rows of documents."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from vasi.errors import NotFoundError
from vasi.storage.ports import Document, NewDocument
from vasi.storage.sqlite import erasure
from vasi.storage.sqlite.analysis import Indexed
from vasi.storage.sqlite.passages import add_passage, microseconds, moment, new_owner_number

_DOCUMENT = """
    SELECT d.id, d.source, d.name, d.digest, d.media_type, d.size, d.pages, d.title, d.warnings, d.added_at,
        (SELECT count(*) FROM passages p WHERE p.document_id = d.id)
    FROM documents d JOIN owners o ON o.id = d.owner_id WHERE o.name = ?
"""


def put_document(
    db: sqlite3.Connection,
    owner: str,
    document: NewDocument,
    passages: Iterable[Indexed],
    *,
    at: datetime,
    new_id: str,
) -> Document:
    """Store, or replace what came from the same source; a replaced document keeps its id."""
    number = new_owner_number(db, owner)
    before = document_by_source(db, owner, document.source)
    document_id = before.id if before else new_id
    if before:
        db.execute("DELETE FROM documents WHERE id = ?", (document_id,))
        erasure.mark(db)
    db.execute(
        "INSERT INTO documents (id, owner_id, source, name, digest, media_type, size, pages, title, warnings, added_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            document_id,
            number,
            document.source,
            document.name,
            document.digest,
            document.media_type,
            document.size,
            document.pages,
            document.title,
            json.dumps(document.warnings),
            microseconds(at),
        ),
    )
    for indexed in passages:
        add_passage(db, number, indexed, document_id=document_id)
    return _document(db.execute(f"{_DOCUMENT} AND d.id = ?", (owner, document_id)).fetchone())


def documents(db: sqlite3.Connection, owner: str) -> list[Document]:
    """All of the owner's, by name."""
    rows = db.execute(f"{_DOCUMENT} ORDER BY d.name COLLATE NOCASE, d.name, d.source", (owner,))
    return [_document(row) for row in rows]


def document_by_source(db: sqlite3.Connection, owner: str, source: str) -> Document | None:
    """The document that came from ``source``."""
    row = db.execute(f"{_DOCUMENT} AND d.source = ?", (owner, source)).fetchone()
    return None if row is None else _document(row)


def remove_document(db: sqlite3.Connection, owner: str, document_id: str) -> None:
    """Remove with its passages and their index."""
    done = db.execute(
        "DELETE FROM documents WHERE id = ? AND owner_id = (SELECT id FROM owners WHERE name = ?)",
        (document_id, owner),
    )
    if done.rowcount != 1:
        raise NotFoundError("There is no such document: list your documents to see their ids.")
    erasure.mark(db)


def _document(row: Sequence[Any]) -> Document:
    document_id, source, name, digest, media_type, size, pages, title, warnings, added_at, passages = row
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
    )
