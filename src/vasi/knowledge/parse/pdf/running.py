"""Running heads and feet: what recurs at the edges of pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from vasi.knowledge.parse.pdf.page import Page, Region
from vasi.knowledge.parse.pdf.rows import Line

_FEWEST = 3
"""Pages on which a line has to recur."""
_NEAR = 2
"""Pages from one to the next: it may stand on every other page only."""
_NUMBER = re.compile(r"\d+|\b[ivxlcdm]{1,7}\b")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_NUMBERED = re.compile(r"(?:\W|page|seite|of|von|de|di|sur|pagina|página|sida|side|strona|p)*+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Edge:
    """A line at the upper or lower end of a page, with its numbers apart."""

    line: Line
    page: int
    pattern: str
    numbers: tuple[int, ...]
    is_upper: bool


def drop_running(pages: Sequence[Page]) -> list[Page]:
    """``pages`` without their running heads and feet. What one says besides a page's number is kept once, where it
    stands first.
    """
    groups: dict[tuple[str, bool], list[_Edge]] = {}
    for number, page in enumerate(pages):
        for edge in _edges(page, number):
            groups.setdefault((edge.pattern, edge.is_upper), []).append(edge)
    dropped: set[int] = set()
    told: set[str] = set()
    for group in groups.values():
        for run in _running(group, len(pages)):
            says_something = _NUMBERED.fullmatch(run[0].pattern) is None and run[0].pattern not in told
            told.add(run[0].pattern)
            dropped |= {id(edge.line) for edge in run[1 if says_something else 0 :]}
    return [_without(page, dropped) for page in pages] if dropped else list(pages)


def _edges(page: Page, number: int) -> Iterator[_Edge]:
    for region in page.regions:
        for line in region.items:
            if not isinstance(line, Line):
                continue
            is_upper = _is_at(line, page.heads)
            if is_upper or _is_at(line, page.feet):
                text = " ".join(line.text.split()).casefold()
                numbers = tuple(_value(one) for one in _NUMBER.findall(text))
                yield _Edge(line, number, _NUMBER.sub("#", text), numbers, is_upper)


def _is_at(line: Line, edges: frozenset[float]) -> bool:
    return any(abs(line.top - edge) < line.height * 0.5 for edge in edges)


def _value(number: str) -> int:
    if number.isdecimal():
        return int(number[:9])
    values = [_ROMAN[letter] for letter in number]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def _running(group: Sequence[_Edge], pages: int) -> Iterator[list[_Edge]]:
    """The lines of one pattern that recur: alike, or with a number that counts the pages."""
    by_numbers: dict[tuple[int, ...], list[_Edge]] = {}
    for edge in group:
        by_numbers.setdefault(edge.numbers, []).append(edge)
    counting: list[_Edge] = []
    for run in by_numbers.values():
        if len(run) >= _FEWEST and _recurs(run):
            yield run
        else:
            counting += run
    counting.sort(key=lambda edge: edge.page)
    is_label = _NUMBERED.fullmatch(counting[0].pattern) is not None if counting else False
    fewest = min(_FEWEST, max(2, pages)) if is_label else _FEWEST
    if len(counting) >= fewest and _counts(counting):
        yield counting


def _recurs(run: Sequence[_Edge]) -> bool:
    near = sum(1 for before, edge in pairwise(run) if edge.page - before.page <= _NEAR)
    return near >= max(_FEWEST - 1, (len(run) - 1) * 0.5)


def _counts(run: Sequence[_Edge]) -> bool:
    """Whether one number of the lines goes up with the pages and the others stay, on most of them."""
    steps = list(pairwise(run))
    sound = 0
    for before, edge in steps:
        pages = edge.page - before.page
        changes = [after - value for value, after in zip(before.numbers, edge.numbers, strict=True)]
        sound += pages in changes and all(change in {0, pages} for change in changes)
    return sound >= len(steps) * 0.7


def _without(page: Page, dropped: set[int]) -> Page:
    regions = [Region([item for item in region.items if id(item) not in dropped]) for region in page.regions]
    return replace(page, regions=[region for region in regions if region.items])
