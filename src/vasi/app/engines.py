"""The engines of a server as it runs them: supervised, and taught the words of documents and notes."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from vasi import plugins
from vasi.app.words import LearnedWords
from vasi.config import Settings
from vasi.engines.host import EngineHost, EngineMonitor, PartStatus, Unmonitored
from vasi.engines.ports import Engines
from vasi.knowledge.embed import Embedder
from vasi.storage.ports import Store


async def make_embedder(settings: Settings) -> Embedder | None:
    """What makes vectors; None to search without. Raises ``ConfigError``, ``EngineMissing``."""
    _, made = plugins.make("embedder", settings)
    return await made if inspect.isawaitable(made) else made


@dataclass(frozen=True, slots=True)
class EnginesInUse:
    """What one session works with: its engines, if vasi has any itself, and who is to be told how they do."""

    engines: Engines | None
    monitor: EngineMonitor


class EngineLifecycle:
    """The engines of a server: those that new sessions get, and earlier ones that sessions still work with.

    Args:
        engines: those to begin with; None where a model service answers alone.
        store: holds the documents and notes whose words the recogniser learns.
        first: owners whose words it knows before anybody talks.
    """

    def __init__(self, engines: Engines | None, store: Store, first: Sequence[str]) -> None:
        self._store = store
        self._first = first
        self._current = None if engines is None else _Supervised(engines, store, first)
        self._group: asyncio.TaskGroup | None = None

    @property
    def engines(self) -> Engines | None:
        """Those that a session gets that begins now."""
        return None if self._current is None else self._current.engines

    @contextmanager
    def use(self, owner: str, groups: Sequence[str] = ()) -> Generator[EnginesInUse]:
        """Keep the present engines running for a session until the end of the block, whatever takes their place.

        Args:
            owner: whose session it is; the recogniser knows their words.
            groups: those that they are in.
        """
        used = self._current
        if used is None:
            yield EnginesInUse(None, Unmonitored())
            return
        used.sessions += 1
        try:
            with used.words.use(owner, groups):
                yield EnginesInUse(used.engines, used.host)
        finally:
            used.sessions -= 1
            self._stop_if_unused(used)

    async def run(self) -> None:
        """Start and supervise the engines, and keep the recogniser's words up to date, until cancelled."""
        if self._current is None:
            return
        async with asyncio.TaskGroup() as group:
            self._group = group
            self._current.task = group.create_task(self._current.run())

    async def replace(self, engines: Engines) -> None:
        """Start ``engines`` and give them to the sessions that begin from then on.

        Those that were there go on for their sessions, and are stopped with the last of these.

        Raises:
            VasiError: they can't be started; everything stays as it was.
        """
        assert self._current is not None, "there are engines"
        assert self._group is not None, "they run"
        supervised = _Supervised(engines, self._store, self._first)
        supervised.task = self._group.create_task(supervised.run())
        try:
            await supervised.ready()
        except BaseException:
            supervised.task.cancel()
            raise
        earlier, self._current = self._current, supervised
        self._stop_if_unused(earlier)

    def _stop_if_unused(self, supervised: _Supervised) -> None:
        if supervised is not self._current and supervised.sessions == 0 and supervised.task is not None:
            supervised.task.cancel()

    async def forget_words(self, owner: str) -> None:
        """Everything of the owner is removed: let the recogniser forget their words."""
        if self._current is not None:
            await self._current.words.forget(owner)

    async def ready(self) -> None:
        """Wait until the engines are loaded and know the words of the documents. Raises what kept them from it."""
        if self._current is not None:
            await self._current.ready()

    def status(self) -> Mapping[str, PartStatus]:
        """How each part is."""
        return {"index": PartStatus("ready")} if self._current is None else self._current.status()


class _Supervised:
    """One set of engines: supervised, and its recogniser taught the words of documents and notes.

    The part "index" is ready once the recogniser knows the words of the first owners.
    """

    def __init__(self, engines: Engines, store: Store, first: Sequence[str]) -> None:
        self.engines = engines
        self.host = EngineHost(engines)
        self.words = LearnedWords(engines.stt, store, first)
        self.sessions = 0
        self.task: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Start, supervise and teach until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.host.run())
            group.create_task(self.words.run())

    async def ready(self) -> None:
        await self.host.ready()
        await self.words.tried()

    def status(self) -> Mapping[str, PartStatus]:
        return {**self.host.status(), "index": self.words.status}
