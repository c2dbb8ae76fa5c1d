"""What vasi asks of the parts that hear, think and speak.

Audio inside vasi is ``int16[n]`` mono numpy arrays. VAD and STT hear 16 kHz, TTS speaks 24 kHz.
An engine object is made once and shared by all sessions; what belongs to one session, turn or answer is a *stream*.
No call on these ports may hold the event loop for more than 5 ms: heavy work runs in threads or processes.
Every engine raises only ``EngineError`` (``retryable`` set) from its streams.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from vasi.media.timeline import TimedWord

Samples: TypeAlias = npt.NDArray[np.int16]

HEARING_RATE = 16_000
SPEAKING_RATE = 24_000
VAD_WINDOW = 512
"""Samples of one VAD window at ``HEARING_RATE``: 32 ms."""


# --- voice activity -------------------------------------------------------------------------------------------------
class VadStream(Protocol):
    """The running state of one microphone."""

    def probability(self, window: Samples) -> float:
        """Probability (0 to 1) that ``window`` (``int16[512]``, 16 kHz) holds speech; takes well under 1 ms."""
        ...

    def reset(self) -> None:
        """Forget what was heard."""
        ...


class Vad(Protocol):
    """A voice activity detector."""

    @property
    def name(self) -> str: ...

    def open(self) -> VadStream: ...


# --- end of turn ----------------------------------------------------------------------------------------------------
class TurnAnalyzer(Protocol):
    """The judgement whether the user has finished or only pauses."""

    @property
    def name(self) -> str: ...

    async def start(self) -> None:
        """Load what it needs; ready to judge when it returns. Raises ``EngineError``."""
        ...

    async def completeness(self, samples: Samples, words: str) -> float:
        """Probability (0 to 1) that the user's turn is over; 0.5 where it can't tell. Raises ``EngineError``.

        Args:
            samples: ``int16[n]``, 16 kHz: the turn so far, at most its last 8 s, ending in the present pause.
            words: what the recogniser believes so far, "" if nothing.
        """
        ...

    async def stop(self) -> None: ...


# --- speech to text -------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Word:
    """A recognised word; times in ms from the first sample fed to its stream; ``confidence`` 0 to 1 if known."""

    text: str
    start_ms: int
    end_ms: int
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said: ``text`` is "" when nothing was recognised; ``words`` where the engine knows their times.

    ``language`` (ISO 639-1) is the one that was heard, where the engine tells languages apart; None: it doesn't.
    """

    text: str
    words: tuple[Word, ...] = ()
    language: str | None = None


class SttStream(Protocol):
    """One utterance."""

    def feed(self, samples: Samples) -> None:
        """Add audio (``int16[n]``, 16 kHz, any n). Queues and returns at once."""
        ...

    def pause(self) -> None:
        """The user seems to have stopped: what is fed from now on is silence, unless ``resume`` comes before its end.

        An engine that decodes only at the end can do so now, so that its text is there when the turn is over; it tells
        ``on_partial`` of it. Others ignore this. Returns at once.
        """
        ...

    def resume(self) -> None:
        """The user speaks on after a ``pause``. Returns at once."""
        ...

    async def finish(self) -> Transcript:
        """No more audio: the final transcript. Raises ``EngineError``."""
        ...

    async def close(self) -> None:
        """Throw the utterance away and free its decoder; harmless after ``finish`` and when repeated."""
        ...


class Stt(Protocol):
    """A speech recogniser."""

    @property
    def name(self) -> str: ...

    @property
    def language(self) -> str: ...

    async def start(self) -> None:
        """Load what it needs; ready to decode when it returns."""
        ...

    def open(
        self, profile: str, on_partial: Callable[[str], None] | None = None, language: str | None = None
    ) -> SttStream:
        """A new utterance, decoded with the words of ``profile`` (the owner whose documents it was adapted to).

        ``on_partial`` is called on the event loop with the whole hypothesis so far, whenever it changes. ``language``
        (ISO 639-1) is the one that is spoken; None: not known, detected by an engine that can. An engine that doesn't
        know it decodes in one that it knows.
        """
        ...

    async def adapt(self, profile: str, texts: Iterable[str]) -> None:
        """Learn the words of the owner's documents and notes, so that they're recognised; slow, runs aside.

        Utterances already open keep the model they started with. An engine that can't adapt does nothing.
        """
        ...

    async def forget(self, profile: str) -> None:
        """Let go of all that was learned of ``profile``, in memory and on disk; ``adapt`` may bring it back."""
        ...

    async def stop(self) -> None: ...


