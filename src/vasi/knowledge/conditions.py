"""Conditions on records: values, words and bounds that a record has to have."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TypeAlias

from vasi.knowledge.meaning import Meaning
from vasi.knowledge.record_columns import Column
from vasi.knowledge.records import Record, RecordSet
from vasi.language.aggregates import Bound
from vasi.language.quantities import Quantity

Test: TypeAlias = Callable[[Record], bool | None]
"""Whether a record is so; None if it doesn't tell."""


def value_tests(meant: Meaning) -> list[Test]:
    """A record has one of the values that are asked for, in each of their columns.

    A value that stands in several columns counts in any of them.
    """
    groups: list[tuple[set[str], set[str]]] = []
    for column, values in meant.values.items():
        same = next((group for group in groups if group[1] & values), None)
        if same is None:
            groups.append(({column}, set(values)))
        else:
            same[0].add(column)
            same[1].update(values)
    return [
        lambda record, columns=columns, values=values: any(record.value(one).lower() in values for one in columns)
        for columns, values in groups
    ]


def is_of(column: Column, bound: Bound) -> bool:
    """Whether a column has the unit of ``bound``, or holds dates as it is one."""
    quantity: Quantity | None = bound.value.quantity
    if quantity is not None and quantity.kind:
        return quantity.kind in column.kinds
    return bound.value.date is not None and bool(bound.value.date.month) and column.type == "date"


def bound_test(column: Column, bound: Bound) -> Test:
    """That a record keeps to ``bound``."""
    return lambda record: column.holds(bound, record)


def is_there(column: Column, record: Record) -> bool | None:
    """Whether a record has what its column says: something, more than nothing, a yes."""
    if (says := column.says(record)) is not None:
        return says
    if column.type == "number" and (quantity := column.quantity(record)) is not None:
        return quantity.value > 0
    return bool(record.value(column.name))


def has(one: RecordSet, record: Record, wanted: str) -> bool:
    """Whether a stem stands in ``record``, or two of them side by side."""
    there = one.stems_of(record)
    if " " in wanted:
        before, _, behind = wanted.partition(" ")
        return (before, behind) in pairwise(there)
    return wanted in there
