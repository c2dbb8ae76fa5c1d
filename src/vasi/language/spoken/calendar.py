"""Dates, years and times of day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vasi.language.spoken.spoken_text import Change
from vasi.language.spoken.table import SpokenLanguage, words

_ISO = re.compile(r"(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])(?:T(?=\d))?")
_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})(?P<mark>[./-])(\d{1,2})(?P=mark)(\d{4}|\d{2})(?![\d/-]|\.\d)")
_DAY_MONTH = re.compile(
    r"(?<![\d.,:/-])(\d{1,2})(?:st|nd|rd|th|er|\.?º|\.|日)?[ \u00a0](?:of |de |d['’])?([^\W\d_]{3,12})\b\.?"
    r"(?:,?[ \u00a0](?:de |del )?(\d{4})(?![\d:.,]\d|\w))?"
)
_MONTH_DAY = re.compile(
    r"\b([A-Z][a-z]{2,8})\.?[ \u00a0](\d{1,2})(?:st|nd|rd|th)?(?![\d:%]|[.,/-]\d)"
    r"(?:,?[ \u00a0](\d{4})(?![\d:.,]\d|\w))?"
)
_MONTH_YEAR = re.compile(r"\b([^\W\d_]{3,12})\.?[ \u00a0](?:de |del )?(\d{4})(?![\d:.,]\d|\w)")
_YEAR = re.compile(r"(?<![\w.,:/$€£¥#+-])(1[1-9]\d\d|20\d\d)(?P<s>s)?(?![\w%°€$£]|[.,:/]\d|-\d)")
_SPAN = re.compile(r"(?<![\w.,:/-])(1[1-9]\d\d|20\d\d)\s?[–-]\s?((?:1[1-9]|20)?\d\d)(?![\w:/-]|[.,]\d)")
_CLOCK = re.compile(
    r"(?<![\d.,:/])(?P<hour>[01]?\d|2[0-4])"
    r"(?:(?P<mark>[:h.])(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,]\d{1,6})?)?)?(?![\d:]|[.,]\d)"
    r"(?:[ \u00a0]?(?P<half>[aApP]\.?[mM]|[Uu]hr|heures?|horas?|Z)\b)?"
)
_STOP = re.compile(r"\.(?!\s{1,3}[^\W\d_a-z]|\s{0,3}$)")
"""A full stop that belongs to an abbreviation alone."""
_WORD_BEFORE = re.compile(r"(?<![^\W\d_])([^\W\d_]{1,20})\s{0,3}$")
_WORD_AFTER = re.compile(r"\s?([^\W\d_]{1,20})")


def dates(text: str, language: SpokenLanguage) -> Iterator[Change]:
    """Days of a year, however they are written."""
    for match in _ISO.finditer(text):
        yield from _date(match, int(match[3]), int(match[2]), int(match[1]), language)
    for match in _NUMERIC.finditer(text):
        day, month, year = int(match[1]), int(match[3]), int(match[4])
        if language.day_first is None and month > 12:
            day, month = month, day
        elif language.day_first is None and day <= 12 and match["mark"] != ".":
            continue  # the third of April, or the fourth of March
        year += 0 if year > 99 else 2000 if year < 70 else 1900
        yield from _date(match, day, month, year, language)
    for match in _DAY_MONTH.finditer(text):
        yield from _date(match, int(match[1]), _month(match[2], language), int(match[3] or 0), language)
    for match in _MONTH_DAY.finditer(text) if language.code == "en" else ():
        yield from _date(match, int(match[2]), _month(match[1], language), int(match[3] or 0), language)
    for match in _MONTH_YEAR.finditer(text):
        month, year = _month(match[1], language), int(match[2])
        if month and 1100 <= year < 2100:
            yield (*match.span(1), language.months[month - 1])
            yield (*match.span(2), language.year(year))


def _month(name: str, language: SpokenLanguage) -> int:
    low = name.lower().rstrip(".")
    names = [month.lower() for month in language.months]
    return names.index(low) + 1 if low in names else language.month_names.get(low, 0)


def _date(match: re.Match[str], day: int, month: int, year: int, language: SpokenLanguage) -> Iterator[Change]:
    text = match.string
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return
    before = _WORD_BEFORE.search(text, max(0, match.start() - 20), match.start())
    said = language.date(day, language.months[month - 1], year, before[1].lower() if before else "")
    ends = match.group().endswith(".") and match.end() == len(text)
    yield (*match.span(), said + (" " if match.group().endswith("T") else "." if ends else ""))


def years(text: str, language: SpokenLanguage) -> Iterator[Change]:
    """Years, decades and spans of years."""
    for match in _SPAN.finditer(text):
        first, last = int(match[1]), int(match[2])
        last += first // 100 * 100 if last < 100 else 0
        if last > first:
            yield (*match.span(), f"{language.year(first)} {language.words['to']} {language.year(last)}")
    for match in _YEAR.finditer(text):
        year = int(match[1])
        if match["s"]:
            if language.code == "en" and year % 10 == 0:
                yield (*match.span(), _decade(language.year(year)))
        elif (year >= 1900 or _dates_before(text, match.start())) and not _is_counted(text, match.end()):
            yield (*match.span(), language.year(year))


def _decade(year: str) -> str:
    return f"{year[:-1]}ies" if year.endswith("y") else f"{year}s"


_DATING = words("""
        in since until till of by from to year circa about around before after between summer winter spring
        autumn im seit bis von vom jahr um vor nach en depuis vers de desde hasta em até año ano année an
    """)
_MEASURES = words("""
        km m cm mm kg g mg l ml kb mb gb tb w kw v a ma hz khz mhz ghz rpm ms s h ft in lb lbs oz eur usd
        gbp chf euro euros dollars pounds people members words pages miles metres meters kilometres
        kilometers grams litres liters euros yen
    """)


def _dates_before(text: str, start: int) -> bool:
    before = _WORD_BEFORE.search(text, max(0, start - 20), start)
    return before is not None and before[1].lower() in _DATING


def _is_counted(text: str, end: int) -> bool:
    """Whether the number that ends at ``end`` counts what follows."""
    following = _WORD_AFTER.match(text, end)
    return following is not None and following[1].lower() in _MEASURES


def times(text: str, language: SpokenLanguage) -> Iterator[Change]:
    """Times of day."""
    end = 0
    for match in _CLOCK.finditer(text):
        half = (match["half"] or "").lower().replace(".", "")
        joint = text[end : match.start()]
        joined = end > 0 and joint.strip() in ("-", "–")
        if (match["mark"] == "." and half != "uhr") or (text[match.start() - 1 : match.start()] == "-" and not joined):
            continue
        if match["minute"] is None and half not in ("am", "pm"):
            continue
        if match["minute"] is None and language.code != "en":
            continue
        said = language.clock(int(match["hour"]), int(match["minute"] or 0), half if half in ("am", "pm") else "")
        if match["second"] and int(match["second"]):
            said = f"{int(match['hour'])} {int(match['minute'])} {int(match['second'])}"
        if joined:
            yield end, match.start(), f" {language.words['to']} "
        dotted = match["half"] is not None and "." in match["half"] and _STOP.match(text, match.end())
        end = match.end() + 1 if dotted else match.end()
        yield match.start(), end, said
