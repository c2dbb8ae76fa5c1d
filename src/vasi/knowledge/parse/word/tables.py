"""The tables of a Word document as cells with spans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vasi.knowledge.parse.ooxml import Element, attribute, child, children, is_on, local_name, number

_WRAPPERS: Final = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"})
"""What may stand between a table and its rows, or a row and its cells."""
_DEEPEST: Final = 10


@dataclass(slots=True)
class TableCell:
    """A cell that begins here: its element, what it covers, and whether its row is marked as one of names."""

    element: Element
    columns: int
    rows: int = 1
    is_header: bool = False


def unwrapped(element: Element, *names: str, depth: int = 0) -> Iterator[Element]:
    """The children with one of these names, also those in content controls and the like."""
    for each in element:
        name = local_name(each)
        if name in names:
            yield each
        elif name in _WRAPPERS and depth < _DEEPEST:
            yield from unwrapped(each, *names, depth=depth + 1)


def read_rows(table: Element) -> list[list[TableCell | None]]:
    """The cells of each row; None stands for a column that the row leaves out. Deleted rows are no rows."""
    rows: list[list[TableCell | None]] = []
    open_cells: dict[int, TableCell] = {}
    """By the column where they begin: those that go on in the row below if that says so."""
    for row in unwrapped(table, "tr"):
        properties = child(row, "trPr")
        if child(properties, "del") is not None or is_on(child(properties, "hidden")):
            continue
        is_header = is_on(child(properties, "tblHeader")) or False
        line: list[TableCell | None] = [None] * max(0, min(number(child(properties, "gridBefore")) or 0, 100))
        column = len(line)
        before: TableCell | None = None
        for element in unwrapped(row, "tc"):
            cell = child(element, "tcPr")
            columns = max(1, min(number(child(cell, "gridSpan")) or 1, 1_000))
            if child(cell, "cellDel") is not None:
                continue
            if _merge(cell, "hMerge") == "continue" and before is not None:
                before.columns += columns
            elif _merge(cell, "vMerge") == "continue" and column in open_cells:
                before = open_cells[column]
                before.rows += 1
            else:
                before = TableCell(element, columns, is_header=is_header)
                line.append(before)
                open_cells = {at: one for at, one in open_cells.items() if not column <= at < column + columns}
                if _merge(cell, "vMerge") == "restart":
                    open_cells[column] = before
            column += columns
        rows.append(line)
    return rows


def _merge(cell: Element | None, name: str) -> str | None:
    """How a cell is merged: "restart", "continue", or None."""
    merged = child(cell, name)
    return None if merged is None else attribute(merged, "val") or "continue"


def is_headed(table: Element) -> bool:
    """Is the first row to look like a row of names?"""
    look = child(table, "tblPr", "tblLook")
    if (first := attribute(look, "firstRow")) is not None:
        return first in {"1", "true", "on"}
    try:
        return int(attribute(look, "val") or "0", 16) & 0x20 != 0
    except ValueError:
        return False


def style_of(table: Element) -> str:
    """The id of the style of a table."""
    return attribute(next(children(child(table, "tblPr"), "tblStyle"), None), "val") or ""
