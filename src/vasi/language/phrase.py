"""What the phrases of all intents are made of: a match in an utterance, tables of patterns, words for notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from vasi.language.date_words import DateWords
from vasi.language.folded import fold_pattern, fold_words
from vasi.language.intents import Intent

LONGEST_COMMAND = 400
"""Characters; a longer utterance can only be a note to take, or a question."""
_EDGES = " \t\r\n,.;:!?-–—\"'“”‘’«»„、。！？，：؟،؛「」『』¿¡"


@dataclass(frozen=True, slots=True)
class NoteWords:
    """How notes are spoken of in one language; patterns fit all of a folded text, unless it's said otherwise.

    Attributes:
        that: the note spoken of last: "it", "that one".
        last: the last one.
        newest: the newest one.
        oldest: words for notes from the other end, folded.
        lead: begins a description of a note without belonging to it: "about", "that", "the"; fits its beginning.
        tail: ends one: in languages whose particles stand behind; searched.
        nothing: says nothing about which notes are meant.
        topical: a day that begins so belongs to what notes are about, not to when they were taken; fits its beginning.
        past: days that never do; fits their beginning.
        preposition: stands in front of days; fits their beginning.
        please: politeness behind a note that is dictated; searched.
        dictating: what stands in front of the words of a note, if they're given word by word; searched.
        the_list: just "the list".
        own: in front of a list, says that it's the user's own; searched.
        kept: names of lists that people keep by voice, folded.
        list_name: what a new list is called if nobody says it.
        between: stands between the things on a list; searched.
        dates: days and numbers.
    """

    dates: DateWords
    that: re.Pattern[str]
    last: re.Pattern[str]
    newest: re.Pattern[str]
    oldest: frozenset[str]
    lead: re.Pattern[str]
    nothing: re.Pattern[str]
    please: re.Pattern[str]
    the_list: re.Pattern[str]
    list_name: str
    between: re.Pattern[str]
    own: re.Pattern[str] | None = None
    kept: frozenset[str] = frozenset()
    tail: re.Pattern[str] | None = None
    preposition: re.Pattern[str] | None = None
    topical: re.Pattern[str] | None = None
    past: re.Pattern[str] | None = None
    dictating: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase that fitted an utterance.

    Attributes:
        match: in the folded utterance with single spaces.
        original: the utterance as it came.
        origins: for each character that was matched against, and for the end, its place in ``original``.
        words: those of the language.
        language: its code.
        polite: it was put as a question ("can you ..."), so that a question mark at the end belongs to that.
    """

    match: re.Match[str]
    original: str
    origins: Sequence[int]
    words: NoteWords
    language: str
    polite: bool = False

    def __getitem__(self, group: str) -> str | None:
        """What stands in ``group``, as it was said, with single spaces; None if the pattern has none.

        Where a pattern has it in several places, the others have a number: "nth", "nth2".
        """
        names = (group, f"{group}2", f"{group}3")
        named = next((name for name in names if self.match.groupdict().get(name) is not None), None)
        if named is None:
            return None
        start, end = self.match.span(named)
        return " ".join(self.original[self.origins[start] : self.origins[end]].replace("’", "'").split())

    def key(self, group: str) -> str:
        """The same in lower case and folded: to be looked up; "" if there is nothing."""
        return fold_words(self[group] or "")

    def verbatim(self, group: str) -> str:
        """What the user really wrote there: every mark, space and line break; only white space around it goes."""
        if group not in self.match.re.groupindex:
            return ""
        start, end = self.match.span(group)
        said = self.original[self.origins[start] : self.origins[end]].strip() if start >= 0 else ""
        return said.rstrip(" ?？؟") if self.polite and not self.said_after_colon(group) else said

    def said_after_colon(self, group: str) -> bool:
        """Whether a colon stands in front, as people write what is to be taken word by word."""
        return self.match.string[: self.match.start(group)].rstrip().endswith(":")

    def before(self, group: str) -> str:
        """What stands in front of ``group``."""
        return self.match.string[: self.match.start(group)]


Build: TypeAlias = Callable[[Found, datetime | None], Intent | None]
"""Makes the intent; None: the phrase doesn't fit after all."""
Table: TypeAlias = tuple[tuple[str, Build], ...]
Phrases: TypeAlias = tuple[tuple[re.Pattern[str], Build], ...]


def trimmed(text: str | None) -> str:
    """``text`` without the punctuation and white space around it."""
    return (text or "").strip(_EDGES)


def compiled(*parts: Table, before: str = "", after: str = r"[\s.,!?;。、؟،！？]*+") -> Phrases:
    """The phrases of tables, for folded text."""
    return tuple(
        (re.compile(fold_pattern(rf"{before}(?:{pattern}){after}"), re.IGNORECASE | re.DOTALL), build)
        for part in parts
        for pattern, build in part
    )


def commands_of(*parts: Table) -> Phrases:
    """The phrases of tables, for utterances that are short enough for a command."""
    return compiled(*parts, before=rf"(?!.{{{LONGEST_COMMAND + 1}}})")


def whole(pattern: str) -> re.Pattern[str]:
    """A pattern that fits all of a folded text, or its beginning."""
    return re.compile(fold_pattern(pattern), re.IGNORECASE)


def somewhere(pattern: str) -> re.Pattern[str]:
    """A pattern that is looked for in a folded text."""
    return re.compile(fold_pattern(pattern), re.IGNORECASE)


def always(intent: Intent) -> Build:
    """The same whatever else was said."""
    return lambda _found, _now: intent


def filled(phrases: Mapping[str, Build] | Table, **words: str) -> Table:
    """``phrases`` with ``words`` in the places of their names between angle quotes: "«note»"."""
    rows = phrases.items() if isinstance(phrases, Mapping) else phrases
    table: list[tuple[str, Build]] = []
    for pattern, build in rows:
        for name, word in words.items():
            pattern = pattern.replace(f"«{name}»", f"(?:{word})" if name.islower() else word)
        table.append((pattern, build))
    return tuple(table)
