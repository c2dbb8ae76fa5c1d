"""Takes calls, as many as this process can serve in time."""

from __future__ import annotations

import asyncio
import logging
import time

from aiortc.rtcdtlstransport import RTCCertificate

from vasi.errors import OverloadedError
from vasi.transports.codec import Codec
from vasi.transports.ports import IceServer
from vasi.transports.webrtc.codec import quiet_libraries
from vasi.transports.webrtc.link import WebRtcLink
from vasi.transports.webrtc.offer import parse_offer
from vasi.transports.webrtc.settings import WebRtcSettings
from vasi.transports.webrtc.sockets import SharedSockets

log = logging.getLogger(__name__)

LATE_S = 0.02
"""Sound that leaves later than this on the average tells that the process has more to do than it can."""


class WebRtcTransport:
    """The calls of one server.

    Args:
        settings: how calls reach it, and how many there may be.
    """

    def __init__(self, settings: WebRtcSettings) -> None:
        self._settings = settings
        self._sockets = SharedSockets(settings.bound_to, settings.first_port, settings.last_port)
        self._links: set[WebRtcLink] = set()
        self._certificate: RTCCertificate | None = None
        quiet_libraries()

    @property
    def port(self) -> int | None:
        """The UDP port of all calls; None as long as there was none."""
        return self._sockets.port

    @property
    def calls(self) -> int:
        """How many there are."""
        return len(self._links)

    def require_room(self) -> None:
        """See that one more call can be served in time. Raises ``OverloadedError``."""
        most = self._settings.most_calls
        if self.calls >= most:
            text = f"All {most} WebRTC calls that this server takes at a time are in use; try later, or use WebSocket."
            raise OverloadedError(text)
        late = max((link.lateness.mean for link in self._links), default=0.0)
        if late > LATE_S:
            text = (
                f"This server is too busy for another WebRTC call (its sound leaves {late * 1000:.0f} ms late); "
                "try later, or use WebSocket."
            )
            raise OverloadedError(text)

    async def answer(self, text: str, codec: Codec, *, call_id: str, filtered: bool) -> tuple[str, WebRtcLink]:
        """Take a call.

        Args:
            text: the client's offer (SDP).
            codec: the dialect that is spoken on its data channel.
            call_id: names the call.
            filtered: the data channel shows only what a page needs.

        Returns:
            The answer to the client (SDP), and the link.

        Raises:
            ClientError: the offer can't be taken.
            OverloadedError: there is no room, or no port.
        """
        offer = parse_offer(text)
        self.require_room()
        if self._certificate is None:
            self._certificate = await asyncio.to_thread(RTCCertificate.generateCertificate)
        link: WebRtcLink
        link = WebRtcLink(
            offer,
            codec,
            self._sockets,
            self._settings,
            self._certificate,
            call_id=call_id,
            filtered=filtered,
            on_closed=lambda: self._links.discard(link),
        )
        self._links.add(link)
        try:
            return await link.answer(), link
        except OSError as error:
            log.error("A call can't be taken: %s", error)
            await link.close(1011, "")
            raise OverloadedError("This server has no UDP port for calls; see its log.") from None
        except BaseException:
            await link.close(1011, "")
            raise

    def ice_servers(self, user: str) -> list[IceServer]:
        """What helps ``user`` to reach this server from behind a firewall."""
        stun, turn = self._settings.stun, self._settings.turn
        servers = [] if stun is None else [IceServer((stun,))]
        if turn is not None:
            servers.append(IceServer(turn.urls, *turn.credentials(time.time(), user)))
        return servers

    def close(self) -> None:
        """The server stops: all calls end."""
        for link in list(self._links):
            link.hang_up()
        self._sockets.close()
