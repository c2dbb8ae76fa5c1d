"""What a sentence has to say to a question: counted from its words and those around it, never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from vasi.language.answer_types import AnswerType
from vasi.language.cues import cue
from vasi.language.dimensions import Wanted, holds
from vasi.language.measures import Measure
from vasi.language.measures import holds as holds_measure
from vasi.language.sentences import Span, sentences
from vasi.language.stop_words import STOP_WORDS_OF, Language
from vasi.language.structure import field, is_row
from vasi.language.terms import stem, words

FEATURES = (
    "overlap", "inside", "cue", "overlap_and_cue", "measured", "fit", "overlap_and_fit", "misfit", "passage",
    "rank", "before", "after", "fit_after", "first", "nothing_new", "new", "question", "address", "most",
    "names", "pairs", "short", "long", "complete", "contents", "row", "field", "label", "capitals", "foreign",
    "person", "counted",
)  # fmt: skip
"""What ``SentenceEvidence.features`` gives, in its order."""

_HEADING_SHARE = 0.5
"""A word of the question that stands only in the heading counts this much for each sentence below it."""
_ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:\. ?){4,}|…|_{4,}|\s\d{1,3}$")
"""A line of a table of contents."""
_END = (".", "!", "?", "。", "！", "？", '."', ".”", ".)", ";")
_PERSON = re.compile(
    r"(?<![\w'’.-])[A-ZÀ-ÖØ-Þ][\w'’.-]{1,30}(?: (?:[A-Z]\.|de|da|di|van|von|der|la|le)){0,2} [A-ZÀ-ÖØ-Þ][\w'’-]{1,30}"
)
"""A name of several words."""
_SHORT, _LONG = 4, 60  # words
_NEW = 8
"""So many words that the question lacks are enough of them."""
_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class AskedOf:
    """A question as it is compared with texts of one language.

    Attributes:
        weights: the share of each of its stems in its meaning; they sum to 1.
        telling: stems of its names and numbers.
        kind: the type of the answer.
        wanted: the figure that is asked for, if one is.
        measure: the quantity that is asked for in English, if one is.
        nouns: stems of what is to be counted.
        language: of the texts.
        foreign: it is asked in another one.
    """

    weights: Mapping[str, float]
    telling: frozenset[str]
    kind: AnswerType
    wanted: Wanted | None
    measure: Measure | None
    nouns: frozenset[str]
    language: Language
    foreign: bool

    def fits(self, sentence: str) -> float:
        """How surely ``sentence`` holds the figure that is asked for; 0 if none is."""
        return 0.0 if self.wanted is None else holds(self.wanted, sentence, self.language)

    def cue(self, sentence: str) -> float:
        """How surely ``sentence`` holds something of the kind that is asked for."""
        return cue(self.kind, sentence, self.weights, self.nouns)


def parts(text: str) -> list[Span]:
    """The sentences of ``text``, of a table its rows."""
    found: list[Span] = []
    for span in sentences(text):
        lines = [(line.start(), line[0]) for line in _LINE.finditer(span.text)] if "\n" in span.text else []
        if any(is_row(line) for _, line in lines):
            found += [Span(span.start + at, span.start + at + len(line), line) for at, line in lines]
        else:
            found.append(span)
    return found


class SentenceEvidence:
    """The sentences of one passage beside a question.

    Args:
        asked: the question.
        spans: the sentences.
        stems: of the words of each.
        heading: stems of what stands above them.
        rank: of the passage among all, from 0.
    """

    def __init__(
        self, asked: AskedOf, spans: Sequence[Span], stems: Sequence[Sequence[str]], heading: frozenset[str], rank: int
    ) -> None:
        self._asked = asked
        self._spans = spans
        self._heading = heading
        self._rank = rank
        self._stems = stems
        self._sets = [frozenset(found) for found in self._stems]
        self._inside = [sum(asked.weights.get(word, 0.0) for word in found) for found in self._sets]
        above = [word for word in asked.weights if word in heading]
        self._overlaps = [
            inside + _HEADING_SHARE * sum(asked.weights[word] for word in above if word not in found)
            for inside, found in zip(self._inside, self._sets, strict=True)
        ]
        self._most = max(self._overlaps, default=0.0)
        everywhere = heading.union(*self._sets)
        self._passage = sum(weight for word, weight in asked.weights.items() if word in everywhere)
        self._cues = [asked.cue(span.text) for span in spans]
        self._fits = [asked.fits(span.text) for span in spans]

    def features(self, place: int) -> tuple[float, ...]:
        """What is known of the sentence at ``place``, in the order of ``FEATURES``."""
        asked, text = self._asked, self._spans[place].text
        found, overlap, fit = self._sets[place], self._overlaps[place], self._fits[place]
        stop_words = STOP_WORDS_OF[asked.language]
        said = words(text)
        new = [word for word, each in zip(said, self._stems[place], strict=True) if each not in asked.weights]
        new = [word for word in new if word not in stop_words]
        behind = place + 1 < len(self._spans)
        row = is_row(text)
        label = None if row else field(text)
        complete = text.endswith(_END)
        return (
            overlap,
            self._inside[place],
            self._cues[place],
            overlap * self._cues[place],
            holds_measure(asked.measure, text) if asked.measure is not None else 0.0,
            fit,
            overlap * fit,
            1.0 - fit if asked.wanted is not None and asked.wanted.sure else 0.0,
            self._passage,
            1 / (1 + self._rank),
            self._overlaps[place - 1] if place else 0.0,
            self._overlaps[place + 1] if behind else 0.0,
            self._fits[place + 1] * overlap * (1 - fit) if behind else 0.0,
            1.0 if place == 0 else 0.0,
            0.0 if new else 1.0,
            min(1.0, len(new) / _NEW),
            1.0 if text.endswith(("?", "？")) else 0.0,
            1.0 if _ADDRESS.search(text) else 0.0,
            1.0 if overlap and overlap >= self._most else 0.0,
            _share(asked.telling, found | self._heading),
            self._pairs(place),
            1.0 if len(said) < _SHORT else 0.0,
            1.0 if len(said) > _LONG else 0.0,
            1.0 if complete else 0.0,
            1.0 if _CONTENTS.search(text) and not (complete or row or label) else 0.0,
            1.0 if row else 0.0,
            1.0 if label else 0.0,
            self._label(label.label) if label else 0.0,
            _capitals(text) if not complete and not row else 0.0,
            1.0 if asked.foreign else 0.0,
            1.0 if asked.kind == "name" and self._names_person(text) else 0.0,
            sum(word in found for word in asked.weights) / max(1, len(asked.weights)),
        )

    def _pairs(self, place: int) -> float:
        """The share of the question's neighbouring stems that are neighbours here."""
        pairs = list(pairwise(self._asked.weights))
        if not pairs:
            return 0.0
        stems = [word for word in self._stems[place] if word in self._asked.weights]
        here = set(pairwise(stems))
        return sum(pair in here for pair in pairs) / len(pairs)

    def _label(self, label: str) -> float:
        stems = {stem(word, self._asked.language) for word in words(label)}
        return sum(word in self._asked.weights for word in stems) / len(stems) if stems else 0.0

    def _names_person(self, text: str) -> bool:
        """Whether a name of several words stands in ``text`` that isn't in the question."""
        language, known = self._asked.language, self._asked.weights
        return any(
            not any(stem(word, language) in known for word in words(found[0])) for found in _PERSON.finditer(text)
        )


def _share(asked: frozenset[str], there: frozenset[str]) -> float:
    return sum(word in there for word in asked) / len(asked) if asked else 1.0


def _capitals(text: str) -> float:
    """The share of words that begin with a capital: a title's."""
    found = [word for word in text.split() if word[:1].isalpha()]
    return sum(word[0].isupper() for word in found) / len(found) if found else 0.0
