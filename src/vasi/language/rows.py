"""Rows of tables in plain text: "column: value; column: value"."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LONGEST_COLUMN = 100
_SHORT_COLUMN = 30
_NAME_WORDS = 6
_LINE = re.compile(r"[^\n]+")


def is_row(text: str) -> bool:
    """Whether ``text`` is a row of a table: each cell with the name of its column.

    The cell that names the row may be without one: "Grand total; Cost: 5,738".
    """
    if "\n" in text or "; " not in text:
        return False
    found = cells(text)
    named = [column for column, _ in found if column]
    if len(named) == 1:
        (first, name), (column, _) = found[:2]
        short = len(found) == 2 and not first and len(name.split()) <= _NAME_WORDS
        return short and 0 < len(column) <= _SHORT_COLUMN and not name.endswith((".", "!", "?"))
    return len(named) >= 2 and all(len(column) <= _LONGEST_COLUMN for column in named)


def cells(row: str) -> list[tuple[str, str]]:
    """Column and value of each cell of ``row``; a cell without a column has "" for it."""
    parted = [cell.partition(": ") for cell in row.split("; ")]
    return [(column.strip(), value.strip()) if found else ("", column.strip()) for column, found, value in parted]


def rows(text: str) -> Iterator[tuple[int, int]]:
    """Where the lines of ``text`` that are rows begin and end."""
    if "; " in text:
        for line in _LINE.finditer(text):
            if is_row(line[0]):
                yield line.span()
