"""What a question is about, and which sentences tell of something else, however many words they share with it."""

from __future__ import annotations

from collections.abc import Sequence

from vasi.engines.llm.evidence import Asked
from vasi.engines.llm.extracts import Extract
from vasi.language.aggregates import is_unit
from vasi.language.asked_things import asked_places, asked_role, asked_things, is_kin, speaks_of, speaks_of_another
from vasi.language.asking import Form, denies
from vasi.language.measures import asked_measure, holds
from vasi.language.ranking import RankedSentence
from vasi.language.rows import is_row
from vasi.language.sentences import sentences
from vasi.language.speakable import spoken_name
from vasi.language.terms import stem, words

_ROW_SHARE = 0.6
"""Of what is asked for, in a row and above it, where it holds the quantity."""
_SHORT_SECTION = 3
"""Sentences of a section whose heading names what all of them tell of."""
_ASKS_FOR_ALL = ("list", "sentence")


class Subject:
    """What ``asked`` is about.

    Args:
        asked: the words of the question.
        form: of its answer.
        found: the extracts whose sentences are looked at.
    """

    def __init__(self, asked: Asked, form: Form, found: Sequence[Extract]) -> None:
        self._asked = asked
        self._texts = [one.text for one in found]
        self._titles = [one.heading.rpartition(" > ")[2] for one in found]
        self._headings = [f"{one.heading} {spoken_name(one.document)}" for one in found]
        self._things = asked_things(asked.question, asked.language)
        self._above = [self._stems_above(at) for at in range(len(found))]
        self._role = asked_role(asked.question, asked.language)
        self._places = asked_places(asked.question, asked.language)
        self._measure = asked_measure(asked.question)
        self._denied = form in _ASKS_FOR_ALL and asked.language == "en" and denies(asked.question)
        units = {stem(word, asked.language) for word in words(asked.question) if is_unit(word)}
        self._naming = frozenset(asked.heavy) - units or frozenset(asked.heavy)
        """Heavy words that name what is asked about: each sum for a week has a "week" in it."""
        self.of_another = False
        """Whether sentences that were left out told of something else of the kind."""

    def _stems_above(self, passage: int) -> frozenset[str]:
        """Those of the headings and of the document's name; none where the section is about another thing."""
        if speaks_of_another(self._things, self._titles[passage], (), self._asked.stems, self._asked.language):
            return self._asked.stems_of(self._titles[passage])
        return self._asked.stems_of(self._headings[passage])

    def kept(self, ranked: Sequence[RankedSentence]) -> list[RankedSentence]:
        """Those of ``ranked`` that may tell of what is asked about, in their order.

        If what has the quantity that is asked for tells of something else, nothing is left.
        """
        others = [one for one in ranked if self._tells_of_another(one) or self._is_another_figure(one)]
        left = [one for one in ranked if one not in others]
        if ranked and ranked[0] in others:
            self.of_another = True
            left = [one for one in left if self._tells_of_all(one)]
        if self._role:
            left = [one for one in left if self._is_held(self._role, one)]
        if self._denied:
            left = [one for one in left if denies(f"{self._headings[one.passage_index]}\n{one.text}")]
        measure = self._measure
        if measure is None:
            return left
        named = [one for one in left if not holds(measure, one.text) or self._is_named(one)]
        held = any(holds(measure, one.text) for one in named)
        return named if held or not any(holds(measure, one.text) for one in others) else []

    def is_set_in(self, passage: int) -> bool:
        """Whether the place that is asked about stands in a passage or above it."""
        there = self._asked.stems_of(f"{self._headings[passage]}\n{self._texts[passage]}")
        return all(is_kin(place, there) for place in self._places)

    def _tells_of_another(self, one: RankedSentence) -> bool:
        return self._is_of_another(one.text, one.passage_index)

    def _is_of_another(self, text: str, passage: int) -> bool:
        return speaks_of_another(self._things, text, self._above[passage], self._asked.stems, self._asked.language)

    def _tells_of_all(self, one: RankedSentence) -> bool:
        return speaks_of(self._things, one.text, self._above[one.passage_index], self._asked.language)

    def _is_another_figure(self, one: RankedSentence) -> bool:
        """Whether ``one`` is a row of what is to be counted that has nothing of what is asked about it: how many there
        are for how many were sold.
        """
        if self._measure is None or not self._measure.noun or not is_row(one.text):
            return False
        there = self._asked.stems_of(f"{one.text} {self._headings[one.passage_index]}")
        rest = set(self._asked.heavy) - self._measure.described
        return self._measure.noun in there and bool(rest) and not any(is_kin(word, there) for word in rest)

    def _is_held(self, word: str, one: RankedSentence) -> bool:
        return is_kin(word, self._asked.stems_of(one.text) | self._above[one.passage_index])

    def _is_named(self, one: RankedSentence) -> bool:
        """Whether ``one``, or what stands beside it, names what its quantity is asked of."""
        if is_row(one.text):
            return self._asked.heavy_share(f"{one.text} {self._headings[one.passage_index]}") >= _ROW_SHARE
        if self._naming & self._asked.stems_of(one.text):
            return True
        spans = sentences(self._texts[one.passage_index])
        at = next((at for at, span in enumerate(spans) if span.end > one.start), 0)
        beside = [span.text for span in spans[max(0, at - 1) : at + 1]]
        if any(
            self._naming & self._asked.stems_of(text) and not self._is_of_another(text, one.passage_index)
            for text in beside
        ):
            return True
        return len(spans) <= _SHORT_SECTION and bool(
            self._naming & self._asked.stems_of(self._titles[one.passage_index])
        )
