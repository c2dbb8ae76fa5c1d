"""The archive of everything that a user has: one ZIP file, which another server takes as well.

::

    manifest.json                     what is in it, with digests; the last entry
    documents/NAME                    originals; of those that are gone what was read, as text
    notes/DATE-ID.md                  text below front matter
    conversations/DATE-ID.json, .md   for programs, and to read
    preferences.json
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from vasi.errors import DocumentError
from vasi.storage.ports import Note, NoteOrigin
from vasi.storage.recorded import Conversation, RecordedItem

FORMAT: Final = "vasi-export"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"
PREFERENCES: Final = "preferences.json"

Id = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]
Moment = Annotated[datetime, Meta(tz=True)]
Path = Annotated[str, Meta(min_length=1, max_length=600)]


def _require_years(*moments: datetime) -> None:
    """Raises ``ValueError``, which msgspec makes a ``ValidationError`` of, for what is no moment in every time zone."""
    for moment in moments:
        if not 1 < moment.year < 9999:
            raise ValueError("A moment's year has to be between 2 and 9998")


class StoredFile(msgspec.Struct, frozen=True):
    """An entry of the archive: its size in bytes and hex SHA-256."""

    bytes: int
    sha256: str


class StoredDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document; ``path`` is its entry, ``text`` whether that is what was read instead of the original."""

    id: Id
    path: Path
    name: Annotated[str, Meta(min_length=1, max_length=400)]
    source: Annotated[str, Meta(max_length=4096)]
    media_type: Annotated[str, Meta(max_length=200)]
    added_at: Moment
    text: bool = False

    def __post_init__(self) -> None:
        _require_years(self.added_at)


class StoredText(msgspec.Struct, frozen=True, kw_only=True):
    """A note or a conversation; ``path`` is its entry."""

    id: Id
    path: Path


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What is in an archive."""

    format: str
    version: int
    vasi: str
    exported_at: Moment
    documents: list[StoredDocument]
    notes: list[StoredText]
    conversations: list[StoredText]
    files: dict[str, StoredFile]


class StoredConversation(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation for programs."""

    id: Id
    title: Annotated[str, Meta(max_length=400)]
    created_at: Moment
    updated_at: Moment
    items: list[RecordedItem]

    def __post_init__(self) -> None:
        _require_years(self.created_at, self.updated_at, *(item.created_at for item in self.items))

    @classmethod
    def of(cls, conversation: Conversation, items: list[RecordedItem]) -> StoredConversation:
        """As it's written."""
        return cls(
            id=conversation.id,
            title=conversation.title,
            created_at=conversation.created_at,
            updated_at=conversation.updated_at,
            items=items,
        )


def written_note(note: Note) -> str:
    """A note as Markdown with front matter, whose values are JSON and so YAML as well."""
    fields: dict[str, Any] = {
        "id": note.id,
        "created_at": note.created_at,
        "updated_at": note.updated_at,
        "tags": note.tags,
        "pinned": note.pinned,
    }
    if note.origin is not None:
        fields["conversation_id"] = note.origin.conversation_id
        fields["item_id"] = note.origin.item_id
    lines = [f"{name}: {msgspec.json.encode(value).decode()}" for name, value in fields.items()]
    return "\n".join(["---", *lines, "---", "", note.text])


class _FrontMatter(msgspec.Struct, frozen=True):
    id: Id
    created_at: Moment
    updated_at: Moment
    tags: tuple[str, ...] = ()
    pinned: bool = False
    conversation_id: Id | None = None
    item_id: Annotated[str, Meta(max_length=64)] | None = None

    def __post_init__(self) -> None:
        _require_years(self.created_at, self.updated_at)


def read_note(text: str) -> Note:
    """The note that was written so. Raises ``DocumentError``."""
    head, mark, said = text.replace("\r\n", "\n").removeprefix("---\n").partition("\n---\n\n")
    fields: dict[str, Any] = {}
    try:
        for line in head.split("\n") if mark else ():
            name, _, value = line.partition(": ")
            fields[name] = msgspec.json.decode(value)
        front = msgspec.convert(fields, _FrontMatter)
    except (msgspec.MsgspecError, ValueError):
        raise DocumentError("A note of the archive has no front matter as an export writes it.") from None
    origin = None if front.conversation_id is None else NoteOrigin(front.conversation_id, front.item_id)
    return Note(front.id, said, front.created_at, front.updated_at, front.tags, front.pinned, origin)
