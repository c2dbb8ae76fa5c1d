"""One utterance on its way through the queue: decoded at its end, or already when the user seems to have stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import numpy as np

from vasi.engines.ports import HEARING_RATE, Samples, Transcript
from vasi.engines.stt.silence import audible
from vasi.engines.stt.whisper.cuts import LONGEST_SECONDS, cut
from vasi.engines.stt.whisper.decoding import Decoded, DecodingQueue, Job
from vasi.engines.stt.whisper.text import said
from vasi.errors import EngineError

MOST_SECONDS = 310
_PIECE = LONGEST_SECONDS * HEARING_RATE


class WhisperUtterance:
    """An ``SttStream``.

    What is longer than the model hears at once is parted in a pause, and what came before it decoded meanwhile.
    """

    def __init__(
        self,
        queue: DecodingQueue,
        language: str | None,
        on_partial: Callable[[str], None] | None,
        on_end: Callable[[WhisperUtterance], None],
    ) -> None:
        self._queue = queue
        self._language = language
        self._on_partial = on_partial
        self._on_end = on_end
        self._audio = bytearray()
        """What isn't parted off yet."""
        self._fed = 0
        self._parts: list[Job] = []
        self._paused = False
        self._guess: Job | None = None
        """The decoding of ``_audio`` up to the present pause."""
        self._closed = False

    def feed(self, samples: Samples) -> None:
        """Add audio (``int16[n]``, 16 kHz). In a pause it's taken for silence, unless ``resume`` says otherwise."""
        if self._closed or not len(samples) or self._fed >= MOST_SECONDS * HEARING_RATE:
            return
        self._fed += len(samples)
        self._audio += samples.astype("<i2", copy=False).tobytes()
        while len(self._audio) > 2 * _PIECE:
            self._part()

    def pause(self) -> None:
        """The user seems to have stopped: decode what there is, while nobody else is waiting."""
        if self._closed or self._paused:
            return
        self._paused = True
        if self._guess is None and self._hears_something():
            self._guess = self._submit(bytes(self._audio), urgent=False)
            self._guess.result.add_done_callback(self._tell)

    def resume(self) -> None:
        """The user speaks on: there is more to decode."""
        self._paused = False
        self._forget_guess()

    async def finish(self) -> Transcript:
        """The transcript of all that was fed.

        Raises:
            EngineError: the utterance was closed before, or two processes died of it (``retryable``).
            EngineBusy: too many others wait.
        """
        if self._closed:
            raise EngineError("This utterance was closed; open a new one.")
        try:
            last = self._guess
            if last is None and self._hears_something():
                last = self._submit(bytes(self._audio), urgent=True)
            jobs = [*self._parts, *([last] if last else [])]
            for job in jobs:
                self._queue.hurry(job)
            for job in jobs:
                await asyncio.wait([job.result])
            return self._transcript(jobs)
        finally:
            await self.close()

    async def close(self) -> None:
        """Forget it."""
        if self._closed:
            return
        self._closed = True
        self._on_end(self)
        self._forget_guess()
        for job in self._parts:
            self._queue.drop(job)
        self._audio.clear()

    # --- pieces -----------------------------------------------------------------------------------------------------
    def _part(self) -> None:
        self._forget_guess()
        samples = np.frombuffer(bytes(self._audio), "<i2")
        place = cut(samples)
        if audible(samples[:place]):
            self._parts.append(self._submit(samples[:place].tobytes(), urgent=False))
        del self._audio[: 2 * place]

    def _hears_something(self) -> bool:
        return audible(np.frombuffer(bytes(self._audio), "<i2"))

    def _submit(self, audio: bytes, *, urgent: bool) -> Job:
        language = self._language
        if language is None and self._parts and _succeeded(self._parts[0]):
            language = self._parts[0].result.result().language
        return self._queue.submit(audio, language, urgent=urgent)

    def _forget_guess(self) -> None:
        if self._guess is not None:
            self._queue.drop(self._guess)
            self._guess = None

    def _tell(self, guess: asyncio.Future[Decoded]) -> None:
        """Pass on what the user has said up to a pause that lasts."""
        if self._on_partial is None or self._guess is None or guess is not self._guess.result:
            return
        jobs = [*self._parts, self._guess]
        if all(map(_succeeded, jobs)) and (text := self._transcript(jobs).text):
            self._on_partial(text)

    def _transcript(self, jobs: list[Job]) -> Transcript:
        decoded = [job.result.result() for job in jobs]
        texts = [said(one.text, one.no_speech, one.likelihood) for one in decoded]
        language = next((one.language for one, text in zip(decoded, texts, strict=True) if text), None)
        return Transcript(" ".join(filter(None, texts)), language=language)


def _succeeded(job: Job) -> bool:
    return job.result.done() and not job.result.cancelled() and job.result.exception() is None
