"""What an utterance may ask for; ``vasi.language.grammar.understand`` finds out which of these it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from vasi.language.dates import Period

LAST = "last"
"""The note that was taken, changed or read out last."""


@dataclass(frozen=True, slots=True)
class TakeNote:
    """Write ``text`` down as it was said.

    Attributes:
        text: "" if the utterance gives none.
        refers_back: without text, the assistant's own last answer is meant ("write that down").
        reminder: the words asked to be reminded, which is more than writing down.
    """

    text: str
    refers_back: bool = False
    reminder: bool = False


@dataclass(frozen=True, slots=True)
class FindNotes:
    """What was noted about ``query``, perhaps within ``period``."""

    query: str
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class ListNotes:
    """The notes of ``period``, newest first, at most ``limit``; ``count`` asks only how many there are."""

    period: Period | None = None
    limit: int | None = None
    count: bool = False


@dataclass(frozen=True, slots=True)
class ChangeNote:
    """Give a note another text.

    Attributes:
        note: words that describe it, or ``LAST``.
        text: what it shall say.
        append: what it says already stays in front.
        needs_note: only meant so if a note was just spoken of ("make that friday").
        dictated: the text stands after a colon: the note shall say just that.
    """

    note: str
    text: str
    append: bool = False
    needs_note: bool = False
    dictated: bool = False


@dataclass(frozen=True, slots=True)
class DeleteNote:
    """Delete a note.

    Attributes:
        note: words that describe it, or ``LAST``; "" if the utterance does not say which.
        everything: all notes were meant.
        undo: the last operation on a note is to be undone ("scratch that").
    """

    note: str
    everything: bool = False
    undo: bool = False


@dataclass(frozen=True, slots=True)
class AskClock:
    """The time of day, or the date ``days`` from today."""

    what: Literal["time", "date"]
    days: int = 0


Talk: TypeAlias = Literal[
    "hello", "thanks", "identity", "abilities", "goodbye", "wellbeing", "acknowledge", "stop", "nothing"
]


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """Talk that needs no knowledge; "nothing" is an utterance without words."""

    kind: Talk


@dataclass(frozen=True, slots=True)
class Repeat:
    """Say the last answer again, or only where it came from (``source``)."""

    source: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Anything else, without its wrapping ("hey, could you tell me ...")."""

    text: str


Intent: TypeAlias = (
    TakeNote | FindNotes | ListNotes | ChangeNote | DeleteNote | AskClock | SmallTalk | Repeat | Question
)
