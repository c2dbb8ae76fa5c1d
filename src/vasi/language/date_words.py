"""How one language names days, months and stretches of time: what ``dates`` and ``appointments`` read them by."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from vasi.language.folded import fold_pattern, fold_words

Unit: TypeAlias = Literal["minute", "hour", "day", "week", "weekend", "month", "year"]
PartOfDay: TypeAlias = Literal["morning", "afternoon", "evening", "night"]
PastForm: TypeAlias = Literal["near", "recent", "ago", "calendar", "weekday", "date", "month"]
"""How a stretch of the past is named: "yesterday evening", "the last two weeks", "three days ago", "last month", "on
Monday", "on the 3rd of May", "in May"."""
AheadForm: TypeAlias = Literal["near", "weekday", "date", "month", "calendar", "in", "nth"]
"""How a day ahead is named: "tomorrow", "next Monday", "the 3rd of May", "in May", "next week", "in two weeks", "the
3rd"."""


@dataclass(frozen=True, slots=True)
class SpokenDates:
    """How moments are said.

    Attributes:
        today, yesterday: as seen from now.
        weekday: a day of the last week; ``{weekday}``.
        date: a day of this year; ``{day}``, ``{month}``.
        date_of_year: a day of another year; also ``{year}``.
        full: also ``{weekday}``.
        time: ``{hour}``, ``{hour12}``, ``{minute}``, ``{half}``.
        halves: what ``{half}`` is before and after noon.
        weekdays, months: their names.
    """

    today: str
    yesterday: str
    weekday: str
    date: str
    date_of_year: str
    full: str
    time: str
    weekdays: Sequence[str]
    months: Sequence[str]
    halves: tuple[str, str] = ("AM", "PM")


@dataclass(frozen=True, slots=True)
class DateWords:
    """The words of one language, folded and in lower case, and the patterns that they stand in.

    Groups of the patterns: ``near``, ``part``, ``count``, ``unit``, ``day``, ``nth``, ``month``, ``year``; ``last``,
    ``this``, ``next`` and ``every`` if they're there at all.

    Attributes:
        days: 0 is Monday.
        months: 1 is January.
        numbers: small ones.
        ordinals: days of a month.
        near: days from today, with the part of the day that the word itself names.
        units: stretches of the calendar.
        parts: parts of a day.
        past, ahead: the first that is read at the earliest place counts.
        to: what stands between the first and last of several days.
        before: "since", "after", "before", "until" in front of a stretch, each a group of that name.
        behind: the same behind it.
    """

    days: Mapping[str, int]
    months: Mapping[str, int]
    numbers: Mapping[str, int]
    ordinals: Mapping[str, int]
    near: Mapping[str, tuple[int, PartOfDay | None]]
    units: Mapping[str, Unit]
    parts: Mapping[str, PartOfDay]
    past: tuple[tuple[PastForm, re.Pattern[str]], ...]
    ahead: tuple[tuple[AheadForm, re.Pattern[str]], ...]
    to: frozenset[str]
    said: SpokenDates
    before: re.Pattern[str] | None = None
    behind: re.Pattern[str] | None = None
    telling: frozenset[str] = field(default=frozenset())
    """Words that tell that a text names a day in this language."""
    amount: re.Pattern[str] = field(init=False)
    """A number above one, in figures or words: a time of day, a price."""

    def __post_init__(self) -> None:
        words = {word: number for word, number in self.numbers.items() if number > 1}
        edge = r"(?<![\w.:])" if any(word.isascii() for word in words) else ""
        amount = date_pattern(rf"\d[\d.,:]*(?<![.,:])|{any_of(words)}", edge, r"(?!\w)" if edge else "")
        object.__setattr__(self, "amount", amount)

    def number(self, word: str) -> int | None:
        """The number that a word or a numeral stands for."""
        word = fold_words(word).strip()
        return int(word) if word.isdecimal() and len(word) < 6 else self.numbers.get(word)

    def ordinal(self, word: str) -> int | None:
        """The number that "third", "3rd" or "twenty first" stands for."""
        word = fold_words(word).strip().replace("-", " ")
        digits = re.match(r"\d{1,5}", word)
        if digits is not None:
            return int(digits[0])
        return self.ordinals.get(word, self.numbers.get(word))


def indexed(words: str, first: int = 0) -> dict[str, int]:
    """The places of ``words`` in a row; words with a stroke between them have the same place."""
    return {
        fold_words(word).replace("_", " "): place
        for place, alike in enumerate(words.split(), start=first)
        for word in alike.split("|")
    }


def units_of(**words: str) -> dict[str, Unit]:
    """The words for each unit: ``minute="minute minutes"``."""
    units: tuple[Unit, ...] = ("minute", "hour", "day", "week", "weekend", "month", "year")
    return {fold_words(word): unit for unit in units for word in words.get(unit, "").split()}


def any_of(words: Mapping[str, object] | Sequence[str]) -> str:
    """A pattern for any of ``words``, the longest first."""
    return "|".join(re.escape(word).replace(r"\ ", " ") for word in sorted(words, key=lambda word: -len(word)))


def date_pattern(pattern: str, edge: str = r"(?<!\w)", end: str = r"(?!\w)") -> re.Pattern[str]:
    """A form of a date, between the edges of words."""
    return re.compile(fold_pattern(rf"{edge}(?:{pattern}){end}"), re.IGNORECASE)
