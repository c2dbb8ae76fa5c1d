"""The engines of a server as it runs them: supervised, and taught the words of documents and notes."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Mapping

from vasi import plugins
from vasi.config import Settings
from vasi.engines.host import EngineHost, EngineMonitor, PartStatus, Unmonitored
from vasi.engines.ports import Engines, Stt
from vasi.errors import VasiError
from vasi.knowledge.embed import Embedder
from vasi.storage.ports import Store

log = logging.getLogger(__name__)

WORDS_CHECK_S = 3.0
"""How often to look whether documents or notes changed, here or in another process, so that new words are learned."""
_LONGEST_DELAY_S = 60.0


async def make_embedder(settings: Settings) -> Embedder | None:
    """What makes vectors; None to search without. Raises ``ConfigError``, ``EngineMissing``."""
    _, made = plugins.make("embedder", settings)
    return await made if inspect.isawaitable(made) else made


class EngineLifecycle:
    """Supervises the engines of a server, keeps the recogniser's words up to date, and knows whether they are ready.

    The part "index" is ready once the recogniser knows the words of the documents.
    """

    def __init__(self, engines: Engines | None, store: Store, owner: str) -> None:
        self._engines = engines
        self._host = None if engines is None else EngineHost(engines)
        self._store = store
        self._owner = owner
        self._words_tried = asyncio.Event()
        self._words = PartStatus("ready" if engines is None else "starting")

    @property
    def monitor(self) -> EngineMonitor:
        """Who is to be told how the engines do."""
        return self._host or Unmonitored()

    async def run(self) -> None:
        """Start and supervise the engines, and keep the recogniser's words up to date, until cancelled."""
        if self._engines is None or self._host is None:
            return
        async with asyncio.TaskGroup() as group:
            group.create_task(self._host.run())
            group.create_task(self._keep_words(self._engines.stt))

    async def ready(self) -> None:
        """Wait until the engines are loaded and know the words of the documents. Raises what kept them from it."""
        if self._host is not None:
            await self._host.ready()
            await self._words_tried.wait()

    def status(self) -> Mapping[str, PartStatus]:
        """How each part is."""
        if self._host is None:
            return {"index": self._words}
        return {**self._host.status(), "index": self._words}

    async def _keep_words(self, stt: Stt) -> None:
        """Teach the recogniser the words of documents and notes, now and whenever they change."""
        learned: str | None = None
        failures = 0
        while True:
            try:
                seen = await self._store.revision(self._owner)
                if seen != learned:
                    await stt.adapt(self._owner, await self._store.texts(self._owner))
                    learned = seen
                    self._words, failures = PartStatus("ready"), 0
            except Exception as error:
                failures += 1
                known = isinstance(error, VasiError)
                reason = error.message if isinstance(error, VasiError) else "see the server's log"
                log.warning(
                    "The recogniser could not learn the words of the documents yet: %s", error, exc_info=not known
                )
                if learned is None:
                    self._words = PartStatus("failed", f"The words of the documents could not be learned: {reason}")
            self._words_tried.set()
            await asyncio.sleep(min(WORDS_CHECK_S * 2**failures, _LONGEST_DELAY_S))
