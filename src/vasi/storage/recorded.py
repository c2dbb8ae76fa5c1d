"""Recorded conversations: what was said, as the wire showed it, without its sound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import msgspec

from vasi.protocol.items import InputAudio, InputImage, InputText, Item, Message, OutputAudio, OutputText
from vasi.storage.collections import CollectionName
from vasi.storage.terms import Kind

EXCERPT = 200
"""Most characters of an excerpt."""
TITLE = 80
"""Characters of a title that is made of the first question."""
PREVIEW = 160
"""Most characters of a preview."""


class Cited(msgspec.Struct, frozen=True):
    """A passage that was cited, so that it's found again when its document was read anew.

    Attributes:
        id: of the passage, as it was then.
        document: the document's name then; "Notes" for a note.
        page: 1-based; None where the document has no pages.
        kind: what was cited.
        source_id: id of the document or note; "" if that isn't known.
        start: offset in characters of the passage in the document.
        end: offset of its end.
        excerpt: how a document's passage begins; "" of notes, and once the document is removed.
        collection: in which the document was shared then; None for the user's own.
    """

    id: str
    document: str
    page: int | None = None
    kind: Kind = "document"
    source_id: str = ""
    start: int = 0
    end: int = 0
    excerpt: str = ""
    collection: CollectionName | None = None


class CitedSpan(msgspec.Struct, frozen=True):
    """Characters ``start:end`` of a part's text rest on these passages; or ``nearest``: the answer rests on nothing,
    and they come nearest to what was asked.
    """

    content_index: int
    start: int
    end: int
    passages: tuple[Cited, ...]
    nearest: bool = False


@dataclass(frozen=True, slots=True)
class RecordedItem:
    """An item of a conversation; of spoken answers the text is what was heard.

    Attributes:
        item: without audio.
        created_at: aware UTC.
        citations: in the order of the text.
    """

    item: Item
    created_at: datetime
    citations: tuple[CitedSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """A recorded conversation.

    Attributes:
        id: begins with "conv_".
        title: the first question, or what the user called it; "" if nothing was said yet.
        created_at: when it began.
        updated_at: when it last changed.
        turns: how often the user spoke.
        preview: how it ends, or the first item that a search found, in some words.
    """

    id: str
    title: str
    created_at: datetime
    updated_at: datetime
    turns: int = 0
    preview: str = ""


class ConversationStore(Protocol):
    """Conversations with their items, in order."""

    async def begin_conversation(self, owner: str, conversation_id: str, *, at: datetime) -> Conversation:
        """Keep a new one, still without items."""
        ...

    async def put_conversation(self, owner: str, conversation: Conversation, items: Sequence[RecordedItem]) -> bool:
        """Keep one as it was elsewhere, with its id and times. False, and nothing is kept, if a conversation has it."""
        ...

    async def conversation(self, owner: str, conversation_id: str) -> Conversation:
        """Raises ``NotFoundError``."""
        ...

    async def conversations(
        self, owner: str, *, query: str = "", before: str | None = None, limit: int = 50
    ) -> list[Conversation]:
        """Latest changed first.

        Args:
            owner: whose.
            query: only those in whose title or items all words of it stand.
            before: only those that come after the conversation of this id; none if there is no such.
            limit: most to return.
        """
        ...

    async def rename_conversation(self, owner: str, conversation_id: str, title: str, *, at: datetime) -> Conversation:
        """Raises ``NotFoundError``."""
        ...

    async def remove_conversation(self, owner: str, conversation_id: str) -> None:
        """Erase with all its items; notes taken in it stay. Raises ``NotFoundError``."""
        ...

    async def put_item(
        self, owner: str, conversation_id: str, item: RecordedItem, *, after: str | None = None, at: datetime
    ) -> None:
        """Keep an item behind the item ``after`` (None: at the front; unknown: at the end).

        An item of the same id is replaced; it keeps its place and ``created_at``. A conversation without a title is
        called by the first thing the user says.

        Raises:
            NotFoundError: the conversation is gone.
        """
        ...

    async def remove_item(self, owner: str, conversation_id: str, item_id: str) -> None:
        """Erase an item; harmless if there is none."""
        ...

    async def cited(self, owner: str, passage_id: str) -> Cited | None:
        """How the owner's conversations cite the passage that had this id; None if none of them does."""
        ...

    async def conversation_items(
        self, owner: str, conversation_id: str, *, limit: int | None = None
    ) -> Sequence[RecordedItem]:
        """All in order, or the last ``limit``. Raises ``NotFoundError``."""
        ...


def spoken_text(item: Item) -> str:
    """The words of a message, whoever said or wrote them; "" for everything else."""
    if not isinstance(item, Message):
        return ""
    words: list[str] = []
    for part in item.content:
        match part:
            case InputText(text=text) | OutputText(text=text):
                words.append(text)
            case InputAudio(transcript=text) | OutputAudio(transcript=text):
                words.append(text or "")
            case InputImage():
                pass
    return "\n".join(text for text in words if text)


def title_of(question: str) -> str:
    """How a conversation is called that begins with ``question``."""
    words = " ".join(question.split())
    if len(words) <= TITLE:
        return words
    return words[:TITLE].rsplit(" ", 1)[0].rstrip(",;: ") + " …"


def preview_of(text: str) -> str:
    """How ``text`` begins, on one line."""
    words = " ".join(text.split())
    return words if len(words) <= PREVIEW else words[:PREVIEW].rstrip() + " …"
