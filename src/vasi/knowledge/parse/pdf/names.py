"""The names of a table's columns where they stand above it in lines of their own, some over several columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from vasi.knowledge.parse.grid import Cell
from vasi.knowledge.parse.pdf.rows import Row, Segment, segments

_MOST: Final = 6
"""Lines of names."""
_NEAR: Final = 2.2
"""Heights from one of them to the next."""
_LONGEST: Final = 4
"""Words of a name on one line, on average."""
_GAP: Final = 0.6
_CENTRED: Final = 0.35
"""How far the middle of a name may be from that of its columns, as a part of one column's width."""


def name_rows(above: Sequence[Row], edges: Sequence[float], table: Row) -> list[Row]:
    """The rows at the end of ``above`` that name the columns between ``edges``; ``table`` is the first below them."""
    found: list[Row] = []
    below = table
    for row in reversed(above[-_MOST:]):
        height = max(row.height, below.height)
        if below.baseline - row.baseline > height * _NEAR or not 0.7 < row.height / below.height < 1.4:
            break
        parts = segments(row, row.height * _GAP)
        words = sum(len(part.text.split()) for part in parts)
        if words > _LONGEST * len(parts) or parts[0].left < edges[0] - height or parts[-1].right > edges[-1] + height:
            break
        if any(part.text[-1] in ".:" and len(part.text.split()) > 2 for part in parts):
            break
        if sum(1 for part in parts if is_value(part.text)) * 3 >= len(parts):
            break
        found.insert(0, row)
        below = row
    while found and len(segments(found[0], found[0].height * _GAP)) < 2:
        del found[0]
    return found if _cover(found, edges) else []


def is_value(text: str) -> bool:
    """Whether a cell holds more digits than letters, and isn't a year."""
    digits = sum(1 for letter in text if letter.isdigit())
    is_year = len(text) == 4 and text[:2] in {"19", "20"}
    return not is_year and digits >= max(1, sum(1 for letter in text if letter.isalpha()))


def names_of(names: Sequence[Row], edges: Sequence[float]) -> list[Cell]:
    """The row of names: for each column what stands above it, from the top."""
    texts: list[list[str]] = [[] for _ in range(len(edges) - 1)]
    for row in names:
        parts = segments(row, row.height * _GAP)
        for part, columns in zip(parts, _columns_of(parts, edges), strict=True):
            for column in columns:
                texts[column].append(part.text)
    return [Cell(" ".join(lines), is_header=True) for lines in texts]


def _cover(names: Sequence[Row], edges: Sequence[float]) -> bool:
    """Whether nearly all columns but the first have a name."""
    named = {
        column
        for row in names
        for columns in [_columns_of(segments(row, row.height * _GAP), edges)]
        for group in columns
        for column in group
    }
    return len(named - {0}) >= (len(edges) - 2) * 0.75


def _columns_of(parts: Sequence[Segment], edges: Sequence[float]) -> list[list[int]]:
    """The columns that each part of a line of names stands over: its own, or a group of them that it is centred on."""
    count = len(edges) - 1
    middles = [(left + right) / 2 for left, right in pairwise(edges)]
    own = [_nearest((part.left + part.right) / 2, middles) for part in parts]
    groups = [part for part, column in zip(parts, own, strict=True) if column > 0]
    if groups and (count - 1) % len(groups) == 0 and count - 1 > len(groups):
        size = (count - 1) // len(groups)
        if all(_is_centred(part, edges, 1 + at * size, size) for at, part in enumerate(groups)):
            spans = iter([list(range(1 + at * size, 1 + (at + 1) * size)) for at in range(len(groups))])
            return [next(spans) if column > 0 else [0] for column in own]
    return [[column] for column in own]


def _is_centred(part: Segment, edges: Sequence[float], first: int, size: int) -> bool:
    left, right = edges[first], edges[first + size]
    return size > 1 and abs((part.left + part.right) - (left + right)) / 2 < (right - left) / size * _CENTRED


def _nearest(place: float, middles: Sequence[float]) -> int:
    return min(range(len(middles)), key=lambda column: abs(middles[column] - place))
