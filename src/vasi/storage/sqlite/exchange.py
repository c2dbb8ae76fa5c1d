"""The contents of a SQLite store, to be moved into another store or out of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal, TypeVar

import numpy as np

from vasi.errors import StoreError
from vasi.storage.exchange import Column, Indexed, Key, Row, Table
from vasi.storage.ports import NewPassage, Original, Vector
from vasi.storage.sqlite import erasure
from vasi.storage.sqlite.documents import originals
from vasi.storage.sqlite.passages import add_passage, passage_id
from vasi.storage.sqlite.tokens import indexed as with_terms
from vasi.storage.sqlite.vectors import put_vectors
from vasi.storage.terms import Analyser

T = TypeVar("T")
Run = Callable[[Callable[[sqlite3.Connection], T]], Awaitable[T]]

_COPYING = "copying"
_OWNER = "(SELECT name FROM owners o WHERE o.id = t.owner_id)"
_OWNERS = {
    "former_notes": "(SELECT o.name FROM notes n JOIN owners o ON o.id = n.owner_id WHERE n.id = t.note_id)",
    "conversation_items": "(SELECT o.name FROM conversations c JOIN owners o ON o.id = c.owner_id"
    " WHERE c.id = t.conversation_id)",
}
"""Of tables that have no column for it."""
_IN_ORDER = {"documents": "rowid", "notes": "rowid"}


class SqliteContents:
    """Implements ``vasi.storage.exchange.Contents``.

    Args:
        read: runs what reads.
        write: runs what writes, in a transaction; None for a snapshot.
        analyser: makes the terms of passages.
    """

    def __init__(self, read: Any, write: Any, analyser: Analyser) -> None:
        self._read = read
        self._write = write
        self._analyser = analyser

    async def keys(self, table: Table) -> list[Key]:
        """Of all rows, in the order in which they were stored."""
        columns = ", ".join(_selected(table, column) for column in _key_columns(table))
        query = f"SELECT {columns} FROM {table.name} t ORDER BY {_IN_ORDER.get(table.name, columns)}"  # noqa: S608

        def read(db: sqlite3.Connection) -> list[Key]:
            return db.execute(query).fetchall()

        return await self._read(read)

    async def rows(self, table: Table, keys: Sequence[Key]) -> dict[Key, Row]:
        """Those of ``keys`` that are there."""
        columns = ", ".join(_selected(table, column) for column in table.columns)
        where = " AND ".join(_is(column) for column in _key_columns(table))
        query = f"SELECT {columns} FROM {table.name} t WHERE {where}"  # noqa: S608

        def read(db: sqlite3.Connection) -> dict[Key, Row]:
            found: dict[Key, Row] = {}
            for key in keys:
                row = db.execute(query, key).fetchone()
                if row is not None:
                    found[key] = tuple(
                        _neutral(column, value) for column, value in zip(table.columns, row, strict=True)
                    )
            return found

        return await self._read(read)

    async def put(self, table: Table, rows: Sequence[Row]) -> None:
        """Add, or replace those of the same key."""
        columns = [column for column in table.columns if not _is_elsewhere(table, column)]
        places = [table.columns.index(column) for column in columns]
        values = ", ".join(
            "(SELECT id FROM owners WHERE name = ?)" if column.type == "owner" else "?" for column in columns
        )
        changes = ", ".join(f"{column.name} = excluded.{column.name}" for column in columns)
        statement = (
            f"INSERT INTO {table.name} ({', '.join(column.name for column in columns)}) VALUES ({values})"  # noqa: S608
            f" ON CONFLICT ({', '.join(table.key)}) DO UPDATE SET {changes}"
        )

        def write(db: sqlite3.Connection) -> None:
            db.executemany(statement, [[row[place] for place in places] for row in rows])

        await self._write(write)

    async def remove(self, table: Table, keys: Sequence[Key]) -> None:
        """Remove what has these keys."""
        where = " AND ".join(_is(column) for column in _key_columns(table))

        def write(db: sqlite3.Connection) -> None:
            db.executemany(f"DELETE FROM {table.name} AS t WHERE {where}", keys)  # noqa: S608
            erasure.mark(db)

        await self._write(write)

    async def indexed(self, sources: Sequence[str]) -> dict[str, Indexed]:
        """Passages and vectors of those documents and notes that have passages."""

        def read(db: sqlite3.Connection) -> dict[str, Indexed]:
            rows = db.execute(
                'SELECT coalesce(p.document_id, p.note_id), o.name, p.text, p.heading, p.page, p.start, p."end",'
                " v.model, v.scale, v.data FROM passages p JOIN owners o ON o.id = p.owner_id"
                " LEFT JOIN vectors v ON v.passage_id = p.id WHERE p.document_id IN (SELECT value FROM json_each(?1))"
                " OR p.note_id IN (SELECT value FROM json_each(?1)) ORDER BY p.id",
                (json.dumps(list(sources)),),
            )
            passages: dict[str, list[NewPassage]] = {}
            vectors: dict[str, dict[int, tuple[str, Vector]]] = {}
            owners: dict[str, str] = {}
            for source, owner, text, heading, page, start, end, model, scale, data in rows:
                if model is not None:
                    vector = np.frombuffer(data, np.int8).astype(np.float32) * np.float32(scale)
                    vectors.setdefault(source, {})[len(passages.get(source, ()))] = (model, vector)
                passages.setdefault(source, []).append(NewPassage(text, heading, page, start, end))
                owners[source] = owner
            return {one: Indexed(owners[one], tuple(each), vectors.get(one, {})) for one, each in passages.items()}

        return await self._read(read)

    async def put_indexed(self, source: str, table: Literal["documents", "notes"], indexed: Indexed) -> None:
        """Replace the passages of a document or note."""
        column = table.removesuffix("s") + "_id"
        analysed = [with_terms(passage, self._analyser) for passage in indexed.passages]

        def write(db: sqlite3.Connection) -> None:
            db.execute(f"DELETE FROM passages WHERE {column} = ?", (source,))  # noqa: S608
            if not analysed:
                return
            (number,) = db.execute("SELECT id FROM owners WHERE name = ?", (indexed.owner,)).fetchone()
            for one in analysed:
                add_passage(db, number, one, **{column: source})
            rows = db.execute(f"SELECT id FROM passages WHERE {column} = ? ORDER BY id", (source,)).fetchall()  # noqa: S608
            for place, (model, vector) in indexed.vectors.items():
                put_vectors(db, indexed.owner, model, {passage_id(rows[place][0]): vector})

        await self._write(write)

    async def originals(self) -> list[Original]:
        """The uploaded files of all owners' documents, each once."""
        return await self._read(originals)

    async def begin(self) -> None:
        """Remember that a copy was begun. Raises ``StoreError`` if something else is stored already."""

        def write(db: sqlite3.Connection) -> None:
            if db.execute("SELECT 1 FROM settings WHERE name = ?", (_COPYING,)).fetchone() is not None:
                return
            for table in ("owners", "users", "audit"):
                if db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None:  # noqa: S608
                    raise StoreError("Something is stored there already: copy into an empty store.", code="not_empty")
            db.execute("INSERT INTO settings VALUES (?, '')", (_COPYING,))

        await self._write(write)

    async def finish(self) -> None:
        """The copy is complete."""

        def write(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM settings WHERE name = ?", (_COPYING,))

        await self._write(write)


def _key_columns(table: Table) -> list[Column]:
    return [column for name in table.key for column in table.columns if column.name == name]


def _is_elsewhere(table: Table, column: Column) -> bool:
    return column.type == "owner" and table.name in _OWNERS


def _selected(table: Table, column: Column) -> str:
    if column.type == "owner":
        return _OWNERS.get(table.name, _OWNER)
    return f"t.{column.name}"


def _is(column: Column) -> str:
    if column.type == "owner":
        return "t.owner_id = (SELECT id FROM owners WHERE name = ?)"
    return f"t.{column.name} = ?"


def _neutral(column: Column, value: Any) -> Any:
    if column.type == "boolean":
        return bool(value)
    return float(value) if column.type == "real" else value
