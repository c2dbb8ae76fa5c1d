"""A real server in this process, on a free loopback port, with the engines and tools that a test gives it.

>>> llm = ScriptedLlm("Good morning.")
>>> async with serving(scripted_engines(llm)) as server:
...     async with client.realtime.connect(...)  # at server.ws
"""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vasi.accounts.authenticators import KeyAuthenticator
from vasi.accounts.ephemeral_keys import EphemeralKeys
from vasi.accounts.principals import Principal
from vasi.accounts.secrets import StaticKeys
from vasi.backends.local import LocalBackend, local_now
from vasi.backends.ports import BackendFactory
from vasi.conversation.settings import ConversationSettings
from vasi.engines.ports import Engines
from vasi.gateway.limits import Limits, RateSettings
from vasi.gateway.opening import first_policy
from vasi.gateway.ports import Link
from vasi.gateway.recorder import Recorder
from vasi.gateway.request import SessionRequest
from vasi.gateway.session import GatewaySession
from vasi.gateway.settings import GatewaySettings
from vasi.protocol.session import AnySession
from vasi.testing.ephemeral_keys import EphemeralKeysInMemory
from vasi.testing.settings import (
    connection_limits,
    conversation_settings,
    gateway_settings,
    rate_settings,
    web_settings,
)
from vasi.tools.ports import Tool
from vasi.tools.registry import Registry
from vasi.tools.servers import Servers
from vasi.transports.ports import CallTransport, SocketTransport
from vasi.transports.resumption import ResumableConnections
from vasi.web.certificate import Certificate
from vasi.web.connections import ConnectionLimits
from vasi.web.hosting import UvicornServer, uvicorn_config
from vasi.web.server import TRANSPORTS
from vasi.web.server import server as web_server
from vasi.web.settings import WebSettings

__all__ = ["Certificate", "RunningServer", "Tap", "hosting", "serving"]

MESSAGE_BYTES = 24 * 1024 * 1024
HOST = "127.0.0.1"

Tap: TypeAlias = Callable[[int, Literal["received", "sent"], str | bytes], None]
"""Is shown every frame: the number of its connection (from 0), which way it went, and the frame."""


@dataclass(frozen=True, slots=True)
class RunningServer:
    """Where the server is."""

    port: int
    secure: bool = False

    @property
    def http(self) -> str:
        """Its address for HTTP."""
        return f"http{'s' if self.secure else ''}://{HOST}:{self.port}"

    @property
    def ws(self) -> str:
        """Its Realtime socket."""
        return f"ws{'s' if self.secure else ''}://{HOST}:{self.port}/v1/realtime"


OpenRecord: TypeAlias = Callable[[Principal, str | None], Awaitable[Recorder | None]]
"""The record of a new session, as of a ``SessionHost``."""


async def unrecorded(_principal: Principal, _conversation: str | None) -> Recorder | None:
    """Keeps no record."""
    return None


class ScriptedHost:
    """Serves sessions with what a test gives it; their ids count up from "s000".

    Args:
        backends: makes the backends.
        tools: what the server holds.
        settings: what holds for every session.
        limits: what each principal may use.
        record: opens the record of a session.
    """

    def __init__(
        self, backends: BackendFactory, tools: Registry, settings: GatewaySettings, limits: Limits, record: OpenRecord
    ) -> None:
        self._backends = backends
        self._tools = tools
        self._settings = settings
        self._limits = limits
        self._record = record
        self._numbers = itertools.count()

    def check(self, config: Mapping[str, Any]) -> AnySession:
        """The session that a configuration leads to."""
        return first_policy(self._settings, self._tools, config).view

    def place(self) -> AbstractContextManager[None]:
        """Sessions that talk aren't counted."""
        return nullcontext()

    async def open_record(self, principal: Principal, conversation: str | None) -> Recorder | None:
        """The record of a session."""
        return await self._record(principal, conversation)

    async def serve(self, link: Link, request: SessionRequest) -> None:
        """Serve one client until it leaves."""
        await GatewaySession(
            link,
            request,
            self._backends,
            self._tools,
            self._settings,
            meter=self._limits.meter(request.principal.owner),
            seed=f"s{next(self._numbers):03x}",
            today=local_now,
        ).run()


