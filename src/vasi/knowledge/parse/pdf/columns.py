"""The columns of a page, from the white space between them, in whatever order their words were drawn."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from vasi.knowledge.parse.pdf.rows import Row, rows
from vasi.knowledge.parse.pdf.rules import Rule
from vasi.knowledge.parse.pdf.words import PLACEHOLDER

_NARROWEST = 0.6
"""Width of a gutter, as a part of the type's height."""
_FEWEST_ROWS = 3
_SHORTEST_LINE = 15
"""Characters of an average line of a column of text."""
_FILLED = 0.5
_CONTINUED = 0.2
"""Part of the lines of running text that begin with a small letter."""
_DIGITS = 0.3
_LEADING = 1.9
"""Lines of one column are at most this many heights apart, from baseline to baseline."""
_DEEPEST = 8
_MOST_TRIED = 12
_MOST_ROWS = 400
"""What has more is a drawing or hostile; looking for columns takes the square of it."""


@dataclass(frozen=True, slots=True)
class Gutter:
    """White space between ``left`` and ``right`` that goes through the rows ``first`` to ``last``."""

    first: int
    last: int
    left: float
    right: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def regions(page: Sequence[Row], dividers: Sequence[Rule] = ()) -> list[list[Row]]:
    """The rows of a page as regions of one column each, in reading order.

    ``dividers`` are level rules: where several go through a gutter, it divides a table's cells.
    """
    return list(_divide(list(page), dividers, 0))


def _divide(page: list[Row], dividers: Sequence[Rule], depth: int) -> Iterator[list[Row]]:
    split = _best_split(page, dividers) if depth < _DEEPEST and len(page) >= _FEWEST_ROWS else None
    if split is None:
        if page:
            yield page
        return
    gutter, left, right = split
    yield from _divide(page[: gutter.first], dividers, depth + 1)
    yield from _divide(left, dividers, depth + 1)
    yield from _divide(right, dividers, depth + 1)
    yield from _divide(page[gutter.last + 1 :], dividers, depth + 1)


def _best_split(page: Sequence[Row], dividers: Sequence[Rule]) -> tuple[Gutter, list[Row], list[Row]] | None:
    """The gutter between two columns that goes through most rows, and the rows on its sides; None if there is none."""
    candidates = sorted(gutters(page), key=lambda one: (one.first - one.last, one.left - one.right))
    for gutter in candidates[:_MOST_TRIED]:
        if gutter.last - gutter.first + 1 < _FEWEST_ROWS:
            return None
        trimmed = _trim(page, gutter)
        if trimmed is None:
            continue
        left, right = sides(page, trimmed)
        if _is_ruled(page, trimmed, dividers):
            continue
        is_text = _is_text(left) and _is_text(right) and not _is_in_step(left, right)
        if is_text or _is_out_of_step(left, right):
            return trimmed, left, right
    return None


def gutters(page: Sequence[Row]) -> list[Gutter]:
    """All white space that goes down through several rows."""
    if not page or len(page) > _MOST_ROWS:
        return []
    narrowest = median(row.height for row in page) * _NARROWEST
    free = [_free(row) for row in page]
    found: list[Gutter] = []
    for at in range(len(page)):
        for left, right in _gaps(page, free, at, narrowest):
            if any(
                one.first <= at <= one.last and min(right, one.right) - max(left, one.left) >= narrowest
                for one in found
            ):
                continue
            found.append(_extend(free, at, left, right, narrowest))
    return found


def _free(row: Row) -> list[tuple[float, float]]:
    """The white space of a row, with its margins."""
    spaces: list[tuple[float, float]] = []
    right = float("-inf")
    for word in row.words:
        if word.left > right:
            spaces.append((right, word.left))
        right = max(right, word.right)
    spaces.append((right, float("inf")))
    return spaces


def _gaps(
    page: Sequence[Row], free: Sequence[list[tuple[float, float]]], at: int, narrowest: float
) -> Iterator[tuple[float, float]]:
    """White space within a row, and between it and the next one if they stand side by side on different lines."""
    for left, right in free[at][1:-1]:
        if right - left >= narrowest:
            yield left, right
    if at + 1 < len(page):
        row, after = page[at], page[at + 1]
        if after.top < row.bottom - row.height * 0.25:
            for one, other in ((row, after), (after, row)):
                if narrowest <= other.left - one.right:
                    yield one.right, other.left


def _extend(free: Sequence[list[tuple[float, float]]], at: int, left: float, right: float, narrowest: float) -> Gutter:
    first = last = at
    for row in range(at + 1, len(free)):
        overlap = _overlap(free[row], left, right)
        if overlap[1] - overlap[0] < narrowest:
            break
        left, right = overlap
        last = row
    for row in range(at - 1, -1, -1):
        overlap = _overlap(free[row], left, right)
        if overlap[1] - overlap[0] < narrowest:
            break
        left, right = overlap
        first = row
    return Gutter(first, last, left, right)


