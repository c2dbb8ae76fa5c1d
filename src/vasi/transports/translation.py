"""Translation sessions over WebSocket: their wire at the edge, a conversation that interprets behind it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence

import msgspec
from msgspec import UNSET
from starlette.types import Receive, Send
from starlette.websockets import WebSocket

from vasi.errors import ClientError, UpstreamError
from vasi.gateway.ports import Received, Sent, UndecodableEvent
from vasi.protocol import server_events as ev
from vasi.protocol import translation as wire
from vasi.protocol.client_events import AudioAppend, AudioClear, SessionUpdate
from vasi.protocol.codec import encode, event_id_of
from vasi.protocol.frame_limits import require_decodable
from vasi.protocol.nulls import without_nulls
from vasi.protocol.raw import RawAudioDelta
from vasi.protocol.refusal import refuse
from vasi.protocol.session import Pcm, bytes_per_ms
from vasi.protocol.translation import TRANSLATION
from vasi.transports.websocket import SUBPROTOCOL, WebSocketLink, offered_subprotocols

CLOSING_SILENCE_MS = 1_500
"""What is heard after the client's last audio, so that the last turn ends."""
CLOSING_S = 60.0
"""How long the last translations may take once the client wants to close."""

_BYTES_PER_MS = bytes_per_ms(Pcm())
_SPACELESS = ((0x2E80, 0x9FFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF), (0x20000, 0x3FFFF))
"""Characters (Chinese, Japanese ...) of texts that have no spaces between sentences."""

_encoder = msgspec.json.Encoder()


class _Head(msgspec.Struct):
    type: object = None


_head = msgspec.json.Decoder(_Head)
CLIENT_EVENT_TYPES = ("session.update", "session.input_audio_buffer.append", "session.close")


class TranslationCodec:
    """The frames of one translation session. It keeps count of what is still to be translated."""

    def __init__(self) -> None:
        self.closing = False
        """The client has said that it sends nothing more."""
        self._heard_all = False
        """All the client's audio has been heard, and whose turn it was has been decided."""
        self._turns = 0
        """Turns that no translation has begun for."""
        self._responses: set[str] = set()
        self._audio_bytes = 0
        self._source = _Transcript()
        self._translation = _Transcript()
        self._told: set[str] = set()
        """Items whose transcript came piece by piece."""

    @property
    def over(self) -> bool:
        """The client is closing, and everything has been said."""
        return self.closing and self._heard_all and not self._turns and not self._responses

    def decode(self, frame: str | bytes) -> Received:
        """The event of a conversation that a client's frame stands for; to close is to hear silence."""
        try:
            require_decodable(frame)
            event = _decoded(frame)
            match event:
                case wire.TranslationAppend(audio=audio):
                    self._audio_bytes += len(audio)
                    return AudioAppend(audio=audio, event_id=event.event_id)
                case wire.TranslationUpdate(session=session):
                    return SessionUpdate(session=wire.realtime_change(session), event_id=event.event_id)
                case wire.TranslationClose():
                    self.closing = True
                    return AudioAppend(audio=bytes(CLOSING_SILENCE_MS * _BYTES_PER_MS))
        except ClientError as error:
            return UndecodableEvent(error, event_id_of(frame))

    def encode(self, event: Sent) -> Sequence[str]:
        """The frames that tell of ``event``; the last ends the session."""
        frames = [] if (shown := self._shown(event)) is None else [_frame(shown)]
        return [*frames, _frame(wire.TranslationClosed(event_id=f"{event.event_id}z"))] if self.over else frames

    def _shown(self, event: Sent) -> wire.TranslationServerEvent | None:
        match event:
            case ev.SessionCreated():
                return wire.TranslationCreated(event_id=event.event_id, session=wire.shown_translation(event.session))
            case ev.SessionUpdated():
                return wire.TranslationUpdated(event_id=event.event_id, session=wire.shown_translation(event.session))
            case ev.Error():
                return msgspec.structs.replace(event, error=_as_translation(event.error))
            case ev.TranscriptionDelta():
                self._told.add(event.item_id)
                return self._source_delta(event.event_id, event.item_id, event.delta)
            case ev.TranscriptionCompleted():
                if event.item_id in self._told:
                    self._told.discard(event.item_id)
                    return None
                return self._source_delta(event.event_id, event.item_id, event.transcript)
            case ev.OutputTranscriptDelta():
                delta = self._translation.add(event.response_id, event.delta)
                return wire.TranslationTranscriptDelta(
                    event_id=event.event_id, delta=delta, elapsed_ms=self._elapsed_ms
                )
            case ev.OutputAudioDelta():
                return self._audio_delta(event.event_id, event.delta)
            case RawAudioDelta():
                return self._audio_delta(event.event_id, event.audio)
            case ev.AudioCommitted():
                self._turns += 1
            case ev.AudioCleared():
                self._heard_all = True
            case ev.ResponseCreated(response=response):
                self._turns = 0
                self._responses.add(response.id)
            case ev.ResponseDone(response=response):
                self._responses.discard(response.id)
                return _failure(event.event_id, response)
            case _:
                pass
        return None

    @property
    def _elapsed_ms(self) -> int:
        elapsed = self._audio_bytes // _BYTES_PER_MS
        return elapsed - elapsed % wire.FRAME_MS

    def _source_delta(self, event_id: str, item_id: str, text: str) -> wire.SourceTranscriptDelta | None:
        delta = self._source.add(item_id, text)
        return (
            wire.SourceTranscriptDelta(event_id=event_id, delta=delta, elapsed_ms=self._elapsed_ms) if delta else None
        )

    def _audio_delta(self, event_id: str, audio: bytes) -> wire.TranslationAudioDelta:
        return wire.TranslationAudioDelta(event_id=event_id, delta=audio, elapsed_ms=self._elapsed_ms)


