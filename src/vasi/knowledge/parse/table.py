"""Tables as records, whatever format they come from.

A table becomes rows that can be read by themselves: each value with the name of its column. What spans several rows or
columns belongs to all of them; a row with a single cell is a caption, the label of the rows below it, or a note; header
rows are recognised, and tables that have none: labels with their values become lines of fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from vasi.knowledge.parse.blocks import Block, clean, column_name, join_cells
from vasi.knowledge.parse.grid import Cell, Grid, lay_out
from vasi.knowledge.parse.header import column_names, find_headers, spread_names
from vasi.knowledge.parse.values import common_kind, is_sentence, kind_of

_LONGEST_CAPTION: Final = 200
_LONGEST_LABEL: Final = 120
_LONGEST_COPY: Final = 300
"""Characters that are repeated: of a column's name, and of a cell in all places but its first."""
_NAMES_BUDGET: Final = 20_000_000
"""Characters that the names of columns may take in all rows of a table."""
_MOST_COPIES: Final = 6
"""Columns that a spanning cell is repeated for; beyond it their names are joined."""
_LAYOUT_WORDS: Final = 60
"""Words of a cell, on average, from which a table only arranges text on a page."""
_FEWEST_LINES: Final = 3
"""Lines that several cells of a row have in common before they count as rows."""
_DITTO: Final = frozenset(['"', "''", "″", "〃", "”", "ditto", "dito", "do."])
_TOTAL = re.compile(
    r"(?:sub|grand |net |gross )?total\b|sum\b|summe|gesamt|zwischensumme|somme|suma\b|totale\b|totaal|итого|всего"
    r"|合計|合计",
    re.IGNORECASE,
)


def table(rows: list[list[str]], page: int | None = None) -> list[Block]:
    """A table without spans or marks; see ``records``."""
    return records([[Cell(text) for text in cells] for cells in rows], page)


def records(
    rows: Sequence[Sequence[Cell]], page: int | None = None, caption: str = "", *, is_headed: bool = False
) -> list[Block]:
    """The blocks of a table: its caption and notes as text, its rows as ``column: value; column: value``.

    Args:
        rows: the cells of each row; one that spans several rows or columns is given once, where it begins.
        page: that it stands on.
        caption: which the format gives it, or "".
        is_headed: its first row names the columns unless its cells are plainly values, as in CSV and Markdown.
    """
    if _is_layout(rows):
        texts = [caption, *(cell.text for cells in rows for cell in cells)]
        return [Block(text, page=page) for text in map(clean, texts) if text]
    grid = lay_out(list(_split_rows(rows)))
    titles, grid = _take_titles(grid)
    titles = [title for title in (clean(caption).replace("\n", " "), *titles) if title]
    name = ", ".join(titles)
    name = name if len(name) <= _LONGEST_CAPTION else titles[0][:_LONGEST_CAPTION]
    blocks = [Block("\n".join(titles), page=page, caption=name)] if titles else []
    if grid.width == 1:
        texts = [grid.text(at, 0) for at in range(len(grid.rows))]
        return blocks + [Block(text, page=page, caption=name) for text in texts]
    grid = spread_names(grid)
    headers = find_headers(grid, is_headed=is_headed)
    if headers.kind == "fields":
        return blocks + list(_fields(grid, page, name))
    if headers.rows == 0 and len(grid.rows) == 1:
        return [*blocks, Block(" ".join(grid.texts[cell] for cell in grid.cells(0)), page=page, caption=name)]
    if _is_transposed(grid, headers.rows):
        grid = Grid([list(column) for column in zip(*grid.rows, strict=True)], grid.texts, grid.is_header)
        return blocks + list(_body(grid, 1, ["", *column_names(grid, 1)[1:]], page, name))
    return blocks + list(_body(grid, headers.rows, column_names(grid, headers.rows), page, name))


def continued(above: Sequence[Sequence[Cell]], rows: Sequence[Sequence[Cell]]) -> list[Sequence[Cell]]:
    """``rows``, which go on with the table ``above`` on another page, below the names of its columns."""
    names = _header_rows(above)
    if not names or lay_out(above).width != lay_out(rows).width:
        return list(rows)
    if (own := _header_rows(rows)) and not _is_body(above, own[0]):
        return list(rows)
    return [*([replace(cell, is_header=True) for cell in cells] for cells in names), *rows]


