"""Answering a question in one or two sentences of the passages that were found, and saying where they stand."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from vasi.engines.llm.outputs import FoundPassage
from vasi.language.cues import answer_type, cue
from vasi.language.measures import asked_measure, holds
from vasi.language.ranking import RankedSentence, rank_sentences
from vasi.language.sentences import sentences
from vasi.language.speakable import speakable, spoken_name
from vasi.language.terms import content_words, stem, words

NOT_FOUND = "I could not find that in your documents."

_PASSAGES = 6
_LONGEST_PASSAGE = 4_000  # characters
_MOST_WORDS = 70
_PLACES = 3
"""Passages that are named when only the place is asked for."""
_SECOND = 0.75
"""A second sentence is said if it scores this much of the first."""
_GOES_ON = 0.9
"""A sentence that goes on about what the best one says counts this much of it."""
_QUANTITY = 0.12
"""Added to the score of a sentence that holds the quantity asked for."""
_FRESH = 0.12
"""Added to the score of a sentence that was noted a moment ago."""
_AS_GOOD = 0.5
"""A sentence of another passage may have this much less evidence than the best one."""
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

_NAMED = re.compile(
    r"\b(?:(?:days|weeks) of (?:sick |annual |paid |parental )?|(?:sick|annual|paid|parental|maternity) )(?P<noun>\w+)",
    re.IGNORECASE,
)
"""A light word that is certainly a noun is what the question is about: "days of leave"."""
_NOMINAL = re.compile(
    r"\b(?:of|the|your|their|my|any|no|more|on|annual|sick|paid|unpaid|parental|maternity|paternity)\s+$", re.IGNORECASE
)
_VERBAL = re.compile(
    r"\b(?:to|may|might|must|can|could|will|would|shall|should|not|never|please|i|you|we|they|who|don't)\s+$",
    re.IGNORECASE,
)
_OBJECT = re.compile(r"\s+(?:the|an?|your|my|our|their|it|them|him|her|this|that|at|by)\b", re.IGNORECASE)
_LINE = re.compile(r"[^\n]+")
_ROW = re.compile(r"[^:;\n]{1,80}: [^;\n]+(?:; [^:;\n]{1,80}: [^;\n]+)+")
"""A row of a table, as documents are read: each cell with the name of its column."""

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


def answer(question: str, passages: Sequence[FoundPassage], fresh: Container[str] = ()) -> list[str] | None:
    """The sentences to say, the last of them telling the source; None if the evidence is weak.

    Args:
        question: as asked, with the topic words that it takes from earlier ones.
        passages: best first.
        fresh: the texts of notes that were written in this conversation: what somebody has just said counts more than
            what documents say about as well.
    """
    passages = passages[:_PASSAGES]
    texts = [passage.text[:_LONGEST_PASSAGE] for passage in passages]
    headings = [f"{passage.heading} {spoken_name(passage.document)}" for passage in passages]
    asked = [stem(word) for word in dict.fromkeys(content_words(question))]
    ranked = rank_sentences(question, texts, headings, {word: _LIGHT_WEIGHT for word in asked if word in _LIGHT})
    ranked = _by_rows(asked, _by_quantity(question, ranked))
    just_noted = [index for index, one in enumerate(passages) if one.note and one.text.strip() in fresh]
    ranked = _lifted(ranked, just_noted)
    evidence = _Evidence(question, asked, texts, headings)
    if not ranked or evidence.of(ranked[0]) <= 0:
        return None
    pieces = _pieces(question, asked, ranked, texts, evidence)
    noted = passages[ranked[0].passage_index].note
    if noted:  # what a document says isn't what was noted
        pieces = [piece for piece in pieces if passages[piece.passage].note]
    spoken = [said for piece in pieces if (said := speakable(_read_out(piece.text), question))]
    if noted:
        return ["You noted:", *spoken] if spoken else None
    return [*spoken, f"That is from {_sources([passages[piece.passage] for piece in pieces])}."] if spoken else None


def _lifted(ranked: list[RankedSentence], passages: Sequence[int]) -> list[RankedSentence]:
    """``ranked`` with what stands in these ``passages`` further up."""
    if not passages:
        return ranked
    lifted = [
        replace(sentence, score=min(1.0, sentence.score + _FRESH)) if sentence.passage_index in passages else sentence
        for sentence in ranked
    ]
    return sorted(lifted, key=lambda sentence: -sentence.score)


def whereabouts(topic: str, passages: Sequence[FoundPassage]) -> list[str] | None:
    """Where the passages tell of ``topic``, with the sentence that does; None if none has all of its words."""
    passages = passages[:_PASSAGES]
    asked = [stem(word) for word in dict.fromkeys(content_words(topic))]
    telling = [one for one in passages if _covered(asked, f"{one.heading}\n{one.text}") == 1]
    if not telling:
        return None
    telling.sort(key=lambda one: max(_covered(asked, span.text) for span in sentences(one.text)), reverse=True)
    telling = telling[:_PLACES]
    ranked = rank_sentences(topic, [telling[0].text[:_LONGEST_PASSAGE]], [telling[0].heading])
    said = speakable(_read_out(ranked[0].text), topic) if ranked else ""
    return [f"That is in {_sources(telling)}.", *([said] if said else [])]


class _Evidence:
    """What speaks for a sentence as an answer."""

    def __init__(self, question: str, asked: Sequence[str], texts: Sequence[str], headings: Sequence[str]) -> None:
        self._asks_year = _ASKS_YEAR.search(question) is not None
        self._asked = asked
        self._texts = texts
        self._headings = headings
        named = {word for found in _NAMED.finditer(question) for word in words(found["noun"])}
        self._nouns = [word for word in named if stem(word) in _LIGHT and stem(word) in asked]
        nouns = {stem(word) for word in self._nouns}
        self._heavy = [word for word in asked if word not in _LIGHT or word in nouns] or asked

    def of(self, sentence: RankedSentence) -> float:
        """Above 0 if it is likelier an answer than not."""
        text, heading = self._texts[sentence.passage_index], self._headings[sentence.passage_index]
        around = text[max(0, sentence.start - _WINDOW) : sentence.end + _WINDOW]
        if self._asks_year and not _YEAR.search(around):
            return -1.0
        in_passage = _covered(self._heavy, f"{text} {heading}")
        if not in_passage or not all(_as_noun(noun, f"{heading}\n{text}") for noun in self._nouns):
            return -1.0
        return (
            _BIAS
            + _SCORE * sentence.score
            + _IN_SENTENCE * _covered(self._heavy, sentence.text)
            + _IN_WINDOW * _covered(self._heavy, f"{around} {heading}")
            + _IN_PASSAGE * in_passage
        )

    def goes_beside(self, other: RankedSentence, best: RankedSentence) -> bool:
        """Whether ``other`` may be said together with ``best``: what stands elsewhere has to be as good by itself."""
        if _ROW.fullmatch(best.text):  # it says all that it has to say
            alike = _covered(self._asked, other.text) >= _covered(self._asked, best.text)
            return alike and _ROW.fullmatch(other.text) is not None
        if other.passage_index == best.passage_index:
            return True
        return self.of(other) >= max(0.0, self.of(best) - _AS_GOOD) and (
            _covered(self._heavy, other.text) >= _covered(self._heavy, best.text)
        )


def _read_out(text: str) -> str:
    """A row without the marks between its cells: "Name Carl Dorn, role lawyer"."""
    if not _ROW.fullmatch(text):
        return text
    said = ", ".join(cell.replace(": ", " ", 1) for cell in text.split("; "))
    return said[:1].upper() + said[1:]


def _as_noun(noun: str, text: str) -> bool:
    """Whether ``text`` has ``noun`` as one: "days of leave", but neither "you may leave" nor "leave the key"."""
    for found in re.finditer(rf"\b{re.escape(noun)}\b", text, re.IGNORECASE):
        before = text[max(0, found.start() - 12) : found.start()]
        if _NOMINAL.search(before) or not (_VERBAL.search(before) or _OBJECT.match(text, found.end())):
            return True
    return False


def _by_rows(asked: Sequence[str], ranked: Sequence[RankedSentence]) -> list[RankedSentence]:
    """Of short rows that were read as one sentence only those that hold the most of the question."""
    parted: list[RankedSentence] = []
    for sentence in ranked:
        lines = [(found.start(), found[0]) for found in _LINE.finditer(sentence.text)]
        if len(lines) < 2 or not any(_ROW.fullmatch(line) for _, line in lines):
            parted.append(sentence)
            continue
        most = max(_covered(asked, line) for _, line in lines)
        for at, line in lines:
            if _covered(asked, line) == most:
                start = sentence.start + at
                parted.append(replace(sentence, start=start, end=start + len(line), text=line))
    return parted


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
    question: str,
    asked: Sequence[str],
    ranked: Sequence[RankedSentence],
    texts: Sequence[str],
    evidence: _Evidence,
) -> list[_Piece]:
    """The best sentence with what it points back to, and the next best if it is nearly as good; in reading order."""
    best = ranked[0]
    pieces = [_piece(best)]
    if _POINTS_BACK.match(best.text) and (before := _before(best, texts)):
        pieces.insert(0, before)
    for other in _seconds(question, asked, ranked):
        if len(pieces) > 1 or other.score < _SECOND * best.score:
            break
        if not evidence.goes_beside(other, best):
            continue
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
    places: dict[str | None, list[int]] = {}
    for passage in passages:
        pages = places.setdefault(None if passage.note else passage.document, [])
        if passage.page is not None and passage.page not in pages:
            pages.append(passage.page)
    return _listed([_source(document, sorted(pages)) for document, pages in places.items()])


def _source(document: str | None, pages: Sequence[int]) -> str:
    """How a document is spoken of, or all notes if it is None."""
    if document is None:
        return "your notes"
    name = spoken_name(document)
    named = name if name.lower().startswith(("the ", "your ", "my ")) else f"the {name}"
    if not pages:
        return named
    unit = "slide" if document.lower().endswith(".pptx") else "page"
    return f"{named}, {unit}{'s' if len(pages) > 1 else ''} {_listed(list(map(str, pages)))}"


def _listed(parts: Sequence[str]) -> str:
    """All with commas, the last with an "and"."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
