"""Which rows of a table name its columns.

Where the format doesn't mark them, the cells decide: names stand above values of another kind ("Fee" above "90 crowns",
"2024" above amounts), and are no sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from vasi.knowledge.parse.grid import Grid
from vasi.knowledge.parse.values import common_kind, is_field_name, is_sentence, is_unit, kind_of

_MOST_ROWS: Final = 4
"""Header rows of a table that doesn't mark them."""
_MOST_FIELDS: Final = 60
"""Rows of a form; what is longer is a table."""
_SAMPLE: Final = 50


@dataclass(frozen=True, slots=True)
class Headers:
    """How a table names its values.

    Attributes:
        kind: "columns" (rows at its top name them, or nothing does), or "fields" (each value stands to the right of
            its label).
        rows: header rows.
    """

    kind: Literal["columns", "fields"]
    rows: int = 0


def find_headers(grid: Grid, *, is_headed: bool) -> Headers:
    """How ``grid`` names its values.

    Args:
        grid: without titles above it.
        is_headed: the format asks for a row of names, so the first one is taken for it unless it plainly isn't.
    """
    height = len(grid.rows)
    marked = 0
    while marked < height and all(grid.is_header[cell] for cell in grid.cells(marked)):
        marked += 1
    if 0 < marked < height:
        return Headers("columns", _extended(grid, marked))
    labels_marked = not marked and all(grid.is_header[row[0]] for row in grid.rows if row[0] >= 0)
    if grid.width % 2 == 0 and _is_form(grid, is_headed=is_headed, labels_marked=labels_marked):
        return Headers("fields")
    if height < 2 or labels_marked or not _names_columns(grid, 0):
        return Headers("columns")
    return Headers("columns", _extended(grid, 1))


def column_names(grid: Grid, rows: int) -> list[str]:
    """The name of each column: what its header cells say, from the top."""
    names: list[str] = []
    for column in range(grid.width):
        parts = list(dict.fromkeys(filter(None, (grid.text(row, column) for row in range(rows)))))
        names.append(" ".join(parts))
    return names


def spread_names(grid: Grid) -> Grid:
    """``grid`` with the names in its first row over the empty cells to their right, where the row below repeats itself.

    Spreadsheets write "2023" once and leave the cells beside it empty: "2023, , 2024, " over "Sum, Tax, Sum, Tax".
    """
    if len(grid.rows) < 3 or grid.width < 4:
        return grid
    first, second = grid.rows[0], [grid.text(1, column) for column in range(1, grid.width)]
    is_empty = [cell < 0 or not grid.texts[cell] for cell in first]
    if not any(is_empty[2:]) or "" in second or len(set(second)) == len(second) or not _names_columns(grid, 1):
        return grid
    spread = list(first)
    for column in range(1, grid.width):
        if is_empty[column] and (column > 1 or not is_empty[0]):
            spread[column] = spread[column - 1]
    return Grid([spread, *grid.rows[1:]], grid.texts, grid.is_header)


def _names_columns(grid: Grid, row: int) -> bool:
    """Does ``row`` look like names of what stands below it?"""
    for_it = against = 0
    names = [grid.text(row, column) for column in range(grid.width)]
    lines = grid.rows[row + 1 : row + _SAMPLE]
    rows = [([grid.texts[cell] if cell >= 0 else "" for cell in line], line) for line in lines]
    rows = [(texts, line) for texts, line in rows if texts != names]  # they may be repeated on each page
    for column, name in enumerate(names):
        below = [texts[column] for texts, line in rows if line[column] != grid.rows[row][column]]
        kind = kind_of(name)
        common = common_kind(below)
        if kind is None or common is None:
            against += kind is not None and kind not in {"text", "year", "code"}
        elif kind == "text":
            if is_sentence(name) or (len(below) > 1 and name in below):
                against += 1
            else:
                for_it += common != "text"
        elif kind == common or (common == "text" and kind not in {"year", "code"}):
            against += 1
        else:
            for_it += 1
    return for_it >= against


def _extended(grid: Grid, rows: int) -> int:
    """The number of header rows, of which ``rows`` are known."""
    while rows < min(len(grid.rows) - 1, _MOST_ROWS):
        above, line = grid.rows[rows - 1], grid.rows[rows]
        if not (_divides(above, line) and _names_columns(grid, rows)) and not _holds_units(grid, rows):
            break
        rows += 1
    return rows


def _divides(above: list[int], line: list[int]) -> bool:
    """Does ``line`` tell apart what a cell of the row above it spans?"""
    return any(
        above[at] == above[at - 1] >= 0 and line[at] != line[at - 1] and line[at] >= 0 for at in range(1, len(above))
    )


def _holds_units(grid: Grid, row: int) -> bool:
    """Does ``row`` say in which units its columns are, and nothing else?"""
    own = [cell for cell in grid.cells(row) if cell not in grid.rows[row - 1]]
    return bool(own) and all(is_unit(grid.texts[cell]) for cell in own)


# --- forms: labels with their values ----------------------------------------------------------------------------------
def _is_form(grid: Grid, *, is_headed: bool, labels_marked: bool) -> bool:
    """Do labels and values stand side by side?"""
    rows = [row for row in range(len(grid.rows)) if len(grid.cells(row)) > 1]
    if not rows or len(rows) > _MOST_FIELDS:
        return False
    labels = [
        grid.text(row, column)
        for row in rows
        for column in range(0, grid.width, 2)
        if grid.text(row, column) and (column == 0 or grid.rows[row][column] != grid.rows[row][column - 1])
    ]
    if not labels or any(is_sentence(label) for label in labels) or _has_wide_cells(grid, rows):
        return False
    if grid.width == 2 and labels_marked:
        return True
    if sum(label.endswith((":", "：")) for label in labels) * 2 > len(labels):
        return True
    first = [grid.text(rows[0], column) for column in range(1, grid.width, 2)]
    known = sum(is_field_name(label) for label in labels)
    if any(is_field_name(value) for value in first):
        return False  # "Name | Phone" are two columns
    if known * 2 >= len(labels) and known > 1:
        return True
    if grid.width > 2:
        return False
    return _are_fields(grid, rows, is_headed=is_headed)


def _are_fields(grid: Grid, rows: list[int], *, is_headed: bool) -> bool:
    """Two columns: are they labels with values of many kinds, or names of things with a value of one kind each?"""
    label, value = grid.text(rows[0], 0), grid.text(rows[0], 1)
    kind = kind_of(value)
    below = [grid.text(row, 1) for row in rows[1:]]
    common = common_kind(below)
    if kind not in {"text", "year", "code", None} and kind_of(label) in {"text", "code"}:
        return kind == common or common is None or common == "text"
    if is_headed:
        return False
    if len(rows) == 1:
        return kind not in {"text", None} or label.endswith(":")
    if common is not None and common != "text":
        return kind == common
    kinds = {kind_of(text) for text in below} - {None}
    explained = sum(len(text.split()) for text in below) > 5 * len(below) and len(value.split()) <= 3
    return len(kinds) > 1 or not (explained or is_sentence(value))


def _has_wide_cells(grid: Grid, rows: list[int]) -> bool:
    """Does a label span into a column of values? A value may reach over the rest of its row."""
    return any(
        line[at] == line[at + 1] >= 0 and (at == 0 or line[at - 1] != line[at])
        for line in (grid.rows[row] for row in rows)
        for at in range(0, grid.width - 1, 2)
    )
