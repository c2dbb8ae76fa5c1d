"""A call as the gateway's link: sound on its own stream, all other events on the data channel.

The link plays the answers itself. So it knows to 20 ms how much was heard, pauses when somebody may be cutting in,
throws away what is left when somebody does, and tells the session how much was played: the same session serves both
kinds of clients, and a model service behind it needn't know of calls.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from typing import TypeAlias, assert_never

from aiortc import RTCDataChannel
from aiortc.rtcdtlstransport import RTCCertificate
from msgspec import UNSET
from msgspec.structs import replace

from vasi.errors import ClientError
from vasi.gateway.ports import Link, Received, Sent, UndecodableEvent
from vasi.protocol import client_events as client
from vasi.protocol import extension
from vasi.protocol import server_events as ev
from vasi.protocol.output_buffer import OutputBufferCleared, OutputBufferStarted, OutputBufferStopped
from vasi.protocol.raw import RawAudioDelta
from vasi.protocol.session import AnySession
from vasi.transports.codec import Codec
from vasi.transports.controllers import OWN_EVENT as CONTROLLERS_EVENT
from vasi.transports.controllers import Controllers, shows_activity
from vasi.transports.webrtc.channel import EventChannel
from vasi.transports.webrtc.filters import is_shown_filtered, small_enough, without_formats
from vasi.transports.webrtc.offer import Offer, parse_offer
from vasi.transports.webrtc.peer import Peer
from vasi.transports.webrtc.player import Cleared, Cut, Heard, Played, Player, Started, Stopped
from vasi.transports.webrtc.settings import WebRtcSettings
from vasi.transports.webrtc.sockets import SharedSockets
from vasi.transports.webrtc.sound import SESSION_RATE, Lateness, SoundReceiver, SoundSender

log = logging.getLogger(__name__)

OWN_EVENT = "vasi_call_"
"""How ids of events begin that the link sends in the client's place; errors about them are nobody's."""
UNHEARD_PIECES = 500
"""Pieces of the client's sound (10 s) that may wait for the session; older ones are dropped."""
UNREAD_BYTES = 32 * 1024 * 1024
"""Of the client's other events; a call that brings more ends."""
GOODBYE_S = 1.0

Hook: TypeAlias = Callable[[], None]


