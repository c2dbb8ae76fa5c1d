"""What a passage has to say to a question: counted from words, never guessed.

``understand`` weighs the words of a question, ``weigh`` a passage against it. ``rank`` puts passages in order: it is
linear in a few plain features, whose weights were fitted on public question sets. Whether the best of them answers at
all is for ``judgement`` to say.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from vasi.language.answer_types import AnswerType, answer_type
from vasi.language.cues import cue
from vasi.language.deciding import AskedWord, asked_words, stands_in
from vasi.language.detection import detect
from vasi.language.dimensions import Dimension, Wanted, holds, wanted
from vasi.language.measures import has_number
from vasi.language.ranking import question_weights
from vasi.language.sentences import sentences
from vasi.language.stop_words import STOP_WORDS_OF, Language
from vasi.language.terms import stem, words


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        weights: the share of each asked stem in the question's meaning; they sum to 1.
        pairs: stems that stand side by side in it, with their share of all pairs.
        kind: the type of the answer.
        wanted: the figure that is asked for, if one is.
        information: the summed idf of its stems, in nats.
        empty: it is made of function words alone.
        asked: its words, as they are written.
        rarity: how rare each of its stems is, from 0 to 1: in none of the passages.
        unknown: stems that stand in no passage at all.
        language: that it is asked in.
    """

    weights: Mapping[str, float]
    pairs: Mapping[tuple[str, str], float]
    kind: AnswerType
    information: float
    empty: bool
    wanted: Wanted | None = None
    asked: tuple[AskedWord, ...] = ()
    rarity: Mapping[str, float] = field(default_factory=dict[str, float])
    unknown: frozenset[str] = frozenset()
    language: Language = "en"

    @property
    def asks_kind(self) -> bool:
        """Whether it can be told what kind of thing is asked for."""
        return self.kind != "other" or self.wanted is not None


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
        names: share of the names asked for that are lacking.
        numbers: share of the numbers asked for that are lacking.
        apart: share of the names that are asked for side by side and stand apart here.
        lacking: how rare the rarest word is that is lacking, but for light ones.
        absent: share of the words asked for, light ones left out, that are lacking.
        unknown: share of them that stand in no passage at all.
        typed: how surely one of the sentences that share the most holds the type of thing asked for.
        unmet: how surely none of them, nor the sentence behind it, holds a figure with the unit that is asked for:
            metres for "how deep", a sum of money for "cost".
        uncounted: the same of a number of what is to be counted.
        undated: the same of a date or a length of time.
        bare: the same of any number.
        without: 1 if no sentence of the passage at all holds a figure of the kind asked for.
        untold: how surely the sentences that share the most name no place, person or reason where one is asked for.
        foreign: 1 if the passage is in another language than the question.
        numberless: the sentences that may answer hold no number of any kind, though a figure is asked for.
    """

    score: float
    sounds: float
    covered: float
    sentence: float
    neighbours: float
    phrases: float
    hint: float
    counted: float
    names: float = 0.0
    numbers: float = 0.0
    apart: float = 0.0
    lacking: float = 0.0
    absent: float = 0.0
    unknown: float = 0.0
    typed: float = 0.0
    unmet: float = 0.0
    uncounted: float = 0.0
    undated: float = 0.0
    bare: float = 0.0
    without: float = 0.0
    untold: float = 0.0
    foreign: float = 0.0
    numberless: bool = False


def understand(text: str, frequency: Mapping[str, int], total: int, language: Language = "en") -> Question:
    """The question ``text``, weighed by how many of ``total`` passages hold each of its words.

    Args:
        text: as asked.
        frequency: in how many passages each of its words stands.
        total: of passages.
        language: of the passages that it is compared with: the stems are taken by it.
    """
    frequency = {stem(word, language): count for word, count in frequency.items()}
    asked = question_weights(text, language)
    idf = {word: share * _idf(frequency.get(word, 0), total) for word, share in asked.items()}
    whole = sum(idf.values()) or 1.0
    pairs = {pair: idf[pair[0]] + idf[pair[1]] for pair in pairwise(asked)}
    all_pairs = sum(pairs.values()) or 1.0
    return Question(
        weights={word: value / whole for word, value in idf.items()},
        pairs={pair: value / all_pairs for pair, value in pairs.items()},
        kind=answer_type(text),
        wanted=wanted(text, language),
        information=whole,
        empty=all(word in STOP_WORDS_OF[detect(text)] for word in words(text)),
        asked=tuple(word for word in asked_words(text, language) if word.stem in idf),
        rarity={word: _idf(frequency.get(word, 0), total) / _idf(0, total) for word in idf},
        unknown=frozenset(word for word in idf if not frequency.get(word)),
        language=detect(text),
    )


def _idf(frequency: int, total: int) -> float:
    total = max(total, _BACKGROUND)
    return math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))


_BACKGROUND = 200
"""In a store of a few notes every word is rare or common by chance: it is weighed as if there were so many passages."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A passage, taken apart once: its sentences, the stems of each, and all of them."""

    sentences: tuple[str, ...]
    stems: tuple[tuple[str, ...], ...]
    sets: tuple[frozenset[str], ...]
    inside: frozenset[str]
    beginnings: Mapping[str, Sequence[str]]
    """The words of ``inside`` that may be kin to another, by their first letters."""
    rows: tuple[frozenset[str], ...]
    """The stems of each row of a table."""


