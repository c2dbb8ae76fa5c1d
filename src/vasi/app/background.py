"""Work that goes on behind a running server: removed notes are erased, uploads tidied, what was spent written down."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

from vasi.errors import StoreError
from vasi.gateway.spending import WRITE_S, Spending
from vasi.knowledge.originals import Originals
from vasi.knowledge.uploads import Uploads
from vasi.notes import KEPT_IN_BIN, Notes
from vasi.storage.ports import Store

log = logging.getLogger(__name__)

BIN_CHECK_S = 30.0
"""How often to look for removed notes that can't be restored any more."""
TIDY_S = 3600.0
"""How often to look for uploaded files that belong to nothing any more."""


class BackgroundTasks:
    """Tasks that run until they are done or everything closes."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run ``work`` until it's done or ``close`` is called."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Cancel what still runs and wait for its end."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def empty_bins(notes: Notes) -> None:
    """Erase removed notes when they can't be restored any more; runs until cancelled."""
    while True:
        await asyncio.sleep(BIN_CHECK_S)
        try:
            await notes.empty_bins(datetime.now(UTC) - KEPT_IN_BIN)
        except StoreError as error:
            log.warning("Removed notes could not be erased yet: %s", error)


async def tidy_uploads(store: Store, originals: Originals, uploads: Uploads) -> None:
    """Remove uploaded files that belong to nothing any more, now and then; runs until cancelled."""
    while True:
        try:
            await uploads.tidy()
            await originals.tidy(await store.owners(), datetime.now(UTC))
        except StoreError as error:
            log.warning("Uploaded files that aren't needed any more could not be removed yet: %s", error)
        await asyncio.sleep(TIDY_S)


async def write_spending(spending: Spending) -> None:
    """Write down from time to time what was spent; runs until cancelled."""
    while True:
        await asyncio.sleep(WRITE_S)
        await spending.write()