def _header_rows(rows: Sequence[Sequence[Cell]]) -> Sequence[Sequence[Cell]]:
    """The rows that name the columns of a table; [] if none do."""
    titles, grid = _take_titles(lay_out(rows))
    headers = find_headers(grid, is_headed=False)
    return [] if headers.kind == "fields" else rows[len(titles) : len(titles) + headers.rows]


def _is_body(above: Sequence[Sequence[Cell]], cells: Sequence[Cell]) -> bool:
    """Are the values of a row of the kinds that the table ``above`` has, rather than names?"""
    grid = lay_out(above)
    if len(cells) != grid.width or any(cell.is_header for cell in cells):
        return False
    kinds = [common_kind(grid.text(row, at) for row in range(1, len(grid.rows))) for at in range(grid.width)]
    pairs = [(kind, kind_of(cell.text)) for kind, cell in zip(kinds, cells, strict=True)]
    known = [(kind, own) for kind, own in pairs if kind not in {None, "text"} and own is not None]
    return bool(known) and all(kind == own for kind, own in known)


def _is_layout(rows: Sequence[Sequence[Cell]]) -> bool:
    texts = [cell.text for cells in rows[:50] for cell in cells if cell.text.strip()]
    return len(texts) > 0 and sum(len(text.split()) for text in texts) > _LAYOUT_WORDS * len(texts)


def lines_beside(texts: Sequence[str]) -> list[list[str]]:
    """The lines of the cells of a row, if they stand beside each other like rows; [] if they don't.

    Some write a column of a table into one cell: as many lines in each, one of them with values.
    """
    lines = [text.rstrip().split("\n") if text.strip() else [] for text in texts]
    filled = [each for each in lines if each]
    height = len(filled[0]) if filled else 0
    if len(filled) < 2 or height < _FEWEST_LINES or any(len(each) != height for each in filled):
        return []
    are_values = any(common_kind(each) not in {"text", None} for each in filled)
    return lines if are_values and sum(map(len, texts)) < _LONGEST_LABEL * height * len(filled) else []


