"""One session in front of a model service: events pass through, and a lost connection is replaced by a new one.

The service is told the session's configuration before anything else. What it says becomes vasi's own events; sound
passes undecoded. When the connection breaks or reaches its maximum age, open answers end as failed (or are asked again
by the gateway), a new connection is opened, told the configuration and the conversation, and what was sent and never
answered is sent again. The client notices a pause.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from vasi.backends.ports import ASK_AGAIN, Deliver
from vasi.backends.upstream import refusals
from vasi.backends.upstream.answers import Answers
from vasi.backends.upstream.configuration import Configuration
from vasi.backends.upstream.links import ConnectionLost
from vasi.backends.upstream.memory import Memory, Unanswered
from vasi.backends.upstream.service import Connection, Service
from vasi.backends.upstream.uncommitted_audio import UncommittedAudio
from vasi.errors import ClientError, UpstreamError
from vasi.protocol import beta_upstream
from vasi.protocol import client_events as client
from vasi.protocol import server_events as ev
from vasi.protocol.codec import encode
from vasi.protocol.foreign import UnknownEvent
from vasi.protocol.items import Message, item_id
from vasi.protocol.messages import check_message
from vasi.protocol.raw import append_frame, audio_delta
from vasi.protocol.session import AnySession, Session, bytes_per_ms

log = logging.getLogger(__name__)

RENEW_AHEAD_S = 120.0
"""How long before a connection expires a quiet moment is looked for."""
LOOK_AGAIN_S = 1.0
INTERRUPTED = "upstream_disconnected"
"""The code with which an answer ends whose connection was lost."""


class Gone(Exception):
    """The service was given up, and the session goes on elsewhere."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """A session for whoever goes on with it: items that the client knows, and what it waits for."""

    known: list[client.ItemCreate]
    waiting: list[client.ClientEvent]


class UpstreamBackend:
    """A ``Backend`` that is a model service.

    Args:
        service: where it is, shared by all sessions.
        session: the configuration it begins with.
        seed: goes into the ids that are made here.
    """

    def __init__(self, service: Service, session: AnySession, *, seed: str) -> None:
        self._service = service
        session = service.first_session(session)
        self._configuration = Configuration(session, service.transcribe, service.accepted, service.check, self._made)
        self._seed = seed
        self._own = f"vasi_{seed}_relay_"
        """How the ids of events begin that are made here; the service may make such ids as well."""
        self._count = 0
        self._memory = Memory(service.context_tokens)
        self._answers = Answers()
        self._uncommitted = UncommittedAudio(session.audio.input)
        self._ready = asyncio.Event()
        self._reconnects = service.reconnect_policy()
        self._refusal: UpstreamError | None = None
        """What the connection said that would have been a refusal in the handshake."""
        self._names_events = False
        """The service says in errors which event they are about."""
        self._complaint: ev.ErrorBody | None = None
        """The last error that wasn't about an event."""
        self._connection: Connection
        self._deliver: Deliver
        self._response_pending = False
        """The service will begin a response of its own accord."""
        self._replayed_items: set[str] = set()
        """Items that are replayed to a new connection; the client knows them already."""
        self._unknown: set[str] = set()
        self._speech: str | None = None
        """The item that the user is speaking, as the client knows."""
        self._gone = False
        self.delivered = False
        """The client has seen its session."""

    @property
    def session(self) -> AnySession:
        """The session as it is."""
        return self._configuration.session

    def hand_over(self) -> HandOver:
        """Give the session up; what is sent from now on raises ``Gone``."""
        self._configuration.make_all()
        waiting = [entry.event for entry in self._memory.still_unanswered()]
        sound = self._uncommitted.between(self._uncommitted.reconnects(), self._uncommitted.end)
        if sound:
            waiting.insert(0, client.AudioAppend(audio=sound))
        if self._response_pending:
            waiting.append(client.ResponseCreate())
        self._gone = True
        self._ready.set()
        return HandOver(self._memory.replay(), waiting)

    # --- serving ----------------------------------------------------------------------------------------------------
    async def run(self, deliver: Deliver) -> None:
        """Serve until cancelled. Raises ``UpstreamError`` when the service is gone for good."""
        self._deliver = deliver
        self._connection = await self._service.connect(self.session)
        try:
            self._opened()
            self._ready.set()
            self.delivered = True
            deliver(ev.SessionCreated(session=self.session))
            while True:
                why = await self._listen()
                self._ready.clear()
                await self._connection.close()
                self._interrupt(why)
                await self._go_on(why)
        finally:
            await self._connection.close()

    async def _listen(self) -> str:
        """Pass on what the service says, until the connection ends; returns why it did."""
        look_at = self._connection.expires_in() - RENEW_AHEAD_S
        loop = asyncio.get_running_loop()
        while True:
            try:
                async with asyncio.timeout_at(loop.time() + look_at):
                    await self._pass_on()
            except TimeoutError:
                if self._quiet:
                    return "it reached its maximum age"
                look_at = LOOK_AGAIN_S
            except ConnectionLost as gone:
                return refusals.scrubbed(str(gone), *self._service.secrets())

    @property
    def _quiet(self) -> bool:
        return not (self._answers or self._memory.unanswered or self._uncommitted.speaking or self._response_pending)

    async def _pass_on(self) -> None:
        connection, deliver, sounded = self._connection, self._deliver, self._memory.sounded
        while True:
            frame = await connection.receive()
            sound = audio_delta(frame)
            if sound is not None:
                sounded(sound.item_id, sound.audio_bytes)
                deliver(sound)
                continue
            try:
                events = connection.read(frame, self.session)
            except UnknownEvent as unknown:
                self._drop(str(unknown))
                continue
            for event in events:
                self._on_service_event(event)

    def _drop(self, kind: str) -> None:
        if kind not in self._unknown and len(self._unknown) < 32:
            self._unknown.add(kind)
            log.info("The model service said something that isn't known here, and is left out: %s", kind)

    # --- a new connection -------------------------------------------------------------------------------------------
    def _interrupt(self, why: str) -> None:
        if self._answers:
            log.warning("The connection to the model service was lost during a response: %s", why)
        if self._speech is not None:
            # Another connection hears it again, and calls it by another name.
            self._deliver(ev.SpeechStopped(item_id=self._speech, audio_end_ms=self._uncommitted.heard_ms))
            self._speech = None
        message = (
            f"The connection to the model service was lost during this response ({why}); ask again, or have vasi do "
            "so with the setting upstream.interrupted = 'ask_again'."
        )
        code = ASK_AGAIN if self._service.asks_again else INTERRUPTED
        for event in self._answers.lost(code, message):
            self._memory.notice(event)
            if isinstance(event, ev.ItemDone) and self._service.asks_again:
                # It will be said again from the beginning.
                self._memory.forget(item_id(event.item))
            self._deliver(event)

    async def _go_on(self, why: str) -> None:
        while True:
            await self._pause(why)
            log.info("Connecting to the model service again: %s", why)
            self._connection = await self._service.connect_again(self._configuration.make_all())
            self._opened()
            try:
                await self._replay()
            except ConnectionLost:
                why = await self._listen()  # what it has said before that
                await self._connection.close()
                continue
            self._ready.set()
            return

    def _opened(self) -> None:
        self._connection.watch(lambda: self._waits)
        self._reconnects.opened()
        self._refusal = None

    @property
    def _waits(self) -> bool:
        """The service hasn't answered something."""
        return bool(self._memory.unanswered) or self._response_pending

    async def _pause(self, why: str) -> None:
        """Wait as long as it's wise; an event on which the service repeatedly closes the connection is given up.

        Raises:
            UpstreamError: another connection is no use.
        """
        refusal = self._refusal
        if refusal is not None and not refusal.retryable:
            raise refusal
        pause = self._reconnects.pause_before_next(waiting=self._waits)
        if pause is not None:
            await asyncio.sleep(pause)
        elif self._waits:
            log.warning("What the model service doesn't answer is given up: %s", why)
            self._reconnects.reset()
            self._leave_out(refusal or refusals.closes_on_event(self._service.address, why))
        else:
            raise refusal or refusals.connection_lost(self._service.address, why)

    def _leave_out(self, error: UpstreamError) -> None:
        """Answer what has waited longest with ``error``."""
        event_id: str | None = None
        if self._memory.unanswered:
            event_id = str(self._memory.unanswered[0].event.event_id)
        else:
            self._response_pending = False
        self._on_service_event(ev.error_event(error, event_id))

    async def _replay(self) -> None:
        for item in self._memory.replay():
            if isinstance(item.item.id, str):
                self._replayed_items.add(item.item.id)
            await self._connection.send(self._frame(replace(item, event_id=self._own_id())))
        at = self._uncommitted.reconnects()
        for entry in self._memory.still_unanswered():
            if entry.at > at:
                at = await self._replay_audio(at, entry.at)
            if isinstance(entry.event, client.ItemTruncate):
                self._cut_text(entry.event)
                self._memory.unanswered.remove(entry)
            else:
                await self._connection.send(self._frame(entry.event))
        await self._replay_audio(at, self._uncommitted.end)
        if self._response_pending:
            await self._connection.send(self._frame(client.ResponseCreate(event_id=self._own_id())))

    async def _replay_audio(self, first: int, last: int) -> int:
        second = 1000 * bytes_per_ms(self.session.audio.input.format)
        for at in range(first, last, second):
            sound = self._uncommitted.between(at, min(at + second, last))
            if sound:
                await self._connection.send(append_frame(sound))
        return last

    # --- what the service says --------------------------------------------------------------------------------------
    def _on_service_event(self, event: ev.ServerEvent) -> None:
        match event:
            case ev.SessionCreated():
                return
            case ev.SessionUpdated():
                self._configuration.taken()
                return
            case ev.ItemAdded(item=item) | ev.ItemDone(item=item) if item_id(item) in self._replayed_items:
                if isinstance(event, ev.ItemDone):
                    self._replayed_items.discard(item_id(item))
                return
            case ev.Error() if event.error.code == "session_expired":
                # The connection ends; the session doesn't.
                return
            case ev.Error() if self._service.refuses_field(event.error) and self._send_without(event.error):
                return
            case ev.Error():
                told = self._explained(event)
                if told is None:
                    return
                event = told
            case ev.SpeechStarted(audio_start_ms=start):
                self._speech = event.item_id
                self._uncommitted.speech_started(start)
                event = replace(event, audio_start_ms=start + self._uncommitted.lead_ms)
            case ev.SpeechStopped(audio_end_ms=end):
                self._speech = None
                self._uncommitted.speech_stopped(end)
                event = replace(event, audio_end_ms=end + self._uncommitted.lead_ms)
            case ev.AudioCommitted():
                self._speech = None
                self._committed(event)
            case ev.TimeoutTriggered(audio_start_ms=start, audio_end_ms=end):
                lead = self._uncommitted.lead_ms
                event = replace(event, audio_start_ms=start + lead, audio_end_ms=end + lead)
            case ev.AudioCleared():
                self._speech = None
                self._uncommitted.cleared()
            case ev.ItemTruncated(item_id=wanted, audio_end_ms=end):
                self._memory.truncated(wanted, end, self._bytes_per_ms)
            case ev.ResponseCreated():
                self._response_pending = False
            case _:
                pass
        self._emit(event)

    def _emit(self, event: ev.ServerEvent) -> None:
        self._answers.notice(event)
        self._memory.notice(event)
        self._deliver(event)
        if isinstance(event, ev.Error):
            self._configuration.make_unasked()
        elif not isinstance(event, ev.SpeechStarted | ev.SpeechStopped | ev.RateLimitsUpdated):
            self._reconnects.made_progress = True

    def _repeats(self, error: ev.ErrorBody) -> bool:
        """Note an error that isn't about an event; tells whether the client has been told already."""
        self._refusal = refusals.from_code(error.code or "", error.message, self._service.address)
        before, self._complaint = self._complaint, error
        return self._reconnects.failures_in_a_row > 0 and before is not None and before.code == error.code

    def _made(self, session: AnySession) -> None:
        """The session has changed."""
        self._uncommitted.configured(session.audio.input)
        self._deliver(ev.SessionUpdated(session=session))

    def _committed(self, event: ev.AudioCommitted) -> None:
        committed_at = self._memory.commit_position()
        detection = self.session.audio.input.turn_detection
        answers = detection is not None and detection.create_response and isinstance(self.session, Session)
        self._response_pending = answers and committed_at is None
        self._memory.spoken(event.item_id, self._uncommitted.committed(committed_at))

    def _explained(self, event: ev.Error) -> ev.Error | None:
        """An error of the service as the client may read it; None if it's about something of ours."""
        message = refusals.scrubbed(event.error.message, *self._service.secrets())
        error = replace(event.error, message=message)
        self._names_events |= error.event_id is not None
        if not self._names_events:
            error = replace(error, event_id=self._event_in_question(error))
        if error.event_id is None and self._repeats(error):
            return None
        if error.event_id is not None:
            self._configuration.take_back(error.event_id)
        waited = error.event_id is not None and self._memory.refused(error.event_id)
        if error.event_id is not None and error.event_id.startswith(self._own):
            if not waited and not error.event_id.startswith(f"{self._own}c"):
                log.info("The model service refused what it was told again: %s", message)
                return None
            error = replace(error, event_id=None)
        return replace(event, error=error)

    def _send_without(self, error: ev.ErrorBody) -> bool:
        """Send once more what the service refused for an optional field, without it; tells whether there is such."""
        event_id = error.event_id or self._event_in_question(error)
        entry = next((one for one in self._memory.unanswered if one.event.event_id == event_id), None)
        fields = None if event_id is None else self._configuration.ask_again(event_id)
        if entry is not None:
            self._connection.write(self._frame(entry.event))
        elif event_id is not None and fields is not None:
            self._connection.write(self._frame(client.SessionUpdate(event_id=event_id, session=fields)))
        return entry is not None or fields is not None

    def _event_in_question(self, error: ev.ErrorBody) -> str | None:
        """What an error is about, of a service that doesn't say so: the oldest event that it hasn't answered."""
        if error.type != "invalid_request_error" or refusals.from_code(error.code or "", "", self._service.address):
            return None
        waiting = self._memory.unanswered[0].event.event_id if self._memory.unanswered else None
        changing = self._configuration.waiting
        if changing is not None and (waiting is None or (error.param or "").startswith("session")):
            return changing
        return waiting if isinstance(waiting, str) else None

    # --- what the client says ---------------------------------------------------------------------------------------
    async def send(self, event: client.ClientEvent) -> None:
        """Take an event; waits while there is no connection, or the service is slow.

        Raises:
            Gone: the session was handed over.
        """
        await self._ready.wait()
        if self._gone:
            raise Gone
        if isinstance(event, client.AudioAppend):
            frame = self._recorded(event)
        else:
            try:
                prepared = self._prepared(event)
            except ClientError as error:
                self._deliver(ev.error_event(error, event.event_id if isinstance(event.event_id, str) else None))
                return
            if prepared is None:
                return
            frame = prepared
        try:
            await self._connection.send(frame)
        except ConnectionLost:
            # It is remembered, and told to the next connection.
            return

    def send_now(self, event: client.ClientEvent) -> bool:
        """Take sound, unless there is no connection or the service is slow; nothing else is as frequent."""
        if not isinstance(event, client.AudioAppend) or self._gone:
            return False
        if not self._ready.is_set() or not self._connection.has_room():
            return False
        self._connection.write(self._recorded(event))
        return True

    def _recorded(self, event: client.AudioAppend) -> bytes:
        """The frame of sound, which is remembered."""
        self._uncommitted.append(event.audio)
        return append_frame(event.audio) if event.event_id is UNSET else encode(event)

    def _prepared(self, event: client.ClientEvent) -> bytes | None:
        """The frame of an event, which is remembered until the service answers; None if it need not know."""
        _check_messages(event)
        if event.event_id is UNSET:
            event = replace(event, event_id=self._own_id("c"))
        match event:
            case client.SessionUpdate():
                return self._updated(event)
            case client.ItemCreate() if event.item.id is UNSET:
                self._count += 1
                event = replace(event, item=replace(event.item, id=f"item_{self._seed}r{self._count:04x}"))
            case client.Playout():
                return None
            case client.ItemTruncate() if self._memory.is_text_now(event.item_id):
                self._cut_text(event)
                return None
            case client.ResponseCreate(response=client.ResponseParams() as params):
                event = replace(event, response=replace(params, prompt=UNSET))
            case _:
                pass
        if not isinstance(event, client.ResponseCancel) or self._memory.asks:
            self._memory.unanswered.append(Unanswered(event, self._uncommitted.end))
        return self._frame(event)

    def _updated(self, event: client.SessionUpdate) -> bytes | None:
        told = self._configuration.ask(str(event.event_id), event.session)
        return None if told is None else self._frame(replace(event, session=told))

    def _cut_text(self, event: client.ItemTruncate) -> None:
        """Truncate an answer whose sound was on an earlier connection."""
        self._memory.truncated(event.item_id, event.audio_end_ms, self._bytes_per_ms)
        self._deliver(
            ev.ItemTruncated(item_id=event.item_id, content_index=event.content_index, audio_end_ms=event.audio_end_ms)
        )

    def _frame(self, event: client.ClientEvent) -> bytes:
        if isinstance(event, client.ResponseCreate) and event.response is not UNSET:
            event = replace(event, response=self._service.accepted_params(event.response))
        if not self._service.address.beta:
            return encode(event)
        whole: Any = msgspec.to_builtins(event)
        listening = not isinstance(self.session, Session)
        return msgspec.json.encode(beta_upstream.client_event(whole, listening=listening))

    def _own_id(self, purpose: str = "") -> str:
        self._count += 1
        return f"{self._own}{purpose}{self._count:x}"

    @property
    def _bytes_per_ms(self) -> int:
        return bytes_per_ms(self.session.audio.output.format) if isinstance(self.session, Session) else 48


def _check_messages(event: client.ClientEvent) -> None:
    """Raise ``ClientError`` if a message of the client's isn't one: a service's own words for that don't help."""
    match event:
        case client.ItemCreate(item=Message() as message):
            check_message(message, "item")
        case client.ResponseCreate(response=client.ResponseParams(input=list() as items)):
            for place, item in enumerate(items):
                if isinstance(item, Message):
                    check_message(item, f"response.input[{place}]")
        case _:
            pass
