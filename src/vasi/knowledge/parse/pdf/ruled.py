"""Tables whose cells are ruled on all sides."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from vasi.knowledge.parse.grid import Cell
from vasi.knowledge.parse.pdf.rows import read, rows, segments
from vasi.knowledge.parse.pdf.rules import Rule, Rules
from vasi.knowledge.parse.pdf.words import Word

_TOUCH = 4.0
"""Points between a rule's end and the rule that it reaches."""
_MOST_PLACES = 20_000
_MOST_CROSSINGS = 250_000
_LONGEST_CELL = 80
"""Words; boxes around more than that arrange a page."""
_FEWEST_CELLS = 4
_FEWEST_LINES = 2
_SHORT_LINE = 4
"""Words of a line that is a cell by itself."""
_NESTED = 3
"""Lines with gaps in one cell: a table within it, so that the rules around it aren't those of the cells."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a page.

    Attributes:
        rows: its cells as ``vasi.knowledge.parse.table`` takes them; the lines of one are divided by newlines.
        words: that stand in it.
        left: where it begins, in points.
        right: where it ends.
    """

    rows: list[list[Cell]]
    words: list[Word]
    left: float = 0
    right: float = 0


def find_ruled(words: Sequence[Word], rules: Rules) -> list[Table]:
    """The tables on a page whose cells lie between rules."""
    found: list[Table] = []
    if len(rules.level) * len(rules.upright) > _MOST_CROSSINGS:
        return found  # a drawing
    for level, upright in _networks(rules):
        ys = _places(level)
        xs = _places(upright)
        if len(xs) < 3 or len(ys) < 2 or len(xs) * len(ys) > _MOST_PLACES:
            continue
        if not _is_header(words, xs, ys) and (table := _table(words, xs, ys, level, upright)):
            found.append(table)
    return found


def _is_header(words: Sequence[Word], xs: Sequence[float], ys: Sequence[float]) -> bool:
    """Whether only the names of columns are ruled, and the rows stand below."""
    below = [word for word in words if xs[0] <= word.left and word.right <= xs[-1] and word.top > ys[-1] - _TOUCH]
    first = next(iter(rows(below)), None) if below else None
    if first is None or first.top - ys[-1] > first.height * 2:
        return False
    inside = sum(1 for left, right in pairwise(xs) if any(left <= word.left < right for word in first.words))
    return inside >= 2 and len(segments(first, first.height * 0.6)) >= max(3, inside)


def _networks(rules: Rules) -> list[tuple[list[Rule], list[Rule]]]:
    """Rules that cross or meet, directly or through others: level ones and upright ones."""
    lines = [*rules.level, *rules.upright]
    count = len(rules.level)
    group = list(range(len(lines)))

    def root(at: int) -> int:
        while group[at] != at:
            group[at] = group[group[at]]
            at = group[at]
        return at

    for at, level in enumerate(rules.level):
        for other, upright in enumerate(rules.upright, count):
            if (
                level.start - _TOUCH <= upright.at <= level.end + _TOUCH
                and upright.start - _TOUCH <= level.at <= upright.end + _TOUCH
            ):
                group[root(at)] = root(other)
    networks: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for at, line in enumerate(lines):
        networks.setdefault(root(at), ([], []))[at >= count].append(line)
    return [network for network in networks.values() if network[0] and network[1]]


def _places(rules: Sequence[Rule]) -> list[float]:
    """Where rules of one kind lie, each place once."""
    places: list[float] = []
    for at in sorted(rule.at for rule in rules):
        if not places or at - places[-1] > _TOUCH:
            places.append(at)
    return places


