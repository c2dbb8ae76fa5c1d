# pyright: reportPrivateUsage=false, reportUnknownMemberType=false
"""One client's end of a call: ICE, DTLS, SRTP and the data channel, put together from the parts of aiortc.

Its ``RTCPeerConnection`` isn't used: it has threads and tasks for each stream, a jitter buffer that keeps what it has
once waited for, a port for each call, and no ICE restart.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from secrets import randbits
from typing import Any

from aiortc import RTCDataChannel, RTCSctpTransport
from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsTransport
from aiortc.rtp import is_rtcp
from pylibsrtp import Error as SrtpError

from vasi.errors import ClientError
from vasi.transports.webrtc.ice import IceTransport, SharedPortConnection
from vasi.transports.webrtc.offer import Offer, answer_text
from vasi.transports.webrtc.settings import WebRtcSettings
from vasi.transports.webrtc.sockets import SharedSockets

log = logging.getLogger(__name__)

CONNECT_S = 30.0
"""How long a client may take to connect after it has its answer."""


class Peer:
    """A call's connection.

    Args:
        offer: the client's.
        sockets: those of the server.
        settings: how calls reach it.
        certificate: the server's, for DTLS.
        rate: samples a second of the sound that is sent.
        on_packet: takes a packet of RTP, and of RTCP if its second argument says so.
        on_channel: takes the data channel when it's open.
        on_lost: called once when the client has gone; whether it said so.
    """

    def __init__(
        self,
        offer: Offer,
        sockets: SharedSockets,
        settings: WebRtcSettings,
        certificate: RTCCertificate,
        *,
        rate: int,
        on_packet: Callable[[bytes, bool], None],
        on_channel: Callable[[RTCDataChannel], None],
        on_lost: Callable[[bool], None],
    ) -> None:
        self.ssrc = randbits(31) | 1
        self._offer = offer
        self._rate = rate
        self._on_packet = on_packet
        self._on_channel = on_channel
        self._on_lost = on_lost
        self._ice = IceTransport(sockets, settings, self._take_media, lambda: self._lose(said=False))
        transport: Any = self._ice  # what DTLS needs of an RTCIceTransport
        self._dtls = RTCDtlsTransport(transport, [certificate])
        self._dtls._set_role("server" if offer.dtls.role == "client" else "client")
        self._dtls.on("statechange", self._on_dtls_state)
        self._sctp = None if offer.channel is None else RTCSctpTransport(self._dtls)
        self._gathered: SharedPortConnection | None = None
        self._restarting: asyncio.Task[None] | None = None
        self._version = 0
        self._lost = False

    async def answer(self) -> str:
        """The answer to the offer. Raises ``OSError``: no port is free."""
        self._gathered = await self._ice.gather(controlling=self._offer.ice.iceLite)
        return self._answer(self._gathered)

    def _answer(self, gathered: SharedPortConnection) -> str:
        self._version += 1
        return answer_text(
            self._offer,
            name=gathered.local_username,
            password=gathered.local_password,
            candidates=gathered.shown,
            dtls=self._dtls.getLocalParameters(),
            ssrc=self.ssrc,
            rate=self._rate,
            version=self._version,
        )

    async def connect(self) -> None:
        """Connect to the client after ``answer``. Raises ``ConnectionError``, ``TimeoutError``."""
        assert self._gathered is not None
        async with asyncio.timeout(CONNECT_S):
            gathered, self._gathered = self._gathered, None
            await self._ice.use(gathered, self._offer.ice, self._offer.candidates)
            await self._dtls.start(self._offer.dtls)
        if self._dtls.state != "connected":
            raise ConnectionError("The client's certificate isn't the one of its offer, or its DTLS failed.")
        if self._sctp is not None:
            self._sctp.on("datachannel", self._on_channel)
            await self._sctp.start(self._offer.channel_limits, self._offer.channel_port)

    async def restart(self, offer: Offer) -> str:
        """Look for another way to the same client (an ICE restart); the answer to its new offer.

        Raises:
            ClientError: it isn't the same client, or its offer isn't about the same media.
            OSError: no port is free.
        """
        prints = {print_.value.upper() for print_ in offer.dtls.fingerprints}
        if prints != {print_.value.upper() for print_ in self._offer.dtls.fingerprints}:
            raise ClientError("The new offer has another certificate; only ICE can be restarted.", param="sdp")
        if (offer.sound.mid, offer.channel) != (self._offer.sound.mid, self._offer.channel):
            raise ClientError("The new offer is about other media; only ICE can be restarted.", param="sdp")
        if offer.ice.usernameFragment == self._offer.ice.usernameFragment:
            raise ClientError("The new offer restarts nothing; call 'restartIce' before 'createOffer'.", param="sdp")
        gathered = await self._ice.gather(controlling=offer.ice.iceLite)
        self._offer = offer
        if self._restarting is not None:
            self._restarting.cancel()
        self._restarting = asyncio.create_task(self._use(gathered, offer))
        return self._answer(gathered)

    async def _use(self, gathered: SharedPortConnection, offer: Offer) -> None:
        with contextlib.suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(CONNECT_S):
                await self._ice.use(gathered, offer.ice, offer.candidates)

    # --- sound ------------------------------------------------------------------------------------------------------
    def send(self, data: bytes, *, rtcp: bool = False) -> None:
        """Send a packet of RTP or RTCP; before the connection is made, and after, it's lost."""
        session: Any = self._dtls._tx_srtp
        if session is not None and not self._lost:
            self._ice.send_now(session.protect_rtcp(data) if rtcp else session.protect(data))

    def _take_media(self, data: bytes) -> None:
        session: Any = self._dtls._rx_srtp
        if session is None or len(data) < 2:
            return
        rtcp = is_rtcp(data)
        try:
            plain = session.unprotect_rtcp(data) if rtcp else session.unprotect(data)
        except (SrtpError, ValueError, TypeError):
            return  # a copy of an earlier one, or somebody else's
        self._on_packet(plain, rtcp)

    # --- the end ----------------------------------------------------------------------------------------------------
    def _on_dtls_state(self) -> None:
        if self._dtls.state in ("closed", "failed"):
            self._lose(said=self._dtls.state == "closed")

    def _lose(self, *, said: bool) -> None:
        if not self._lost:
            self._lost = True
            self._on_lost(said)

    async def close(self) -> None:
        """Say goodbye and let go of everything."""
        self._lost = True
        if self._restarting is not None:
            self._restarting.cancel()
        if self._sctp is not None:
            with contextlib.suppress(ConnectionError):
                await self._sctp.stop()
        with contextlib.suppress(ConnectionError):
            await self._dtls.stop()
        if self._gathered is not None:
            await self._gathered.close()
        await self._ice.stop()
