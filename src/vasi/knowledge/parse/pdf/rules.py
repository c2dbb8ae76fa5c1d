"""The lines that are drawn on a page: what rules a table."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pypdfium2.raw  # pyright: ignore[reportMissingTypeStubs]

from vasi.knowledge.parse.pdf.words import turn

_RAW = cast(Any, pypdfium2.raw)

_THIN = 3.0
"""Points: a box no thicker than this is a rule."""
_SHORTEST = 8.0
_NEAR = 3.0
"""Points between rules that are one."""
_MOST_OBJECTS = 5_000
_MOST_SEGMENTS = 4_000
_SIMPLE = 5
"""Segments of a line or rectangle, which its box describes."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line: ``at`` across it, from ``start`` to ``end`` along it, in the frame of the page's text."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a page: ``level`` ones from the top (``at`` is y), ``upright`` ones from the left."""

    level: list[Rule] = field(default_factory=list[Rule])
    upright: list[Rule] = field(default_factory=list[Rule])


def read_rules(page: Any, direction: int) -> Rules:
    """The level and upright lines of ``page``, edges of boxes among them; each once."""
    level: list[Rule] = []
    upright: list[Rule] = []
    for left, top, right, bottom in _boxes(page, direction):
        width, height = right - left, bottom - top
        if height <= _THIN:
            if width >= _SHORTEST:
                level.append(Rule((top + bottom) / 2, left, right))
        elif width <= _THIN:
            if height >= _SHORTEST:
                upright.append(Rule((left + right) / 2, top, bottom))
        elif width >= _SHORTEST and height >= _SHORTEST:
            level += [Rule(top, left, right), Rule(bottom, left, right)]
            upright += [Rule(left, top, bottom), Rule(right, top, bottom)]
    return Rules(_merged(level), _merged(upright))


def _boxes(page: Any, direction: int) -> Iterator[tuple[float, float, float, float]]:
    """Left, top, right, bottom of straight strokes and boxes."""
    count: int = _RAW.FPDFPage_CountObjects(page.raw)
    places = [ctypes.c_float() for _ in range(4)]
    segments = 0
    for number in range(min(count, _MOST_OBJECTS)):
        item = _RAW.FPDFPage_GetObject(page.raw, number)
        if _RAW.FPDFPageObj_GetType(item) != _RAW.FPDF_PAGEOBJ_PATH:
            continue
        parts: int = _RAW.FPDFPath_CountSegments(item)
        segments += parts
        if parts <= _SIMPLE:
            if _RAW.FPDFPageObj_GetBounds(item, *places):
                left, bottom, right, top = (place.value for place in places)
                yield turn(direction, left, bottom, right, top)
        elif segments <= _MOST_SEGMENTS:
            for left, bottom, right, top in _strokes(item, parts):
                yield turn(direction, left, bottom, right, top)


def _strokes(path: Any, count: int) -> Iterator[tuple[float, float, float, float]]:
    """The level and upright segments of a path with many: left, bottom, right, top."""
    matrix = _RAW.FS_MATRIX()
    if not _RAW.FPDFPageObj_GetMatrix(path, matrix) or matrix.b or matrix.c:
        return
    x, y = ctypes.c_float(), ctypes.c_float()
    start = before = (0.0, 0.0)
    for number in range(count):
        segment = _RAW.FPDFPath_GetPathSegment(path, number)
        _RAW.FPDFPathSegment_GetPoint(segment, x, y)
        point = (matrix.a * x.value + matrix.e, matrix.d * y.value + matrix.f)
        kind: int = _RAW.FPDFPathSegment_GetType(segment)
        if kind == _RAW.FPDF_SEGMENT_LINETO:
            yield from _straight(before, point)
        elif kind == _RAW.FPDF_SEGMENT_MOVETO:
            start = point
        if _RAW.FPDFPathSegment_GetClose(segment):
            yield from _straight(point, start)
        before = point


def _straight(one: tuple[float, float], other: tuple[float, float]) -> Iterator[tuple[float, float, float, float]]:
    if abs(one[0] - other[0]) <= 1 or abs(one[1] - other[1]) <= 1:
        yield min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])


def _merged(rules: Sequence[Rule]) -> list[Rule]:
    """Rules that touch end to end, or lie upon each other, as one."""
    found: list[Rule] = []
    for level in _levels(rules):
        at = sum(rule.at for rule in level) / len(level)
        level.sort(key=lambda rule: rule.start)
        start, end = level[0].start, level[0].end
        for rule in level[1:]:
            if rule.start > end + _NEAR:
                found.append(Rule(at, start, end))
                start, end = rule.start, rule.end
            end = max(end, rule.end)
        found.append(Rule(at, start, end))
    return found


def _levels(rules: Sequence[Rule]) -> list[list[Rule]]:
    levels: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if levels and rule.at - levels[-1][0].at <= _NEAR:
            levels[-1].append(rule)
        else:
            levels.append([rule])
    return levels
