"""Days ahead that a text names: "on Friday", "the 3rd of May", "from Monday to Wednesday", "every Tuesday".

``dates`` reads stretches of the past (when something was written down); here a bare weekday is the next one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from vasi.language.date_words import AheadForm, DateWords
from vasi.language.dates import add_months, calendar_range, group, languages_of_dates, month_of, start_of_day
from vasi.language.folded import fold_text
from vasi.language.locales import locale_of

_LONGEST = 10_000


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


@dataclass(frozen=True, slots=True)
class _Named:
    """Days that are named at characters ``start:end``; ``day``: only the number of a day in some month."""

    start: int
    end: int
    days: DaysAhead | None
    """None: there is no such day, as the 30th of February."""
    match: re.Match[str]
    day: int | None = None


def days_ahead(text: str, now: datetime, language: str | None = None) -> list[DaysAhead]:
    """The days that ``text``, said ``now``, names, in the zone of ``now``; two with "to" between are one stretch.

    Args:
        text: of a note or a question; its first 10,000 characters count.
        now: its present.
        language: of ``text``; None: those of the words for days in it.
    """
    text = text[:_LONGEST]
    folded, today = fold_text(text), start_of_day(now)
    found: list[DaysAhead] = []
    for one in (language,) if language else languages_of_dates(text):
        words = locale_of(one).dates
        found += [days for days in _joined(folded, _named(folded, words, today), words) if days not in found]
    return found


def names_only_days(text: str, language: str) -> bool:
    """Whether there is nothing in ``text`` but days, and what joins them."""
    words, folded = locale_of(language).dates, fold_text(text)
    named = _named(folded, words, datetime(2024, 1, 1, tzinfo=UTC))  # any day
    if not named or folded[: named[0].start].strip() or folded[named[-1].end :].strip(" .,!?"):
        return False
    return all(folded[one.end : two.start].strip().lower() in words.to for one, two in pairwise(named))


def day_names(text: str, language: str) -> list[tuple[int, int]]:
    """Where ``text``, folded, names days, without the prepositions in front of them."""
    words, found = locale_of(language).dates, list[tuple[int, int]]()
    for one in _named(text, words, datetime(2024, 1, 1, tzinfo=UTC)):
        groups = [one.match.span(name) for name in one.match.re.groupindex if name in _NAMING and one.match[name]]
        found.append((min(start for start, _ in groups), max(end for _, end in groups)))
    return found


_NAMING = frozenset(("near", "day", "nth", "month", "year", "count", "unit"))


def _named(text: str, words: DateWords, today: datetime) -> list[_Named]:
    """The days in ``text`` in order, the longest at each place."""
    found: list[_Named] = []
    for form, pattern in words.ahead:
        for match in pattern.finditer(text):
            try:
                days = _READERS[form](match, words, today)
            except (ValueError, OverflowError, KeyError):  # the 30th of February; no such word
                days = None
            day = words.ordinal(group(match, "nth") or "") if form == "nth" else None
            found.append(_Named(match.start(), match.end(), days, match, day))
    found.sort(key=lambda one: (one.start, -one.end))
    named: list[_Named] = []
    for one in found:
        if not named or one.start >= named[-1].end:
            named.append(one)
    return named


def _joined(text: str, named: list[_Named], words: DateWords) -> list[DaysAhead]:
    found: list[DaysAhead] = []
    before: _Named | None = None
    for one in named:
        if one.days is None:
            continue
        if before is not None and text[before.end : one.start].strip().lower() in words.to:
            found[-1] = _stretch(found[-1], before.day, one.days)
        else:
            found.append(one.days)
        before = one
    return found


def _stretch(first: DaysAhead, day: int | None, last: DaysAhead) -> DaysAhead:
    """From ``first`` to ``last``: "the 3rd to the 5th of May" begins in May."""
    since = first.since if day is None else last.since.replace(day=min(day, last.since.day))
    until = last.until if last.until > since else last.until + timedelta(days=7)
    return DaysAhead(since, max(until, since + timedelta(days=1)))


# --- one day ----------------------------------------------------------------------------------------------------------
def _near(found: re.Match[str], words: DateWords, today: datetime) -> DaysAhead | None:
    offset, _ = words.near[group(found, "near") or ""]
    return _one(today + timedelta(days=offset)) if offset >= 0 else None


def _weekday(found: re.Match[str], words: DateWords, today: datetime) -> DaysAhead:
    wanted = words.days[group(found, "day") or ""]
    days = _one(today + timedelta(days=(wanted - today.weekday()) % 7))
    return DaysAhead(days.since, days.until, wanted) if group(found, "every") else days


def _date(found: re.Match[str], words: DateWords, today: datetime) -> DaysAhead | None:
    number, month, year = words.ordinal(group(found, "nth") or ""), month_of(found, words), group(found, "year")
    if number is None or month is None:
        return None
    day = today.replace(year=int(year) if year else today.year, month=month, day=number)
    return _one(day if year or day >= today else day.replace(year=day.year + 1))


def _month(found: re.Match[str], words: DateWords, today: datetime) -> DaysAhead | None:
    month, year = month_of(found, words), group(found, "year")
    if month is None:
        return None
    first = today.replace(year=int(year) if year else today.year + (month < today.month), month=month, day=1)
    return DaysAhead(first, add_months(first, 1))


def _calendar(found: re.Match[str], words: DateWords, today: datetime) -> DaysAhead:
    return DaysAhead(*calendar_range(today, words.units[group(found, "unit") or ""], 1 if group(found, "next") else 0))


def _in(found: re.Match[str], words: DateWords, today: datetime) -> DaysAhead | None:
    count = words.number(group(found, "count") or "")
    days = {"day": 1, "week": 7, "month": 30, "year": 365}.get(words.units[group(found, "unit") or ""])
    return None if count is None or days is None else _one(today + timedelta(days=count * days))


def _nth(found: re.Match[str], words: DateWords, today: datetime) -> DaysAhead | None:
    number = words.ordinal(group(found, "nth") or "")
    if number is None:
        return None
    day = today.replace(day=number)
    return _one(day if day >= today else add_months(today, 1).replace(day=number))


_READERS: Mapping[AheadForm, Callable[[re.Match[str], DateWords, datetime], DaysAhead | None]] = {
    "near": _near,
    "weekday": _weekday,
    "date": _date,
    "month": _month,
    "calendar": _calendar,
    "in": _in,
    "nth": _nth,
}


def _one(day: datetime) -> DaysAhead:
    return DaysAhead(day, day + timedelta(days=1))
