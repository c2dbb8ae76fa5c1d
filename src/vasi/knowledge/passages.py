"""Cuts a document into passages: what is indexed, found and cited."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from vasi.knowledge.parse.blocks import Block
from vasi.knowledge.units import WORDS, Unit, units, weigh
from vasi.storage.ports import NewPassage

OVERLAP: Final = 25
"""Words of a passage that its successor repeats, so that no pair of sentences is torn apart for good."""
_TAIL: Final = 30
"""What would be left over with fewer words joins the passage before it."""
_LONGEST_HEADING: Final = 300
"""Characters; it's repeated with each passage below it."""
_SHORT: Final = 40
"""Words of a section whose heading is a part of what can be read out: "Boat 9", "Berth: B21"."""
_SENTENCE_ENDS: Final = ".!?。！？…"
_VALUE = re.compile(r": \S|\d[.,:]\d|[$€£¥%@]|\d{4,}")
"""A heading that holds more than a name, as what a form or an invoice sets in large type."""


@dataclass(slots=True)
class _Section:
    """Blocks under one heading, on one page, of one table."""

    heading: str
    page: int | None
    caption: str
    blocks: list[Block]


def passages(blocks: Iterable[Block]) -> list[NewPassage]:
    """The passages of a document, in order.

    A passage holds about ``WORDS`` words of whole sentences, table rows, list items or fields, from one page and under
    one heading, which begins it where few words stand below that are no sentences. Its offsets count in the document's
    whole text: all blocks, headings too, joined by blank lines.
    """
    found: list[NewPassage] = []
    offset = 0
    for section in _sections(blocks):
        text = "\n\n".join(block.text for block in section.blocks)
        for start, end in _stretches(section):
            found.append(NewPassage(text[start:end], section.heading, section.page, offset + start, offset + end))
        offset += len(text) + 2
    return found


def _stretches(section: _Section) -> Iterator[tuple[int, int]]:
    """Where the passages of a section begin and end in it."""
    headings = [block.text for block in section.blocks if block.kind == "heading"]
    body = [block for block in section.blocks if block.kind != "heading"]
    starts = [0]
    for heading in headings:
        starts.append(starts[-1] + len(heading) + 2)
    shown = [at for at, heading in enumerate(headings) if _VALUE.search(heading)]
    shown += [len(headings) - 1] if headings and _needs_heading(body) else []
    if not body:
        yield starts[min(shown)], starts[-1] - 2
        return
    for at, (start, end) in enumerate(_pack(units(body, starts[-1]))):
        yield (starts[min(shown)] if shown and at == 0 else start), end


def _needs_heading(body: Sequence[Block]) -> bool:
    """Does a section say little by itself: nothing, or a few words that aren't sentences?"""
    if sum(weigh(block.text) for block in body) > _SHORT:
        return False
    return not body or any(block.kind == "text" and block.text[-1] not in _SENTENCE_ENDS for block in body)


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


def _pack(units: Iterable[Unit]) -> Iterator[tuple[int, int]]:
    """Stretches (start, end) of whole units, each but the first beginning with the end of the one before it."""
    groups: list[list[Unit]] = []
    current: list[Unit] = []
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


def _overlap(units: Sequence[Unit]) -> list[Unit]:
    """The last sentences of a passage, up to ``OVERLAP`` words; rows, items and the like aren't repeated."""
    kept: list[Unit] = []
    weight = 0
    for unit in reversed(units[1:]):
        weight += unit.weight
        if not unit.is_sentence or weight > OVERLAP:
            break
        kept.insert(0, unit)
    return kept
