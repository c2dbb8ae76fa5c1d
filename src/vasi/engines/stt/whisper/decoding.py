"""The queue in front of the processes that decode: what somebody waits for goes before what may never be needed."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from vasi.engines.ports import HEARING_RATE
from vasi.engines.stt.whisper.requests import DECODE
from vasi.errors import EngineBusy, EngineError
from vasi.workers.child import ChildDied, ChildError, ChildTimeout, Program, RequestError
from vasi.workers.pool import Pool

LONGEST_WAIT_S: Final = 8.0
"""More work than this before it, and an utterance is refused: a later answer would be to nobody."""
_REQUEST_S = 60.0
_FIRST_GUESS_S = 0.5
_NEWS = 0.2
"""Weight of the last decoding in the running mean."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """What the model made of one piece of audio.

    Attributes:
        text: as it wrote it.
        no_speech: its probability (0 to 1) that nobody speaks.
        likelihood: mean log probability of the text's tokens.
        language: ISO 639-1 code of the language that it was told or found; None if it knows only one.
    """

    text: str
    no_speech: float
    likelihood: float
    language: str | None


@dataclass(slots=True, eq=False)
class Job:
    """One piece of audio (int16 little-endian, 16 kHz) on its way; ``result`` is set in the end."""

    audio: bytes
    language: str | None
    urgent: bool
    result: asyncio.Future[Decoded]
    begun: bool = False


class DecodingQueue:
    """Decodes in processes of ``program``. One that dies is replaced, and its piece decoded anew once.

    Args:
        program: what they run: ``worker``.
        workers: most processes.
        languages: those that may be found where none is told; the first is the usual one.
    """

    def __init__(self, program: Program, workers: int, languages: Collection[str]) -> None:
        self._pool = Pool(program, workers, keep=1)
        self._workers = workers
        self._languages = tuple(languages)
        self._waiting: deque[Job] = deque()
        self._running: set[Job] = set()
        self._changed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._typical_s = _FIRST_GUESS_S

    @property
    def pids(self) -> Collection[int]:
        """The processes that run now."""
        return self._pool.pids

    async def start(self) -> None:
        """Start the first process; it has its model when this returns. Raises ``ChildError``."""
        self._pool.release(await self._pool.lease())
        self._tasks = [asyncio.create_task(self._serve()) for _ in range(self._workers)]

    async def stop(self) -> None:
        """End all processes; what waits fails."""
        unfinished = [*self._waiting, *self._running]
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        self._tasks.clear()
        for job in unfinished:
            _fail(job, EngineError("The speech recogniser was stopped; please say it again.", retryable=True))
        self._waiting.clear()
        await self._pool.close()

    def submit(self, audio: bytes, language: str | None, *, urgent: bool) -> Job:
        """Have ``audio`` decoded; ``urgent`` if somebody waits for it.

        Raises:
            EngineBusy: it's urgent, and too much else is.
        """
        job = Job(audio, language, False, asyncio.get_running_loop().create_future())
        if urgent:
            self.hurry(job)
        self._waiting.append(job)
        self._changed.set()
        return job

    def hurry(self, job: Job) -> None:
        """Somebody waits for it now. Raises ``EngineBusy``."""
        if job.begun or job.urgent:
            return
        before = len(self._running) + sum(other.urgent for other in self._waiting)
        if before * self._typical_s / self._workers > LONGEST_WAIT_S:
            self.drop(job)
            raise EngineBusy(
                "Too many people speak to this server at once for it to recognise them all; please say it again in a "
                "moment.",
                code="recogniser_busy",
            )
        job.urgent = True

    def drop(self, job: Job) -> None:
        """Nobody wants it any more; if it has begun, its result is thrown away."""
        with suppress(ValueError):
            self._waiting.remove(job)
        job.result.cancel()

    # --- the work ---------------------------------------------------------------------------------------------------
    async def _serve(self) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            job = self._next()
            if job is None:
                self._changed.clear()
                await self._changed.wait()
                continue
            job.begun = True
            self._running.add(job)
            began = clock()
            try:
                decoded = await self._decode(job)
            except EngineError as error:
                _fail(job, error)
            else:
                self._typical_s += _NEWS * (clock() - began - self._typical_s)
                if not job.result.done():
                    job.result.set_result(decoded)
            finally:
                self._running.discard(job)

    def _next(self) -> Job | None:
        job = next((job for job in self._waiting if job.urgent), self._waiting[0] if self._waiting else None)
        if job is not None:
            self._waiting.remove(job)
        return job

    async def _decode(self, job: Job) -> Decoded:
        request = json.dumps({"language": job.language, "among": self._languages}).encode() + b"\n" + job.audio
        died = False
        while True:
            try:
                worker = await self._pool.lease()
                try:
                    reply = await worker.request(DECODE, request, _REQUEST_S + len(job.audio) / (2 * HEARING_RATE))
                finally:
                    self._pool.release(worker)
            except (ChildDied, ChildTimeout) as error:
                if died:
                    raise _stopped(error) from error
                died = True
            except (ChildError, RequestError) as error:
                raise _stopped(error) from error
            else:
                return Decoded(**json.loads(reply))


def _stopped(error: Exception) -> EngineError:
    return EngineError(f"The speech recogniser stopped working ({error}); please say it again.", retryable=True)


def _fail(job: Job, error: EngineError) -> None:
    if not job.result.done():
        job.result.set_exception(error)
        job.result.exception()  # looked at, whether or not anyone waits for it
