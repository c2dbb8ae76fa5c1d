"""The columns of records: of what type their values are, what they are asked for by, and their values, comparable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from vasi.knowledge.records import Record, RecordSet
from vasi.language.aggregates import Bound, Value
from vasi.language.columns import Concept, held_by
from vasi.language.quantities import (
    MONEY,
    Date,
    Decimal,
    Quantity,
    date,
    decimal_of,
    find_quantity,
    time_of_day,
    unit_of,
    writes_month_first,
)
from vasi.language.terms import words

ColumnType: TypeAlias = Literal["number", "date", "time", "yes/no", "text"]

_MOSTLY = 0.6
"""Share of the values of a column that are of its type."""
_LOOKED_AT = 60
"""Values that the type is told from."""
_FROM_START = 6
"""Characters that may stand before a quantity in a cell: "ca. ", "from "."""
_YES = frozenset(
    ["yes", "y", "true", "x", "✓", "✔", "ja", "j", "wahr", "sí", "si", "oui", "o", "sì", "sim", "s", "はい", "نعم"]
)
_NO = frozenset(
    ["no", "n", "false", "-", "–", "—", "✗", "✘", "none", "nein", "falsch", "non", "não", "nee", "いいえ", "لا"]
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column with the type of most of its values."""

    name: str
    type: ColumnType
    stems: frozenset[str]
    concepts: frozenset[Concept]
    decimal: Decimal
    month_first: bool
    money: bool
    kinds: frozenset[str]

    @property
    def ordered(self) -> bool:
        """Its values can be compared."""
        return self.type in ("number", "date", "time")

    def quantity(self, record: Record) -> Quantity | None:
        """The quantity in this column of ``record``."""
        found = find_quantity(record.value(self.name), self.decimal)
        return found[0] if found and found[1] <= _FROM_START else None

    def date(self, record: Record) -> Date | None:
        """The date in this column of ``record``."""
        found = date(record.value(self.name), month_first=self.month_first)
        return found[0] if found else None

    def key(self, record: Record) -> float | None:
        """By what records are put in order; None if the cell has no such value."""
        match self.type:
            case "number":
                quantity = self.quantity(record)
                return quantity.value if quantity else None
            case "date":
                day = self.date(record)
                return float(day.first) if day else None
            case "time":
                clock = time_of_day(record.value(self.name))
                return float(clock[0]) if clock else None
            case _:
                return None

    def says(self, record: Record) -> bool | None:
        """The yes or no in this column of ``record``: an empty cell is a no; None if it is something else."""
        value = record.value(self.name).lower().strip(" .")
        if value in _YES:
            return True
        return False if not value or value in _NO else None

    def fits(self, bound: Bound) -> bool:
        """Whether ``bound`` can be one on this column."""
        match self.type:
            case "number":
                quantity = bound.value.quantity
                years = bound.value.date is not None and not bound.value.date.month and self._holds_years()
                return years or (quantity is not None and (not quantity.kind or quantity.kind in self.kinds))
            case "date":
                return bound.value.date is not None
            case "time":
                return _minutes(bound.value) is not None
            case _:
                return False

    def _holds_years(self) -> bool:
        return not self.kinds and bool(self.concepts & {"begin", "end", "born", "time"})

    def holds(self, bound: Bound, record: Record) -> bool | None:
        """Whether ``record`` keeps to ``bound``; None if its cell doesn't tell."""
        if self.type == "date":
            day = self.date(record)
            return None if day is None or bound.value.date is None else _in_time(bound, day)
        key = self.key(record)
        if key is None:
            return None
        if self.type == "time":
            limit = _minutes(bound.value)
        elif bound.value.quantity is not None:
            limit = bound.value.quantity.value
            unit = bound.value.quantity.kind
            quantity = self.quantity(record)
            if unit and quantity is not None and quantity.kind and quantity.kind != unit:
                return None
        else:
            limit = float(bound.value.date.year) if bound.value.date else None
        if limit is None:
            return None
        match bound.relation:
            case "below":
                return key < limit
            case "at most":
                return key <= limit
            case "above":
                return key > limit
            case "at least":
                return key >= limit
            case "in":
                return key == limit


def _minutes(value: Value) -> float | None:
    if value.minutes is not None:
        return float(value.minutes)
    hour = value.quantity
    return hour.value * 60 if hour is not None and not hour.kind and 0 <= hour.value <= 24 else None


def _in_time(bound: Bound, day: Date) -> bool | None:
    limit = bound.value.date
    if limit is None:
        return None
    if not limit.year:
        if not day.year or bound.relation == "in":
            same = day.month == limit.month and (not limit.day or day.day == limit.day)
            return same if bound.relation == "in" else None
        limit = Date(day.year, limit.month, limit.day)
    match bound.relation:
        case "below":
            return day.last < limit.first
        case "at most":
            return day.first <= limit.last
        case "above":
            return day.first > limit.last
        case "at least":
            return day.last >= limit.first
        case "in":
            return limit.first <= day.first and day.last <= limit.last


@lru_cache(maxsize=256)
def columns_of(records: RecordSet) -> list[Column]:
    """The columns of ``records``, in order."""
    return [_column(name, records) for name in records.columns]


def _column(name: str, records: RecordSet) -> Column:
    values = [value for record in records.records[:_LOOKED_AT] if (value := record.value(name))]
    decimal = decimal_of(values, records.language)
    said = words(name)
    kinds = frozenset(
        found[0].kind
        for value in values
        if (found := find_quantity(value, decimal)) and found[1] <= _FROM_START and found[0].kind
    )
    return Column(
        name=name,
        type=_type(values, decimal),
        stems=frozenset(records.stems(name)),
        concepts=held_by(said),
        decimal=decimal,
        month_first=writes_month_first(values),
        money=bool(kinds & MONEY) or bool(held_by(said) & {"price", "pay", "spending"}),
        kinds=kinds | frozenset(unit.kind for word in said if (unit := unit_of(word)) is not None),
    )


def _type(values: Sequence[str], decimal: Decimal) -> ColumnType:
    enough = _MOSTLY * len(values)
    if not values:
        return "text"
    if all(value.lower().strip(" .") in _YES | _NO for value in values):
        return "yes/no"
    if sum((found := time_of_day(value)) is not None and found[1] <= 1 for value in values) >= enough:
        return "time"
    dates = [found for value in values if (found := date(value)) is not None and found[1] <= 3]
    years = sum(not found[0].month for found in dates)
    if len(dates) >= enough and years * 2 < len(values):
        return "date"
    numbers = sum(
        (found := find_quantity(value, decimal)) is not None and found[1] <= _FROM_START and _leads(value, found[1])
        for value in values
    )
    return "number" if numbers >= enough else "date" if len(dates) >= enough else "text"


def _leads(value: str, start: int) -> bool:
    """Whether a quantity isn't the number in a name: "Goat 7"."""
    before = value[:start].strip(" (~<>.").lower()
    return before in ("", "ca", "about", "from", "up to", "ab", "bis", "max", "min", "over", "under")
