"""The words of a text, as the index sees them: tokens, stop words and stems.

Everything that counts, compares or looks up words goes through here, so that a word of a question, of a passage and of
the index are the same word. Stems and stop words are those of a language: ``detect`` tells it, and whoever compares a
question with a passage takes the stems of both by the passage's language (``passage_language``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from vasi.language.detection import detect
from vasi.language.folding import fold
from vasi.language.forms import MONTHS
from vasi.language.number_words import with_digits
from vasi.language.stemming import stem
from vasi.language.stop_words import STOP_WORDS_OF, Language

__all__ = ["STOP_WORDS", "content_words", "fold", "stem", "stems", "without_stop_words", "words"]

STOP_WORDS: frozenset[str] = STOP_WORDS_OF["en"]
"""English function words, in the form that ``words`` gives them."""

_SIGNS = (
    "\u05c0\u05c3\u05c6\u09f2\u09f3\u09fa\u09fb\u0af0\u0af1\u0b70\u0bf3\u0bf4\u0bf5\u0bf6\u0bf7\u0bf8\u0bf9\u0bfa\u0c7f"
)
"""Signs among the marks below that are no part of a word."""

_SPELLING = str.maketrans(dict.fromkeys(_SIGNS, " ") | {"’": "'", "‘": "'", "ʼ": "'", "＇": "'", "\u00ad": None})
_KANJI = r"\u3005\u3400-\u9fff\uf900-\ufaff"
_HIRAGANA = r"\u3041-\u3096\u309d-\u309f"
_KATAKANA = r"\u30a1-\u30fa\u30fc-\u30ff"
_IDEOGRAPH = _KANJI + _HIRAGANA + _KATAKANA
_PARTICLES = "から|まで|より|は|が|を|に|で|と|の|も|へ|や"
_ENDINGS = "(?:です|でした|ます|ました|ません|ください|どこ|いつ|だれ|なに|なぜ|いくら|いくつ|どの|どれ|どう)"
"""What Japanese writes behind a noun or a verb, and what asks: apart from the letters beside it."""
_MARK = (  # vowel signs, accents and joiners: inside a word, though no letters to Python
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8"
    r"\u06ea-\u06ed\u0711\u0730-\u074a\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0980-\u0d75\u0d7a-\u0df3"
    r"\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u0f71-\u0f84\u102b-\u103e\u17b4-\u17d3\u3099\u309a"
)
_LETTER = rf"[^\W_{_IDEOGRAPH}]"
_GROUPED = r"\d{1,3}(?:,\d{3}){1,10}(?:\.\d+)?(?![\d,])|\d{1,3}(?:\.\d{3}){1,10},\d{1,2}(?![\d,])"
"""Up to ten groups: each one of a row of any length would have to be looked at as often as there are groups."""
_WORD = re.compile(
    rf"[{_KANJI}]+|[{_KATAKANA}]+"  # scripts without spaces: parted further below
    rf"|(?<=[{_KANJI}{_KATAKANA}])(?:{_PARTICLES})|{_ENDINGS}|(?:(?!{_ENDINGS})[{_HIRAGANA}])+"
    rf"|{_GROUPED}"  # 1,000 and 12,500.75
    r"|(?<![\w.])\d+\.\d+(?!\.?\w)"  # 3.5, but neither 1.2.3 nor 3.5x
    rf"|{_LETTER}(?:{_LETTER}|[{_MARK}])*(?:'[^\W\d_]+)*"
    r"|[%€£$]",
)

_ASCII_WORD = re.compile(  # what ``_WORD`` finds where there are no other letters, in half the time
    r"[a-z][a-z0-9]*(?:'[a-z]+)*"
    rf"|{_GROUPED}|(?<![\w.])\d+\.\d+(?!\.?\w)|\d[a-z0-9]*(?:'[a-z]+)*|[%$]",
    re.ASCII,
)


_SAID = {"%": "percent", "€": "euro", "£": "pound", "$": "dollar"}
_YEAR, _MONTH, _DAY = r"(?:19|20)\d\d", r"0?[1-9]|1[0-2]", r"0?[1-9]|[12]\d|3[01]"
_AFTER_TWELVE = r"1[3-9]|2\d|3[01]"
_DATE = re.compile(
    rf"(?<![\d.-])(?P<y1>{_YEAR})-(?P<m1>0[1-9]|1[0-2])-(?P<d1>0[1-9]|[12]\d|3[01])(?![\d-])"
    rf"|(?<![\d.])(?P<d2>{_DAY})\.(?P<m2>{_MONTH})\.(?P<y2>{_YEAR})(?!\.?\d)"
    rf"|(?<![\d/])(?:(?P<d3>{_AFTER_TWELVE})/(?P<m3>{_MONTH})|(?P<m4>{_MONTH})/(?P<d4>{_AFTER_TWELVE}))"
    rf"/(?P<y3>{_YEAR})(?![\d/])"
)
"""Dates in digits that can be read in one way only: 2024-10-01, 1.10.2024, 31/10/2024 and 10/31/2024."""
_DAYS, _MONTHS_FOUND, _YEARS = ("d1", "d2", "d3", "d4"), ("m1", "m2", "m3", "m4"), ("y1", "y2", "y3")
_CODE = re.compile(r"(?<![\w.,'&/-])([B-HJ-Z]|A(?=-))[ -](\d{1,5})(?![\w'%/-]|[.,:]\d)")
"""A letter with a number: "B 21", "B-21". An "A" with a space is as often an article, "I" a pronoun."""
_LETTER_WORD = re.compile(r"(?<![\w-])([etux]|co(?=-o)|(?:de|pre|re)(?=-e)|(?:anti|semi)(?=-i))-(?=[a-z]{3})")
"""The letter of "e-mail" and "x-ray", and what a hyphen keeps from being read as one vowel: "co-operate"."""
_UNSPACED = re.compile(rf"[{_IDEOGRAPH}]")
_ELISION = re.compile(
    r"((?:[cdjlmnst]|qu|(?:jus|lors|puis|quoi)qu|dell|all|dall|nell|sull|un|quest|quell|dov|com|cos|gl|bell|sant)')"
    r"(?=[aeiouhyàâäèéêëìíîïòóôùúûœ][^\W\d_])"
)
"""French and Italian words that lost their vowel before the next one: "l'assurance", "dell'acqua"."""


def words(text: str) -> list[str]:
    """Lower-cased words of ``text`` in order, numbers included.

    Apostrophes inside a word stay (``don't``), a possessive or contracted ``'s`` goes (``dentist's`` is
    ``dentist``, ``it's`` is ``it``), and elided words part (``l'eau`` is ``l``, ``eau``); commas of thousands go
    (``1,000`` is ``1000``); hyphens part words (``co-pay`` is ``co``, ``pay``). Of scripts without spaces each two
    neighbouring characters are a word (``東京都`` is ``東京``, ``京都``). Accents stay: ``fold`` takes them off.

    Spellings of one thing become one: ``1.000,50`` is ``1000.50``, ``2024-10-01`` is ``1``, ``october``, ``2024``,
    ``50 %`` is ``50``, ``percent``, ``twenty-five`` is ``25``, ``e-mail`` is ``email``, ``B 21`` is ``b21``. A
    currency's sign is a word: ``$5`` is ``dollar``, ``5``.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_SPELLING))
    text = _CODE.sub(r"\1\2", text)
    text = _LETTER_WORD.sub(r"\1", with_digits(_DATE.sub(_written_date, text.lower())))
    if text.isascii():
        found: list[str] = _ASCII_WORD.findall(text)
    else:
        found = _WORD.findall(text)
        if _UNSPACED.search(text):
            found = [part for word in found for part in _pairs(word)]
    if "'" in text:
        found = [part for word in found for part in _parted(word)]
    return [_SAID.get(word) or (_number(word) if "," in word else word) for word in found]


def _number(word: str) -> str:
    """Without commas of thousands, and with a decimal point."""
    if word.find(".") < word.find(",") and "." in word:
        return word.replace(".", "").replace(",", ".")
    return word.replace(",", "")


def _written_date(found: re.Match[str]) -> str:
    day, month, year = (
        next(part for name in names if (part := found[name])) for names in (_DAYS, _MONTHS_FOUND, _YEARS)
    )
    return f" {int(day)} {MONTHS[int(month) - 1]} {year} "


def _pairs(word: str) -> Iterator[str]:
    if len(word) > 1 and _UNSPACED.match(word):
        return (word[at : at + 2] for at in range(len(word) - 1))
    return iter((word,))


def _parted(word: str) -> Iterator[str]:
    if "'" in word and (elided := _ELISION.match(word)):
        yield elided[1][:-1]
        word = word[elided.end() :]
    yield word.removesuffix("'s")


def content_words(text: str, language: Language | None = None) -> list[str]:
    """``words`` without the stop words of ``language`` (by default that of ``text``); all if none would remain."""
    return without_stop_words(words(text), language or detect(text))


def without_stop_words(found: Iterable[str], language: Language = "en") -> list[str]:
    """The words that carry meaning in ``language``, in order; all of them if there is none."""
    everything = list(found)
    stop_words = STOP_WORDS_OF[language]
    return [word for word in everything if word not in stop_words] or everything


def stems(text: str) -> set[str]:
    """The distinct stems of the content words of ``text``, both by its language."""
    language = detect(text)
    return {stem(word, language) for word in content_words(text, language)}
