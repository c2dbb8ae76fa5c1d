"""The note tools: take, search, list, change and delete."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from vasi.errors import ToolError
from vasi.notes import Notes, shown
from vasi.storage.ports import Note
from vasi.tools.arguments import parse, schema_of
from vasi.tools.ports import NoteChange, Tool, ToolContext, ToolResult

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
    """All of them."""
    return [TakeNote(notes), SearchNotes(notes), ListNotes(notes), UpdateNote(notes), DeleteNote(notes)]


class TakeNote:
    """``{"note": {"id", "text", "tags", "pinned", "created_at", "updated_at"}}``, with where it was taken if known."""

    name = "take_note"
    read_only = False
    description = "Write down a note for the user."
    parameters: Mapping[str, Any] = schema_of(TakeArguments)

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    async def run(self, context: ToolContext, arguments: str) -> ToolResult:
        """The output comes when the note is durable."""
        text = parse(arguments, TakeArguments).text
        note = shown(await self._notes.add(context.owner, text, _utc(context.now), origin=context.origin))
        return _result({"note": note}, NoteChange("added", note))


class SearchNotes:
    """``{"notes": [...]}``, best first."""

    name = "search_notes"
    read_only = True
    description = "Find the user's notes about something."
    parameters: Mapping[str, Any] = schema_of(SearchNotesArguments)

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    async def run(self, context: ToolContext, arguments: str) -> ToolResult:
        """Nothing found is an empty list."""
        found = await self._notes.search(context.owner, parse(arguments, SearchNotesArguments).query, LISTED)
        return _result({"notes": [shown(note) for note in found]})


class ListNotes:
    """``{"notes": [...], "total": int}``, newest first; ``total`` counts all in that time."""

    name = "list_notes"
    read_only = True
    description = "List the user's notes, newest first, all or those of a time."
    parameters: Mapping[str, Any] = schema_of(ListArguments)

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    async def run(self, context: ToolContext, arguments: str) -> ToolResult:
        """Times without a zone are in the user's."""
        wanted = parse(arguments, ListArguments)
        since, until = _moment(wanted.since, context.now), _moment(wanted.until, context.now)
        found = await self._notes.list(context.owner, since, until, limit=1000)
        return _result({"notes": [shown(note) for note in found[: wanted.limit]], "total": len(found)})


class UpdateNote:
    """``{"note": {...}}``"""

    name = "update_note"
    read_only = False
    description = "Change the text of one of the user's notes."
    parameters: Mapping[str, Any] = schema_of(UpdateArguments)

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    async def run(self, context: ToolContext, arguments: str) -> ToolResult:
        """An ambiguous reference changes nothing; the output names the candidates."""
        wanted = parse(arguments, UpdateArguments)
        meant = await _meant(self._notes, context.owner, wanted.note)
        if isinstance(meant, ToolResult):
            return meant
        note = shown(await self._notes.update(context.owner, meant.id, wanted.text, _utc(context.now)))
        return _result({"note": note}, NoteChange("updated", note))


class DeleteNote:
    """``{"note": {...}}``: what it was."""

    name = "delete_note"
    read_only = False
    description = "Delete one of the user's notes."
    parameters: Mapping[str, Any] = schema_of(DeleteArguments)

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    async def run(self, context: ToolContext, arguments: str) -> ToolResult:
        """An ambiguous reference deletes nothing; the output names the candidates."""
        meant = await _meant(self._notes, context.owner, parse(arguments, DeleteArguments).note)
        if isinstance(meant, ToolResult):
            return meant
        note = shown(await self._notes.bin(context.owner, meant.id, _utc(context.now)))
        return _result({"note": note}, NoteChange("removed", note))


async def _meant(notes: Notes, owner: str, reference: str) -> Note | ToolResult:
    """The note meant, or the output that says why there isn't one."""
    match await notes.resolve(owner, reference):
        case Note() as note:
            return note
        case []:
            return _result({"error": f"There is no note about '{reference}'."})
        case several:
            candidates = [shown(note) for note in several[:CANDIDATES]]
            return _result({"error": f"{len(several)} notes fit; ask which one is meant.", "candidates": candidates})


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


def _result(output: dict[str, Any], change: NoteChange | None = None) -> ToolResult:
    return ToolResult(msgspec.json.encode(output).decode(), change=change)
