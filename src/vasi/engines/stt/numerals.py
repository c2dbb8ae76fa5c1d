"""Numbers as they are said: a recogniser hears "one thousand dollars", documents say "$1,000"."""

from __future__ import annotations

import re

_ONE_WORDS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen
"""
_TEN_WORDS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety"
_ONES, _TENS = _ONE_WORDS.split(), _TEN_WORDS.split()
_SCALES = ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"), (10**2, "hundred"))
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_CURRENCIES = {"$": "dollars", "€": "euros", "£": "pounds"}
_UNITS = {"%": ["percent"], "°": ["degrees"]}

NUMBER = re.compile(
    r"(?P<currency>[$€£])?(?<!\d)(?P<whole>\d{1,3}(?:,\d{3}){1,10}|\d++)(?P<part>[.:]\d+)?(?P<suffix>st|nd|rd|th)?\b\s?(?P<unit>[%°])?"
)


def spoken(match: re.Match[str]) -> list[str]:
    """The words of a ``NUMBER``: "$1,500" is one thousand five hundred dollars, "9:30" nine thirty."""
    whole = match["whole"].replace(",", "")
    value, part = int(whole[:15]), match["part"] or ""
    if (len(whole) > 6 and "," not in match["whole"]) or (len(whole) > 1 and whole.startswith("0")):
        words = [_ONES[int(digit)] for digit in whole]
    elif len(whole) == 4 and 1100 <= value < 2100 and not match["currency"] and "," not in match["whole"]:
        words = _year(value)
    else:
        words = _cardinal(value)
    if part.startswith(":"):
        words += _minutes(part[1:])
    elif part and match["currency"] and len(part) == 3:
        currency = _CURRENCIES[match["currency"]]
        return [*words, currency, *(_cardinal(int(part[1:])) if int(part[1:]) else [])]
    elif part:
        words += ["point", *(_ONES[int(digit)] for digit in part[1:])]
    if match["suffix"]:
        words[-1] = _ordinal(words[-1])
    if match["currency"]:
        words.append(_CURRENCIES[match["currency"]])
    return words + _UNITS.get(match["unit"] or "", [])


def _cardinal(value: int) -> list[str]:
    if value < 20:
        return [_ONES[value]]
    if value < 100:
        return [_TENS[value // 10], *(_cardinal(value % 10) if value % 10 else [])]
    for scale, name in _SCALES:
        if value >= scale:
            return [*_cardinal(value // scale), name, *(_cardinal(value % scale) if value % scale else [])]
    raise AssertionError(value)


def _year(value: int) -> list[str]:
    if 2000 <= value < 2010 or value % 1000 == 0:
        return _cardinal(value)
    century, rest = divmod(value, 100)
    if not rest:
        return [*_cardinal(century), "hundred"]
    return [*_cardinal(century), *(["oh"] if rest < 10 else []), *_cardinal(rest)]


def _minutes(digits: str) -> list[str]:
    value = int(digits[:2])
    if not value:
        return []
    return [*(["oh"] if value < 10 and len(digits) > 1 else []), *_cardinal(value)]


def _ordinal(word: str) -> str:
    if word in _ORDINALS:
        return _ORDINALS[word]
    return f"{word[:-1]}ieth" if word.endswith("y") else f"{word}th"
