"""The endpoint of the Realtime API: who may open a socket, for which session, over which transport."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from vasi.accounts.principals import REALTIME, Principal
from vasi.errors import ForbiddenError, OverloadedError, VasiError
from vasi.transports.ports import Call, Connection, SocketTransport
from vasi.transports.resumption import ResumableConnection, ResumableConnections
from vasi.web.access import Access, require_scope
from vasi.web.admission import Admission
from vasi.web.host import SessionHost
from vasi.web.origin_policy import OriginPolicy
from vasi.web.refusals import refused, refused_for

RESUME_HEADER = "x-vasi-resume-token"
"""Offers the ticket in the answer to the handshake; in a handshake it resumes the session of the ticket."""
NOT_RESUMED = (
    "The session can't be resumed: its token is unknown or was used before, or the client came too late. "
    "A new session has begun."
)


class RealtimeEndpoint:
    """Serves Realtime clients that connect by WebSocket: an ASGI application.

    Args:
        host: serves the sessions.
        access: tells who a client is.
        admission: tells which sessions begin.
        policy: tells which pages may open sockets.
        connections: the sessions that can be resumed.
        transports: what is spoken over the sockets, each at paths of its own.
        find_call: the call of an id that is somebody's; None if there is none.
    """

    def __init__(
        self,
        host: SessionHost,
        access: Access,
        admission: Admission,
        policy: OriginPolicy,
        connections: ResumableConnections,
        transports: Sequence[SocketTransport],
        find_call: Callable[[str, Principal], Call | None],
    ) -> None:
        self._host = host
        self._access = access
        self._admission = admission
        self._policy = policy
        self._connections = connections
        self._find_call = find_call
        self._transports = {path: transport for transport in transports for path in transport.paths}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a socket; what is wrong is said in HTTP before the upgrade. Frames aren't wrapped on their way."""
        socket = WebSocket(scope, receive, send)
        transport = self._transports.get(scope["path"])
        if transport is None:
            text = f"There is no Realtime API at {scope['path'][:200]}; connect to {next(iter(self._transports))}."
            await socket.send_denial_response(refused(404, "not_found", text))
            return
        why = self._policy.judge(socket.headers, scope["scheme"]).refusal
        if why is not None:
            await socket.send_denial_response(refused(403, "forbidden", why))
            return
        try:
            principal = await self._access.authenticate(socket)
        except VasiError as error:
            await socket.send_denial_response(refused_for(error))
            return
        call_id = socket.query_params.get("call_id")
        if call_id is not None:
            await self._control(transport, socket, receive, send, principal, call_id)
            return
        token = _resume_token(socket)
        resumed = None if token is None else self._connections.redeem(token, principal)
        if resumed is not None:
            resumed.renew()
            link = await self._accept(transport, socket, receive, send, resumed)
            await resumed.resume(link, lambda: link.dropped, socket.query_params.get("after"))
            return
        await self._begin(transport, socket, receive, send, principal, None if token is None else NOT_RESUMED)

    async def _control(
        self,
        transport: SocketTransport,
        socket: WebSocket,
        receive: Receive,
        send: Send,
        principal: Principal,
        call_id: str,
    ) -> None:
        """Let a server take part in a call. An ephemeral key is a page's, which has the call itself."""
        call = None if principal.ephemeral else self._find_call(call_id, principal)
        if call is None:
            text = f"There is no call {call_id[:200]!r} to attach to."
            await socket.send_denial_response(refused(404, "call_id_not_found", text, param="call_id"))
            return
        try:
            require_scope(principal, REALTIME)
        except ForbiddenError as error:
            await socket.send_denial_response(refused_for(error))
            return
        link = await transport.accept(socket, receive, send, {})
        with self._access.lease(principal) as lease:
            try:
                await call.attach(link, lease.ended)
            except OverloadedError as error:
                await link.close(error.close_code, error.message)

    async def _begin(
        self,
        transport: SocketTransport,
        socket: WebSocket,
        receive: Receive,
        send: Send,
        principal: Principal,
        notice: str | None,
    ) -> None:
        async with AsyncExitStack() as stack:
            try:
                request = await stack.enter_async_context(
                    self._admission.admit(socket, principal, transport.session_type)
                )
            except OverloadedError as error:
                await self._turn_away(transport, socket, receive, send, error)
                return
            except VasiError as error:
                await socket.send_denial_response(refused_for(error))
                return
            connection = self._connections.open(principal, notice)
            stack.callback(connection.end)
            link = await self._accept(transport, socket, receive, send, connection)
            connection.begin(link, lambda: link.dropped)
            await self._host.serve(connection, replace(request, resumption=connection))

    async def _turn_away(
        self, transport: SocketTransport, socket: WebSocket, receive: Receive, send: Send, error: OverloadedError
    ) -> None:
        """Tell why there is no room: pages can't read what a handshake is refused with, only how a socket closes."""
        if "origin" not in socket.headers:
            await socket.send_denial_response(refused_for(error))
            return
        link = await transport.accept(socket, receive, send, {})
        await link.close(error.close_code, error.message)

    async def _accept(
        self,
        transport: SocketTransport,
        socket: WebSocket,
        receive: Receive,
        send: Send,
        connection: ResumableConnection,
    ) -> Connection:
        headers = {RESUME_HEADER: connection.ticket} if self._connections.offered else {}
        return await transport.accept(socket, receive, send, headers)


class SocketRouter:
    """Takes all sockets to the endpoint before Starlette, which would wrap each of their frames.

    Args:
        app: gets everything else.
        endpoint: serves Realtime clients.
    """

    def __init__(self, app: ASGIApp, endpoint: RealtimeEndpoint) -> None:
        self._app = app
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        await (self._endpoint if scope["type"] == "websocket" else self._app)(scope, receive, send)


def _resume_token(connection: HTTPConnection) -> str | None:
    return connection.query_params.get("resume") or connection.headers.get(RESUME_HEADER) or None
