"""Notes: list, search, write, change, take back a change, remove, restore, export."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from vasi.errors import ClientError
from vasi.language.time_zones import zone_named
from vasi.notes import shown
from vasi.storage.ports import Note
from vasi.web.api.body import RequestBody
from vasi.web.api.services import NOT_FOUND, Owner, Parts

router = APIRouter(prefix="/notes", tags=["notes"])


class NoteShown(BaseModel):
    """A note; where it was taken if that is known."""

    id: str
    text: str
    tags: list[str]
    pinned: bool
    created_at: datetime
    updated_at: datetime
    conversation_id: str | None = None
    item_id: str | None = None

    @classmethod
    def of(cls, note: Note) -> NoteShown:
        """``note`` as the API shows it."""
        return cls.model_validate(shown(note))


class NoteList(BaseModel):
    notes: list[NoteShown]


class NewNote(RequestBody):
    """A note to write down: 10,000 characters, 20 tags of 40 characters at most."""

    text: str
    tags: list[str] = Field(default=[])
    pinned: bool = False


class NotePatch(RequestBody):
    """What is to change."""

    text: str | None = None
    tags: list[str] | None = None
    pinned: bool | None = None


@router.get("", summary="Notes, newest first; those that a search finds best first")
async def notes(
    parts: Parts,
    owner: Owner,
    q: Annotated[str, Query(max_length=1000)] = "",
    tag: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> NoteList:
    """With ``tag`` only those that have it, in upper or lower case."""
    if q.strip():
        found = await parts.notes.search(owner, q, limit, tag=tag or None)
    else:
        found = await parts.notes.list(owner, limit=limit, tag=tag or None)
    return NoteList(notes=[NoteShown.of(note) for note in found])


@router.get("/export", summary="All notes as one file", response_class=Response)
async def export(
    parts: Parts,
    owner: Owner,
    format: Literal["markdown", "json"] = "markdown",
    time_zone: Annotated[str, Query(max_length=64, description="IANA name; dates in Markdown are of it.")] = "UTC",
) -> Response:
    """Oldest first."""
    zone = zone_named(time_zone)
    if zone is None:
        raise ClientError(f"'{time_zone}' is no time zone; give an IANA name.", param="time_zone")
    return attachment(await parts.notes.export(owner, format, zone), "notes", format)


@router.post("", summary="Write a note down", status_code=201)
async def add(parts: Parts, owner: Owner, note: NewNote) -> NoteShown:
    """Durable, and found by the next question, when this returns."""
    now = datetime.now(UTC)
    return NoteShown.of(await parts.notes.add(owner, note.text, now, tags=note.tags, pinned=note.pinned))


@router.patch("/{note_id}", summary="Change a note", responses=NOT_FOUND)
async def change(parts: Parts, owner: Owner, note_id: str, patch: NotePatch) -> NoteShown:
    """What isn't given stays."""
    now = datetime.now(UTC)
    changed = await parts.notes.update(owner, note_id, patch.text, now, tags=patch.tags, pinned=patch.pinned)
    return NoteShown.of(changed)


@router.delete("/{note_id}", summary="Remove a note", status_code=204, responses=NOT_FOUND)
async def remove(parts: Parts, owner: Owner, note_id: str) -> None:
    """It can be restored for ten minutes while the server runs; then it's erased."""
    await parts.notes.bin(owner, note_id, datetime.now(UTC))


@router.post("/{note_id}/restore", summary="Take back a removal", responses=NOT_FOUND)
async def restore(parts: Parts, owner: Owner, note_id: str) -> NoteShown:
    """404 when it's too late."""
    return NoteShown.of(await parts.notes.restore(owner, note_id, datetime.now(UTC)))


@router.post("/{note_id}/revert", summary="Take back a change", responses=NOT_FOUND)
async def revert(parts: Parts, owner: Owner, note_id: str) -> NoteShown:
    """The note says again what it said before its text or tags were changed last; 404 when it's too late."""
    return NoteShown.of(await parts.notes.revert(owner, note_id, datetime.now(UTC)))


def attachment(text: str, name: str, format: Literal["markdown", "json"]) -> Response:
    """A file to be saved."""
    kind, suffix = ("text/markdown; charset=utf-8", "md") if format == "markdown" else ("application/json", "json")
    return Response(text, headers={"Content-Disposition": f'attachment; filename="{name}.{suffix}"'}, media_type=kind)