def _overlap(spaces: Sequence[tuple[float, float]], left: float, right: float) -> tuple[float, float]:
    best = (left, left)
    widest = 0.0
    for start, end in spaces:
        if start < right and end > left:
            overlap = (start if start > left else left, end if end < right else right)
            if overlap[1] - overlap[0] > widest:
                best, widest = overlap, overlap[1] - overlap[0]
    return best


def _trim(page: Sequence[Row], gutter: Gutter) -> Gutter | None:
    """Without the rows at its ends that stand on one side only and don't go on with that side's column."""
    band = page[gutter.first : gutter.last + 1]
    on_left = [row.left < gutter.middle for row in band]
    on_right = [row.right > gutter.middle for row in band]
    both = _side_by_side(band, on_left, on_right)
    if not both:
        return None
    first, last = both[0], both[-1]
    # What stands on the left above and on the right below comes before and after the columns anyhow.
    while first > 0 and on_right[first - 1] and not on_left[first - 1] and _goes_on(band, first - 1, first):
        first -= 1
    while last + 1 < len(band) and on_left[last + 1] and not on_right[last + 1] and _goes_on(band, last, last + 1):
        last += 1
    return Gutter(gutter.first + first, gutter.first + last, gutter.left, gutter.right)


def _side_by_side(band: Sequence[Row], on_left: Sequence[bool], on_right: Sequence[bool]) -> list[int]:
    """The rows that have words on both sides, or a neighbour beside them."""
    found: set[int] = set()
    for at, row in enumerate(band):
        if on_left[at] and on_right[at]:
            found.add(at)
        elif (
            at + 1 < len(band) and band[at + 1].top < row.bottom - row.height * 0.25 and on_left[at] != on_left[at + 1]
        ):
            found |= {at, at + 1}
    return sorted(found)


def _goes_on(band: Sequence[Row], upper: int, lower: int) -> bool:
    height = min(band[upper].height, band[lower].height)
    is_alike = max(band[upper].height, band[lower].height) < height * 1.15
    return is_alike and band[lower].baseline - band[upper].baseline < height * _LEADING


def sides(page: Sequence[Row], gutter: Gutter) -> tuple[list[Row], list[Row]]:
    """What stands left and right of a gutter, each by its own lines."""
    words = [word for row in page[gutter.first : gutter.last + 1] for word in row.words]
    middle = gutter.middle
    return rows(word for word in words if word.left < middle), rows(word for word in words if word.left >= middle)


def _is_text(column: Sequence[Row]) -> bool:
    """Whether lines are running text: filled, going on in the next line, more letters than numbers."""
    column = [row for row in column if row.words[0].text != PLACEHOLDER]
    if len(column) < _FEWEST_ROWS:
        return False
    texts = ["".join(word.text for word in row.words) for row in column]
    whole = "".join(texts)
    letters = sum(1 for letter in whole if letter.isalpha())
    wide = sum(1 for letter in whole if letter > "\u2e80")
    if (len(whole) + wide) / len(column) < _SHORTEST_LINE:
        return False
    if sum(1 for letter in whole if letter.isdigit()) > letters * _DIGITS:
        return False
    left, right = min(row.left for row in column), max(row.right for row in column)
    if median(row.right - row.left for row in column) < (right - left) * _FILLED:
        return False
    cased = [text for text in texts if text[0].isupper() or text[0].islower()]
    if len(cased) < len(texts) * 0.3:
        return wide > 0 or letters > len(whole) * 0.6
    return sum(1 for text in cased if text[0].islower()) >= len(cased) * _CONTINUED


def _is_ruled(page: Sequence[Row], gutter: Gutter, dividers: Sequence[Rule]) -> bool:
    """Whether level rules go through a gutter between its rows, as they do between the rows of a table."""
    top, bottom = page[gutter.first].bottom, page[gutter.last].top
    through = [rule for rule in dividers if rule.start < gutter.left and gutter.right < rule.end]
    return sum(1 for rule in through if top < rule.at < bottom) >= 2


def _is_in_step(left: Sequence[Row], right: Sequence[Row]) -> bool:
    """Whether paragraphs on both sides begin on the same lines again and again: the cells of a table's rows."""
    starts = _starts(left)
    others = _starts(right)
    if min(len(starts), len(others)) < 3:
        return False
    height = left[0].height
    shared = sum(1 for start in starts if any(abs(start - other) < height * 0.3 for other in others))
    return shared >= 0.8 * max(len(starts), len(others))


def _is_out_of_step(left: Sequence[Row], right: Sequence[Row]) -> bool:
    """Whether most lines of one side have none beside them on the other: no rows of one table."""
    fewer, more = sorted((left, right), key=len)
    if len(fewer) < _FEWEST_ROWS:
        return False
    height = fewer[0].height
    shared = sum(1 for row in fewer if any(abs(row.baseline - other.baseline) < height * 0.2 for other in more))
    return shared * 2 <= len(fewer)


def _starts(column: Sequence[Row]) -> list[float]:
    """Baselines of the lines that stand further below the one before than most do."""
    steps = [after.baseline - before.baseline for before, after in itertools.pairwise(column)]
    usual = median(steps)
    return [
        column[0].baseline,
        *(row.baseline for step, row in zip(steps, column[1:], strict=True) if step > usual * 1.25),
    ]
