"""A text that is being written as clauses to speak, each with where its characters were written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vasi.language.markup import MarkupFilter, Spoken
from vasi.language.sentences import ClauseSplitter

_SPACE_BEFORE_MARK = re.compile(r"(?<!\s)\s+(?=[.,;:!?](?:\s|$))")


@dataclass(frozen=True, slots=True)
class SpokenClause:
    """A clause as it is spoken.

    Attributes:
        written: the part of the text that it stands for, with its markup; all of them joined are the text.
        spoken: what a synthesiser is given; "" or white space if nothing of it has a sound.
        starts: where each character of ``spoken`` stands in ``written``.
    """

    written: str
    spoken: str
    starts: tuple[int, ...]

    def written_span(self, start: int, end: int) -> tuple[int, int]:
        """Where a word stands in ``written`` that is ``start:end`` in ``spoken``, with the markup that ends it."""
        begin = self.starts[start] if start < len(self.starts) else len(self.written)
        stop = self.starts[end] if end < len(self.starts) else len(self.written)
        return begin, begin + len(self.written[begin:stop].rstrip())


class SpeechSplitter:
    """Cuts a text that arrives in pieces into clauses free of markup, which can be spoken one by one.

    How the text was divided into pieces doesn't change the clauses.
    """

    def __init__(self) -> None:
        self._filter = MarkupFilter()
        self._splitter = ClauseSplitter()
        self._written = ""
        """What isn't part of a clause yet."""
        self._begin = 0
        self._starts: list[int] = []
        self._ends: list[int] = []

    def feed(self, delta: str) -> list[SpokenClause]:
        """Add ``delta``; returns the clauses that it completed."""
        self._written += delta
        return self._clauses(self._filter.feed(delta))

    def flush(self) -> list[SpokenClause]:
        """The text is complete: what was left of it."""
        clauses = self._clauses(self._filter.flush())
        clauses += [self._clause(spoken) for spoken in self._splitter.flush()]
        if self._written:
            clauses.append(SpokenClause(self._written, "", ()))
            self._written = ""
        return clauses

    def _clauses(self, said: Spoken) -> list[SpokenClause]:
        self._starts += said.starts
        self._ends += said.ends
        return [self._clause(spoken) for spoken in self._splitter.feed(said.text)]

    def _clause(self, spoken: str) -> SpokenClause:
        count, begin = len(spoken), self._begin
        end = self._ends[count - 1]
        starts = [start - begin for start in self._starts[:count]]
        del self._starts[:count], self._ends[:count]
        written, self._written = self._written[: end - begin], self._written[end - begin :]
        self._begin = end
        for space in reversed(list(_SPACE_BEFORE_MARK.finditer(spoken))):
            spoken = spoken[: space.start()] + spoken[space.end() :]
            del starts[space.start() : space.end()]
        return SpokenClause(written, spoken, tuple(starts))
