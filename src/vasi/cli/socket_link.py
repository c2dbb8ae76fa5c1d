"""A Realtime connection to a running server."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from vasi.errors import ConfigError, UpstreamError

_PATH = "/v1/realtime"
_LARGEST_FRAME = 32 * 1024 * 1024


class SocketLink:
    """One WebSocket."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def send(self, frame: str) -> None:
        """Raises ``UpstreamError`` if the server has hung up."""
        try:
            await self._socket.send(frame)
        except ConnectionClosed as error:
            raise UpstreamError(f"The server hung up ({error}); its log says why.") from None

    async def receive(self) -> str | None:
        """The next frame; None when the server has hung up."""
        try:
            return await self._socket.recv(decode=True)
        except ConnectionClosed:
            return None

    async def close(self) -> None:
        await self._socket.close()


@asynccontextmanager
async def connect_to(url: str) -> AsyncGenerator[SocketLink]:
    """Connect to ``url``; scheme and path may be left out. Raises ``ConfigError`` or ``UpstreamError``."""
    address = realtime_url(url)
    try:
        socket = await connect(address, compression=None, max_size=_LARGEST_FRAME)
    except InvalidURI:
        raise ConfigError(f"{url} isn't an address; write it like ws://127.0.0.1:8787.") from None
    except InvalidHandshake as error:
        raise UpstreamError(f"{address} doesn't speak the Realtime API ({error}); check the address.") from None
    except (OSError, TimeoutError):
        raise UpstreamError(f"Nobody answers at {address}; start one with: vasi serve") from None
    async with socket:
        yield SocketLink(socket)


def realtime_url(url: str) -> str:
    """``url`` as a WebSocket address with the Realtime API's path.

    >>> realtime_url("http://localhost:8787")
    'ws://localhost:8787/v1/realtime'
    """
    parts = urlsplit(url if "://" in url else f"ws://{url}")
    scheme = {"http": "ws", "https": "wss"}.get(parts.scheme, parts.scheme)
    path = parts.path if parts.path.strip("/") else _PATH
    return urlunsplit((scheme, parts.netloc, path, parts.query, ""))
