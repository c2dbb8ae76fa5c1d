"""Vectors: the port of what makes them, and the background work that gives every passage one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from vasi.errors import EngineError, StoreError
from vasi.storage.ports import PassageStore, Vector

_log = logging.getLogger(__name__)

BATCH = 32


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
    def languages(self) -> frozenset[str] | None:
        """The languages that it was made for (ISO 639-1); None for all: it isn't asked about questions in others."""
        ...

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> list[Vector]:
        """One unit vector for each of ``texts``; ``query`` tells questions from passages. Raises ``EngineError``."""
        ...

    async def close(self) -> None:
        """Let go of what it holds; harmless when repeated."""
        ...


def unit_rows(rows: npt.NDArray[np.float32]) -> list[Vector]:
    """The rows of ``float32[n, d]`` at length 1; a row of zeros stays."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return list((rows / np.where(lengths > 0, lengths, 1)).astype(np.float32))


async def fill_vectors(store: PassageStore, embedder: Embedder, owner: str) -> None:
    """Give a vector to each of the owner's passages that has none; stops at the first failure of ``embedder``."""
    tried: set[str] = set()
    while True:
        passages = [
            passage for passage in await store.without_vectors(owner, embedder.model, BATCH) if passage.id not in tried
        ]
        if not passages:
            return
        tried.update(passage.id for passage in passages)
        texts = [f"{passage.heading}\n{passage.text}".strip() for passage in passages]
        try:
            vectors = await embedder.embed(texts)
        except EngineError as error:
            _log.warning("vectors are made later: %s", error)
            return
        ids = [passage.id for passage in passages]
        await store.put_vectors(owner, embedder.model, dict(zip(ids, vectors, strict=True)))


class VectorBackfill:
    """Gives vectors to passages that have none, in the background; one run for each owner at a time.

    Args:
        store: where passages are.
        embedder: makes the vectors; None if there are none to be made.
    """

    def __init__(self, store: PassageStore, embedder: Embedder | None) -> None:
        self._store = store
        self._embedder = embedder
        self._requested: set[str] = set()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._closed = False

    def request(self, owner: str) -> None:
        """See that every passage that ``owner`` has now gets its vector."""
        if self._embedder is None or self._closed:
            return
        self._requested.add(owner)
        if owner not in self._running:
            self._running[owner] = asyncio.create_task(self._run(owner, self._embedder))

    async def ready(self, owner: str) -> None:
        """Return when what was requested for ``owner`` is done, or has failed."""
        if (running := self._running.get(owner)) is not None:
            await asyncio.wait([running])

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
                await fill_vectors(self._store, embedder, owner)
        except StoreError as error:
            _log.warning("vectors are made later: %s", error)
        finally:
            del self._running[owner]
