"""Words of a page that are struck out: by a line drawn through them, or by a mark of a viewer."""

from __future__ import annotations

import ctypes
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias, cast

import pypdfium2.raw  # pyright: ignore[reportMissingTypeStubs]

from vasi.knowledge.parse.pdf.words import Word, turn

_RAW = cast(Any, pypdfium2.raw)

_STRIKE_OUT = 12
_HIDDEN = 1 << 1
_MOST_ANNOTATIONS = 2_000
_MOST_OBJECTS = 5_000
_SIMPLE = 5
"""Segments of a line or a thin box."""
_THIN = 0.14
"""Thickness of a line through text, as a part of the type's height."""
_UPPER, _LOWER = 0.72, 0.14
"""Where it runs: parts of what is between top and baseline, above that. Lower is an underline, higher an overline."""
_COVERED = 0.75
"""Of a word's width that the line takes."""
_BEYOND = 0.8
"""Part of the type's height that it may be longer than the words it strikes."""
_MOSTLY = 0.5
"""Of a page's words; where more seem struck, the lines mean something else."""

_Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def without_struck(words: Sequence[Word], page: Any, direction: int) -> list[Word]:
    """``words`` of ``direction`` but those that are struck out; all of them if it isn't certain."""
    lines = sorted([*_drawn(page, direction)], key=lambda box: box[1])
    marks = [*_marked(page, direction)]
    if not lines and not marks:
        return list(words)
    struck = {id(word) for word in _struck(words, lines)}
    struck |= {id(word) for word in words if any(_is_inside(word, mark) for mark in marks)}
    if len(struck) > _MOSTLY * len(words):
        return list(words)
    return [word for word in words if id(word) not in struck]


def _struck(words: Sequence[Word], lines: Sequence[_Box]) -> Iterator[Word]:
    """The words that one of ``lines`` runs through, which neither begins nor ends far from a word."""
    tops = [top for _, top, _, _ in lines]
    through: dict[int, list[Word]] = {}
    for word in words:
        height = word.baseline - word.top
        upper, lower = word.baseline - _UPPER * height, word.baseline - _LOWER * height
        for at in range(bisect_left(tops, upper), bisect_right(tops, lower)):
            left, top, right, bottom = lines[at]
            covered = min(right, word.right) - max(left, word.left)
            if (
                bottom - top <= max(1.0, _THIN * height)
                and bottom <= lower
                and covered >= _COVERED * (word.right - word.left)
            ):
                through.setdefault(at, []).append(word)
    for at, found in through.items():
        left, _, right, _ = lines[at]
        beyond = _BEYOND * (found[0].bottom - found[0].top)
        if min(word.left for word in found) - left <= beyond and right - max(word.right for word in found) <= beyond:
            yield from found


def _is_inside(word: Word, mark: _Box) -> bool:
    left, top, right, bottom = mark
    covered = min(right, word.right) - max(left, word.left)
    return covered >= _COVERED * (word.right - word.left) and top <= (word.top + word.baseline) / 2 <= bottom


def _drawn(page: Any, direction: int) -> Iterator[_Box]:
    """Thin level lines and boxes."""
    count: int = _RAW.FPDFPage_CountObjects(page.raw)
    places = [ctypes.c_float() for _ in range(4)]
    for number in range(min(count, _MOST_OBJECTS)):
        item = _RAW.FPDFPage_GetObject(page.raw, number)
        if _RAW.FPDFPageObj_GetType(item) != _RAW.FPDF_PAGEOBJ_PATH or _RAW.FPDFPath_CountSegments(item) > _SIMPLE:
            continue
        if _RAW.FPDFPageObj_GetBounds(item, *places):
            left, bottom, right, top = (place.value for place in places)
            box = turn(direction, left, bottom, right, top)
            if box[3] - box[1] < box[2] - box[0]:
                yield box


def _marked(page: Any, direction: int) -> Iterator[_Box]:
    """What viewers mark as struck out, line by line."""
    count: int = _RAW.FPDFPage_GetAnnotCount(page.raw)
    for number in range(min(count, _MOST_ANNOTATIONS)):
        annotation = _RAW.FPDFPage_GetAnnot(page.raw, number)
        if not annotation:
            continue
        try:
            if _RAW.FPDFAnnot_GetSubtype(annotation) != _STRIKE_OUT or _RAW.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
                continue
            quad = _RAW.FS_QUADPOINTSF()
            for at in range(min(_RAW.FPDFAnnot_CountAttachmentPoints(annotation), _MOST_ANNOTATIONS)):
                if _RAW.FPDFAnnot_GetAttachmentPoints(annotation, at, quad):
                    xs, ys = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
                    yield turn(direction, min(xs), min(ys), max(xs), max(ys))
        finally:
            _RAW.FPDFPage_CloseAnnot(annotation)
