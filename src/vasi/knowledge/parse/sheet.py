"""A sheet of cells (a spreadsheet, a CSV file) as the tables that stand on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from vasi.knowledge.parse.blocks import Block
from vasi.knowledge.parse.grid import Cell
from vasi.knowledge.parse.table import records
from vasi.knowledge.parse.values import kind_of

Rows: TypeAlias = Sequence[Sequence[Cell]]
_LONGEST_VALUE: Final = 40
"""Characters of what may be the only cell of a row; what is longer, below an empty row, is a note."""


def sheet(rows: Rows, page: int | None = None, caption: str = "") -> list[Block]:
    """The blocks of all tables of a sheet; empty rows part them.

    Args:
        rows: the cells of each row, empty ones too.
        page: that it stands on.
        caption: the sheet's name, or "".
    """
    blocks: list[Block] = []
    for part in _tables(rows):
        blocks += records(part, page, caption, is_headed=True)
    return blocks


def _tables(rows: Rows) -> Iterator[list[Sequence[Cell]]]:
    """The rows of each table. What follows an empty row goes on with the table above unless it begins another."""
    current: list[Sequence[Cell]] = []
    for part in _parts(rows):
        if current and not all(map(_is_lone, current)) and _begins(part, current):
            yield current
            current = []
        current += part
    if current:
        yield current


def _parts(rows: Rows) -> Iterator[list[Sequence[Cell]]]:
    part: list[Sequence[Cell]] = []
    for cells in rows:
        if any(cell.text.strip() for cell in cells):
            part.append(cells)
        elif part:
            yield part
            part = []
    if part:
        yield part


def _begins(part: Rows, above: Rows) -> bool:
    """Is ``part`` a table, or text, of its own?"""
    first = next((cells for cells in part if not _is_lone(cells)), None)
    if first is None:
        text = " ".join(cell.text.strip() for cell in part[0])
        return len(part) > 1 or len(text) > _LONGEST_VALUE or text.strip()[-1:] in {".", ":"} or ": " in text
    if len(part) < 2:
        return False
    if _is_lone(part[0]) or _filled(first) != _filled(above[-1]):
        return True
    kinds = [kind_of(cell.text) for cell in first]
    before = [kind_of(cell.text) for cell in above[-1]]
    return all(kind in {"text", None} for kind in kinds) and any(kind not in {"text", None} for kind in before)


def _is_lone(cells: Sequence[Cell]) -> bool:
    """Does only the first cell of a row say something?"""
    return bool(cells) and all(bool(cell.text.strip()) == (at == 0) for at, cell in enumerate(cells))


def _filled(cells: Sequence[Cell]) -> list[int]:
    return [at for at, cell in enumerate(cells) if cell.text.strip()]
