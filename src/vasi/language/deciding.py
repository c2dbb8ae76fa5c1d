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

_TOKEN = re.compile(r"\S+")
_EDGES = "\"'“”‘’«»„()[]{}<>,;:!?¿¡…"
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
    """

    text: str
    stem: str
    kind: WordKind
    place: int


def asked_words(question: str) -> list[AskedWord]:
    """The words of ``question`` in order, each stem once, stop words left out."""
    found: dict[str, AskedWord] = {}
    begins = True
    for place, token in enumerate(_TOKEN.findall(question)):
        text = token.strip(_EDGES).rstrip(".")
        kind = _kind(text, begins=begins)
        for word in words(text):
            if word not in STOP_WORDS or kind == "name":
                found.setdefault(stem(word), AskedWord(_without_possessive(text), stem(word), kind, place))
        begins = token.endswith(_SENTENCE_END)
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