class _Transcript:
    """A text that only grows: what belongs to different turns is kept apart by a space, where its language has any."""

    def __init__(self) -> None:
        self._last = ""
        self._part = ""

    def add(self, part: str, text: str) -> str:
        """``text`` of this part as it goes on with what came before."""
        if not text:
            return ""
        between = part != self._part and self._last and not (_spaceless(self._last) or _spaceless(text[0]))
        delta = f" {text.lstrip()}" if between and not self._last.isspace() else text
        self._part, self._last = part, text[-1]
        return delta


class TranslationLink:
    """The socket of a client that has its speech translated."""

    dropped = False
    """A translation isn't resumed: what is said meanwhile would be lost."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._codec = TranslationCodec()
        self._link = WebSocketLink(receive, send, self._codec)
        self._cleared = False

    async def receive(self) -> Received | None:
        """The next event; after the client's wish to close, None once everything has been said."""
        if not self._codec.closing:
            return await self._link.receive()
        if not self._cleared:
            self._cleared = True
            return AudioClear()  # it's answered when all audio before it has been heard
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_S):
                while await self._link.receive() is not None:
                    pass  # what comes now, comes too late
                return None
        await self._link.send(ev.error_event(UpstreamError("The last translations took too long; they are lost.")))
        return None

    async def send(self, event: Sent) -> None:
        await self._link.send(event)
        if self._codec.over:
            await self._link.close(1000, "")

    def send_now(self, event: Sent) -> bool:
        """Always to be sent the other way: what an event stands for is reckoned once."""
        return False

    async def close(self, code: int, reason: str) -> None:
        await self._link.close(code, reason)


class TranslationTransport:
    """Translation sessions, where OpenAI's clients look for them."""

    paths = ("/v1/realtime/translations", "/openai/v1/realtime/translations")
    session_type = TRANSLATION

    async def accept(
        self, socket: WebSocket, receive: Receive, send: Send, headers: Mapping[str, str]
    ) -> TranslationLink:
        """Finish the handshake; without ``headers``, which offer to resume the session."""
        await socket.accept(subprotocol=SUBPROTOCOL if SUBPROTOCOL in offered_subprotocols(socket) else None)
        return TranslationLink(receive, send)


def _decoded(frame: str | bytes) -> wire.TranslationClientEvent:
    """Raises ``ClientError``."""
    try:
        if _type(frame) not in CLIENT_EVENT_TYPES:
            known = ", ".join(f"'{name}'" for name in CLIENT_EVENT_TYPES)
            text = f"A translation session takes JSON objects whose 'type' is one of {known}."
            raise ClientError(text, code="invalid_event", param="type")
        tree = without_nulls(msgspec.json.decode(frame), wire.TranslationClientEvent)
        return msgspec.convert(tree, wire.TranslationClientEvent)
    except msgspec.ValidationError as error:
        raise refuse(error) from None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise ClientError("The event is not valid JSON.", code="invalid_json") from None


def _type(frame: str | bytes) -> object:
    try:
        return _head.decode(frame).type
    except msgspec.ValidationError:
        return None  # it's no object


def _frame(event: wire.TranslationServerEvent) -> str:
    return encode(event).decode() if isinstance(event, ev.Error) else _encoder.encode(event).decode()


def _as_translation(error: ev.ErrorBody) -> ev.ErrorBody:
    return msgspec.structs.replace(error, param=wire.translation_param(error.param))


def _failure(event_id: str, response: ev.Response) -> ev.Error | None:
    """The error of a translation that failed: there are no responses to tell it by."""
    details = response.status_details
    if details is None or details.error is UNSET:
        return None
    error = details.error
    message = "The translation failed." if error.message is UNSET else error.message
    return ev.Error(event_id=event_id, error=ev.ErrorBody(type=error.type, code=error.code, message=message))


def _spaceless(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _SPACELESS)
