"""Vectors: the port of what makes them, and the background work that gives every passage one."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from vasi.errors import EngineError
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
