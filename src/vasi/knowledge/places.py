"""Passages by their place: a page or a section of a document that is named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vasi.language.places import Place, is_section
from vasi.language.speakable import spoken_name
from vasi.language.terms import content_words, stem, words
from vasi.storage.ports import Document, Passage

_CHARACTERS = 6_000
"""Of the passages of a place that are given: the rest of a long section is left out."""


@dataclass(frozen=True, slots=True)
class PlacedPassages:
    """The passages of a place in ``document``, in its order; none if it has no such place."""

    document: Document
    passages: tuple[Passage, ...]


def named_document(documents: Sequence[Document], said: str) -> Document | None:
    """The document whose name or title has the most of the words ``said``; None if none has any, or several as many.

    The only document of a library needn't be named.
    """
    if len(documents) == 1:
        return documents[0]
    asked = {stem(word) for word in content_words(said)}
    held = [(len(asked & words_of(document)), document) for document in documents]
    most = max((count for count, _ in held), default=0)
    named = [document for count, document in held if count == most]
    return named[0] if most and len(named) == 1 else None


def words_of(document: Document) -> set[str]:
    """The stems of a document's name and title."""
    return {stem(word) for word in words(f"{spoken_name(document.name)} {document.name} {document.title}")}


def passages_at(document: Document, passages: Sequence[Passage], place: Place) -> PlacedPassages:
    """Those of ``passages``, all of ``document``, that stand at ``place``."""
    if place.page is not None:
        page = place.page if place.page > 0 else max((one.page or 0 for one in passages), default=0)
        there = [passage for passage in passages if passage.page == page]
    else:
        there = _section(passages, place.section)
    kept: list[Passage] = []
    length = 0
    for passage in there:
        length += len(passage.text)
        if kept and length > _CHARACTERS:
            break
        kept.append(passage)
    return PlacedPassages(document, tuple(kept))


def _section(passages: Sequence[Passage], number: str) -> list[Passage]:
    """The passages of a section by its number; where no heading has numbers, the sections are counted."""
    there = [one for one in passages if any(is_section(part, number) for part in one.heading.split(" > "))]
    if there or not number.lstrip("-").isdecimal() or any(_NUMBERED.match(one.heading) for one in passages):
        return there
    outermost = _outermost(passages)
    place = int(number)
    if not 0 < place <= len(outermost) and place != -1:
        return []
    wanted = outermost[place if place < 0 else place - 1]
    return [one for one in passages if wanted in one.heading.split(" > ")[:2]]


_NUMBERED = re.compile(
    r"(?:[^>]{0,200}> )?(?:\d{1,3}[.)]|§|(?:section|chapter|article|kapitel|abschnitt|artikel) \d)", re.IGNORECASE
)


def _outermost(passages: Sequence[Passage]) -> list[str]:
    """The outermost headings in order; below the title, if all stand below one."""
    paths = [one.heading.split(" > ") for one in passages if one.heading]
    first = list(dict.fromkeys(path[0] for path in paths))
    if len(first) > 1:
        return first
    return list(dict.fromkeys(path[1] for path in paths if len(path) > 1))
