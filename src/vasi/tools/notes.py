"""The note tools: take, search, list, read, change, delete, and take back what was done last."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Annotated

import msgspec
from msgspec import Meta

from vasi.errors import ToolError
from vasi.language.appointments import DaysAhead
from vasi.language.edits import appended, replaced
from vasi.notes import Action, Note, Notes, shown
from vasi.tools.decorator import tool
from vasi.tools.list_notes import edit_list_tool
from vasi.tools.note_results import changed, none_meant, not_one, origin_of, result, several, utc
from vasi.tools.ports import Subject, Tool, ToolContext, ToolResult

LISTED = 20
MANY = 100

_UNDOING: Mapping[Action, Action] = {"added": "removed", "updated": "updated", "removed": "added"}
"""What taking back a change does."""

Reference = Annotated[
    str, Meta(min_length=1, max_length=1000, description="Its id, or words that describe it, or 'the last one'.")
]
NoteText = Annotated[str, Meta(min_length=1, max_length=10_000)]
Moment = Annotated[str, Meta(max_length=40, description="ISO 8601 date or date and time.")]


class TakeArguments(msgspec.Struct):
    text: Annotated[NoteText, Meta(description="What to write down, in the user's words.")]


class SearchNotesArguments(msgspec.Struct):
    query: Annotated[str, Meta(max_length=1000, description="What they are about; may be left out with dates.")] = ""
    dates_since: (
        Annotated[
            str,
            Meta(
                max_length=40, description="Only notes that name a day from then on, as 'dentist on Friday': ISO 8601."
            ),
        ]
        | None
    ) = None
    dates_until: Annotated[str, Meta(max_length=40, description="And before then.")] | None = None


class ListArguments(msgspec.Struct):
    since: Moment | None = None
    until: Moment | None = None
    limit: Annotated[int, Meta(ge=1, le=MANY)] = LISTED
    oldest_first: bool = False


class ReadArguments(msgspec.Struct):
    note: Reference


class UpdateArguments(msgspec.Struct):
    note: Reference
    text: Annotated[NoteText, Meta(description="What the note shall say from now on, whole.")] | None = None
    append: Annotated[NoteText, Meta(description="What to add to what it says.")] | None = None
    replace: Annotated[NoteText, Meta(description="Words of it that are to be replaced by 'replacement'.")] | None = (
        None
    )
    replacement: Annotated[str, Meta(max_length=10_000)] = ""


class DeleteArguments(msgspec.Struct):
    note: Reference


class DeleteSeveralArguments(msgspec.Struct):
    notes: Annotated[list[Reference], Meta(max_length=MANY, description="Their ids.")] = msgspec.field(
        default_factory=list[str]
    )
    all: Annotated[bool, Meta(description="Every note that the user has.")] = False


class UndoArguments(msgspec.Struct):
    pass


def note_tools(notes: Notes) -> list[Tool]:
    """All of them.

    A note is ``{"id", "text", "tags", "pinned", "created_at", "updated_at"}``, with where it was taken if known.
    """
    return [*_writing(notes), *_reading(notes), edit_list_tool(notes), *_deleting(notes)]


def _writing(notes: Notes) -> list[Tool]:

    @tool("take_note", "Write down a note for the user.", trusted=True, change="take")
    async def take_note(context: ToolContext, arguments: TakeArguments) -> ToolResult:
        """``{"note": {...}}``, when the note is durable."""
        note = await notes.add(context.owner, arguments.text, utc(context.now), origin=origin_of(context))
        return changed("added", note)

    @tool(
        "update_note",
        "Change one of the user's notes: give it another text, add to it, or replace words in it. "
        "Keep what it is about, so that it is still found.",
        trusted=True,
        change="change",
        subject=partial(_meant, notes),
    )
    async def update_note(context: ToolContext, arguments: UpdateArguments) -> ToolResult:
        """``{"note": {...}}``; an ambiguous reference changes nothing, and the output names the candidates."""
        match await notes.resolve(context.owner, arguments.note):
            case Note() as note:
                text = _new_text(note, arguments)
                return changed("updated", await notes.update(context.owner, note.id, text, utc(context.now)))
            case []:
                return await none_meant(notes, context.owner, arguments.note)
            case found:
                return not_one(found)

    return [take_note, update_note]


def _reading(notes: Notes) -> list[Tool]:
    @tool(
        "search_notes",
        "Find the user's notes about something, or those that name a day: appointments.",
        read_only=True,
        trusted=True,
    )
    async def search_notes(context: ToolContext, arguments: SearchNotesArguments) -> ToolResult:
        """``{"notes": [...]}``, best first; nothing found is an empty list."""
        days = _days(arguments, context.now)
        if days is not None:
            found = (await notes.dated(context.owner, days, context.now.tzinfo or UTC, arguments.query))[:LISTED]
        elif arguments.query.strip():
            found = await notes.search(context.owner, arguments.query, LISTED)
        else:
            raise ToolError("Say what the notes are about, or give dates.")
        return result({"notes": [shown(note) for note in found]})

    @tool(
        "list_notes",
        "List the user's notes, newest first or oldest first, all or those written in a time.",
        read_only=True,
        trusted=True,
    )
    async def list_notes(context: ToolContext, arguments: ListArguments) -> ToolResult:
        """``{"notes": [...], "total": int}`` of all in that time, where times without a zone are the user's."""
        since, until = _moment(arguments.since, context.now), _moment(arguments.until, context.now)
        found = await notes.list(context.owner, since, until, limit=1000)
        if arguments.oldest_first:
            found.reverse()
        return result({"notes": [shown(note) for note in found[: arguments.limit]], "total": len(found)})

    @tool("read_note", "Read one of the user's notes, or one of their lists.", read_only=True, trusted=True)
    async def read_note(context: ToolContext, arguments: ReadArguments) -> ToolResult:
        """``{"note": {...}}``; an ambiguous reference names the candidates, as in ``update_note``."""
        match await notes.resolve(context.owner, arguments.note):
            case Note() as note:
                return result({"note": shown(note)})
            case []:
                return await none_meant(notes, context.owner, arguments.note)
            case found:
                return not_one(found)

    return [search_notes, list_notes, read_note]


