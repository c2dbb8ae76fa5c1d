"""Speech by Kokoro: the most natural of the voices here, for machines with four fast cores and more.

Its network runs on onnxruntime in a child process. It learned to speak from the alphabet of misaki, which is made of
the phonemes of espeak-ng here.
"""

from __future__ import annotations

import json
import os
from collections.abc import AsyncGenerator, Collection, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vasi.engines.espeak import Espeak
from vasi.engines.ports import SpeechChunk
from vasi.engines.tts import japanese, kokoro_worker, voices
from vasi.engines.tts import text as texts
from vasi.engines.tts.kokoro_phonemes import kokoro_phonemes
from vasi.engines.tts.neural import FASTEST, SLOWEST, Pronounced, by_words, pronounce, speak_sentences
from vasi.engines.tts.phrases import Sentence
from vasi.engines.tts.process import SpeechProcess
from vasi.errors import EngineError

_MOST_TOKENS: Final = 509
_ACCENTS: Final = {
    "a": ("en", "en-us"), "b": ("en", "en-gb"), "e": ("es", "es"), "f": ("fr", "fr-fr"), "h": ("hi", "hi"),
    "i": ("it", "it"), "j": ("ja", ""), "p": ("pt", "pt-br"),
}  # fmt: skip
"""What the first letter of a voice's name says: its language, and the voice of espeak that pronounces it.

Japanese has a reader of its own; Chinese has none here.
"""
_ENGLISH: Final = {
    "alloy": ("af_heart",), "ash": ("am_michael",), "ballad": ("bm_george",), "coral": ("af_bella",),
    "echo": ("am_michael", "bm_george"), "sage": ("af_heart", "bf_emma"), "shimmer": ("af_bella", "bf_emma"),
    "verse": ("am_michael", "af_heart"), "marin": ("bf_emma",), "cedar": ("bm_george", "am_michael", "am_michael"),
}  # fmt: skip
"""OpenAI's names; several voices are mixed to another one."""


@dataclass(frozen=True, slots=True)
class _Speaker:
    """The voices that are mixed, the language, and espeak's voice for it."""

    mixed: tuple[str, ...]
    language: str
    accent: str


class KokoroTts:
    """Kokoro as a ``Tts``; ``start`` before use.

    Args:
        folder: with the one ``*.onnx``, ``vocab.json`` and ``voices/*.bin``.
        threads: that a clause may take; half of the processor's unless given.

    Raises:
        EngineMissing: espeak-ng isn't installed.
        EngineError: the folder isn't whole.
    """

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        self._espeak = Espeak.shared()
        self._ids = _read_ids(folder)
        self._japanese = japanese.JapaneseReader()
        self._files = {
            file.stem: file for file in sorted((folder / "voices").glob("*.bin")) if file.stem[0] in _ACCENTS
        }
        models = sorted(folder.glob("*.onnx"))
        if not models or not self._files:
            raise EngineError(f"{folder} lacks Kokoro's network or its voices.")
        # What sounds best comes first: the network's own default.
        first = next((name for name in ("af_heart", *self._files) if name in self._files), "")
        self._default = self._named(first)
        self._process = SpeechProcess(
            "Kokoro",
            kokoro_worker.__name__,
            {
                kokoro_worker.MODEL: str(models[0]),
                kokoro_worker.THREADS: str(threads or max(1, (os.cpu_count() or 1) // 2)),
            },
        )

    @property
    def name(self) -> str:
        """The network's."""
        return "Kokoro"

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
        """OpenAI's names, then Kokoro's."""
        return (*voices.HOSTED, *self._files)

    def fitness(self, voice: str, language: str | None) -> int:
        """How well it can speak ``language`` as ``voice``: 2 in a voice of that name, 1 in any, 0 not at all."""
        if voice in self._files and language in (None, _ACCENTS[voice[0]][0]):
            return 2
        own = any(_ACCENTS[name[0]][0] == language for name in self._files)
        return int(language is None or (own and (language != "ja" or japanese.is_available())))

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
            said = await self._pronounce(sentence, speaker)
            tokens = [self._ids[char] for char in said.marked(sentence) if char in self._ids][:_MOST_TOKENS]
            if not any(char.isalpha() and char in self._ids for char in "".join(said.phrases)):
                return None
            files = [str(self._files[name]) for name in speaker.mixed]
            return json.dumps({"tokens": tokens, "speed": speed, "voices": files}).encode(), said

        async with aclosing(speak_sentences(text, speaker.language, self._process, prepare)) as chunks:
            async for chunk in chunks:
                yield chunk

    async def _pronounce(self, sentence: Sentence, speaker: _Speaker) -> Pronounced:
        if speaker.language == "ja":
            words = await self._japanese.pronounce([word for of in sentence.words for word in of])
            return by_words(sentence, words)
        said = await pronounce(self._espeak, sentence, speaker.accent, ties=True)
        return Pronounced(tuple(kokoro_phonemes(phrase, speaker.accent) for phrase in said.phrases), said.weights)

    def _speaker(self, voice: str, language: str | None) -> _Speaker:
        if voice in self._files and language in (None, _ACCENTS[voice[0]][0]):
            return self._named(voice)
        language = language or self._default.language
        if language == "en" and all(name in self._files for name in _ENGLISH.get(voice, ("",))):
            mixed = _ENGLISH[voice]
            return _Speaker(mixed, *_ACCENTS[mixed[0][0]])
        own = [name for name in self._files if _ACCENTS[name[0]][0] == language]
        if not own or self._default.mixed[0] in own:
            own = [self._default.mixed[0], *own]
        place = voices.HOSTED.index(voice) if voice in voices.HOSTED else 0
        return self._named(own[place % len(own)])

    def _named(self, name: str) -> _Speaker:
        return _Speaker((name,), *_ACCENTS[name[0]])


def _read_ids(folder: Path) -> Mapping[str, int]:
    """What the network calls each phoneme."""
    path = folder / "vocab.json"
    try:
        return {
            str(phoneme): int(number)
            for phoneme, number in json.loads(path.read_text(encoding="utf-8"))["vocab"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EngineError(f"{path} isn't Kokoro's list of phonemes: {error!r}.") from error
