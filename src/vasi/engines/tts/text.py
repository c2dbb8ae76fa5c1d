"""Text on its way to a synthesiser: cleaned, cut into clauses, and its words found again in the audio."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from vasi.engines.ports import WordTiming
from vasi.errors import EngineError

MOST_CHARACTERS = 20_000
"""Of one call of ``speak``."""

_LONGEST_CLAUSE = 120
_SHORTEST_CLAUSE = 40
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s)|[。！？]")
_CLAUSE_END = re.compile(r"[,;:][\"'”’)\]]*(?=\s)|[、，；：]|\s[-–—](?=\s)")
_SPACE = re.compile(r"\s(?=\S)")
_JOINERS = "\u200c\u200d"


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


def clauses(text: str) -> tuple[Clause, ...]:
    """``text`` without control characters, in pieces of at most 120 characters cut where a speaker would pause.

    Raises:
        EngineError: longer than ``MOST_CHARACTERS``.
    """
    if len(text) > MOST_CHARACTERS:
        raise EngineError(
            f"The text to speak has {len(text)} characters; send at most {MOST_CHARACTERS} at a time.",
            code="text_too_long",
        )
    kept = [(index, char) for index, char in enumerate(text) if _speakable(char)]
    clean = "".join(" " if char.isspace() else char for _, char in kept)
    pieces: list[Clause] = []
    for start, end in _cuts(clean):
        if clean[start:end].strip():
            pieces.append(Clause(clean[start:end], tuple(index for index, _ in kept[start:end])))
    return tuple(pieces)


def _speakable(char: str) -> bool:
    """Neither control, format, surrogate nor private; joiners belong to the spelling of words and emoji."""
    return char.isspace() or char in _JOINERS or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co")


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while len(text) - start > _LONGEST_CLAUSE:
        window = text[start : start + _LONGEST_CLAUSE]
        end = start + _best_cut(window)
        yield start, end
        start = end
    yield start, len(text)


def _best_cut(window: str) -> int:
    """After its last sentence, else its last clause, else its last word, else wherever it ends."""
    for pattern in (_SENTENCE_END, _CLAUSE_END, _SPACE):
        ends = [match.end() for match in pattern.finditer(window) if match.end() >= _SHORTEST_CLAUSE]
        if ends:
            return ends[-1]
    return len(window)


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

    def at(self, position: int, ms: int) -> list[WordTiming]:
        """The character at ``position`` is spoken at ``ms``: the words that are thereby known to have begun."""
        index = bisect_right(self._starts, position) - 1
        return self._begin(index + 1, max(ms, self._last_ms), reached=True)

    def rest(self, ms: int) -> list[WordTiming]:
        """The audio ended at ``ms``: the words that nothing was heard of."""
        return self._begin(len(self._spans), max(ms, self._last_ms), reached=False)

    def _begin(self, count: int, ms: int, *, reached: bool) -> list[WordTiming]:
        """Words up to number ``count``, evenly between the last one's time and ``ms``."""
        due = self._spans[self._next : count]
        if not due:
            return []
        steps = len(due) if reached else len(due) + 1
        timings = [
            WordTiming(start, end, self._last_ms + (ms - self._last_ms) * number // steps)
            for number, (start, end) in enumerate(due, start=1)
        ]
        self._next, self._last_ms = count, timings[-1].start_ms
        return timings
