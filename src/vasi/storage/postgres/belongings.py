"""Preferences, and the removal of owners."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from vasi.storage.owners import Owners
from vasi.storage.postgres import removal
from vasi.storage.postgres.database import Database, Transaction
from vasi.storage.postgres.owners import new_owner_number, owner_number

T = TypeVar("T")


class PostgresBelongings:
    """The part of ``PostgresStore`` that implements what is in ``vasi.storage.belongings``."""

    _database: Database

    async def _write(self, owners: Owners, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """``work`` in a write transaction that sees the rows of ``owners``."""
        raise NotImplementedError

    async def _write_all(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """The same, with the rows of all owners."""
        raise NotImplementedError

    # --- preferences --------------------------------------------------------------------------------------------------
    async def preferences(self, owner: str) -> Mapping[str, Any]:
        """Empty if they never chose anything."""

        async def read(db: Transaction) -> Mapping[str, Any]:
            value = await db.value("SELECT value FROM preferences WHERE owner_id = $1", await owner_number(db, owner))
            return {} if value is None else json.loads(value)

        return await self._database.read(owner, read)

    async def put_preferences(self, owner: str, preferences: Mapping[str, Any]) -> None:
        """In place of those before."""
        value = json.dumps(preferences, separators=(",", ":"))

        async def put(db: Transaction) -> None:
            await db.execute(
                "INSERT INTO preferences (owner_id, value) VALUES ($1, $2)"
                " ON CONFLICT (owner_id) DO UPDATE SET value = excluded.value",
                await new_owner_number(db, owner),
                value,
            )

        await self._write(owner, put)

    # --- removal ------------------------------------------------------------------------------------------------------
    async def remove_owner(self, owner: str) -> None:
        """Remove all rows of ``owner``, a part at a time."""
        await self._write_all(lambda db: removal.begin(db, owner))
        while await self._write(owner, lambda db: removal.step(db, owner)):
            pass

    async def removals(self) -> list[str]:
        """The owners whose removal was begun and not finished."""
        return await self._database.read_all(removal.begun)

    async def finish_removal(self, owner: str) -> None:
        """Take back the mark."""
        await self._write_all(lambda db: removal.finish(db, owner))
