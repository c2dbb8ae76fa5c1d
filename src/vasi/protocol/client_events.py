"""What a client may say: the eleven client events of the Realtime API, and one of the extension."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from msgspec import UNSET, Meta, UnsetType

from vasi.protocol.items import (
    Id,
    Item,
    ItemReference,
    Wire,
)
from vasi.protocol.mcp import McpApprovalResponse
from vasi.protocol.session import (
    AudioFormat,
    Instructions,
    MaxTokens,
    Metadata,
    Modalities,
    Prompt,
    Reasoning,
    ToolChoice,
    Tools,
    VoiceId,
    VoiceName,
)

EventId: TypeAlias = Annotated[str, Meta(max_length=512)]


class ClientEventBase(Wire, frozen=True, kw_only=True):
    """``event_id`` comes back only in an ``error`` event about this one."""

    event_id: EventId | UnsetType = UNSET


class SessionUpdate(ClientEventBase, frozen=True, kw_only=True, tag_field="type", tag="session.update"):
    """Change the session. ``session`` names only what changes; see ``vasi.protocol.session.updated``."""

    session: dict[str, Any]


class ItemCreate(ClientEventBase, frozen=True, kw_only=True, tag_field="type", tag="conversation.item.create"):
    """Insert an item at the end, at the front ("root") or after another."""

    item: Item | McpApprovalResponse
    previous_item_id: Id | UnsetType | None = UNSET


class ItemRetrieve(ClientEventBase, frozen=True, kw_only=True, tag_field="type", tag="conversation.item.retrieve"):
    """Ask for an item with its audio."""

    item_id: Id


class ItemTruncate(ClientEventBase, frozen=True, kw_only=True, tag_field="type", tag="conversation.item.truncate"):
    """Cut an assistant's spoken item to what was played."""

    item_id: Id
    content_index: Annotated[int, Meta(ge=0)]
    audio_end_ms: Annotated[int, Meta(ge=0)]


class ItemDelete(ClientEventBase, frozen=True, kw_only=True, tag_field="type", tag="conversation.item.delete"):
    """Remove an item."""

    item_id: Id


class AudioAppend(ClientEventBase, frozen=True, kw_only=True, tag_field="type", tag="input_audio_buffer.append"):
    """Add audio (in ``audio.input.format``) to the input buffer."""

    audio: Annotated[bytes, Meta(max_length=15 * 1024 * 1024)]


class AudioCommit(ClientEventBase, frozen=True, kw_only=True, tag_field="type", tag="input_audio_buffer.commit"):
    """Make the buffer a user item."""


class AudioClear(ClientEventBase, frozen=True, kw_only=True, tag_field="type", tag="input_audio_buffer.clear"):
    """Throw the buffer away."""


class OutputAudioClear(ClientEventBase, frozen=True, kw_only=True, tag_field="type", tag="output_audio_buffer.clear"):
    """Drop audio that the server hasn't played yet (WebRTC only)."""


class ResponseAudioOutput(Wire, frozen=True, kw_only=True):
    """Voice and format of one response."""

    format: AudioFormat | UnsetType = UNSET
    voice: VoiceName | VoiceId | UnsetType = UNSET


class ResponseAudio(Wire, frozen=True, kw_only=True):
    """Audio overrides of one response."""

    output: ResponseAudioOutput | UnsetType = UNSET


MAX_INPUT = 512
"""Items in the ``input`` of one response."""


class ResponseParams(Wire, frozen=True, kw_only=True):
    """Overrides of the session for one response."""

    instructions: Instructions | UnsetType = UNSET
    output_modalities: Modalities | UnsetType = UNSET
    audio: ResponseAudio | UnsetType = UNSET
    tools: Tools | UnsetType = UNSET
    tool_choice: ToolChoice | UnsetType = UNSET
    max_output_tokens: MaxTokens | UnsetType = UNSET
    metadata: Metadata | UnsetType | None = UNSET
    conversation: Literal["auto", "none"] | UnsetType = UNSET
    input: Annotated[list[Item | ItemReference], Meta(max_length=MAX_INPUT)] | UnsetType = UNSET
    prompt: Prompt | UnsetType | None = UNSET
    parallel_tool_calls: bool | UnsetType = UNSET
    reasoning: Reasoning | UnsetType | None = UNSET


class ResponseCreate(ClientEventBase, frozen=True, kw_only=True, tag_field="type", tag="response.create"):
    """Ask for a response."""

    response: ResponseParams | UnsetType = UNSET


class ResponseCancel(ClientEventBase, frozen=True, kw_only=True, tag_field="type", tag="response.cancel"):
    """Stop a response; without an id the active one of the default conversation."""

    response_id: Id | UnsetType = UNSET


class Playout(ClientEventBase, frozen=True, kw_only=True, tag_field="type", tag="vasi.playout"):
    """How much of the assistant's item has been played: of the extension, for those who asked for it."""

    item_id: Id
    played_ms: Annotated[int, Meta(ge=0)]


ClientEvent: TypeAlias = (
    SessionUpdate
    | ItemCreate
    | ItemRetrieve
    | ItemTruncate
    | ItemDelete
    | AudioAppend
    | AudioCommit
    | AudioClear
    | OutputAudioClear
    | ResponseCreate
    | ResponseCancel
    | Playout
)
