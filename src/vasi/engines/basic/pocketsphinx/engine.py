"""PocketSphinx: a recogniser of English that needs no network, no GPU and no key, adapted to the owner's own words."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
from collections.abc import Awaitable, Callable, Collection, Iterable
from pathlib import Path

from vasi.engines.basic.pocketsphinx.models import Models
from vasi.engines.basic.pocketsphinx.plausibility import heard
from vasi.engines.basic.pocketsphinx.pronunciations import Pronounce
from vasi.engines.ports import Transcript, Word
from vasi.engines.stt import requests
from vasi.engines.stt.utterance import Utterance
from vasi.errors import EngineError, EngineMissing
from vasi.workers.child import Child, ChildError, Program, RequestError
from vasi.workers.limits import ChildLimits
from vasi.workers.pool import Pool

_DECODER = Program(
    "vasi.engines.basic.pocketsphinx.worker", ChildLimits(memory_bytes=2_000_000_000, file_bytes=16_000_000)
)


class PocketSphinxStt:
    """An ``Stt``. Decodes in processes of its own, each of some 60 MB; one runs always, more only while they're needed.

    Args:
        cache: folder for the models made from documents; it may be deleted at any time.
        pronounce: phones of words that the CMU dictionary lacks, called in a thread; letter rules do the rest.
        workers: most utterances decoded at once; further ones are buffered. None for one a core, at least 2.
        patience: seconds that an utterance may take to recognise after its end, beside as many as it was long.
        settle: seconds without a newer ``adapt`` of the same profile before a model is built.
    """

    def __init__(
        self,
        cache: Path,
        pronounce: Pronounce | None = None,
        *,
        workers: int | None = None,
        patience: float = 20.0,
        settle: float = 1.0,
    ) -> None:
        self._models = Models(cache, pronounce)
        self._pool = Pool(_DECODER, workers or max(2, os.cpu_count() or 1), keep=1)
        self._patience = patience
        self._settle = settle
        self._general: Path | None = None
        self._adapted: dict[str, Path] = {}
        self._newest: dict[str, object] = {}
        self._open: set[PocketSphinxUtterance] = set()

    @property
    def name(self) -> str:
        return "pocketsphinx"

    @property
    def language(self) -> str:
        return "en"

    @property
    def pids(self) -> Collection[int]:
        """The worker processes that run now."""
        return self._pool.pids

    async def start(self) -> None:
        """Load the model of general English (the first time, make it: some seconds) and one worker.

        Raises:
            EngineMissing: PocketSphinx isn't installed.
            EngineError: it doesn't work.
        """
        if importlib.util.find_spec("pocketsphinx") is None:
            raise EngineMissing("PocketSphinx is not installed; install it with: pip install 'vasi[local]'")
        general = await asyncio.to_thread(self._models.path, "", ())
        await self._models.build(general, ())
        await asyncio.to_thread(self._models.forget_older_general, general)
        try:
            worker = await self._pool.lease()
            try:
                await worker.request(requests.LOAD, str(general).encode())
            finally:
                self._pool.release(worker)
        except (ChildError, RequestError) as error:
            raise EngineError(f"PocketSphinx does not start: {error}", retryable=True) from error
        self._general = general

    def open(
        self, profile: str, on_partial: Callable[[str], None] | None = None, language: str | None = None
    ) -> PocketSphinxUtterance:
        """A new utterance in the words of ``profile``, or in general English if that was never adapted.

        Raises:
            EngineError: the engine wasn't started.
        """
        if self._general is None:
            raise EngineError("The speech recogniser isn't running yet; try again in a moment.", retryable=True)
        model = self._adapted.get(profile, self._general)
        utterance = PocketSphinxUtterance(
            self._pool,
            on_partial,
            self._open.discard,
            self._patience,
            model,
            lambda: self._another_model(profile, model),
        )
        self._open.add(utterance)
        return utterance

    async def adapt(self, profile: str, texts: Iterable[str]) -> None:
        """Learn the words of ``texts``, which are read in a thread and replace those learnt before.

        Returns when utterances of ``profile`` opened from now on know them, or at once if a newer call took over. Takes
        milliseconds when the texts are those of an earlier call, even of an earlier process, else ``settle`` and some
        seconds.

        Raises:
            EngineError: the model can't be built; the profile keeps the one it had.
        """
        mine = self._newest[profile] = object()
        known = await asyncio.to_thread(list, texts)
        path = await asyncio.to_thread(self._models.path, profile, known)
        if not await asyncio.to_thread(self._models.sound, path):
            await asyncio.sleep(self._settle)
            if self._newest.get(profile) is not mine:
                return
            await self._models.build(path, known)
        if self._newest.get(profile) is mine:
            self._adapted[profile] = path
            await asyncio.to_thread(self._models.forget, profile, path)
            await asyncio.to_thread(self._models.tidy, self._in_use())

    async def forget(self, profile: str) -> None:
        """Decode utterances of ``profile`` as general English from now on, and delete its models."""
        self._newest.pop(profile, None)
        self._adapted.pop(profile, None)
        await asyncio.to_thread(self._models.forget, profile)

    async def stop(self) -> None:
        """Throw away all open utterances and end all processes."""
        for utterance in list(self._open):
            await utterance.close()
        self._general = None
        await self._pool.close()

    async def _another_model(self, profile: str, gone: Path) -> Path:
        """What to decode with when the files of ``gone`` were deleted: the profile's newest, else general English."""
        newest = await asyncio.to_thread(self._models.newest, profile)
        if newest is not None and newest != gone and await asyncio.to_thread(self._models.sound, newest):
            if self._adapted.get(profile) == gone:
                self._adapted[profile] = newest
            return newest
        assert self._general is not None
        await self._models.build(self._general, ())
        return self._general

    def _in_use(self) -> Collection[Path]:
        paths = {*self._adapted.values(), *(utterance.model for utterance in self._open)}
        return paths | {self._general} if self._general else paths


class PocketSphinxUtterance(Utterance):
    """One utterance, decoded with ``model``, or ``another_model`` if its files are gone."""

    def __init__(
        self,
        pool: Pool,
        on_partial: Callable[[str], None] | None,
        on_end: Callable[[PocketSphinxUtterance], None],
        patience: float,
        model: Path,
        another_model: Callable[[], Awaitable[Path]],
    ) -> None:
        super().__init__(pool, on_partial, on_end, patience)
        self.model = model
        self._another_model = another_model

    async def begin(self, worker: Child) -> None:
        """Have ``worker`` begin with the model."""
        try:
            await worker.request(requests.START, str(self.model).encode())
        except RequestError:  # the model's files were deleted since, by this process or another one
            self.model = await self._another_model()
            await worker.request(requests.START, str(self.model).encode())

    def read(self, reply: bytes) -> Transcript:
        """The words that were said, with their times."""
        segments: list[tuple[str, int, int, float]] = json.loads(reply)
        words = heard(tuple(Word(text, 10 * first, 10 * last + 10, p) for text, first, last, p in segments))
        return Transcript(" ".join(word.text for word in words), words)
