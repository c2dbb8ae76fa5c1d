"""What an utterance may ask for; ``vasi.language.grammar.understand`` finds out which of these it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from vasi.language.appointments import DaysAhead
from vasi.language.dates import Period


@dataclass(frozen=True, slots=True)
class Spoken:
    """The note spoken of last: "that note". ``newest``: if there was none, the newest ("the last note")."""

    newest: bool = False


@dataclass(frozen=True, slots=True)
class Nth:
    """The ``number``-th (from 1) of the notes that were read out, or of all, newest first or ``oldest`` first."""

    number: int
    oldest: bool = False
    listed: bool = True
    """Those that were read out last count, if there are such."""


@dataclass(frozen=True, slots=True)
class About:
    """The note that these words describe."""

    topic: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """The note with this id, which was chosen of several."""

    note_id: str


NoteReference: TypeAlias = Spoken | Nth | About | Chosen

NEWEST = Nth(1, listed=False)
THAT = Spoken()
LAST = Spoken(newest=True)


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
class FindDated:
    """The notes that name a day in ``days``; ``when`` is how that was said."""

    days: DaysAhead
    when: str


@dataclass(frozen=True, slots=True)
class ListNotes:
    """The notes of ``period``, newest or ``oldest`` first, at most ``limit``; ``count`` asks only how many."""

    period: Period | None = None
    limit: int | None = None
    count: bool = False
    oldest: bool = False


@dataclass(frozen=True, slots=True)
class ReadNote:
    """Read one note out."""

    note: NoteReference


@dataclass(frozen=True, slots=True)
class ChangeNote:
    """Give a note another text.

    Attributes:
        note: which.
        text: what it shall say.
        append: what it says already stays in front.
        needs_note: only meant so if a note was just spoken of ("make that friday").
        dictated: the text is what the note shall say, word by word.
    """

    note: NoteReference
    text: str
    append: bool = False
    needs_note: bool = False
    dictated: bool = False


@dataclass(frozen=True, slots=True)
class ReplaceWords:
    """Put other words in the place of words of a note; ``needs_note`` as in ``ChangeNote``."""

    note: NoteReference
    old: str
    new: str
    needs_note: bool = False


@dataclass(frozen=True, slots=True)
class RenameNote:
    """Give a note or a list another title."""

    note: NoteReference
    title: str


@dataclass(frozen=True, slots=True)
class DeleteNote:
    """Delete a note.

    Attributes:
        note: which; None if the utterance doesn't say.
        casual: "forget it" means so only if a note was just spoken of.
    """

    note: NoteReference | None
    casual: bool = False


@dataclass(frozen=True, slots=True)
class DeleteNotes:
    """Delete all notes; or the ``count`` newest, or oldest; or those about ``topic``."""

    count: int | None = None
    oldest: bool = False
    topic: str = ""


@dataclass(frozen=True, slots=True)
class EditList:
    """Change a list.

    Attributes:
        name: what it's called; "" for the one spoken of last.
        needs_list: only meant so if a list was just spoken of ("add milk").
    """

    name: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    tick: tuple[str, ...] = ()
    untick: tuple[str, ...] = ()
    clear: bool = False
    needs_list: bool = False


@dataclass(frozen=True, slots=True)
class ReadList:
    """What is on a list, or whether ``item`` is. ``own``: a list in a document can't be meant."""

    name: str
    item: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back what was done last. ``scratch``: "scratch that", which is also said of a note that was only read."""

    scratch: bool = False


@dataclass(frozen=True, slots=True)
class NotesHelp:
    """Something with notes that isn't understood."""


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


NoteCommand: TypeAlias = (
    TakeNote
    | FindNotes
    | FindDated
    | ListNotes
    | ReadNote
    | ChangeNote
    | ReplaceWords
    | RenameNote
    | DeleteNote
    | DeleteNotes
    | EditList
    | ReadList
    | Undo
    | NotesHelp
)
NOTE_COMMANDS = (
    TakeNote, FindNotes, FindDated, ListNotes, ReadNote, ChangeNote, ReplaceWords, RenameNote, DeleteNote, DeleteNotes,
    EditList, ReadList, Undo, NotesHelp,
)  # fmt: skip
Intent: TypeAlias = NoteCommand | AskClock | SmallTalk | Repeat | Question
