"""A Realtime connection to a running server."""

from __future__ import annotations

import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from vasi.config import Settings
from vasi.errors import ConfigError, UpstreamError
from vasi.web.origin_policy import is_loopback

_PATH = "/v1/realtime"
_MAX_FRAME_BYTES = 32 * 1024 * 1024
_UNAUTHORIZED = 401


class SocketLink:
    """One WebSocket."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def send(self, frame: str) -> None:
        """Raises ``UpstreamError`` if the server has closed the connection."""
        try:
            await self._socket.send(frame)
        except ConnectionClosed as error:
            raise UpstreamError(f"The server closed the connection ({error}); its log says why.") from None

    async def receive(self) -> str | None:
        """The next frame; None when the server has closed the connection."""
        try:
            return await self._socket.recv(decode=True)
        except ConnectionClosed:
            return None

    async def close(self) -> None:
        await self._socket.close()


@asynccontextmanager
async def connect_to(url: str, settings: Settings) -> AsyncGenerator[SocketLink]:
    """Connect to ``url``; scheme and path may be left out.

    A server on this machine is taken for one that runs with the same ``settings``: it gets one of its keys, and its own
    certificate is trusted.

    Raises:
        ConfigError: it's no address, or the server wants a key.
        UpstreamError: nobody answers there, or not as it should.
    """
    address = realtime_url(url)
    shown = url.partition("?")[0]
    here = is_loopback(urlsplit(address).hostname or "")
    headers = (
        {"Authorization": f"Bearer {settings.api_keys[0].get_secret_value()}"} if here and settings.api_keys else {}
    )
    trust = _trust(settings) if here and address.startswith("wss:") else None
    try:
        socket = await connect(
            address, compression=None, max_size=_MAX_FRAME_BYTES, additional_headers=headers, ssl=trust
        )
    except ssl.SSLCertVerificationError as error:
        reason = error.verify_message
        text = f"{shown} shows a certificate that isn't trusted here ({reason}); name it in SSL_CERT_FILE."
        raise UpstreamError(text) from None
    except InvalidURI:
        raise ConfigError(f"{shown} isn't an address; write it like ws://127.0.0.1:8787.") from None
    except InvalidStatus as error:
        if error.response.status_code != _UNAUTHORIZED:
            raise UpstreamError(f"{shown} turns us away ({error}); check the address.") from None
        raise ConfigError(f"{shown} wants a key: set api_keys, or append ?api-key=KEY to the address.") from None
    except InvalidHandshake as error:
        raise UpstreamError(f"{shown} doesn't speak the Realtime API ({error}); check the address.") from None
    except (OSError, TimeoutError):
        raise UpstreamError(f"Nobody answers at {shown}; start one with: vasi serve") from None
    async with socket:
        yield SocketLink(socket)


def _trust(settings: Settings) -> ssl.SSLContext:
    trust = ssl.create_default_context()
    certificate = settings.tls_cert or settings.data / "tls" / "certificate.pem"
    if certificate.is_file():
        trust.load_verify_locations(certificate)
    return trust


def realtime_url(url: str) -> str:
    """``url`` as a WebSocket address with the Realtime API's path.

    >>> realtime_url("http://localhost:8787")
    'ws://localhost:8787/v1/realtime'
    """
    parts = urlsplit(url if "://" in url else f"ws://{url}")
    scheme = {"http": "ws", "https": "wss"}.get(parts.scheme, parts.scheme)
    path = parts.path if parts.path.strip("/") else _PATH
    return urlunsplit((scheme, parts.netloc, path, parts.query, ""))
