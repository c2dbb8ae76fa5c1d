"""Tables without rules: rows whose cells stand below each other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TypeAlias

from vasi.knowledge.parse.grid import Cell
from vasi.knowledge.parse.pdf.columns import gutters
from vasi.knowledge.parse.pdf.fonts import Fonts
from vasi.knowledge.parse.pdf.names import is_value, name_rows, names_of
from vasi.knowledge.parse.pdf.rows import Row, Segment, read, segments
from vasi.knowledge.parse.pdf.ruled import Table
from vasi.knowledge.parse.pdf.rules import Rule
from vasi.knowledge.parse.pdf.words import Word

_CELL_GAP = 0.6
"""What divides cells of a row, as a part of the type's height."""
_ROW_GAP = 1.5
"""Rows of a table may be this many heights apart from baseline to baseline,"""
_ROW_STEP = 1.9
"""and this many times further than most are; beyond that another table begins."""
_RECORD_STEP = 1.5
"""The same where a row has several lines, which are closer than rows."""
_ROW_SIZE = 1.5
_HEADER_GAP = 4.0
_MOST_NAMES = 6
"""Lines that the names of columns may have."""
_DEEPEST = 20
_FEWEST = 3
_LONGEST_CELL = 9
"""Words of an average cell."""
_LONGEST_LABEL = 6
_ALIGNED = 0.6
_FILLED = 0.45
_MARKER = re.compile(r"\W{1,2}|o|\(?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-zA-Z]|[ivx]{1,4})[.)]?")

_FIELD = re.compile(r"[^:]{2,40}:\s")

Piece: TypeAlias = Row | Table


@dataclass(frozen=True, slots=True)
class _Columns:
    """Edges of a table's columns: column n lies between ``edges[n]`` and ``edges[n + 1]``."""

    edges: list[float]

    @property
    def count(self) -> int:
        return len(self.edges) - 1

    def of(self, x: float) -> int:
        return max(0, min(self.count - 1, sum(1 for edge in self.edges[1:-1] if x >= edge)))


def find_aligned(region: Sequence[Row], dividers: Sequence[Rule], fonts: Fonts) -> list[Piece]:
    """``region`` with the rows that make tables as tables; ``dividers`` are level rules."""
    return list(_divide(list(region), dividers, fonts, 0))


def _divide(region: list[Row], dividers: Sequence[Rule], fonts: Fonts, depth: int) -> Iterator[Piece]:
    if len(region) >= 2 and depth < _DEEPEST:
        for first, last in _extents(region, dividers):
            tables, names = _tables(region, first, last, dividers, fonts)
            if tables:
                yield from _divide(region[: first - names], dividers, fonts, depth + 1)
                yield from tables
                yield from _divide(region[last + 1 :], dividers, fonts, depth + 1)
                return
    yield from region


def _extents(region: Sequence[Row], dividers: Sequence[Rule]) -> list[tuple[int, int]]:
    """First and last rows of what may be tables, the longest first."""
    found: Counter[tuple[int, int]] = Counter()
    for gutter in gutters(region):
        both: list[int] = []
        rows = region[gutter.first : gutter.last + 1]
        steps = [after.baseline - row.baseline for row, after in pairwise(rows)]
        closest = _line_step(steps)
        if closest and not _has_lines_of_cells(rows, steps, closest):
            closest = 0.0
        farthest = median(steps) * _ROW_STEP if steps else 0.0
        if closest:
            farthest = max(farthest, median(step for step in steps if step > closest) * _RECORD_STEP)
        for at in range(gutter.first, gutter.last + 1):
            row = region[at]
            if (
                both
                and _is_apart(region[at - 1], row, farthest)
                and not (len(both) == 1 and _is_ruled_below(region[at - 1], row, dividers))
            ):
                _count(found, both)
                both = []
            if row.left < gutter.middle < row.right or (
                both and at - 1 == both[-1] and row.baseline - region[at - 1].baseline <= closest
            ):
                both.append(at)
        _count(found, both)
    return sorted(found, key=lambda extent: (extent[0] - extent[1], extent))


def _has_lines_of_cells(rows: Sequence[Row], steps: Sequence[float], closest: float) -> bool:
    """Whether lines that are close to the one before have fewer cells than the others: they go on with a row's."""
    close: list[int] = []
    others: list[int] = []
    for step, row in zip(steps, rows[1:], strict=True):
        (close if step <= closest else others).append(len(segments(row, row.height * _CELL_GAP)))
    return sum(others) * len(close) >= (sum(close) + len(close) * 0.7) * len(others)