def _deleting(notes: Notes) -> list[Tool]:
    @tool(
        "delete_note", "Delete one of the user's notes.", trusted=True, change="delete", subject=partial(_meant, notes)
    )
    async def delete_note(context: ToolContext, arguments: DeleteArguments) -> ToolResult:
        """``{"note": {...}}``: what it was; an ambiguous reference deletes nothing, as in ``update_note``."""
        match await notes.resolve(context.owner, arguments.note):
            case Note(id=note_id):
                return changed("removed", await notes.bin(context.owner, note_id, utc(context.now)))
            case []:
                return await none_meant(notes, context.owner, arguments.note)
            case found:
                return not_one(found)

    async def several_meant(_context: ToolContext, _arguments: DeleteSeveralArguments) -> Subject | None:
        return Subject("", "")  # no word of the user names them all: they have to agree

    @tool(
        "delete_notes",
        "Delete several of the user's notes at once, or all. First tell the user which, ask whether to do it, and wait "
        "for a yes.",
        trusted=True,
        change="delete",
        subject=several_meant,
    )
    async def delete_notes(context: ToolContext, arguments: DeleteSeveralArguments) -> ToolResult:
        """``{"deleted": [...]}``: what they were. If one of them isn't there, none is deleted."""
        if arguments.all:
            ids = [note.id for note in await notes.list(context.owner, limit=1000)]
        else:
            ids: list[str] = []
            for reference in arguments.notes:
                found = await notes.resolve(context.owner, reference)
                if not found:
                    return await none_meant(notes, context.owner, reference)
                if not isinstance(found, Note):
                    return not_one(found)
                ids.append(found.id)
        gone = await notes.bin_all(context.owner, ids, utc(context.now))
        return several("removed", gone, {"deleted": [shown(note) for note in gone]})

    @tool(
        "undo_last_change",
        "Take back what was done last to the user's notes, whatever it was: a note taken is removed, a change is "
        "reverted, deleted notes come back. Called again it takes back the taking back.",
        trusted=True,
        change="undo",
    )
    async def undo_last_change(context: ToolContext, arguments: UndoArguments) -> ToolResult:
        """``{"undone": "added" | "updated" | "removed", "notes": [...]}``: what was taken back, and of which notes."""
        undone = await notes.undo(context.owner, utc(context.now))
        fields = {"undone": undone.action, "notes": [shown(note) for note in undone.notes]}
        return several(_UNDOING[undone.action], undone.notes, fields)

    return [delete_note, delete_notes, undo_last_change]


async def _meant(notes: Notes, context: ToolContext, arguments: UpdateArguments | DeleteArguments) -> Subject | None:
    match await notes.resolve(context.owner, arguments.note):
        case Note(id=note_id, text=text):
            return Subject(note_id, text)
        case _:
            return None  # the call changes nothing, and says so


def _new_text(note: Note, arguments: UpdateArguments) -> str:
    """What ``note`` is to say.

    Raises:
        ToolError: nothing to change is given, or more than one change, or the words aren't there.
    """
    match arguments:
        case UpdateArguments(text=str(text), append=None, replace=None):
            return text
        case UpdateArguments(text=None, append=str(append), replace=None):
            return appended(note.text, append)
        case UpdateArguments(text=None, append=None, replace=str(replace)):
            text = replaced(note.text, replace, arguments.replacement)
            if text is None:
                raise ToolError(f"The note doesn't say '{replace}'. It says: {note.text}")
            return text
        case _:
            raise ToolError("Give one of 'text', 'append' and 'replace'.")


def _days(arguments: SearchNotesArguments, now: datetime) -> DaysAhead | None:
    since, until = _moment(arguments.dates_since, now), _moment(arguments.dates_until, now)
    if since is None and until is None:
        return None
    return DaysAhead(since or datetime.min.replace(tzinfo=UTC), until or datetime.max.replace(tzinfo=UTC))


def _moment(text: str | None, now: datetime) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ToolError(f"'{text}' is not an ISO 8601 date or time.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)
