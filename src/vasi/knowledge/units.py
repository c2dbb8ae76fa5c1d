"""What passages are made of: sentences, table rows, list items, fields, lines of code. None is torn apart that fits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from vasi.knowledge.parse.blocks import Block, is_item
from vasi.language.sentences import sentences

WORDS: Final = 120
"""Words that a passage aims at."""
WHOLE_WORDS: Final = 180
"""A list, a form or a piece of code of so many words is one unit."""
_LETTERS: Final = 8
"""Characters that count as a word where none are seen: long tokens, scripts without spaces."""
_LONGEST_LABEL: Final = 60

_TOKEN = re.compile(r"\S{1,400}")
_CELL = re.compile(r"; ")
_FIELD = re.compile(r"[^\W\d_][^:\n]{0,59}+: \S")
_LEADS = (":", "：")


@dataclass(frozen=True, slots=True)
class Unit:
    """Characters ``start:end`` of a section, ``weight`` in words.

    Attributes:
        is_sentence: it's a sentence of a running text, which the next passage may repeat.
        leads: what follows belongs to it, as to "You need:".
    """

    start: int
    end: int
    weight: int
    is_sentence: bool
    leads: bool = False


def units(blocks: Iterable[Block], offset: int) -> list[Unit]:
    """The units of ``blocks``, the first of which begins at ``offset`` of its section."""
    found: list[Unit] = []
    for block in blocks:
        for unit in _block_units(block, offset):
            if found and found[-1].leads and found[-1].weight + unit.weight <= WHOLE_WORDS:
                unit = _joined([found.pop(), unit])
            found.append(unit)
        offset += len(block.text) + 2
    return found


def _block_units(block: Block, offset: int) -> Iterator[Unit]:
    if block.kind == "row":
        yield from _divide(block.text, offset, is_row=True)
        return
    if (parts := _parts(block)) is None:
        for span in sentences(block.text):
            for unit in _divide(span.text, offset + span.start, is_row=False):
                yield replace(unit, is_sentence=True, leads=span.text.endswith(_LEADS))
        return
    made = [unit for start, text in parts for unit in _divide(text, offset + start, is_row=False)]
    if made and sum(unit.weight for unit in made) <= WHOLE_WORDS:
        made = [_joined(made)]
    yield from made


def _joined(made: Sequence[Unit]) -> Unit:
    weight = sum(unit.weight for unit in made)
    return Unit(made[0].start, made[-1].end, weight, is_sentence=False, leads=made[-1].leads)


def _parts(block: Block) -> list[tuple[int, str]] | None:
    """Where the lines of a list, of fields or of code begin, with what belongs to each; None for a running text."""
    if "\n" not in block.text:
        return None
    lines: list[tuple[int, str]] = []
    start = 0
    for line in block.text.split("\n"):
        if line.strip():
            lines.append((start, line))
        start += len(line) + 1
    if block.kind == "code":
        return lines
    begins = [is_item(line) or _FIELD.match(line) is not None for _, line in lines]
    if sum(begins) < 2 or sum(begins) * 2 < len(lines):
        return None
    firsts = [at for at, first in enumerate(begins) if first]
    # What leads to the first item belongs to it, and what follows an item is a part of it.
    edges = [0, *firsts[1:], len(lines)]
    ends = [*(lines[edge][0] for edge in edges[1:-1]), len(block.text)]
    return [(lines[edge][0], block.text[lines[edge][0] : end].rstrip()) for edge, end in zip(edges, ends, strict=False)]


def _divide(text: str, offset: int, *, is_row: bool) -> Iterator[Unit]:
    """``text`` as one unit; as several where it is too long for a passage."""
    weight = weigh(text)
    if weight <= WORDS:
        yield Unit(offset, offset + len(text), weight, is_sentence=False)
        return
    start, end, gathered = 0, 0, 0
    for first, last, weight in _cells(text) if is_row else _tokens(text, 0, len(text)):
        if gathered and gathered + weight > WORDS:
            yield Unit(offset + start, offset + end, gathered, is_sentence=False)
            start, gathered = first, 0
        elif not gathered:
            start = first
        end = last
        gathered += weight
    yield Unit(offset + start, offset + end, gathered, is_sentence=False)


def _cells(row: str) -> Iterator[tuple[int, int, int]]:
    """The cells of a row, each with its column's name; a cell that is too long by itself is cut between words."""
    edges = [0, *(match.end() for match in _CELL.finditer(row)), len(row)]
    for first, last in pairwise(edges):
        weight = weigh(row[first:last])
        if weight <= WORDS:
            yield first, last, weight
        else:
            yield from _tokens(row, first, last)


def _tokens(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The words of ``text[start:end]``: start, end, weight."""
    for match in _TOKEN.finditer(text, start, end):
        first, last = match.span()
        yield first, last, max(1, (last - first) // _LETTERS)


def weigh(text: str) -> int:
    """About how many words ``text`` has."""
    return max(len(text.split()), len(text) // _LETTERS)