def _is_row(line: str) -> bool:
    """Whether a line is a row of a table: "column: value; column: value"."""
    return "; " in line.partition(": ")[2]


@lru_cache(maxsize=4_096)
def _take_apart(text: str, language: Language) -> _Text:
    parts = tuple(span.text for span in sentences(text))
    stems = tuple(tuple(stem(word, language) for word in words(part)) for part in parts)
    sets = tuple(frozenset(found) for found in stems)
    inside = frozenset[str]().union(*sets)
    beginnings: dict[str, list[str]] = {}
    for word in inside:
        if len(word) >= _KIN_LETTERS:
            beginnings.setdefault(word[:_KIN_LETTERS], []).append(word)
    rows = tuple(frozenset(stem(word, language) for word in words(line)) for line in text.splitlines() if _is_row(line))
    return _Text(parts, stems, sets, inside, beginnings, rows)


@lru_cache(maxsize=1_024)
def _title(heading: str, language: Language) -> tuple[str, ...]:
    return tuple(stem(word, language) for word in words(heading))


_HEADING_SHARE = 0.7
"""A word that stands only in the heading counts this much for each sentence below it."""
_KIN_SHARE = 0.6
"""Porter parts "vaccinate" from "vaccine"; a word of the same beginning counts this much."""
_SHORTEST_KIN = 5
_KIN_LETTERS = 4
"""Kin have at least so many letters in common."""


def placed(evidence: Evidence, score: float, sound_rank: int | None) -> Evidence:
    """``evidence`` with what the indexes say.

    Args:
        evidence: of a passage's contents.
        score: BM25 of the word index; 0 if it wasn't found there.
        sound_rank: 0-based place in the sound index's answer; None if it isn't in it.
    """
    return replace(evidence, score=score, sounds=0.0 if sound_rank is None else 1 / (2 + sound_rank))


