"""A connection over picows: frames are parsed and masked in C, which makes a relayed message a third cheaper."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping

from picows import (
    WSCloseCode,
    WSFrame,
    WSHandshakeError,
    WSListener,
    WSMsgType,
    WSTransport,
    ws_connect,  # pyright: ignore[reportUnknownVariableType] - its keywords for create_connection
)

from vasi.backends.upstream.links.liveness import Liveness
from vasi.backends.upstream.links.ports import CLOSE_S, FRAMES_AHEAD, LARGEST_FRAME, ConnectionLost
from vasi.backends.upstream.links.refused import HandshakeFailed, HandshakeRefused

_TEXT = WSMsgType.TEXT


class PicowsLink(WSListener):
    """See ``ServiceLink``. Frames that are split are put together here; picows answers pings by itself."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: WSTransport
        self._liveness: Liveness
        self._frames: deque[str] = deque()
        self._parts: list[bytes] = []
        self._parts_size = 0
        self._waiter: asyncio.Future[None] | None = None
        self._reading = True
        self._writable = asyncio.Event()
        self._writable.set()
        self._pong = asyncio.Event()
        self._lost: str | None = None
        """Why the connection is over; None while it isn't."""

    # --- ServiceLink ----------------------------------------------------------------------------------------------
    async def receive(self) -> str:
        while not self._frames:
            if self._lost is not None:
                raise ConnectionLost(self._lost)
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        frame = self._frames.popleft()
        if not self._reading and len(self._frames) < FRAMES_AHEAD // 2 and self._lost is None:
            self._reading = True
            self._transport.underlying_transport.resume_reading()
        return frame

    async def send(self, frame: bytes) -> None:
        if self._is_open():
            self._transport.send(_TEXT, frame)
            if self._writable.is_set():
                return
            await self._writable.wait()
        if self._lost is not None:
            raise ConnectionLost(self._lost)

    def has_room(self) -> bool:
        return self._is_open() and not self._transport.underlying_transport.get_write_buffer_size()

    def write(self, frame: bytes) -> None:
        self._transport.send(_TEXT, frame)

    def watch(self, waits: Callable[[], bool]) -> None:
        self._liveness.response_pending = waits

    async def close(self) -> None:
        await self._liveness.stop()
        if self._lost is not None:
            return
        self._resume()
        try:
            if not self._transport.is_close_frame_sent:
                self._transport.send_close(WSCloseCode.OK)
            async with asyncio.timeout(CLOSE_S):
                await self._transport.wait_disconnected()
        except TimeoutError:
            self._transport.disconnect(graceful=False)
        except Exception:  # noqa: S110 - what ended it was told to whoever received; it is over
            pass

    # --- WSListener -----------------------------------------------------------------------------------------------
    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        self._liveness = Liveness(self._ping, lambda: transport.disconnect(graceful=False))

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        kind = frame.msg_type
        if kind is WSMsgType.PONG:
            # Not an answer: a service that only sends pongs doesn't respond.
            self._pong.set()
            return
        self._liveness.frame_received = True
        if kind is WSMsgType.CLOSE:
            if not transport.is_close_frame_sent:
                transport.send_close(WSCloseCode.OK)
            transport.disconnect()
        elif kind is not WSMsgType.PING:
            self._receive_data(transport, frame)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._lost = self._liveness.reason or _reason(transport) or "the connection broke"
        self._pong.set()
        self._writable.set()
        self._wake()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    # --- parts ----------------------------------------------------------------------------------------------------
    def _receive_data(self, transport: WSTransport, frame: WSFrame) -> None:
        try:
            if frame.fin and not self._parts:
                text = frame.get_payload_as_utf8_text()
            else:
                self._parts_size += frame.payload_size
                if self._parts_size > LARGEST_FRAME:
                    transport.send_close(WSCloseCode.MESSAGE_TOO_BIG)
                    transport.disconnect()
                    return
                self._parts.append(frame.get_payload_as_bytes())
                if not frame.fin:
                    return
                text = b"".join(self._parts).decode()
                self._parts, self._parts_size = [], 0
        except UnicodeDecodeError:
            transport.send_close(WSCloseCode.INVALID_TEXT)
            transport.disconnect()
            return
        self._frames.append(text)
        if self._reading and len(self._frames) >= FRAMES_AHEAD:
            self._reading = False
            transport.underlying_transport.pause_reading()
        self._wake()

    def _resume(self) -> None:
        if not self._reading:
            self._reading = True
            self._transport.underlying_transport.resume_reading()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _is_open(self) -> bool:
        return self._lost is None and not self._transport.is_close_frame_sent

    async def _ping(self) -> None:
        if self._lost is not None:
            raise ConnectionError(self._lost)
        self._pong.clear()
        self._transport.send_ping()
        await self._pong.wait()


def _reason(transport: WSTransport) -> str:
    """What the service said when it closed the connection."""
    # Without a closing frame there is no handshake at all, which the stubs don't tell.
    received = getattr(transport.close_handshake, "recv", None)
    return "" if received is None else str(received.reason or f"close code {received.code.value}")


async def open_picows(url: str, headers: Mapping[str, str]) -> PicowsLink:
    """Connect. Raises ``HandshakeRefused``, ``HandshakeFailed``, ``OSError``."""
    try:
        transport, link = await ws_connect(
            PicowsLink,
            url,
            extra_headers=dict(headers),
            max_redirects=0,  # one would carry the key to wherever it leads
            max_frame_size=LARGEST_FRAME,
            websocket_handshake_timeout=None,  # the caller's
            use_aiofastnet=False,
        )
    except WSHandshakeError as error:
        if error.response is not None and error.response.status != 101:
            raise HandshakeRefused(int(error.response.status), error.raw_body or b"") from None
        raise HandshakeFailed(str(error)) from None
    assert isinstance(link, PicowsLink), "made by the factory"
    # The handshake is over; its headers hold the key.
    for handshake in (transport.request, transport.response):
        handshake.headers.clear()
    return link
