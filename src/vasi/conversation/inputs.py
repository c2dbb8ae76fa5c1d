"""What can happen to a conversation: the closed union of what ``Conversation.step`` takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from vasi.media.timeline import TimedWord
from vasi.protocol.client_events import ClientEvent


@dataclass(frozen=True, slots=True)
class ClientSent:
    """The client sent an event."""

    event: ClientEvent


@dataclass(frozen=True, slots=True)
class SpeechProbability:
    """The VAD judged the window of input audio that ends at ``end_ms`` (of all audio ever appended).

    ``level`` is how loud its second half is (root mean square), by which a sound's end is told from a VAD's delay.
    """

    end_ms: int
    value: float
    level: float


@dataclass(frozen=True, slots=True)
class TurnJudged:
    """How complete (0 to 1) the turn ``item_id`` seemed in the pause that began at ``pause_ms``."""

    item_id: str
    pause_ms: int
    completeness: float


@dataclass(frozen=True, slots=True)
class Recognised:
    """The recogniser is done with an utterance: its whole transcript, "" if nothing was understood.

    ``language`` (ISO 639-1) is the one that it heard; None: it can't tell.
    """

    item_id: str
    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class PartlyRecognised:
    """What the recogniser believes so far; a later one may differ in any word."""

    item_id: str
    text: str


@dataclass(frozen=True, slots=True)
class NotRecognised:
    """The recogniser failed; ``message`` says why."""

    item_id: str
    message: str


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The model wrote a piece of its answer."""

    response_id: str
    text: str


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """The model wrote a piece of a function call; the first piece of ``index`` names the function."""

    response_id: str
    index: int
    arguments: str
    call_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Generated:
    """The model is done."""

    response_id: str
    finish: Literal["stop", "length", "tool_calls", "content_filter"]
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0


@dataclass(frozen=True, slots=True)
class AudioChunk:
    """A chunk of the audio of clause number ``clause``, in the response's audio format."""

    response_id: str
    clause: int
    audio: bytes
    words: tuple[TimedWord, ...] = ()


@dataclass(frozen=True, slots=True)
class ClauseFinished:
    """That clause has no more audio."""

    response_id: str
    clause: int


@dataclass(frozen=True, slots=True)
class EngineFailed:
    """An engine failed while it worked on a response."""

    response_id: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class TimerFired:
    """The time that a ``WakeAt`` asked for has come."""


Input: TypeAlias = (
    ClientSent
    | SpeechProbability
    | TurnJudged
    | Recognised
    | PartlyRecognised
    | NotRecognised
    | TextDelta
    | ToolCallDelta
    | Generated
    | AudioChunk
    | ClauseFinished
    | EngineFailed
    | TimerFired
)
