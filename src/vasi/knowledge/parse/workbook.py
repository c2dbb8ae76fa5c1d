"""A workbook as blocks, whatever format it comes from: each sheet under its name, its tables as records."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from vasi.knowledge.parse.blocks import STRUCK_OUT, Block, Parsed, clean
from vasi.knowledge.parse.grid import MAX_COLUMNS, Cell
from vasi.knowledge.parse.sheet import sheet as sheet_blocks
from vasi.knowledge.parse.table import records
from vasi.knowledge.parse.values import kind_of

_RANGE: Final = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_MOST_EMPTY: Final = 3
"""Empty rows that are kept between two others."""
_MOST_NAMED: Final = 5
"""Places that are named in a warning."""
_ERROR: Final = re.compile(r"#(?:DIV/0!|REF!|NAME\?|VALUE!|N/A|NUM!|NULL!|SPILL!|CALC!)|Err:\d{3}")
_MAX_PLACES: Final = 1_000_000


@dataclass(slots=True)
class Sheet:
    """A sheet.

    Attributes:
        name: of the sheet.
        rows: the texts of its cells, by row and column from 0.
        spans: by row and column: how many rows and columns a merged cell covers.
        texts: of what is drawn on it.
        tables: by places, the cells that are a table of their own, as the program that wrote it says.
        notes: the place ("B3") and text of each note on a cell.
        hidden_rows: those that someone hid.
        hidden_columns: the same of columns.
        folded: rows and columns that only a filter or a closed group hides, which are read.
        failed: the place and the error of each cell that shows one.
        uncomputed: the places of formulas whose result isn't in the file.
        is_cut: there was more than could be read.
    """

    name: str
    rows: dict[int, dict[int, str]] = field(default_factory=dict[int, dict[int, str]])
    spans: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict[tuple[int, int], tuple[int, int]])
    texts: list[str] = field(default_factory=list[str])
    tables: list[tuple[int, int, int, int]] = field(default_factory=list[tuple[int, int, int, int]])
    """First row and column, last row and column."""
    notes: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    hidden_rows: set[int] = field(default_factory=set[int])
    hidden_columns: set[int] = field(default_factory=set[int])
    folded: set[tuple[str, int]] = field(default_factory=set[tuple[str, int]])
    failed: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    uncomputed: list[str] = field(default_factory=list[str])
    is_cut: bool = False

    def put(self, row: int, column: int, text: str) -> None:
        """A cell says ``text``; what lies too far out is left out, and so are errors."""
        if column >= MAX_COLUMNS:
            self.is_cut = True
        elif _ERROR.fullmatch(text):
            self.failed.append((place(row, column), text))
        else:
            self.rows.setdefault(row, {})[column] = text

    def hide_row(self, row: int, *, is_folded: bool) -> None:
        """A row isn't shown; ``is_folded``: by a filter or a closed group."""
        if is_folded:
            self.folded.add(("row", row))
        else:
            self.hidden_rows.add(row)

    def hide_columns(self, first: int, last: int, *, is_folded: bool) -> None:
        """The columns from ``first`` to ``last`` aren't shown; ``is_folded``: by a closed group."""
        columns = range(first, min(last, MAX_COLUMNS) + 1)
        if is_folded:
            self.folded.update(("column", column) for column in columns)
        else:
            self.hidden_columns.update(columns)

    def filter(self) -> None:
        """It's a filter that hides its rows."""
        self.folded.update(("row", row) for row in self.hidden_rows)
        self.hidden_rows.clear()

    def merge(self, reference: str) -> None:
        """The cells of ``reference`` ("A1:C1") are one."""
        if (match := _RANGE.fullmatch(reference)) is not None:
            left, top, right, bottom = match.groups()
            self.span(int(top) - 1, column_number(left), int(bottom) - 1, column_number(right))

    def declare_table(self, reference: str) -> None:
        """The cells of ``reference`` are a table whose first row names its columns."""
        if (match := _RANGE.fullmatch(reference)) is not None:
            left, top, right, bottom = match.groups()
            self.tables.append((int(top) - 1, column_number(left), int(bottom) - 1, column_number(right)))

    def span(self, top: int, left: int, bottom: int, right: int) -> None:
        """The cells from the one to the other are one."""
        if bottom >= top and right >= left:
            self.spans[top, left] = (bottom - top + 1, right - left + 1)


