"""Everything of a user's as one file, out of the server and in again."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import StreamingResponse

from vasi.errors import ClientError, LimitError
from vasi.web.api.services import Owner, Parts

router = APIRouter(prefix="/account", tags=["account"])

CHUNK_BYTES = 1024 * 1024
"""So much is buffered before it's written."""


class ImportShown(BaseModel):
    """What an import brought, how many things were there already, and what couldn't be taken, in sentences."""

    documents: int
    notes: int
    conversations: int
    known: int
    problems: list[str] = Field(max_length=50)


class ImportProgress(BaseModel):
    """How far a running import is: things of the archive that were looked at."""

    running: bool
    done: int
    total: int


_ZIP = {"requestBody": {"required": True, "content": {"application/zip": {"schema": {"type": "string"}}}}}


@router.get("/export", summary="Everything as one ZIP file", response_class=StreamingResponse)
async def export(parts: Parts, owner: Owner) -> StreamingResponse:
    """Originals of documents, notes as Markdown, conversations as JSON and Markdown, preferences; and a manifest with
    digests. `POST /api/account/import` takes it again, here or on another server.
    """
    headers = {"Content-Disposition": f'attachment; filename="vasi-{datetime.now(UTC):%Y-%m-%d}.zip"'}
    return StreamingResponse(parts.transfer.archive(owner), headers=headers, media_type="application/zip")


@router.post("/import", summary="Take an exported ZIP file in", openapi_extra=_ZIP)
async def import_archive(parts: Parts, owner: Owner, request: Request) -> ImportShown:
    """The file is the body. Answered when all of it was taken; what is there already stays as it is, so that the same
    file may be sent again.
    """
    if parts.transfer.progress(owner) is not None:
        raise LimitError("An import of yours is running: wait for its end.", code="rate_limit_exceeded")
    file = await asyncio.to_thread(parts.transfer.begin)
    try:
        buffer = bytearray()
        async for piece in request.stream():
            buffer += piece
            if len(buffer) >= CHUNK_BYTES:
                await asyncio.to_thread(file.write, bytes(buffer))
                buffer.clear()
            if file.too_large:
                raise LimitError("The archive is too large: export and import it in parts.")
        await asyncio.to_thread(file.write, bytes(buffer))
        await asyncio.to_thread(file.finish)
        if not file.size:
            raise ClientError("Send the exported ZIP file as the body of the request.")
        imported = await parts.transfer.take(owner, file.path)
    finally:
        await asyncio.to_thread(file.drop)
    return ImportShown(
        documents=imported.documents,
        notes=imported.notes,
        conversations=imported.conversations,
        known=imported.known,
        problems=list(imported.problems),
    )


@router.get("/import", summary="How far the running import is")
async def progress(parts: Parts, owner: Owner) -> ImportProgress:
    """In this process of the server."""
    running = parts.transfer.progress(owner)
    done, total = running or (0, 0)
    return ImportProgress(running=running is not None, done=done, total=total)
