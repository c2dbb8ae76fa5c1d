"""Money, units, ranges, telephone numbers and the signs of arithmetic."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vasi.language.spoken.spoken_text import Change
from vasi.language.spoken.table import Currency, SpokenLanguage

_NUMBER = r"\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3}){1,5}(?![\d])(?:[.,]\d{1,3})?|\d{1,15}(?:[.,]\d{1,10})?"
_BEGIN, _END = r"(?<![^\W\u3041-\u9fff])", r"(?![^\W\u3041-\u9fff])"
"""No letter or digit before, and after; Japanese has no spaces."""
_SCALE = (
    r"(?:[ \u00a0]?(?P<scale>[kK]|[mM]|bn|[mM]io\.?|[mM]rd\.?|[mM]illions?|[bB]illions?|[mM]illionen|[mM]illones"
    r"|[mM]ilhões|thousand|trillion)(?![^\W_]))?"
)
_SIGN = r"(?:US|R)?\$|[€£¥₹]|(?:USD|EUR|GBP|CHF|JPY)(?![A-Za-z])"
_LAST = rf"(?:\s?[-–]\s?(?:{_SIGN})?\s?(?P<last>{_NUMBER}))?"
_BEFORE = re.compile(
    rf"(?<![$€£¥]){_BEGIN}(?P<minus>[-−])?(?P<sign>{_SIGN})\s?(?P<first>{_NUMBER}){_LAST}{_SCALE}{_END}(?!%)"
)
_AFTER = re.compile(rf"(?<![\w.,])(?P<first>{_NUMBER}){_LAST}{_SCALE}\s?(?P<sign>{_SIGN}){_END}")
_UNIT = re.compile(
    rf"{_BEGIN}(?<![.,])(?P<number>{_NUMBER})(?P<space>[ \u00a0\u202f-]?)"
    r"(?P<unit>[A-Za-zµμΩ°%‰][A-Za-zµμΩ²³0-9]{0,5}(?:/[A-Za-z²³0-9]{1,4})?)"
    rf"(?:\.(?=[ \u00a0][a-zà-ÿ]))?{_END}"
)
_GROUPED = re.compile(
    r"(?<![\w.,/:-])\d{1,3}(?:(?P<mark>[.,'’\u00a0\u202f ])\d{3})(?:(?P=mark)\d{3}){0,4}(?![\d])"
    r"(?P<rest>[.,]\d{1,10})?(?![\w/:])"
)
_SMALL = r"\d{1,6}(?:[.,]\d{1,3})?"
_RANGE = re.compile(rf"{_BEGIN}(?<![.,/-])({_SMALL})(?P<unit>\s?[%°])?(?:\s?–\s?|-)({_SMALL})(?![/-]|[.,]\d){_END}")
_JOINT = re.compile(r"(?<=[^\W_])(?:\s?–\s?|\s—\s)(?=\d)|(?<=\d)\s?–\s?(?=[^\W_])")
_NAMES = re.compile(r"(?<=[^\W\d_])(?P<stop>\.?)–(?=[^\W\d_])")
_PHONE = re.compile(
    r"(?<![\w.,/-])(?:\+\d{1,3}[ .\u00a0-]?)?(?:\(\d{1,5}\)[ .\u00a0-]?)?"
    r"\d{2,8}(?:[ .\u00a0/-]\d{2,8}){1,5}(?![\w/-]|[.,]\d)"
)
_LONG = re.compile(r"(?<![\w.,/-])(?:0\d{1,30}|\d{7,30})(?![\w-]|[.,]\d)")
_DIGITS = re.compile(r"\d+")
_TIMES = re.compile(r"(?<=\d)\s?[x×]\s?(?=\d)")
_MINUS = re.compile(r"(?<![\w.)\]])[-−–](?=\d)")
_FRACTION = re.compile(
    r"(?<![\w./,])(?:(?P<whole>\d{1,4})[ \u00a0])?(?P<part>1/2|1/3|2/3|1/4|3/4|1/5|1/8)(?![\w/.])"
    r"|(?:(?P<number>\d{1,4})[ \u00a0]?)?(?P<sign>[½⅓⅔¼¾⅛])"
)
_POWER = re.compile(r"(?<=[\w)])(?:\^(?P<power>-?\d{1,3})|(?P<raised>[²³]))")
_RAISED = {"²": "2", "³": "3"}
_HASH = re.compile(r"(?<![\w&])#(?=\d)")
_PHONE_WORDS = re.compile(
    r"(?:tel|phone|fax|call|mobile|number|telefon|ruf|appel|téléphone|llame|ligue|telefone|هاتف|電話)[^\d]{0,20}$",
    re.IGNORECASE,
)


def plain(number: str, language: SpokenLanguage) -> str:
    """``1.234,50`` as espeak reads it in that language: without marks between thousands, with the decimal mark."""
    marks = [mark for mark in number if not mark.isdecimal()]
    if not marks:
        return number
    last = marks[-1]
    tail = number.rpartition(last)[2]
    digits = "".join(char for char in number.rpartition(last)[0] if char.isdecimal())
    decimal = last in ".," and (
        len(tail) != 3 or (last == language.decimal and marks.count(last) == 1 and len(marks) == 1)
    )
    return f"{digits}{language.decimal}{tail}" if decimal else f"{digits}{tail}"


def money(text: str, language: SpokenLanguage) -> Iterator[Change]:
    """Amounts with the sign or the code of a currency, on either side."""
    for match in (*_BEFORE.finditer(text), *_AFTER.finditer(text)):
        currency = language.currencies.get("$" if match["sign"] == "US$" else match["sign"])
        if currency is not None:
            minus = f"{language.words['minus']} " if match.re is _BEFORE and match["minus"] else ""
            yield (*match.span(), minus + _amount(match, currency, language))


def _amount(match: re.Match[str], currency: Currency, language: SpokenLanguage) -> str:
    first = plain(match["first"], language)
    scale = language.scales.get((match["scale"] or "").lower().rstrip("."), match["scale"] or "")
    if match["last"]:
        last = plain(match["last"], language)
        return " ".join(filter(None, (first, language.words["to"], last, scale, currency.many)))
    if scale:
        return f"{first} {scale} {_of(language)}{currency.many}"
    whole, _, part = first.partition(language.decimal)
    if len(part) == 2 and currency.cent:
        hundredths = f"{int(part)} {currency.cent if int(part) == 1 else currency.cents}"
        if int(part) and not int(whole or 0):
            return hundredths
        tail = f"{language.cents}{hundredths}" if int(part) else ""
        return f"{whole} {currency.one if whole == '1' else currency.many}{tail}"
    return f"{first} {currency.one if first == '1' else currency.many}"


def _of(language: SpokenLanguage) -> str:
    return language.words.get("of", "")


def units(text: str, language: SpokenLanguage) -> Iterator[Change]:
    """Numbers with an abbreviated unit."""
    for match in _UNIT.finditer(text):
        unit = language.units.get(match["unit"])
        if unit is None or (match["space"] == "-" and match["unit"][:1] in "ah"):
            continue
        number = plain(match["number"], language)
        yield (*match.span(), f"{number} {unit[0] if number == '1' else unit[1]}")


def ranges(text: str, language: SpokenLanguage) -> Iterator[Change]:
    """What a dash joins: "3-5", "Mon–Fri"."""
    to = f" {language.words['to']} "
    for match in _RANGE.finditer(text):
        first, last = (float(number.replace(",", ".")) for number in (match[1], match[3]))
        if first < last:
            yield match.end(1) + len(match["unit"] or ""), match.start(3), to
    for match in _JOINT.finditer(text):
        yield (*match.span(), to)
    for match in _NAMES.finditer(text):
        if text[match.end()].isupper():
            yield match.end("stop"), match.end(), to


def grouped(text: str, language: SpokenLanguage) -> Iterator[Change]:
    """Large numbers without the marks between their thousands."""
    for match in _GROUPED.finditer(text):
        if match["mark"] == language.decimal and not match["rest"] and match.group().count(match["mark"]) == 1:
            continue  # decimals
        yield (*match.span(), plain(match.group(), language))


def phones(text: str, language: SpokenLanguage) -> Iterator[Change]:
    """Telephone numbers, and whatever else is too long to count, digit by digit."""
    for match in (*_PHONE.finditer(text), *_LONG.finditer(text)):
        if match.re is _LONG or _is_phone(text, match):
            plus = f"{language.words['plus']} " if match.group().startswith("+") else ""
            yield (*match.span(), plus + ", ".join(" ".join(group) for group in _groups(match.group())))


def _groups(number: str) -> list[str]:
    """The groups of digits; a long one in threes."""
    groups: list[str] = []
    for run in _DIGITS.findall(number):
        count = 1 if len(run) <= 5 else (len(run) + 1) // 3
        groups += [run[3 * at : 3 * at + 3] for at in range(count - 1)] + [run[3 * count - 3 :]]
    return groups


def _is_phone(text: str, match: re.Match[str]) -> bool:
    number = match.group()
    runs = _DIGITS.findall(number)
    digits = sum(map(len, runs))
    if not 7 <= digits <= 15:
        return False
    told = _PHONE_WORDS.search(text, max(0, match.start() - 30), match.start()) is not None
    if number[0] in "+(0":
        return told or "/" not in number  # that could be a date
    return told or (number.count("-") == len(runs) - 1 and [len(run) for run in runs] in ([3, 4], [3, 3, 4]))


def arithmetic(text: str, language: SpokenLanguage) -> Iterator[Change]:
    """Fractions, powers, signs before numbers, and what stands between them."""
    words = language.words
    for match in _FRACTION.finditer(text):
        said = language.fractions.get(match["part"] or match["sign"])
        whole = match["whole"] or match["number"]
        if said is not None:
            yield (*match.span(), f"{whole} {words['and']} {said}" if whole else said)
    for match in _POWER.finditer(text):
        power = match["power"] or _RAISED[match["raised"]]
        yield (*match.span(), f" {words.get(f'power {power}') or words['power'] + ' ' + power}")
    for pattern, word in (
        (_TIMES, f" {words['times']} "),
        (_MINUS, f"{words['minus']} "),
        (_HASH, f"{words['number']} "),
    ):
        for match in pattern.finditer(text):
            yield (*match.span(), word)
