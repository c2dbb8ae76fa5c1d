"""What the phrases of all intents are made of: a match in an utterance, words for notes, references to notes."""

# ruff: noqa: E501 - a phrase reads better on one line

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from vasi.language.dates import Period, find_period, number_of, ordinal_of
from vasi.language.intents import LAST, NEWEST, THAT, About, FindNotes, Intent, ListNotes, NoteReference, Nth


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase that fitted an utterance.

    Attributes:
        match: in the utterance with single spaces and plain apostrophes.
        original: the utterance as it came.
        origins: for each character that was matched against, and for the end, its place in ``original``.
        polite: it was put as a question ("can you ..."), so that a question mark at the end belongs to that.
    """

    match: re.Match[str]
    original: str
    origins: Sequence[int]
    polite: bool = False

    def __getitem__(self, group: str) -> str | None:
        return self.match[group]

    def verbatim(self, group: str) -> str:
        """What the user really wrote there: every mark, space and line break; only white space around it goes."""
        start, end = self.match.span(group)
        said = self.original[self.origins[start] : self.origins[end]].strip() if start >= 0 else ""
        return said.rstrip(" ?") if self.polite and not self.said_after_colon(group) else said

    def said_after_colon(self, group: str) -> bool:
        """Whether a colon stands in front, as people write what is to be taken word by word."""
        return self.match.string[: self.match.start(group)].rstrip().endswith(":")


Build: TypeAlias = Callable[[Found, datetime | None], Intent]
Table: TypeAlias = tuple[tuple[str, Build], ...]

# --- words ------------------------------------------------------------------------------------------------------------
# Longest first, and never given back: there is one way alone to read a row of them.
OWN = r"(?:all of my|all the|all my|all|of my|the|my|that|this|an|a|any|some|our)\b"
NOTE = r"(?:notes?|no|knot|not|know|node|memo)"  # as heard, where only a note can follow
NOTES = rf"(?:{OWN} )?(?:own |saved |recent )?notes?"
ABOUT = r"(?:about|on|regarding|concerning|for|with|of|mentioning|containing|saying|called|that (?:says?|mentions?)|where|which)"
ORDER = r"(?:last|latest|most recent|newest|previous)"
PUT_DOWN = r"(?:noted?|write|wrote|written|put|jot(?:ted)?|saved?|record(?:ed)?)\b"
ASKER = r"(?:what|when|where|who|which|how much|how many|how long|how often|what time|what day|at what time)"
DELETE = r"(?:delete|remove|erase|forget|cancel|drop|trash|discard|throw away|get rid of|clear|scratch|bin)"
CHANGE = r"(?:change|update|edit|correct|fix|modify|replace|rewrite|amend|adjust|alter)"
IT = r"(?:that|this|it)"
THE = r"(?:the|my|our|that|this)"
NTH_NOTE = (
    r"(?:(?P<nth>(?:very )?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d{1,2}(?:st|nd|rd|th)|oldest"
    r"|earliest|newest|latest|most recent))(?: (?:of (?:them|those|my notes|the notes)|notes?|one|entry)){1,2}"
    r"|(?:note|number|note number) (?P<number>one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2}))"
)
SOME = r"(?P<count>two|three|four|five|six|seven|eight|nine|ten|\d{1,2}|couple of|few)"

# --- references -------------------------------------------------------------------------------------------------------
_LAST_NOTE = re.compile(rf"(?:the |my )?{ORDER}(?: (?:one|note))?", re.IGNORECASE)
_THAT_NOTE = re.compile(rf"(?:the |my )?(?:{IT}|those|them)?(?: (?:one|note))?", re.IGNORECASE)
_NEWEST = re.compile(r"(?:the |my )?(?:latest|newest|most recent)(?: (?:one|note))?", re.IGNORECASE)
_NO_TOPIC = re.compile(
    r"(?:(?:do|did|have|i|you|me|from|for|on|in|of|the|my|down|all|any|that|there|to|out|loud|aloud|taken|please|and"
    r"|about|made|took|so far|until now|again|back|recently|lately|right|now|it|them|everything|anything|say|got)\b[\s,]*)*",
    re.IGNORECASE,
)
_TOPIC_LEAD = re.compile(rf"(?:(?:{ABOUT}|that|if|whether|is|are|was|were|the|my|our|an?)\s+)+", re.IGNORECASE)


def trimmed(text: str | None) -> str:
    """``text`` without the punctuation and white space around it."""
    return (text or "").strip(" \t\r\n,.;:!?-–—\"'“”‘’")


def topic_of(text: str) -> str:
    """What a description of notes is about: "the note about the dentist" is about "dentist"."""
    return trimmed(_TOPIC_LEAD.sub("", trimmed(text), count=1)) or trimmed(text)


def which_note(words: str | None) -> NoteReference:
    """The note that ``words`` describe."""
    note = trimmed(words)
    if not note or _THAT_NOTE.fullmatch(note):
        return THAT
    if _NEWEST.fullmatch(note):
        return NEWEST
    return LAST if _LAST_NOTE.fullmatch(note) else About(topic_of(note))


def nth_note(found: Found) -> NoteReference:
    """The note that ``NTH_NOTE`` names."""
    word = (found["nth"] or "").lower().removeprefix("very ")
    if word in ("newest", "latest", "most recent"):
        return NEWEST
    if word in ("oldest", "earliest"):
        return Nth(1, oldest=True, listed=False)
    return Nth((ordinal_of(word) if word else number_of(found["number"] or "one")) or 1)


def about_notes(text: str | None, now: datetime | None) -> FindNotes | ListNotes:
    """What is said about notes after the asking words: a period, a topic, both or nothing."""
    text = trimmed(text)
    period = find_period(text, now) if now is not None else None
    rest = text if period is None else trimmed(text[: period.start] + text[period.end :])
    if _NO_TOPIC.fullmatch(rest):
        return ListNotes(period)
    if period is not None and _belongs_to_topic(text, period):
        return FindNotes(topic_of(text))
    return FindNotes(topic_of(rest), period)


def _belongs_to_topic(text: str, period: Period) -> bool:
    """A note says "the meeting on friday", but it is taken "yesterday"."""
    named = re.match(r"(?:on|from|in) |\w+day", text[period.start : period.end], re.IGNORECASE)
    return period.start > 0 and named is not None and not text[period.start :].lower().startswith(("yester", "today"))


def always(intent: Intent) -> Build:
    """The same whatever else was said."""
    return lambda _found, _now: intent
