"""Rows of documents."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from vasi.errors import NotFoundError
from vasi.storage.names import distinct
from vasi.storage.owners import Owners, collection_of
from vasi.storage.ports import Document, NewDocument, Original
from vasi.storage.postgres.conversations import forget_excerpts
from vasi.storage.postgres.database import Row, Transaction
from vasi.storage.postgres.owners import lock_owner, moment, new_owner_number, owner_numbers
from vasi.storage.postgres.passages import Indexed, add_segment, collection_name
from vasi.storage.postgres.text import restored, storable

_DOCUMENT = """
    SELECT d.id, d.source, d.name, d.digest, d.media_type, d.size, d.pages, d.title, d.warnings, d.added_at,
        d.updated_at, d.original,
        (SELECT coalesce(sum(s.passages), 0)::integer FROM segments s WHERE s.document_id = d.id), c.id, c.name
    FROM documents d LEFT JOIN collections c ON c.owner_id = d.owner_id
    WHERE d.owner_id = ANY ($1)
"""
_NONE = "There is no such document: list your documents to see their ids."


async def put_document(
    db: Transaction,
    owner: str,
    document: NewDocument,
    passages: Sequence[Indexed],
    *,
    at: datetime,
    new_id: str,
) -> Document:
    """Store, or replace what came from the same source or is named by ``replaces``; a replaced document keeps its id.

    Its name is one that no other document of the owner has.

    Raises:
        NotFoundError: there is no document ``replaces``.
    """
    number = await new_owner_number(db, owner)
    before = await document_by_source(db, owner, document.source)
    if document.replaces is not None:
        replaced = await document_of(db, owner, document.replaces)
        if before is not None and before.id != replaced.id:
            await remove_document(db, owner, before.id)
        before = replaced
    if before:
        await db.execute("DELETE FROM segments WHERE document_id = $1", before.id)
    document_id = before.id if before else new_id
    for candidate in [document_id] if before or document.id is None else [document.id, new_id]:
        if await _put_row(db, number, candidate, document, at, before is not None):
            document_id = candidate
            break
    await add_segment(db, number, passages, document_id=document_id)
    return await document_of(db, owner, document_id)


async def _put_row(
    db: Transaction, number: int, document_id: str, document: NewDocument, at: datetime, known: bool
) -> bool:
    """The row of a document that is ``known``, or of a new one; False if another one, of whomever, has its id."""
    otherwise = (
        "UPDATE SET source = excluded.source, source_digest = excluded.source_digest, name = excluded.name,"
        " digest = excluded.digest, media_type = excluded.media_type, size = excluded.size, pages = excluded.pages,"
        " title = excluded.title, warnings = excluded.warnings, original = excluded.original,"
        " updated_at = excluded.updated_at"
    )
    done = await db.execute(
        "INSERT INTO documents (id, owner_id, source, source_digest, name, digest, media_type, size, pages, title,"  # noqa: S608
        " warnings, original, updated_at, added_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
        f" ON CONFLICT (id) DO {otherwise if known else 'NOTHING'}",
        document_id,
        number,
        document.source,
        _digest(document.source),
        await _distinct_name(db, number, document_id, document),
        document.digest,
        document.media_type,
        document.size,
        document.pages,
        document.title,
        json.dumps(document.warnings),
        document.original,
        moment(at),
        moment(document.added_at or at),
    )
    return done > 0


async def _distinct_name(db: Transaction, number: int, document_id: str, document: NewDocument) -> str:
    others = "FROM documents WHERE owner_id = $1 AND id <> $2"
    name = document.name
    if not await db.value(
        f'SELECT EXISTS (SELECT {others} AND lower(name) = lower($3::text COLLATE "C"))',
        number,
        document_id,
        name,
    ):
        return name
    rows = await db.fetch(f"SELECT name {others}", number, document_id)
    taken = {_folded(restored(each)) for (each,) in rows}
    return distinct(name, document.source, lambda each: _folded(each) in taken)


def _folded(name: str) -> str:
    """In any case of ASCII letters."""
    return name.translate(_LOWER)


_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


async def documents(db: Transaction, owners: Owners) -> list[Document]:
    """All of the owners', by name."""
    rows = await db.fetch(f"{_DOCUMENT} ORDER BY lower(d.name), d.name, d.source", await owner_numbers(db, owners))
    return [_document(row) for row in rows]


async def documents_by(
    db: Transaction, owner: str, column: Literal["digest", "original"], value: str
) -> list[Document]:
    """The owner's with this value, oldest first."""
    rows = await db.fetch(
        f"{_DOCUMENT} AND d.{column} = $2 ORDER BY d.added_at, d.number", await owner_numbers(db, owner), value
    )
    return [_document(row) for row in rows]


async def originals(db: Transaction) -> list[Original]:
    """The uploaded files of all owners' documents, each once."""
    rows = await db.fetch(
        "SELECT o.name, d.original, min(d.name) FROM documents d JOIN owners o ON o.id = d.owner_id"
        " WHERE d.original IS NOT NULL GROUP BY o.name, d.original"
    )
    return [Original(restored(owner), digest, restored(name)) for owner, digest, name in rows]


async def document_by_source(db: Transaction, owner: str, source: str) -> Document | None:
    """The document that came from ``source``."""
    row = await db.row(f"{_DOCUMENT} AND d.source_digest = $2", await owner_numbers(db, owner), _digest(source))
    return None if row is None else _document(row)


async def document_of(db: Transaction, owners: Owners, document_id: str) -> Document:
    """The owners' document of this id."""
    row = await db.row(f"{_DOCUMENT} AND d.id = $2", await owner_numbers(db, owners), document_id)
    if row is None:
        raise NotFoundError(_NONE)
    return _document(row)


async def remove_document(db: Transaction, owner: str, document_id: str) -> None:
    """Remove with its passages and their index."""
    number = await lock_owner(db, owner)
    await forget_excerpts(db, owner if collection_of(owner) is None else None, [document_id])
    if await db.execute("DELETE FROM documents WHERE id = $1 AND owner_id = $2", document_id, number) != 1:
        raise NotFoundError(_NONE)


def _digest(source: str) -> bytes:
    return hashlib.sha256(storable(source).encode()).digest()


def _document(row: Row) -> Document:
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
        source=restored(source),
        name=restored(name),
        digest=digest,
        media_type=media_type,
        size=size,
        pages=pages,
        title=restored(title),
        warnings=tuple(json.loads(warnings)),
        passages=passages,
        added_at=added_at,
        updated_at=updated_at,
        original=original,
        collection=collection_name(*collection),
    )
