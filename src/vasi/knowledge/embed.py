"""Vectors: the port of what makes them, and the background work that gives every passage one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from vasi.errors import EngineError, StoreError
from vasi.storage.owners import Owners
from vasi.storage.ports import Passage, PassageStore, Vector

_log = logging.getLogger(__name__)

BATCH: Final = 16
"""Passages whose vectors are made, and kept, at a time."""
_LISTED: Final = 256
"""Passages that are read of the store at a time."""
RETRY_S: Final = 30.0
"""After a failure nothing is tried for so long, and twice as long after each further one, up to ``LONGEST_RETRY_S``."""
LONGEST_RETRY_S: Final = 1_800.0


class Embedder(Protocol):
    """Turns texts into vectors whose cosine tells how near their meanings are."""

    @property
    def model(self) -> str:
        """Names the vectors: those of different models aren't comparable."""
        ...

    @property
    def threshold(self) -> float:
        """Cosine of question and passage from which on the passage most likely answers."""
        ...

    @property
    def contrast(self) -> float:
        """How much a cosine beyond the threshold says; 1 where a tenth more is a great deal (MiniLM)."""
        ...

    @property
    def multilingual(self) -> bool:
        """Whether it finds what means the same in another language."""
        ...

    async def start(self) -> None:
        """Load what the first question would else wait for; it's no error not to call this. Raises ``EngineError``."""
        ...

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> list[Vector]:
        """One unit vector for each of ``texts``; ``query`` tells questions from passages. Raises ``EngineError``."""
        ...

    async def close(self) -> None:
        """Let go of what it holds; harmless when repeated."""
        ...


@dataclass(frozen=True, slots=True)
class Learned:
    """How many passages have a vector, how many there are, and what keeps the others from theirs ("": nothing)."""

    done: int
    total: int
    problem: str = ""

    @property
    def whole(self) -> bool:
        return self.done >= self.total


class VectorBackfill:
    """Gives vectors to passages that have none, in the background; one run for each owner at a time.

    What a model made before is taken up again after a restart; vectors of another model are replaced.

    Args:
        store: where passages are.
        embedder: makes the vectors; None if there are none to be made.
        clock: seconds that only grow; the event loop's unless given.
    """

    def __init__(
        self, store: PassageStore, embedder: Embedder | None, clock: Callable[[], float] | None = None
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._clock = clock or (lambda: asyncio.get_running_loop().time())
        self._requested: set[str] = set()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._one_at_a_time = asyncio.Lock()
        self._closed = False
        self._problem = ""
        self._failures = 0
        self._not_before = 0.0

    def request(self, owner: str) -> None:
        """See that every passage that ``owner`` has now gets its vector; soon after a failure, nothing."""
        if self._embedder is None or self._closed or self._clock() < self._not_before:
            return
        self._requested.add(owner)
        if owner not in self._running:
            self._running[owner] = asyncio.create_task(self._run(owner, self._embedder))

    async def use(self, embedder: Embedder | None) -> None:
        """Make vectors with ``embedder`` from now on; what the one before is at ends."""
        self._embedder = None
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        self._requested.clear()
        self._problem, self._failures, self._not_before = "", 0, 0.0
        self._embedder = embedder

    async def ready(self, owner: str) -> None:
        """Return when what was requested for ``owner`` is done, or has failed."""
        if (running := self._running.get(owner)) is not None:
            await asyncio.wait([running])

    async def learned(self, owners: Owners) -> Learned | None:
        """How far it is; None without an embedder. Raises ``StoreError``."""
        if self._embedder is None:
            return None
        done, total = await self._store.count_vectors(owners, self._embedder.model)
        return Learned(done, total, self._problem)

    async def close(self) -> None:
        """Stop; harmless when repeated."""
        self._closed = True
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _run(self, owner: str, embedder: Embedder) -> None:
        try:
            # What was stored while a run looked for the last time is the next one's.
            while owner in self._requested:
                self._requested.discard(owner)
                await self._fill(embedder, owner)
        except (EngineError, StoreError) as error:
            self._requested.discard(owner)
            self._problem = error.message
            self._not_before = self._clock() + min(RETRY_S * 2**self._failures, LONGEST_RETRY_S)
            self._failures += 1
            _log.warning("vectors are made later: %s", error)
        finally:
            del self._running[owner]

    async def _fill(self, embedder: Embedder, owner: str) -> None:
        tried: set[str] = set()
        while True:
            listed = await self._store.without_vectors(owner, embedder.model, _LISTED)
            passages = [passage for passage in listed if passage.id not in tried]
            if not passages:
                return
            tried.update(passage.id for passage in passages)
            for start in range(0, len(passages), BATCH):
                # Of several owners in turn.
                async with self._one_at_a_time:
                    await self._embed(embedder, owner, passages[start : start + BATCH])

    async def _embed(self, embedder: Embedder, owner: str, passages: Sequence[Passage]) -> None:
        vectors = await embedder.embed([f"{passage.heading}\n{passage.text}".strip() for passage in passages])
        ids = [passage.id for passage in passages]
        await self._store.put_vectors(owner, embedder.model, dict(zip(ids, vectors, strict=True)))
        self._problem, self._failures = "", 0