class WebRtcLink:
    """One call.

    Args:
        offer: the client's.
        codec: the dialect that is spoken on the data channel.
        sockets: those of the server.
        settings: how calls reach it.
        certificate: the server's, for DTLS.
        call_id: goes into the ids of events that are made here.
        filtered: the data channel shows only what a page needs: not what the server told the model.
        on_closed: called once the call is over.
    """

    def __init__(
        self,
        offer: Offer,
        codec: Codec,
        sockets: SharedSockets,
        settings: WebRtcSettings,
        certificate: RTCCertificate,
        *,
        call_id: str,
        filtered: bool = False,
        on_closed: Hook = lambda: None,
    ) -> None:
        self._codec = codec
        self._call_id = call_id
        self._filtered = filtered
        self._on_closed = on_closed
        self._largest = offer.largest_message
        self._incoming: deque[Received] = deque()
        self._unread = 0
        self._unheard = 0
        self._waiting: asyncio.Future[None] | None = None
        self._events = 0
        self._session: AnySession | None = None
        self._over = False
        self.dropped = False
        """It has ended, and neither the client nor the server meant it to."""
        self._channel = EventChannel(expected=offer.channel is not None, on_text=self._take_text)
        self._controllers = Controllers(self._take_event)
        self._player = Player(self._on_heard)
        self._receiver = SoundReceiver(offer.sound.payload_type, self._take_sound)
        self._peer = Peer(
            offer,
            sockets,
            settings,
            certificate,
            rate=SESSION_RATE,
            on_packet=self._on_packet,
            on_channel=self._open_channel,
            on_lost=self._lose,
        )
        self._sender = SoundSender(
            offer.sound.payload_type, self._peer.ssrc, self._player.take, self._peer.send, self._receiver
        )
        self._connecting: asyncio.Task[None] | None = None
        self._closing = False

    # --- the connection ---------------------------------------------------------------------------------------------
    async def answer(self) -> str:
        """The answer to the client's offer; from then on it may connect. Raises ``OSError``: no port is free."""
        text = await self._peer.answer()
        self._connecting = asyncio.create_task(self._connect())
        return text

    async def _connect(self) -> None:
        try:
            await self._peer.connect()
        except (ConnectionError, TimeoutError) as error:
            log.info("Call %s: no connection (%s).", self._call_id, error or "the client didn't come")
            self._end()
            return
        self._sender.start()

    async def restart(self, text: str) -> str:
        """Look for another way to the client, which has offered one. Raises ``ClientError``, ``OSError``."""
        return await self._peer.restart(parse_offer(text))

    @property
    def lateness(self) -> Lateness:
        """How punctually sound leaves."""
        return self._sender.lateness

    def _open_channel(self, channel: RTCDataChannel) -> None:
        if self._channel.open(channel):
            channel.on("close", self._leave)  # pyright: ignore[reportUnknownMemberType]

    def _on_packet(self, data: bytes, rtcp: bool) -> None:
        now = asyncio.get_running_loop().time()
        if rtcp:
            self._sender.note_reports(data, now)
        else:
            self._receiver.receive(data, now)

    def _leave(self) -> None:
        """The client has closed the data channel, as it does when it ends the call."""
        self._end()

    def _lose(self, said: bool) -> None:
        """The client has gone, or can't be reached any more; whether it said so."""
        self.dropped = not self._over and not said
        self._end()

    def hang_up(self) -> None:
        """End the call; harmless when repeated."""
        self._end()

    def _end(self) -> None:
        if not self._over:
            self._over = True
            self._sender.stop()
            if (skipped := self._sender.lateness.skipped) > 0:
                log.warning("Call %s: %.1f s of sound weren't sent in time.", self._call_id, skipped)
            self._channel.close()
            self._controllers.close()
            self._wake()
            self._on_closed()

    # --- what the client sends --------------------------------------------------------------------------------------
    def _take_sound(self, sound: bytes) -> None:
        if self._unheard >= UNHEARD_PIECES or self._over:
            return
        self._unheard += 1
        self._incoming.append(client.AudioAppend(audio=sound))
        self._wake()

    def _take_text(self, text: str | bytes) -> None:
        if self._over:
            return
        self._unread += len(text)
        if self._unread > UNREAD_BYTES:
            log.warning("Call %s: the client sends more than it may.", self._call_id)
            self._end()
            return
        self._take_event(self._codec.decode(text))

    def _take_event(self, event: Received) -> None:
        taken = self._taken(event)
        if taken is not None:
            self._incoming.append(taken)
            self._wake()

    def _taken(self, event: Received) -> Received | None:
        """What the session gets of an event; None for nothing."""
        match event:
            case client.OutputAudioClear():
                self._clear()
                return None
            case client.AudioAppend() | client.Playout():
                what = "sound goes" if isinstance(event, client.AudioAppend) else "the server knows what was played"
                where = " on the audio track" if isinstance(event, client.AudioAppend) else ""
                kind = event.__struct_config__.tag
                error = ClientError(f"Over WebRTC {what}{where}; '{kind}' isn't taken.", param="type")
                return UndecodableEvent(error, None if event.event_id is UNSET else event.event_id)
            case client.SessionUpdate():
                return replace(event, session=without_formats(event.session))
            case client.ResponseCreate(response=client.ResponseParams(audio=client.ResponseAudio() as audio) as asked):
                output = audio.output if audio.output is UNSET else replace(audio.output, format=UNSET)
                return replace(event, response=replace(asked, audio=replace(audio, output=output)))
            case _:
                return event

    def _inject(self, event: client.ClientEvent) -> None:
        """Say something in the client's place."""
        self._events += 1
        self._incoming.append(replace(event, event_id=f"{OWN_EVENT}{self._events}"))
        self._wake()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    async def receive(self) -> Received | None:
        """The next event; None when the call is over."""
        while not self._incoming:
            if self._over:
                return None
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        if self._over:
            return None
        event = self._incoming.popleft()
        if isinstance(event, client.AudioAppend):
            self._unheard -= 1
        if not self._incoming:
            self._unread = 0
        return event

    # --- what the client gets ---------------------------------------------------------------------------------------
    async def attach(self, controller: Link, lost: asyncio.Event) -> None:
        """Let ``controller`` see what the client sees and say what it may, until it leaves or the call ends.

        Args:
            controller: its connection.
            lost: set when it has lost access.

        Raises:
            OverloadedError: the call has enough of them.
        """
        await self._controllers.serve(controller, self._session, lost)

    async def send(self, event: Sent) -> None:
        """Send an event, or play it."""
        if not self._play(event):
            await self._channel.send(self._texts(event))
            self._follow(event)

    def send_now(self, event: Sent) -> bool:
        """Send an event, or play it, if that needs no waiting."""
        if self._play(event):
            return True
        if not self._channel.send_now(self._texts(event)):
            return False
        self._follow(event)
        return True

    def _play(self, event: Sent) -> bool:
        """Whether ``event`` was for the player alone."""
        match event:
            case RawAudioDelta():
                self._player.add(event.response_id, event.item_id, event.content_index, event.audio)
            case ev.OutputAudioDelta():
                self._player.add(event.response_id, event.item_id, event.content_index, event.delta)
            case ev.Error(error=ev.ErrorBody(event_id=str(about))) if about.startswith(OWN_EVENT):
                log.debug("Call %s: %s", self._call_id, event.error.message)
            case ev.Error(error=ev.ErrorBody(event_id=str(about))) if about.startswith(CONTROLLERS_EVENT):
                self._controllers.tell(event, activity=False)
            case extension.OutputAudioHold() | extension.OutputAudioResume() if not shows_activity(self._session):
                self._follow(event)
            case _:
                return False
        return True

    def _follow(self, event: Sent) -> None:
        """``event`` has been sent: what follows from it."""
        self._controllers.tell(event, activity=shows_activity(self._session))
        match event:
            case ev.SessionCreated(session=session) | ev.SessionUpdated(session=session):
                self._session = session
            case ev.OutputAudioDone():
                self._player.finish(event.item_id, event.content_index)
            case ev.ResponseDone(response=response):
                self._player.end(response.id)
            case ev.SpeechStarted() if self._interrupts:
                self._clear()
            case extension.OutputAudioHold():
                self._player.hold()
            case extension.OutputAudioResume():
                self._player.resume()
            case _:
                pass

    @property
    def _interrupts(self) -> bool:
        detection = None if self._session is None else self._session.audio.input.turn_detection
        return detection is None or detection.interrupt_response

    def _texts(self, event: Sent) -> list[str]:
        if isinstance(event, RawAudioDelta) or not self._channel.expected:
            return []
        if self._filtered and not is_shown_filtered(event):
            return []
        return small_enough(event, self._codec, self._largest)

    # --- the player -------------------------------------------------------------------------------------------------
    def _clear(self) -> None:
        self._player.clear()

    def _on_heard(self, heard: Heard) -> None:
        match heard:
            case Started(response_id):
                self._tell(OutputBufferStarted(response_id=response_id))
            case Stopped(response_id):
                self._tell(OutputBufferStopped(response_id=response_id))
            case Cleared(response_id):
                self._tell(OutputBufferCleared(response_id=response_id))
            case Cut(item_id, content_index, played_ms):
                truncate = client.ItemTruncate(item_id=item_id, content_index=content_index, audio_end_ms=played_ms)
                self._inject(truncate)
            case Played(item_id, played_ms):
                self._inject(client.Playout(item_id=item_id, played_ms=played_ms))
            case _:
                assert_never(heard)

    def _tell(self, event: ev.ServerEvent) -> None:
        """Send an event that is made here. They are few and small: they don't wait for what waits."""
        self._events += 1
        event = replace(event, event_id=f"event_{self._call_id}_{self._events:x}")
        self._channel.send_now(self._texts(event))
        self._controllers.tell(event, activity=False)

    # --- the end ----------------------------------------------------------------------------------------------------
    async def close(self, code: int, reason: str) -> None:
        """Close when the client has taken what was sent; harmless when repeated."""
        if self._closing:
            return
        self._closing = True
        if not self._over:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GOODBYE_S):
                    await self._channel.flush()
        self._end()
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        await self._peer.close()
