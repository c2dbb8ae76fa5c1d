"""One page as regions of lines and tables, in reading order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from statistics import median
from typing import Any, TypeAlias, cast

import pypdfium2.raw  # pyright: ignore[reportMissingTypeStubs]

from vasi.knowledge.parse.pdf.aligned import find_aligned
from vasi.knowledge.parse.pdf.columns import regions
from vasi.knowledge.parse.pdf.fields import read_annotations
from vasi.knowledge.parse.pdf.fonts import Fonts
from vasi.knowledge.parse.pdf.rows import Line, Row, line, rows, segments
from vasi.knowledge.parse.pdf.ruled import Table, find_ruled
from vasi.knowledge.parse.pdf.rules import Rules, read_rules
from vasi.knowledge.parse.pdf.struck import without_struck
from vasi.knowledge.parse.pdf.words import PLACEHOLDER, SLANTED, Word, read_words, turn

_RAW = cast(Any, pypdfium2.raw)

_MARGIN = 0.14
"""Part of a page's height, at its top and bottom, where running heads and feet stand."""
_MARGIN_ROWS = 3
_MARGIN_GAP = 0.7
"""What divides them from the text, as a part of the type's height."""
_MOSTLY = 0.3
"""A page with more characters than this part that nobody knows the meaning of can't be read."""


Item: TypeAlias = Line | Table


_MANY_FIELDS = 20


@dataclass(frozen=True, slots=True)
class Region:
    """Lines and tables of one column of a page, from top to bottom."""

    items: list[Item]


@dataclass(frozen=True, slots=True)
class Page:
    """What was read of a page.

    Attributes:
        regions: in reading order.
        heads: tops of the lines at its upper end, where running heads stand.
        feet: the same at its lower end.
        comments: that were written upon it.
        characters: how many were read.
        is_scan: it shows a picture and no text.
        is_unmapped: most of its characters have no known meaning.
        has_struck: text on it is struck out, and was left out.
    """

    regions: list[Region] = field(default_factory=list[Region])
    heads: frozenset[float] = frozenset()
    feet: frozenset[float] = frozenset()
    comments: list[str] = field(default_factory=list[str])
    characters: int = 0
    is_scan: bool = False
    is_unmapped: bool = False
    has_struck: bool = False


def read_page(page: Any, form: Any) -> Page:
    """What ``page`` says. ``form`` is PDFium's form environment, None without fields. Raises ``PdfiumError``."""
    text_page = page.get_textpage()
    try:
        written = read_words(text_page)
        direction = written.direction
        drawn = written.words.get(direction, [])
        words = without_struck(drawn, page, direction)
        has_struck = len(words) < len(drawn)
        annotations = read_annotations(page, form, words, direction)
        fonts = Fonts(text_page)
        words = [*words, *annotations.values, *annotations.texts]
        # The boxes of a form are no table, though they are ruled like one.
        is_form = annotations.fields > _MANY_FIELDS
        rules = read_rules(page, direction) if not is_form and _has_gaps(words) else Rules()
        found, heads, feet = _layout(words, _frame(page, direction), fonts, rules)
        for other, turned in sorted(written.words.items()):
            if other == SLANTED:
                found.append(Region([_slanted(turned)]))
            elif other != direction:
                found += _layout(turned, None, fonts, Rules())[0]
        is_scan = not written.characters and not found and _has_image(page)
        is_unmapped = written.unmapped > _MOSTLY * max(1, written.characters)
        return Page(found, heads, feet, annotations.comments, written.characters, is_scan, is_unmapped, has_struck)
    finally:
        text_page.close()


def _has_gaps(words: Sequence[Word]) -> bool:
    """Whether words on one line stand so far apart that there may be a table."""
    gaps = 0
    for before, word in pairwise(words):
        if before.baseline == word.baseline and word.left - before.right > word.height:
            gaps += 1
    return gaps > 2


def _frame(page: Any, direction: int) -> tuple[float, float]:
    """Top and bottom of the page in the frame of its text."""
    _, top, _, bottom = turn(direction, *page.get_cropbox())
    return top, bottom


