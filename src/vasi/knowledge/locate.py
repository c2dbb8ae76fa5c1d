"""Finds the text of a citation in a document that was read again since."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vasi.knowledge.fulltext import Section, sections
from vasi.storage.ports import Passage
from vasi.storage.recorded import Cited


def locate(cited: Cited, passages: Sequence[Passage]) -> Passage | None:
    """The passage in which the cited text stands now.

    White space may differ. Where it stands several times the place is taken that is nearest to the one it had.

    Args:
        cited: with its excerpt and the offset that it had.
        passages: all of the document, in its order.
    """
    words = cited.excerpt.split()
    if not words:
        return None
    text = re.compile(r"\s+".join(map(re.escape, words)))
    by_id = {passage.id: passage for passage in passages}
    places = [place for section in sections(passages) for place in _places(text, section, by_id)]
    nearest = min(places, key=lambda place: abs(place[0] - cited.start), default=None)
    return None if nearest is None else nearest[1]


def _places(text: re.Pattern[str], section: Section, by_id: dict[str, Passage]) -> Iterator[tuple[int, Passage]]:
    """Offsets in the document where ``text`` stands, and the passage there that holds most of it."""
    for match in text.finditer(section.text):

        def held(span: tuple[str, int, int], match: re.Match[str] = match) -> int:
            return min(match.end(), span[2]) - max(match.start(), span[1])

        passage_id, start, _ = max(section.spans, key=held)
        yield by_id[passage_id].start + match.start() - start, by_id[passage_id]
