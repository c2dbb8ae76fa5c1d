"""Whether a passage answers a question, from the evidence: found, or not there.

A logistic regression; ``scripts/fit_judgement.py`` fits its weights on questions whose answer was there or taken away.
"""

from __future__ import annotations

import math

from vasi.knowledge.evidence import Evidence, Question
from vasi.knowledge.judgement_weights import BIAS, WEIGHTS

FEATURES = (
    "covered", "sentence", "neighbours", "phrases", "hint", "counted", "names", "numbers", "apart", "lacking",
    "absent", "unknown", "typed", "unmet", "uncounted", "undated", "bare", "bm25", "words", "rarity", "untyped",
    "foreign", "without", "untold", "known", "near",
)  # fmt: skip
"""What ``features`` gives, in its order."""

_HEARD = 0.35
"""A question that was heard has a word or two wrong: less of it can be found, though the answer is there."""
_NUMBERLESS = 0.4
"""A passage without any number hardly answers what asks for a quantity, whatever else it holds."""
_MISHEARD = 0.5
"""What is lacking of a question that was heard counts this much: it may have been another word."""
_CLOSE = 0.2
"""So much nearer in meaning than what may answer is what says the same in other words."""
_BY_MEANING = 10.0
"""Of the log-odds, for each unit of cosine beyond that. Not where a name, number or figure is lacking: what is near in
meaning then speaks of another party or year, or of another side of the thing."""
_MOST_LACKING = 0.5
_LACKING = ("names", "lacking", "absent", "unknown")
_WEIGHTS_HEARD = tuple(
    weight * (_MISHEARD if name in _LACKING else 1.0) for name, weight in zip(FEATURES, WEIGHTS, strict=True)
)


def features(question: Question, evidence: Evidence, nearness: float | None = None) -> tuple[float, ...]:
    """The numbers that ``relevance`` weighs, in the order of ``FEATURES``."""
    bm25 = evidence.score / question.information if question.information else 0.0
    return (
        evidence.covered,
        evidence.sentence,
        evidence.neighbours,
        evidence.phrases,
        evidence.hint,
        evidence.counted,
        evidence.names,
        evidence.numbers,
        evidence.apart,
        evidence.lacking,
        evidence.absent,
        evidence.unknown,
        evidence.typed if question.asks_kind else 0.0,
        evidence.unmet,
        evidence.uncounted,
        evidence.undated,
        evidence.bare,
        min(2.0, bm25),
        min(1.0, len(question.weights) / 10),
        sum(question.rarity.values()) / max(1, len(question.rarity)),
        0.0 if question.asks_kind else 1.0,
        evidence.foreign,
        evidence.without,
        evidence.untold,
        0.0 if nearness is None else 1.0,
        0.0 if nearness is None else nearness,
    )


def relevance(question: Question, evidence: Evidence, *, spoken: bool = False, nearness: float | None = None) -> float:
    """How likely (0 to 1) the passage answers ``question``.

    Args:
        question: what is asked.
        evidence: in the passage.
        spoken: it was heard, so that words may be wrong.
        nearness: the similarity of both in meaning, less the one from which on an embedder's passages begin to answer;
            None if it isn't known.
    """
    if question.empty:
        return 0.0
    weights = _WEIGHTS_HEARD if spoken else WEIGHTS
    values = features(question, evidence, nearness)
    log_odds = BIAS + sum(weight * value for weight, value in zip(weights, values, strict=True))
    if nearness is not None and not _speaks_of_another(evidence):
        log_odds += _BY_MEANING * max(0.0, nearness - _CLOSE)
    likelihood = 1 / (1 + math.exp(-log_odds - (_HEARD if spoken else 0.0)))
    return likelihood * (_NUMBERLESS if evidence.numberless else 1.0)


def _speaks_of_another(evidence: Evidence) -> bool:
    if evidence.names or evidence.numbers or evidence.apart or evidence.without:
        return True
    return max(evidence.unmet, evidence.uncounted) > _MOST_LACKING