# --- text to speech -------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SpeechChunk:
    """``samples``: ``int16[n]``, 24 kHz mono, in order; ``words`` that begin in this chunk (or up to it)."""

    samples: Samples
    words: tuple[TimedWord, ...] = ()


class Tts(Protocol):
    """A speech synthesiser."""

    @property
    def name(self) -> str: ...

    async def start(self) -> None: ...

    def voices(self) -> tuple[str, ...]:
        """Names that ``speak`` takes; any other name falls back to the default voice."""
        ...

    def speak(
        self, text: str, *, voice: str, speed: float = 1.0, language: str | None = None
    ) -> AsyncGenerator[SpeechChunk, None]:
        """Speak ``text`` at ``speed`` (0.25 to 1.5 of normal). Closing the iterator stops synthesis within 20 ms.

        ``language`` (ISO 639-1) is the one that ``text`` is written in: an engine that has a voice of it takes that if
        ``voice`` is of another. None: not known, ``voice`` speaks.
        """
        ...

    async def stop(self) -> None: ...


# --- language model -------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SystemMessage:
    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """A PNG or a JPEG as a data URI; ``detail`` is how closely to look at it."""

    uri: str
    detail: Literal["auto", "low", "high"] = "auto"


@dataclass(frozen=True, slots=True)
class UserMessage:
    """``images`` only come where ``Engines.images`` says that the model can see."""

    text: str
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolCall:
    """``arguments`` is a JSON string as the model wrote it; it may be malformed."""

    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class AssistantMessage:
    """What the model said (only what was heard, after a barge-in) and the tools it called."""

    text: str = ""
    tool_calls: tuple[ToolCall, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolMessage:
    """The output of a call."""

    call_id: str
    output: str


Message: TypeAlias = SystemMessage | UserMessage | AssistantMessage | ToolMessage


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A function tool; ``parameters`` is a JSON Schema object."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One round with the model.

    Attributes:
        messages: oldest first; the last is a user message, a tool message or an assistant message.
        tools: what the model may call.
        tool_choice: "auto", "none", "required", or the name of the one tool to call.
        max_output_tokens: None for no limit.
        now: the user's present time with its zone, for "today" and "yesterday".
        occasion: why the model is asked. "silence": the user has said nothing for long; "noise": a noise cut the last
            answer off. The last message then tells the model so, in the user's name.
        reasoning_effort: how long the model thinks: "none", "minimal", "low", "medium", "high" or "xhigh"; None leaves
            it to the model.
        parallel_tool_calls: whether it may call several tools at a time; None leaves it to the model.
        language: what the user speaks (ISO 639-1), to be answered in; None: not known.
        interpreting: the languages (ISO 639-1) that what was said is to be translated between, or the one that it's to
            be translated into, as the instructions say too; empty: it's to be answered.
    """

    messages: tuple[Message, ...]
    tools: tuple[ToolSpec, ...] = ()
    tool_choice: str = "auto"
    max_output_tokens: int | None = None
    now: datetime | None = None
    occasion: Literal["turn", "silence", "noise"] = "turn"
    reasoning_effort: str | None = None
    parallel_tool_calls: bool | None = None
    language: str | None = None
    interpreting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """A piece of a call. The first piece of an ``index`` carries ``call_id`` and ``name``."""

    index: int
    arguments: str
    call_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class LlmDone:
    """The last event. Token counts as the model reported them, else an estimate."""

    finish: Literal["stop", "length", "tool_calls", "content_filter"] = "stop"
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0


LlmEvent: TypeAlias = TextDelta | ToolCallDelta | LlmDone


class Llm(Protocol):
    """A chat model."""

    @property
    def name(self) -> str: ...

    async def start(self) -> None: ...

    def generate(self, request: ChatRequest) -> AsyncGenerator[LlmEvent, None]:
        """Answer. Ends with one ``LlmDone``, or raises ``EngineError``. Closing the iterator aborts the request."""
        ...

    async def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Engines:
    """The parts that one local backend works with."""

    vad: Vad
    turn: TurnAnalyzer
    stt: Stt
    llm: Llm
    tts: Tts
    images: bool = False
    """The model can see."""
