"""The words of a question that decide which answer is right: its names, numbers and codes, and what else is rare.

An answer about the standard plan is none to a question about the premium plan, however many other words they share.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from vasi.language.numerals import cardinal
from vasi.language.terms import STOP_WORDS, stem, words

WordKind: TypeAlias = Literal["name", "number", "word"]
"""name: written with a capital inside the sentence, or a code of letters and digits; number: in digits."""

_LIGHT_WORDS = """
    able add age allow allowed amount another appear apply area around arrive ask author away back become begin belong
    best big bring build call cause change charge choose close colour color come common consider contain continue cost
    create date day decide deep describe difference different direction distance do eat email end enter event every
    example expect expensive explain express fast fee feel final find first fit follow form found function general get
    give go good group grow happen hard heavy height help high hold idea important include information join keep kind
    know known large last late lead learn leave length let light like list live locate located long look lose low main
    major make many mean measure meet mention move much must name near need new next number obtain occur offer often old
    one open originate own paper part pay people percentage person phone place play please position possible present
    price process produce provide put quantity quick quickly ranking reach read receive refer register remain require
    responsible result role run safe say second see sell send serve set short show size small sort speak speed spend
    stand start state stay step stop strong suggest summary take talk tell telephone temperature term thing time title
    total turn type unit use used usual usually value version visit wait want way weigh weight well wide word work write
    year young
"""
LIGHT: frozenset[str] = frozenset(map(stem, words(_LIGHT_WORDS)))
"""Words that an answer does without, or says in another way: general verbs, and names of what is measured or counted,
where the figure speaks for itself."""

_TOKEN = re.compile(r"\S+")
_EDGES = "\"'“”‘’«»„()[]{}<>,;:!?¿¡…"
_WH = frozenset({"what", "which", "how"})
_SENTENCE_END = (".", "!", "?", ":", "。", "？", "！")
_WRITTEN_OUT = 1_000_000
"""Numbers below are looked for in words, too."""


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A word of a question that isn't a stop word.

    Attributes:
        text: as it was asked, without the marks around it.
        stem: of one of its parts: "co-pay" is two words of one text.
        kind: what it is written like.
        place: of ``text`` among all words of the question, from 0.
        kind_asked: it says what kind of thing the answer is, "city" in "which city": the answer may do without it.
    """

    text: str
    stem: str
    kind: WordKind
    place: int
    kind_asked: bool = False

    @property
    def light(self) -> bool:
        """An answer may well do without it."""
        return self.kind != "number" and (self.kind_asked or (self.kind == "word" and self.stem in LIGHT))


def asked_words(question: str) -> list[AskedWord]:
    """The words of ``question`` in order, each stem once, stop words left out."""
    found: dict[str, AskedWord] = {}
    begins, before = True, ""
    for place, token in enumerate(_TOKEN.findall(question)):
        text = token.strip(_EDGES).rstrip(".")
        kind = _kind(text, begins=begins)
        for word in words(text):
            if word not in STOP_WORDS or kind == "name":
                asked = AskedWord(_without_possessive(text), stem(word), kind, place, kind == "word" and before in _WH)
                found.setdefault(stem(word), asked)
        begins, before = token.endswith(_SENTENCE_END), text.lower()
    return list(found.values())


def _kind(text: str, *, begins: bool) -> WordKind:
    if any(c.isdecimal() for c in text):
        return "name" if any(c.isalpha() for c in text) else "number"
    if any(c.isupper() for c in text[1:]):
        return "name"
    return "name" if text[:1].isupper() and not begins and text not in ("I", "I'm", "I've", "I'd", "I'll") else "word"


def _without_possessive(text: str) -> str:
    return text[:-2] if text.endswith(("'s", "’s")) else text


def stands_in(word: AskedWord, stems: Collection[str]) -> bool:
    """Whether ``word`` is among ``stems``, a number also in words."""
    if word.stem in stems:
        return True
    if word.kind != "number" or not word.stem.isdecimal() or int(word.stem) >= _WRITTEN_OUT:
        return False
    return all(stem(part) in stems for part in cardinal(int(word.stem)).split())


def as_phrases(chosen: Iterable[AskedWord]) -> tuple[str, ...]:
    """``chosen`` as they were asked; those that stand side by side in the question are one phrase."""
    phrases: list[list[AskedWord]] = []
    for word in sorted(chosen, key=lambda word: word.place):
        if phrases and phrases[-1][-1].place == word.place:
            continue
        if phrases and phrases[-1][-1].place == word.place - 1:
            phrases[-1].append(word)
        else:
            phrases.append([word])
    return tuple(" ".join(word.text for word in phrase) for phrase in phrases)