@dataclass(slots=True)
class Workbook:
    """The sheets of a workbook; of ``characters`` no more are read."""

    characters: int
    sheets: list[Sheet] = field(default_factory=list[Sheet])
    hidden: list[str] = field(default_factory=list[str])
    has_struck: bool = False
    """Text was left out because it's struck out."""

    @property
    def room(self) -> int:
        """Characters that may still be read."""
        return self.characters - sum(len(t) for one in self.sheets for row in one.rows.values() for t in row.values())

    def add(self, sheet: Sheet) -> None:
        """The next sheet."""
        self.sheets.append(sheet)


def blocks_of(workbook: Workbook, title: str = "") -> Parsed:
    """The blocks of all sheets, with warnings of what is hidden or was left out."""
    blocks: list[Block] = []
    warnings: list[str] = []
    for sheet in workbook.sheets:
        warnings += _take_hidden(sheet)
        declared = [block for table in sorted(sheet.tables) for block in _take_table(sheet, table)]
        content = [block for part in _parts(sheet) for block in sheet_blocks(part)]
        content += declared
        content += [Block(text) for text in sheet.texts]
        content += [Block(f"Note on {at}: {text}") for at, text in sheet.notes]
        if content and (name := clean(sheet.name).replace("\n", " ")):
            blocks.append(Block(name, "heading", 1))
        blocks += content
        warnings += _unread(sheet)
        if sheet.is_cut:
            warnings.append(f"Only the beginning of its sheet {sheet.name} was read: it is too large.")
    if workbook.has_struck:
        warnings.append(STRUCK_OUT)
    if workbook.hidden:
        names = ", ".join(workbook.hidden[:10])
        what = f"sheet {names} wasn't" if len(workbook.hidden) == 1 else f"sheets {names} weren't"
        warnings.append(f"Its hidden {what} read: show what is to be read, save and add it again.")
    return Parsed(blocks, title, warnings=warnings)


def _take_hidden(sheet: Sheet) -> Iterator[str]:
    """Take out what is hidden, and say so."""
    rows = sorted(sheet.hidden_rows & sheet.rows.keys())
    for row in rows:
        del sheet.rows[row]
    columns = sorted({column for row in sheet.rows.values() for column in row} & sheet.hidden_columns)
    for row in sheet.rows.values():
        for column in columns:
            row.pop(column, None)
    sheet.rows = {number: row for number, row in sheet.rows.items() if row}
    parts = [f"{len(rows)} hidden row{'s' if len(rows) > 1 else ''}"] if rows else []
    if columns:
        names = _named([column_letters(column) for column in columns])
        parts.append(f"hidden column{'s' if len(columns) > 1 else ''} {names}")
    if parts:
        verb = "wasn't" if len(rows) + len(columns) == 1 else "weren't"
        remedy = "show what is to be read, save and add it again."
        yield f"Of its sheet {sheet.name}, {' and '.join(parts)} {verb} read: {remedy}"
    if any(kind == "column" or row in sheet.rows for kind, row in sheet.folded):
        yield f"What a filter or a closed group hides in its sheet {sheet.name} was read as well."


