"""Numbers that are written in words, up to ninety-nine: "twenty-five", "fünfundzwanzig", "vingt et un".

"One" is left out where a word is an article as often.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from vasi.language.stop_words import Language

_ENGLISH = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen",
    "twenty thirty forty fifty sixty seventy eighty ninety",
)
_FRENCH = (
    "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit"
    " dix-neuf",
    "vingt trente quarante cinquante soixante",
)
_SPANISH = (
    "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete"
    " dieciocho diecinueve",
    "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
)
_PORTUGUESE = (
    "um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete dezoito"
    " dezenove",
    "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
)
_ITALIAN = (
    "uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici"
    " diciassette diciotto diciannove",
    "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
)
_GERMAN = (
    "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn"
    " achtzehn neunzehn",
    "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
)
_DUTCH = (
    "een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien"
    " achttien negentien",
    "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
)
_HUNDREDS: Mapping[Language, str] = {
    "de": "hundert tausend", "es": "cien mil", "fr": "cent mille", "it": "cento mille", "nl": "honderd duizend",
    "pt": "cem mil",
}  # fmt: skip
_MORE: Mapping[Language, str] = {"pt": "dezasseis 16 dezassete 17 dezanove 19 duas 2", "de": "dreissig 30 zwo 2"}


def _counted(names: tuple[str, str]) -> Iterator[tuple[str, int]]:
    """The names of one language up to nineteen, and of the tens."""
    small, tens = names
    yield from ((word, number) for number, word in enumerate(small.split(), 1))
    yield from ((word, 10 * number) for number, word in enumerate(tens.split(), 2))


def _germanic(names: tuple[str, str], joint: str) -> Iterator[tuple[str, int]]:
    small, tens = (part.split() for part in names)
    for ten, name in enumerate(tens, 2):
        for one, digit in enumerate(small[:9], 1):
            link = f"ë{joint[1:]}" if joint == "en" and digit.endswith("e") else joint
            yield f"{digit}{link}{name}", 10 * ten + one


def _italian() -> Iterator[tuple[str, int]]:
    small, tens = (part.split() for part in _ITALIAN)
    for ten, name in enumerate(tens, 2):
        for one, digit in enumerate(small[:9], 1):
            yield (name[:-1] if digit[0] in "uo" else name) + ("tré" if one == 3 else digit), 10 * ten + one
            if one == 3:
                yield name + digit, 10 * ten + one


def _spanish() -> Iterator[tuple[str, int]]:
    twenties = "veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve"
    return ((word, number) for number, word in enumerate(twenties.split(), 21))


def _words(language: Language) -> dict[str, int]:
    match language:
        case "de":
            found = dict([*_counted(_GERMAN), *_germanic(_GERMAN, "und")])
        case "nl":
            found = dict([*_counted(_DUTCH), *_germanic(_DUTCH, "en")])
        case "it":
            found = dict([*_counted(_ITALIAN), *_italian()])
        case "es":
            found = dict([*_counted(_SPANISH), *_spanish()])
        case "fr":
            found = dict([*_counted(_FRENCH), ("quatre-vingts", 80)])
        case _:
            found = dict(_counted(_PORTUGUESE))
    more = _MORE.get(language, "").split()
    found |= {word: int(number) for word, number in zip(more[::2], more[1::2], strict=True)}
    found |= dict(zip(_HUNDREDS[language].split(), (100, 1000), strict=True))
    return {word: number for word, number in found.items() if number > 1}


NUMBER_WORDS: Mapping[Language, Mapping[str, int]] = {language: _words(language) for language in _HUNDREDS}
"""By language, English left out, the numbers of words that stand by themselves."""

ENGLISH: Mapping[str, int] = dict(_counted(_ENGLISH))
"""The same of English."""

_UNITS = {
    word: number
    for names in (_ENGLISH, _FRENCH, _SPANISH, _PORTUGUESE)
    for word, number in zip(names[0].split(), range(1, 20), strict=True)
} | {"une": 1, "una": 1, "duas": 2}
_TENS = {
    word: number
    for names in (_ENGLISH, _FRENCH, _SPANISH, _PORTUGUESE)
    for word, number in zip(names[1].split(), range(20, 100, 10), strict=False)
} | {"quatre-vingt": 80, "quatre-vingts": 80, "fourty": 40}


_FRENCH_UNITS = "|".join(sorted(_FRENCH[0].split(), key=len, reverse=True))
_COMPOUND = re.compile(
    rf"(?<![\w-])(?:(?P<en>{_ENGLISH[1].replace(' ', '|')}|fourty)[- ](?P<en_unit>{'|'.join(_ENGLISH[0].split()[:9])})"
    rf"|(?P<fr>quatre-vingt|{_FRENCH[1].replace(' ', '|')})(?:-| et |-et-)(?P<fr_unit>{_FRENCH_UNITS})"
    rf"|(?P<es>{_SPANISH[1].replace(' ', '|')}) y (?P<es_unit>{'|'.join(_SPANISH[0].split()[:9])}|una)"
    rf"|(?P<pt>{_PORTUGUESE[1].replace(' ', '|')}) e (?P<pt_unit>{'|'.join(_PORTUGUESE[0].split()[:9])}|uma|duas))"
    r"(?!\w)"
)


def with_digits(text: str) -> str:
    """``text``, in lower case, with the numbers of several words in digits: "twenty-five" is "25"."""
    return _COMPOUND.sub(_value, text)


def _value(found: re.Match[str]) -> str:
    for language in ("en", "fr", "es", "pt"):
        if (tens := found[language]) is not None:
            unit = found[f"{language}_unit"]
            return str(_TENS[tens] + (1 if unit == "uma" else _UNITS[unit]))
    return found[0]