def _table(
    words: Sequence[Word], xs: Sequence[float], ys: Sequence[float], level: Sequence[Rule], upright: Sequence[Rule]
) -> Table | None:
    across, down = len(xs) - 1, len(ys) - 1
    inside: dict[tuple[int, int], list[Word]] = {}
    taken: list[Word] = []
    for word in words:
        x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
        column, row = bisect_right(xs, x) - 1, bisect_right(ys, y) - 1
        if 0 <= column < across and 0 <= row < down:
            inside.setdefault((row, column), []).append(word)
            taken.append(word)
    owner = _spans(xs, ys, level, upright)
    spans: dict[int, list[tuple[int, int]]] = {}
    for place, number in owner.items():
        spans.setdefault(number, []).append(place)
    table: list[list[Cell]] = [[] for _ in range(down)]
    filled = 0
    longest = 0
    by_row = [0] * down
    for places in sorted(spans.values()):
        (first_row, first), (last_row, last) = min(places), max(places)
        cell_words = [word for place in places for word in inside.get(place, [])]
        longest = max(longest, len(cell_words))
        filled += bool(cell_words)
        for row in range(first_row, last_row + 1):
            by_row[row] += bool(cell_words)
        lines = rows(cell_words)
        if sum(1 for line in lines if len(segments(line, line.height)) > 1) >= _NESTED:
            return None
        text = "\n".join(read(line.words, line.baseline, line.height) for line in lines)
        table[first_row].append(Cell(text, last - first + 1, last_row - first_row + 1))
    table = [line for row in table for line in _unfolded(row)]
    is_table = filled >= _FEWEST_CELLS and longest <= _LONGEST_CELL and sum(1 for count in by_row if count > 1) >= 2
    return Table(table, taken, xs[0], xs[-1]) if is_table else None


def _unfolded(row: list[Cell]) -> list[list[Cell]]:
    """A row that is ruled around but not between its lines, as one row a line."""
    lines = [cell.text.split("\n") for cell in row if cell.text]
    count = max(map(len, lines), default=1)
    full = [cell for cell in lines if len(cell) == count]
    if count < _FEWEST_LINES or len(full) < 2 or any(cell.rows > 1 for cell in row):
        return [row]
    short = [cell for cell in full if all(len(line.split()) <= _SHORT_LINE for line in cell)]
    values = [cell for cell in full if sum(1 for line in cell if _holds_value(line)) * 4 >= 3 * count]
    if len(short) * 2 < len(lines) or not values:
        return [row]
    return [
        [replace(cell, text=text) for cell in row for text in [_nth(cell.text.split("\n"), at, count)]]
        for at in range(count)
    ]


def _nth(lines: Sequence[str], at: int, count: int) -> str:
    if len(lines) == count:
        return lines[at]
    return "\n".join(lines) if at == 0 else ""


def _holds_value(line: str) -> bool:
    return any(letter.isdigit() for letter in line) and len(line.split()) <= 2


def _spans(
    xs: Sequence[float], ys: Sequence[float], level: Sequence[Rule], upright: Sequence[Rule]
) -> dict[tuple[int, int], int]:
    """By place (row, column): the number of the cell that covers it. Places with no rule between them are one cell,
    as far as they make a rectangle.
    """
    walls = [_covered(x, upright, ys) for x in xs]
    floors = [_covered(y, level, xs) for y in ys]
    owner: dict[tuple[int, int], int] = {}
    number = 0
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            if (row, column) in owner:
                continue
            last = column
            while last + 2 < len(xs) and not walls[last + 1][row] and (row, last + 1) not in owner:
                last += 1
            bottom = row
            while bottom + 2 < len(ys) and not any(floors[bottom + 1][column : last + 1]):
                bottom += 1
            for place in ((y, x) for y in range(row, bottom + 1) for x in range(column, last + 1)):
                owner.setdefault(place, number)
            number += 1
    return owner


def _covered(at: float, rules: Sequence[Rule], places: Sequence[float]) -> list[bool]:
    """Between which neighbouring ``places`` a rule lies at ``at``."""
    here = [rule for rule in rules if abs(rule.at - at) <= _TOUCH]
    return [any(rule.start <= (place + after) / 2 <= rule.end for rule in here) for place, after in pairwise(places)]
