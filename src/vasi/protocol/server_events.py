"""Server events: those of the Realtime API; ``ServerEvent`` has the ``vasi.*`` extension with them.

``event_id`` is left empty by whoever makes an event; the gateway numbers events as they leave. Which fields each event
carries is the union of the generated SDK types and the traced wire: fields the wire always shows have no default.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from vasi.protocol import extension, mcp_events, output_buffer
from vasi.protocol.event import ResponseEvent, ServerEventBase
from vasi.protocol.mcp import AnyItem
from vasi.protocol.session import AnySession, AudioFormat, MaxTokens, Modality


# --- errors ---------------------------------------------------------------------------------------------------------
class ErrorBody(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong; ``event_id`` names the client event that caused it."""

    type: str
    message: str
    code: str | None = None
    param: str | None = None
    event_id: str | None = None


class Error(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="error"):
    """Something failed; the connection stays open."""

    error: ErrorBody


# --- session --------------------------------------------------------------------------------------------------------
class SessionCreated(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="session.created"):
    session: AnySession


class SessionUpdated(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="session.updated"):
    session: AnySession


# --- conversation ---------------------------------------------------------------------------------------------------
class ItemAdded(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="conversation.item.added"):
    item: AnyItem
    previous_item_id: str | None


class ItemDone(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="conversation.item.done"):
    item: AnyItem
    previous_item_id: str | None


class ItemRetrieved(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="conversation.item.retrieved"):
    item: AnyItem


class ItemTruncated(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="conversation.item.truncated"):
    item_id: str
    content_index: int
    audio_end_ms: int


class ItemDeleted(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="conversation.item.deleted"):
    item_id: str


class InputTokenDetails(msgspec.Struct, frozen=True, kw_only=True):
    text_tokens: int = 0
    audio_tokens: int = 0


class TranscriptionUsage(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="tokens"):
    """Tokens of one transcription: ten a second of audio."""

    total_tokens: int
    input_tokens: int
    output_tokens: int
    input_token_details: InputTokenDetails


class TranscriptionDuration(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="duration"):
    """Seconds of audio of one transcription, where the service charges by them."""

    seconds: float


class LogProb(msgspec.Struct, frozen=True, kw_only=True):
    """How sure the model is of a token of a transcript."""

    token: str
    logprob: float
    bytes: list[int] = msgspec.field(default_factory=list[int])


class DetectedLanguage(msgspec.Struct, frozen=True, kw_only=True):
    """A language that was spoken."""

    code: str


class TranscriptionDelta(
    ServerEventBase,
    frozen=True,
    kw_only=True,
    tag_field="type",
    tag="conversation.item.input_audio_transcription.delta",
):
    item_id: str
    content_index: int
    delta: str
    logprobs: list[LogProb] | UnsetType = UNSET


class TranscriptionCompleted(
    ServerEventBase,
    frozen=True,
    kw_only=True,
    tag_field="type",
    tag="conversation.item.input_audio_transcription.completed",
):
    item_id: str
    content_index: int
    transcript: str
    usage: TranscriptionUsage | TranscriptionDuration
    logprobs: list[LogProb] | UnsetType = UNSET
    languages: list[DetectedLanguage] | UnsetType = UNSET


class TranscriptionError(msgspec.Struct, frozen=True, kw_only=True):
    type: str
    code: str
    message: str


class TranscriptionFailed(
    ServerEventBase,
    frozen=True,
    kw_only=True,
    tag_field="type",
    tag="conversation.item.input_audio_transcription.failed",
):
    item_id: str
    content_index: int
    error: TranscriptionError


# --- input buffer ---------------------------------------------------------------------------------------------------
class AudioCommitted(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="input_audio_buffer.committed"):
    item_id: str
    previous_item_id: str | None


class AudioCleared(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="input_audio_buffer.cleared"):
    pass


class SpeechStarted(
    ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="input_audio_buffer.speech_started"
):
    item_id: str
    audio_start_ms: int


class SpeechStopped(
    ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="input_audio_buffer.speech_stopped"
):
    item_id: str
    audio_end_ms: int


class TimeoutTriggered(
    ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="input_audio_buffer.timeout_triggered"
):
    """Nobody spoke for ``idle_timeout_ms`` after the last answer; the silence is committed and answered."""

    item_id: str
    audio_start_ms: int
    audio_end_ms: int


