"""The text of a document as it was read, put together again from its passages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from vasi.knowledge.parse.blocks import is_item
from vasi.storage.ports import Passage

_GAPS = {0: "", 1: " ", 2: "\n\n"}
"""What stood between two passages of a section, by its length; the rest was a heading."""


@dataclass(slots=True)
class Section:
    """The text under one heading, on one page.

    Attributes:
        page: 1-based, None where the format has no pages.
        heading: the headings above it, outermost first, joined by " > "; "" if none. One that begins the text isn't
            above it.
        text: what was read.
        spans: of each passage its id and characters ``start:end`` of ``text``.
    """

    page: int | None
    heading: str
    text: str = ""
    spans: list[tuple[str, int, int]] = field(default_factory=list[tuple[str, int, int]])


def sections(passages: Iterable[Passage]) -> list[Section]:
    """The sections of a document, in order.

    Every sentence and table row is in a passage, and neighbours overlap or touch, so nothing but the white space
    between two sentences has to be guessed.
    """
    found: list[Section] = []
    base = end = 0
    """Offsets in the document: where the section begins, and how far its text goes."""
    for passage in passages:
        section = found[-1] if found else None
        gap = passage.start - end
        here = section is not None and (section.page, section.heading) == (passage.page, passage.heading)
        if section is None or not here or gap > max(_GAPS) or passage.start < base:
            section = Section(passage.page, passage.heading)
            found.append(section)
            base = end = passage.start
            gap = 0
        if gap > 0:
            section.text += "\n" if gap == 1 and is_item(passage.text) else _GAPS[gap]
            end += gap
        start = passage.start - base
        section.text += passage.text[end - passage.start :]
        end = max(end, passage.start + len(passage.text))
        section.spans.append((passage.id, start, start + len(passage.text)))
    for section in found:
        above, _, last = section.heading.rpartition(" > ")
        if last and (section.text == last or section.text.startswith(f"{last}\n\n")):
            section.heading = above
    return found
