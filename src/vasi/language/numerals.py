"""Written numbers as they are spoken: what a recogniser hears is words, what a document has is digits.

The recogniser's language model, the index of sounds and the citations all read numbers with this one module: what the
recogniser is taught must be what is found.
"""

from __future__ import annotations

import re

_SMALL = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = ((1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand"), (100, "hundred"))
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip
_CURRENCIES = {"$": "dollars", "€": "euros", "£": "pounds"}
_UNITS = {"%": " percent", "°": " degrees"}
_LONGEST_COUNTED = 12
"""Digits; a longer number is read digit by digit, and so is one of more than ``_LONGEST_BARE`` without commas: it's a
telephone number, or a code."""
_LONGEST_BARE = 6

_NUMBER = re.compile(
    r"(?P<currency>[$€£])?\s?"
    r"(?<!\d)(?P<whole>\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.(?P<part>\d+))?"
    r"(?:(?P<ordinal>st|nd|rd|th)\b)?"
    r"(?:\s?(?P<unit>[%°]))?"
    r"(?P<scale>\s(?:hundred|thousand|million|billion)\b)?",
    re.IGNORECASE | re.ASCII,
)
_CLOCK = re.compile(r"\b(\d{1,2}):([0-5]\d)\b", re.ASCII)


def spoken(text: str) -> str:
    """``text`` with every number written out: ``$35`` becomes ``thirty five dollars``.

    A bare number between 1100 and 2099 is read as a year (``2026`` is ``twenty twenty six``, ``1500`` is ``fifteen
    hundred``) but for those from 2000 to 2009; one with a leading zero, or too long to count, digit by digit.
    """
    return _NUMBER.sub(_say, _CLOCK.sub(_say_clock, text)) if any(c.isdecimal() for c in text) else text


def cardinal(number: int) -> str:
    """``1250`` is ``one thousand two hundred fifty``. ``number`` is at least 0 and below 10**12."""
    if number < 20:
        return _SMALL[number]
    if number < 100:
        return _TENS[number // 10] + (f" {_SMALL[number % 10]}" if number % 10 else "")
    scale, name = next(pair for pair in _SCALES if number >= pair[0])
    rest = f" {cardinal(number % scale)}" if number % scale else ""
    return f"{cardinal(number // scale)} {name}{rest}"


def ordinal(number: int) -> str:
    """``22`` is ``twenty second``."""
    *front, last = cardinal(number).split()
    return " ".join([*front, _ORDINALS.get(last) or (last[:-1] + "ie" if last[-1] == "y" else last) + "th"])


def _digits(number: str) -> str:
    return " ".join(_SMALL[int(digit)] for digit in number)


def _year(number: int) -> str | None:
    if not (1100 <= number < 2000 or 2010 <= number < 2100):
        return None
    low = number % 100
    if not low:
        return f"{cardinal(number // 100)} hundred"
    return f"{cardinal(number // 100)} {'oh ' if low < 10 else ''}{cardinal(low)}"


def _say_clock(found: re.Match[str]) -> str:
    minutes = int(found[2])
    spoken_minutes = "" if minutes == 0 else f" oh {cardinal(minutes)}" if minutes < 10 else f" {cardinal(minutes)}"
    return cardinal(int(found[1])) + spoken_minutes


def _say(found: re.Match[str]) -> str:
    whole = found["whole"].replace(",", "")
    said = _whole(found, whole)
    if found["part"] and found["currency"] and len(found["part"]) == 2:
        said += f" {_CURRENCIES[found['currency']]}"
        said += f" {cardinal(int(found['part']))} cents" if int(found["part"]) else ""
        return f" {said}{_UNITS.get(found['unit'], '')}{found['scale'] or ''} "
    if found["part"]:
        said += f" point {_digits(found['part'])}"
    said += found["scale"] or ""
    said += _UNITS.get(found["unit"], "")
    said += f" {_CURRENCIES[found['currency']]}" if found["currency"] else ""
    return f" {said} "


def _whole(found: re.Match[str], whole: str) -> str:
    bare = "," not in found["whole"] and not (found["currency"] or found["part"] or found["unit"])
    longest = _LONGEST_BARE if bare else _LONGEST_COUNTED
    if len(whole) > longest or (len(whole) > 1 and whole[0] == "0"):
        return _digits(whole)
    number = int(whole)
    if found["ordinal"]:
        return ordinal(number)
    return (bare and _year(number)) or cardinal(number)
