"""Speech by Piper's voices: neural, quick enough for one core, and in some forty languages.

Piper's own program isn't used: its networks run on onnxruntime in a child process, with the phonemes of espeak-ng, on
which they were trained.
"""

from __future__ import annotations

import json
import os
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from vasi.engines.espeak import Espeak
from vasi.engines.ports import SpeechChunk
from vasi.engines.tts import piper_voice, piper_worker, voices
from vasi.engines.tts import text as texts
from vasi.engines.tts.neural import FASTEST, SLOWEST, Pronounced, pronounce, speak_sentences, spell
from vasi.engines.tts.phrases import Sentence
from vasi.engines.tts.piper_voice import PiperVoice
from vasi.engines.tts.process import SpeechProcess
from vasi.errors import EngineError

_RATE_STEP = 150
"""Rates in these steps can be resampled."""
_PITCHES = {
    "alloy": 1.0, "ash": 0.93, "ballad": 1.04, "coral": 1.12, "echo": 0.96, "sage": 1.08, "shimmer": 1.16,
    "verse": 1.02, "marin": 1.14, "cedar": 0.9,
}  # fmt: skip
"""What makes one speaker sound like another, where a language has fewer than ``voices.HOSTED``."""


@dataclass(frozen=True, slots=True)
class _Speaker:
    """A voice, which of its speakers, and how much higher than recorded."""

    voice: PiperVoice
    number: int = 0
    pitch: float = 1.0


class PiperTts:
    """The Piper voices of some folders as a ``Tts``; ``start`` before use.

    Args:
        folders: each with the files of one voice; the first is the default. Not empty.
        threads: that a clause may take.

    Raises:
        EngineMissing: espeak-ng isn't installed.
        EngineError: a folder holds no voice that can be used.
    """

    def __init__(self, folders: Sequence[Path], *, threads: int | None = None) -> None:
        self._espeak = Espeak.shared()
        self._voices = piper_voice.read_all(folders)
        first = self._voices[0]
        self._process = SpeechProcess(
            first.name,
            piper_worker.__name__,
            {
                piper_worker.MODEL: str(first.model),
                piper_worker.THREADS: str(threads or max(1, min(4, (os.cpu_count() or 1) // 2))),
            },
        )

    @property
    def name(self) -> str:
        """With the default voice."""
        return f"Piper {self._voices[0].name}"

    @property
    def pids(self) -> Collection[int]:
        """The processes that run, for whoever measures them."""
        return self._process.pids

    async def start(self) -> None:
        """Start the child process and speak a word in it, so that the first answer doesn't wait."""
        await self._process.start()
        async for _ in self.speak("Ready.", voice=""):
            pass

    async def stop(self) -> None:
        """End the child process."""
        await self._process.stop()

    def voices(self) -> tuple[str, ...]:
        """OpenAI's names, then Piper's; a voice of several speakers by each, as in "en_US-arctic-medium#awb"."""
        own = [
            f"{voice.name}#{speaker}" if voice.speakers else voice.name
            for voice in self._voices
            for speaker in voice.speakers or ("",)
        ]
        return (*voices.HOSTED, *own)

    def fitness(self, voice: str, language: str | None) -> int:
        """How well it can speak ``language`` as ``voice``: 2 in a voice of that name, 1 in any, 0 not at all."""
        named = self._named(voice)
        if named is not None and language in (None, named.voice.language):
            return 2
        return int(language is None or any(own.language == language for own in self._voices))

    async def speak(
        self, text: str, *, voice: str, speed: float = 1.0, language: str | None = None
    ) -> AsyncGenerator[SpeechChunk, None]:
        """Speak ``text`` sentence by sentence; every word of it gets a time, those that have no sound too.

        A language without a voice is spoken by the default one. Raises ``EngineError``.
        """
        texts.require_speakable_length(text)
        speaker = self._speaker(voice, language)
        speed = min(FASTEST, max(SLOWEST, speed))

        async def prepare(sentence: Sentence) -> tuple[bytes, Pronounced] | None:
            pronounced = await self._pronounce(sentence, speaker.voice)
            phonemes = pronounced.marked(sentence)
            return (_request(speaker, phonemes, speed), pronounced) if speaker.voice.can_say(phonemes) else None

        async with aclosing(speak_sentences(text, speaker.voice.language, self._process, prepare)) as chunks:
            async for chunk in chunks:
                yield chunk

    async def _pronounce(self, sentence: Sentence, voice: PiperVoice) -> Pronounced:
        if not voice.espeak:
            return spell(sentence)
        name = self._espeak.voice_of(voice.espeak)
        if name is None:
            raise EngineError(f"espeak-ng has no voice '{voice.espeak}', which {voice.name} needs.")
        return await pronounce(self._espeak, sentence, name)

    def _speaker(self, voice: str, language: str | None) -> _Speaker:
        named = self._named(voice)
        if named is not None and language in (None, named.voice.language):
            return named
        language = language or self._voices[0].language
        speakers = [
            _Speaker(own, number)
            for own in self._voices
            if own.language == language
            for number in list(own.speakers.values())[: len(voices.HOSTED)] or (0,)
        ] or [_Speaker(self._voices[0])]
        place = voices.HOSTED.index(voice) if voice in voices.HOSTED else 0
        if place < len(speakers):
            return speakers[place]
        chosen = speakers[place % len(speakers)]
        return _Speaker(chosen.voice, chosen.number, _PITCHES[voice])

    def _named(self, name: str) -> _Speaker | None:
        of, _, speaker = name.partition("#")
        for voice in self._voices:
            if voice.name == of and (not speaker or speaker in voice.speakers):
                return _Speaker(voice, voice.speakers.get(speaker, 0))
        return None


def _request(speaker: _Speaker, phonemes: str, speed: float) -> bytes:
    """What the child is asked for."""
    voice = speaker.voice
    rate = round(voice.rate * speaker.pitch / _RATE_STEP) * _RATE_STEP
    noise, length, width = voice.scales
    return json.dumps(
        {
            "model": str(voice.model),
            "ids": voice.sequence(phonemes),
            # What is then played faster, and so higher, is spoken more slowly.
            "scales": [noise, length * rate / voice.rate / speed, width],
            "speaker": speaker.number,
            "rate": rate,
        }
    ).encode()
