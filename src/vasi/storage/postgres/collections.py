"""Rows of collections."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from vasi.errors import ClientError, NotFoundError
from vasi.storage.collections import Collection
from vasi.storage.postgres.conversations import forget_excerpts
from vasi.storage.postgres.database import Database, Row, Transaction
from vasi.storage.postgres.owners import moment, new_owner_number

T = TypeVar("T")

_COLLECTION = """
    SELECT c.id, c.name, c.everyone, c.groups, c.created_at,
        (SELECT count(*) FROM documents d WHERE d.owner_id = c.owner_id)
    FROM collections c
"""


class PostgresCollections:
    """The part of ``PostgresStore`` that implements ``vasi.storage.collections.CollectionStore``."""

    _database: Database

    async def _write_all(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """``work`` in a write transaction that sees the rows of all owners."""
        raise NotImplementedError

    async def add_collection(self, collection: Collection) -> Collection:
        """Raises ``ClientError`` if another one is called so."""

        async def add(db: Transaction) -> Collection:
            number = await new_owner_number(db, collection.owner)
            await _require_name(db, collection)
            await db.execute(
                "INSERT INTO collections (id, owner_id, name, everyone, groups, created_at)"
                " VALUES ($1, $2, $3, $4, $5, $6)",
                collection.id,
                number,
                collection.name,
                collection.everyone,
                json.dumps(collection.groups),
                moment(collection.created_at),
            )
            return await _collection(db, collection.id)

        return await self._write_all(add)

    async def change_collection(
        self,
        collection_id: str,
        *,
        name: str | None = None,
        everyone: bool | None = None,
        groups: Sequence[str] | None = None,
    ) -> Collection:
        """Change what is given. Raises ``NotFoundError``, ``ClientError``."""

        async def change(db: Transaction) -> Collection:
            found = await _collection(db, collection_id)
            given = {"name": name, "everyone": everyone, "groups": None if groups is None else tuple(groups)}
            changes: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
            changed = replace(found, **changes)
            await _require_name(db, changed)
            await db.execute(
                "UPDATE collections SET name = $2, everyone = $3, groups = $4 WHERE id = $1",
                changed.id,
                changed.name,
                changed.everyone,
                json.dumps(changed.groups),
            )
            return await _collection(db, collection_id)

        return await self._write_all(change)

    async def collections(self) -> list[Collection]:
        """All, by name."""
        return await self._database.read_all(_collections)

    async def collections_of(self, groups: Sequence[str]) -> list[Collection]:
        """Those that somebody in ``groups`` may see, by name."""
        theirs = frozenset(groups)
        found = await self._database.read_all(_collections)
        return [one for one in found if one.everyone or theirs.intersection(one.groups)]

    async def collection(self, collection_id: str) -> Collection:
        """Raises ``NotFoundError``."""
        return await self._database.read_all(lambda db: _collection(db, collection_id))

    async def close_collection(self, collection_id: str) -> Collection:
        """Nobody may see it any more, nor what its documents said. Raises ``NotFoundError``."""

        async def close(db: Transaction) -> Collection:
            found = await _collection(db, collection_id)
            rows = await db.fetch(
                "SELECT d.id FROM documents d JOIN collections c ON c.owner_id = d.owner_id WHERE c.id = $1",
                collection_id,
            )
            await forget_excerpts(db, None, [document for (document,) in rows])
            await db.execute("DELETE FROM collections WHERE id = $1", collection_id)
            return found

        return await self._write_all(close)


async def _require_name(db: Transaction, collection: Collection) -> None:
    """That no other one is called so. Collections are few and change seldom: one change at a time."""
    await db.execute("LOCK TABLE collections IN SHARE ROW EXCLUSIVE MODE")
    for other, name in await db.fetch("SELECT id, name FROM collections"):
        if other != collection.id and name.casefold() == collection.name.casefold():
            raise ClientError(f"There is a collection called {name} already.", code="name_taken", param="name")


async def _collections(db: Transaction) -> list[Collection]:
    rows = await db.fetch(_COLLECTION)
    return sorted((_read(row) for row in rows), key=lambda one: (one.name.casefold(), one.id))


async def _collection(db: Transaction, collection_id: str) -> Collection:
    row = await db.row(f"{_COLLECTION} WHERE c.id = $1", collection_id)
    if row is None:
        raise NotFoundError("There is no such collection: list the collections to see their ids.")
    return _read(row)


def _read(row: Row) -> Collection:
    collection_id, name, everyone, groups, created_at, documents = row
    return Collection(
        id=collection_id,
        name=name,
        everyone=everyone,
        groups=tuple(json.loads(groups)),
        created_at=created_at,
        documents=documents,
    )
