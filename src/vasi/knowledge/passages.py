"""Cuts a document into passages: what is indexed, found and cited."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from vasi.knowledge.parse.blocks import Block
from vasi.language.sentences import sentences
from vasi.storage.ports import NewPassage

WORDS = 120
"""Words that a passage aims at."""
OVERLAP = 25
"""Words of a passage that its successor repeats, so that no pair of sentences is torn apart for good."""
_TAIL = 30
"""What would be left over with fewer words joins the passage before it."""
_LETTERS = 8
"""Characters that count as a word where none are seen: long tokens, scripts without spaces."""
_LONGEST_HEADING = 300
"""Characters; it's repeated with each passage below it."""

_TOKEN = re.compile(r"\S{1,400}")
_CELL = re.compile(r"; ")


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence or table row: characters ``start:end`` of its section, ``weight`` in words."""

    start: int
    end: int
    weight: int
    is_row: bool


@dataclass(slots=True)
class _Section:
    """Blocks under one heading, on one page, of one table."""

    heading: str
    page: int | None
    caption: str
    blocks: list[Block]


def passages(blocks: Iterable[Block]) -> list[NewPassage]:
    """The passages of a document, in order.

    A passage holds about ``WORDS`` words of whole sentences or table rows, from one page and under one heading. Its
    offsets count in the document's whole text: all blocks, headings too, joined by blank lines.
    """
    found: list[NewPassage] = []
    offset = 0
    for section in _sections(blocks):
        headings = [block.text for block in section.blocks if block.kind == "heading"]
        body = [block for block in section.blocks if block.kind != "heading"]
        if not body:
            start = offset + sum(len(text) + 2 for text in headings[:-1])
            end = start + len(headings[-1])
            found.append(NewPassage(headings[-1], section.heading, section.page, start, end))
        offset += sum(len(text) + 2 for text in headings)
        if body:
            text = "\n\n".join(block.text for block in body)
            for start, end in _pack(_units(body)):
                found.append(NewPassage(text[start:end], section.heading, section.page, offset + start, offset + end))
            offset += len(text) + 2
    return found


def _sections(blocks: Iterable[Block]) -> Iterator[_Section]:
    """Divide at headings, pages and tables. A heading with nothing below it is a section of its own."""
    path: list[tuple[int, str]] = []
    section = _Section("", None, "", [])
    for block in map(_plain, blocks):
        before = section.blocks[-1] if section.blocks else None
        if block.kind == "heading":
            lone = before is not None and before.kind == "heading" and before.level < block.level
            path = [(level, text) for level, text in path if level < block.level]
            path.append((block.level, block.text))
            begins = not (lone and section.page == block.page)
        else:
            begins = block.page != section.page or (
                block.caption != section.caption and not (before is not None and before.kind == "heading")
            )
        if begins or before is None:
            if section.blocks:
                yield section
            section = _Section("", block.page, "", [])
        section.caption = block.caption
        section.heading = " > ".join([*(text for _, text in path), *([block.caption] if block.caption else [])])
        section.blocks.append(block)
    if section.blocks:
        yield section


def _plain(block: Block) -> Block:
    """A heading that is too long to stand over each passage is a paragraph."""
    if block.kind == "heading" and len(block.text) > _LONGEST_HEADING:
        return replace(block, kind="text", level=0)
    return block


def _units(blocks: Sequence[Block]) -> Iterator[_Unit]:
    offset = 0
    for block in blocks:
        if block.kind == "row":
            yield from _divide(block.text, offset, is_row=True)
        else:
            for span in sentences(block.text):
                yield from _divide(span.text, offset + span.start, is_row=False)
        offset += len(block.text) + 2


def _divide(text: str, offset: int, *, is_row: bool) -> Iterator[_Unit]:
    """``text`` as one unit; as several where it is too long for a passage."""
    weight = _weigh(text)
    if weight <= WORDS:
        yield _Unit(offset, offset + len(text), weight, is_row)
        return
    start, end, gathered = 0, 0, 0
    for first, last, weight in _cells(text) if is_row else _tokens(text, 0, len(text)):
        if gathered and gathered + weight > WORDS:
            yield _Unit(offset + start, offset + end, gathered, is_row)
            start, gathered = first, 0
        elif not gathered:
            start = first
        end = last
        gathered += weight
    yield _Unit(offset + start, offset + end, gathered, is_row)


def _cells(row: str) -> Iterator[tuple[int, int, int]]:
    """The cells of a row, each with its column's name; a cell that is too long by itself is cut between words."""
    edges = [0, *(match.end() for match in _CELL.finditer(row)), len(row)]
    for first, last in pairwise(edges):
        weight = _weigh(row[first:last])
        if weight <= WORDS:
            yield first, last, weight
        else:
            yield from _tokens(row, first, last)


def _tokens(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The words of ``text[start:end]``: start, end, weight."""
    for match in _TOKEN.finditer(text, start, end):
        first, last = match.span()
        yield first, last, max(1, (last - first) // _LETTERS)


def _weigh(text: str) -> int:
    return max(len(text.split()), len(text) // _LETTERS)


def _pack(units: Iterable[_Unit]) -> Iterator[tuple[int, int]]:
    """Stretches (start, end) of whole units, each but the first beginning with the end of the one before it."""
    groups: list[list[_Unit]] = []
    current: list[_Unit] = []
    weight = 0
    for unit in units:
        if current and weight + unit.weight > WORDS:
            groups.append(current)
            current = _overlap(current)
            weight = sum(one.weight for one in current)
            if weight + unit.weight > WORDS:
                current, weight = [], 0
        current.append(unit)
        weight += unit.weight
    if current:
        fresh = [unit for unit in current if not groups or unit.start > groups[-1][-1].start]
        if groups and sum(unit.weight for unit in fresh) < _TAIL:
            groups[-1] += fresh
        else:
            groups.append(current)
    for group in groups:
        yield group[0].start, group[-1].end


def _overlap(units: Sequence[_Unit]) -> list[_Unit]:
    """The last sentences of a passage, up to ``OVERLAP`` words; rows stand by themselves and aren't repeated."""
    kept: list[_Unit] = []
    weight = 0
    for unit in reversed(units[1:]):
        weight += unit.weight
        if unit.is_row or weight > OVERLAP:
            break
        kept.insert(0, unit)
    return kept
