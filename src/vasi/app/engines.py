"""The life of the engines: started once, taught the words of documents and notes, stopped in the end."""

from __future__ import annotations

import asyncio
import logging

from vasi.accounts.principals import LOCAL_OWNER
from vasi.engines.ports import Engines, Stt
from vasi.errors import EngineError, VasiError
from vasi.storage.ports import Store

log = logging.getLogger(__name__)

WORDS_CHECK_S = 3.0
"""How often to look whether documents or notes changed, here or in another process, so that new words are learned."""


class EngineLifecycle:
    """Starts the engines of a server, keeps the recogniser's words up to date, and knows whether they are ready."""

    def __init__(self, engines: Engines | None, store: Store) -> None:
        self._engines = engines
        self._store = store
        self._started = asyncio.Event()
        self._words_learned = asyncio.Event()
        self._failure: VasiError | None = None
        if engines is None:
            self._started.set()
            self._words_learned.set()

    async def run(self) -> None:
        """Start the engines, keep the recogniser's words up to date, and stop them when cancelled."""
        if self._engines is None:
            return
        engines = self._engines
        parts = (engines.turn, engines.stt, engines.llm, engines.tts)
        try:
            await asyncio.gather(*(part.start() for part in parts))
            self._started.set()
            await self._keep_words(engines.stt)
        except VasiError as error:
            log.error("%s", error)
            self._fail(error)
        except Exception:
            log.exception("The engines failed.")
            self._fail(EngineError("The engines failed; see the log."))
        finally:
            await asyncio.gather(*(part.stop() for part in parts), return_exceptions=True)

    async def ready(self) -> None:
        """Wait until the engines are loaded and know the words of the documents. Raises what kept them from it."""
        await self._started.wait()
        await self._words_learned.wait()
        if self._failure is not None:
            raise self._failure

    def readiness(self) -> dict[str, bool]:
        """Which part is ready."""
        good = self._failure is None
        return {"engines": good and self._started.is_set(), "index": good and self._words_learned.is_set()}

    def _fail(self, error: VasiError) -> None:
        """Whoever waits for readiness learns why it won't come."""
        self._failure = error
        self._started.set()
        self._words_learned.set()

    async def _keep_words(self, stt: Stt) -> None:
        """Teach the recogniser the words of documents and notes, now and whenever they change."""
        learned: str | None = None
        while True:
            seen = await self._store.revision(LOCAL_OWNER)
            if seen != learned:
                try:
                    await stt.adapt(LOCAL_OWNER, await self._store.texts(LOCAL_OWNER))
                except EngineError as error:
                    log.warning("The recogniser could not learn the words of the documents: %s", error)
                learned = seen
                self._words_learned.set()
            await asyncio.sleep(WORDS_CHECK_S)
