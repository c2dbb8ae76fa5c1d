"""One page as regions of lines and tables, in reading order."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, TypeAlias, cast

import pypdfium2.raw  # pyright: ignore[reportMissingTypeStubs]

from vasi.knowledge.parse.pdf.columns import regions
from vasi.knowledge.parse.pdf.fields import read_annotations
from vasi.knowledge.parse.pdf.rows import Line, Row, line, rows
from vasi.knowledge.parse.pdf.words import SLANTED, Word, read_words, turn

_RAW = cast(Any, pypdfium2.raw)

_BOLD = re.compile(rb"bold|black|heavy|demi|medi(?!um)|cmbx|sfbx|[-,]bd", re.IGNORECASE)
_MARGIN = 0.14
"""Part of a page's height, at its top and bottom, where running heads and feet stand."""
_MARGIN_ROWS = 3
_MARGIN_GAP = 0.7
"""What divides them from the text, as a part of the type's height."""
_MOSTLY = 0.3
"""A page with more characters than this part that nobody knows the meaning of can't be read."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: rows of cells, with where it begins and ends on the page."""

    cells: list[list[str]]
    top: float
    bottom: float


Item: TypeAlias = Line | Grid


@dataclass(frozen=True, slots=True)
class Region:
    """Lines and tables of one column of a page, from top to bottom."""

    items: list[Item]


@dataclass(frozen=True, slots=True)
class Page:
    """What was read of a page.

    Attributes:
        regions: in reading order.
        edges: tops of the lines at its upper and lower end, where running heads and feet stand.
        comments: that were written upon it.
        characters: how many were read.
        is_scan: it shows a picture and no text.
        is_unmapped: most of its characters have no known meaning.
    """

    regions: list[Region] = field(default_factory=list[Region])
    edges: frozenset[float] = frozenset()
    comments: list[str] = field(default_factory=list[str])
    characters: int = 0
    is_scan: bool = False
    is_unmapped: bool = False


def read_page(page: Any, form: Any) -> Page:
    """What ``page`` says. ``form`` is PDFium's form environment, None without fields. Raises ``PdfiumError``."""
    text_page = page.get_textpage()
    try:
        written = read_words(text_page)
        direction = written.direction
        words = written.words.get(direction, [])
        annotations = read_annotations(page, form, words, direction)
        is_bold = _bold(text_page)
        found, edges = _layout([*words, *annotations.values, *annotations.texts], _frame(page, direction), is_bold)
        for other, turned in sorted(written.words.items()):
            if other == SLANTED:
                found.append(Region([_slanted(turned)]))
            elif other != direction:
                found += _layout(turned, None, is_bold)[0]
        is_scan = not written.characters and not found and _has_image(page)
        is_unmapped = written.unmapped > _MOSTLY * max(1, written.characters)
        return Page(found, edges, annotations.comments, written.characters, is_scan, is_unmapped)
    finally:
        text_page.close()


def _frame(page: Any, direction: int) -> tuple[float, float]:
    """Top and bottom of the page in the frame of its text."""
    _, top, _, bottom = turn(direction, *page.get_cropbox())
    return top, bottom


def _layout(
    words: Sequence[Word], frame: tuple[float, float] | None, is_bold: Callable[[Word], bool]
) -> tuple[list[Region], frozenset[float]]:
    """The regions of words of one direction, and the tops of the lines that stand at the page's edges."""
    page = rows(words)
    if not page:
        return [], frozenset()
    head, foot = _margins(page, frame) if frame else (0, len(page))
    parts = [page[:head], *regions([word for row in page[head:foot] for word in row.words]), page[foot:]]
    edges = frozenset(row.top for row in (*page[: max(head, 1)], *page[min(foot, len(page) - 1) :]))
    found = [Region([one for row in part if (one := line(row, is_bold))]) for part in parts]
    return [region for region in found if region.items], edges


def _margins(page: Sequence[Row], frame: tuple[float, float]) -> tuple[int, int]:
    """How many rows stand apart at the top, and where those at the bottom begin."""
    top, bottom = frame
    depth = (bottom - top) * _MARGIN
    usual = median([row.height for row in page])
    head = 0
    for at, row in enumerate(page[:_MARGIN_ROWS]):
        if row.bottom > top + depth or at + 1 >= len(page):
            break
        if page[at + 1].top - row.bottom > usual * _MARGIN_GAP:
            head = at + 1
    foot = len(page)
    for at in range(1, min(_MARGIN_ROWS, len(page) - head) + 1):
        row = page[-at]
        if row.top < bottom - depth or len(page) - at - 1 < head:
            break
        if row.top - page[-at - 1].bottom > usual * _MARGIN_GAP:
            foot = len(page) - at
    return head, foot


def _slanted(words: Sequence[Word]) -> Line:
    """Stamps across the page: where their words stand says little, so they stay as they were drawn."""
    first = words[0]
    text = " ".join(word.text for word in words)
    return Line(text, first.left, first.left, first.right, first.top, first.bottom, first.height, is_bold=False)


def _bold(text_page: Any) -> Callable[[Word], bool]:
    """Tells of a word whether its type is bold, by the name of its font."""
    name = ctypes.create_string_buffer(128)

    def is_bold(word: Word) -> bool:
        if word.index < 0:
            return False
        length: int = _RAW.FPDFText_GetFontInfo(text_page.raw, word.index, name, len(name), None)
        return 0 < length <= len(name) and _BOLD.search(name.value) is not None

    return is_bold


def _has_image(page: Any) -> bool:
    return any(True for _ in page.get_objects(filter=[_RAW.FPDF_PAGEOBJ_IMAGE], max_depth=3))
