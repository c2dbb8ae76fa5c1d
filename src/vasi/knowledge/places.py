"""Passages by their place: a page or a section of a document that is named."""

from __future__ import annotations

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
        there = [passage for passage in passages if passage.page == place.page]
    else:
        there = [passage for passage in passages if _in_section(passage, place.section)]
    kept: list[Passage] = []
    length = 0
    for passage in there:
        length += len(passage.text)
        if kept and length > _CHARACTERS:
            break
        kept.append(passage)
    return PlacedPassages(document, tuple(kept))


def _in_section(passage: Passage, number: str) -> bool:
    return any(is_section(part, number) for part in passage.heading.split(" > "))
