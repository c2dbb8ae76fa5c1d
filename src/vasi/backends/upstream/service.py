"""A model service: where it is, who asks it, how it's doing. One for all sessions of a server."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from vasi.backends.upstream import models, refusals
from vasi.backends.upstream.address import Address
from vasi.backends.upstream.breaker import Breaker, CircuitOpen, pauses
from vasi.backends.upstream.credentials import Credential
from vasi.backends.upstream.links import ConnectionLost, ServiceLink, open_link
from vasi.backends.upstream.reconnect_policy import ReconnectPolicy
from vasi.errors import ClientError, UpstreamError
from vasi.protocol import beta_upstream, service_session
from vasi.protocol.client_events import ResponseParams
from vasi.protocol.foreign import ServiceReader, UnknownEvent
from vasi.protocol.server_events import Error, ErrorBody, ServerEvent, SessionCreated, SessionUpdated
from vasi.protocol.session import AnySession, Session, TranscriptionSession

log = logging.getLogger(__name__)

OPENING = "vasi_opening"
"""Id of the event that configures a connection."""
LIFETIME_S = 3600.0
"""Of a connection that doesn't say when it expires."""
REFUSAL_S = 60.0
"""After so long without a try a service counts as available again: only a session can tell."""
STAGGER_S = 0.1
"""Sessions that lost their connections together come back within this time."""


class _Created(msgspec.Struct):
    """When a connection expires: in unix seconds; 0 or nothing if it isn't said."""

    class _Session(msgspec.Struct):
        expires_at: float | None = None

    session: _Session | None = None


_created = msgspec.json.Decoder(_Created)


OPTIONAL = ("reasoning", "parallel_tool_calls")
"""Fields of sessions and responses that only some models take: whoever refuses one isn't sent it again."""


class _FieldRefusedError(Exception):
    """The service doesn't take an optional field of the session."""


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """How a service is dealt with.

    Attributes:
        transcription_model: the transcription model, whatever the client asks for; on Azure a deployment.
        asks_again: an answer that a lost connection interrupted is asked for again.
        connect_timeout_s: how long a connection may take until it's configured.
        reconnect_s: how long reconnection is attempted.
    """

    transcription_model: str | None
    asks_again: bool
    connect_timeout_s: float
    reconnect_s: float


class Connection:
    """A configured connection.

    Args:
        link: what carries the frames.
        reader: understands them.
        expires_at: by ``clock``.
        clock: unix seconds.
    """

    def __init__(self, link: ServiceLink, reader: ServiceReader, expires_at: float, clock: Callable[[], float]) -> None:
        self.receive = link.receive
        self.send = link.send
        self.has_room = link.has_room
        self.write = link.write
        self.read = reader.read
        self.close = link.close
        self.watch = link.watch
        self._expires_at = expires_at
        self._clock = clock

    def expires_in(self) -> float:
        """Seconds from now."""
        return self._expires_at - self._clock()


