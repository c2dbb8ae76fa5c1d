"""What stands around a passage that was found, where it isn't whole without it: the rest of a list, or of a section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from vasi.language.structure import begins_with_item, ends_in_list
from vasi.language.terms import content_words, stem, words
from vasi.storage.owners import Owners
from vasi.storage.ports import Passage, PassageStore

_BEFORE, _AFTER = 3, 5
"""Passages that are added at most."""
_LOOKED_AT = 2
"""Passages, the best ones, whose lists are completed."""


_SECTION_SHARE = 0.6
"""So much of the question stands in the heading of a section that is asked for."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Passages with those that complete them.

    Attributes:
        added: in the order of their documents.
        follows: of a passage the one that it goes on from, by id; of all passages, found and added.
    """

    added: tuple[Passage, ...]
    follows: dict[str, str]


async def surroundings(store: PassageStore, owners: Owners, found: Sequence[Passage], query: str) -> Surroundings:
    """What completes the lists and sections that the best of ``found`` are cut out of; ``query`` is what found them."""
    asked = frozenset(stem(word) for word in content_words(query))
    known = {passage.id for passage in found}
    added: list[Passage] = []
    for passage in found[:_LOOKED_AT]:
        if passage.kind != "document" or not (_is_cut(passage) or _is_asked(passage, asked)):
            continue
        around = await store.passages_around(owners, passage.id, _BEFORE, _AFTER)
        for one in _completing(passage, around, asked):
            if one.id not in known:
                known.add(one.id)
                added.append(one)
    return Surroundings(tuple(added), follows([*found, *added]))


def _is_cut(passage: Passage) -> bool:
    return begins_with_item(passage.text) or ends_in_list(passage.text) or _is_heading(passage)


def _is_heading(passage: Passage) -> bool:
    """A heading by itself, whose section is another passage."""
    return passage.text == passage.heading.rpartition(" > ")[2] or passage.heading.endswith(passage.text)


def _is_asked(passage: Passage, asked: frozenset[str]) -> bool:
    """Whether its section is what was asked for: then it is told from its beginning."""
    title = {stem(word) for word in words(passage.heading.rpartition(" > ")[2])}
    return bool(asked) and len(asked & title) >= _SECTION_SHARE * len(asked)


def _completing(passage: Passage, around: Sequence[Passage], asked: frozenset[str]) -> list[Passage]:
    at = next((place for place, one in enumerate(around) if one.id == passage.id), None)
    if at is None:
        return []
    first = last = at
    while first > 0 and begins_with_item(around[first].text) and _goes_on(around[first - 1], around[first]):
        first -= 1
    if _is_asked(passage, asked):
        while first > 0 and around[first - 1].heading == passage.heading:
            first -= 1
    while last + 1 < len(around) and _goes_on(around[last], around[last + 1]):
        last += 1
    return [one for place, one in enumerate(around[first : last + 1], first) if place != at]


def _goes_on(before: Passage, after: Passage) -> bool:
    """Whether a list or section that begins in ``before`` goes on in ``after``."""
    if _is_heading(before):
        return after.heading == before.heading or after.heading.startswith(f"{before.heading} > ")
    if not ends_in_list(before.text):
        return False
    announced = before.text.rstrip().endswith((":", "："))
    return begins_with_item(after.text) or (announced and after.heading == before.heading)


def follows(passages: Sequence[Passage]) -> dict[str, str]:
    """Of passages the ids of those that they go on from, below the same heading."""
    ordered = sorted((one for one in passages if one.kind == "document"), key=lambda one: (one.source_id, one.start))
    return {after.id: before.id for before, after in pairwise(ordered) if _adjoin(before, after)}


def _adjoin(before: Passage, after: Passage) -> bool:
    if before.source_id != after.source_id or not before.start < after.start <= before.end + 2:
        return False
    return before.heading == after.heading or (_is_heading(before) and _goes_on(before, after))