def _layout(
    words: Sequence[Word], frame: tuple[float, float] | None, fonts: Fonts, rules: Rules
) -> tuple[list[Region], frozenset[float], frozenset[float]]:
    """The regions of words of one direction, and the tops of the lines at the page's upper and lower end."""
    tables = find_ruled(words, rules) if rules.upright else []
    page = rows(_with_placeholders(words, tables) if tables else words)
    if not page:
        return [], frozenset(), frozenset()
    head, foot = _margins(page, frame) if frame else (0, len(page))
    parts = [page[:head], *regions(page[head:foot], rules.level), page[foot:]]
    heads = frozenset(row.top for row in page[: max(head, 1)])
    feet = frozenset(row.top for row in page[min(foot, len(page) - 1) :])
    told: set[int] = set()
    found = [Region(list(_items(part, tables, told, rules, fonts))) for part in parts]
    return [region for region in found if region.items], heads, feet


def _with_placeholders(words: Sequence[Word], tables: Sequence[Table]) -> list[Word]:
    """``words`` with one in place of each line of a table, as wide as that, so that it keeps its place on the page."""
    inside = {id(word) for table in tables for word in table.words}
    found = [word for word in words if id(word) not in inside]
    for number, table in enumerate(tables):
        left, right = min(word.left for word in table.words), max(word.right for word in table.words)
        for row in rows(table.words):
            found.append(Word(PLACEHOLDER, left, right, row.top, row.bottom, row.baseline, -2 - number))
    return found


def _items(part: Sequence[Row], tables: Sequence[Table], told: set[int], rules: Rules, fonts: Fonts) -> Iterator[Item]:
    """Lines and tables of a region, with the tables that placeholders stand for, each once: ``told`` are those."""
    for is_table, group in groupby(part, lambda row: any(word.text == PLACEHOLDER for word in row.words)):
        for piece in group if is_table else find_aligned(list(group), rules.level, fonts):
            if isinstance(piece, Table):
                yield piece
                continue
            for number in sorted({-2 - word.index for word in piece.words if word.text == PLACEHOLDER} - told):
                told.add(number)
                yield tables[number]
            rest = [word for word in piece.words if word.text != PLACEHOLDER]
            if rest and (one := line(Row(rest, piece.baseline, piece.height), fonts)):
                yield one


def _margins(page: Sequence[Row], frame: tuple[float, float]) -> tuple[int, int]:
    """How many rows stand apart at the top, and where those at the bottom begin."""
    top, bottom = frame
    depth = (bottom - top) * _MARGIN
    usual = median([row.height for row in page])
    head = 0
    for at, row in enumerate(page[:_MARGIN_ROWS]):
        if row.bottom > top + depth or at + 1 >= len(page):
            break
        if page[at + 1].top - row.bottom > usual * _MARGIN_GAP and not _names_columns(row, page[at + 1]):
            head = at + 1
    foot = len(page)
    for at in range(1, min(_MARGIN_ROWS, len(page) - head) + 1):
        row = page[-at]
        if row.top < bottom - depth or len(page) - at - 1 < head:
            break
        if row.top - page[-at - 1].bottom > usual * _MARGIN_GAP:
            foot = len(page) - at
    return head, foot


def _names_columns(row: Row, below: Row) -> bool:
    """Whether parts of ``row`` begin or end where parts of the row below it do: no running head, but a table's."""
    parts = segments(row, row.height * _MARGIN_GAP)
    others = segments(below, below.height * _MARGIN_GAP)
    shared = sum(
        1 for one in parts if any(abs(one.left - two.left) < 3 or abs(one.right - two.right) < 3 for two in others)
    )
    return len(parts) > 1 and len(others) > 1 and shared * 2 >= len(parts)


def _slanted(words: Sequence[Word]) -> Line:
    """Stamps across the page: where their words stand says little, so they stay as they were drawn."""
    first = words[0]
    text = " ".join(word.text for word in words)
    return Line(text, first.left, first.left, first.right, first.top, first.bottom, first.height, "", is_bold=False)


def _has_image(page: Any) -> bool:
    return any(True for _ in page.get_objects(filter=[_RAW.FPDF_PAGEOBJ_IMAGE], max_depth=3))
