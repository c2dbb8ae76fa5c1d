"""What a conversation wants done: the closed union of what ``Conversation.step`` returns.

Effects are carried out in order. Work that an effect starts answers with inputs (``vasi.conversation.inputs``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from vasi.protocol.items import Item
from vasi.protocol.server_events import ServerEvent
from vasi.protocol.session import AudioFormat, FunctionChoice, FunctionTool, MaxTokens

Occasion: TypeAlias = Literal["turn", "silence", "noise"]


@dataclass(frozen=True, slots=True)
class Send:
    """Send an event to the client."""

    event: ServerEvent


@dataclass(frozen=True, slots=True)
class ProcessAudio:
    """Input audio came, in ``format``; it begins at ``start_ms`` of the session's audio time.

    ``vad`` tells whether to answer with ``SpeechProbability`` for its windows.
    """

    audio: bytes
    start_ms: int
    format: AudioFormat
    vad: bool


@dataclass(frozen=True, slots=True)
class ResetAudio:
    """The stream of input audio was cut: reset the VAD and what is left over between windows."""


@dataclass(frozen=True, slots=True)
class OpenUtterance:
    """Begin to recognise from ``start_ms`` of the input audio (a little in the past) under this item's id."""

    item_id: str
    start_ms: int
    language: str | None = None
    """That is spoken (ISO 639-1); None: it's to be heard."""


@dataclass(frozen=True, slots=True)
class PauseUtterance:
    """The user seems to have stopped: what was said may be recognised already, in case this is the end."""

    item_id: str


@dataclass(frozen=True, slots=True)
class ResumeUtterance:
    """The user speaks on after a ``PauseUtterance``."""

    item_id: str


@dataclass(frozen=True, slots=True)
class Recognise:
    """Recognise the whole ``audio`` of an item that the client made: answer as to ``FinishUtterance``."""

    item_id: str
    audio: bytes
    format: AudioFormat
    language: str | None = None


@dataclass(frozen=True, slots=True)
class DetectEndOfTurn:
    """The user paused: answer with ``TurnJudged``, whether the turn seems to be over.

    The audio to judge is ``start_ms`` to ``end_ms``, the pause in which it ends begins at ``pause_ms``; ``words`` is
    what the recogniser believes so far. Replaces an earlier request; nothing waits for it once the utterance is over.
    """

    item_id: str
    start_ms: int
    pause_ms: int
    end_ms: int
    words: str


@dataclass(frozen=True, slots=True)
class FinishUtterance:
    """The turn is over: answer with ``Recognised`` or ``NotRecognised``."""

    item_id: str


@dataclass(frozen=True, slots=True)
class CancelUtterance:
    """Discard the utterance of this item."""

    item_id: str


@dataclass(frozen=True, slots=True)
class Generate:
    """Ask the model: answer with ``TextDelta``, ``ToolCallDelta``, and ``Generated`` or ``EngineFailed``.

    ``context`` is the conversation as the model shall believe it: spoken items hold only what was heard. ``occasion``
    is why: somebody's turn, a silence that has lasted too long, or a noise that has cut the last answer off. How long
    the model thinks and whether it may call several tools at a time is left to it where it's None.
    """

    response_id: str
    context: tuple[Item, ...]
    instructions: str
    tools: list[FunctionTool]
    tool_choice: FunctionChoice
    max_output_tokens: MaxTokens
    occasion: Occasion = "turn"
    reasoning_effort: str | None = None
    parallel_tool_calls: bool | None = None
    language: str | None = None
    """That the user speaks (ISO 639-1); None: not known."""


@dataclass(frozen=True, slots=True)
class Speak:
    """Say a clause after those before it: answer with ``AudioChunk`` and ``ClauseFinished``, or ``EngineFailed``.

    ``text`` is free of markup; it is "" or white space where nothing of what was written has a sound. ``language``
    (ISO 639-1) is the one it's written in; None: not known.
    """

    response_id: str
    clause: int
    text: str
    voice: str
    speed: float
    format: AudioFormat
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """The response has ended: stop what still works on it; nothing more of it is wanted."""

    response_id: str


@dataclass(frozen=True, slots=True)
class WakeAt:
    """Step with ``TimerFired`` at ``at`` (ms of the conversation's clock). Replaces the earlier one."""

    at: float


Effect: TypeAlias = (
    Send
    | ProcessAudio
    | ResetAudio
    | OpenUtterance
    | PauseUtterance
    | ResumeUtterance
    | Recognise
    | DetectEndOfTurn
    | FinishUtterance
    | CancelUtterance
    | Generate
    | Speak
    | Release
    | WakeAt
)
