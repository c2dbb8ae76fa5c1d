"""Times as people say them: "yesterday", "last week", "on monday", "three days ago", "the third of march".

``find_period`` reads a stretch of the past out of a sentence (what notes were taken when), the
``spoken_…`` functions say a moment the way a person would. The present and its zone are always an argument.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty",
)  # fmt: skip
_NUMBERS = {word: number for number, word in enumerate(_SMALL)} | {
    "a": 1, "an": 1, "couple of": 2, "a couple of": 2, "few": 3, "a few": 3, "thirty": 30,
}  # fmt: skip
_NINTHS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_ORDINALS = {
    word: number
    for number, word in enumerate(
        (
            *_NINTHS, "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth",
            "seventeenth", "eighteenth", "nineteenth", "twentieth",
            *(f"twenty {ninth}" for ninth in _NINTHS), "thirtieth", "thirty first",
        ),
        start=1,
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time [since, until), None where open; it stood at characters ``start:end`` of a text."""

    since: datetime | None
    until: datetime | None
    start: int
    end: int


def number_of(words: str) -> int | None:
    """The number that a word up to thirty or a numeral stands for ("three", "3", "a couple of"), or None."""
    words = words.lower().strip()
    return int(words) if words.isdecimal() and len(words) < 6 else _NUMBERS.get(words)


def ordinal_of(word: str) -> int | None:
    """The number that "third", "3rd" or "twenty first" stands for, or None."""
    word = re.sub(r"(?<=\d)(?:st|nd|rd|th)$", "", word.lower().strip())
    return int(word) if word.isdecimal() and len(word) < 6 else _ORDINALS.get(word.replace("-", " "))


# --- reading ------------------------------------------------------------------------------------------
_DAY = "|".join(DAYS)
_MONTH = "|".join(MONTHS)
_COUNT = r"\d{1,3}|(?:a )?couple of|(?:a )?few|an?|" + "|".join((*_SMALL[1:], "thirty"))
NTH = r"\d{1,2}(?:st|nd|rd|th)?|" + "|".join(sorted(_ORDINALS, key=len, reverse=True)).replace(" ", "[ -]")
"""A pattern: the day of a month, in figures or words."""
_UNIT = r"minute|hour|day|week|month|year"
_YEAR = r"(?:,? (?P<year>(?:19|20)\d\d))?"
_Range = tuple[datetime, datetime] | None


def _day(now: datetime, back: int = 0) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=back)


