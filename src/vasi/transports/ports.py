"""How clients of one kind connect."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.types import Receive, Send
from starlette.websockets import WebSocket

from vasi.gateway.ports import Link
from vasi.transports.codec import Codec


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


class Call(Connection, Protocol):
    """A connection with a stream of sound of its own, whose end may also be asked for elsewhere."""

    def hang_up(self) -> None:
        """End it; harmless when repeated."""
        ...

    async def attach(self, controller: Link, lost: asyncio.Event) -> None:
        """Let ``controller`` see what the client sees and say what it may, until it leaves or the call ends.

        Args:
            controller: its connection.
            lost: set when it has lost access.

        Raises:
            OverloadedError: the call has enough of them.
        """
        ...

    async def restart(self, text: str) -> str:
        """Look for another way to the same client.

        Args:
            text: the client's new offer (SDP).

        Returns:
            The answer to it (SDP).

        Raises:
            ClientError: it can't be taken.
        """
        ...


@dataclass(frozen=True, slots=True)
class IceServer:
    """A STUN or TURN server, as browsers take it; "" where there are no credentials."""

    urls: tuple[str, ...]
    username: str = ""
    credential: str = ""


class CallTransport(Protocol):
    """Takes calls that clients open by an offer (SDP)."""

    async def answer(self, text: str, codec: Codec, *, call_id: str, filtered: bool) -> tuple[str, Call]:
        """Take a call.

        Args:
            text: the client's offer (SDP).
            codec: the dialect that its events are in.
            call_id: names the call.
            filtered: the client is shown only what a page needs.

        Returns:
            The answer to the client (SDP), and the call.

        Raises:
            ClientError: the offer can't be taken.
            OverloadedError: there is no room.
        """
        ...

    def ice_servers(self, user: str) -> list[IceServer]:
        """What helps ``user`` to reach this server from behind a firewall; credentials are good for a day."""
        ...

    def close(self) -> None:
        """The server stops: all calls end."""
        ...
