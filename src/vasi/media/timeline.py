"""Which words of a spoken item were heard at a given millisecond.

An item is spoken clause by clause; each clause's audio arrives in chunks that carry the start of their
words. When the user cuts in at N ms, the model must from then on remember only what reached the ear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import inf

HEARD_MS = 150
"""A word counts as heard once it has sounded for this long, or to its end where that's sooner."""


@dataclass(frozen=True, slots=True)
class TimedWord:
    """Where a word lies: characters ``start:end`` of a clause, spoken at ``start_ms`` of the clause's audio."""

    start: int
    end: int
    start_ms: int


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of the item's text and what has come of its audio.

    Attributes:
        text: what is said.
        samples: audio so far.
        words: words that began in it.
        done: no more audio will come.
    """

    text: str
    samples: int = 0
    words: tuple[TimedWord, ...] = ()
    done: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """A spoken item so far, its audio in samples at ``rate``; every change gives a new one.

    ::

        timeline = Timeline(24_000).clause("Not more than ten days. ").audio(9_600, words)
        timeline.heard(310)  # "Not more"
    """

    rate: int
    bytes_per_sample: int = 2
    clauses: tuple[Clause, ...] = ()

    def clause(self, text: str) -> Timeline:
        """Begin a clause: its audio follows that of the clauses before it, which are done."""
        return replace(self, clauses=(*self.finish().clauses, Clause(text)))

    def audio(self, samples: int, words: Iterable[TimedWord] = ()) -> Timeline:
        """Add ``samples`` of audio to the last clause, and words with times from the start of that clause.

        Raises:
            ValueError: no clause was begun.
        """
        if not self.clauses:
            raise ValueError("audio without a clause")
        *before, last = self.clauses
        grown = replace(last, samples=last.samples + samples, words=(*last.words, *words))
        return replace(self, clauses=(*before, grown))

    def finish(self) -> Timeline:
        """The last clause has all its audio."""
        if not self.clauses:
            return self
        *before, last = self.clauses
        return replace(self, clauses=(*before, replace(last, done=True)))

    @property
    def text(self) -> str:
        """Everything that was to be said."""
        return "".join(clause.text for clause in self.clauses)

    @property
    def clause_start(self) -> tuple[int, int]:
        """Where the last clause begins: characters of ``text``, and ms."""
        before = self.clauses[:-1]
        return sum(len(clause.text) for clause in before), sum(clause.samples for clause in before) * 1000 // self.rate

    @property
    def samples(self) -> int:
        """Audio so far."""
        return sum(clause.samples for clause in self.clauses)

    @property
    def ms(self) -> int:
        """Audio so far, in whole milliseconds."""
        return self.samples * 1000 // self.rate

    def heard(self, ms: int) -> str:
        """The prefix of ``text`` that somebody heard who heard the first ``ms`` of the audio.

        Ends at a word; a clause that is done and was heard to its end is whole. A clause that is done and
        has no word times is taken to be spoken evenly.
        """
        prefix = ""
        begin = 0
        for clause in self.clauses:
            end = begin + clause.samples
            # Clients report whole ms, so the true end may lie a fraction of one later.
            if clause.done and ms >= end * 1000 // self.rate:
                prefix += clause.text
                begin = end
            else:
                return prefix + self._heard_of(clause, ms - begin * 1000 / self.rate)
        return prefix

    def _heard_of(self, clause: Clause, ms: float) -> str:
        length = clause.samples * 1000 / self.rate
        words = clause.words or (spread(clause.text, length) if clause.done else ())
        next_starts = [*(word.start_ms for word in words[1:]), length if clause.done else inf]
        chars = 0
        for word, next_start in zip(words, next_starts, strict=False):
            if ms < min(word.start_ms + HEARD_MS, next_start):
                break
            chars = max(chars, _with_punctuation(clause.text, word.end))
        return clause.text[:chars]


def spread(text: str, length_ms: float) -> tuple[TimedWord, ...]:
    """Times for the words of ``text`` if all its characters took equally long in ``length_ms`` of audio."""
    return tuple(
        TimedWord(match.start(), match.end(), int(match.start() * length_ms / len(text)))
        for match in re.finditer(r"\S+", text)
    )


def _with_punctuation(text: str, end: int) -> int:
    """``end`` moved past what sticks to the word, and to the end of the text if no word follows."""
    while end < len(text) and not text[end].isspace():
        end += 1
    return end if any(char.isalnum() for char in text[end:]) else len(text)
