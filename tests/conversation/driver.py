"""Drives a ``Conversation`` the way a backend does, with engines that do what the test says.

Every event goes through the codec and is judged as the official clients would judge it. Time passes only by ``passes``.
"""

from __future__ import annotations

import base64
import copy
import itertools
import json
from collections.abc import Iterator
from typing import Any

from tests.wire_validation import check_event
from vasi.conversation import effects as do
from vasi.conversation import inputs
from vasi.conversation.machine import Conversation
from vasi.media.timeline import TimedWord
from vasi.protocol.client_events import ResponseCreate, ResponseParams
from vasi.protocol.codec import decode_client, encode
from vasi.protocol.items import Item
from vasi.protocol.session import AnySession, AudioFormat, Session, TranscriptionSession, bytes_per_ms, updated
from vasi.testing.settings import conversation_settings

WORD_MS = 200
"""How long the voice takes to say a word."""
WINDOW_MS = 32

Event = dict[str, Any]


class Driver:
    """One conversation with its client and its engines.

    ``events`` holds everything that the client got; ``wishes`` all other effects.
    """

    def __init__(
        self,
        *,
        lead_ms: int | None = None,
        input_tokens: int | None = None,
        images: bool = False,
        barge_in_ms: int | None = None,
        language: str | None = None,
        **session: Any,
    ) -> None:
        begin: AnySession
        if session.get("type") == "transcription":
            begin = updated(TranscriptionSession(id="sess_t", expires_at=1_767_233_035), session)
        else:
            begin = updated(Session(id="sess_t", model="vasi", expires_at=1_767_233_035), session)
        given = {"input_tokens": input_tokens, "barge_in_ms": barge_in_ms, "language": language}
        changes = {name: value for name, value in given.items() if value is not None}
        settings = conversation_settings(lead_ms=lead_ms, **changes)
        self.conversation = Conversation(begin, settings, seed="t", images=images)
        self.now = 0.0
        self.events: list[Event] = []
        self.wishes: list[do.Effect] = []
        self.wake_at: float | None = None
        self.loudness: Iterator[float] | None = None
        """Probabilities of the windows to come; without, a window is speech if it holds anything but zeros."""
        self._numbers = itertools.count(1)
        self._seen = 0
        self._spoken: set[tuple[str, int]] = set()
        self._unjudged = b""
        self._judged_ms: float | None = None
        self.steps = 0
        """Inputs that the conversation took, but for what the VAD said."""
        self.paced = False
        """The microphone takes as long as the sound that it sends."""
        self._carry_out(self.conversation.begin(self.now))

    # --- the client -------------------------------------------------------------------------------------------------
    @property
    def extension(self) -> bool:
        """It asked for the events of the extension."""
        return "vasi.activity" in (self.conversation.session.include or ())

    def says(self, kind: str, **fields: Any) -> list[Event]:
        """The client sends the event ``kind``; returns the events that answer it."""
        for name, value in fields.items():
            if isinstance(value, bytes):
                fields[name] = base64.b64encode(value).decode()
        return self.step(inputs.ClientSent(decode_client(json.dumps({"type": kind, **fields}))))

    def updates(self, **session: Any) -> list[Event]:
        return self.says("session.update", session={"type": "realtime", **session})

    def types_in(self, text: str) -> list[Event]:
        """The client puts a typed message of the user into the conversation."""
        item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
        return self.says("conversation.item.create", item=item)

    def asks(self, **response: Any) -> list[Event]:
        return self.says("response.create", response=response)

    def hears(self, milliseconds: int, *, speech: bool = False) -> list[Event]:
        """The microphone sends speech or silence, in pieces of 20 ms."""
        size = bytes_per_ms(self.conversation.session.audio.input.format)
        events: list[Event] = []
        for begin in range(0, milliseconds, 20):
            length = min(20, milliseconds - begin)
            if self.paced:
                events += self.passes(length)
            events += self.says("input_audio_buffer.append", audio=(b"\x01" if speech else b"\x00") * size * length)
        return events

    def speaks(self, milliseconds: int = 1000) -> list[Event]:
        """The user says something and falls silent for long enough to end the turn."""
        return self.hears(milliseconds, speech=True) + self.hears(600)

    # --- the engines ------------------------------------------------------------------------------------------------
    def recognises(self, text: str, item_id: str | None = None, language: str | None = None) -> list[Event]:
        return self.step(inputs.Recognised(item_id or self.last(do.FinishUtterance).item_id, text, language))

    def fails_to_recognise(self, message: str = "The recogniser broke.") -> list[Event]:
        return self.step(inputs.NotRecognised(self.last(do.FinishUtterance).item_id, message))

    def writes(self, text: str, response_id: str | None = None) -> list[Event]:
        return self.step(inputs.TextDelta(response_id or self.asked, text))

    def calls(self, name: str, arguments: str, *, index: int = 0, call_id: str = "") -> list[Event]:
        return self.step(inputs.ToolCallDelta(self.asked, index, arguments, call_id, name))

    def finishes(self, finish: Any = "stop", response_id: str | None = None) -> list[Event]:
        return self.step(inputs.Generated(response_id or self.asked, finish, 100, 20, 5))

    def breaks(self, response_id: str | None = None) -> list[Event]:
        return self.step(inputs.EngineFailed(response_id or self.asked, "engine_error", "It broke."))

    def voices(self, words: int | None = None) -> list[Event]:
        """The voice says what it was asked to say: all of it, or only so many words."""
        events: list[Event] = []
        left = words
        for wish in [
            w for w in self.wishes if isinstance(w, do.Speak) and (w.response_id, w.clause) not in self._spoken
        ]:
            spans = words_of(wish.text)
            for number, span in enumerate(spans):
                if left == 0:
                    return events
                audio = b"\x02" * (WORD_MS * bytes_per_ms(wish.format))
                timed = TimedWord(span.start, span.end, number * WORD_MS)
                events += self.step(inputs.AudioChunk(wish.response_id, wish.clause, audio, (timed,)))
                left = None if left is None else left - 1
            self._spoken.add((wish.response_id, wish.clause))
            events += self.step(inputs.ClauseFinished(wish.response_id, wish.clause))
        return events

    def answers(self, text: str) -> list[Event]:
        """The model writes ``text`` and the voice says it."""
        return self.writes(text) + self.finishes() + self.voices()

    def passes(self, milliseconds: float) -> list[Event]:
        """Time goes by; the alarm rings when it was set."""
        events: list[Event] = []
        until = self.now + milliseconds
        in_vain = 0
        while self.wake_at is not None and self.wake_at <= until:
            self.now, self.wake_at = max(self.now, self.wake_at), None
            woken = self.step(inputs.TimerFired())
            in_vain = 0 if woken else in_vain + 1
            assert in_vain < 10, "the alarm rings and nothing is due"
            events += woken
        self.now = until
        return events

    # --- what came of it --------------------------------------------------------------------------------------------
    def step(self, happened: inputs.Input) -> list[Event]:
        begin = len(self.events)
        self.steps += 1
        self._carry_out(self.conversation.step(happened, self.now))
        return self.events[begin:]

    def new(self) -> list[Event]:
        """The events since the last call."""
        begin, self._seen = self._seen, len(self.events)
        return self.events[begin:]

    def last(self, kind: type[Any]) -> Any:
        """The latest wish of that kind."""
        return next(wish for wish in reversed(self.wishes) if isinstance(wish, kind))

    @property
    def asked(self) -> str:
        """The response that the model was last asked for."""
        return self.last(do.Generate).response_id

    def believes(self) -> list[str]:
        """What the model would be told if it were asked now, in one line an item."""
        return [said_in(json.loads(encode(item))) for item in self.context()]

    def context(self) -> tuple[Item, ...]:
        """What the model would be told if it were asked now, without the words that are still being recognised.

        Asks a copy, outside the conversation.
        """
        mind = copy.deepcopy(self.conversation)
        for wish in self.wishes:
            if isinstance(wish, do.FinishUtterance | do.Recognise):
                mind.step(inputs.NotRecognised(wish.item_id, ""), self.now)
        for event in self.events:
            if event["type"] == "response.created" and event["response"]["conversation_id"] is None:
                mind.step(inputs.EngineFailed(event["response"]["id"], "engine_error", ""), self.now)
        params = ResponseParams(conversation="none")
        effects = mind.step(inputs.ClientSent(ResponseCreate(response=params)), self.now)
        return next(effect.context for effect in effects if isinstance(effect, do.Generate))

    def _carry_out(self, effects: list[do.Effect]) -> None:
        for effect in effects:
            match effect:
                case do.Send(event):
                    shown = {**json.loads(encode(event)), "event_id": f"event_{next(self._numbers)}"}
                    check_event(shown, extension=self.extension)
                    self.events.append(shown)
                case do.ProcessAudio():
                    self._judge(effect)
                case do.ResetAudio():
                    self._judged_ms = None
                    self.wishes.append(effect)
                case do.WakeAt(at):
                    self.wake_at = at
                case _:
                    self.wishes.append(effect)

    def _judge(self, wish: do.ProcessAudio) -> None:
        if not wish.vad:
            return
        if self._judged_ms is None:
            self._judged_ms, self._unjudged = wish.start_ms, b""
        self._unjudged += wish.audio
        size = WINDOW_MS * bytes_per_ms(wish.format)
        while len(self._unjudged) >= size:
            window, self._unjudged = self._unjudged[:size], self._unjudged[size:]
            self._judged_ms += WINDOW_MS
            loud = 1.0 if any(window) else 0.0
            value = next(self.loudness, loud) if self.loudness is not None else loud
            level = 1000.0 - 1000 * window.count(0, size // 2) / (size // 2)
            heard = inputs.SpeechProbability(int(self._judged_ms), value, level)
            self._carry_out(self.conversation.step(heard, self.now))


def words_of(text: str) -> list[TimedWord]:
    """Where the words of ``text`` are."""
    spans: list[TimedWord] = []
    at = 0
    for word in text.split():
        at = text.index(word, at)
        spans.append(TimedWord(at, at + len(word), 0))
        at += len(word)
    return spans


def said_in(item: Event) -> str:
    """An item in one line: who, and what."""
    match item["type"]:
        case "message":
            texts = [part.get("text") or part.get("transcript") or "" for part in item["content"]]
            return f"{item['role']}: {' '.join(texts)}".strip()
        case "function_call":
            return f"call {item['name']}({item['arguments']})"
        case "function_call_output":
            return f"output {item['output']}"
        case kind:
            return f"{kind} {item['id']}"


def sound(event: Event) -> bytes:
    return base64.b64decode(event["delta"])


def sent_ms(events: list[Event], audio_format: AudioFormat) -> int:
    """How much audio ``events`` carry."""
    return sum(len(sound(e)) for e in events if e["type"] == "response.output_audio.delta") // bytes_per_ms(
        audio_format
    )
