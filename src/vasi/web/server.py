"""The HTTP face: the Realtime socket, and whether the server is alive and ready."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from vasi.accounts.principals import Principal
from vasi.gateway.ports import Link
from vasi.transports.websocket import WebSocketLink
from vasi.web.doorman import refusal

SESSIONS = 200
"""Realtime sessions at a time."""


class Readiness(Protocol):
    """What ``/readyz`` reports."""

    def __call__(self) -> dict[str, bool]: ...


Serve = Callable[[Link, Principal, str | None], Awaitable[None]]
"""Serves one link for a principal, who asked for a model."""


def server(serve: Serve, readiness: Readiness, *, bound_to: str) -> Starlette:
    """The ASGI application.

    Args:
        serve: what serves a Realtime connection.
        readiness: parts that must be ready and whether they are.
        bound_to: the address listened on.
    """
    door = _Door(serve, bound_to)

    async def alive(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_: Request) -> Response:
        parts = readiness()
        good = all(parts.values())
        return JSONResponse({"status": "ready" if good else "starting", **parts}, 200 if good else 503)

    return Starlette(
        routes=[
            Route("/healthz", alive),
            Route("/readyz", ready),
            WebSocketRoute("/v1/realtime", door.realtime),
        ]
    )


class _Door:
    """Lets Realtime clients in."""

    def __init__(self, serve: Serve, bound_to: str) -> None:
        self._serve = serve
        self._bound_to = bound_to
        self._sessions = 0

    async def realtime(self, socket: WebSocket) -> None:
        why = refusal(socket.headers, self._bound_to)
        if why is not None:
            await _deny(socket, 403, "forbidden", why)
            return
        if self._sessions >= SESSIONS:
            await _deny(socket, 503, "server_overloaded", f"All {SESSIONS} sessions are taken; try again later.")
            return
        self._sessions += 1
        try:
            link = await WebSocketLink.accept(socket)
            await self._serve(link, Principal(), socket.query_params.get("model"))
        finally:
            self._sessions -= 1


async def _deny(socket: WebSocket, status: int, code: str, message: str) -> None:
    body = {"error": {"type": "invalid_request_error", "code": code, "message": message, "param": None}}
    await socket.send_denial_response(JSONResponse(body, status))
