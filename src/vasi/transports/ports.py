"""How clients of one kind connect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from starlette.types import Receive, Send
from starlette.websockets import WebSocket

from vasi.gateway.ports import Link


class Connection(Link, Protocol):
    """A link over one connection."""

    @property
    def dropped(self) -> bool:
        """It has ended, and neither the client nor the server meant it to: the client may reconnect."""
        ...


class SocketTransport(Protocol):
    """What is spoken over the WebSockets that clients open at ``paths``."""

    @property
    def paths(self) -> Sequence[str]:
        """Where clients connect; the first is the one to recommend."""
        ...

    @property
    def session_type(self) -> str | None:
        """The type of all sessions at these paths; None if clients choose."""
        ...

    async def accept(self, socket: WebSocket, receive: Receive, send: Send, headers: Mapping[str, str]) -> Connection:
        """Finish the handshake of an authorised client.

        Args:
            socket: the handshake.
            receive: the ASGI server's, which brings the frames.
            send: the ASGI server's, which takes the frames.
            headers: to add to the answer.
        """
        ...
