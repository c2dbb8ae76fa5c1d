"""Lines become headings, paragraphs, lists and rows of tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from vasi.knowledge.parse.blocks import Block, clean
from vasi.knowledge.parse.grid import Cell
from vasi.knowledge.parse.hyphens import HYPHENS, WordJoiner
from vasi.knowledge.parse.pdf.page import Page, Region
from vasi.knowledge.parse.pdf.rows import Line
from vasi.knowledge.parse.pdf.ruled import Table
from vasi.knowledge.parse.pdf.typography import Typography, is_statement, size
from vasi.knowledge.parse.table import continued, records

_BULLET = re.compile(r"[•‣▪●◦■□❑❖➢➤►✓✔○·∙\uf0b7\uf0a7\uf0d8\uf076*–—-](?:\s+|(?<=[•●▪■◦\uf0b7]))|o\s+(?=[A-Z])")
_NUMBER = re.compile(r"(?:\(?\d{1,2}[.)]|\(?[a-z]\)|\([ivx]{1,4}\)|[ivx]{1,4}\))\s+(?=\S)")
_LEADERS = re.compile(r"(?:\s?[.·…_]){4,}\s?|(?:\s\.){3,}\s?")
_ENDS = frozenset(".!?:;。！？：")
_GAP = 1.3
"""A step to the next line that is this much longer than most begins a paragraph."""
_SHORT = 0.8
"""A line that ends before this part of its column may be a paragraph's last."""
_HEADING_LINES = 3
_LONGEST_LIST = 2_000
_LONGEST_EDGE = 80
"""Characters of a running head or foot that stands between two pages of a table."""
_MOST_BETWEEN = 4


@dataclass(slots=True)
class _Text:
    """Lines of one paragraph, list or heading, while it grows."""

    lines: list[Line]
    level: int = 0
    """Of a heading; 0 for text."""
    marker: str = ""
    """How the list item begins; "" for what is no list item."""


@dataclass(slots=True)
class _Grown:
    """A piece of a page, in reading order: text that is whole, or a table, which reaches from ``left`` to ``right``."""

    level: int
    page: int
    text: str = ""
    is_item: bool = False
    cells: list[list[Cell]] = field(default_factory=list[list[Cell]])
    left: float = 0
    right: float = 0
    rows: list[Block] = field(default_factory=list[Block])
    """Of the table, once all tables are known."""


def blocks(pages: Sequence[Page], typography: Typography, words: WordJoiner) -> list[Block]:
    """The blocks of a document, in reading order."""
    pieces: list[_Grown] = []
    for number, page in enumerate(pages, 1):
        for region in page.regions:
            pieces += _pieces(region, number, typography, words)
        pieces += [_Grown(0, number, text) for comment in page.comments if (text := clean(comment))]
    _read_tables(pieces)
    return list(_blocks(list(_continued(pieces, words))))


def _pieces(region: Region, number: int, typography: Typography, words: WordJoiner) -> Iterator[_Grown]:
    measures = _Measures.of(region)
    open_text: _Text | None = None
    for item in region.items:
        if isinstance(item, Table):
            if open_text:
                yield _whole(open_text, number, words, typography)
                open_text = None
            yield _Grown(0, number, cells=_cells(item, words), left=item.left, right=item.right)
            continue
        level = typography.level(item)
        if open_text and _goes_on(open_text, item, level, measures):
            open_text.lines.append(item)
            continue
        if open_text:
            yield _whole(open_text, number, words, typography)
        marker = "" if level else _marker(item.text)
        open_text = _Text([item], level, marker)
    if open_text:
        yield _whole(open_text, number, words, typography)


def _cells(table: Table, words: WordJoiner) -> list[list[Cell]]:
    return [
        [
            replace(cell, text=words.mend_line(words.join_lines(_LEADERS.sub(" ", cell.text).split("\n"))))
            for cell in row
        ]
        for row in table.rows
    ]


