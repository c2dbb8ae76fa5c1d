"""The ``vasi.*`` extension: server events for sessions whose ``include`` names "vasi.activity"."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from vasi.protocol.event import ServerEventBase


class CollectionShown(msgspec.Struct, frozen=True):
    """In which collection a document is shared."""

    id: str
    name: str


class PassageShown(msgspec.Struct, frozen=True, kw_only=True):
    """A passage that a search found.

    Attributes:
        id: of the passage; another one when its document is read again.
        document: the document's name; "Notes" for a note.
        page: 1-based; None where the document has no pages.
        heading: the headings above it.
        text: what it says.
        score: 0 to 1.
        kind: what it is a passage of.
        source_id: id of that document or note.
        start: offset in characters of ``text`` in the whole of it.
        end: offset of its end.
        collection: in which its document is shared; None for the user's own.
    """

    id: str
    document: str
    page: int | None
    heading: str
    text: str
    score: float
    kind: Literal["document", "note"] = "document"
    source_id: str = ""
    start: int = 0
    end: int = 0
    collection: CollectionShown | None = None


class ToolCallStarted(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="vasi.tool_call.started"):
    """A tool that the server holds began."""

    response_id: str
    call_id: str
    name: str
    arguments: str


ToolCallStatus: TypeAlias = Literal["completed", "failed", "timed_out", "cancelled"]


class ToolCallDone(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="vasi.tool_call.done"):
    """It ended; ``output`` is what the model was told."""

    response_id: str
    call_id: str
    name: str
    status: ToolCallStatus
    output: str
    duration_ms: int


class PassagesFound(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="vasi.passages"):
    """What a search put before the model; ``found`` is false when the evidence is weak."""

    response_id: str
    call_id: str
    found: bool
    passages: list[PassageShown]


class Citation(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="vasi.citation"):
    """Characters ``start:end`` of the part's text rest on these passages (ids of ``vasi.passages``)."""

    response_id: str
    item_id: str
    content_index: int
    start: int
    end: int
    text: str
    passages: list[str]


class OutputAudioHold(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="vasi.output_audio.hold"):
    """Somebody may be cutting in: pause the playout. ``audio_end_ms`` is where the server believes it to be.

    It's followed by ``vasi.output_audio.resume``, or by ``input_audio_buffer.speech_started``: then it's over.
    """

    item_id: str
    content_index: int
    audio_end_ms: int


class OutputAudioResume(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="vasi.output_audio.resume"):
    """Nobody did: go on where it was paused."""


class WordShown(msgspec.Struct, frozen=True, kw_only=True):
    """Characters ``start:end`` of a part's transcript, spoken ``audio_start_ms`` after its audio begins."""

    start: int
    end: int
    audio_start_ms: int


class OutputAudioWords(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="vasi.output_audio.words"):
    """When words of the audio that follows are spoken."""

    item_id: str
    content_index: int
    words: list[WordShown]


class NoteShown(msgspec.Struct, frozen=True, kw_only=True):
    """A note; times are in ISO 8601, and the conversation and item are those in which it was taken."""

    id: str
    text: str
    tags: list[str]
    pinned: bool
    created_at: str
    updated_at: str
    conversation_id: str | UnsetType = UNSET
    item_id: str | UnsetType = UNSET


class NotesChanged(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="vasi.notes.changed"):
    """A note was taken, changed or removed."""

    response_id: str
    action: Literal["added", "updated", "removed"]
    note: NoteShown


class ConversationRecorded(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="vasi.conversation"):
    """The session is recorded as this conversation; ``/v1/realtime?conversation=`` continues it."""

    conversation_id: str


class SessionResumable(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="vasi.session"):
    """``/v1/realtime?resume=`` with this token finds the session again, up to ``grace_s`` after a connection dropped.

    ``resumed`` tells that this connection went on with it, and ``complete`` that all events missed (but for sound)
    follow.
    """

    resume_token: str
    grace_s: float
    resumed: bool
    complete: bool
