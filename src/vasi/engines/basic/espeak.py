"""Speech by espeak-ng: robotic, but from the first millisecond, in over a hundred languages, and without a model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import Future
from typing import TypeAlias

from vasi.engines.espeak import DEFAULT_VOICE, Espeak, WordStart
from vasi.engines.ports import SPEAKING_RATE, Samples, SpeechChunk
from vasi.engines.tts import text as texts
from vasi.errors import EngineError
from vasi.media.resample import Resampler
from vasi.media.timeline import TimedWord

_WORDS_PER_MINUTE = 175
_SLOWEST, _FASTEST = 0.25, 1.5
_OPENAI_VOICES = {
    "alloy": "en-us",
    "ash": "en-us+m7",
    "ballad": "en-us+m4",
    "coral": "en-us+f2",
    "echo": "en-us+m3",
    "sage": "en-us+f4",
    "shimmer": "en-us+f5",
    "verse": "en-us+m1",
    "marin": "en-us+f3",
    "cedar": "en-us+adam",
}
"""Clients ask for these names; each gets a voice of its own."""

_Message: TypeAlias = SpeechChunk | BaseException | None


class EspeakTts:
    """espeak-ng as a ``Tts``. The library stays loaded when it stops: the process has only one."""

    def __init__(self, default_voice: str = DEFAULT_VOICE) -> None:
        """Load the library (10 ms).

        Raises:
            EngineMissing: espeak-ng isn't installed.
            EngineError: there is no ``default_voice``.
        """
        self._espeak = Espeak.shared()
        self._default = self._resolve(default_voice)
        if self._default is None:
            raise EngineError(f"espeak-ng has no voice {default_voice!r}; choose one like en-us or en-us+f2.")

    @property
    def name(self) -> str:
        """With the library's version."""
        return f"espeak-ng {self._espeak.version}"

    async def start(self) -> None:
        """Read the voice's dictionary, so that the first answer doesn't wait for it."""
        async for _ in self.speak("Ready.", voice=""):
            pass

    def voices(self) -> tuple[str, ...]:
        """OpenAI's names, then espeak's by language; a variant may follow, as in "en-us+f2" or "de+m3"."""
        return (*_OPENAI_VOICES, *self._espeak.voices())

    def knows(self, voice: str) -> bool:
        """Whether ``voice`` is one of ``voices``, or one of them with a variant."""
        return self._resolve(voice) is not None

    def fitness(self, voice: str, language: str | None) -> int:
        """How well it can speak ``language`` as ``voice``: 2 in a voice of that name, 1 in any, 0 not at all."""
        own = self._resolve(voice) == voice
        if own and language in (None, _base(voice)):
            return 2
        return int(language is None or self._espeak.voice_of(language) is not None)

    async def speak(
        self, text: str, *, voice: str, speed: float = 1.0, language: str | None = None
    ) -> AsyncGenerator[SpeechChunk, None]:
        """Speak ``text``: every word of it gets a time. Raises ``EngineError`` for a text over 20,000 characters.

        It's synthesised clause by clause, the next when this one's chunks are taken, so that speakers take turns
        in espeak's one thread and nothing is made that nobody hears.
        """
        texts.require_speakable_length(text)
        rate = round(_WORDS_PER_MINUTE * min(_FASTEST, max(_SLOWEST, speed)))
        chosen = self._in_language(self._resolve(voice) or self._default or DEFAULT_VOICE, language)
        utterance = _Utterance(text, self._espeak.rate)
        for clause in texts.clauses(text, _base(chosen)):
            feed = _Feed(utterance, clause)
            job = self._espeak.synthesize(
                clause.text,
                feed.hear,
                voice=chosen,
                words_per_minute=rate,
                end_pause=clause.ends_with_pause,
            )
            job.add_done_callback(feed.end)
            try:
                while (chunk := await feed.take()) is not None:
                    yield chunk
            finally:
                feed.stop()
                job.cancel()
        if last := utterance.finish():
            yield last

    async def stop(self) -> None:
        """Nothing to do: a synthesis ends when its iterator is closed."""

    def _in_language(self, voice: str, language: str | None) -> str:
        """``voice``, or one of ``language`` with the same variant if it's of another."""
        spoken, plus, variant = voice.partition("+")
        if language is None or _base(spoken) == language:
            return voice
        fitting = self._espeak.voice_of(language)
        return voice if fitting is None else f"{fitting}{plus}{variant}"

    def _resolve(self, voice: str) -> str | None:
        name = _OPENAI_VOICES.get(voice, voice)
        return name if self._espeak.knows(name) else None


def _base(voice: str) -> str:
    return voice.partition("-")[0]


class _Utterance:
    """What runs through all clauses of one ``speak``: the resampler, the clock and the words."""

    def __init__(self, text: str, rate: int) -> None:
        self._rate = rate
        self._resampler = Resampler(rate, SPEAKING_RATE)
        self._aligner = texts.WordAligner(text)
        self._begun = 0
        self._given = 0
        self._waiting: list[TimedWord] = []

    def begin_clause(self) -> int:
        """Samples of the clauses before."""
        return self._begun

    def add(self, samples: Samples, starts: Sequence[tuple[int, int]]) -> SpeechChunk | None:
        """Audio at espeak's rate and the (character, sample) where words begin."""
        self._begun += samples.size
        for position, sample in starts:
            self._waiting += self._aligner.at(position, sample * 1000 // self._rate)
        return self._chunk(self._resampler.push(samples))

    def finish(self) -> SpeechChunk | None:
        """The end of the audio, and the words that nothing was heard of."""
        self._waiting += self._aligner.rest(self._begun * 1000 // self._rate)
        return self._chunk(self._resampler.flush())

    def _chunk(self, samples: Samples) -> SpeechChunk | None:
        if samples.size == 0:
            return None
        self._given += samples.size
        # The resampler holds back a millisecond: a word doesn't go out before the audio it begins in.
        heard_ms = self._given * 1000 // SPEAKING_RATE
        words = tuple(word for word in self._waiting if word.start_ms <= heard_ms)
        self._waiting = self._waiting[len(words) :]
        return SpeechChunk(samples, words)


class _Feed:
    """One clause on its way from espeak's thread to the event loop."""

    def __init__(self, utterance: _Utterance, clause: texts.Clause) -> None:
        self._utterance = utterance
        self._clause = clause
        self._offset = utterance.begin_clause()
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[_Message] = asyncio.Queue()
        self._stopped = False

    async def take(self) -> SpeechChunk | None:
        """The next chunk; None at the end of the clause. Raises what the synthesis failed with."""
        match await self._queue.get():
            case BaseException() as error:
                raise error
            case chunk:
                return chunk

    def stop(self) -> None:
        """Nobody listens any more: espeak hears of it with its next 60 ms of audio, under a millisecond later."""
        self._stopped = True

    def hear(self, samples: Samples, starts: Sequence[WordStart]) -> bool:
        """In espeak's thread: take audio, and tell whether to go on."""
        if self._stopped:
            return False
        origins = self._clause.origins
        placed = [
            (origins[min(max(0, start.position), len(origins) - 1)], self._offset + start.sample) for start in starts
        ]
        chunk = self._utterance.add(samples, placed)
        return chunk is None or self._tell(chunk)

    def end(self, job: Future[None]) -> None:
        """In espeak's thread: the clause is over."""
        if not job.cancelled():
            self._tell(job.exception())

    def _tell(self, message: _Message) -> bool:
        try:
            self._loop.call_soon_threadsafe(self._queue.put_nowait, message)
        except RuntimeError:
            # The loop was closed under a speaker that nobody waited for.
            return False
        return True
