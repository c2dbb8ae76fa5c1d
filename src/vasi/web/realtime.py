"""The door of the Realtime API: who may open a socket, in which dialect, and with which configuration."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from vasi.accounts.principals import Principal
from vasi.errors import VasiError
from vasi.gateway.lasting import LastingLink, LastingLinks
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
Serve: TypeAlias = Callable[
    [Link, Principal, str | None, Mapping[str, Any], Recorder | None, LastingLink | None], Awaitable[None]
]
"""Serves one link for a principal, who asked for a model and configured the session beforehand; keeps a record.

The last argument is what the link is over, if its client may come back."""
RESUME_HEADER = "x-vasi-resume-token"
"""Offers the token in the answer to the handshake; in a handshake it goes on with the session of the token."""
NOT_RESUMED = (
    "The session can't be resumed: its token is unknown or was used before, or the client came too late. "
    "A new session has begun."
)


class Door:
    """Lets Realtime clients in: an ASGI application for WebSockets.

    Args:
        serve: what serves a connection.
        record: opens the record of a session.
        access: tells who a client is.
        configure: tells whether a configuration is good.
        bound_to: the address listened on.
        links: the links whose clients may come back.
    """

    def __init__(
        self,
        serve: Serve,
        record: Open,
        access: Access,
        configure: Configure,
        bound_to: str,
        links: LastingLinks,
    ) -> None:
        self._serve = serve
        self._record = record
        self._access = access
        self._configure = configure
        self._bound_to = bound_to
        self._links = links
        self._sessions = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a socket; what is wrong is said in HTTP before the upgrade. Every frame is spared a wrapping here."""
        socket = WebSocket(scope, receive, send)
        why = refusal(socket.headers, self._bound_to)
        if why is not None:
            await socket.send_denial_response(refused(403, "forbidden", why))
            return
        model = _model(socket)
        try:
            visitor = self._access.visitor(socket)
        except VasiError as error:
            await socket.send_denial_response(refused_for(error))
            return
        token, notice = _resumed(socket), None
        if token is not None:
            lasting = self._links.find(token, visitor.principal.owner)
            if lasting is not None:
                lasting.renew()
                link, spoken = await self._accept(socket, receive, send, lasting)
                await lasting.go_on(spoken, lambda: link.dropped, socket.query_params.get("after"))
                return
            notice = NOT_RESUMED
        if self._sessions >= SESSIONS:
            text = f"All {SESSIONS} sessions are taken; try again later."
            await socket.send_denial_response(refused(503, "server_overloaded", text))
            return
        try:
            config = {**visitor.config, **_intent(socket)}
            self._configure({"model": model, **config})
            recorder = await self._record(visitor.principal, socket.query_params.get("conversation") or None)
        except VasiError as error:
            await socket.send_denial_response(refused_for(error))
            return
        self._sessions += 1
        lasting = self._links.open(visitor.principal.owner, notice)
        try:
            link, spoken = await self._accept(socket, receive, send, lasting)
            lasting.begin(spoken, lambda: link.dropped)
            await self._serve(lasting, visitor.principal, model, config, recorder, lasting)
        finally:
            lasting.end()
            self._sessions -= 1

    async def _accept(
        self, socket: WebSocket, receive: Receive, send: Send, lasting: LastingLink
    ) -> tuple[WebSocketLink, Link]:
        headers = {RESUME_HEADER: lasting.token} if self._links.offered else {}
        link = await WebSocketLink.accept(socket, receive, send, headers)
        return link, BetaLink(link) if speaks_beta(socket) else link


class Sockets:
    """Takes all sockets to the door before Starlette, which would wrap each of their frames.

    Args:
        app: gets everything else.
        door: lets Realtime clients in.
    """

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
        elif scope["path"] in PATHS:
            await self._door(scope, receive, send)
        else:
            text = f"There is no Realtime API at {scope['path'][:200]}; connect to {PATHS[0]}."
            await WebSocket(scope, receive, send).send_denial_response(refused(404, "not_found", text))


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


def _resumed(connection: HTTPConnection) -> str | None:
    return connection.query_params.get("resume") or connection.headers.get(RESUME_HEADER) or None
