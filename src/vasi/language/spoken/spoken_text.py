"""A text in another form that knows where each of its characters was written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

Change: TypeAlias = tuple[int, int, str]
"""Characters ``start:end`` are said as a text."""


@dataclass(frozen=True, slots=True)
class SpokenText:
    """``text``, and for each of its characters where it stood in what was written."""

    text: str
    origins: tuple[int, ...]

    @classmethod
    def written(cls, text: str) -> SpokenText:
        """``text`` as it stands."""
        return cls(text, tuple(range(len(text))))

    def change(self, changes: Iterable[Change]) -> SpokenText:
        """With these pieces said otherwise; of those that overlap, the first and longest.

        The characters of a piece come from all over what it replaces.
        """
        texts: list[str] = []
        origins: list[int] = []
        at = 0
        for start, end, said in sorted(changes, key=lambda change: (change[0], -change[1])):
            if start < at:
                continue
            texts += (self.text[at:start], said)
            origins += self.origins[at:start]
            origins += [self.origins[start + index * (end - start) // len(said)] for index in range(len(said))]
            at = end
        if not texts:
            return self
        return SpokenText("".join([*texts, self.text[at:]]), (*origins, *self.origins[at:]))
