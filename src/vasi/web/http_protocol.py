"""HTTP/1.1 as uvicorn serves it, with limits on what a client may make of it before and after it is known."""

from __future__ import annotations

import asyncio
import math
from functools import partial
from typing import Any

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from vasi.web.connections import ConnectionLimits, Connections
from vasi.web.paced_transport import PacedTransport
from vasi.web.websocket_protocol import WebSocketProtocol

HEAD_BYTES = 16 * 1024
"""Largest head of a request, a few KB more or less."""
HEADERS = 128
"""Most headers of a request."""
SLICE_BYTES = 8 * 1024
EVENTS = 32
"""Pieces of a request (its head, its chunks) that are worked through at a stretch."""
_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 10\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 38\r\n\r\n"
    b"Too many connections; try again later."
)


def http_protocol(limits: ConnectionLimits) -> Any:
    """What uvicorn is to make the connections of a server with: ``Config(http=http_protocol(limits))``."""
    return partial(HttpProtocol, connections=Connections(limits))


class _Requests(h11.Connection):
    """h11 that hands out so many events and then says that it needs more data, though it may not."""

    def __init__(self) -> None:
        super().__init__(h11.SERVER, HEAD_BYTES)
        self.budget = EVENTS
        self.unfinished = False

    def next_event(self) -> Any:
        if self.budget <= 0:
            self.unfinished = True
            return h11.NEED_DATA
        self.budget -= 1
        event = super().next_event()
        if isinstance(event, h11.Request) and len(event.headers) > HEADERS:
            # Everything that looks for a header goes through all of them.
            raise h11.RemoteProtocolError("Too many headers.", error_status_hint=431)
        return event

    def send(self, event: Any) -> Any:
        if isinstance(event, h11.Response) and self.their_state is h11.SEND_BODY:
            # An answer before the request is whole: the rest won't be read, so nothing can follow on the connection.
            others = [(name, value) for name, value in event.headers.raw_items() if name.lower() != b"connection"]
            event = h11.Response(
                status_code=event.status_code, headers=[*others, (b"connection", b"close")], reason=event.reason
            )
        return super().send(event)


class HttpProtocol(H11Protocol):
    """One connection of a client; it becomes a ``WebSocketProtocol`` where the client asks for it.

    Args:
        connections: all of the server.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        connections: Connections,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.conn: _Requests = _Requests()
        self.address = ""
        self._connections = connections
        self._limits = connections.limits
        self._paced: PacedTransport
        self._admitted = False
        self._handed_over = False
        self._deadline = math.inf
        self._unread_since = math.inf
        self._idle = True

    # --- the socket -------------------------------------------------------------------------------------------------
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._paced = PacedTransport(
            transport, self._connections.turns, self._parse, slice_bytes=SLICE_BYTES, unread=self._more_is_sent
        )
        super().connection_made(self._paced)
        self.address = self.client[0] if self.client else ""
        self._admitted = self._connections.admit(self)
        self._deadline = self.loop.time() + self._limits.head_s
        if not self._admitted:
            self.logger.warning("There are too many connections; one from %s was refused.", self.address)
            self._paced.write(_FULL)
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.leave(self)
        super().connection_lost(exc)
        self._paced.lost()

    def data_received(self, data: bytes) -> None:
        if self._admitted:
            self._paced.received(data)

    def pause_writing(self) -> None:
        self._unread_since = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._unread_since = math.inf
        super().resume_writing()

    # --- requests ---------------------------------------------------------------------------------------------------
    def _parse(self, piece: bytes) -> None:
        super().data_received(piece)
        if self._in_body:
            self._deadline = self.loop.time() + self._limits.body_s

    def handle_events(self) -> None:
        if self._handed_over or self._paced.draining:
            return
        self.conn.budget, self.conn.unfinished = EVENTS, False
        super().handle_events()
        self._note_state()
        if self.conn.unfinished and not self._handed_over:
            self._paced.put_off(self.handle_events)

    @property
    def _in_body(self) -> bool:
        cycle: Any = self.cycle
        return cycle is not None and not cycle.response_complete and cycle.more_body

    def _note_state(self) -> None:
        """Whether a request is going on, and until when something must come."""
        cycle: Any = self.cycle
        idle = cycle is None or cycle.response_complete
        if idle != self._idle:
            self._idle = idle
            if idle:
                self._connections.idle(self)
                self._deadline = self.loop.time() + self._limits.head_s
            else:
                self._connections.busy(self)
                self._deadline = self.loop.time() + self._limits.body_s
        if not idle and not self._in_body:
            self._deadline = math.inf

    def _more_is_sent(self) -> bool:
        cycle: Any = self.cycle
        return cycle is not None and cycle.more_body

    def on_response_complete(self) -> None:
        self._note_state()
        super().on_response_complete()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self._handed_over = True
        self.transport = self._paced.release()
        make: Any = partial(WebSocketProtocol, connections=self._connections, predecessor=self)
        self.ws_protocol_class = make
        super().handle_websocket_upgrade(event)
        self.ws_protocol_class = None  # it holds this one
        self._paced.lost()

    # --- time -------------------------------------------------------------------------------------------------------
    def expires_at(self) -> float:
        """When it's to end if nothing changes (seconds of the loop's clock)."""
        return min(self._deadline, self._unread_since + self._limits.unread_s, self._paced.ends_at)

    def expire(self) -> None:
        """End it, unless the application is what the client waits for."""
        now = self.loop.time()
        if self._in_body and not self._paced.reading and self._deadline <= now:
            self._deadline = now + self._limits.body_s
            return
        self._paced.abort()