def weigh(question: Question, text: str, heading: str, language: Language = "en") -> Evidence:
    """The evidence in the contents of one passage; about 0.05 ms, 0.3 ms for one that is seen for the first time.

    Args:
        question: what is asked.
        text: of the passage.
        heading: the headings above it, and the name of its document.
        language: of the passage, which ``question`` was understood by.
    """
    passage, title = _take_apart(text, language), _title(heading, language)
    known = [
        word for word in (_known(*asked, passage, title) for asked in question.weights.items()) if word is not None
    ]
    held = [[word.held(one) for word in known] for one in passage.sets]
    shares = [sum(one) for one in held]
    both = [sum(map(max, one, other)) for one, other in pairwise(held)]
    return Evidence(
        score=0.0,
        sounds=0.0,
        covered=sum(word.weight * (_KIN_SHARE if word.kin else 1.0) for word in known),
        sentence=max(shares, default=0.0),
        neighbours=max(both or shares, default=0.0),
        phrases=sum(
            share
            for (one, other), share in question.pairs.items()
            if _stand_together(one, other, title) or _stand_together_in(one, other, passage)
        ),
        hint=_hint(question, passage, shares, language),
        counted=sum(not word.kin for word in known) / max(1, len(question.weights)),
        **_lacking(question, passage, title),
        typed=_typed(question, passage, shares, language),
        **_figures_lacking(question, passage, shares, language),
        foreign=0.0 if language == question.language else 1.0,
        numberless=_numberless(question, passage, shares),
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """An asked word that stands in a passage or above it, or whose ``kin`` do; ``base`` is its share from above."""

    word: str
    weight: float
    base: float
    kin: frozenset[str]

    def held(self, sentence: frozenset[str]) -> float:
        """What ``sentence`` holds of the question's meaning by this word."""
        if self.kin:
            return 0.0 if self.kin.isdisjoint(sentence) else self.weight * _KIN_SHARE
        return self.weight if self.word in sentence else self.base


def _known(word: str, weight: float, passage: _Text, title: Sequence[str]) -> _Known | None:
    if word in title:
        return _Known(word, weight, weight * _HEADING_SHARE, frozenset())
    if word in passage.inside:
        return _Known(word, weight, 0.0, frozenset())
    kin = _kin(word, passage.beginnings)
    return _Known(word, weight, 0.0, kin) if kin else None


def _kin(word: str, beginnings: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The words that begin like ``word``."""
    if len(word) < _SHORTEST_KIN:
        return frozenset()
    beginning = word[: max(_KIN_LETTERS, len(word) - 2)]
    shortest = max(_KIN_LETTERS, len(word) - 4)
    return frozenset(
        other
        for other in beginnings.get(word[:_KIN_LETTERS], ())
        if other.startswith(beginning) or (len(other) >= shortest and word.startswith(other))
    )


def _stand_together_in(one: str, other: str, passage: _Text) -> bool:
    if one not in passage.inside or other not in passage.inside:
        return False
    return any(
        one in found and other in found and _stand_together(one, other, stems)
        for found, stems in zip(passage.sets, passage.stems, strict=True)
    )


def _stand_together(one: str, other: str, stems: Sequence[str]) -> bool:
    """Whether ``other`` follows ``one`` with at most one word between."""
    return any(word == one and other in stems[at + 1 : at + 3] for at, word in enumerate(stems))


def _lacking(question: Question, passage: _Text, title: Sequence[str]) -> dict[str, float]:
    """What of the words asked for stands neither in ``passage`` nor in ``title``, by the names of ``Evidence``."""
    there = passage.inside.union(title)
    names = [word for word in question.asked if word.kind == "name"]
    numbers = [word for word in question.asked if word.kind == "number"]
    heavy = [word for word in question.asked if not word.light]
    absent = [word for word in heavy if not stands_in(word, there) and not _kin(word.stem, passage.beginnings)]
    pairs = [(one.stem, other.stem) for one, other in pairwise(names) if other.place == one.place + 1]
    apart = [
        pair
        for pair in pairs
        if not (
            _stand_together(*pair, title)
            or _stand_together_in(*pair, passage)
            or any(set(pair) <= row for row in passage.rows)
        )
    ]
    return {
        "names": _share(sum(not stands_in(word, there) for word in names), len(names)),
        "numbers": _share(sum(not stands_in(word, there) for word in numbers), len(numbers)),
        "apart": _share(len(apart), len(pairs)),
        "lacking": max((question.rarity.get(word.stem, 1.0) for word in absent), default=0.0),
        "absent": _share(len(absent), len(heavy)),
        "unknown": _share(sum(word.stem in question.unknown for word in absent), len(heavy)),
    }


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


_AS_MUCH = 0.7
"""A sentence that holds this much of what the best one holds may be the one that answers."""


def _fits(question: Question, sentence: str, language: Language) -> float:
    """How surely ``sentence`` holds what is asked for."""
    if question.wanted is not None:
        return holds(question.wanted, sentence, language)
    return cue(question.kind, sentence, question.weights)


def _typed(question: Question, passage: _Text, shares: Sequence[float], language: Language) -> float:
    enough = _AS_MUCH * max(shares, default=0.0)
    if not enough:
        return 0.0
    return max(
        _fits(question, sentence, language)
        for share, sentence in zip(shares, passage.sentences, strict=True)
        if share >= enough
    )


_UNSURE = 0.5
"""What is lacking counts so much where the question may mean something else."""
_HARDLY = 0.3

_LACKING_BY: Mapping[Dimension, str] = {
    "count": "uncounted", "duration": "undated", "clock": "undated", "date": "undated", "number": "bare",
}  # fmt: skip


def _figures_lacking(
    question: Question, passage: _Text, shares: Sequence[float], language: Language
) -> dict[str, float]:
    """How surely the sentences that may answer hold no figure of the kind asked for, by the names of ``Evidence``."""
    asked = question.wanted
    if asked is None:
        if question.kind not in ("place", "name", "reason"):
            return {}
        return {"untold": 1.0 - _typed(question, passage, shares, language)}
    doubt = 1.0 if asked.sure else _UNSURE
    best = max((holds(asked, sentence, language) for sentence in _likely(passage, shares)), default=0.0)
    lacking = {_LACKING_BY.get(asked.dimension, "unmet"): doubt * (1.0 - best)}
    if best < _HARDLY and all(holds(asked, sentence, language) < _HARDLY for sentence in passage.sentences):
        lacking["without"] = doubt
    return lacking


def _numberless(question: Question, passage: _Text, shares: Sequence[float]) -> bool:
    asked = question.wanted
    if asked is None or not asked.sure or asked.dimension in ("date", "duration", "clock"):
        return False
    return not any(map(has_number, _likely(passage, shares)))


def _likely(passage: _Text, shares: Sequence[float]) -> list[str]:
    """The sentences that share the most with the question, each with the one behind it."""
    enough = _AS_MUCH * max(shares, default=0.0)
    best = [place for place, share in enumerate(shares) if share >= enough and share]
    around = sorted({near for place in best for near in (place, place + 1) if near < len(shares)})
    return [passage.sentences[place] for place in around]


def _hint(question: Question, passage: _Text, shares: Sequence[float], language: Language) -> float:
    best = 0.0
    for share, sentence in sorted(zip(shares, passage.sentences, strict=True), reverse=True):
        if share <= best:
            break
        best = max(best, share * _fits(question, sentence, language))
    return best


_NEARNESS = 12.0
"""Of the rank, for each unit of cosine. More would put what is about the same before what names the asked thing."""

_LEADING = 1_000.0


def rank(evidence: Evidence, best_score: float, nearness: float | None = None, *, meaning_leads: bool = False) -> float:
    """Larger for passages that likelier answer; comparable within one question.

    Args:
        evidence: in the passage.
        best_score: the best BM25 of the question.
        nearness: in meaning; None if it isn't known of any passage.
        meaning_leads: words only tell passages apart that are equally near.
    """
    return (
        (_LEADING if meaning_leads else _NEARNESS) * (nearness or 0.0)
        + 4.1 * (evidence.score / best_score if best_score else 0.0)
        + 3.0 * evidence.sounds
        + 5.0 * evidence.covered
        + 1.8 * evidence.sentence
        + 1.5 * evidence.neighbours
        + 1.9 * evidence.phrases
        + 2.1 * evidence.hint
        - 2.0 * evidence.counted
    )
