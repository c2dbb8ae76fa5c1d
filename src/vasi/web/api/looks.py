"""What all who follow the events look at, read once for all of them: hundreds of windows of the app may be open."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from vasi.accounts.principals import Principal
from vasi.storage.collections import Collection
from vasi.storage.owners import Owners
from vasi.storage.ports import Store

LOOK_S = 1.0
"""How often to look for what other processes changed, such as ``vasi add``."""


@dataclass(frozen=True, slots=True)
class Look:
    """How things were: the number of the newest change, whoever's it was, and all collections, by name."""

    newest: int
    collections: Sequence[Collection]

    def owners(self, principal: Principal) -> Owners:
        """Whose documents somebody may read."""
        shared = tuple(one.owner for one in self.collections if one.is_for(principal.groups))
        return (principal.owner, *shared) if shared else principal.owner


class SharedLooks:
    """The looks of one process.

    Args:
        store: what is looked at.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._after: asyncio.Event | None = None
        self._at = 0.0
        self._task: asyncio.Task[Look] | None = None

    async def look(self, change: asyncio.Event) -> Look:
        """How things are.

        Args:
            change: is set at the next change here; a look that began when it was there already says all before it.
        """
        task = self._task
        if task is None or self._is_old(task, change):
            self._after, self._at = change, time.monotonic()
            task = self._task = asyncio.create_task(self._read())
        return await asyncio.shield(task)

    def _is_old(self, task: asyncio.Task[Look], change: asyncio.Event) -> bool:
        if self._after is not change:
            return True
        failed = task.done() and (task.cancelled() or task.exception() is not None)
        return failed or time.monotonic() - self._at > LOOK_S / 2

    async def _read(self) -> Look:
        newest = await self._store.newest_change()
        return Look(newest, await self._store.collections())
