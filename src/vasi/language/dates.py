"""Times as people say them: "yesterday", "last week", "on monday", "three days ago", "the third of march".

``find_period`` reads a stretch of the past out of a sentence (what notes were taken when), the
``spoken_…`` functions say a moment the way a person would. The present and its zone are always an argument.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from vasi.language.date_words import DateWords, PartOfDay, PastForm, Unit
from vasi.language.folded import fold_letters, fold_words
from vasi.language.locales import MODULES, locale_of
from vasi.language.words_found import words_in

_Range = tuple[datetime, datetime] | None


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time [since, until), None where open; it stood at characters ``start:end`` of a text."""

    since: datetime | None
    until: datetime | None
    start: int
    end: int


def number_of(words: str, language: str = "en") -> int | None:
    """The number that a word up to thirty or a numeral stands for ("three", "3", "a couple of"), or None."""
    return locale_of(language).dates.number(words)


def languages_of_dates(text: str) -> tuple[str, ...]:
    """The languages whose words for days and months stand in ``text``; English if there is none."""
    said = words_in(fold_words(text))
    naming = tuple(language for language in MODULES if not said.isdisjoint(locale_of(language).dates.telling))
    return naming or ("en",)


# --- reading ------------------------------------------------------------------------------------------
def group(found: re.Match[str], name: str) -> str | None:
    """What stands in a group, folded; None if that is empty or the pattern has none."""
    said = found[name] if name in found.re.groupindex else None
    return fold_words(said) or None if said else None


