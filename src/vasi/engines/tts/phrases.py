"""Text cut for a neural voice: sentence by sentence, in phrases between marks, with the times of the words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from vasi.engines.ports import SPEAKING_RATE, Samples, SpeechChunk
from vasi.engines.tts import text as texts
from vasi.language import markup_patterns
from vasi.language.sentences import sentences
from vasi.media import pcm
from vasi.media.timeline import TimedWord

_MARK = re.compile(
    r"(?P<mark>(?<![,.;:!?…،؛؟])[,.;:!?…،؛؟]++)(?=[\"'”’»)\]]{0,9}(?:\s|$))|(?P<wide>[。！？、，；：]+)|(?P<dash>\s[–—-]{1,3}(?=\s))|(?P<bracket>[()\[\]])"
)
_PLAIN = {
    "…": ".",
    "。": ".",
    "！": "!",
    "？": "?",
    "、": ",",
    "，": ",",
    "；": ";",
    "：": ":",
    "،": ",",
    "؛": ";",
    "؟": "?",
}
_QUOTES = re.compile(r"[\"“”„«»‹›¿¡*_~^<>{}|\\]")
_IDEOGRAPHS = re.compile("[\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]")
_PAUSES_MS = {".": 260, "!": 260, "?": 260, ",": 110, ";": 160, ":": 160}
_MARK_WEIGHT = {".": 5.0, "!": 5.0, "?": 5.0, ",": 3.0, ";": 4.0, ":": 4.0}
"""How long a mark is held within a sentence, in phonemes."""
_CHUNK_MS = 100
_FRAME_MS = 10
_GAP_FRAMES = 6
_SILENT = 0.04
"""Of the loudest frame."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is said without a pause: ``text``, and the ``mark`` after it (one of ``,.;:!?``, or "")."""

    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a voice says in one go.

    Attributes:
        phrases: at least one.
        words: its words, by phrase.
        places: where each of these stands in the whole text.
    """

    phrases: tuple[Phrase, ...]
    words: tuple[tuple[str, ...], ...]
    places: tuple[tuple[int, ...], ...]

    @property
    def pause_ms(self) -> int:
        """The pause after it."""
        return _PAUSES_MS.get(self.phrases[-1].mark, 0)


def split(text: str, language: str, *, ideographs: bool = False) -> Iterator[Sentence]:
    """The sentences of ``text`` as ``language`` says them; emoji and such have no sound.

    Lazy, as ``texts.clauses`` is. ``ideographs`` tells whether the voice can read Chinese characters.
    """
    for clause in texts.clauses(text, language):
        for span in sentences(clause.text):
            sentence = _sentence(clause, span.start, span.end, ideographs=ideographs)
            if sentence.phrases:
                yield sentence


def _sentence(clause: texts.Clause, start: int, end: int, *, ideographs: bool) -> Sentence:
    phrases: list[Phrase] = []
    words: list[tuple[str, ...]] = []
    places: list[tuple[int, ...]] = []
    marks = [(found.start(), found.end(), _plain(found)) for found in _MARK.finditer(clause.text, start, end)]
    for stop, following, mark in [*marks, (end, end, "")]:
        found = [
            (word, clause.origins[start + match.start()])
            for match in re.finditer(r"\S+", clause.text[start:stop])
            if (word := _sayable(match.group(), ideographs=ideographs))
        ]
        start = following
        if found:
            phrases.append(Phrase(" ".join(word for word, _ in found), mark))
            words.append(tuple(word for word, _ in found))
            places.append(tuple(place for _, place in found))
        elif phrases and mark in ".!?":
            phrases[-1] = Phrase(phrases[-1].text, mark or phrases[-1].mark)
    return Sentence(tuple(phrases), tuple(words), tuple(places))


def _plain(found: re.Match[str]) -> str:
    marks = found["mark"] or found["wide"] or ","
    plain = [_PLAIN.get(mark, mark) for mark in marks]
    return next((mark for mark in plain if mark in "?!"), plain[0])


def _sayable(word: str, *, ideographs: bool) -> str:
    word = _QUOTES.sub("", markup_patterns.EMOJI.sub("", word))
    word = word if ideographs else _IDEOGRAPHS.sub("", word)
    return word if any(char.isalnum() for char in word) else ""


class Speech:
    """What runs through all sentences of one ``speak``: the clock, and the words."""

    def __init__(self, text: str) -> None:
        self._aligner = texts.WordAligner(text)
        self._given = 0

    def spoken(self, sentence: Sentence, sound: Samples, weights: Sequence[Sequence[float]]) -> Iterator[SpeechChunk]:
        """``sound`` and the pause after it in short chunks, with the words that begin in each.

        ``weights`` has how many phonemes each word of each phrase has.
        """
        begin = pcm.samples_to_ms(self._given, SPEAKING_RATE)
        words: list[TimedWord] = []
        for place, at in zip((p for places in sentence.places for p in places),
                             _starts(sentence, sound, weights), strict=True):  # fmt: skip
            words += self._aligner.at(place, begin + at)
        yield from self._chunks(np.concatenate((sound, pcm.silence(sentence.pause_ms, SPEAKING_RATE))), words)

    def finish(self) -> SpeechChunk | None:
        """The words that nothing was heard of, at the end of the sound."""
        rest = self._aligner.rest(pcm.samples_to_ms(self._given, SPEAKING_RATE)) if self._given else []
        return SpeechChunk(pcm.silence(_FRAME_MS, SPEAKING_RATE), tuple(rest)) if rest else None

    def _chunks(self, sound: Samples, words: list[TimedWord]) -> Iterator[SpeechChunk]:
        size = pcm.ms_to_samples(_CHUNK_MS, SPEAKING_RATE)
        for start in range(0, sound.size, size):
            piece = sound[start : start + size]
            self._given += piece.size
            until = pcm.samples_to_ms(self._given, SPEAKING_RATE)
            due = [word for word in words if word.start_ms <= until]
            words = words[len(due) :]
            yield SpeechChunk(piece, tuple(due))


def _starts(sentence: Sentence, sound: Samples, weights: Sequence[Sequence[float]]) -> list[int]:
    """When each word begins, in ms: by its share of the phonemes, and by the pauses that are heard at the marks."""
    lengths = [sum(of) for of in weights]
    marks = [_MARK_WEIGHT.get(phrase.mark, 1.0) for phrase in sentence.phrases]
    total = sum(lengths) + sum(marks[:-1])
    scale = sound.size * 1000 / SPEAKING_RATE / max(total, 1.0)
    begins, at = list[float](), 0.0
    for length, mark in zip(lengths, marks, strict=True):
        begins.append(at * scale)
        at += length + mark
    ends = [begin + length * scale for begin, length in zip(begins, lengths, strict=True)]
    gaps = _gaps(sound)
    for index in range(1, len(begins)):
        expected = (ends[index - 1] + begins[index]) / 2
        shortest = 0.25 * min(lengths[index - 1], lengths[index]) * scale + 150
        near = min(gaps, key=lambda gap: abs((gap[0] + gap[1]) / 2 - expected), default=None)
        if near is not None and abs((near[0] + near[1]) / 2 - expected) < shortest and near[0] > begins[index - 1]:
            ends[index - 1], begins[index] = near
    starts: list[int] = []
    for of, begin, end in zip(weights, begins, ends, strict=True):
        spoken = 0.0
        for weight in of:
            starts.append(int(begin + max(0.0, end - begin) * spoken / max(sum(of), 1.0)))
            spoken += weight
    return [max(starts[: index + 1]) for index in range(len(starts))]


def _gaps(sound: Samples) -> list[tuple[float, float]]:
    """Where it is silent within ``sound``, in ms."""
    size = pcm.ms_to_samples(_FRAME_MS, SPEAKING_RATE)
    frames = sound[: sound.size // size * size].reshape(-1, size).astype(np.float32)
    levels = np.sqrt(np.square(frames).mean(axis=1)) if frames.size else np.zeros(0, np.float32)
    if not levels.size:
        return []
    silent = np.concatenate(([0], levels < levels.max() * _SILENT, [0])).astype(np.int8)
    edges = np.flatnonzero(np.diff(silent))
    runs = edges.reshape(-1, 2)
    return [
        (float(begin * _FRAME_MS), float(end * _FRAME_MS))
        for begin, end in runs
        if end - begin >= _GAP_FRAMES and begin > 0 and end < levels.size
    ]
