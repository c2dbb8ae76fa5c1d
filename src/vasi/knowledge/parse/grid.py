"""A table as a grid: cells with spans at their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vasi.knowledge.parse.blocks import clean

MAX_COLUMNS: Final = 1_000
_MAX_PLACES: Final = 1_000_000
"""Places that spans may take in one table; beyond it a cell takes one."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as a format gives it.

    Attributes:
        text: as it is read, with newlines where it has several paragraphs.
        columns: how many it covers, from 1.
        rows: how many it covers, from 1.
        is_header: whether the format marks it as one that names a column or row.
    """

    text: str
    columns: int = 1
    rows: int = 1
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of equal length. Each place holds the number of the cell that covers it; -1 where there is none.

    Attributes:
        rows: numbers of cells.
        texts: by number: what the cell says, in one line.
        is_header: by number.
    """

    rows: list[list[int]]
    texts: list[str]
    is_header: list[bool]

    @property
    def width(self) -> int:
        """Columns."""
        return len(self.rows[0]) if self.rows else 0

    def text(self, row: int, column: int) -> str:
        """What stands at a place; "" if nothing does."""
        cell = self.rows[row][column]
        return self.texts[cell] if cell >= 0 else ""

    def cells(self, row: int) -> list[int]:
        """The cells of a row that say something, each once, in their order."""
        return [cell for cell in dict.fromkeys(self.rows[row]) if cell >= 0 and self.texts[cell]]


def lay_out(rows: Sequence[Sequence[Cell]]) -> Grid:
    """Put cells at their places, without the rows and columns in which nothing stands."""
    texts: list[str] = []
    is_header: list[bool] = []
    lines: list[list[int]] = []
    above: dict[int, tuple[int, int]] = {}
    """By column: a cell of an earlier row that covers this one, and how many rows from here."""
    places = 0
    for number, cells in enumerate(rows):
        line: list[int] = []
        covering: dict[int, tuple[int, int]] = {}
        for cell in cells:
            _cover(line, above, covering)
            if len(line) >= MAX_COLUMNS:
                break
            columns = max(1, min(cell.columns, MAX_COLUMNS - len(line)))
            height = max(1, min(cell.rows, len(rows) - number))
            if places + columns * height > _MAX_PLACES:
                columns = height = 1
            places += columns * height
            if height > 1:
                covering.update(dict.fromkeys(range(len(line), len(line) + columns), (len(texts), height - 1)))
            line += [len(texts)] * columns
            texts.append(clean(cell.text).replace("\n", " "))
            is_header.append(cell.is_header)
        for column in sorted(above):
            if column >= len(line):  # else a cell of this row lies on it
                line += [-1] * (column - len(line))
                _cover(line, above, covering)
        above = covering
        lines.append(line)
    return Grid(_square(lines, texts), texts, is_header)


def _cover(line: list[int], above: dict[int, tuple[int, int]], covering: dict[int, tuple[int, int]]) -> None:
    """Continue ``line`` with the cells of earlier rows that cover its next places."""
    while (column := len(line)) in above:
        cell, height = above.pop(column)
        line.append(cell)
        if height > 1:
            covering[column] = (cell, height - 1)


def _square(lines: list[list[int]], texts: list[str]) -> list[list[int]]:
    """Rows of one length; without those that are empty or say nothing that the one above doesn't say."""
    kept: list[list[int]] = []
    for line in lines:
        said = {cell for cell in line if cell >= 0 and texts[cell]}
        if said and not (kept and said <= set(kept[-1])):
            kept.append(line)
    width = max(map(len, kept), default=0)
    kept = [line + [-1] * (width - len(line)) for line in kept]
    columns: list[int] = []
    for column in range(width):
        is_empty = all(line[column] < 0 or not texts[line[column]] for line in kept)
        if not is_empty and not (columns and all(line[column] == line[columns[-1]] for line in kept)):
            columns.append(column)
    return kept if len(columns) == width else [[line[column] for column in columns] for line in kept]
