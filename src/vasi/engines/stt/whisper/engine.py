"""Whisper as an ``Stt``: hears people well, in 99 languages or in English alone, without a network or a GPU."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from vasi.engines.stt.whisper.decoding import DecodingQueue
from vasi.engines.stt.whisper.requests import MODEL
from vasi.engines.stt.whisper.utterance import WhisperUtterance
from vasi.errors import EngineError, EngineMissing
from vasi.workers.child import ChildError, Program
from vasi.workers.limits import ChildLimits

_MEMORY_BYTES = 6_000_000_000
"""Address space, of which a small model fills a twentieth."""
_MOST_THREADS = 4


class WhisperStt:
    """A model in a process of its own (180 to 700 MB), started with the engine and shared by all sessions.

    Args:
        folder: holds ``model.bin``, ``config.json`` and ``vocabulary.txt`` as CTranslate2 converts them.
        name: what it's called.
        window_s: seconds of the shortest window; what is said is padded to it with silence, and costs as much.
        languages: ISO 639-1 codes of those that may be spoken where a session doesn't say; the first is the usual one.
            A model of English alone knows only "en".
        threads: of one decoding; None for half the cores, at most 4.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str,
        window_s: float = 15.0,
        languages: Collection[str] = ("en",),
        threads: int | None = None,
    ) -> None:
        cores = os.cpu_count() or 1
        self._name = name
        self._languages = tuple(languages)
        self._threads = threads or min(_MOST_THREADS, max(1, cores // 2))
        model = {"folder": str(folder), "threads": self._threads, "window_s": window_s}
        program = Program(
            "vasi.engines.stt.whisper.worker",
            ChildLimits(memory_bytes=_MEMORY_BYTES, file_bytes=0),
            {MODEL: json.dumps(model)},
        )
        self._queue = DecodingQueue(program, max(1, cores // 2 // self._threads), self._languages)
        self._started = False
        self._open: set[WhisperUtterance] = set()

    @property
    def name(self) -> str:
        return self._name

    @property
    def language(self) -> str:
        return self._languages[0]

    @property
    def pids(self) -> Collection[int]:
        """The worker processes that run now."""
        return self._queue.pids

    async def start(self) -> None:
        """Start the process and load the model: about a second.

        Raises:
            EngineMissing: CTranslate2 isn't installed.
            EngineError: it doesn't work, or the model can't be loaded.
        """
        if importlib.util.find_spec("ctranslate2") is None:
            raise EngineMissing("CTranslate2 is not installed; install it with: pip install 'vasi[local]'")
        try:
            await self._queue.start()
        except ChildError as error:
            raise EngineError(f"Whisper does not start: {error}", retryable=True) from error
        self._started = True

    def open(
        self, profile: str, on_partial: Callable[[str], None] | None = None, language: str | None = None
    ) -> WhisperUtterance:
        """A new utterance in ``language``, or in whichever of the engine's languages it is.

        Raises:
            EngineError: the engine wasn't started.
        """
        if not self._started:
            raise EngineError("The speech recogniser isn't running yet; try again in a moment.", retryable=True)
        utterance = WhisperUtterance(self._queue, language, on_partial, self._open.discard)
        self._open.add(utterance)
        return utterance

    async def adapt(self, profile: str, texts: Iterable[str]) -> None:
        """Nothing to teach: names told to it beforehand made it hear worse, not better."""

    async def forget(self, profile: str) -> None:
        """Nothing was learned."""

    async def stop(self) -> None:
        """Throw away all open utterances and end the processes."""
        self._started = False
        for utterance in list(self._open):
            await utterance.close()
        await self._queue.stop()
