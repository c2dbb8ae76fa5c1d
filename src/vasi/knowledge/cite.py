"""Which passages a sentence rests on."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from vasi.language.numerals import cardinal, spoken
from vasi.language.speakable import spoken_name
from vasi.language.terms import STOP_WORDS, stem, words

SUPPORT = 0.5
"""Share of a sentence's meaning that must stand in a passage that supports it."""
_NEAR_BEST = 0.85
_MOST = 3
_UNKNOWN_FACT = 0.6
"""A passage without a number of the sentence supports the sentence this much less."""
_QUOTED = 5
"""So many words in a row that stand in a passage, too, are quoted from it."""

_NUMBERS = frozenset(
    word for number in (*range(20), *range(20, 100, 10), 100, 1_000, 1_000_000) for word in words(cardinal(number))
)
_TALK = frozenset(
    map(stem, words("according document file passage page slide sheet section source say state note find found answer"))
)
"""What answers say about themselves."""


@dataclass(frozen=True, slots=True)
class CitablePassage:
    """A passage that an answer may rest on; ``start`` and ``end`` are its characters in ``source_id``."""

    id: str
    text: str
    heading: str = ""
    document: str = ""
    source_id: str = ""
    start: int = 0
    end: int = 0

    def overlaps(self, other: CitablePassage) -> bool:
        """Both hold a stretch of one text."""
        return self.source_id == other.source_id and self.start < other.end and other.start < self.end


def cite(sentence: str, passages: Sequence[CitablePassage], *, found: bool = True) -> list[str]:
    """The ids of the ``passages`` that support ``sentence``, best first; at most three, none of which overlap.

    A sentence that stands word for word in a passage rests on that. Else a passage supports it if it holds at least
    half of the sentence's meaning (words weighed by how few of the passages have them), two of its words at least, and
    its numbers. A sentence that says no more than the name of a document and a page rests on nothing.

    Args:
        sentence: of an answer.
        passages: that were put before the answerer, best first.
        found: whether the search took them for an answer; if not, only what is quoted from them rests on them, for an
            answer that says so shares words with what it didn't find.
    """
    said = {word for word in _stems(sentence) if word not in _TALK}
    if not said:
        return []
    scores = {place: 1.0 for place, passage in enumerate(passages) if _stands_in(sentence, passage)}
    if not scores and found and not _names_source(said, passages):
        scores = _supports(said, passages)
    if not scores and not found:
        scores = {place: 1.0 for place, passage in enumerate(passages) if _quotes(sentence, passage)}
    enough = _NEAR_BEST * max(scores.values(), default=0.0)
    cited: list[CitablePassage] = []
    for place in sorted(scores, key=lambda place: -scores[place]):
        passage = passages[place]
        if scores[place] >= enough and not any(passage.overlaps(one) for one in cited):
            cited.append(passage)
    return [passage.id for passage in cited[:_MOST]]


def _supports(said: set[str], passages: Sequence[CitablePassage]) -> dict[int, float]:
    """The places of the passages that hold enough of ``said``, with the share they hold."""
    held = [_stems(f"{passage.heading}\n{passage.text}") for passage in passages]
    frequency = Counter(word for found in held for word in found)
    weights = {word: math.log(1 + (len(held) + 1) / (frequency[word] + 0.5)) for word in said}
    whole = sum(weights.values())
    scores: dict[int, float] = {}
    for place, found in enumerate(held):
        shared = said & found
        if len(shared) < min(2, len(said)):
            continue
        score = sum(weights[word] for word in shared) / whole
        if any(word in _NUMBERS and word not in found for word in said):
            score *= _UNKNOWN_FACT
        if score >= SUPPORT:
            scores[place] = score
    return scores


def _names_source(said: set[str], passages: Sequence[CitablePassage]) -> bool:
    """Whether a sentence says no more than the name of a document, and maybe its pages."""
    for name in {passage.document for passage in passages}:
        named = _stems(spoken_name(name))
        if named & said and said <= named | _NUMBERS:
            return True
    return False


def _stands_in(sentence: str, passage: CitablePassage) -> bool:
    said = _sequence(sentence)
    return len(said.split()) > 1 and f" {said} " in _sequence(passage.text).join("  ")


def _quotes(sentence: str, passage: CitablePassage) -> bool:
    said, there = _sequence(sentence).split(), _sequence(passage.text).join("  ")
    return any(f" {' '.join(said[at : at + _QUOTED])} " in there for at in range(len(said) - _QUOTED + 1))


@lru_cache(maxsize=512)
def _sequence(text: str) -> str:
    """The stems of all words in order, numbers written out, parted by spaces."""
    return " ".join(stem(word) for word in words(spoken(text)))


@lru_cache(maxsize=512)
def _stems(text: str) -> frozenset[str]:
    """The stems of all words but stop words; numbers are written out, so that 30 and thirty are the same."""
    return frozenset(word if word in _NUMBERS else stem(word) for word in words(spoken(text)) if word not in STOP_WORDS)