def _split_rows(rows: Sequence[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    for cells in rows:
        is_plain = len(cells) > 1 and all(cell.rows == 1 for cell in cells)
        lines = lines_beside([cell.text for cell in cells]) if is_plain else []
        if not lines:
            yield cells
            continue
        for at in range(max(map(len, lines))):
            yield [replace(cell, text=each[at] if each else "") for cell, each in zip(cells, lines, strict=True)]


def _take_titles(grid: Grid) -> tuple[list[str], Grid]:
    """The rows above the table that have one cell, and the rest."""
    titles: list[str] = []
    at = 0
    if grid.width > 1:
        while at < len(grid.rows) - 1 and _is_lone(grid, at):
            titles.append(grid.texts[grid.rows[at][0]])
            at += 1
        if all(len(grid.cells(row)) < 2 for row in range(at, len(grid.rows))):
            return [], grid  # nothing stands beside anything
    return titles, Grid(grid.rows[at:], grid.texts, grid.is_header)


def _is_lone(grid: Grid, row: int) -> bool:
    """Does a row have one cell, at its left or over all columns?"""
    return grid.cells(row) == [grid.rows[row][0]]


def _is_transposed(grid: Grid, headers: int) -> bool:
    """Are its rows the properties of things that are its columns? Each row has values of one kind, no column has."""
    if headers != 1 or not 3 <= grid.width <= 12 or not 3 <= len(grid.rows) <= 60:
        return False
    if any(len(set(line)) < len(line) for line in grid.rows) or kind_of(grid.text(0, 1)) in {"year", "date"}:
        return False
    rows = [{kind_of(grid.text(row, at)) for at in range(1, grid.width)} - {None} for row in range(1, len(grid.rows))]
    columns = [
        {kind_of(grid.text(row, at)) for row in range(1, len(grid.rows))} - {None} for at in range(1, grid.width)
    ]
    kinds = {kind for row in rows for kind in row}
    return all(len(row) < 2 for row in rows) and len(kinds) > 1 and all(len(column) > 1 for column in columns)


# --- rows -------------------------------------------------------------------------------------------------------------
def _body(grid: Grid, start: int, names: list[str], page: int | None, caption: str) -> Iterator[Block]:
    """The rows from ``start`` on, with what labels them."""
    height = len(grid.rows)
    longest = max(10, min(_LONGEST_COPY, _NAMES_BUDGET // max(1, height * grid.width)))
    names = [column_name(name[:longest]) for name in names]
    headings = [[grid.text(row, at) for at in range(grid.width)] for row in range(start)]
    labels = _labels(grid, start)
    label: list[str] = []
    above = ""
    seen: set[int] = set()
    for at in range(start, height):
        if at in labels:
            label = [*label, labels[at]] if at - 1 in labels else [labels[at]]
            continue
        if _spans_all(grid, at):
            yield Block(grid.text(at, 0), page=page, caption=caption)
            continue
        texts = [grid.text(at, column) for column in range(grid.width)]
        if texts in headings:
            continue  # repeated on the next page
        first = texts[0]
        if start and above and _is_same_key(above, texts):
            first = above
        above = first
        if not (at == height - 1 and _TOTAL.match(first)):
            first = ", ".join([*label, first] if first else label)
        if text := _record(grid, at, names, first, seen):
            yield Block(text, "row", page=page, caption=caption)
        seen.update(grid.rows[at])


def _is_same_key(above: str, texts: list[str]) -> bool:
    """Does a row leave out its first cell because it's ``above``, that of the row before it?"""
    first, second = texts[0], texts[1]
    if first in _DITTO:
        return True
    if first or len(texts) < 3 or kind_of(above) not in {"text", "code", "date", "year"}:
        return False
    return kind_of(second) in {"text", "code"} and not _TOTAL.match(second) and not _TOTAL.match(above)


def _record(grid: Grid, at: int, names: list[str], first: str, seen: set[int]) -> str:
    """A row as text; ``first`` stands for its first cell."""
    columns: list[str] = []
    values: list[str] = []
    for cell, places in groupby(range(grid.width), grid.rows[at].__getitem__):
        covered = list(places)
        text = first if covered[0] == 0 else grid.texts[cell] if cell >= 0 else ""
        if cell in seen:
            text = text[:_LONGEST_COPY]
        own = list(dict.fromkeys(names[column] for column in covered if names[column])) or [""]
        if covered[0] == 0:
            own = own[:1]
        elif len(own) > _MOST_COPIES or (len(own) > 1 and len(text) > _LONGEST_LABEL):
            own = [", ".join(own)[:_LONGEST_COPY]]
        columns += own
        values += [text] * len(own)
    return join_cells(columns, values)


def _spans_all(grid: Grid, at: int) -> bool:
    return len(set(grid.rows[at])) == 1


def _labels(grid: Grid, start: int) -> dict[int, str]:
    """The rows with a single cell that label those below them."""
    lone = [at for at in range(start, len(grid.rows) - 1) if _is_lone(grid, at)]
    last = len(grid.rows) - 1
    labels: dict[int, str] = {}
    followed = [at for at in lone if any(not _is_lone(grid, below) for below in range(at + 1, min(at + 3, last + 1)))]
    # A name without values may be a row; what comes first or again and again is no accident.
    regular = grid.width > 2 and bool(followed) and (followed[0] == start or len(followed) > 1)
    for at in followed:
        cell = grid.rows[at][0]
        text = grid.texts[cell]
        if len(text) > _LONGEST_LABEL or is_sentence(text):
            continue
        if _spans_all(grid, at) or text.endswith(":") or grid.is_header[cell] or regular:
            labels[at] = text.rstrip(": ")
    return labels


# --- fields -----------------------------------------------------------------------------------------------------------
def _fields(grid: Grid, page: int | None, caption: str) -> Iterator[Block]:
    """``Label: value``, one a line; a row with one cell heads those below it."""
    lines: list[str] = []
    for at in range(len(grid.rows)):
        if _is_lone(grid, at) and lines:
            yield Block("\n".join(lines), page=page, caption=caption)
            lines = []
        for left in range(0, grid.width, 2):
            if left and grid.rows[at][left] == grid.rows[at][left - 1] >= 0:
                continue  # the value before it reaches over it
            cells = list(dict.fromkeys(grid.text(at, column) for column in (left, left + 1)))
            lines += filter(None, [_field(*cells) if len(cells) == 2 else cells[0]])
    if lines:
        yield Block("\n".join(lines), page=page, caption=caption)


def _field(label: str, value: str) -> str:
    label = label.rstrip(":： ")
    return f"{label}: {value}" if label and value else label or value
