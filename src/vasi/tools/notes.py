"""The note tools: take, search, list, change and delete."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from vasi.errors import ToolError
from vasi.notes import Note, NoteOrigin, Notes, shown
from vasi.tools.decorator import tool
from vasi.tools.ports import NoteChange, Subject, Tool, ToolContext, ToolResult

LISTED = 20
CANDIDATES = 5

Reference = Annotated[
    str, Meta(min_length=1, max_length=1000, description="Its id, or words that describe it, or 'the last one'.")
]
NoteText = Annotated[str, Meta(min_length=1, max_length=10_000)]
Moment = Annotated[str, Meta(max_length=40, description="ISO 8601 date or date and time.")]


class TakeArguments(msgspec.Struct):
    text: Annotated[NoteText, Meta(description="What to write down, in the user's words.")]


class SearchNotesArguments(msgspec.Struct):
    query: Annotated[str, Meta(min_length=1, max_length=1000)]


class ListArguments(msgspec.Struct):
    since: Moment | None = None
    until: Moment | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = LISTED


class UpdateArguments(msgspec.Struct):
    note: Reference
    text: Annotated[NoteText, Meta(description="What the note shall say from now on.")]


class DeleteArguments(msgspec.Struct):
    note: Reference


def note_tools(notes: Notes) -> list[Tool]:
    """All of them.

    A note is ``{"id", "text", "tags", "pinned", "created_at", "updated_at"}``, with where it was taken if known.
    """

    @tool("take_note", "Write down a note for the user.", trusted=True, change="take")
    async def take_note(context: ToolContext, arguments: TakeArguments) -> ToolResult:
        """``{"note": {...}}``, when the note is durable."""
        origin = None if context.turn is None else NoteOrigin(context.turn.conversation_id, context.turn.item_id)
        note = await notes.add(context.owner, arguments.text, _utc(context.now), origin=origin)
        return _changed("added", note)

    @tool("search_notes", "Find the user's notes about something.", read_only=True, trusted=True)
    async def search_notes(context: ToolContext, arguments: SearchNotesArguments) -> ToolResult:
        """``{"notes": [...]}``, best first; nothing found is an empty list."""
        found = await notes.search(context.owner, arguments.query, LISTED)
        return _result({"notes": [shown(note) for note in found]})

    @tool("list_notes", "List the user's notes, newest first, all or those of a time.", read_only=True, trusted=True)
    async def list_notes(context: ToolContext, arguments: ListArguments) -> ToolResult:
        """``{"notes": [...], "total": int}`` of all in that time, where times without a zone are the user's."""
        since, until = _moment(arguments.since, context.now), _moment(arguments.until, context.now)
        found = await notes.list(context.owner, since, until, limit=1000)
        return _result({"notes": [shown(note) for note in found[: arguments.limit]], "total": len(found)})

    async def meant(context: ToolContext, arguments: UpdateArguments | DeleteArguments) -> Subject | None:
        match await notes.resolve(context.owner, arguments.note):
            case Note(id=note_id, text=text):
                return Subject(note_id, text)
            case _:
                return None  # the call changes nothing, and says so

    @tool("update_note", "Change the text of one of the user's notes.", trusted=True, change="change", subject=meant)
    async def update_note(context: ToolContext, arguments: UpdateArguments) -> ToolResult:
        """``{"note": {...}}``; an ambiguous reference changes nothing, and the output names the candidates."""
        match await notes.resolve(context.owner, arguments.note):
            case Note(id=note_id):
                updated = await notes.update(context.owner, note_id, arguments.text, _utc(context.now))
                return _changed("updated", updated)
            case several:
                return _not_one(arguments.note, several)

    @tool("delete_note", "Delete one of the user's notes.", trusted=True, change="delete", subject=meant)
    async def delete_note(context: ToolContext, arguments: DeleteArguments) -> ToolResult:
        """``{"note": {...}}``: what it was; an ambiguous reference deletes nothing, as in ``update_note``."""
        match await notes.resolve(context.owner, arguments.note):
            case Note(id=note_id):
                return _changed("removed", await notes.bin(context.owner, note_id, _utc(context.now)))
            case several:
                return _not_one(arguments.note, several)

    return [take_note, search_notes, list_notes, update_note, delete_note]


def _not_one(reference: str, found: list[Note]) -> ToolResult:
    """Why no note, or not just one, is meant by ``reference``."""
    if not found:
        return _result({"error": f"There is no note about '{reference}'."})
    candidates = [shown(note) for note in found[:CANDIDATES]]
    return _result({"error": f"{len(found)} notes fit; ask which one is meant.", "candidates": candidates})


def _moment(text: str | None, now: datetime) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ToolError(f"'{text}' is not an ISO 8601 date or time.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _changed(action: Literal["added", "updated", "removed"], note: Note) -> ToolResult:
    return ToolResult(msgspec.json.encode({"note": shown(note)}).decode(), change=NoteChange(action, note))


def _result(output: dict[str, Any]) -> ToolResult:
    return ToolResult(msgspec.json.encode(output).decode())