class Service:
    """One model of one service.

    Args:
        address: where it is.
        credential: who asks.
        settings: how it's dealt with.
        rng: for jitter.
        clock: unix seconds.
    """

    def __init__(
        self,
        address: Address,
        credential: Credential,
        settings: ServiceSettings,
        *,
        rng: random.Random | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.address = address
        self._credential = credential
        self._settings = settings
        self._rng = rng or random.Random()  # noqa: S311 (jitter)
        self._clock = clock
        self._replaced: set[str] = set()
        """Retired models of which the log has told."""
        self._refused_fields: set[str] = set() if models.takes_reasoning(address.model) else set(OPTIONAL)
        self._breaker = Breaker(clock=time.monotonic, rng=self._rng)
        self._refusal: tuple[str, float] | None = None
        """Why the last connection wasn't made, and when, by ``clock``."""

    @property
    def problem(self) -> str:
        """Why sessions can't be opened, in a sentence; "" if the last could, or none has been tried for a while."""
        if self._refusal is None or self._clock() - self._refusal[1] > REFUSAL_S:
            return ""
        return self._refusal[0]

    def accepted(self, session: AnySession) -> AnySession:
        """``session`` without the optional fields that the service doesn't take."""
        return replace(session, **self._left_out()) if isinstance(session, Session) else session

    def accepted_params(self, params: ResponseParams) -> ResponseParams:
        """The same of a ``response.create``."""
        return replace(params, **self._left_out())

    def _left_out(self) -> dict[str, Any]:
        return dict.fromkeys(self._refused_fields, UNSET)

    def refuses_field(self, error: ErrorBody) -> bool:
        """Whether the service hereby says that it doesn't take an optional field, which it isn't sent any more."""
        named = {name for name in OPTIONAL if name in f"{error.param or ''} {error.message}"} - self._refused_fields
        self._refused_fields |= named
        return bool(named)

    def transcribe(self, transcription: dict[str, Any]) -> dict[str, Any]:
        """A session's ``transcription`` as the service takes it: with a model, and only the fields of that model."""
        asked = self._settings.transcription_model or transcription.get("model") or models.TRANSCRIPTION_MODEL
        model = models.current(asked) if self.address.hosted else asked
        if model != asked and asked not in self._replaced:
            self._replaced.add(asked)
            log.warning("Transcription model: %s", models.retirement(asked))
        return models.transcription_fields({**transcription, "model": model})

    def first_session(self, session: AnySession) -> AnySession:
        """``session`` as the service can begin with it: without turn detection where the model has none."""
        if not isinstance(session, TranscriptionSession) or not self._commits_by_hand(session):
            return session
        return replace(session, audio=replace(session.audio, input=replace(session.audio.input, turn_detection=None)))

    def check(self, session: AnySession) -> None:
        """Raise ``ClientError`` if the service can't have this session."""
        if not isinstance(session, TranscriptionSession) or session.audio.input.turn_detection is None:
            return
        if self._commits_by_hand(session):
            text = (
                "This transcription model has no turn detection: set 'session.audio.input.turn_detection' to null, and "
                "send 'input_audio_buffer.commit' at the end of each turn."
            )
            raise ClientError(text, param="session.audio.input.turn_detection")

    def _commits_by_hand(self, session: TranscriptionSession) -> bool:
        asked = session.audio.input.transcription
        fields = self.transcribe({} if asked is None or asked.model is UNSET else {"model": asked.model})
        return not models.detects_turns(fields["model"])

    @property
    def context_tokens(self) -> int:
        """How much the model's context holds."""
        return models.realtime_model(self.address.model).context_tokens

    @property
    def asks_again(self) -> bool:
        return self._settings.asks_again

    def secrets(self) -> tuple[str, ...]:
        """What must never be read in a text."""
        return self._credential.secrets()

    def reconnect_policy(self) -> ReconnectPolicy:
        """For the connections of one session."""
        return ReconnectPolicy(self._settings.reconnect_s, self._rng)

    async def close(self) -> None:
        """Let go of the credential."""
        await self._credential.close()

    async def connect(self, session: AnySession) -> Connection:
        """A connection that knows ``session``. Raises ``UpstreamError``."""
        try:
            return await self._attempt(session)
        except CircuitOpen as refused:
            raise refusals.circuit_open(self.address, refused.seconds) from None
        except UpstreamError as error:
            log.warning("No session could be opened: %s", error.message)
            raise

    async def connect_again(self, session: AnySession) -> Connection:
        """As ``connect``, in the place of a connection that was lost: tried for a while. Raises ``UpstreamError``."""
        deadline = self._clock() + self._settings.reconnect_s
        pause = pauses(self._rng)
        await asyncio.sleep(self._rng.uniform(0, STAGGER_S))
        while True:
            try:
                return await self._attempt(session)
            except CircuitOpen as refused:
                wait = refused.seconds + self._rng.uniform(0, FAR_APART_S)
                failure = refusals.circuit_open(self.address, refused.seconds)
            except UpstreamError as error:
                if not error.retryable:
                    raise
                wait, failure = pause(), error
            left = deadline - self._clock()
            if left <= 0:
                raise refusals.not_reconnected(failure, self._settings.reconnect_s)
            await asyncio.sleep(min(wait, left))

    async def _attempt(self, session: AnySession) -> Connection:
        try:
            async with self._breaker.attempt():
                connection = await self._connect(session)
        except UpstreamError as error:
            # What the client wants of the session isn't the service's fault.
            if error.code != refusals.REFUSED_SESSION:
                self._refusal = (error.message, self._clock())
            raise
        self._refusal = None
        return connection

    async def _connect(self, session: AnySession) -> Connection:
        seconds = self._settings.connect_timeout_s
        headers = await self._credential.headers()
        listening = not isinstance(session, Session)
        begin = time.monotonic()
        link = await open_link(self.address, headers, listening=listening, timeout_s=seconds, secrets=self.secrets())
        try:
            async with asyncio.timeout(max(0.1, seconds - (time.monotonic() - begin))):
                return await self._configured(link, session, listening=listening)
        except TimeoutError:
            await link.close()
            raise refusals.too_slow(self.address, seconds) from None
        except ConnectionLost as gone:
            raise refusals.connection_lost(self.address, refusals.scrubbed(str(gone), *self.secrets())) from None
        except BaseException:
            await link.close()
            raise

    async def _configured(self, link: ServiceLink, session: AnySession, *, listening: bool) -> Connection:
        reader = ServiceReader()
        frame = await self._until(SessionCreated, link, reader, session)
        try:
            told = _created.decode(frame).session
        except msgspec.DecodeError:
            told = None
        expires_at = (told.expires_at if told is not None else None) or self._clock() + LIFETIME_S
        for _ in range(1 + len(OPTIONAL)):
            opening: dict[str, Any] = {
                "type": "session.update",
                "event_id": OPENING,
                "session": service_session.opening(self.accepted(session), self.transcribe),
            }
            if self.address.beta:
                opening = beta_upstream.client_event(opening, listening=listening)
            await link.send(msgspec.json.encode(opening))
            with contextlib.suppress(_FieldRefusedError):
                await self._until(SessionUpdated, link, reader, session)
                break
        return Connection(link, reader, expires_at, self._clock)

    async def _until(
        self, kind: type[ServerEvent], link: ServiceLink, reader: ServiceReader, session: AnySession
    ) -> str:
        while True:
            frame = await link.receive()
            try:
                events = reader.read(frame, session)
            except UnknownEvent:
                continue
            for event in events:
                if isinstance(event, Error):
                    said = refusals.scrubbed(event.error.message, *self.secrets())
                    if kind is SessionUpdated and self.refuses_field(event.error):
                        raise _FieldRefusedError
                    if event.error.event_id == OPENING:
                        raise refusals.refused_session(self.address, said)
                    raise refusals.from_error(event.error, said, self.address)
                if isinstance(event, kind):
                    return frame


FAR_APART_S = 1.0
"""Sessions that waited for an open circuit reconnect within this time."""
