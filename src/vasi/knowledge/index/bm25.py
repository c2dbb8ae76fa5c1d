"""BM25: how well passages fit some terms, from what a store counts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from vasi.storage.ports import Hit
from vasi.storage.terms import FieldStatistics, Occurrences

_K1 = 1.2
_B = 0.75
_LEAST_IDF = 1e-6
"""A term that stands in more than half of the passages still counts, but next to nothing."""

LEAST_TERMS = 3
"""So many terms of a question are looked up, however common they are."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a search may cost.

    Attributes:
        terms: most terms to look up.
        postings: most places where they stand, all together.
        frequency: a term that stands in more passages than this tells too little to be looked up.
    """

    terms: int
    postings: int
    frequency: int


def affordable(terms: Sequence[str], statistics: FieldStatistics, budget: Budget) -> list[str]:
    """Those of ``terms`` that stand anywhere, the rarest first, as many as ``budget`` allows but at least three."""
    return list(_affordable(terms, statistics, budget))


def _affordable(terms: Sequence[str], statistics: FieldStatistics, budget: Budget) -> Iterator[str]:
    frequency = statistics.frequency
    rarest = sorted((term for term in terms if frequency.get(term)), key=frequency.__getitem__)
    postings = 0
    for position, term in enumerate(rarest[: budget.terms]):
        postings += frequency[term]
        if position >= LEAST_TERMS and (postings > budget.postings or frequency[term] > budget.frequency):
            return
        yield term


def best(
    terms: Sequence[str], occurrences: Occurrences, statistics: FieldStatistics, passages: int, limit: int
) -> list[Hit]:
    """The passages that fit ``terms`` best, equally good ones in the order in which they were stored.

    Args:
        terms: what is asked for.
        occurrences: where they stand.
        statistics: how common they are.
        passages: of the owner.
        limit: most hits.
    """
    if not len(occurrences.passage_ids) or limit < 1:
        return []
    relative = occurrences.lengths / max(statistics.mean_length, 1e-9)
    saturation = _K1 * (1 - _B + _B * relative)
    scores = np.zeros(len(saturation))
    for term in terms:
        postings = occurrences.postings[term]
        counts = postings.counts.astype(np.float64)
        share = counts * (_K1 + 1) / (counts + saturation[postings.rows])
        scores[postings.rows] += _idf(statistics.frequency[term], passages) * share
    order = np.argsort(-scores, kind="stable")[:limit]
    return [Hit(occurrences.passage_ids[int(row)], float(scores[row])) for row in order]


def _idf(frequency: int, passages: int) -> float:
    """In nats."""
    return max(_LEAST_IDF, math.log((passages - frequency + 0.5) / (frequency + 0.5)))
