"""Which sentence of the passages answers the question: words in common, weighed by how rare they are.

A linear score over a few plain features (``sentence_evidence``); ``scripts/fit_ranking.py`` fits its weights, and
``benchmarks/retrieval.py`` measures what they are worth. About 0.5 ms a passage.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from vasi.language.answer_types import answer_type
from vasi.language.cues import counted
from vasi.language.deciding import asked_words
from vasi.language.detection import detect, passage_language
from vasi.language.dimensions import wanted
from vasi.language.measures import asked_measure
from vasi.language.ranking_weights import BIAS, WEIGHTS
from vasi.language.sentence_evidence import AskedOf, SentenceEvidence, parts
from vasi.language.stop_words import Language
from vasi.language.terms import content_words, stem, words


@dataclass(frozen=True, slots=True)
class RankedSentence:
    """A sentence: characters ``start:end`` of passage ``passage_index``; ``score`` is 0 to 1."""

    passage_index: int
    start: int
    end: int
    text: str
    score: float


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
    scored = [
        (BIAS + sum(weight * value for weight, value in zip(WEIGHTS, values, strict=True)), sentence)
        for sentence, values in sentence_features(question, passages, headings, idf)
    ]
    scored.sort(key=lambda one: -one[0])
    return [replace(sentence, score=min(1.0, max(0.0, score))) for score, sentence in scored]


def sentence_features(
    question: str,
    passages: Sequence[str],
    headings: Sequence[str] = (),
    idf: Mapping[str, float] | None = None,
) -> list[tuple[RankedSentence, tuple[float, ...]]]:
    """Every sentence of ``passages`` in its order, without a score, and what ``rank_sentences`` scores it by."""
    headings = [headings[index] if index < len(headings) else "" for index in range(len(passages))]
    languages: list[Language] = [
        passage_language(text, heading) for text, heading in zip(passages, headings, strict=True)
    ]
    split = [parts(passage) for passage in passages]
    stemmed = [
        [[stem(word, language) for word in words(span.text)] for span in spans]
        for spans, language in zip(split, languages, strict=True)
    ]
    asked = {one: _asked_of(question, one, stemmed, idf) for one in set(languages)}
    found: list[tuple[RankedSentence, tuple[float, ...]]] = []
    for index, (spans, language) in enumerate(zip(split, languages, strict=True)):
        heading = frozenset(stem(word, language) for word in words(headings[index]))
        evidence = SentenceEvidence(asked[language], spans, stemmed[index], heading, index)
        found += [
            (RankedSentence(index, span.start, span.end, span.text, 0.0), evidence.features(place))
            for place, span in enumerate(spans)
        ]
    return found


def _asked_of(
    question: str,
    language: Language,
    stemmed: Sequence[Sequence[Sequence[str]]],
    idf: Mapping[str, float] | None,
) -> AskedOf:
    """``question`` as it is compared with texts of ``language``."""
    return AskedOf(
        weights=_weights(question_weights(question, language), stemmed, idf),
        telling=frozenset(word.stem for word in asked_words(question, language) if word.kind != "word"),
        kind=answer_type(question),
        wanted=wanted(question, language),
        measure=asked_measure(question),
        nouns=counted(question, language),
        language=language,
        foreign=language != detect(question),
    )


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
