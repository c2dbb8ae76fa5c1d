"""Removing everything of an owner: rows, files, words of the recogniser, and what is kept in memory."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from vasi.accounts.principals import LOCAL_OWNER
from vasi.app.engines import EngineLifecycle
from vasi.config import Settings
from vasi.engines import choice
from vasi.errors import NotFoundError, StoreError
from vasi.gateway.spending import Spending
from vasi.knowledge import Knowledge
from vasi.knowledge.uploads import Uploads
from vasi.notes import Notes
from vasi.storage.blobs import BlobStore
from vasi.storage.owners import collection_of
from vasi.storage.ports import Store

log = logging.getLogger(__name__)

CLOSED_S = 60.0
"""How long nothing can be stored for a removed account: until every process has closed what was open for it."""


class OwnerRemoval:
    """Removes accounts and collections with everything; what a crash interrupts goes on with ``resume``.

    Args:
        settings: tell where the recogniser keeps words.
        store: keeps rows.
        blobs: keeps originals.
        knowledge, uploads, notes, spending, engines: let go of what they have in memory.
        closed_s: how long nothing can be stored for a removed account.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        blobs: BlobStore,
        *,
        knowledge: Knowledge,
        uploads: Uploads,
        notes: Notes,
        spending: Spending,
        engines: EngineLifecycle,
        closed_s: float | None = None,
    ) -> None:
        self._settings = settings
        self._store = store
        self._blobs = blobs
        self._uploads = uploads
        self._forget: tuple[Callable[[str], None], ...] = (knowledge.forget, notes.forget, spending.forget)
        self._engines = engines
        self._closed_s = CLOSED_S if closed_s is None else closed_s

    async def remove(self, owner: str) -> None:
        """Remove the account, with its sessions and keys if it is one, and everything that it owns.

        Raises:
            StoreError: something couldn't be removed; ``resume`` goes on with it.
        """
        await self._uploads.forget(owner)
        with contextlib.suppress(NotFoundError):  # ``local`` and collections are no accounts
            await self._store.remove_user(owner)
        await self._store.remove_owner(owner)
        await self._blobs.remove_all(owner)
        for forget in self._forget:
            forget(owner)
        await self._engines.forget_words(owner)
        await asyncio.to_thread(choice.forget_words, self._settings, owner, ())
        if owner == LOCAL_OWNER or collection_of(owner) is not None:
            await self._store.finish_removal(owner)

    async def resume(self) -> None:
        """Finish, now and then, what was begun by any process; runs until cancelled."""
        known: set[str] = set()
        while True:
            try:
                begun = set(await self._store.removals())
                for owner in begun:
                    await self.remove(owner)
                    if owner in known:  # for so long at least nothing was stored
                        await self._store.finish_removal(owner)
                known = begun
            except StoreError as error:
                log.warning("What was to be removed could not be removed yet: %s", error)
            await asyncio.sleep(self._closed_s)
