"""Text on its way to a synthesiser: cleaned, cut into clauses, and its words found again in the audio."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from vasi.errors import EngineError
from vasi.language.printable import UNSPEAKABLE
from vasi.language.sentences import last_cut
from vasi.language.spoken.form import spoken_form
from vasi.media.timeline import TimedWord

MOST_CHARACTERS = 20_000
"""Of one call of ``speak``."""

_LONGEST_BLOCK = 360
_LONGEST_CLAUSE = 120
_SHORTEST_CLAUSE = 40


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of text to be spoken at once; ``origins[i]`` is where its character i stood in the whole text."""

    text: str
    origins: tuple[int, ...]

    @property
    def ends_with_pause(self) -> bool:
        """Whether punctuation calls for a pause after it."""
        end = self.text.rstrip()[-1:]
        return end != "" and not end.isalnum()


def require_speakable_length(text: str) -> None:
    """Raises ``EngineError`` for more than ``MOST_CHARACTERS``."""
    if len(text) > MOST_CHARACTERS:
        raise EngineError(
            f"The text to speak has {len(text)} characters; send at most {MOST_CHARACTERS} at a time.",
            code="text_too_long",
        )


def cleaned(text: str) -> str:
    """``text`` without control, format, surrogate and private characters."""
    return UNSPEAKABLE.sub("", text)


def clauses(text: str, language: str = "en") -> Iterator[Clause]:
    """``text`` as one says it in ``language``, in pieces of at most 120 characters cut where a speaker would pause.

    Lazy: what is made when a piece is asked for costs 2 ms at most, so that a long text doesn't hold the event loop.
    """
    start = 0
    while start < len(text):
        block, places = _block(text, start)
        said = spoken_form(block, language)
        start = places[-1] + 1 if places else len(text)
        yield from _pieces(said.text, [places[origin] for origin in said.origins])


def _pieces(text: str, places: Sequence[int]) -> Iterator[Clause]:
    at = 0
    while at < len(text):
        piece = text[at : at + _LONGEST_CLAUSE + 1]
        end = len(piece) if len(piece) <= _LONGEST_CLAUSE else last_cut(piece[:_LONGEST_CLAUSE], _SHORTEST_CLAUSE)
        if piece[:end].strip():
            yield Clause(piece[:end], tuple(places[at : at + end]))
        at += end


def _block(text: str, start: int) -> tuple[str, list[int]]:
    """Some clauses from ``start`` on: their speakable characters, on one line, and their places."""
    spoken = ((i, text[i]) for i in range(start, len(text)) if not UNSPEAKABLE.match(text, i))
    found = list(islice(spoken, _LONGEST_BLOCK + 1))
    block = "".join(" " if char.isspace() else char for _, char in found)
    end = len(block) if len(block) <= _LONGEST_BLOCK else last_cut(block[:_LONGEST_BLOCK], _LONGEST_CLAUSE)
    return block[:end], [place for place, _ in found[:end]]


class WordAligner:
    """Gives each word of a text its time, from the times of some characters, heard in order.

    A word is what stands between spaces. A synthesiser reports some words several times ("$1,234" is six spoken
    words) and others not at all (a dash): those get times between their neighbours'.
    """

    def __init__(self, text: str) -> None:
        self._spans = [match.span() for match in re.finditer(r"\S+", text)]
        self._starts = [start for start, _ in self._spans]
        self._next = 0
        self._last_ms = 0

    def at(self, position: int, ms: int) -> list[TimedWord]:
        """The character at ``position`` is spoken at ``ms``: the words that are thereby known to have begun."""
        index = bisect_right(self._starts, position) - 1
        return self._begin(index + 1, max(ms, self._last_ms), reached=True)

    def rest(self, ms: int) -> list[TimedWord]:
        """The audio ended at ``ms``: the words that nothing was heard of."""
        return self._begin(len(self._spans), max(ms, self._last_ms), reached=False)

    def _begin(self, count: int, ms: int, *, reached: bool) -> list[TimedWord]:
        """Words up to number ``count``, evenly between the last one's time and ``ms``."""
        due = self._spans[self._next : count]
        if not due:
            return []
        steps = len(due) if reached else len(due) + 1
        timings = [
            TimedWord(start, end, self._last_ms + (ms - self._last_ms) * number // steps)
            for number, (start, end) in enumerate(due, start=1)
        ]
        self._next, self._last_ms = count, timings[-1].start_ms
        return timings
