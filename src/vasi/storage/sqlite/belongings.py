"""Preferences, and the removal of owners."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from vasi.storage.sqlite import removal
from vasi.storage.sqlite.database import Database
from vasi.storage.sqlite.passages import new_owner_number, owner_number

T = TypeVar("T")


class SqliteBelongings:
    """The part of ``SqliteStore`` that implements what is in ``vasi.storage.belongings``."""

    _database: Database

    async def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """``work`` in a write transaction."""
        raise NotImplementedError

    # --- preferences --------------------------------------------------------------------------------------------------
    async def preferences(self, owner: str) -> Mapping[str, Any]:
        """Empty if they never chose anything."""

        def read(db: sqlite3.Connection) -> Mapping[str, Any]:
            number = owner_number(db, owner)
            row = db.execute("SELECT value FROM preferences WHERE owner_id = ?", (number,)).fetchone()
            return {} if row is None else json.loads(row[0])

        return await self._database.read(read)

    async def put_preferences(self, owner: str, preferences: Mapping[str, Any]) -> None:
        """In place of those before."""
        value = json.dumps(preferences, ensure_ascii=False, separators=(",", ":"))

        def put(db: sqlite3.Connection) -> None:
            db.execute("INSERT OR REPLACE INTO preferences VALUES (?, ?)", (new_owner_number(db, owner), value))

        await self._write(put)

    # --- removal ------------------------------------------------------------------------------------------------------
    async def remove_owner(self, owner: str) -> None:
        """Remove all rows of ``owner``, a part at a time."""
        await self._write(lambda db: removal.begin(db, owner))
        while await self._write(lambda db: removal.step(db, owner)):
            pass

    async def removals(self) -> list[str]:
        """The owners whose removal was begun and not finished."""
        return await self._database.read(removal.begun)

    async def finish_removal(self, owner: str) -> None:
        """Take back the mark."""
        await self._write(lambda db: removal.finish(db, owner))
