"""The Realtime API as a state machine without I/O.

A ``Conversation`` is told what happens (``inputs``) and says what is to be done (``effects``); it never waits, reads a
clock or draws a random number. Whoever drives it carries out the effects in order and steps it with whatever they
bring back. That is what makes the order of events a property of this package: for every ``response.created`` there is
exactly one ``response.done``, nothing of a response follows it, and what the model believes it said is what was heard.

The tables in ``tables`` hold the two machines that run here; ``editing``, ``listening`` and ``answering`` are its
three concerns, each a class over the one ``State``.
"""

from __future__ import annotations

from typing import assert_never

from msgspec import UNSET

from vasi.conversation.answering import Answering
from vasi.conversation.editing import Editing
from vasi.conversation.effects import Effect, WakeAt
from vasi.conversation.inputs import (
    AudioChunk,
    ClauseFinished,
    ClientSent,
    EngineFailed,
    Generated,
    Input,
    NotRecognised,
    PartlyRecognised,
    Recognised,
    SpeechProbability,
    TextDelta,
    TimerFired,
    ToolCallDelta,
    TurnJudged,
)
from vasi.conversation.listening import Listening
from vasi.conversation.output import Output
from vasi.conversation.settings import ConversationSettings
from vasi.conversation.state import State
from vasi.conversation.transcripts import Transcripts
from vasi.errors import ClientError
from vasi.protocol import client_events as client
from vasi.protocol import server_events as ev
from vasi.protocol.session import AnySession, updated


class Conversation:
    """One session with its conversation.

    Args:
        session: the configuration it begins with.
        settings: what holds for every conversation.
        seed: goes into the ids it makes; must differ between conversations.
        images: whether the model can see.
    """

    def __init__(
        self,
        session: AnySession,
        settings: ConversationSettings,
        *,
        seed: str,
        images: bool = False,
    ) -> None:
        self._state = State(session, settings, seed, images)
        self._output = Output(self._state)
        self._answering = Answering(self._state, self._output)
        self._transcripts = Transcripts(self._state, self._answering)
        self._listening = Listening(self._state, self._answering, self._output, self._transcripts)
        self._editing = Editing(self._state, self._transcripts)
        self._wake_at: float | None = None

    @property
    def session(self) -> AnySession:
        """The effective configuration."""
        return self._state.session

    def begin(self, now: float) -> list[Effect]:
        """The effects of the connection itself: ``session.created``."""
        self._state.now = now
        self._state.send(ev.SessionCreated(session=self._state.session))
        return self._take()

    def step(self, happened: Input, now: float) -> list[Effect]:
        """Take in what ``happened`` at ``now`` (ms, never going back); carry out the effects in order."""
        self._state.now = max(now, self._state.now)
        match happened:
            case ClientSent(event):
                self._on_client_event(event)
            case SpeechProbability():
                self._listening.judge(happened)
            case TurnJudged():
                self._listening.judged(happened)
            case PartlyRecognised():
                self._listening.partly_recognised(happened)
            case Recognised():
                self._transcripts.recognised(happened)
            case NotRecognised():
                self._transcripts.not_recognised(happened)
            case TextDelta():
                self._answering.text_delta(happened)
            case ToolCallDelta():
                self._answering.tool_call_delta(happened)
            case Generated():
                self._answering.generated(happened)
            case AudioChunk():
                self._answering.audio_chunk(happened)
            case ClauseFinished():
                self._answering.clause_finished(happened)
            case EngineFailed():
                self._answering.engine_failed(happened)
            case TimerFired():
                self._wake_at = None
                self._answering.timer_fired()
                self._listening.timer_fired()
            case _:
                assert_never(happened)
        return self._take()

    def _take(self) -> list[Effect]:
        due_times = [at for at in (self._output.due_at, self._listening.due_at) if at is not None]
        if due_times and min(due_times) != self._wake_at:
            self._wake_at = min(due_times)
            self._state.do(WakeAt(self._wake_at))
        effects, self._state.out = self._state.out, []
        return effects

    def _on_client_event(self, event: client.ClientEvent) -> None:
        try:
            self._handle_client_event(event)
        except ClientError as error:
            self._state.send(ev.error_event(error, None if event.event_id is UNSET else event.event_id))

    def _handle_client_event(self, event: client.ClientEvent) -> None:
        match event:
            case client.SessionUpdate():
                self._update(event)
            case client.ItemCreate():
                self._editing.create(event)
            case client.ItemRetrieve():
                self._editing.retrieve(event)
            case client.ItemTruncate():
                self._editing.truncate(event)
            case client.ItemDelete():
                self._editing.delete(event)
            case client.AudioAppend():
                self._listening.append(event.audio)
            case client.AudioCommit():
                self._listening.commit()
            case client.AudioClear():
                self._listening.clear()
            case client.OutputAudioClear():
                raise ClientError("'output_audio_buffer.clear' is for WebRTC and SIP connections.", param="type")
            case client.ResponseCreate():
                params = client.ResponseParams() if event.response is UNSET else event.response
                context = None
                if params.input is not UNSET:
                    context = tuple(self._editing.given(item, at) for at, item in enumerate(params.input))
                self._answering.create(params, context)
            case client.ResponseCancel():
                self._answering.cancel(None if event.response_id is UNSET else event.response_id)
            case client.Playout(item_id=item_id, played_ms=played_ms):
                self._output.report(item_id, played_ms)
            case _:
                assert_never(event)

    def _update(self, event: client.SessionUpdate) -> None:
        before = self._state.session
        self._state.session = updated(before, event.session)
        self._listening.reconfigured(before.audio.input)
        self._state.send(ev.SessionUpdated(session=self._state.session))