@asynccontextmanager
async def serving(
    engines: Engines,
    *,
    tools: Iterable[Tool] = (),
    servers: Servers | None = None,
    settings: GatewaySettings | None = None,
    conversation: ConversationSettings | None = None,
    rates: RateSettings | None = None,
    tap: Tap | None = None,
    certificate: Certificate | None = None,
    keys: StaticKeys | None = None,
    ephemeral: EphemeralKeys | None = None,
    record: OpenRecord = unrecorded,
    resume_s: float = 30,
    backend: BackendFactory | None = None,
    web: WebSettings | None = None,
    transports: Sequence[SocketTransport] = TRANSPORTS,
    call_transport: CallTransport | None = None,
) -> AsyncGenerator[RunningServer, None]:
    """Serve the Realtime API until the end of the block; connections that are still open then are closed.

    Args:
        engines: started here and stopped in the end.
        tools: what the server holds.
        servers: the MCP servers that sessions may use.
        settings: what holds for every session.
        conversation: what holds for every conversation that ``engines`` answer.
        rates: what each principal may use a minute.
        tap: watches the frames of all connections.
        certificate: serve TLS with it.
        keys: of which a client must have one; without any everybody is authorised.
        ephemeral: keeps the short-lived keys.
        record: opens the record of a session; by default none is kept.
        resume_s: how long a session waits for a client whose connection dropped.
        backend: makes the backends; by default local ones with ``engines``.
        web: who may use the server, and how much of it.
        transports: what clients may speak over sockets.
        call_transport: takes WebRTC calls.
    """
    resumable = ResumableConnections(resume_s)
    conversation = conversation or conversation_settings()

    def local(session: AnySession, *, seed: str, profile: str) -> LocalBackend:
        return LocalBackend(engines, session, conversation, seed=seed, profile=profile)

    host = ScriptedHost(
        backend or local,
        Registry(tools, servers),
        settings or gateway_settings(),
        Limits(rates or rate_settings()),
        record,
    )
    app = web_server(
        host,
        dict,
        settings=web or web_settings(),
        resumable=resumable,
        authenticator=KeyAuthenticator(keys or StaticKeys()),
        ephemeral=ephemeral or EphemeralKeys(EphemeralKeysInMemory()),
        transports=transports,
        call_transport=call_transport,
    )
    parts = (engines.turn, engines.stt, engines.llm, engines.tts)
    await asyncio.gather(*(part.start() for part in parts))
    try:
        async with hosting(app if tap is None else TappedSockets(app, tap), certificate=certificate) as running:
            try:
                yield running
            finally:
                resumable.close()
                await app.state.calls.close()
    finally:
        await asyncio.gather(*(part.stop() for part in parts))


@asynccontextmanager
async def hosting(
    app: ASGIApp, *, certificate: Certificate | None = None, connections: ConnectionLimits | None = None
) -> AsyncGenerator[RunningServer, None]:
    """Serve an ASGI application on a free loopback port until the end of the block."""
    config = uvicorn_config(
        app,
        message_bytes=MESSAGE_BYTES,
        grace_s=1,
        connections=connections or connection_limits(),
        log_level="warning",
        access_log=False,
        ssl_certfile=None if certificate is None else certificate.chain,
        ssl_keyfile=None if certificate is None else certificate.key,
    )
    with socket.create_server((HOST, 0)) as listening:
        server = UvicornServer(config)
        task = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            # It already listens: a connection made before uvicorn accepts waits in the backlog.
            yield RunningServer(listening.getsockname()[1], secure=certificate is not None)
        finally:
            server.should_exit = True
            await task


class TappedSockets:
    """ASGI: an application whose WebSocket frames are shown to a tap."""

    def __init__(self, app: ASGIApp, tap: Tap) -> None:
        self._app = app
        self._tap = tap
        self._numbers = itertools.count()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        number = next(self._numbers)

        async def tapped_receive() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive":
                text: str | None = message.get("text")
                self._tap(number, "received", text if text is not None else message["bytes"])
            return message

        async def tapped_send(message: Message) -> None:
            await send(message)
            if message["type"] == "websocket.send":
                self._tap(number, "sent", message["text"])

        await self._app(scope, tapped_receive, tapped_send)
