"""One response while it lives: its items, its words, its voice, and the events that tell of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import msgspec

from vasi.conversation.effects import Occasion
from vasi.conversation.history import Entry
from vasi.conversation.playout import Playout
from vasi.conversation.tables import Cue, Phase, phase_after
from vasi.conversation.window import estimated_tokens
from vasi.language.speech_splitter import SpeechSplitter, SpokenClause
from vasi.media.timeline import TimedWord, Timeline
from vasi.protocol import extension
from vasi.protocol import server_events as ev
from vasi.protocol.items import FunctionCall, InputAudio, Item, ItemReference, Message, OutputAudio, OutputText, item_id
from vasi.protocol.session import (
    AudioFormat,
    FunctionChoice,
    FunctionTool,
    MaxTokens,
    Modality,
    Truncation,
    bytes_per_ms,
)

USER_AUDIO_MS_PER_TOKEN = 100
ASSISTANT_AUDIO_MS_PER_TOKEN = 50
CHARACTERS_PER_TOKEN = 4
"""For the tokens of an answer that was cut before the model could count them."""


@dataclass(frozen=True, slots=True)
class ResponseSettings:
    """What holds for one response: the session with the overrides of its ``response.create``."""

    instructions: str
    tools: list[FunctionTool]
    tool_choice: FunctionChoice
    modality: Modality
    max_output_tokens: MaxTokens
    format: AudioFormat
    voice: str
    speed: float
    metadata: dict[str, str] | None
    truncation: Truncation
    reasoning_effort: str | None = None
    parallel_tool_calls: bool | None = None


@dataclass(slots=True)
class SpokenMessage:
    """The assistant's message of a response."""

    entry: Entry
    output_index: int
    text: str = ""
    clauses: list[SpokenClause] = field(default_factory=list[SpokenClause])
    voiced: int = 0
    """Clauses whose audio is complete."""
    done: bool = False

    def written(self, words: tuple[TimedWord, ...]) -> tuple[TimedWord, ...]:
        """``words`` of the clause that is being voiced, as they stand in what was written.

        Of words that are said instead of one mark the last takes its place.
        """
        clause = self.clauses[self.voiced]
        spans = [(*clause.written_span(word.start, word.end), word.start_ms) for word in words]
        return tuple(TimedWord(start, end, ms) for start, end, ms in spans if start < end)


@dataclass(slots=True)
class PendingCall:
    """A function call that the model is writing."""

    entry: Entry
    output_index: int
    call_id: str
    name: str
    arguments: str = ""
    done: bool = False

    @property
    def whole(self) -> bool:
        """The arguments are a JSON object: nothing can follow."""
        try:
            return isinstance(msgspec.json.decode(self.arguments), dict)
        except (msgspec.DecodeError, RecursionError):
            return False


