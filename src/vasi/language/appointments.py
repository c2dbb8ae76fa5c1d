"""Days ahead that a text names: "on Friday", "the 3rd of May", "from Monday to Wednesday", "every Tuesday".

``dates`` reads stretches of the past (when something was written down); here a bare weekday is the next one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from vasi.language.dates import DAYS, MONTHS, NTH, number_of, ordinal_of

_DAY = "|".join(DAYS)
_MONTH = "|".join(MONTHS)
_YEAR = r"(?:,? (?:19|20)\d\d)?"
DAY_AHEAD = (
    r"(?:the day after tomorrow|tomorrow|today|tonight|(?:this |next |every |on )?"
    rf"(?:{_DAY})s?|\d{{4}}-\d\d-\d\d"
    rf"|(?:on )?(?:the )?(?:{NTH})(?: of)? (?:{_MONTH}){_YEAR}|(?:on )?(?:{_MONTH}) (?:the )?(?:{NTH})(?!\d){_YEAR}"
    rf"|(?:in|during|this|next) (?:{_MONTH}){_YEAR}|(?:this|next) (?:week|weekend|month|year)"
    r"|in (?:\d{1,3}|an?|two|three|four|five|six|seven|eight|nine|ten) (?:day|week|month)s?"
    r"|(?:on )?the (?:\d{1,2}(?:st|nd|rd|th)))"
)
"""A pattern: one such day or stretch of days."""
_LONGEST = 10_000
_NAMED = re.compile(rf"\b{DAY_AHEAD}\b", re.IGNORECASE)
_TO = frozenset(("to", "until", "till", "through", "-", "–"))
_WEEKDAY = re.compile(rf"(?:(?P<which>this|next|every|on) )?(?P<day>{_DAY})(?P<all>s)?", re.IGNORECASE)
_DATE = re.compile(
    rf"(?:on )?(?:the )?(?P<nth>{NTH})(?: of)? (?P<month>{_MONTH})(?:,? (?P<year>\d{{4}}))?"
    rf"|(?:on )?(?P<month2>{_MONTH}) (?:the )?(?P<nth2>{NTH})(?:,? (?P<year2>\d{{4}}))?",
    re.IGNORECASE,
)
_IN_MONTH = re.compile(rf"(?P<which>in|during|this|next) (?P<month>{_MONTH})(?:,? (?P<year>\d{{4}}))?", re.IGNORECASE)
_CALENDAR = re.compile(r"(?P<which>this|next) (?P<unit>week|weekend|month|year)", re.IGNORECASE)
_IN = re.compile(r"in (?P<count>\w+) (?P<unit>day|week|month)s?", re.IGNORECASE)
_NTH_ALONE = re.compile(r"(?:on )?the (?P<nth>\d{1,2})(?:st|nd|rd|th)", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


@dataclass(frozen=True, slots=True)
class DaysAhead:
    """The days [since, until); ``weekday`` (0 is Monday): every such day."""

    since: datetime
    until: datetime
    weekday: int | None = None

    def meets(self, other: DaysAhead) -> bool:
        """Whether they have a day in common."""
        if self.weekday is not None:
            return self.weekday == other.weekday if other.weekday is not None else other.meets(self)
        if other.weekday is not None:
            days = min((self.until - self.since).days, 7)
            return any((self.since + timedelta(days=day)).weekday() == other.weekday for day in range(days))
        return self.since < other.until and other.since < self.until


def days_ahead(text: str, now: datetime) -> list[DaysAhead]:
    """The days that ``text``, said ``now``, names, in the zone of ``now``; two with "to" between are one stretch."""
    text = text[:_LONGEST]
    found: list[DaysAhead] = []
    before: re.Match[str] | None = None
    for named in _NAMED.finditer(text):
        days = _read(named[0], now)
        if days is None:
            continue
        if before is not None and text[before.end() : named.start()].strip().lower() in _TO:
            found[-1] = _joined(before[0], found[-1], days)
        else:
            found.append(days)
        before = named
    return found


def _joined(said: str, first: DaysAhead, last: DaysAhead) -> DaysAhead:
    """From ``first``, which was said so, to ``last``: "the 3rd to the 5th of May" begins in May."""
    since = first.since
    if alone := _NTH_ALONE.fullmatch(said):
        since = last.since.replace(day=min(int(alone["nth"]), last.since.day))
    until = last.until if last.until > since else last.until + timedelta(days=7)
    return DaysAhead(since, max(until, since + timedelta(days=1)))


def _read(said: str, now: datetime) -> DaysAhead | None:
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    near = {"today": 0, "tonight": 0, "tomorrow": 1, "the day after tomorrow": 2}.get(said.lower())
    try:
        if near is not None:
            return _one(today + timedelta(days=near))
        return next((days for days in _readings(said, today) if days is not None), None)
    except (ValueError, OverflowError):  # the 30th of February
        return None


def _readings(said: str, today: datetime) -> Iterator[DaysAhead | None]:
    if match := _WEEKDAY.fullmatch(said):
        wanted = DAYS.index(match["day"].lower())
        days = _one(today + timedelta(days=(wanted - today.weekday()) % 7))
        every = match["all"] is not None or (match["which"] or "").lower() == "every"
        yield DaysAhead(days.since, days.until, wanted) if every else days
    if match := _DATE.fullmatch(said):
        year = match["year"] or match["year2"]
        yield _date(match["nth"] or match["nth2"], match["month"] or match["month2"], year, today)
    if match := _IN_MONTH.fullmatch(said):
        month = MONTHS.index(match["month"].lower()) + 1
        yield _month(today, int(match["year"]) if match["year"] else today.year + (month < today.month), month)
    if match := _CALENDAR.fullmatch(said):
        yield _calendar(match["unit"].lower(), today, ahead=match["which"].lower() == "next")
    if match := _IN.fullmatch(said):
        count = number_of(match["count"]) or 1
        yield _one(today + timedelta(days=count * {"day": 1, "week": 7, "month": 30}[match["unit"].lower()]))
    if match := _NTH_ALONE.fullmatch(said):
        day = today.replace(day=int(match["nth"]))
        yield _one(day if day >= today else _month(today, today.year, today.month).until.replace(day=day.day))
    if match := _ISO.fullmatch(said):
        yield _one(today.replace(year=int(match[1]), month=int(match[2]), day=int(match[3])))


def _date(nth: str, month: str, year: str | None, today: datetime) -> DaysAhead | None:
    number = ordinal_of(nth)
    if number is None:
        return None
    day = today.replace(year=int(year) if year else today.year, month=MONTHS.index(month.lower()) + 1, day=number)
    return _one(day if year or day >= today else day.replace(year=day.year + 1))


def _calendar(unit: str, today: datetime, *, ahead: bool) -> DaysAhead:
    monday = today - timedelta(days=today.weekday()) + timedelta(days=7 * ahead)
    match unit:
        case "week":
            return DaysAhead(monday, monday + timedelta(days=7))
        case "weekend":
            return DaysAhead(monday + timedelta(days=5), monday + timedelta(days=7))
        case "month":
            month = _month(today, today.year, today.month)
            return _month(today, month.until.year, month.until.month) if ahead else month
        case _:
            first = today.replace(year=today.year + ahead, month=1, day=1)
            return DaysAhead(first, first.replace(year=first.year + 1))


def _month(today: datetime, year: int, month: int) -> DaysAhead:
    first = today.replace(year=year, month=month, day=1)
    return DaysAhead(first, first.replace(year=year + (month == 12), month=month % 12 + 1))


def _one(day: datetime) -> DaysAhead:
    return DaysAhead(day, day + timedelta(days=1))
