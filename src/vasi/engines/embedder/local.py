"""A sentence encoder on this machine, in processes of its own."""

from __future__ import annotations

import asyncio
import os
from collections import OrderedDict
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from vasi.engines.embedder.manifest import Manifest
from vasi.engines.embedder.requests import ENCODE, LOAD, Work
from vasi.errors import EngineError
from vasi.workers.child import ChildDied, ChildError, Program, RequestError
from vasi.workers.limits import ChildLimits
from vasi.workers.pool import Pool

_WORKER: Final = "vasi.engines.embedder.worker"
_ADDRESS_SPACE: Final = 6_000_000_000
_FILES: Final = 16_000_000
_QUESTION_S: Final = 10.0
"""Seconds for a question, loading the model included; then search goes on without its vector."""
_PASSAGES_S: Final = 120.0
_IDLE_S: Final = 20.0
_BROKEN_S: Final = 30.0
"""After a failure that another try wouldn't change, no question is tried for so long."""
_REMEMBERED: Final = 64
"""Questions whose vectors are kept: one is searched for several times while it's answered."""

_Rows = npt.NDArray[np.float32]


class LocalEmbedder:
    """An ``Embedder``. One process is there for questions; another makes vectors of passages, while there are some.

    So a question never waits behind passages, and the passages' process stands back behind everything else.

    Args:
        folder: of the model.
        manifest: what its files are.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self._folder = folder
        self._manifest = manifest
        self._threads = max(1, (os.cpu_count() or 1) // 4)
        limits = ChildLimits(memory_bytes=_ADDRESS_SPACE, file_bytes=_FILES)
        self._questions = Pool(Program(_WORKER, limits), 1, keep=1)
        behind = ChildLimits(memory_bytes=_ADDRESS_SPACE, file_bytes=_FILES, niceness=19)
        self._passages = Pool(Program(_WORKER, behind), 1, idle_s=_IDLE_S)
        self._asked: OrderedDict[str, asyncio.Task[_Rows]] = OrderedDict()
        self._broken: EngineError | None = None
        self._not_before = 0.0

    @property
    def model(self) -> str:
        """The manifest's name."""
        return self._manifest.name

    @property
    def threshold(self) -> float:
        """The manifest's threshold."""
        return self._manifest.threshold

    @property
    def contrast(self) -> float:
        """The manifest's contrast."""
        return self._manifest.contrast

    @property
    def multilingual(self) -> bool:
        """As the manifest says."""
        return self._manifest.multilingual

    @property
    def pids(self) -> Collection[int]:
        """The processes that run now."""
        return [*self._questions.pids, *self._passages.pids]

    async def start(self) -> None:
        """Load the model for questions, so that the first one needn't wait. Raises ``EngineError``."""
        await self._request(self._questions, LOAD, (), _PASSAGES_S, query=True)

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> list[npt.NDArray[np.float32]]:
        """One unit vector for each text. Cancelling ends the work on passages at once."""
        if not texts:
            return []
        if query:
            return [row for text in texts for row in await self._question(text)]
        return list(await self._request(self._passages, ENCODE, texts, _PASSAGES_S, query=False))

    async def close(self) -> None:
        """End its processes."""
        for task in self._asked.values():
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)
        self._asked.clear()
        await self._questions.close()
        await self._passages.close()

    async def _question(self, text: str) -> _Rows:
        """The vector of a question. Whoever asked may go: the process isn't ended, and the vector is kept."""
        if self._broken is not None and asyncio.get_running_loop().time() < self._not_before:
            raise self._broken
        task = self._asked.get(text)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = asyncio.create_task(self._request(self._questions, ENCODE, [text], _QUESTION_S, query=True))
            task.add_done_callback(_retrieve)
            self._asked[text] = task
        self._asked.move_to_end(text)
        # Those that were answered longest ago.
        for old in [old for old, one in self._asked.items() if one.done()][: max(0, len(self._asked) - _REMEMBERED)]:
            del self._asked[old]
        try:
            async with asyncio.timeout(_QUESTION_S):
                return await asyncio.shield(task)
        except TimeoutError as error:
            raise EngineError(f"The embedder {self.model} doesn't answer yet.", retryable=True) from error

    async def _request(self, pool: Pool, kind: int, texts: Sequence[str], timeout: float, *, query: bool) -> _Rows:
        work = Work(str(self._folder), self._manifest, 1 if query else self._threads, list(texts), query)
        try:
            answer = await pool.request(kind, msgspec.msgpack.encode(work), timeout)
        except (RequestError, ChildError) as error:
            again = isinstance(error, ChildDied)
            failure = EngineError(f"The embedder {self.model} failed: {error}.", retryable=again)
            if not again:  # a question doesn't wait each time for what won't come
                self._broken, self._not_before = failure, asyncio.get_running_loop().time() + _BROKEN_S
            raise failure from error
        return np.frombuffer(answer, np.float32).reshape(len(texts), -1) if texts else np.empty((0, 0), np.float32)


def _retrieve(task: asyncio.Task[_Rows]) -> None:
    """Nobody may be waiting any more for what went wrong."""
    if not task.cancelled():
        task.exception()
