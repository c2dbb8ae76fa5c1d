"""Which passages a sentence rests on."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeVar

from vasi.language.numerals import cardinal, spoken
from vasi.language.terms import STOP_WORDS, stem, words

Id = TypeVar("Id")

SUPPORT = 0.5
"""Share of a sentence's meaning that must stand in a passage that supports it."""
_NEAR_BEST = 0.85
_MOST = 3
_UNKNOWN_FACT = 0.6
"""A passage without a number of the sentence supports the sentence this much less."""

_NUMBERS = frozenset(
    word for number in (*range(20), *range(20, 100, 10), 100, 1_000, 1_000_000) for word in words(cardinal(number))
)
# What answers say about themselves.
_TALK = frozenset(stem(word) for word in ("according", "document", "passage", "page", "say", "state", "note"))


def cite(sentence: str, passages: Mapping[Id, str]) -> list[Id]:
    """The ids of the ``passages`` (id to text) that support ``sentence``, best first; at most three.

    A passage supports a sentence if it holds at least half of the sentence's meaning (words weighed by how few of the
    passages have them), two of its words at least, and its numbers.
    """
    said = {word for word in _stems(sentence) if word not in _TALK}
    if not said or not passages:
        return []
    held = {key: _stems(text) for key, text in passages.items()}
    frequency = Counter(word for found in held.values() for word in found)
    weights = {word: math.log(1 + (len(held) + 1) / (frequency[word] + 0.5)) for word in said}
    whole = sum(weights.values())
    scores: dict[Id, float] = {}
    for key, found in held.items():
        shared = said & found
        if len(shared) < min(2, len(said)):
            continue
        score = sum(weights[word] for word in shared) / whole
        if any(word in _NUMBERS and word not in found for word in said):
            score *= _UNKNOWN_FACT
        if score >= SUPPORT:
            scores[key] = score
    best = max(scores.values(), default=0.0)
    ranked = sorted(scores, key=lambda key: -scores[key])
    return [key for key in ranked if scores[key] >= _NEAR_BEST * best][:_MOST]


@lru_cache(maxsize=512)
def _stems(text: str) -> frozenset[str]:
    """The stems of all words but stop words; numbers are written out, so that 30 and thirty are the same."""
    return frozenset(word if word in _NUMBERS else stem(word) for word in words(spoken(text)) if word not in STOP_WORDS)
