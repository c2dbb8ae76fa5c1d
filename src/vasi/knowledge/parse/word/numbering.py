"""The numbers and bullets of list items, counted as Word counts them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from vasi.knowledge.parse.list_numbers import format_number
from vasi.knowledge.parse.ooxml import Element, attribute, child, children, is_on, number

_LEVELS: Final = 9
_HIGHEST: Final = 100_000
_PLACE = re.compile(r"%([1-9])")
BULLET: Final = "-"


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    format: str
    text: str
    restart: int | None
    """Number of the level (from 1) whose items let this one begin anew; 0: none does; None: all above it."""
    is_legal: bool
    """All numbers in it are decimal."""


_NO_LEVEL: Final = _Level(1, "bullet", "", None, is_legal=False)


class Numbering:
    """The lists of a document; it counts as it is asked, so paragraphs are to be asked for in their order."""

    def __init__(self, root: Element | None) -> None:
        self._abstract: dict[int, dict[int, _Level]] = {}
        self._links: dict[int, str] = {}
        self._by_style: dict[str, int] = {}
        self._style_levels: dict[tuple[int, str], int] = {}
        self._abstract_of: dict[int, int] = {}
        self._overrides: dict[int, dict[int, _Level]] = {}
        self._starts: dict[int, dict[int, int]] = {}
        self._counts: dict[int, list[int | None]] = {}
        self._begun: set[tuple[int, int]] = set()
        for element in children(root, "abstractNum"):
            self._read_abstract(element)
        for element in children(root, "num"):
            self._read_number(element)

    def _read_abstract(self, element: Element) -> None:
        abstract = number(element, "abstractNumId")
        if abstract is None:
            return
        self._abstract[abstract] = _levels(element)
        if link := attribute(child(element, "numStyleLink"), "val"):
            self._links[abstract] = link
        if style := attribute(child(element, "styleLink"), "val"):
            self._by_style[style] = abstract
        for level in children(element, "lvl"):
            if style := attribute(child(level, "pStyle"), "val"):
                self._style_levels[abstract, style] = number(level, "ilvl") or 0

    def _read_number(self, element: Element) -> None:
        num, abstract = number(element, "numId"), number(child(element, "abstractNumId"))
        if num is None or abstract is None:
            return
        self._abstract_of[num] = abstract
        for override in children(element, "lvlOverride"):
            level = number(override, "ilvl") or 0
            if (start := number(child(override, "startOverride"))) is not None:
                self._starts.setdefault(num, {})[level] = start
            self._overrides.setdefault(num, {}).update(_levels(override))

    def style_level(self, num: int, style_id: str) -> int:
        """The level that paragraphs of a style have in a list."""
        return self._style_levels.get((self._resolved(num), style_id), 0)

    def label(self, num: int, level: int) -> str | None:
        """What stands before the next item: "3.", "b)", "1.2", or ``BULLET``; "" for nothing; None: it's no list."""
        abstract = self._resolved(num)
        if abstract not in self._abstract:
            return None
        level = max(0, min(level, _LEVELS - 1))
        levels = {**self._abstract[abstract], **self._overrides.get(num, {})}
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        self._begin(num, level, counts)
        self._count(level, counts, levels)
        own = levels.get(level, _NO_LEVEL)
        if own.format == "bullet":
            return BULLET

        def shown(place: re.Match[str]) -> str:
            at = int(place.group(1)) - 1
            of = levels.get(at, _NO_LEVEL)
            count = counts[at] if counts[at] is not None else of.start
            return format_number(count or 0, "decimal" if own.is_legal else of.format)

        return _PLACE.sub(shown, own.text).strip()

    def _resolved(self, num: int) -> int:
        abstract = self._abstract_of.get(num, -1)
        return self._by_style.get(self._links[abstract], abstract) if abstract in self._links else abstract

    def _begin(self, num: int, level: int, counts: list[int | None]) -> None:
        """A list that begins anew does so with its first item of a level."""
        for at, start in self._starts.get(num, {}).items():
            if at <= level < _LEVELS and (num, at) not in self._begun and at < _LEVELS:
                self._begun.add((num, at))
                counts[at] = start - 1 if at == level else start

    def _count(self, level: int, counts: list[int | None], levels: dict[int, _Level]) -> None:
        before = counts[level]
        counts[level] = levels.get(level, _NO_LEVEL).start if before is None else min(before + 1, _HIGHEST)
        for below in range(level + 1, _LEVELS):
            restart = levels.get(below, _NO_LEVEL).restart
            if restart is None or (restart and level < restart):
                counts[below] = None
        for above in range(level):
            if counts[above] is None:
                counts[above] = levels.get(above, _NO_LEVEL).start


def _levels(element: Element) -> dict[int, _Level]:
    found: dict[int, _Level] = {}
    for level in children(element, "lvl"):
        start = number(child(level, "start"))
        found[number(level, "ilvl") or 0] = _Level(
            0 if start is None else max(0, min(start, _HIGHEST)),
            attribute(child(level, "numFmt"), "val") or "decimal",
            attribute(child(level, "lvlText"), "val") or "",
            number(child(level, "lvlRestart")),
            is_on(child(level, "isLgl")) or False,
        )
    return found
