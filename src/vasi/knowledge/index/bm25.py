"""BM25: how well passages fit what is asked for, from what a store counts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vasi.storage.ports import Hit
from vasi.storage.terms import Occurrences

_K1 = 1.2
_B = 0.75
_LEAST_IDF = 1e-6
"""A term that stands in more than half of the passages still counts, but next to nothing."""

LEAST_TERMS = 3
"""So many of the things asked for are looked up, however common they are."""


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Terms that may stand for one and the same asked word: a passage counts the one that serves it best.

    Attributes:
        terms: how well each stands for it, above 0 and up to 1.
        frequency: in how many passages each stands, those that stand nowhere left out.
        alike: the terms are spellings and forms of one word, which is as common as all of them together; otherwise
            each is a word of its own, one of which may have been meant.
    """

    terms: Mapping[str, float]
    frequency: Mapping[str, int]
    alike: bool = True

    @property
    def total(self) -> int:
        """Places where any of them stands."""
        return sum(self.frequency.values())


@dataclass(frozen=True, slots=True)
class Budget:
    """What a search may cost.

    Attributes:
        words: most asked words to look up.
        postings: most places where their terms stand, all together.
        frequency: a word that stands in more passages than this tells too little to be looked up.
    """

    words: int
    postings: int
    frequency: int


def affordable(asked: Sequence[Alternatives], budget: Budget) -> list[Alternatives]:
    """Those of ``asked`` that stand anywhere, the rarest first, as many as ``budget`` allows but at least three."""
    return list(_affordable(asked, budget))


def _affordable(asked: Sequence[Alternatives], budget: Budget) -> Iterator[Alternatives]:
    rarest = sorted((one for one in asked if one.total), key=lambda one: one.total)
    postings = 0
    for position, one in enumerate(rarest[: budget.words]):
        postings += one.total
        if position >= LEAST_TERMS and (postings > budget.postings or one.total > budget.frequency):
            return
        yield one


def best(
    asked: Sequence[Alternatives], occurrences: Occurrences, mean_length: float, passages: int, limit: int
) -> list[Hit]:
    """The passages that fit ``asked`` best, equally good ones in the order in which they were stored.

    Args:
        asked: what is asked for.
        occurrences: where its terms stand.
        mean_length: terms of a passage.
        passages: of the owner.
        limit: most hits.
    """
    if not len(occurrences.passage_ids) or limit < 1:
        return []
    relative = occurrences.lengths / max(mean_length, 1e-9)
    saturation = _K1 * (1 - _B + _B * relative)
    scores = np.zeros(len(saturation))
    for one in asked:
        served = np.zeros(len(saturation))
        for term, frequency in one.frequency.items():
            postings = occurrences.postings[term]
            counts = postings.counts.astype(np.float64)
            share = counts * (_K1 + 1) / (counts + saturation[postings.rows])
            told = one.terms[term] * _idf(min(one.total, passages) if one.alike else frequency, passages)
            served[postings.rows] = np.maximum(served[postings.rows], told * share)
        scores += served
    order = np.argsort(-scores, kind="stable")[:limit]
    return [Hit(occurrences.passage_ids[int(row)], float(scores[row])) for row in order]


def _idf(frequency: int, passages: int) -> float:
    """In nats."""
    return max(_LEAST_IDF, math.log((passages - frequency + 0.5) / (frequency + 0.5)))
