"""Moonshine: hears English while it's spoken, and expects the words of the owner's documents."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from vasi.engines.ports import Transcript, Word
from vasi.engines.stt import requests
from vasi.engines.stt.names import names
from vasi.engines.stt.utterance import Utterance
from vasi.engines.stt.whisper.text import said
from vasi.errors import EngineError, EngineMissing
from vasi.workers.child import Child, ChildError, Program
from vasi.workers.limits import ChildLimits
from vasi.workers.pool import Pool

MODEL = "MOONSHINE_MODEL"
"""Environment variable of the worker: the folder of the model."""
MOST_TERMS = 100
"""A longer list costs accuracy on all other words."""
_WORKER = "vasi.engines.stt.moonshine_worker"
_MEMORY_BYTES = 4_000_000_000


class MoonshineStt:
    """A streaming model, in a process for each utterance that is spoken at the same time; one runs always.

    Args:
        folder: the files of a model of the architecture "small streaming".
        workers: most utterances decoded at once; further ones are buffered. None for one a core, at least 2.
        patience: seconds that an utterance may take to recognise after its end, beside as many as it was long.
        program: what runs in the processes, should it be another one.
    """

    def __init__(
        self, folder: Path, *, workers: int | None = None, patience: float = 20.0, program: Program | None = None
    ) -> None:
        limits = ChildLimits(memory_bytes=_MEMORY_BYTES, file_bytes=0)
        program = program or Program(_WORKER, limits, {MODEL: str(folder)})
        self._pool = Pool(program, workers or max(2, os.cpu_count() or 1), keep=1)
        self._patience = patience
        self._terms: dict[str, tuple[str, ...]] = {}
        self._open: set[MoonshineUtterance] = set()
        self._started = False

    @property
    def name(self) -> str:
        return "moonshine"

    @property
    def language(self) -> str:
        return "en"

    @property
    def pids(self) -> Collection[int]:
        """The worker processes that run now."""
        return self._pool.pids

    async def start(self) -> None:
        """Start a process and load the model.

        Raises:
            EngineMissing: Moonshine isn't installed.
            EngineError: it doesn't work, or the model can't be loaded.
        """
        if importlib.util.find_spec("moonshine_voice") is None:
            raise EngineMissing("Moonshine is not installed; install it with: pip install 'vasi[moonshine]'")
        try:
            self._pool.release(await self._pool.lease())
        except ChildError as error:
            raise EngineError(f"Moonshine does not start: {error}", retryable=True) from error
        self._started = True

    def open(
        self, profile: str, on_partial: Callable[[str], None] | None = None, language: str | None = None
    ) -> MoonshineUtterance:
        """A new utterance, in English, in which the words of ``profile`` are expected.

        Raises:
            EngineError: the engine wasn't started.
        """
        if not self._started:
            raise EngineError("The speech recogniser isn't running yet; try again in a moment.", retryable=True)
        terms = self._terms.get(profile, ())
        utterance = MoonshineUtterance(self._pool, on_partial, self._open.discard, self._patience, terms)
        self._open.add(utterance)
        return utterance

    async def adapt(self, profile: str, texts: Iterable[str]) -> None:
        """Expect the names in ``texts`` in utterances of ``profile`` opened from now on."""
        found = await asyncio.to_thread(names, texts, MOST_TERMS)
        self._terms[profile] = tuple(name for name in found if "," not in name)

    async def forget(self, profile: str) -> None:
        """Expect none of the names any more."""
        self._terms.pop(profile, None)

    async def stop(self) -> None:
        """Throw away all open utterances and end all processes."""
        self._started = False
        for utterance in list(self._open):
            await utterance.close()
        await self._pool.close()


class MoonshineUtterance(Utterance):
    """One utterance, in which ``terms`` are expected."""

    def __init__(
        self,
        pool: Pool,
        on_partial: Callable[[str], None] | None,
        on_end: Callable[[MoonshineUtterance], None],
        patience: float,
        terms: tuple[str, ...],
    ) -> None:
        super().__init__(pool, on_partial, on_end, patience)
        self._terms = terms

    async def begin(self, worker: Child) -> None:
        """Have ``worker`` begin a stream."""
        await worker.request(requests.START, json.dumps(self._terms).encode())

    def read(self, reply: bytes) -> Transcript:
        """The text, and the words with their times."""
        answer = json.loads(reply)
        text = said(answer["text"], 0.0, 0.0)
        words = tuple(
            Word(word, round(1_000 * start), round(1_000 * end), confidence)
            for word, start, end, confidence in answer["words"]
        )
        return Transcript(text, words if text else ())