def _unread(sheet: Sheet) -> Iterator[str]:
    """What of the cells couldn't be read."""
    if sheet.failed:
        failed = _named([f"{at} ({error})" for at, error in sheet.failed])
        yield f"Cells of its sheet {sheet.name} show errors and weren't read: {failed}."
    if sheet.uncomputed:
        yield (
            f"Formulas of its sheet {sheet.name} have no results and weren't read ({_named(sheet.uncomputed)}): open "
            "it in a spreadsheet program, save it and add it again."
        )


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _take_table(sheet: Sheet, place: tuple[int, int, int, int]) -> list[Block]:
    """The records of a declared table, under the cell above it; its cells are taken out of the sheet."""
    top, left, bottom, right = place
    rows: list[list[Cell]] = []
    for number in sorted(number for number in sheet.rows if top <= number <= bottom):
        row = sheet.rows[number]
        rows.append([Cell(row.pop(column, "")) for column in range(left, min(right, MAX_COLUMNS - 1) + 1)])
    above = sheet.rows.get(top - 1, {})
    is_title = left in above and not any(column in above for column in range(left + 1, right + 1))
    caption = above.pop(left) if is_title else ""
    sheet.rows = {number: row for number, row in sheet.rows.items() if row}
    return records(rows, caption=caption, is_headed=True)


def _parts(sheet: Sheet) -> Iterator[list[list[Cell]]]:
    """The rows of a sheet; tables that stand beside each other, an empty column between them, one after the other."""
    if not sheet.rows:
        return
    numbers = sorted(sheet.rows)
    covered = _covered(sheet, numbers)
    for first, last in _stretches(sheet, numbers):
        rows: list[list[Cell]] = []
        before = numbers[0]
        for number in numbers:
            rows += [[] for _ in range(min(number - before - 1, _MOST_EMPTY))]
            before = number
            rows.append(_cells(sheet, number, first, last, covered.get(number, set())))
        yield rows


def _covered(sheet: Sheet, numbers: Sequence[int]) -> dict[int, set[int]]:
    """By row: the columns that merged cells of earlier rows cover."""
    covered: dict[int, set[int]] = {}
    places = 0
    for (top, left), (rows, columns) in sheet.spans.items():
        columns = min(columns, MAX_COLUMNS)
        for number in numbers[bisect_right(numbers, top) : bisect_right(numbers, top + rows - 1)]:
            places += columns
            if places > _MAX_PLACES:
                return covered
            covered.setdefault(number, set()).update(range(left, left + columns))
    return covered


def _stretches(sheet: Sheet, numbers: Sequence[int]) -> list[tuple[int, int]]:
    """The columns, first and last, of what stands side by side."""
    used: set[int] = set()
    for number in numbers:
        row = sheet.rows[number]
        for column in row:
            _, columns = sheet.spans.get((number, column), (1, 1))
            # A title over everything doesn't join what stands below it.
            used.update(range(column, column + (1 if len(row) == 1 else min(columns, MAX_COLUMNS))))
    stretches: list[tuple[int, int]] = []
    for column in sorted(used):
        if stretches and stretches[-1][1] == column - 1:
            stretches[-1] = (stretches[-1][0], column)
        else:
            stretches.append((column, column))
    if all(_is_table(sheet, stretch, at == 0) for at, stretch in enumerate(stretches)):
        return stretches
    return [(stretches[0][0], stretches[-1][1])] if stretches else []


def _is_table(sheet: Sheet, stretch: tuple[int, int], is_first: bool) -> bool:
    """Can these columns be read by themselves? Then their first one says what their rows are about."""
    first, last = stretch
    keys = [row[first] for row in sheet.rows.values() if first in row]
    return last > first and (is_first or sum(kind_of(key) in ("text", "code") for key in keys) > 0.6 * len(keys))


def _cells(sheet: Sheet, number: int, first: int, last: int, covered: set[int]) -> list[Cell]:
    cells: list[Cell] = []
    row = sheet.rows[number]
    column = first
    while column <= last:
        if column in covered:
            column += 1
            continue
        rows, columns = sheet.spans.get((number, column), (1, 1))
        columns = min(columns, last - column + 1)
        cells.append(Cell(row.get(column, ""), columns, rows))
        column += columns
    return cells


def place(row: int, column: int) -> str:
    """The cell at a row and column from 0, as a sheet calls it: "B3"."""
    return f"{column_letters(column)}{row + 1}"


def column_number(letters: str) -> int:
    """The column "A" is 0, "AA" is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(number: int) -> str:
    """The column 0 is "A", 26 is "AA"."""
    letters = ""
    number += 1
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
