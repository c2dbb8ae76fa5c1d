"""What neural voices have in common: a text becomes sentences, these become phonemes, these become sound."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from vasi.engines.espeak import Espeak
from vasi.engines.ports import SpeechChunk
from vasi.engines.tts.phrases import Sentence, Speech, split
from vasi.engines.tts.process import SpeechProcess

SLOWEST, FASTEST = 0.25, 1.5
_IDEOGRAPHIC = frozenset({"ja", "zh"})
_STRESS = frozenset("ˈˌ^ ")


@dataclass(frozen=True, slots=True)
class Pronounced:
    """The phonemes of each phrase of a sentence, without its mark; and how many each word of it has."""

    phrases: tuple[str, ...]
    weights: tuple[tuple[float, ...], ...]

    def marked(self, sentence: Sentence) -> str:
        """All phrases, with their marks."""
        return " ".join(said + phrase.mark for said, phrase in zip(self.phrases, sentence.phrases, strict=True))


Prepare: TypeAlias = Callable[[Sentence], Awaitable[tuple[bytes, Pronounced] | None]]
"""What the child is asked for a sentence; None if nothing of it has a sound."""


async def speak_sentences(
    text: str, language: str, process: SpeechProcess, prepare: Prepare
) -> AsyncGenerator[SpeechChunk, None]:
    """Speak ``text`` sentence by sentence, each made when its turn comes; every word of it gets a time."""
    speech = Speech(text)
    for sentence in split(text, language, ideographs=language in _IDEOGRAPHIC):
        prepared = await prepare(sentence)
        if prepared is None:
            continue
        clause, pronounced = prepared
        sound = await process.speak(clause)
        for chunk in speech.spoken(sentence, sound, pronounced.weights):
            yield chunk
    if last := speech.finish():
        yield last


async def pronounce(espeak: Espeak, sentence: Sentence, voice: str, *, ties: bool = False) -> Pronounced:
    """A sentence as espeak's ``voice`` pronounces it. Raises ``EngineError``."""
    words = [word for of in sentence.words for word in of]
    asked = [*(phrase.text for phrase in sentence.phrases), *words]
    said = await asyncio.wrap_future(espeak.phonemes(asked, voice, ties=ties))
    count = len(sentence.phrases)
    return Pronounced(tuple(said[:count]), _by_phrase(sentence, [phoneme_count(ipa) for ipa in said[count:]]))


def spell(sentence: Sentence) -> Pronounced:
    """A sentence for a voice that reads letters."""
    words = [float(len(word)) for of in sentence.words for word in of]
    return Pronounced(tuple(phrase.text.lower() for phrase in sentence.phrases), _by_phrase(sentence, words))


def by_words(sentence: Sentence, said: Sequence[str]) -> Pronounced:
    """A sentence of whose words it is known how each is said."""
    weights = _by_phrase(sentence, [phoneme_count(word) for word in said])
    rest = iter(said)
    return Pronounced(tuple(" ".join(next(rest) for _ in words) for words in sentence.words), weights)


def phoneme_count(ipa: str) -> float:
    """How long a word takes, in phonemes."""
    return float(max(1, sum(char not in _STRESS for char in ipa)))


def _by_phrase(sentence: Sentence, weights: Sequence[float]) -> tuple[tuple[float, ...], ...]:
    rest = iter(weights)
    return tuple(tuple(next(rest) for _ in words) for words in sentence.words)
