"""WebSockets as uvicorn serves them, with limits on how small and how frequent a client's frames may be."""

from __future__ import annotations

import asyncio
import math
from asyncio.transports import BaseTransport
from time import perf_counter
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.frames import Frame

from vasi.web.connections import Connection, Connections
from vasi.web.paced_transport import STEP_S, PacedTransport

SLICE_BYTES = 2 * 1024
ONE_FRAME_BYTES = 8 * 1024
WAITING_MESSAGES = 16
"""So many messages may wait for the application before no more bytes are parsed."""
FRAGMENTS = 1_000
"""Fragments of one message that may be small,"""
SMALL_FRAGMENT = 1_000
"""shorter than this on average (bytes)."""
CONTROL_FRAMES = 100
"""Pings and pongs of a second."""
SMALL_MESSAGES = 2_000
"""Messages of four seconds that may be small,"""
SMALL_MESSAGE = 100
"""shorter than this (bytes): 10 ms of G.711 take more."""
VIOLATION = 1008


def _is_one_frame(data: bytes) -> bool:
    """Whether these seem to be the bytes of a single frame, as 100 ms of sound are: they're cheap at a stretch.

    A client may pretend so, but not with many.
    """
    return SLICE_BYTES < len(data) <= ONE_FRAME_BYTES and data[1] == 0xFE and int.from_bytes(data[2:4]) == len(data) - 8


class _Rate:
    """Counts what happens within ``seconds``."""

    __slots__ = ("_count", "_limit", "_seconds", "_since")

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit = limit
        self._seconds = seconds
        self._count = 0
        self._since = -math.inf

    def exceeded(self, now: float) -> bool:
        """Count one more at ``now`` (seconds)."""
        if now - self._since >= self._seconds:
            self._since, self._count = now, 0
        self._count += 1
        return self._count > self._limit


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """One socket of a client.

    Args:
        connections: all of the server.
        predecessor: the HTTP connection that became this one.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        connections: Connections,
        predecessor: Connection,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.address = predecessor.address
        self._connections = connections
        self._limits = connections.limits
        self._paced: PacedTransport
        self._unread_since = math.inf
        self._waited_at = 0.0
        self._fragments = 0
        self._fragment_bytes = 0
        self._control_frames = _Rate(CONTROL_FRAMES, 1)
        self._small_messages = _Rate(SMALL_MESSAGES, 4)
        connections.replace(predecessor, self)

    # --- the socket -------------------------------------------------------------------------------------------------
    def connection_made(self, transport: BaseTransport) -> None:
        self._paced = PacedTransport(
            cast(asyncio.Transport, transport),
            self._connections.turns,
            super().data_received,
            slice_bytes=SLICE_BYTES,
            wants_more=self._has_room,
        )
        super().connection_made(self._paced)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.leave(self)
        super().connection_lost(exc)
        self._paced.lost()

    def data_received(self, data: bytes) -> None:
        self._paced.received(data, at_once=_is_one_frame(data))

    def pause_writing(self) -> None:
        self._unread_since = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._unread_since = math.inf
        super().resume_writing()

    def expires_at(self) -> float:
        """When it's to end if nothing changes (seconds of the loop's clock)."""
        return min(self._unread_since + self._limits.unread_s, self._paced.ends_at)

    def expire(self) -> None:
        """End it: its client doesn't read."""
        self._paced.abort()

    # --- frames -----------------------------------------------------------------------------------------------------
    def _has_room(self) -> bool:
        return not self.close_sent and self.queue.qsize() < WAITING_MESSAGES

    def handle_cont(self, event: Frame) -> None:
        self._fragments += 1
        self._fragment_bytes += len(event.data)
        if self._fragments > FRAGMENTS and self._fragment_bytes < SMALL_FRAGMENT * self._fragments:
            self._refuse("Too many small fragments of a message.")
            return
        super().handle_cont(event)
        if event.fin:
            self._fragments = self._fragment_bytes = 0

    def send_receive_event_to_app(self) -> None:
        if len(self.frames[0]) < SMALL_MESSAGE and self._small_messages.exceeded(self.loop.time()):
            self._refuse("Too many small messages.")
            return
        super().send_receive_event_to_app()

    def handle_ping(self) -> None:
        if self._control_frames.exceeded(self.loop.time()):
            self._refuse("Too many pings.")
        elif self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()  # the client reads nothing, no pongs either

    def handle_pong(self, event: Frame) -> None:
        if self._control_frames.exceeded(self.loop.time()):
            self._refuse("Too many pongs.")
            return
        super().handle_pong(event)

    def _refuse(self, why: str) -> None:
        """Close with 1008."""
        self.frames = []
        if self.close_sent or self.disconnected:
            return
        if not self.handshake_complete:
            self._paced.abort()
            return
        self.logger.warning("A socket from %s was closed: %s", self.address, why)
        self.queue.put_nowait({"type": "websocket.disconnect", "code": VIOLATION, "reason": why})
        self.conn.fail(VIOLATION, why)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self._paced.drain_and_close()

    async def receive(self) -> Any:
        """The next message. One that always has another waiting lets the rest of the server in between."""
        if self.queue.empty():
            message = await self.queue.get()
            self._waited_at = perf_counter()
        else:
            if perf_counter() - self._waited_at > STEP_S:
                await asyncio.sleep(0)
                self._waited_at = perf_counter()
            message = self.queue.get_nowait()
        if self.read_paused and self.queue.empty():
            self.read_paused = False
            self.transport.resume_reading()
        return message