def start_of_day(now: datetime, back: int = 0) -> datetime:
    """Midnight, ``back`` days before ``now``."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=back)


def add_months(first: datetime, months: int) -> datetime:
    """The first of the month that lies ``months`` behind the one of ``first``."""
    index = first.year * 12 + first.month - 1 + months
    return first.replace(year=index // 12, month=index % 12 + 1, day=1)


def month_of(found: re.Match[str], words: DateWords) -> int | None:
    """The month that is named, by its name or its number."""
    named = group(found, "month")
    if named is None:
        return None
    return words.months.get(named) or (int(named) if named.isdecimal() else None)


def calendar_range(now: datetime, unit: Unit, ahead: int) -> tuple[datetime, datetime]:
    """The calendar week, weekend, month or year that lies ``ahead`` units behind the present one."""
    today = start_of_day(now)
    match unit:
        case "week":
            since = today + timedelta(days=7 * ahead - today.weekday())
            return since, since + timedelta(days=7)
        case "weekend":
            since = today + timedelta(days=7 * ahead + 5 - today.weekday())
            return since, since + timedelta(days=2)
        case "month":
            since = add_months(today.replace(day=1), ahead)
            return since, add_months(since, 1)
        case "year":
            since = today.replace(month=1, day=1, year=today.year + ahead)
            return since, since.replace(year=since.year + 1)
        case _:
            since = today + timedelta(days=ahead)
            return since, since + timedelta(days=1)


def span_of(count: int, unit: Unit) -> timedelta:
    """How long so many units are."""
    match unit:
        case "minute":
            return timedelta(minutes=count)
        case "hour":
            return timedelta(hours=count)
        case _:
            return timedelta(days=count * {"day": 1, "week": 7, "weekend": 7, "month": 30, "year": 365}[unit])


def _part_of_day(day: datetime, part: PartOfDay | None) -> tuple[datetime, datetime]:
    hours: Mapping[PartOfDay, tuple[int, int]] = {
        "morning": (0, 12), "afternoon": (12, 18), "evening": (17, 24), "night": (18, 30),
    }  # fmt: skip
    first, last = hours[part] if part else (0, 24)
    return day + timedelta(hours=first), day + timedelta(hours=last)


def _part(found: re.Match[str], words: DateWords) -> PartOfDay | None:
    said = group(found, "part")
    return words.parts.get(said) if said else None


def _near_day(found: re.Match[str], words: DateWords, now: datetime) -> _Range:
    offset, part = words.near[group(found, "near") or ""]
    return _part_of_day(start_of_day(now, -offset), _part(found, words) or part)


def _calendar(found: re.Match[str], words: DateWords, now: datetime) -> _Range:
    return calendar_range(now, words.units[group(found, "unit") or ""], 0 if group(found, "this") else -1)


def _recent(found: re.Match[str], words: DateWords, now: datetime) -> _Range:
    said = group(found, "count")
    count = words.number(said) if said else 1
    if count is None:
        return None
    return now - span_of(count, words.units[group(found, "unit") or ""]), now + timedelta(seconds=1)


def _ago(found: re.Match[str], words: DateWords, now: datetime) -> _Range:
    count, unit = words.number(group(found, "count") or ""), words.units[group(found, "unit") or ""]
    if count is None:
        return None
    if unit in ("minute", "hour"):
        return now - span_of(count + 1, unit), now - span_of(count, unit) + timedelta(minutes=30)
    day = start_of_day(now - span_of(count, unit))
    around = {"day": 0, "week": 3, "weekend": 3, "month": 10, "year": 60}[unit]
    return day - timedelta(days=around), day + timedelta(days=1 + around)


def _weekday(found: re.Match[str], words: DateWords, now: datetime) -> _Range:
    back = (now.weekday() - words.days[group(found, "day") or ""]) % 7
    if back == 0 and group(found, "last"):
        back = 7
    return _part_of_day(start_of_day(now, back), _part(found, words))


def _date(found: re.Match[str], words: DateWords, now: datetime) -> _Range:
    number, year = words.ordinal(group(found, "nth") or ""), group(found, "year")
    named = month_of(found, words)
    try:
        day = start_of_day(now).replace(year=int(year) if year else now.year, month=named or now.month, day=number or 0)
        if day > now and not year:
            day = day.replace(year=day.year - 1) if named else add_months(day, -1).replace(day=number or 0)
    except ValueError:
        return None
    return day, day + timedelta(days=1)


def _month(found: re.Match[str], words: DateWords, now: datetime) -> _Range:
    month, year = month_of(found, words), group(found, "year")
    if month is None or month > 12:
        return None
    first = start_of_day(now).replace(year=int(year) if year else now.year - (month > now.month), month=month, day=1)
    return first, add_months(first, 1)


_READERS: Mapping[PastForm, Callable[[re.Match[str], DateWords, datetime], _Range]] = {
    "near": _near_day,
    "recent": _recent,
    "ago": _ago,
    "calendar": _calendar,
    "weekday": _weekday,
    "date": _date,
    "month": _month,
}


def find_period(text: str, now: datetime, language: str | None = None) -> Period | None:
    """The first stretch of the past that ``text`` names, in the zone of ``now``, or None.

    "since" opens its end, "before" its beginning. Weeks begin on Monday; a bare weekday is the latest one,
    today included; a date without a year is the latest one.

    Args:
        text: of a sentence.
        now: its present.
        language: of ``text``; None: that of the words for days in it.
    """
    folded = fold_letters(text)
    for one in (language,) if language else languages_of_dates(text):
        if period := _period(folded, locale_of(one).dates, now):
            return period
    return None


def _period(text: str, words: DateWords, now: datetime) -> Period | None:
    best: Period | None = None
    for form, pattern in words.past:
        for found in pattern.finditer(text):
            if best is not None and found.start() >= best.start:
                break
            try:
                stretch = _READERS[form](found, words, now)
            except (OverflowError, ValueError, KeyError):  # before the year 1; no such word
                continue
            if stretch is not None:
                best = Period(*stretch, found.start(), found.end())
                break
    return None if best is None else _bounded(text, words, best)


def _bounded(text: str, words: DateWords, best: Period) -> Period:
    bound = words.before.search(text, 0, best.start) if words.before else None
    start, end = (bound.start() if bound else best.start), best.end
    if bound is None and words.behind and (bound := words.behind.match(text, best.end)):
        end = bound.end()
    if bound is None:
        return best
    match bound.lastgroup:
        case "since":
            return Period(best.since, None, start, end)
        case "after":
            return Period(best.until, None, start, end)
        case _:
            return Period(None, best.since, start, end)


# --- saying ------------------------------------------------------------------------------------------
def spoken_date(when: datetime, language: str = "en") -> str:
    """``Saturday, November 22, 2025``."""
    return _filled(locale_of(language).dates.said.full, when, language)


def spoken_time(when: datetime, language: str = "en") -> str:
    """``7:49 AM``."""
    said = locale_of(language).dates.said
    return said.time.format(
        hour=when.hour, hour12=(when.hour + 11) % 12 + 1, minute=f"{when.minute:02}", half=said.halves[when.hour >= 12]
    )


def spoken_day(when: datetime, now: datetime, language: str = "en") -> str:
    """``when`` as seen from ``now``: "today", "yesterday", "on Monday", "on March 3", "on March 3, 2024"."""
    said = locale_of(language).dates.said
    when = when.astimezone(now.tzinfo) if now.tzinfo else when
    days = (now.date() - when.date()).days
    match days:
        case 0:
            return said.today
        case 1:
            return said.yesterday
        case _ if 1 < days < 7:
            return _filled(said.weekday, when, language)
        case _:
            return _filled(said.date if when.year == now.year else said.date_of_year, when, language)


def _filled(template: str, when: datetime, language: str) -> str:
    said = locale_of(language).dates.said
    return template.format(
        weekday=said.weekdays[when.weekday()], month=said.months[when.month - 1], day=when.day, year=when.year
    )
