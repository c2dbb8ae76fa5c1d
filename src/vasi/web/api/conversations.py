"""Recorded conversations: list, search, read, rename, remove, export."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from vasi.protocol.items import Message, is_preamble
from vasi.storage.recorded import Cited, CitedSpan, Conversation, RecordedItem, spoken_text
from vasi.storage.terms import Kind
from vasi.web.api.body import RequestBody
from vasi.web.api.documents import InCollectionShown
from vasi.web.api.notes import attachment
from vasi.web.api.services import NOT_FOUND, Owner, Parts

router = APIRouter(prefix="/conversations", tags=["conversations"])


class ConversationShown(BaseModel):
    """A conversation; ``preview`` is how it ends, or what a search found in it."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    title: str
    created_at: datetime
    updated_at: datetime
    turns: int
    preview: str


class ConversationList(BaseModel):
    conversations: list[ConversationShown]


class CitedShown(BaseModel):
    """A passage that was cited; ``/api/passages/{id}`` shows it while its document holds its text.

    ``source_id`` is the id of the document or note, ``start`` and ``end`` count characters in the whole document, and
    ``excerpt`` is how the passage begins; ``collection`` is where the document was shared.
    """

    id: str
    document: str
    page: int | None
    kind: Kind
    source_id: str
    start: int
    end: int
    excerpt: str
    collection: InCollectionShown | None


class CitationShown(BaseModel):
    """Characters ``start:end`` of a part's text rest on these passages."""

    content_index: int
    start: int
    end: int
    passages: list[CitedShown]


class ItemShown(BaseModel):
    """An item as the Realtime API shows it, without sound; of answers what was heard.

    ``nearest`` are the passages that come nearest to what was asked, where an answer rests on nothing.
    """

    model_config = ConfigDict(extra="allow")

    id: str
    type: Literal["message", "function_call", "function_call_output"]
    created_at: datetime
    citations: list[CitationShown]
    nearest: list[CitedShown]


class WholeConversation(ConversationShown):
    items: list[ItemShown]


class Title(RequestBody):
    model_config = ConfigDict(str_strip_whitespace=True)

    title: Annotated[str, Field(min_length=1, max_length=200)]


@router.get("", summary="Conversations, latest first")
async def conversations(
    parts: Parts,
    owner: Owner,
    q: Annotated[str, Query(max_length=1000)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: Annotated[str | None, Query(max_length=100)] = None,
) -> ConversationList:
    """``before`` is the id of the last one that was shown: those that come after it."""
    found = await parts.store.conversations(owner, query=q, before=before, limit=limit)
    return ConversationList(conversations=[ConversationShown.model_validate(one) for one in found])


@router.get("/{conversation_id}", summary="A conversation with its items", responses=NOT_FOUND)
async def conversation(parts: Parts, owner: Owner, conversation_id: str) -> WholeConversation:
    """All items in order. To go on with it, connect to ``/v1/realtime?conversation=ID``."""
    found = await parts.store.conversation(owner, conversation_id)
    items = await parts.store.conversation_items(owner, conversation_id)
    # Serialised aside: thousands of items take longer than the event loop can wait.
    whole: Any = Response(await asyncio.to_thread(_json, found, items), media_type="application/json")
    return whole


@router.patch("/{conversation_id}", summary="Rename a conversation", responses=NOT_FOUND)
async def rename(parts: Parts, owner: Owner, conversation_id: str, patch: Title) -> ConversationShown:
    """At most 200 characters."""
    now = datetime.now(UTC)
    renamed = await parts.store.rename_conversation(owner, conversation_id, patch.title, at=now)
    return ConversationShown.model_validate(renamed)


@router.delete("/{conversation_id}", summary="Erase a conversation", status_code=204, responses=NOT_FOUND)
async def remove(parts: Parts, owner: Owner, conversation_id: str) -> None:
    """With all its items; notes taken in it stay."""
    await parts.store.remove_conversation(owner, conversation_id)


@router.get(
    "/{conversation_id}/export",
    summary="A conversation as one file",
    response_class=Response,
    responses=NOT_FOUND,
)
async def export(
    parts: Parts, owner: Owner, conversation_id: str, format: Literal["markdown", "json"] = "markdown"
) -> Response:
    """With the documents that were cited."""
    found = await parts.store.conversation(owner, conversation_id)
    items = await parts.store.conversation_items(owner, conversation_id)
    written = await asyncio.to_thread(_json if format == "json" else as_markdown, found, items)
    return attachment(written, "conversation", format)


def _json(found: Conversation, items: Sequence[RecordedItem]) -> str:
    plain: dict[str, Any] = msgspec.to_builtins(found)
    plain["items"] = [
        {
            **msgspec.to_builtins(one.item),
            "created_at": one.created_at,
            "citations": [_shown(span) for span in one.citations if not span.nearest],
            "nearest": [passage for span in one.citations if span.nearest for passage in span.passages],
        }
        for one in items
    ]
    return msgspec.json.encode(plain).decode()


def _shown(span: CitedSpan) -> dict[str, object]:
    return {
        "content_index": span.content_index,
        "start": span.start,
        "end": span.end,
        "passages": span.passages,
    }


def _place(passage: Cited) -> str:
    document = f"{passage.document}, page {passage.page}" if passage.page else passage.document
    return document if passage.collection is None else f"{document}, in the collection {passage.collection.name}"


def as_markdown(found: Conversation, items: Sequence[RecordedItem]) -> str:
    """A conversation to be read, with the documents that were cited."""
    lines = [f"# {found.title or 'Conversation'}", "", f"{found.created_at:%Y-%m-%d %H:%M} UTC", ""]
    for one in items:
        text = spoken_text(one.item)
        if not isinstance(one.item, Message) or not text:
            continue
        who = {"user": "You", "assistant": "vasi", "system": "System"}[one.item.role]
        lines += [f"**{who}:** *{text}*" if is_preamble(one.item) else f"**{who}:** {text}", ""]
        cited = dict.fromkeys(
            _place(passage) for span in one.citations if not span.nearest for passage in span.passages
        )
        lines += [*(f"- {source}" for source in cited), ""] if cited else []
    return "\n".join(lines)
