"""What a passage has to say to a question: counted from words, never guessed.

``understand`` weighs the words of a question, ``weigh`` a passage against it. ``rank`` puts passages in order,
``relevance`` (0 to 1) is the likelihood that the best of them answers at all. Both are linear in a few plain features;
the weights were fitted on public question sets, half of whose questions had no answer in the index
(``benchmarks/retrieval.py`` measures them).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from vasi.language.cues import AnswerType, answer_type, counted, cue
from vasi.language.ranking import question_weights
from vasi.language.sentences import sentences
from vasi.language.terms import STOP_WORDS, stem, words


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        weights: the share of each asked stem in the question's meaning; they sum to 1.
        pairs: stems that stand side by side in it, with their share of all pairs.
        kind: the type of the answer.
        nouns: stems of what is to be counted.
        information: the summed idf of its stems, in nats.
        empty: it is made of function words alone.
    """

    weights: Mapping[str, float]
    pairs: Mapping[tuple[str, str], float]
    kind: AnswerType
    nouns: frozenset[str]
    information: float
    empty: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one passage says to the question; all but ``score`` are between 0 and 1.

    Attributes:
        score: BM25 of the word index, 0 if the word index didn't find it.
        sounds: 1 / (2 + its place in the sound index's answer), 0 if it wasn't found there.
        covered: share of the question's meaning in passage and heading.
        sentence: the same in its best sentence.
        neighbours: the same in its best two consecutive sentences.
        phrases: share of the question's word pairs that stand together here as well.
        hint: how surely a sentence that shares words holds the type of thing asked for.
        counted: share of the question's words here, each counted alike.
    """

    score: float
    sounds: float
    covered: float
    sentence: float
    neighbours: float
    phrases: float
    hint: float
    counted: float


def understand(text: str, frequency: Mapping[str, int], total: int) -> Question:
    """The question ``text``, weighed by how many of ``total`` passages hold each of its stems."""
    asked = question_weights(text)
    idf = {word: share * _idf(frequency.get(word, 0), total) for word, share in asked.items()}
    whole = sum(idf.values()) or 1.0
    pairs = {pair: idf[pair[0]] + idf[pair[1]] for pair in pairwise(asked)}
    all_pairs = sum(pairs.values()) or 1.0
    return Question(
        weights={word: value / whole for word, value in idf.items()},
        pairs={pair: value / all_pairs for pair, value in pairs.items()},
        kind=answer_type(text),
        nouns=counted(text),
        information=whole,
        empty=all(word in STOP_WORDS for word in words(text)),
    )


def _idf(frequency: int, total: int) -> float:
    total = max(total, _BACKGROUND)
    return math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))


_BACKGROUND = 200
"""In a store of a few notes every word is rare or common by chance: it is weighed as if there were so many passages."""


@lru_cache(maxsize=2_048)
def _stemmed(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The sentences of ``text``, each with its stems."""
    return tuple((span.text, tuple(stem(word) for word in words(span.text))) for span in sentences(text))


def weigh(question: Question, text: str, heading: str, score: float, sound_rank: int | None) -> Evidence:
    """The evidence of one passage.

    Args:
        question: what is asked.
        text: of the passage.
        heading: the headings above it.
        score: BM25 of the word index; 0 if it wasn't found there.
        sound_rank: 0-based place in the sound index's answer; None if it isn't in it.
    """
    parts = _stemmed(text)
    title = [stem(word) for word in words(heading)]
    above = {*title}
    sets = [{*found} for _, found in parts]
    inside = above.union(*sets)
    for word in question.weights.keys() - inside:
        # Porter parts "vaccinate" from "vaccine"; a word of the same beginning is nearly as good.
        kin = _kin(word, inside)
        for one in sets:
            if not kin.isdisjoint(one):
                one.add(_KIN + word)
    shares = [_share(question, one, above) for one in sets]
    both = [_share(question, one | other, above) for one, other in pairwise(sets)]
    near = {pair for _, found in parts for pair in (*pairwise(found), *zip(found, found[2:], strict=False))}
    near.update(pairwise(title))
    hints = [
        cue(question.kind, sentence, question.weights, question.nouns) * share
        for (sentence, _), share in zip(parts, shares, strict=True)
        if share > 0
    ]
    return Evidence(
        score=score,
        sounds=0.0 if sound_rank is None else 1 / (2 + sound_rank),
        covered=_share(question, inside.union(*sets), set()),
        sentence=max(shares, default=0.0),
        neighbours=max(both or shares, default=0.0),
        phrases=sum(share for pair, share in question.pairs.items() if pair in near),
        hint=max(hints, default=0.0),
        counted=sum(word in inside for word in question.weights) / max(1, len(question.weights)),
    )


_HEADING_SHARE = 0.7
"""A word that stands only in the heading counts this much for each sentence below it."""
_KIN = "~"
_KIN_SHARE = 0.6
_SHORTEST_KIN = 5


def _share(question: Question, found: set[str], above: set[str]) -> float:
    share = 0.0
    for word, weight in question.weights.items():
        if word in found:
            share += weight
        elif word in above:
            share += weight * _HEADING_SHARE
        elif _KIN + word in found:
            share += weight * _KIN_SHARE
    return share


def _kin(word: str, found: set[str]) -> set[str]:
    """The words of ``found`` that begin like ``word``."""
    if len(word) < _SHORTEST_KIN:
        return set()
    beginning = word[: max(4, len(word) - 2)]
    return {
        other
        for other in found
        if other.startswith(beginning) or (len(other) >= 4 and len(word) - len(other) <= 4 and word.startswith(other))
    }


def rank(evidence: Evidence, best_score: float) -> float:
    """Larger for passages that likelier answer; comparable within one question. ``best_score`` is its best BM25."""
    return (
        5.0 * (evidence.score / best_score if best_score else 0.0)
        + 2.75 * evidence.sounds
        + 4.6 * evidence.covered
        + 2.1 * evidence.sentence
        + 1.3 * evidence.neighbours
        + 1.7 * evidence.phrases
        + 1.7 * evidence.hint
        - 2.9 * evidence.counted
    )


def relevance(evidence: Evidence, question: Question, *, spoken: bool = False) -> float:
    """How likely (0 to 1) the passage answers ``question``; ``spoken`` if it was heard, so that words may be wrong."""
    bm25 = evidence.score / question.information if question.information else 0.0
    if question.empty:
        return 0.0
    log_odds = (
        -4.0
        + 2.9 * evidence.covered
        + 2.5 * evidence.neighbours
        + 1.4 * evidence.phrases
        + 1.1 * min(2.0, bm25)
        + (_HEARD if spoken else 0.0)
    )
    return 1 / (1 + math.exp(-log_odds))


_HEARD = 0.35
"""A question that was heard has a word or two wrong: less of it can be found, though the answer is there."""
