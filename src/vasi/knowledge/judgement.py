"""Whether a passage answers a question, from the evidence: found, or not there.

A logistic regression; ``scripts/fit_judgement.py`` fits its weights on questions whose answer was there or taken away.
"""

from __future__ import annotations

import math

from vasi.knowledge.evidence import Evidence, Question
from vasi.knowledge.judgement_weights import BIAS, WEIGHTS

FEATURES = (
    "covered", "sentence", "neighbours", "phrases", "hint", "counted", "names", "numbers", "apart", "lacking", "absent",
    "unknown", "typed", "unmet", "bm25", "words", "rarity", "untyped",
)  # fmt: skip
"""What ``features`` gives, in its order."""

_HEARD = 0.35
"""A question that was heard has a word or two wrong: less of it can be found, though the answer is there."""
_BARE = 0.4
"""A passage without any number hardly answers what asks for a quantity, whatever else it holds."""
_MISHEARD = 0.5
"""What is lacking of a question that was heard counts this much: it may have been another word."""
_LACKING = ("names", "lacking", "absent", "unknown")
_WEIGHTS_HEARD = tuple(
    weight * (_MISHEARD if name in _LACKING else 1.0) for name, weight in zip(FEATURES, WEIGHTS, strict=True)
)
_BY_MEANING = 10.0
"""Of the log-odds, for each unit of cosine beyond the embedder's threshold."""
_MOST_BY_MEANING = 5.0
_MOST_BY_MEANING_OF_ANOTHER = 0.5
"""Where a name or a number is lacking, what is near in meaning speaks of another party or year."""


def features(question: Question, evidence: Evidence) -> tuple[float, ...]:
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
        evidence.typed if question.kind != "other" else 0.0,
        evidence.unmet,
        min(2.0, bm25),
        min(1.0, len(question.weights) / 10),
        sum(question.rarity.values()) / max(1, len(question.rarity)),
        1.0 if question.kind == "other" else 0.0,
    )


def relevance(evidence: Evidence, question: Question, *, spoken: bool = False, nearness: float | None = None) -> float:
    """How likely (0 to 1) the passage answers ``question``.

    Args:
        evidence: in the passage.
        question: what is asked.
        spoken: it was heard, so that words may be wrong.
        nearness: the similarity of both in meaning, less the one from which on an embedder's passages begin to answer;
            None if it isn't known. It speaks for other words of the same meaning, not for another name or year.
    """
    if question.empty:
        return 0.0
    weights = _WEIGHTS_HEARD if spoken else WEIGHTS
    log_odds = BIAS + sum(weight * value for weight, value in zip(weights, features(question, evidence), strict=True))
    if nearness is not None:
        another = evidence.names or evidence.numbers or evidence.apart
        most = _MOST_BY_MEANING_OF_ANOTHER if another else _MOST_BY_MEANING
        log_odds += max(-_MOST_BY_MEANING, min(most, _BY_MEANING * nearness))
    likelihood = 1 / (1 + math.exp(-log_odds - (_HEARD if spoken else 0.0)))
    return likelihood * (_BARE if evidence.bare else 1.0)
