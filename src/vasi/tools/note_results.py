"""What the note tools answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from vasi.language.terms import words
from vasi.notes import Action, Note, NoteOrigin, Notes, shown
from vasi.tools.ports import NoteChange, ToolContext, ToolResult

CANDIDATES = 5


def result(output: dict[str, Any]) -> ToolResult:
    """``output`` as JSON."""
    return ToolResult(msgspec.json.encode(output).decode())


def changed(action: Action, note: Note, **fields: Any) -> ToolResult:
    """``{"note": {...}}`` with further ``fields``."""
    return several(action, (note,), {"note": shown(note), **fields})


def several(action: Action, found: Sequence[Note], output: dict[str, Any]) -> ToolResult:
    """``output``, and that this was done to these notes."""
    changes = tuple(NoteChange(action, note) for note in found)
    return ToolResult(msgspec.json.encode(output).decode(), changes=changes)


def no_list(name: str) -> str:
    """That there is no such list."""
    return f"There is no list called '{name}'."


async def none_meant(notes: Notes, owner: str, reference: str) -> ToolResult:
    """That no note is meant by ``reference``, and which one comes nearest."""
    if words(reference)[-1:] == ["list"]:
        return result({"error": no_list(reference)})
    error = f"There is no note about '{reference}'."
    nearest = await notes.nearest(owner, reference)
    if nearest is None:
        return result({"error": error})
    return result({"error": f"{error} The nearest says: {nearest.text}", "nearest": shown(nearest)})


def not_one(found: Sequence[Note]) -> ToolResult:
    """That several notes may be meant: the candidates."""
    candidates = [shown(note) for note in found[:CANDIDATES]]
    return result({"error": f"{len(found)} notes fit; ask which one is meant.", "candidates": candidates})


def utc(moment: datetime) -> datetime:
    """``moment`` as it's stored."""
    return moment.astimezone(UTC)


def origin_of(context: ToolContext) -> NoteOrigin | None:
    """The turn that a note is taken in."""
    return None if context.turn is None else NoteOrigin(context.turn.conversation_id, context.turn.item_id)
