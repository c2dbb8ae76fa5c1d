"""Which sentence of the passages answers the question: words in common, weighed by how rare they are.

A linear score over a few plain features; the weights were fitted on public question sets, and
``benchmarks/retrieval.py`` measures what they are worth. About 0.5 ms a passage.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from vasi.language.answer_types import answer_type
from vasi.language.cues import counted, cue
from vasi.language.detection import passage_language
from vasi.language.measures import asked_measure, holds
from vasi.language.sentences import Span, sentences
from vasi.language.stop_words import STOP_WORDS_OF, Language
from vasi.language.terms import content_words, stem, words


@dataclass(frozen=True, slots=True)
class RankedSentence:
    """A sentence: characters ``start:end`` of passage ``passage_index``; ``score`` is 0 to 1."""

    passage_index: int
    start: int
    end: int
    text: str
    score: float


FEATURES = (
    "overlap", "cue", "overlap_and_cue", "passage", "rank", "before", "first", "nothing_new", "question",
    "measured", "address", "most",
)  # fmt: skip
"""What is known of a sentence, in the order of the weights."""
_WEIGHTS = (5.7, 2.8, 0.4, 3.4, 3.7, 1.9, 0.6, -1.3, -1.3, 2.9, -1.2, 0.7)
_FULL = 18.2
_ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)

_ASKED = frozenset({"many", "much", "long", "often"})
_MEASURE = re.compile(
    r"\bhow (many|much|long|often|old|tall|far|big|large|fast|high|deep|wide|heavy|hot|cold|strong|quickly|soon|late"
    r"|early|thick|loud|strict|close|near|expensive|small|hard|good|well|warm|young|low|short)\b",
    re.IGNORECASE,
)
_LIGHT = 0.3
_GENERAL = 0.7
_GENERAL_WORDS = """
    name called call type kind sort way thing things people person many much year date day month time century number
    amount part place allowed allow need get use used put go come make made take give given known know find found happen
    happened mean said say may might must shall new first last one two different main three still ever able become want
    tell like whole long term
"""
_GENERAL_STEMS = frozenset(map(stem, words(_GENERAL_WORDS)))
_HEADING_SHARE = 0.5
"""A word of the question that stands only in the heading counts this much for each sentence below it."""


def rank_sentences(
    question: str,
    passages: Sequence[str],
    headings: Sequence[str] = (),
    idf: Mapping[str, float] | None = None,
) -> list[RankedSentence]:
    """Every sentence of ``passages``, the likeliest answer to ``question`` first.

    Args:
        question: as asked.
        passages: best first: their order is evidence.
        headings: the heading of each passage, in the same order; may be left out.
        idf: how telling each stem is; without it, or for stems that aren't in it, counted in the passages.

    Returns:
        The sentences with their offsets in their passage.
    """
    headings = [headings[index] if index < len(headings) else "" for index in range(len(passages))]
    languages: list[Language] = [
        passage_language(text, heading) for text, heading in zip(passages, headings, strict=True)
    ]
    split = [sentences(passage) for passage in passages]
    stemmed = [
        [[stem(word, language) for word in words(span.text)] for span in spans]
        for spans, language in zip(split, languages, strict=True)
    ]
    kind, measure = answer_type(question), asked_measure(question)
    weights: dict[Language, dict[str, float]] = {
        one: _weights(question_weights(question, one), stemmed, idf) for one in set(languages)
    }
    nouns = {one: counted(question, one) for one in weights}
    ranked: list[RankedSentence] = []
    for index, (spans, language) in enumerate(zip(split, languages, strict=True)):
        heading = {stem(word, language) for word in words(headings[index])}
        evidence = _Evidence(weights[language], stemmed[index], heading, index, STOP_WORDS_OF[language])
        for position, span in enumerate(spans):
            hint = cue(kind, span.text, weights[language], nouns[language])
            measured = holds(measure, span.text) if measure else 0.0
            score = _score(evidence.features(position, span, hint, measured))
            ranked.append(RankedSentence(index, span.start, span.end, span.text, score))
    ranked.sort(key=lambda sentence: -sentence.score)
    return ranked


def question_weights(question: str, language: Language = "en") -> dict[str, float]:
    """The distinct stems of ``question`` in order, and how much of its meaning each carries beside its rarity (0 to 1).

    Its stop words are those of its own language, its stems those of the ``language`` of what it is compared with.
    An answer needn't repeat the "high" of "how high", or words as general as "name", "kind" and "use".
    """
    measured = {match.group(1).lower() for match in _MEASURE.finditer(question)}
    found = content_words(question)
    asked = [word for word in found if word not in _ASKED or word not in measured] or found
    return {
        stem(word, language): _LIGHT if word in measured else _GENERAL if stem(word) in _GENERAL_STEMS else 1.0
        for word in asked
    }


def _weights(
    asked: Mapping[str, float], stemmed: Sequence[Sequence[Sequence[str]]], idf: Mapping[str, float] | None
) -> dict[str, float]:
    """The share of each asked stem in the question's meaning; they sum to 1."""
    known = idf or {}
    counted: dict[str, float] = {}
    if any(word not in known for word in asked):
        found = Counter(word for passage in stemmed for sentence in passage for word in set(sentence))
        total = sum(len(passage) for passage in stemmed)
        counted = {word: math.log(1 + (total + 1) / (found[word] + 0.5)) for word in asked}
    weights = {word: share * known.get(word, counted.get(word, 0.0)) for word, share in asked.items()}
    whole = sum(weights.values()) or 1.0
    return {word: weight / whole for word, weight in weights.items()}


class _Evidence:
    """What one passage says about the question."""

    def __init__(
        self,
        weights: Mapping[str, float],
        stemmed: Sequence[Sequence[str]],
        heading: set[str],
        rank: int,
        stop_words: Collection[str],
    ) -> None:
        self._stop_words = stop_words
        self._weights = weights
        self._stemmed = stemmed
        self._rank = rank
        self._heading = heading
        self._overlaps = [self._cover(set(sentence)) for sentence in stemmed]
        self._most = max(self._overlaps, default=0.0)
        inside = set[str]().union(heading, *stemmed)
        self._passage = sum(weight for word, weight in weights.items() if word in inside)

    def _cover(self, sentence: set[str]) -> float:
        covered = 0.0
        for word, weight in self._weights.items():
            if word in sentence:
                covered += weight
            elif word in self._heading:
                covered += _HEADING_SHARE * weight
        return covered

    def features(self, position: int, span: Span, hint: float, measured: float) -> tuple[float, ...]:
        """What is known of the sentence at ``position``, in the order of ``FEATURES``."""
        sentence = self._stemmed[position]
        overlap = self._overlaps[position]
        return (
            overlap,
            hint,
            overlap * hint,
            self._passage,
            1 / (1 + self._rank),
            self._overlaps[position - 1] if position else 0.0,
            1.0 if position == 0 else 0.0,
            1.0 if all(word in self._weights or word in self._stop_words for word in sentence) else 0.0,
            1.0 if span.text.endswith("?") else 0.0,
            measured,
            1.0 if _ADDRESS.search(span.text) else 0.0,
            1.0 if overlap and overlap >= self._most else 0.0,
        )


def _score(features: Sequence[float]) -> float:
    score = sum(weight * value for weight, value in zip(_WEIGHTS, features, strict=True))
    return min(1.0, max(0.0, score / _FULL))
