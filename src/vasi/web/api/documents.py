"""Documents: list, send, replace, remove, and see what was read of them."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import FileResponse, StreamingResponse

from vasi.knowledge.fulltext import sections
from vasi.knowledge.originals import OriginalFile, original_of
from vasi.knowledge.pages import require_page
from vasi.knowledge.pages.addresses import MAX_ADDRESS
from vasi.knowledge.uploads import Upload, UploadStage
from vasi.storage.blobs import BlobStore
from vasi.storage.owners import reader_of
from vasi.storage.ports import Document, Passage
from vasi.web.api.multipart import read_form
from vasi.web.api.ranges import Unsatisfiable, byte_range
from vasi.web.api.services import NOT_FOUND, Caller, Library, Parts, Readable, Services

router = APIRouter(tags=["documents"])


class InCollectionShown(BaseModel):
    """The shared collection that something is in."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str


class DocumentShown(BaseModel):
    """A document; ``collection`` is null for one's own.

    ``source`` is ``upload:…`` for one that was uploaded, the address of a web page, else the name of its file: no path
    here.
    """

    id: str
    name: str
    title: str
    media_type: str
    source: str
    uploaded: bool
    bytes: int
    pages: int | None
    passages: int
    warnings: list[str]
    added_at: datetime
    updated_at: datetime
    collection: InCollectionShown | None

    @classmethod
    def of(cls, document: Document) -> DocumentShown:
        """``document`` as the API shows it."""
        return cls(
            id=document.id,
            name=document.name,
            title=document.title,
            media_type=document.media_type,
            source=document.name if document.original is None else document.source,
            uploaded=document.original is not None,
            bytes=document.size,
            pages=document.pages,
            passages=document.passages,
            warnings=list(document.warnings),
            added_at=document.added_at,
            updated_at=document.updated_at,
            collection=document.collection and InCollectionShown.model_validate(document.collection),
        )


class Meanings(BaseModel):
    """How many passages (of documents and notes) can be found by their meaning yet, of how many.

    The others are found by their words; ``problem`` says what keeps them from being learned, else it's "".
    """

    done: int
    total: int
    problem: str


class DocumentList(BaseModel):
    """``meanings`` is null on a server that searches by words alone."""

    documents: list[DocumentShown]
    meanings: Meanings | None


class JobShown(BaseModel):
    """What becomes of a file: received, reading, indexing, and then done or failed.

    ``note`` is a sentence about what is done: that the same file is there already, or by what other name it is kept.
    """

    id: str
    name: str
    stage: UploadStage
    error: str | None
    note: str | None
    document_id: str | None

    @classmethod
    def of(cls, upload: Upload) -> JobShown:
        """``upload`` as the API shows it."""
        return cls(
            id=upload.id,
            name=upload.name,
            stage=upload.stage,
            error=upload.error,
            note=upload.note,
            document_id=upload.document_id,
        )


class JobList(BaseModel):
    jobs: list[JobShown]


class SpanShown(BaseModel):
    """A passage: characters ``start:end`` of its section's text."""

    id: str
    start: int
    end: int


class SectionShown(BaseModel):
    """What stands on one page under one heading."""

    page: int | None
    heading: str | None
    text: str
    passages: list[SpanShown]


class DocumentText(BaseModel):
    document: DocumentShown
    pages: list[SectionShown]


@router.get("/documents", summary="All documents, by name")
async def documents(parts: Parts, owners: Readable) -> DocumentList:
    """One's own, those added by path on the command line too, and the shared ones; of ``collection`` alone if given."""
    learned = await parts.knowledge.learned(owners)
    return DocumentList(
        documents=[DocumentShown.of(one) for one in await parts.knowledge.documents(owners)],
        meanings=learned and Meanings(done=learned.done, total=learned.total, problem=learned.problem),
    )


_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
                        "replace": {"type": "string", "description": "Id of the document that the file replaces."},
                    },
                }
            }
        },
    }
}


@router.post("/documents", summary="Send files to be read", status_code=202, openapi_extra=_FORM)
async def send(parts: Parts, owner: Library, request: Request) -> JobList:
    """Many ``files`` at once, or one with ``replace``. How they get on comes by the events, and by ``/api/jobs``.

    Administrators put them into a ``collection``.

    A file that is too large, or can't be read, fails by itself; the others go on. A request that is refused brings
    nothing: all of its files are taken, or none.
    """
    announced = request.headers.get("content-length", "")
    await parts.uploads.require_room(owner, int(announced) if announced.isdecimal() else 0)
    form = await read_form(request, parts.uploads)
    uploads = await parts.uploads.take(owner, form.files, replaces=form.replace)
    return JobList(jobs=[JobShown.of(one) for one in uploads])