def _add_months(first: datetime, months: int) -> datetime:
    index = first.year * 12 + first.month - 1 + months
    return first.replace(year=index // 12, month=index % 12 + 1, day=1)


def _unit_range(now: datetime, unit: str, back: int) -> tuple[datetime, datetime]:
    """The calendar week, month or year that lies ``back`` units before the present one."""
    today = _day(now)
    match unit:
        case "week":
            since = today - timedelta(days=today.weekday() + 7 * back)
            return since, since + timedelta(days=7)
        case "weekend":
            since = today - timedelta(days=today.weekday() - 5 + 7 * back)
            return since, since + timedelta(days=2)
        case "month":
            since = _add_months(today.replace(day=1), -back)
            return since, _add_months(since, 1)
        case _:
            since = today.replace(month=1, day=1, year=today.year - back)
            return since, since.replace(year=since.year + 1)


def _span(count: int, unit: str) -> timedelta:
    days = {"day": 1, "week": 7, "month": 30, "year": 365}
    match unit:
        case "minute":
            return timedelta(minutes=count)
        case "hour":
            return timedelta(hours=count)
        case _:
            return timedelta(days=count * days[unit])


def _part_of_day(day: datetime, part: str | None) -> tuple[datetime, datetime]:
    first, last = {"morning": (0, 12), "afternoon": (12, 18), "evening": (17, 24), "night": (18, 30)}.get(
        part or "", (0, 24)
    )
    return day + timedelta(hours=first), day + timedelta(hours=last)


def _near_day(found: re.Match[str], now: datetime) -> _Range:
    word, part = found["near"].lower(), (found["part"] or "").lower() or None
    match word:
        case "tonight":
            return _part_of_day(_day(now), "night")
        case "last night":
            return _part_of_day(_day(now, 1), "night")
        case "today":
            return _part_of_day(_day(now), part)
        case "yesterday":
            return _part_of_day(_day(now, 1), part)
        case "this":
            return _part_of_day(_day(now), part) if part else None
        case _:
            return _part_of_day(_day(now, 2), None)


def _calendar(found: re.Match[str], now: datetime) -> _Range:
    back = 0 if found["which"].lower() in ("this", "the current") else 1
    return _unit_range(now, found["unit"].lower(), back)


def _recent(found: re.Match[str], now: datetime) -> _Range:
    count = number_of(found["count"] or "one")
    return None if count is None else (now - _span(count, found["unit"].lower()), now + timedelta(seconds=1))


def _ago(found: re.Match[str], now: datetime) -> _Range:
    count, unit = number_of(found["count"]), found["unit"].lower()
    if count is None:
        return None
    if unit in ("minute", "hour"):
        return now - _span(count + 1, unit), now - _span(count, unit) + timedelta(minutes=30)
    day = _day(now - _span(count, unit))
    around = 0 if unit == "day" else {"week": 3, "month": 10, "year": 60}[unit]
    return day - timedelta(days=around), day + timedelta(days=1 + around)


def _weekday(found: re.Match[str], now: datetime) -> _Range:
    wanted = DAYS.index(found["day"].lower())
    back = (now.weekday() - wanted) % 7
    if back == 0 and (found["which"] or "").lower() == "last":
        back = 7
    return _part_of_day(_day(now, back), (found["part"] or "").lower() or None)


def _date(found: re.Match[str], now: datetime) -> _Range:
    nth = re.sub(r"(?:st|nd|rd|th)$", "", found["nth"].lower()) if found["nth"][0].isdigit() else found["nth"].lower()
    number = int(nth) if nth.isdecimal() else _ORDINALS.get(nth)
    named = found["month"]
    month = MONTHS.index(named.lower()) + 1 if named else now.month
    year = int(found["year"]) if found["year"] else now.year
    try:
        day = _day(now).replace(year=year, month=month, day=number or 0)
        if day > now and not found["year"]:
            day = day.replace(year=year - 1) if named else _add_months(day, -1).replace(day=number or 0)
    except ValueError:
        return None
    return day, day + timedelta(days=1)


def _iso(found: re.Match[str], now: datetime) -> _Range:
    try:
        day = _day(now).replace(year=int(found["y"]), month=int(found["m"]), day=int(found["d"]))
    except ValueError:
        return None
    return day, day + timedelta(days=1)


def _month(found: re.Match[str], now: datetime) -> _Range:
    month = MONTHS.index(found["month"].lower()) + 1
    year = int(found["year"]) if found["year"] else now.year - (month > now.month)
    first = _day(now).replace(year=year, month=month, day=1)
    return first, _add_months(first, 1)


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], datetime], _Range]], ...] = tuple(
    (re.compile(rf"\b{pattern}\b", re.IGNORECASE), reader)
    for pattern, reader in (
        (
            r"(?P<near>the day before yesterday|last night|tonight|today|yesterday|this)"
            r"(?:'s)?(?: (?P<part>morning|afternoon|evening|night))?",
            _near_day,
        ),
        (
            r"(?:(?:in|over|during|within|from) )?the (?:last|past)"
            rf" (?:(?P<count>{_COUNT}) )?(?P<unit>{_UNIT})s?",
            _recent,
        ),
        (rf"(?P<count>{_COUNT}) (?P<unit>{_UNIT})s? (?:ago|back)", _ago),
        (
            r"(?:(?:from|during|in|on|over) )?(?P<which>this|the current|last|the previous|previous|past)"
            r" (?P<unit>weekend|week|month|year)(?:'s)?",
            _calendar,
        ),
        (
            rf"(?:(?:on|from) )?(?:(?P<which>last|this|past) )?(?P<day>{_DAY})(?:'s)?"
            r"(?: (?P<part>morning|afternoon|evening|night))?",
            _weekday,
        ),
        (r"(?:(?:on|from) )?(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", _iso),
        (
            rf"(?:(?:on|from) )?(?:the )?(?P<nth>{NTH}) of (?P<month>{_MONTH}){_YEAR}",
            _date,
        ),
        (
            rf"(?:(?:on|from) )?(?P<month>{_MONTH}) (?:the )?(?P<nth>{NTH})(?!\d){_YEAR}",
            _date,
        ),
        (rf"(?:on|from) the (?P<nth>{NTH})(?P<month>)(?P<year>)(?! \w)", _date),
        (rf"(?:in|during|from) (?P<month>{_MONTH}){_YEAR}", _month),
    )
)
_BOUND = re.compile(r"\b(since|before|until|after)(?: the)?\s*$", re.IGNORECASE)


def find_period(text: str, now: datetime) -> Period | None:
    """The first stretch of the past that ``text`` names, in the zone of ``now``, or None.

    "since" opens its end, "before" its beginning. Weeks begin on Monday; a bare weekday is the latest one,
    today included; a date without a year is the latest one.
    """
    best: Period | None = None
    for pattern, reader in _READERS:
        for found in pattern.finditer(text):
            if best is not None and found.start() >= best.start:
                break
            try:
                stretch = reader(found, now)
            except (OverflowError, ValueError):  # before the year 1
                continue
            if stretch is not None:
                best = Period(*stretch, found.start(), found.end())
                break
    if best is None:
        return None
    if bound := _BOUND.search(text, 0, best.start):
        match bound[1].lower():
            case "since":
                return Period(best.since, None, bound.start(), best.end)
            case "after":
                return Period(best.until, None, bound.start(), best.end)
            case _:
                return Period(None, best.since, bound.start(), best.end)
    return best


# --- saying ------------------------------------------------------------------------------------------
def spoken_date(when: datetime) -> str:
    """``Saturday, November 22, 2025``."""
    return f"{DAYS[when.weekday()].title()}, {MONTHS[when.month - 1].title()} {when.day}, {when.year}"


def spoken_time(when: datetime) -> str:
    """``7:49 AM``."""
    return f"{(when.hour + 11) % 12 + 1}:{when.minute:02} {'AM' if when.hour < 12 else 'PM'}"


def spoken_day(when: datetime, now: datetime) -> str:
    """``when`` as seen from ``now``: "today", "yesterday", "on Monday", "on March 3", "on March 3, 2024"."""
    when = when.astimezone(now.tzinfo) if now.tzinfo else when
    days = (now.date() - when.date()).days
    match days:
        case 0:
            return "today"
        case 1:
            return "yesterday"
        case _ if 1 < days < 7:
            return f"on {DAYS[when.weekday()].title()}"
        case _:
            day = f"on {MONTHS[when.month - 1].title()} {when.day}"
            return day if when.year == now.year else f"{day}, {when.year}"
