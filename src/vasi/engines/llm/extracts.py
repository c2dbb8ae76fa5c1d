"""Passages of a document that go on from one another, put together again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vasi.engines.llm.outputs import FoundPassage

_LONGEST = 8_000  # characters of an extract that are looked at
_LONGEST_OVERLAP = 1_000


@dataclass(frozen=True, slots=True)
class Extract:
    """A stretch of one document or note.

    Attributes:
        passages: that it is made of, in their order.
        starts: where the text of each begins.
        text: of all of them; what neighbours share stands there once.
    """

    passages: tuple[FoundPassage, ...]
    starts: tuple[int, ...]
    text: str

    @property
    def note(self) -> bool:
        return self.passages[0].note

    @property
    def heading(self) -> str:
        return self.passages[0].heading

    @property
    def document(self) -> str:
        return self.passages[0].document

    def passages_in(self, start: int, end: int) -> list[FoundPassage]:
        """Those that characters ``start:end`` of the text are of."""
        ends = [*self.starts[1:], len(self.text) + 1]
        return [
            passage
            for passage, begin, stop in zip(self.passages, self.starts, ends, strict=True)
            if begin < end and start < stop
        ]


def extracts(passages: Sequence[FoundPassage], most: int) -> list[Extract]:
    """The first ``most`` extracts, in the order of their best passages."""
    by_id = {passage.id: passage for passage in passages if passage.id}
    following = {passage.follows: passage for passage in passages if passage.follows in by_id}
    found: list[Extract] = []
    done: set[int] = set()
    for passage in passages:
        if id(passage) in done:
            continue
        chain = _chain(passage, by_id, following)
        done.update(map(id, chain))
        if len(found) < most:
            found.append(_joined(chain))
    return found


def _chain(
    passage: FoundPassage, by_id: dict[str, FoundPassage], following: dict[str, FoundPassage]
) -> list[FoundPassage]:
    chain = [passage]
    while (before := by_id.get(chain[0].follows)) is not None and before not in chain:
        chain.insert(0, before)
    while chain[-1].id and (after := following.get(chain[-1].id)) is not None and after not in chain:
        chain.append(after)
    return chain


def _joined(chain: Sequence[FoundPassage]) -> Extract:
    text = chain[0].text
    starts = [0]
    for passage in chain[1:]:
        shared = _shared(text, passage.text)
        if not shared:
            text += "\n\n"
        starts.append(len(text))
        text += passage.text[shared:]
    return Extract(tuple(chain), tuple(starts), text[:_LONGEST])


def _shared(before: str, after: str) -> int:
    """Characters at the beginning of ``after`` that ``before`` ends with; passages overlap by whole sentences."""
    for length in range(min(len(before), len(after), _LONGEST_OVERLAP), 8, -1):
        if before.endswith(after[:length]):
            return length
    return 0
