"""A connection over ``websockets``: through proxies, and where picows isn't installed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, WebSocketException
from websockets.protocol import State

from vasi.backends.upstream.links.liveness import Liveness
from vasi.backends.upstream.links.ports import CLOSE_S, FRAMES_AHEAD, LARGEST_FRAME, ConnectionLost
from vasi.backends.upstream.links.refused import HandshakeFailed, HandshakeRefused


class WebsocketsLink:
    """See ``ServiceLink``."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._protocol = socket.protocol
        self._liveness = Liveness(self._ping, socket.transport.abort)
        # The handshake is over; its headers hold the key, and weigh as much as the rest of a session.
        for handshake in (socket.request, socket.response):
            if handshake is not None:
                handshake.headers.clear()

    async def receive(self) -> str:
        try:
            frame = await self._socket.recv(decode=True)
        except ConnectionClosed as closed:
            raise ConnectionLost(self._why(closed)) from None
        self._liveness.frame_received = True
        return frame

    async def send(self, frame: bytes) -> None:
        try:
            await self._socket.send(frame, text=True)
        except ConnectionClosed as closed:
            raise ConnectionLost(self._why(closed)) from None

    def has_room(self) -> bool:
        return self._protocol.state is State.OPEN and not self._socket.transport.get_write_buffer_size()

    def write(self, frame: bytes) -> None:
        self._protocol.send_text(frame)
        self._socket.transport.writelines(self._protocol.data_to_send())

    def watch(self, waits: Callable[[], bool]) -> None:
        self._liveness.response_pending = waits

    async def close(self) -> None:
        await self._liveness.stop()
        await self._socket.close()

    async def _ping(self) -> None:
        try:
            await (await self._socket.ping())
        except ConnectionClosed as closed:
            raise ConnectionError(str(closed)) from None

    def _why(self, closed: ConnectionClosed) -> str:
        if self._liveness.reason:
            return self._liveness.reason
        if closed.rcvd is None:
            return "the connection broke"
        return closed.rcvd.reason or f"close code {closed.rcvd.code}"


class _Connect(connect):
    """Never follows a redirect: it would carry the key to wherever it leads."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


async def open_websockets(url: str, headers: Mapping[str, str], proxy: str | None) -> WebsocketsLink:
    """Connect. Raises ``HandshakeRefused``, ``HandshakeFailed``, ``OSError``."""
    try:
        socket = await _Connect(
            url,
            additional_headers=dict(headers),
            compression=None,
            proxy=proxy,
            open_timeout=None,
            close_timeout=CLOSE_S,
            max_size=LARGEST_FRAME,
            max_queue=FRAMES_AHEAD,
            ping_interval=None,  # the link does it
        )
    except InvalidStatus as refused:
        raise HandshakeRefused(refused.response.status_code, bytes(refused.response.body or b"")) from None
    except (InvalidHandshake, WebSocketException) as error:
        raise HandshakeFailed(str(error.__cause__ or error) or type(error).__name__) from None
    return WebsocketsLink(socket)
