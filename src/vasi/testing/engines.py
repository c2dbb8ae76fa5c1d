"""Engines that do what a test says: deterministic, instant, without weights.

They are real implementations of the ports, made for tests of whatever stands on them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable

import numpy as np

from vasi.engines.ports import (
    HEARING_RATE,
    SPEAKING_RATE,
    Engines,
    Llm,
    Samples,
    SpeechChunk,
    Transcript,
)
from vasi.errors import EngineError
from vasi.media.timeline import TimedWord

LOUD = 1000
"""A window with a sample this loud counts as speech for ``LoudnessVad``."""
CHARACTER_MS = 50
"""How long ``ToneTts`` takes to say a character."""


class LoudnessVad:
    """Speech is whatever is loud."""

    name = "loudness"

    def open(self) -> LoudnessVad:
        """It has no state."""
        return self

    def probability(self, window: Samples) -> float:
        """1 for a loud window, else 0."""
        return 1.0 if len(window) and int(np.abs(window.astype(np.int32)).max()) >= LOUD else 0.0

    def reset(self) -> None:
        """Nothing to forget."""


class ScriptedTurnAnalyzer:
    """Judges as the script says, pause by pause: a probability, or an error to raise; then always ``default``.

    ``held`` keeps every judgement back until it's set.
    """

    name = "scripted"

    def __init__(self, judgements: Iterable[float | EngineError] = (), *, default: float = 1.0) -> None:
        self.judgements = deque(judgements)
        self.default = default
        self.asked: list[tuple[int, str]] = []
        """The audio (ms) and words of each pause that was to be judged."""
        self.held = asyncio.Event()
        self.held.set()

    async def start(self) -> None:
        """Nothing to load."""

    async def completeness(self, samples: Samples, words: str) -> float:
        """The script's next judgement."""
        self.asked.append((len(samples) * 1000 // HEARING_RATE, words))
        await self.held.wait()
        result = self.judgements.popleft() if self.judgements else self.default
        if isinstance(result, EngineError):
            raise result
        return result

    async def stop(self) -> None:
        """Nothing to stop."""


class ScriptedStt:
    """Recognises what the script says, utterance by utterance: a transcript, or an error to raise.

    ``held`` keeps every result back until it's set. An utterance beyond the script is a failure of the test.
    """

    name = "scripted"
    language = "en"

    def __init__(self, transcripts: Iterable[str | EngineError] = ()) -> None:
        self.transcripts = deque(transcripts)
        self.heard_ms: list[int] = []
        """Audio of each finished utterance."""
        self.pauses: list[tuple[str, int]] = []
        """Each "pause" and "resume" with the audio (ms) before it."""
        self.adapted: dict[str, list[str]] = {}
        self.held = asyncio.Event()
        self.held.set()

    async def start(self) -> None:
        """Nothing to load."""

    def open(
        self, profile: str, on_partial: Callable[[str], None] | None = None, language: str | None = None
    ) -> ScriptedUtterance:
        """The next utterance."""
        return ScriptedUtterance(self, on_partial)

    async def adapt(self, profile: str, texts: Iterable[str]) -> None:
        """Remember what it was taught."""
        self.adapted[profile] = list(texts)

    async def forget(self, profile: str) -> None:
        """Forget what it was taught."""
        self.adapted.pop(profile, None)

    async def stop(self) -> None:
        """Nothing to stop."""


class ScriptedUtterance:
    """One utterance of a ``ScriptedStt``."""

    def __init__(self, stt: ScriptedStt, on_partial: Callable[[str], None] | None) -> None:
        self._stt = stt
        self._on_partial = on_partial
        self._samples = 0

    def feed(self, samples: Samples) -> None:
        """Count the audio."""
        self._samples += len(samples)

    def pause(self) -> None:
        """Note it."""
        self._stt.pauses.append(("pause", self._samples * 1000 // HEARING_RATE))

    def resume(self) -> None:
        """Note it."""
        self._stt.pauses.append(("resume", self._samples * 1000 // HEARING_RATE))

    async def finish(self) -> Transcript:
        """The script's next transcript."""
        await self._stt.held.wait()
        milliseconds = self._samples * 1000 // HEARING_RATE
        self._stt.heard_ms.append(milliseconds)
        if not self._stt.transcripts:
            raise EngineError("The script has no transcript for this utterance.")
        result = self._stt.transcripts.popleft()
        if isinstance(result, EngineError):
            raise result
        if self._on_partial is not None and " " in result:
            self._on_partial(result.rsplit(" ", 1)[0])
        return Transcript(result)

    async def close(self) -> None:
        """Nothing to free."""


class ToneTts:
    """Says every character as ``CHARACTER_MS`` of a quiet tone, in chunks of one word."""

    name = "tone"

    def __init__(self) -> None:
        self.said: list[str] = []
        self.stopped = 0
        """Clauses that were cut."""
        self.held = asyncio.Event()
        self.held.set()

    async def start(self) -> None:
        """Nothing to load."""

    def voices(self) -> tuple[str, ...]:
        """Its only voice."""
        return ("tone",)

    async def speak(
        self, text: str, *, voice: str, speed: float = 1.0, language: str | None = None
    ) -> AsyncGenerator[SpeechChunk, None]:
        """A chunk a word."""
        self.said.append(text)
        ended = False
        try:
            at = 0
            for word in text.split(" "):
                await self.held.wait()
                length = len(word) + 1
                samples = np.full(length * CHARACTER_MS * SPEAKING_RATE // 1000, 300, np.int16)
                yield SpeechChunk(samples, (TimedWord(at, at + len(word), at * CHARACTER_MS),))
                at += length
            ended = True
        finally:
            self.stopped += not ended

    async def stop(self) -> None:
        """Nothing to stop."""


def scripted_engines(
    llm: Llm,
    *,
    turn: ScriptedTurnAnalyzer | None = None,
    stt: ScriptedStt | None = None,
    tts: ToneTts | None = None,
) -> Engines:
    """A whole set around the model ``llm``."""
    return Engines(
        vad=LoudnessVad(),
        turn=turn or ScriptedTurnAnalyzer(),
        stt=stt or ScriptedStt(),
        llm=llm,
        tts=tts or ToneTts(),
    )


def speech(milliseconds: int) -> bytes:
    """Input audio (PCM 24 kHz) that ``LoudnessVad`` takes for speech."""
    return np.full(milliseconds * 24, 3000, np.int16).tobytes()


def silence(milliseconds: int) -> bytes:
    """Input audio (PCM 24 kHz) without a sound."""
    return bytes(milliseconds * 48)