class PageAsked(BaseModel):
    address: str = Field(max_length=MAX_ADDRESS, description="Of the page, with https:// or http://.")


@router.post("/documents/pages", summary="Read a web page", status_code=202)
async def send_page(parts: Parts, owner: Library, asked: PageAsked) -> JobShown:
    """Its main part, with its title and date; one that was read before is read again. Answered when it has come.

    422 says why it couldn't be fetched: there is none, its host lets no programs have it, or it's on a private network.
    """
    return await _take_page(parts, owner, asked.address)


@router.post("/documents/{document_id}/refresh", summary="Read a web page again", status_code=202, responses=NOT_FOUND)
async def refresh(parts: Parts, owner: Library, document_id: str) -> JobShown:
    """Only pages can be fetched again; 422 for other documents."""
    return await _take_page(parts, owner, require_page(await parts.store.document(owner, document_id)))


async def _take_page(parts: Services, owner: str, address: str) -> JobShown:
    await parts.uploads.require_room(owner, 0)
    file, known = await parts.pages.fetch(owner, address)
    [upload] = await parts.uploads.take(owner, [file], replaces=None if known is None else known.id)
    return JobShown.of(upload)


@router.get("/jobs", summary="Files that are being read or lately were")
async def jobs(parts: Parts, owner: Library) -> JobList:
    """Oldest first; a restart forgets them."""
    return JobList(jobs=[JobShown.of(one) for one in parts.uploads.uploads(owner)])


@router.delete("/documents/{document_id}", summary="Remove a document", status_code=204, responses=NOT_FOUND)
async def remove(parts: Parts, owner: Library, document_id: str) -> None:
    """With its original, if it was uploaded; a file that was added by path stays where it is."""
    document = await parts.store.document(owner, document_id)
    await parts.knowledge.remove(owner, document.id)


@router.get(
    "/documents/{document_id}/content",
    summary="The original file",
    response_class=Response,
    responses={**NOT_FOUND, 304: {"description": "It's as the client has it."}},
)
async def content(parts: Parts, principal: Caller, owners: Readable, document_id: str, request: Request) -> Response:
    """As it was read: one that was changed since is answered with 422. Ranges are served."""
    document = await parts.store.document(owners, document_id)
    original = await original_of(parts.blobs, reader_of(owners), document)
    headers = {
        "ETag": f'"{document.digest}"',
        # Of whoever signs out, nothing stays in the browser.
        "Cache-Control": "no-store" if principal.session else "private, no-cache",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(document.name.rpartition('/')[2], safe='')}",
        # Whatever is in the file, a browser runs nothing of it.
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    if isinstance(original, Path):
        return FileResponse(original, headers=headers, media_type=document.media_type)
    return _stream(parts.blobs, original, headers, document.media_type, request.headers.get("range"))


def _stream(
    blobs: BlobStore, file: OriginalFile, headers: dict[str, str], media_type: str, asked: str | None
) -> Response:
    headers |= {"Accept-Ranges": "bytes"}
    try:
        part = byte_range(asked, file.size)
    except Unsatisfiable:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{file.size}"})
    start, end = part or (0, file.size)
    headers["Content-Length"] = str(end - start)
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
    content = blobs.read(file.owner, file.digest, start=start, end=end)
    return StreamingResponse(content, 200 if part is None else 206, headers, media_type)


@router.get("/documents/{document_id}/text", summary="What was read of a document", responses=NOT_FOUND)
async def text(parts: Parts, owners: Readable, document_id: str) -> DocumentText:
    """Its text by pages and headings, with the places of its passages."""
    document = await parts.store.document(owners, document_id)
    passages = await parts.store.document_passages(owners, document_id)
    # Serialised aside: a long document takes longer than the event loop can wait.
    whole: Any = Response(await asyncio.to_thread(_json, document, passages), media_type="application/json")
    return whole


def _json(document: Document, passages: list[Passage]) -> bytes:
    pages = [
        {
            "page": section.page,
            "heading": section.heading or None,
            "text": section.text,
            "passages": [{"id": one, "start": start, "end": end} for one, start, end in section.spans],
        }
        for section in sections(passages)
    ]
    return msgspec.json.encode({"document": DocumentShown.of(document).model_dump(), "pages": pages})