def _read_tables(pieces: Sequence[_Grown]) -> None:
    """Tables become rows; one that goes on with that of the page before has the names of its columns."""
    above: _Grown | None = None
    page = between = 0
    for piece in pieces:
        if not piece.cells:
            between += 1 if piece.text and not piece.level and len(piece.text) < _LONGEST_EDGE else _MOST_BETWEEN
            continue
        if above and piece.page == page + 1 and between < _MOST_BETWEEN and _are_as_wide(above, piece):
            piece.rows = records(continued(above.cells, piece.cells), piece.page)
        else:
            piece.rows = records(piece.cells, piece.page)
            above = piece
        page, between = piece.page, 0


def _are_as_wide(above: _Grown, piece: _Grown) -> bool:
    width = above.right - above.left
    return abs(piece.left - above.left) + abs(piece.right - above.right) < width * 0.2


@dataclass(frozen=True, slots=True)
class _Measures:
    """Of one column: where its lines begin and end, and how far one is from the next."""

    left: float
    right: float
    step: float

    @classmethod
    def of(cls, region: Region) -> _Measures:
        lines = [item for item in region.items if isinstance(item, Line)]
        if not lines:
            return cls(0, 0, 0)
        steps = [
            after.bottom - before.bottom
            for before, after in pairwise(lines)
            if 0 < after.bottom - before.bottom < 3 * after.height and abs(after.height - before.height) < 1
        ]
        rights = sorted(line.right for line in lines)
        return cls(
            min(line.left for line in lines),
            rights[len(rights) * 9 // 10],
            _usual(steps) if steps else lines[0].height * 1.1,
        )


def _usual(steps: Sequence[float]) -> float:
    """The step within paragraphs: the middle one, but of lines set apart one by one a shorter one that recurs."""
    middle = median(steps)
    shorter = [step for step in steps if step < middle * 0.85]
    return median(shorter) if len(shorter) * 4 >= len(steps) else middle


def _goes_on(text: _Text, line: Line, level: int, measures: _Measures) -> bool:
    """Whether ``line`` belongs to the paragraph, item or heading before it."""
    before = text.lines[-1]
    step = line.bottom - before.bottom
    if text.level or level:
        return (
            text.level == level
            and size(before) == size(line)
            and 0 < step < line.height * 1.6
            and len(text.lines) < _HEADING_LINES
            and not is_statement(before.text)
            and not is_statement(line.text)
            and (before.right > measures.left + (measures.right - measures.left) * 0.5 or _is_centred(before, line))
        )
    if step <= 0 or step > max(measures.step, min(line.height, before.height) * 0.9) * _GAP:
        return False
    if abs(size(line) - size(before)) > max(1.0, before.height * 0.12):
        return False
    if _marker(line.text) or ((line.has_gap or before.has_gap) and not text.marker) or _LEADERS.search(before.text):
        return False
    hangs = bool(text.marker) and line.left >= text.lines[0].text_left - line.height * 0.5
    width = measures.right - measures.left
    is_full = before.right >= measures.right - width * (1 - _SHORT)
    ended = before.text[-1] in _ENDS
    begins = line.text[0].isupper() or line.text[0].isdigit() or not line.text[0].isalpha()
    if text.marker and not hangs:
        return (not is_full and not begins) or (is_full and not ended and line.left >= text.lines[0].left - 1)
    if hangs:
        return True
    if before.text[-1] in HYPHENS or (not begins and not ended):
        return True
    if ended and _is_indented(text, line):
        return False
    return is_full or _could_not_fit(before, line, measures) or not (ended or begins)


def _could_not_fit(before: Line, line: Line, measures: _Measures) -> bool:
    """Whether the next line's first word wouldn't have fitted behind ``before``, which ends early for that alone."""
    first = line.text.split(" ", 1)[0]
    width = (line.right - line.left) * (len(first) + 1) / max(1, len(line.text))
    return before.right + width > measures.right and before.right > measures.left + (measures.right - measures.left) / 2


def _is_indented(text: _Text, line: Line) -> bool:
    first = text.lines[0] if len(text.lines) == 1 else text.lines[-1]
    return line.height * 0.7 < line.left - first.left < line.height * 5 and len(text.lines) > 1


def _is_centred(before: Line, line: Line) -> bool:
    middle, other = (before.left + before.right) / 2, (line.left + line.right) / 2
    return abs(middle - other) < line.height and abs(before.left - line.left) > line.height * 0.5


def _marker(text: str) -> str:
    """How a list item begins: "- ", or its number as it stands, with a space."""
    if _BULLET.match(text):
        return "- "
    if number := _NUMBER.match(text):
        return f"{number.group().strip()} "
    return ""


def _whole(text: _Text, page: int, words: WordJoiner, typography: Typography) -> _Grown:
    lines = [line.text for line in text.lines]
    if text.marker:
        marker = _BULLET.match(lines[0]) or _NUMBER.match(lines[0])
        lines[0] = lines[0][marker.end() if marker else 0 :]
    joined = words.mend_line(words.join_lines(line for line in lines if line))
    read = clean(_LEADERS.sub(" … ", joined)).replace("\n", " ")
    level = text.level
    if level and len(text.lines) == 1:
        level = 0 if is_statement(read) else level
    elif level and not text.lines[0].is_bold and size(text.lines[0]) not in typography.levels:
        level = 0  # only a single line is a heading for its font alone
    return _Grown(level, page, f"{text.marker}{read}" if read else "", bool(text.marker))


# --- the whole document ---------------------------------------------------------------------------------------------
def _continued(pieces: Sequence[_Grown], words: WordJoiner) -> Iterator[_Grown]:
    """Join what goes on in the next column of its page, and words that were broken at its end."""
    before: _Grown | None = None
    for piece in pieces:
        if not piece.text and not piece.rows:
            continue
        if before and _goes_on_in(before, piece):
            before.text = words.join_lines([before.text, piece.text])
            continue
        if before:
            if _is_broken_word(before, piece):
                first, _, rest = piece.text.partition(" ")
                before.text = words.join_lines([before.text, first])
                piece.text = rest
            yield before
        before = piece if piece.text or piece.rows else None
    if before:
        yield before


def _goes_on_in(before: _Grown, piece: _Grown) -> bool:
    if before.page != piece.page or before.level or piece.level or piece.is_item or not before.text or not piece.text:
        return False
    return piece.text[0].islower() and before.text[-1] not in _ENDS and len(before.text) > 40


def _is_broken_word(before: _Grown, piece: _Grown) -> bool:
    if before.level or piece.level or not before.text or not piece.text or piece.is_item:
        return False
    return before.text[-1] in HYPHENS and before.text[-2:-1].isalpha() and piece.text[0].islower()


def _blocks(pieces: Sequence[_Grown]) -> Iterator[Block]:
    """Headings that head something, lists with their lead-in, and the rest."""
    for group in _groups(pieces):
        first = group[0]
        if first.rows:
            yield from first.rows
        elif first.level:
            yield Block(first.text, "heading", first.level, first.page)
        else:
            yield Block("\n".join(piece.text for piece in group), page=first.page)


def _groups(pieces: Sequence[_Grown]) -> Iterator[list[_Grown]]:
    group: list[_Grown] = []
    length = 0
    for at, piece in enumerate(pieces):
        if piece.level and not _heads(pieces, at):
            piece.level = 0
        leads = bool(group) and not group[0].level and (group[-1].is_item or group[-1].text.endswith((":", "：")))
        if piece.is_item and leads and group[0].page == piece.page and length < _LONGEST_LIST:
            group.append(piece)
            length += len(piece.text)
            continue
        if group:
            yield group
        group, length = [piece], len(piece.text)
    if group:
        yield group


def _heads(pieces: Sequence[_Grown], at: int) -> bool:
    """Whether text or a lower heading follows the heading ``at``."""
    if at + 1 >= len(pieces):
        return False
    after = pieces[at + 1]
    return not after.level or after.level > pieces[at].level


def words_of(pages: Iterable[Page]) -> Iterator[str]:
    """The words of a document that aren't broken at a line's end, hyphenated ones whole."""
    for page in pages:
        for region in page.regions:
            for item in region.items:
                if isinstance(item, Line):
                    text = item.text[: item.text.rfind(" ") + 1] if item.text[-1] in HYPHENS else item.text
                    yield from _WORDS.findall(text)


_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*+")
