"""Which sentence of the passages answers the question: words in common, weighed by how rare they are.

A linear score over ten plain features; the weights were fitted on public question sets, and
``benchmarks/retrieval.py`` measures what they are worth. About 0.5 ms a passage.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from vasi.language.cues import answer_type, counted, cue
from vasi.language.sentences import Span, sentences
from vasi.language.terms import STOP_WORDS, content_words, stem, words


@dataclass(frozen=True, slots=True)
class RankedSentence:
    """A sentence: characters ``start:end`` of passage ``passage_index``; ``score`` is 0 to 1."""

    passage_index: int
    start: int
    end: int
    text: str
    score: float


_OVERLAP = 5.5
_PHRASE = 1.1
_CUE = 3.1
_OVERLAP_AND_CUE = -1.9
_PASSAGE = 7.0
_RANK = 1.7
_BEFORE = 1.3
_FIRST = 0.4
_NOTHING_NEW = -1.9
_QUESTION = -1.2
_FULL = _OVERLAP + _PHRASE + _CUE + _OVERLAP_AND_CUE + _PASSAGE + _RANK + _BEFORE + _FIRST

_ASKED = frozenset({"mani", "much", "long", "often"})
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
    asked = question_weights(question)
    split = [sentences(passage) for passage in passages]
    stemmed = [[[stem(word) for word in words(span.text)] for span in spans] for spans in split]
    weights = _weights(asked, stemmed, idf)
    kind, nouns = answer_type(question), counted(question)
    ranked: list[RankedSentence] = []
    for index, spans in enumerate(split):
        heading = {stem(word) for word in words(headings[index])} if index < len(headings) else set[str]()
        evidence = _Evidence(weights, stemmed[index], heading, index)
        for position, span in enumerate(spans):
            score = evidence.score(position, span, cue(kind, span.text, weights, nouns))
            ranked.append(RankedSentence(index, span.start, span.end, span.text, score))
    ranked.sort(key=lambda sentence: -sentence.score)
    return ranked


def question_weights(question: str) -> dict[str, float]:
    """The distinct stems of ``question`` in order, and how much of its meaning each carries beside its rarity (0 to 1).

    An answer needn't repeat the "high" of "how high", or words as general as "name", "kind" and "use".
    """
    light = {stem(match.group(1).lower()) for match in _MEASURE.finditer(question)}
    found = content_words(question)
    asked = [stem(word) for word in found if stem(word) not in _ASKED or stem(word) not in light] or map(stem, found)
    return {word: _LIGHT if word in light else _GENERAL if word in _GENERAL_STEMS else 1.0 for word in asked}


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
    ) -> None:
        self._weights = weights
        self._pairs = list(pairwise(weights))
        self._stemmed = stemmed
        self._rank = rank
        self._heading = heading
        self._overlaps = [self._cover(set(sentence)) for sentence in stemmed]
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

    def score(self, position: int, span: Span, hint: float) -> float:
        sentence = self._stemmed[position]
        overlap = self._overlaps[position]
        before = self._overlaps[position - 1] if position else 0.0
        score = (
            _OVERLAP * overlap
            + _PHRASE * self._phrases(sentence)
            + _CUE * hint
            + _OVERLAP_AND_CUE * overlap * hint
            + _PASSAGE * self._passage
            + _RANK / (1 + self._rank)
            + _BEFORE * before
            + (_FIRST if position == 0 else 0.0)
        )
        if all(word in self._weights or word in STOP_WORDS for word in sentence):
            score += _NOTHING_NEW
        if span.text.endswith("?"):
            score += _QUESTION
        return min(1.0, max(0.0, score / _FULL))

    def _phrases(self, sentence: Sequence[str]) -> float:
        """How many neighbours in the question are neighbours here too, at most one word apart."""
        if not self._pairs:
            return 0.0
        near = {*pairwise(sentence), *zip(sentence, sentence[2:], strict=False)}
        return sum(1 for pair in self._pairs if pair in near) / len(self._pairs)