# --- responses ------------------------------------------------------------------------------------------------------
class StatusError(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    type: str
    code: str
    message: str | UnsetType = UNSET


class StatusDetails(msgspec.Struct, frozen=True, kw_only=True):
    type: Literal["completed", "cancelled", "failed", "incomplete"]
    reason: Literal["turn_detected", "client_cancelled", "max_output_tokens", "content_filter"] | UnsetType = UNSET
    error: StatusError | UnsetType = UNSET


class CachedTokenDetails(msgspec.Struct, frozen=True, kw_only=True):
    text_tokens: int = 0
    audio_tokens: int = 0
    image_tokens: int = 0


class UsageInput(msgspec.Struct, frozen=True, kw_only=True):
    text_tokens: int = 0
    audio_tokens: int = 0
    image_tokens: int = 0
    cached_tokens: int = 0
    cached_tokens_details: CachedTokenDetails = CachedTokenDetails()


class UsageOutput(msgspec.Struct, frozen=True, kw_only=True):
    text_tokens: int = 0
    audio_tokens: int = 0


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens of one response: audio counts ten a second heard, twenty a second spoken."""

    total_tokens: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    input_token_details: UsageInput = UsageInput()
    output_token_details: UsageOutput = UsageOutput()


class AudioOutputShown(msgspec.Struct, frozen=True, kw_only=True):
    format: AudioFormat
    voice: str


class AudioShown(msgspec.Struct, frozen=True, kw_only=True):
    output: AudioOutputShown


ResponseStatus: TypeAlias = Literal["in_progress", "completed", "cancelled", "failed", "incomplete"]


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """A response as created and done show it."""

    id: str
    status: ResponseStatus
    output: list[AnyItem]
    conversation_id: str | None
    output_modalities: list[Modality]
    max_output_tokens: MaxTokens
    audio: AudioShown
    object: Literal["realtime.response"] = "realtime.response"
    status_details: StatusDetails | None = None
    usage: Usage | None = None
    metadata: dict[str, str] | None = None


class ResponseCreated(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="response.created"):
    response: Response


class ResponseDone(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="response.done"):
    response: Response


class OutputItemAdded(ResponseEvent, frozen=True, kw_only=True, tag_field="type", tag="response.output_item.added"):
    item: AnyItem


class OutputItemDone(ResponseEvent, frozen=True, kw_only=True, tag_field="type", tag="response.output_item.done"):
    item: AnyItem


class ContentEvent(ResponseEvent, frozen=True, kw_only=True):
    """Base of the events about one content part of an item of a response."""

    item_id: str
    content_index: int


class TextPart(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="text"):
    text: str


class AudioPart(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="audio"):
    transcript: str


class PartAdded(ContentEvent, frozen=True, kw_only=True, tag_field="type", tag="response.content_part.added"):
    part: TextPart | AudioPart


class PartDone(ContentEvent, frozen=True, kw_only=True, tag_field="type", tag="response.content_part.done"):
    part: TextPart | AudioPart


class OutputTextDelta(ContentEvent, frozen=True, kw_only=True, tag_field="type", tag="response.output_text.delta"):
    delta: str


class OutputTextDone(ContentEvent, frozen=True, kw_only=True, tag_field="type", tag="response.output_text.done"):
    text: str


class OutputAudioDelta(ContentEvent, frozen=True, kw_only=True, tag_field="type", tag="response.output_audio.delta"):
    delta: bytes


class OutputAudioDone(ContentEvent, frozen=True, kw_only=True, tag_field="type", tag="response.output_audio.done"):
    pass


class OutputTranscriptDelta(
    ContentEvent, frozen=True, kw_only=True, tag_field="type", tag="response.output_audio_transcript.delta"
):
    delta: str


class OutputTranscriptDone(
    ContentEvent, frozen=True, kw_only=True, tag_field="type", tag="response.output_audio_transcript.done"
):
    transcript: str


class CallArgumentsDelta(
    ResponseEvent, frozen=True, kw_only=True, tag_field="type", tag="response.function_call_arguments.delta"
):
    item_id: str
    call_id: str
    delta: str


class CallArgumentsDone(
    ResponseEvent, frozen=True, kw_only=True, tag_field="type", tag="response.function_call_arguments.done"
):
    item_id: str
    call_id: str
    name: str
    arguments: str


class RateLimit(msgspec.Struct, frozen=True, kw_only=True):
    name: Literal["requests", "tokens"]
    limit: int
    remaining: int
    reset_seconds: float


class RateLimitsUpdated(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="rate_limits.updated"):
    rate_limits: list[RateLimit]


ServerEvent: TypeAlias = (
    Error
    | SessionCreated
    | SessionUpdated
    | ItemAdded
    | ItemDone
    | ItemRetrieved
    | ItemTruncated
    | ItemDeleted
    | TranscriptionDelta
    | TranscriptionCompleted
    | TranscriptionFailed
    | AudioCommitted
    | AudioCleared
    | SpeechStarted
    | SpeechStopped
    | TimeoutTriggered
    | output_buffer.OutputBufferStarted
    | output_buffer.OutputBufferStopped
    | output_buffer.OutputBufferCleared
    | ResponseCreated
    | ResponseDone
    | OutputItemAdded
    | OutputItemDone
    | PartAdded
    | PartDone
    | OutputTextDelta
    | OutputTextDone
    | OutputAudioDelta
    | OutputAudioDone
    | OutputTranscriptDelta
    | OutputTranscriptDone
    | CallArgumentsDelta
    | CallArgumentsDone
    | mcp_events.McpListInProgress
    | mcp_events.McpListCompleted
    | mcp_events.McpListFailed
    | mcp_events.McpArgumentsDelta
    | mcp_events.McpArgumentsDone
    | mcp_events.McpCallInProgress
    | mcp_events.McpCallCompleted
    | mcp_events.McpCallFailed
    | RateLimitsUpdated
    | extension.ToolCallStarted
    | extension.ToolCallDone
    | extension.PassagesFound
    | extension.Citation
    | extension.NotesChanged
    | extension.ConversationRecorded
    | extension.OutputAudioHold
    | extension.OutputAudioResume
    | extension.OutputAudioWords
    | extension.SessionResumable
)


def error_event(error: Exception, event_id: str | None = None) -> Error:
    """The ``error`` event that reports ``error``; anything but a ``VasiError`` is reported without its details."""
    from vasi.errors import VasiError

    if isinstance(error, VasiError):
        body = ErrorBody(
            type=error.event_type,
            code=error.code,
            message=error.message,
            param=error.param,
            event_id=event_id,
        )
    else:
        body = ErrorBody(
            type="server_error",
            message="The server had an error while processing this event; see its log.",
            event_id=event_id,
        )
    return Error(error=body)