@dataclass(slots=True, eq=False)
class LiveResponse:
    """State of a response. Methods return the events to send, in order."""

    id: str
    settings: ResponseSettings
    conversation_id: str | None
    lead_ms: int | None
    context: tuple[Item | ItemReference, ...] | None = None
    """Given by ``input``; None: the conversation's own."""
    automatic: bool = False
    """Created because a turn ended, not because the client asked."""
    occasion: Occasion = "turn"
    turns: tuple[str, ...] = ()
    """Items that it answers although they may stand before the answer over which they were spoken."""
    phase: Phase = Phase.HEARING
    waiting_for: set[str] = field(default_factory=set[str])
    items: list[Entry] = field(default_factory=list[Entry])
    message: SpokenMessage | None = None
    calls: dict[int, PendingCall] = field(default_factory=dict[int, PendingCall])
    told: tuple[Item, ...] = ()
    """What the model was told of the conversation."""
    tokens: tuple[int, int, int] | None = None
    """As the model counted them: input, output, and of the input what was cached."""
    usage: ev.Usage = field(default_factory=ev.Usage)
    input_audio_ms: int = 0
    language: str | None = None
    """That what it says is written in, as far as is known."""
    finish: Literal["stop", "length", "tool_calls", "content_filter"] = "stop"
    splitter: SpeechSplitter = field(default_factory=SpeechSplitter)
    playout: Playout = field(init=False)
    timeline: Timeline = field(init=False)

    def __post_init__(self) -> None:
        self.playout = Playout(bytes_per_ms(self.settings.format), self.lead_ms)
        self.timeline = Timeline(self.settings.format.rate, self.settings.format.bytes_per_sample)

    def move(self, cue: Cue) -> None:
        """Take a transition of ``PHASES``. Raises ``TransitionError``."""
        self.phase = phase_after(self.phase, cue)

    @property
    def cut(self) -> bool:
        """The client stopped playing it before its end."""
        heard_ms = self.message.entry.heard_ms if self.message else None
        return heard_ms is not None and heard_ms < self.playout.sent_ms

    @property
    def audible(self) -> bool:
        return self.settings.modality == "audio"

    # --- what the wire shows ----------------------------------------------------------------------------------------
    def shown(self, status: ev.ResponseStatus, details: ev.StatusDetails | None = None) -> ev.Response:
        """The response object; its output and usage only once it has ended."""
        ended = status != "in_progress"
        return ev.Response(
            id=self.id,
            status=status,
            status_details=details,
            output=[entry.item for entry in self.items] if ended else [],
            conversation_id=self.conversation_id,
            output_modalities=[self.settings.modality],
            max_output_tokens=self.settings.max_output_tokens,
            audio=ev.AudioShown(output=ev.AudioOutputShown(format=self.settings.format, voice=self.settings.voice)),
            usage=self.usage if ended else None,
            metadata=self.settings.metadata,
        )

    def so_far(self, entry: Entry) -> Item:
        """``entry`` as it is now, of an answer that may still be written: its words, its sound or its arguments."""
        item, message = entry.item, self.message
        for call in self.calls.values():
            if call.entry is entry and isinstance(item, FunctionCall):
                return msgspec.structs.replace(item, arguments=call.arguments)
        if message is None or message.entry is not entry or not isinstance(item, Message):
            return item
        if not self.audible:
            return msgspec.structs.replace(item, content=[OutputText(text=message.text)])
        text, sound = message.text, bytes(self.playout.sent)
        if entry.reported and entry.heard_ms is not None:
            text = self.timeline.heard(entry.heard_ms)
            sound = sound[: entry.heard_ms * self.playout.bytes_per_ms]
        part = OutputAudio(transcript=text, audio=sound) if sound else OutputAudio(transcript=text)
        return msgspec.structs.replace(item, content=[part])

    def opened_message(self, message: SpokenMessage) -> list[ev.ServerEvent]:
        part = ev.AudioPart(transcript="") if self.audible else ev.TextPart(text="")
        return [
            ev.PartAdded(
                response_id=self.id,
                item_id=item_id(message.entry.item),
                output_index=message.output_index,
                content_index=0,
                part=part,
            )
        ]

    def written(self, message: SpokenMessage, delta: str) -> ev.ServerEvent:
        """The event for a piece of text."""
        kind = ev.OutputTranscriptDelta if self.audible else ev.OutputTextDelta
        return kind(
            response_id=self.id,
            item_id=item_id(message.entry.item),
            output_index=message.output_index,
            content_index=0,
            delta=delta,
        )

    def sounded(self, message: SpokenMessage, audio: bytes) -> ev.ServerEvent:
        """The event for a piece of audio."""
        return ev.OutputAudioDelta(
            response_id=self.id,
            item_id=item_id(message.entry.item),
            output_index=message.output_index,
            content_index=0,
            delta=audio,
        )

    def timed(self, message: SpokenMessage, words: tuple[TimedWord, ...]) -> ev.ServerEvent:
        """The event that tells when ``words`` of the clause that is being voiced are spoken."""
        text, ms = self.timeline.clause_start
        shown = [
            extension.WordShown(start=text + w.start, end=text + w.end, audio_start_ms=ms + w.start_ms) for w in words
        ]
        return extension.OutputAudioWords(item_id=item_id(message.entry.item), content_index=0, words=shown)

    def closed_message(
        self, message: SpokenMessage, status: Literal["completed", "incomplete"]
    ) -> list[ev.ServerEvent]:
        """The events that end the message's part and item; sets its final item. The caller adds ``item.done``."""
        wanted, place = item_id(message.entry.item), message.output_index
        message.done = True
        content = [OutputAudio(transcript=message.text)] if self.audible else [OutputText(text=message.text)]
        item = Message(
            id=wanted,
            object="realtime.item",
            status=status,
            role="assistant",
            content=list(content),
        )
        events: list[ev.ServerEvent] = []
        part = ev.AudioPart(transcript=message.text) if self.audible else ev.TextPart(text=message.text)
        if self.audible:
            events.append(ev.OutputAudioDone(response_id=self.id, item_id=wanted, output_index=place, content_index=0))
            events.append(
                ev.OutputTranscriptDone(
                    response_id=self.id, item_id=wanted, output_index=place, content_index=0, transcript=message.text
                )
            )
        else:
            events.append(
                ev.OutputTextDone(
                    response_id=self.id, item_id=wanted, output_index=place, content_index=0, text=message.text
                )
            )
        events.append(ev.PartDone(response_id=self.id, item_id=wanted, output_index=place, content_index=0, part=part))
        message.entry.item = item
        events.append(ev.OutputItemDone(response_id=self.id, output_index=message.output_index, item=item))
        return events

    def closed_call(self, call: PendingCall, status: Literal["completed", "incomplete"]) -> list[ev.ServerEvent]:
        """The events that end a function call; sets its final item. The caller adds ``item.done``."""
        call.done = True
        item = FunctionCall(
            id=item_id(call.entry.item),
            object="realtime.item",
            status=status,
            call_id=call.call_id,
            name=call.name,
            arguments=call.arguments,
        )
        call.entry.item = item
        events: list[ev.ServerEvent] = []
        if status == "completed":
            events.append(
                ev.CallArgumentsDone(
                    response_id=self.id,
                    item_id=item_id(item),
                    output_index=call.output_index,
                    call_id=call.call_id,
                    name=call.name,
                    arguments=call.arguments,
                )
            )
        events.append(ev.OutputItemDone(response_id=self.id, output_index=call.output_index, item=item))
        return events

    # --- its voice --------------------------------------------------------------------------------------------------
    def voice_came(self, audio: bytes, words: tuple[TimedWord, ...]) -> None:
        """A chunk of the clause that is being voiced."""
        self.timeline = self.timeline.audio(len(audio) // self.settings.format.bytes_per_sample, words)
        self.playout.add(audio)

    @property
    def all_sent(self) -> bool:
        """Nothing of the answer is still being made or waiting to leave."""
        if not self.audible or self.message is None:
            return True
        return self.message.voiced == len(self.message.clauses) and not self.playout.waiting

    # --- its cost ---------------------------------------------------------------------------------------------------
    def count(self) -> None:
        """Set the usage: the model's text tokens, estimated if it didn't come to count, and audio by its length."""
        input_tokens, output_tokens, cached_tokens = self.tokens or self._estimate()
        heard = self.input_audio_ms // USER_AUDIO_MS_PER_TOKEN
        spoken = self.playout.sent_ms // ASSISTANT_AUDIO_MS_PER_TOKEN
        self.usage = ev.Usage(
            total_tokens=input_tokens + heard + output_tokens + spoken,
            input_tokens=input_tokens + heard,
            output_tokens=output_tokens + spoken,
            input_token_details=ev.UsageInput(
                text_tokens=input_tokens,
                audio_tokens=heard,
                cached_tokens=cached_tokens,
                cached_tokens_details=ev.CachedTokenDetails(text_tokens=cached_tokens),
            ),
            output_token_details=ev.UsageOutput(text_tokens=output_tokens, audio_tokens=spoken),
        )

    def _estimate(self) -> tuple[int, int, int]:
        written = len(self.message.text) if self.message else 0
        written += sum(len(call.arguments) for call in self.calls.values())
        asked = self.settings.instructions if self.told else ""
        told = len(asked) // CHARACTERS_PER_TOKEN + sum(estimated_tokens(item) for item in self.told)
        return told, written // CHARACTERS_PER_TOKEN, 0


def new_message(wanted: str) -> Message:
    """An assistant's message that has just begun."""
    return Message(id=wanted, object="realtime.item", status="in_progress", role="assistant", content=[])


def new_call(wanted: str, call_id: str, name: str) -> FunctionCall:
    """A function call that has just begun."""
    return FunctionCall(
        id=wanted, object="realtime.item", status="in_progress", call_id=call_id, name=name, arguments=""
    )


def spoken_item(wanted: str, transcript: str | None) -> Message:
    """A user's spoken turn."""
    content = [InputAudio(transcript=transcript)]
    return Message(id=wanted, object="realtime.item", status="completed", role="user", content=list(content))
