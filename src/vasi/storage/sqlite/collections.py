"""Rows of collections."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from vasi.errors import ClientError, NotFoundError
from vasi.storage.collections import Collection
from vasi.storage.sqlite.conversations import forget_excerpts
from vasi.storage.sqlite.database import Database
from vasi.storage.sqlite.passages import microseconds, moment, new_owner_number

T = TypeVar("T")

_COLLECTION = """
    SELECT c.id, c.name, c.everyone, c.groups, c.created_at,
        (SELECT count(*) FROM documents d WHERE d.owner_id = c.owner_id)
    FROM collections c
"""


class SqliteCollections:
    """The part of ``SqliteStore`` that implements ``vasi.storage.collections.CollectionStore``."""

    _database: Database

    async def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """``work`` in a write transaction."""
        raise NotImplementedError

    async def add_collection(self, collection: Collection) -> Collection:
        """Raises ``ClientError`` if another one is called so."""

        def add(db: sqlite3.Connection) -> Collection:
            number = new_owner_number(db, collection.owner)
            db.execute(
                "INSERT INTO collections (id, owner_id, name, everyone, groups, created_at)"
                " VALUES (?, ?, '', 0, '[]', ?)",
                (collection.id, number, microseconds(collection.created_at)),
            )
            return _put(db, collection)

        return await self._write(add)

    async def change_collection(
        self,
        collection_id: str,
        *,
        name: str | None = None,
        everyone: bool | None = None,
        groups: Sequence[str] | None = None,
    ) -> Collection:
        """Change what is given. Raises ``NotFoundError``, ``ClientError``."""

        def change(db: sqlite3.Connection) -> Collection:
            found = _collection(db, collection_id)
            given = {"name": name, "everyone": everyone, "groups": None if groups is None else tuple(groups)}
            changes: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
            return _put(db, replace(found, **changes))

        return await self._write(change)

    async def collections(self) -> list[Collection]:
        """All, by name."""
        return await self._database.read(_collections)

    async def collections_of(self, groups: Sequence[str]) -> list[Collection]:
        """Those that somebody in ``groups`` may see, by name."""
        return await self._database.read(lambda db: _collections(db, groups))

    async def collection(self, collection_id: str) -> Collection:
        """Raises ``NotFoundError``."""
        return await self._database.read(lambda db: _collection(db, collection_id))

    async def close_collection(self, collection_id: str) -> Collection:
        """Nobody may see it any more, nor what its documents said. Raises ``NotFoundError``."""

        def close(db: sqlite3.Connection) -> Collection:
            found = _collection(db, collection_id)
            rows = db.execute(
                "SELECT d.id FROM documents d JOIN collections c ON c.owner_id = d.owner_id WHERE c.id = ?",
                (collection_id,),
            )
            forget_excerpts(db, None, [document for (document,) in rows])
            db.execute("DELETE FROM collections WHERE id = ?", (collection_id,))
            return found

        return await self._write(close)


def _put(db: sqlite3.Connection, collection: Collection) -> Collection:
    for other, name in db.execute("SELECT id, name FROM collections"):
        if other != collection.id and name.casefold() == collection.name.casefold():
            raise ClientError(f"There is a collection called {name} already.", code="name_taken", param="name")
    db.execute(
        "UPDATE collections SET name = ?, everyone = ?, groups = ? WHERE id = ?",
        (
            collection.name,
            collection.everyone,
            json.dumps(collection.groups, ensure_ascii=False),
            collection.id,
        ),
    )
    return _collection(db, collection.id)


def _collections(db: sqlite3.Connection, groups: Sequence[str] | None = None) -> list[Collection]:
    where, given = "", ()
    if groups is not None:
        where = (
            " WHERE c.everyone OR EXISTS (SELECT 1 FROM json_each(c.groups) g WHERE g.value IN"
            " (SELECT value FROM json_each(?)))"
        )
        given = (json.dumps(list(groups), ensure_ascii=False),)
    rows = db.execute(f"{_COLLECTION}{where}", given)
    return sorted((_read(row) for row in rows), key=lambda one: (one.name.casefold(), one.id))


def _collection(db: sqlite3.Connection, collection_id: str) -> Collection:
    row = db.execute(f"{_COLLECTION} WHERE c.id = ?", (collection_id,)).fetchone()
    if row is None:
        raise NotFoundError("There is no such collection: list the collections to see their ids.")
    return _read(row)


def _read(row: Sequence[Any]) -> Collection:
    collection_id, name, everyone, groups, created_at, documents = row
    return Collection(
        id=collection_id,
        name=name,
        everyone=bool(everyone),
        groups=tuple(json.loads(groups)),
        created_at=moment(created_at),
        documents=documents,
    )
