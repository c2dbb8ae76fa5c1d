"""Records beside each other: those that are more or less than another one, and how many have which value."""

from __future__ import annotations

from collections.abc import Sequence

from vasi.knowledge.conditions import Test
from vasi.knowledge.record_columns import Column
from vasi.knowledge.records import Record, RecordSet
from vasi.language.aggregates import Bound
from vasi.language.terms import stem, words

_MOST_GROUPS = 40


def named_record(one: RecordSet, name: str) -> Record | None:
    """The only record that is called ``name``, or has it in a cell; None if none is, or several are."""
    said = set(one.stems(name))
    wanted = said - one.kind or said
    fitting = [record for record in one.records if wanted and wanted <= set(one.stems_of(record))]
    if len(fitting) > 1:
        fitting = [record for record in fitting if wanted <= set(one.stems(record.name))]
    return fitting[0] if len(fitting) == 1 else None


def compared_with(
    one: RecordSet, bound: Bound, named: Sequence[Column], columns: Sequence[Column]
) -> tuple[Column, Test] | None:
    """The column by which records are compared with the one that ``bound`` names, and the test; None if it isn't told.

    Args:
        one: the records.
        bound: with the name of a record.
        named: columns that the question names.
        columns: all of them.
    """
    other = named_record(one, bound.name)
    ordered = [column for column in columns if column.ordered]
    fitting = [column for column in named if column.ordered]
    if not fitting and bound.concepts:
        fitting = [column for column in ordered if column.concepts & bound.concepts]
        if not fitting and "price" in bound.concepts:
            fitting = [column for column in ordered if column.money]
    if other is None or len(fitting) != 1:
        return None
    column = fitting[0]
    limit = column.key(other)
    if limit is None:
        return None
    kinds = {quantity.kind for record in one.records if (quantity := column.quantity(record))}
    if column.type == "number" and len(kinds) > 1:
        return None
    is_above = bound.relation == "above"
    if "age" in bound.concepts and "age" not in column.concepts:
        is_above = not is_above  # what is older has the smaller year

    def test(record: Record) -> bool | None:
        key = column.key(record)
        if key is None or record is other:
            return None if key is None else False
        return key > limit if is_above else key < limit

    return column, test


def grouped(
    one: RecordSet, by: str, columns: Sequence[Column], records: Sequence[Record]
) -> tuple[Column, tuple[tuple[str, int], ...]] | None:
    """How many of ``records`` have each value of the column that is called ``by``, the most first; None if none is."""
    said = {stem(word, one.language) for word in words(by)}
    called = [column for column in columns if column.stems & said]
    if len(called) != 1:
        return None
    counts: dict[str, int] = {}
    for record in records:
        if value := record.value(called[0].name).strip():
            counts[value] = counts.get(value, 0) + 1
    if not counts or len(counts) > _MOST_GROUPS:
        return None
    return called[0], tuple(sorted(counts.items(), key=lambda pair: -pair[1]))
