"""Stems by language: what makes the forms of a word equal.

English words have their Porter stem, those of other languages the stem of their Snowball stemmer, with accents folded
and the other spellings of umlauts allowed for. Words of a script that one language is written in (Arabic, Hangul) are
treated by that language's rules, whatever language is named.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Protocol, cast

from vasi.language.folding import fold
from vasi.language.forms import english_forms, foreign_forms
from vasi.language.porter import porter
from vasi.language.stop_words import Language

VERSION = "4"
"""Changes whenever a word would have another stem: indexes made before are rebuilt."""

_LONGEST_STEMMED = 64
_ENGLISH = english_forms(porter)
_FOREIGN = foreign_forms(lambda word: _ENGLISH.get(porter(word), porter(word)))
_DECIMAL_COMMA: frozenset[Language] = frozenset(("de", "es", "it", "nl", "pt"))
_THOUSANDS = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_ZEROS = re.compile(r"(?:\.0+|(?<=\.\d)0+)$")
"""At the end of a decimal: "35.00" is "35", and "3.50" is "3.5"."""
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_PARTS = re.compile(r"['.]")
_ARABIC = re.compile(r"[\u0620-\u06d3]")
_ARABIC_MARKS = re.compile(r"[\u0610-\u061a\u0640\u064b-\u065f\u0670]")
_ARABIC_SPELLING = str.maketrans("أإآٱىة", "اااايه")
_ARABIC_PREFIX = re.compile(r"(?:و(?=...))?(?:[وبكف]?ال|لل)?(?=..)")
_ARABIC_SUFFIX = re.compile(r"(?<=..)(?:ها|ان|ات|ون|ين|يه|ه|ي)$")
"""Article, conjunctions and endings that a light stemmer takes off (Larkey's "light10")."""
_NASAL_PLURAL = re.compile(r"(?:oes|aes)$")
_PORTUGUESE_NOUN = re.compile(r"([ai])cao$")
_HANGUL = re.compile(r"[\uac00-\ud7a3]+")
_PARTICLE = re.compile(
    r"(?<=[\uac00-\ud7a3])(?:인가요|인가|입니까|입니다|이었다|이다|이며|이고|에서는|에서의|에서|에게서|에게|께서|으로는|으로서|으로써|으로"
    r"|까지|부터|마다|처럼|보다|이라고|라고|이나|은|는|이|가|을|를|의|에|로|와|과|도|만|나)$"
)
"""Particles behind a Korean noun."""


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...


_SNOWBALL: Mapping[Language, str] = {
    "de": "german",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
}


@lru_cache(maxsize=len(_SNOWBALL))
def _snowball(language: Language) -> Callable[[], _Stemmer]:
    """The stemmer of the package itself: it would take another one where that happens to be installed."""
    name = _SNOWBALL[language]
    return cast(
        Callable[[], _Stemmer],
        getattr(importlib.import_module(f"snowballstemmer.{name}_stemmer"), f"{name.capitalize()}Stemmer"),
    )


@lru_cache(maxsize=100_000)
def stem(word: str, language: Language = "en") -> str:
    """The stem of one word from ``vasi.language.terms.words``, in a text of ``language``; accents are folded.

    Forms and spellings that no stemmer makes equal are equal as well (``vasi.language.forms``): "thirty" is "30". A
    word with an apostrophe or a decimal point is several tokens: its stem is theirs, joined by spaces.
    """
    if "'" in word or "." in word:
        if language in _DECIMAL_COMMA and _THOUSANDS.fullmatch(word):
            return word.replace(".", "")
        return " ".join(stem(part, language) for part in _PARTS.split(_ZEROS.sub("", word)) if part)
    if len(word) > _LONGEST_STEMMED:
        return fold(word)
    if not word.isascii():
        if _ARABIC.match(word):
            return _arabic(word)
        if _HANGUL.fullmatch(word):
            return _PARTICLE.sub("", word)
    if word in _FOREIGN.get(language, ()):
        return _FOREIGN[language][word]
    match language:
        case "de":
            return fold(_by_snowball(word, language))
        case "es" | "fr" | "it" | "nl":
            return _by_snowball(fold(word), language)
        case "pt":
            return _portuguese(word)
        case _:
            return _english(fold(word))


def _english(word: str) -> str:
    if not word.isascii():
        return word
    if word[0].isdigit() and (ordinal := _ORDINAL.fullmatch(word)) and word not in ("1st", "2nd"):
        return ordinal[1]
    found = porter(word)
    return _ENGLISH.get(found, found)


def _by_snowball(word: str, language: Language) -> str:
    """A stemmer keeps the word that it is at, so that each call has its own."""
    return _snowball(language)().stemWord(word)


def _portuguese(word: str) -> str:
    """Words in "-ão" have their plural in "-ões" and "-ães", and are often written without a tilde."""
    singular = _NASAL_PLURAL.sub("ao", fold(word))
    return fold(_by_snowball(_PORTUGUESE_NOUN.sub(r"\1ção", singular), "pt"))


def _arabic(word: str) -> str:
    """Without vowel signs, article and ending, in one spelling of alif, ya and ta marbuta, as most people type."""
    plain = _ARABIC_MARKS.sub("", word).translate(_ARABIC_SPELLING)
    return _ARABIC_SUFFIX.sub("", _ARABIC_PREFIX.sub("", plain, count=1))
