"""The door of the Realtime API: who may open a socket, in which dialect, and with which configuration."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from vasi.accounts.principals import Principal
from vasi.errors import VasiError
from vasi.gateway.ports import Link
from vasi.gateway.recorder import Recorder
from vasi.transports.beta import BetaLink
from vasi.transports.websocket import WebSocketLink
from vasi.web.access import Access, subprotocols
from vasi.web.doorman import refusal
from vasi.web.refusals import refused, refused_for
from vasi.web.secrets import Configure

SESSIONS = 200
"""Realtime sessions at a time."""
PATHS = ("/v1/realtime", "/openai/v1/realtime", "/openai/realtime")
"""OpenAI's path, Azure's, and the one of Azure's previews, which speaks beta."""
PREVIEW = "/openai/realtime"

Open: TypeAlias = Callable[[Principal, str | None], Awaitable[Recorder | None]]
"""The record of a new session, which goes on with a conversation if one is named; raises ``VasiError`` if it can't."""
Serve: TypeAlias = Callable[[Link, Principal, str | None, Mapping[str, Any], Recorder | None], Awaitable[None]]
"""Serves one link for a principal, who asked for a model and configured the session beforehand; keeps a record."""


class Door:
    """Lets Realtime clients in.

    Args:
        serve: what serves a connection.
        record: opens the record of a session.
        access: tells who a client is.
        configure: tells whether a configuration is good.
        bound_to: the address listened on.
    """

    def __init__(self, serve: Serve, record: Open, access: Access, configure: Configure, bound_to: str) -> None:
        self._serve = serve
        self._record = record
        self._access = access
        self._configure = configure
        self._bound_to = bound_to
        self._sessions = 0

    async def open(self, socket: WebSocket) -> None:
        """Serve a socket; what is wrong is said in HTTP before the upgrade."""
        why = refusal(socket.headers, self._bound_to)
        if why is not None:
            await socket.send_denial_response(refused(403, "forbidden", why))
            return
        if self._sessions >= SESSIONS:
            text = f"All {SESSIONS} sessions are taken; try again later."
            await socket.send_denial_response(refused(503, "server_overloaded", text))
            return
        model = _model(socket)
        try:
            visitor = self._access.visitor(socket)
            config = {**visitor.config, **_intent(socket)}
            self._configure({"model": model, **config})
            recorder = await self._record(visitor.principal, socket.query_params.get("conversation") or None)
        except VasiError as error:
            await socket.send_denial_response(refused_for(error))
            return
        self._sessions += 1
        try:
            link: Link = await WebSocketLink.accept(socket)
            spoken = BetaLink(link) if speaks_beta(socket) else link
            await self._serve(spoken, visitor.principal, model, config, recorder)
        finally:
            self._sessions -= 1


def speaks_beta(connection: HTTPConnection) -> bool:
    """Whether a client asked for the beta dialect: by header, subprotocol or path."""
    return (
        "realtime=v1" in connection.headers.get("openai-beta", "").replace(" ", "").split(",")
        or "openai-beta.realtime-v1" in subprotocols(connection)
        or connection.url.path == PREVIEW
    )


def _model(connection: HTTPConnection) -> str | None:
    """On Azure a model is a deployment."""
    return connection.query_params.get("model") or connection.query_params.get("deployment")


def _intent(connection: HTTPConnection) -> dict[str, str]:
    intent = connection.query_params.get("intent")
    return {} if intent in (None, "realtime") else {"type": str(intent)}
