"""How uvicorn runs the server: the settings that the transports count on, for the command and for tests."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from vasi.web.connections import ConnectionLimits
from vasi.web.http_protocol import http_protocol


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
    return uvicorn.Config(
        app,
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


class UvicornServer(uvicorn.Server):
    """Leaves the signals to whoever runs it: uvicorn would raise them again before everything is closed."""

    def capture_signals(self) -> Any:
        return nullcontext()
