"""Whether a sentence of a passage answers a question, or only shares words with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vasi.language.detection import detect
from vasi.language.ranking import RankedSentence
from vasi.language.rows import is_row
from vasi.language.stop_words import Language
from vasi.language.terms import content_words, stem, words

LIGHT_WEIGHT = 0.8
HARDLY = -1.8
"""Of the evidence: what says less than this is no answer, though the search has told that its passage holds one."""
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
LIGHT = frozenset(stem(word) for word in _LIGHT_WORDS.split())
"""Words of a question that its answer may well say in another way; they weigh little."""

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
_ASKS_YEAR = re.compile(r"\b(?:what|which) year\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:1\d{3}|20\d\d)\b|\b(?:nineteen|eighteen|twenty|two thousand)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """The telling words of a question.

    Attributes:
        question: as asked.
        language: that it's in; its stems are compared with those of texts by it.
        stems: of its content words, in order.
        heavy: those of them that an answer can't do without; all if there is none.
        nouns: light words that certainly are nouns, as they are written.
    """

    question: str
    language: Language
    stems: tuple[str, ...]
    heavy: tuple[str, ...]
    nouns: tuple[str, ...]

    def stems_of(self, text: str) -> frozenset[str]:
        """The stems of all words of ``text``."""
        return frozenset(stem(word, self.language) for word in words(text))

    def share(self, text: str) -> float:
        """The share of the stems that stand in ``text``."""
        return _share(self.stems, self.stems_of(text))

    def heavy_share(self, text: str) -> float:
        """The same of the heavy ones."""
        return _share(self.heavy, self.stems_of(text))

    def missing(self, text: str) -> tuple[str, ...]:
        """The stems that don't stand in ``text``."""
        there = self.stems_of(text)
        return tuple(word for word in self.stems if word not in there)


def asked_words(question: str) -> Asked:
    """The telling words of ``question``."""
    language = detect(question)
    stems = tuple(dict.fromkeys(stem(word, language) for word in content_words(question, language)))
    if language != "en":
        return Asked(question, language, stems, stems, ())
    named = {word for found in _NAMED.finditer(question) for word in words(found["noun"])}
    nouns = tuple(word for word in named if stem(word) in LIGHT and stem(word) in stems)
    certain = {stem(word) for word in nouns}
    heavy = tuple(word for word in stems if word not in LIGHT or word in certain) or stems
    return Asked(question, language, stems, heavy, nouns)


def _share(stems: Sequence[str], there: frozenset[str]) -> float:
    return sum(word in there for word in stems) / len(stems) if stems else 1.0


class Evidence:
    """What speaks for a sentence as an answer.

    Args:
        asked: the words of the question.
        texts: of the passages.
        headings: above each of them, with the name of its document.
    """

    def __init__(self, asked: Asked, texts: Sequence[str], headings: Sequence[str]) -> None:
        self._asks_year = _ASKS_YEAR.search(asked.question) is not None
        self._asked = asked
        self._texts = texts
        self._headings = headings

    def _around(self, sentence: RankedSentence) -> str:
        text = self._texts[sentence.passage_index]
        return text[max(0, sentence.start - _WINDOW) : sentence.end + _WINDOW]

    def of(self, sentence: RankedSentence) -> float:
        """Above 0 if it is likelier an answer than not, as far as can be told from texts that nobody has judged."""
        text, heading = self._texts[sentence.passage_index], self._headings[sentence.passage_index]
        around = self._around(sentence)
        if self._asks_year and not _YEAR.search(around):
            return _BIAS
        in_passage = self._asked.heavy_share(f"{text} {heading}")
        if not in_passage or not all(_as_noun(noun, f"{heading}\n{text}") for noun in self._asked.nouns):
            return _BIAS
        return (
            _BIAS
            + _SCORE * sentence.score
            + _IN_SENTENCE * self._asked.heavy_share(sentence.text)
            + _IN_WINDOW * self._asked.heavy_share(f"{around} {heading}")
            + _IN_PASSAGE * in_passage
        )

    def goes_beside(self, other: RankedSentence, best: RankedSentence) -> bool:
        """Whether ``other`` may be said together with ``best``: what stands elsewhere has to be as good by itself."""
        if is_row(best.text):  # it says all that it has to say
            alike = self._asked.share(other.text) >= self._asked.share(best.text)
            return alike and is_row(other.text)
        if other.passage_index == best.passage_index:
            return True
        return self.of(other) >= max(0.0, self.of(best) - _AS_GOOD) and (
            self._asked.heavy_share(other.text) >= self._asked.heavy_share(best.text)
        )


def _as_noun(noun: str, text: str) -> bool:
    """Whether ``text`` has ``noun`` as one: "days of leave", but neither "you may leave" nor "leave the key"."""
    for found in re.finditer(rf"\b{re.escape(noun)}\b", text, re.IGNORECASE):
        before = text[max(0, found.start() - 12) : found.start()]
        if _NOMINAL.search(before) or not (_VERBAL.search(before) or _OBJECT.match(text, found.end())):
            return True
    return False