def _line_step(steps: Sequence[float]) -> float:
    """How far lines of one cell are apart at most; 0 where rows aren't further apart than lines."""
    usual = sorted(steps)[len(steps) // 4] if steps else 0.0
    return usual * 1.15 if sum(1 for step in steps if step > usual * 1.25) * 6 >= len(steps) else 0.0


def _is_apart(row: Row, after: Row, farthest: float) -> bool:
    """Whether another table begins with ``after``: further below than rows are, or in type of another size."""
    if after.baseline - row.baseline > max(farthest, after.height * _ROW_GAP):
        return True
    return max(row.height, after.height) > min(row.height, after.height) * _ROW_SIZE


def _is_ruled_below(row: Row, after: Row, dividers: Sequence[Rule]) -> bool:
    """Whether a rule goes along under the names of columns, which may stand further above their table then."""
    left, right = min(row.left, after.left), max(row.right, after.right)
    if any(is_value(part.text) for part in segments(row, row.height * _CELL_GAP)):
        return False
    return after.baseline - row.baseline < after.height * _HEADER_GAP and any(
        row.baseline < rule.at < after.baseline - after.height * 0.5
        and rule.start <= left + (right - left) * 0.1
        and rule.end >= right - (right - left) * 0.1
        for rule in dividers
    )


def _count(found: Counter[tuple[int, int]], both: Sequence[int]) -> None:
    if len(both) >= 2:
        found[both[0], both[-1]] += len(both)


def _tables(
    whole: Sequence[Row], first: int, last: int, dividers: Sequence[Rule], fonts: Fonts
) -> tuple[list[Table], int]:
    """The table that the rows ``first`` to ``last`` are, or several of fields side by side; none if they aren't plainly
    one. And how many rows above them hold the names of its columns.
    """
    region = whole[first : last + 1]
    height = median(row.height for row in region)
    lines = [segments(row, height * _CELL_GAP) for row in region]
    columns = _columns(lines, height)
    if columns is None:
        return [], 0
    edges = (columns.edges[0], columns.edges[-1])
    lines[0] = list(_split(lines[0], columns, region[0]))
    cells = [_cells(line, columns) for line in lines]
    if not _is_table(cells, columns):
        return [], 0
    records = _records(region, cells, dividers, height)
    if len(records) < (2 if columns.count > 2 else _FEWEST) and not (columns.count == 2 and _are_fields(records)):
        return [], 0
    bold = _bold_columns(records, columns, fonts)
    table = [_merged(record, columns) for record in records]
    if columns.count % 2 == 0 and bold == [column % 2 == 0 for column in range(columns.count)]:
        starts = range(0, columns.count, 2)
        return [Table([_pair(row, start) for row in table], []) for start in starts], 0
    start = next((at for at, line in enumerate(cells[:_MOST_NAMES]) if _holds_values(line)), None)
    if start is not None and columns.count > 2:
        names = name_rows(whole[: first + start], columns.edges, region[start])
        # A single row of names within the table is one of its rows; what is more has to be put together.
        if len(names) >= start and len(names) > (start == 1):
            records = _records(region[start:], cells[start:], dividers, height)
            body = [_merged(record, columns) for record in records]
            return [Table([names_of(names, columns.edges), *body], [], *edges)], len(names) - start
    top = [segment for segment, _ in records[0][0].values()]
    if not _holds_values(records[0][0]) and not any(bold[1:]) and all(fonts.is_bold(one.words[0]) for one in top):
        table[0] = [replace(cell, is_header=True) for cell in table[0]]
    return [Table(table, [], *edges)], 0


def _holds_values(line: _CellLine) -> bool:
    """Whether a row is plainly no row of names: most of its cells have no letters."""
    texts = [segment.text for segment, _ in line.values()]
    return sum(1 for text in texts if not any(letter.isalpha() for letter in text)) * 2 > len(texts)


def _bold_columns(records: Sequence[Sequence[_CellLine]], columns: _Columns, fonts: Fonts) -> list[bool]:
    """Which columns are set in bold, but for their first row."""
    bold = [0] * columns.count
    known = [0] * columns.count
    for record in records:
        for column, (segment, _) in record[0].items():
            known[column] += 1
            bold[column] += fonts.is_bold(segment.words[0])
    return [count > 1 and one >= count * 0.8 for one, count in zip(bold, known, strict=True)]


def _pair(row: Sequence[Cell], start: int) -> list[Cell]:
    """The label and the value that begin in column ``start``."""
    found: list[Cell] = []
    column = 0
    for cell in row:
        if start <= column < start + 2:
            found.append(replace(cell, columns=min(cell.columns, start + 2 - column), is_header=column == start))
        column += cell.columns
    return found


_CellLine: TypeAlias = dict[int, tuple[Segment, int]]
"""By first column: a cell's piece on one line, and its last column."""


def _columns(lines: Sequence[Sequence[Segment]], height: float) -> _Columns | None:
    """The columns of a table: between them hardly any line has a word."""
    left = min(line[0].left for line in lines)
    right = max(segment.right for line in lines for segment in line)
    width = int(right - left) + 1
    if width > 10_000:
        return None
    changes = [0] * (width + 2)
    for line in lines:
        for segment in line:
            changes[int(segment.left - left)] += 1
            changes[int(segment.right - left) + 1] -= 1
    most = len(lines) * 0.12 if len(lines) > 5 else 0
    edges = [left]
    covered = 0
    valley: list[int] = []
    """How many lines cover each point since the last one that more do."""
    for x in range(width):
        covered += changes[x]
        if covered <= most:
            valley.append(covered)
            continue
        if len(valley) < x and len(valley) >= height * _CELL_GAP * 0.8:
            edges.append(left + x - len(valley) + _middle(valley))
        valley = []
    edges.append(right + 1)
    return _Columns(edges) if len(edges) > 2 else None


def _middle(valley: Sequence[int]) -> float:
    """The middle of what the fewest lines cover: the names of columns may be wider than their values."""
    fewest = min(valley)
    places = [at for at, covered in enumerate(valley) if covered == fewest]
    return (places[0] + places[-1] + 1) / 2


def _split(line: Sequence[Segment], columns: _Columns, row: Row) -> Iterator[Segment]:
    """The names of columns, whose words stand closer than the cells below them: one for each column that they cover."""
    for segment in line:
        parts: dict[int, list[Word]] = {}
        for word in segment.words:
            parts.setdefault(columns.of((word.left + word.right) / 2), []).append(word)
        first, last = columns.of(segment.left + 1), columns.of(segment.right - 1)
        if len(parts) < 2 or len(line) < 2 or len(parts) != last - first + 1:
            yield segment
            continue
        for words in parts.values():
            right = max(word.right for word in words)
            yield Segment(words, words[0].left, right, read(words, row.baseline, row.height))


def _cells(line: Sequence[Segment], columns: _Columns) -> _CellLine:
    cells: _CellLine = {}
    for segment in line:
        first, last = columns.of(segment.left + 1), columns.of(segment.right - 1)
        last = max(first, last)
        if first in cells:
            before, end = cells[first]
            joined = Segment(
                [*before.words, *segment.words], before.left, segment.right, f"{before.text} {segment.text}"
            )
            cells[first] = (joined, max(end, last))
        else:
            cells[first] = (segment, last)
    return cells


def _is_table(lines: Sequence[_CellLine], columns: _Columns) -> bool:
    """Whether the cells are short, stand below each other, and aren't the markers and texts of a list."""
    full = [line for line in lines if len(line) > 1]
    if len(full) < 2 or len(full) < len(lines) * 0.4:
        return False
    by_column: list[list[Segment]] = [[] for _ in range(columns.count)]
    for line in lines:
        for column, (segment, last) in line.items():
            if last == column:
                by_column[column].append(segment)
    if any(len(column) < 2 for column in by_column[: 2 if columns.count == 2 else columns.count]) and columns.count < 4:
        return False
    marked = sum(1 for segment in by_column[0] if _MARKER.fullmatch(segment.text))
    if columns.count == 2 and marked * 2 > len(by_column[0]):
        return False
    words = [len(segment.text.split()) + len(segment.text) // 40 for column in by_column for segment in column]
    if not words or sum(words) > _LONGEST_CELL * len(words):
        return False
    if columns.count == 2:
        if sum(len(one.text.split()) for one in by_column[0]) > _LONGEST_LABEL * len(by_column[0]):
            return False
        # What has labels of its own stands beside the rest by chance.
        if sum(1 for one in by_column[1] if _FIELD.match(one.text)) * 3 > len(by_column[1]):
            return False
    if len(full) < _FEWEST and (
        sum(words) > _LONGEST_LABEL * len(words) or any(len(line) < columns.count for line in full)
    ):
        return False
    if sum(map(len, lines)) < _FILLED * len(lines) * columns.count:
        return False
    return all(_is_aligned(column) for column in by_column if len(column) > 2)


def _is_aligned(column: Sequence[Segment]) -> bool:
    """Whether most cells begin, end or have their middle at one place."""
    lefts, rights = [one.left for one in column], [one.right for one in column]
    middles = [(left + right) / 2 for left, right in zip(lefts, rights, strict=True)]
    return any(_are_together(places) for places in (lefts, rights, middles))


def _are_together(places: Sequence[float]) -> bool:
    best = max(sum(1 for other in places if abs(other - at) <= 3) for at in places)
    return best >= _ALIGNED * len(places)


def _are_fields(records: Sequence[Sequence[_CellLine]]) -> bool:
    """Whether all labels end with a colon."""
    labels = [record[0][0][0].text for record in records if 0 in record[0]]
    return len(labels) > 1 and all(label.endswith((":", "：")) for label in labels)


# --- lines to rows ----------------------------------------------------------------------------------------------------
def _records(
    region: Sequence[Row], lines: Sequence[_CellLine], dividers: Sequence[Rule], height: float
) -> list[list[_CellLine]]:
    """The lines of each row of the table."""
    left, right = min(row.left for row in region), max(row.right for row in region)
    wide = [
        rule
        for rule in dividers
        if rule.start < left + (right - left) * 0.2 and rule.end > right - (right - left) * 0.2
    ]
    is_ruled = [
        any(row.baseline - row.height * 0.3 < rule.at < after.baseline - after.height * 0.4 for rule in wide)
        for row, after in pairwise(region)
    ]
    steps = [after.baseline - row.baseline for row, after in pairwise(region)]
    by_rules = sum(is_ruled) >= 2 and _are_looser(steps, is_ruled)
    usual = sorted(steps)[len(steps) // 4] if steps else 0.0
    has_groups = _line_step(steps) > 0
    records: list[list[_CellLine]] = [[lines[0]]]
    for at, line in enumerate(lines[1:]):
        if by_rules:
            goes_on = not is_ruled[at] and _may_go_on(records[-1], line, steps[at], height)
        else:
            goes_on = steps[at] <= usual * 1.15 and _goes_on(records[-1], line, has_groups=has_groups)
        if goes_on:
            records[-1].append(line)
        else:
            records.append([line])
    return records


def _are_looser(steps: Sequence[float], is_ruled: Sequence[bool]) -> bool:
    """Whether lines with a rule between them are further apart than the others, which then are lines of one cell."""
    ruled = [step for step, rule in zip(steps, is_ruled, strict=True) if rule]
    others = [step for step, rule in zip(steps, is_ruled, strict=True) if not rule]
    return not others or median(ruled) > median(others) * 1.12


def _may_go_on(record: Sequence[_CellLine], line: _CellLine, step: float, height: float) -> bool:
    return step < height * 1.6 and (0 not in line or not any(len(one) > 1 for one in record[1:]))


def _goes_on(record: Sequence[_CellLine], line: _CellLine, *, has_groups: bool) -> bool:
    """Whether ``line``, which is as close as lines are, goes on with the row's cells: rows are further apart, or it
    stands in the middle of a text.
    """
    above = {column for one in record for column in one}
    if above == {0} and 0 in line and len(line) > 1 and line[0][0].text[0].islower():
        return True
    if not line.keys() <= above:
        return False
    if has_groups and len(line) < len(above):
        return True
    if 0 in line or len(line) > 1:
        return False
    ((column, (segment, _)),) = line.items()
    last = next(one[column][0].text for one in reversed(record) if column in one)
    return segment.text[0].islower() and last[-1] not in ".;:" and not last[-1].isdigit()


def _merged(record: Sequence[_CellLine], columns: _Columns) -> list[Cell]:
    """The cells of a row, from the lines that it has."""
    texts: dict[int, list[str]] = {}
    ends: dict[int, int] = {}
    for line in record:
        for column, (segment, last) in line.items():
            texts.setdefault(column, []).append(segment.text)
            ends[column] = max(last, ends.get(column, column))
    cells: list[Cell] = []
    column = 0
    while column < columns.count:
        if column not in texts:
            cells.append(Cell(""))
            column += 1
            continue
        end = min([ends[column], *(other - 1 for other in texts if other > column)])
        cells.append(Cell("\n".join(texts[column]), end - column + 1))
        column = end + 1
    return cells
