"""Answering a question in one or two sentences of the passages that were found, and saying where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from vasi.engines.llm.outputs import FoundPassage
from vasi.language.cues import answer_type, cue
from vasi.language.measures import asked_measure, holds
from vasi.language.ranking import RankedSentence, rank_sentences
from vasi.language.sentences import sentences
from vasi.language.speakable import speakable, spoken_name
from vasi.language.terms import content_words, stem, words

NOT_FOUND = "I could not find that in your documents."
NOTES = "Notes"
"""The name of the document that notes are passages of."""

_PASSAGES = 6
_LONGEST_PASSAGE = 4_000  # characters
_MOST_WORDS = 70
_SECOND = 0.75
"""A second sentence is said if it scores this much of the first."""
_GOES_ON = 0.9
"""A sentence that goes on about what the best one says counts this much of it."""
_QUANTITY = 0.12
"""Added to the score of a sentence that holds the quantity asked for."""
_WINDOW = 160  # characters around the sentence that may hold the rest of what was asked

# The weights of what speaks for an answer, fitted by logistic regression on public questions whose passage was there
# or taken away, and on questions from elsewhere.
_BIAS, _SCORE, _IN_SENTENCE, _IN_WINDOW, _IN_PASSAGE = -5.0, 3.4, 1.0, 2.7, 2.3

_LIGHT_WORDS = """
old high long hot strong big large deep fast quick quickly heavy far allow allowed may get use used find need cost price
fee pay paid name named call called keep kept year day time much many kind number amount people person thing put fit
give given go come take make made start begin stay last happen become mean work good best most must safe lead own first
new live leave open part type way say said tell know following different main known term write play hold held among
"""
_LIGHT = frozenset(stem(word) for word in _LIGHT_WORDS.split())
"""Words of a question that its answer may well say in another way; they weigh little."""
_LIGHT_WEIGHT = 0.8

_POINTS_BACK = re.compile(
    r"(?:It|Its|This|That|These|Those|They|Their|She|He|Her|His|Both|Then|There|Here|Such|The (?:same|former|latter))\b"
)
_ASKS_YEAR = re.compile(r"\b(?:what|which) year\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:1\d{3}|20\d\d)\b|\b(?:nineteen|eighteen|twenty|two thousand)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Piece:
    passage: int
    start: int
    end: int
    text: str


def answer(question: str, passages: Sequence[FoundPassage]) -> list[str] | None:
    """The sentences to say, the last of them telling the source; None if the evidence is weak.

    Args:
        question: as asked, with the topic words that it takes from earlier ones.
        passages: best first.
    """
    passages = passages[:_PASSAGES]
    texts = [passage.text[:_LONGEST_PASSAGE] for passage in passages]
    headings = [f"{passage.heading} {spoken_name(passage.document)}" for passage in passages]
    asked = [stem(word) for word in dict.fromkeys(content_words(question))]
    ranked = rank_sentences(question, texts, headings, {word: _LIGHT_WEIGHT for word in asked if word in _LIGHT})
    ranked = _by_quantity(question, ranked)
    if not ranked or not _is_evident(question, asked, ranked[0], texts, headings):
        return None
    pieces = _pieces(question, asked, ranked, texts)
    spoken = [said for piece in pieces if (said := speakable(piece.text, question))]
    first = passages[pieces[0].passage]
    if first.document == NOTES:
        return ["You noted:", *spoken]
    return [*spoken, f"That is from {_sources([passages[piece.passage] for piece in pieces])}."] if spoken else None


def _is_evident(
    question: str, asked: Sequence[str], best: RankedSentence, texts: Sequence[str], headings: Sequence[str]
) -> bool:
    text, heading = texts[best.passage_index], headings[best.passage_index]
    around = text[max(0, best.start - _WINDOW) : best.end + _WINDOW]
    if _ASKS_YEAR.search(question) and not _YEAR.search(around):
        return False
    heavy = [word for word in asked if word not in _LIGHT] or asked
    evidence = (
        _BIAS
        + _SCORE * best.score
        + _IN_SENTENCE * _covered(heavy, best.text)
        + _IN_WINDOW * _covered(heavy, f"{around} {heading}")
        + _IN_PASSAGE * _covered(heavy, f"{text} {heading}")
    )
    return evidence > 0


def _covered(asked: Sequence[str], text: str) -> float:
    there = {stem(word) for word in words(text)}
    return sum(word in there for word in asked) / len(asked) if asked else 1.0


def _by_quantity(question: str, ranked: list[RankedSentence]) -> list[RankedSentence]:
    """Sentences with the quantity that is asked for go up."""
    measure = asked_measure(question)
    if measure is None:
        return ranked
    lifted = [
        replace(sentence, score=min(1.0, sentence.score + _QUANTITY * holds(measure, sentence.text)))
        for sentence in ranked
    ]
    return sorted(lifted, key=lambda sentence: -sentence.score)


def _pieces(
    question: str, asked: Sequence[str], ranked: Sequence[RankedSentence], texts: Sequence[str]
) -> list[_Piece]:
    """The best sentence with what it points back to, and the next best if it is nearly as good; in reading order."""
    best = ranked[0]
    pieces = [_piece(best)]
    if _POINTS_BACK.match(best.text) and (before := _before(best, texts)):
        pieces.insert(0, before)
    for other in _seconds(question, asked, ranked):
        if len(pieces) > 1 or other.score < _SECOND * best.score:
            break
        if _same(other.text, best.text) or _word_count([*pieces, _piece(other)]) > _MOST_WORDS:
            continue
        pieces.append(_piece(other))
        if _POINTS_BACK.match(other.text) and (before := _before(other, texts)) and before not in pieces:
            pieces.insert(1, before)
    if len({piece.passage for piece in pieces}) == 1:
        pieces.sort(key=lambda piece: piece.start)
    return pieces


def _seconds(question: str, asked: Sequence[str], ranked: Sequence[RankedSentence]) -> list[RankedSentence]:
    """What may be said beside the best sentence, best first.

    A sentence that goes on about the same ("They are kept ...") shares few words with the question, but stands for all
    of those before it; more so if it holds the type of thing that is asked for and the best one doesn't.
    """
    best = ranked[0]
    others = list(ranked[1:6])
    following = min(
        (other for other in ranked[1:] if other.passage_index == best.passage_index and other.start >= best.end),
        key=lambda other: other.start,
        default=None,
    )
    if following is not None and _POINTS_BACK.match(following.text):
        kind = answer_type(question)
        gain = cue(kind, following.text, asked) - cue(kind, best.text, asked)
        others = [other for other in others if other != following]
        others.append(replace(following, score=max(following.score, best.score * (_GOES_ON + 0.3 * gain))))
        others.sort(key=lambda other: -other.score)
    return others[:4]


def _piece(ranked: RankedSentence) -> _Piece:
    return _Piece(ranked.passage_index, ranked.start, ranked.end, ranked.text)


def _before(ranked: RankedSentence, texts: Sequence[str]) -> _Piece | None:
    earlier = [span for span in sentences(texts[ranked.passage_index]) if span.end <= ranked.start]
    if not earlier:
        return None
    return _Piece(ranked.passage_index, earlier[-1].start, earlier[-1].end, earlier[-1].text)


def _same(one: str, other: str) -> bool:
    """Passages overlap: the same sentence may come twice."""
    said, known = set(words(one)), set(words(other))
    return len(said & known) >= 0.8 * min(len(said), len(known))


def _word_count(pieces: Sequence[_Piece]) -> int:
    return sum(len(piece.text.split()) for piece in pieces)


def _sources(passages: Sequence[FoundPassage]) -> str:
    places: dict[str, list[int]] = {}
    for passage in passages:
        pages = places.setdefault(passage.document, [])
        if passage.page is not None and passage.page not in pages:
            pages.append(passage.page)
    return " and ".join(_source(document, sorted(pages)) for document, pages in places.items())


def _source(document: str, pages: Sequence[int]) -> str:
    if document == NOTES:
        return "your notes"
    name = spoken_name(document)
    named = name if name.lower().startswith(("the ", "your ", "my ")) else f"the {name}"
    if not pages:
        return named
    unit = "slide" if document.lower().endswith(".pptx") else "page"
    return f"{named}, {unit}{'s' if len(pages) > 1 else ''} {' and '.join(map(str, pages))}"
