"""The contents of a PostgreSQL store, to be moved into another store or out of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, TypeVar

import numpy as np

from vasi.errors import StoreError
from vasi.storage.exchange import Column, Indexed, Key, Row, Table
from vasi.storage.ports import NewPassage, Vector
from vasi.storage.postgres.database import Transaction
from vasi.storage.postgres.passages import add_segment, passage_id, passage_number
from vasi.storage.postgres.passages import indexed as with_terms
from vasi.storage.postgres.text import restored, storable
from vasi.storage.postgres.vectors import put_vectors
from vasi.storage.terms import Analyser

T = TypeVar("T")

_COPYING = "copying"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_IN_ORDER = {"documents": "t.number", "notes": "t.number"}
_OWNER = "(SELECT name FROM owners o WHERE o.id = t.owner_id)"
_TYPES = {
    "text": "text", "integer": "bigint", "real": "double precision", "boolean": "boolean", "moment": "timestamptz",
    "day": "date", "bytes": "bytea", "owner": "text",
}  # fmt: skip
_NUMBERED = {"former_notes": "id", "audit": "seq"}
"""Tables whose numbers the server gives out: it goes on behind those that were copied."""


class PostgresContents:
    """Implements ``vasi.storage.exchange.Contents``.

    Args:
        read: runs what reads.
        write: runs what writes, in a transaction; for a snapshot it's never called.
        analyser: makes the terms of passages.
    """

    def __init__(
        self,
        read: Callable[[Callable[[Transaction], Awaitable[Any]]], Awaitable[Any]],
        write: Callable[[Callable[[Transaction], Awaitable[Any]]], Awaitable[Any]],
        analyser: Analyser,
    ) -> None:
        self._read = read
        self._write = write
        self._analyser = analyser

    async def keys(self, table: Table) -> list[Key]:
        """Of all rows, in the order in which they were stored."""
        key = _key_columns(table)
        columns = ", ".join(map(_selected, key))
        query = f"SELECT {columns} FROM {table.name} t ORDER BY {_IN_ORDER.get(table.name, columns)}"  # noqa: S608

        async def read(db: Transaction) -> list[Key]:
            return [_neutral(key, row) for row in await db.fetch(query)]

        return await self._read(read)

    async def rows(self, table: Table, keys: Sequence[Key]) -> dict[Key, Row]:
        """Those of ``keys`` that are there."""
        key = _key_columns(table)
        columns = ", ".join(map(_selected, table.columns))
        arrays = ", ".join(f"${place}::{_TYPES[column.type]}[]" for place, column in enumerate(key, 1))
        names = ", ".join(f"k{place}" for place in range(len(key)))
        joined = " AND ".join(_is(column, f"a.k{place}") for place, column in enumerate(key))
        query = f"SELECT {columns} FROM unnest({arrays}) a({names}) JOIN {table.name} t ON {joined}"  # noqa: S608

        async def read(db: Transaction) -> dict[Key, Row]:
            found = await db.fetch(
                query, *(list(column) for column in zip(*(_own(key, one) for one in keys), strict=True))
            )
            rows = [_neutral(table.columns, row) for row in found]
            return {table.key_of(row): row for row in rows}

        return await self._read(read) if keys else {}

    async def put(self, table: Table, rows: Sequence[Row]) -> None:
        """Add, or replace those of the same key."""
        columns = [*table.columns, *_DERIVED.get(table.name, ())]
        names = ", ".join(column.name for column in columns)
        values = ", ".join(_given(column, place) for place, column in enumerate(columns, 1))
        changes = ", ".join(f"{column.name} = excluded.{column.name}" for column in columns)
        statement = (
            f"INSERT INTO {table.name} ({names}) VALUES ({values})"  # noqa: S608
            f" ON CONFLICT ({', '.join(table.key)}) DO UPDATE SET {changes}"
        )

        async def write(db: Transaction) -> None:
            for row in rows:
                await db.execute(statement, *_own(table.columns, row), *_derived(table, row))
            if table.name in _NUMBERED:
                number = _NUMBERED[table.name]
                await db.execute(
                    f"SELECT setval(pg_get_serial_sequence('vasi.{table.name}', '{number}'),"  # noqa: S608
                    f" (SELECT max({number}) FROM {table.name}))"
                )

        await self._write(write)

    async def remove(self, table: Table, keys: Sequence[Key]) -> None:
        """Remove what has these keys."""
        key = _key_columns(table)
        where = " AND ".join(_is(column, f"${place}") for place, column in enumerate(key, 1))

        async def write(db: Transaction) -> None:
            for one in keys:
                await db.execute(f"DELETE FROM {table.name} AS t WHERE {where}", *_own(key, one))  # noqa: S608

        await self._write(write)

    async def indexed(self, sources: Sequence[str]) -> dict[str, Indexed]:
        """Passages and vectors of those documents and notes that have passages."""

        async def read(db: Transaction) -> dict[str, Indexed]:
            rows = await db.fetch(
                'SELECT coalesce(s.document_id, s.note_id), o.name, p.text, p.heading, p.page, p.start, p."end",'
                " v.model, v.data::real[] FROM segments s JOIN owners o ON o.id = s.owner_id"
                " JOIN passages p ON p.segment_id = s.id"
                " LEFT JOIN vectors v ON v.segment_id = p.segment_id AND v.ordinal = p.ordinal"
                " WHERE s.document_id = ANY ($1) OR s.note_id = ANY ($1) ORDER BY p.segment_id, p.ordinal",
                list(sources),
            )
            passages: dict[str, list[NewPassage]] = {}
            vectors: dict[str, dict[int, tuple[str, Vector]]] = {}
            owners: dict[str, str] = {}
            for source, owner, text, heading, page, start, end, model, data in rows:
                if model is not None:
                    place = len(passages.get(source, ()))
                    vectors.setdefault(source, {})[place] = (model, np.array(data, np.float32))
                passages.setdefault(source, []).append(NewPassage(restored(text), restored(heading), page, start, end))
                owners[source] = restored(owner)
            return {one: Indexed(owners[one], tuple(each), vectors.get(one, {})) for one, each in passages.items()}

        return await self._read(read)

    async def put_indexed(self, source: str, table: Literal["documents", "notes"], indexed: Indexed) -> None:
        """Replace the passages of a document or note."""
        column = "document_id" if table == "documents" else "note_id"
        analysed = [with_terms(passage, self._analyser) for passage in indexed.passages]

        async def write(db: Transaction) -> None:
            await db.execute(f"DELETE FROM segments WHERE {column} = $1", source)  # noqa: S608
            if not analysed:
                return
            number = await db.value("SELECT id FROM owners WHERE name = $1", indexed.owner)
            if table == "documents":
                await add_segment(db, number, analysed, document_id=source)
            else:
                await add_segment(db, number, analysed, note_id=source)
            segment = await db.value(f"SELECT id FROM segments WHERE {column} = $1", source)  # noqa: S608
            by_model: dict[str, dict[str, Vector]] = {}
            for place, (model, vector) in indexed.vectors.items():
                by_model.setdefault(model, {})[passage_id(passage_number(segment, place))] = vector
            for model, vectors in by_model.items():
                await put_vectors(db, indexed.owner, model, vectors)

        await self._write(write)

    async def begin(self) -> None:
        """Remember that a copy was begun. Raises ``StoreError`` if something else is stored already."""

        async def write(db: Transaction) -> None:
            if await db.value("SELECT EXISTS (SELECT FROM settings WHERE name = $1)", _COPYING):
                return
            for table in ("owners", "users", "audit"):
                if await db.value(f"SELECT EXISTS (SELECT FROM {table})"):  # noqa: S608
                    raise StoreError("Something is stored there already: copy into an empty store.", code="not_empty")
            await db.execute("INSERT INTO settings VALUES ($1, '')", _COPYING)

        await self._write(write)

    async def finish(self) -> None:
        """The copy is complete."""
        await self._write(lambda db: db.execute("DELETE FROM settings WHERE name = $1", _COPYING))


_DERIVED = {"documents": (Column("source_digest", "bytes"),), "notes": (Column("folded_tags", "text"),)}
"""Columns that are made of others."""


def _derived(table: Table, row: Row) -> list[Any]:
    named = dict(zip((column.name for column in table.columns), row, strict=True))
    if table.name == "documents":
        return [hashlib.sha256(storable(named["source"]).encode()).digest()]
    return [[tag.casefold() for tag in json.loads(named["tags"])]] if table.name == "notes" else []


def _key_columns(table: Table) -> list[Column]:
    return [column for name in table.key for column in table.columns if column.name == name]


def _selected(column: Column) -> str:
    return _OWNER if column.type == "owner" else f"t.{column.name}"


def _given(column: Column, place: int) -> str:
    return f"(SELECT o.id FROM owners o WHERE o.name = ${place})" if column.type == "owner" else f"${place}"  # noqa: S608


def _is(column: Column, value: str) -> str:
    if column.type == "owner":
        return f"t.owner_id = (SELECT o.id FROM owners o WHERE o.name = {value})"  # noqa: S608
    return f"t.{column.name} = {value}"


def _neutral(columns: Sequence[Column], row: Sequence[Any]) -> Row:
    return tuple(_neutral_value(column, value) for column, value in zip(columns, row, strict=True))


def _neutral_value(column: Column, value: Any) -> Any:
    if value is None:
        return None
    match column.type:
        case "moment":
            return (value - _EPOCH) // timedelta(microseconds=1)
        case "day":
            return value.isoformat()
        case "text" | "owner":
            return restored(value)
        case _:
            return value


def _own(columns: Sequence[Column], row: Sequence[Any]) -> list[Any]:
    """Values as the driver takes them."""
    return [_own_value(column, value) for column, value in zip(columns, row, strict=True)]


def _own_value(column: Column, value: Any) -> Any:
    if value is None:
        return None
    match column.type:
        case "moment":
            return _EPOCH + timedelta(microseconds=value)
        case "day":
            return date.fromisoformat(value)
        case _:
            return value
