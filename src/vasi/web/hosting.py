"""How uvicorn runs the server: the settings that the transports count on, for the command and for tests."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from contextlib import nullcontext
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from vasi.accounts.authenticators import PEER
from vasi.web.connections import ConnectionLimits
from vasi.web.http_protocol import http_protocol

HANDSHAKE_S = 15.0
"""How long the handshake of TLS may take."""
OPEN_FILES = 65_536
"""More than anybody needs; programs that go through all of them take their time with more."""


def uvicorn_config(
    app: ASGIApp, *, message_bytes: int, grace_s: int, connections: ConnectionLimits, **options: Any
) -> uvicorn.Config:
    """The configuration of a server of ``app``.

    Args:
        app: the ASGI application.
        message_bytes: the largest frame that a client may send.
        grace_s: how long open connections may go on after the server is asked to stop.
        connections: what clients may hold open.
        options: of uvicorn, which depend on who serves.
    """
    # A proxy on this machine says in headers from where, and by which scheme, a client reached it.
    heeded = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
    return uvicorn.Config(
        # As uvicorn does it by itself, but what a connection really comes from stays known.
        _PeerAddress(ProxyHeadersMiddleware(cast("Any", app), trusted_hosts=heeded)),
        proxy_headers=False,
        log_config=None,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=grace_s,
        http=http_protocol(connections),
        ws="websockets-sansio",  # transports.websocket counts on how it waits
        # Sound and short JSON don't shrink; a frame that inflates could be a bomb.
        ws_per_message_deflate=False,
        ws_max_size=message_bytes,
        **options,
    )


class _PeerAddress:
    """ASGI: keeps the address that a connection comes from, which headers of a proxy may replace."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if client is not None:
            scope[PEER] = client[0]
        await self._app(scope, receive, send)


class UvicornServer(uvicorn.Server):
    """Leaves the signals to whoever runs it: uvicorn would raise them again before everything is closed."""

    def capture_signals(self) -> Any:
        return nullcontext()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen on ``sockets``. As uvicorn does it, but a TLS handshake doesn't get a minute."""
        config = self.config
        await self.lifespan.startup()
        make: Any = config.http_protocol_class

        def protocol() -> asyncio.Protocol:
            return make(config=config, server_state=self.server_state, app_state=self.lifespan.state)

        loop = asyncio.get_running_loop()
        handshake_s = None if config.ssl is None else HANDSHAKE_S
        self.servers = [
            await loop.create_server(
                protocol, sock=one, ssl=config.ssl, backlog=config.backlog, ssl_handshake_timeout=handshake_s
            )
            for one in sockets or ()
        ]
        self.started = True


def raise_open_files() -> None:
    """Let this process open as many files and connections as the system allows it; many begin with 1,024 or fewer."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):  # macOS says "unlimited" and means less
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
