"""A real server in this process, on a free loopback port, with the engines and tools that a test gives it.

>>> llm = ScriptedLlm("Good morning.")
>>> async with serving(scripted_engines(llm)) as server:
...     async with client.realtime.connect(...)  # at server.ws
"""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import uvicorn
from starlette.types import ASGIApp

from vasi.accounts.principals import Principal
from vasi.accounts.secrets import EphemeralKeys, StaticKeys
from vasi.backends.local import LocalBackend, local_now
from vasi.backends.ports import BackendFactory
from vasi.conversation.settings import ConversationSettings
from vasi.engines.ports import Engines
from vasi.gateway.lasting import LastingLink, LastingLinks
from vasi.gateway.limits import Limits, RateSettings
from vasi.gateway.ports import Link
from vasi.gateway.recorder import Recorder
from vasi.gateway.resume import Resumptions
from vasi.gateway.session import GatewaySession, first_policy
from vasi.gateway.settings import GatewaySettings
from vasi.protocol.session import AnySession
from vasi.testing.settings import conversation_settings, gateway_settings, rate_settings
from vasi.tools.ports import Tool
from vasi.tools.registry import Registry
from vasi.tools.servers import Servers
from vasi.web.certificate import Certificate
from vasi.web.connections import ConnectionLimits
from vasi.web.http_protocol import http_protocol
from vasi.web.realtime import Open
from vasi.web.server import server as web_server

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


async def unrecorded(_principal: Principal, _conversation: str | None) -> Recorder | None:
    """Keeps no record."""
    return None


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
    record: Open = unrecorded,
    resume_s: float = 30,
    backend: BackendFactory | None = None,
) -> AsyncGenerator[RunningServer, None]:
    """Serve the Realtime API until the end of the block; who is still connected then is hung up on.

    Args:
        engines: started here and stopped in the end.
        tools: what the server holds.
        servers: the MCP servers that sessions may use.
        settings: what holds for every session.
        conversation: what holds for every conversation that ``engines`` answer.
        rates: what each principal may use a minute.
        tap: watches the frames of all connections.
        certificate: serve TLS with it.
        keys: of which a client must have one; without any everybody may come in.
        ephemeral: keeps the short-lived keys.
        record: opens the record of a session; by default none is kept.
        resume_s: how long a session waits for a client whose connection dropped.
        backend: makes the backends; by default local ones with ``engines``.
    """
    registry = Registry(tools, servers)
    limits = Limits(rates or rate_settings())
    settings = settings or gateway_settings()
    conversation = conversation or conversation_settings()
    numbers = itertools.count()
    links = LastingLinks(Resumptions[LastingLink](resume_s))

    def local(session: AnySession, *, seed: str, profile: str) -> LocalBackend:
        return LocalBackend(engines, session, conversation, seed=seed, profile=profile)

    async def serve(
        link: Link,
        principal: Principal,
        model: str | None,
        initial: Mapping[str, Any],
        recorder: Recorder | None,
        lasting: LastingLink | None,
    ) -> None:
        number = next(numbers)
        watched = link if tap is None else _TappedLink(link, tap, number)
        session = GatewaySession(
            watched,
            backend or local,
            registry,
            principal,
            settings,
            meter=limits.meter(principal.owner),
            seed=f"s{number:03x}",
            today=local_now,
            model=model,
            initial=initial,
            recorder=recorder,
            lasting=lasting,
        )
        await session.run()

    app = web_server(
        serve,
        lambda: {},
        record=record,
        bound_to=HOST,
        configure=lambda initial: first_policy(settings, registry, initial).view,
        links=links,
        keys=keys,
        ephemeral=ephemeral,
    )
    parts = (engines.turn, engines.stt, engines.llm, engines.tts)
    await asyncio.gather(*(part.start() for part in parts))
    try:
        async with hosting(app, certificate=certificate) as running:
            try:
                yield running
            finally:
                links.close()
    finally:
        await asyncio.gather(*(part.stop() for part in parts))


@asynccontextmanager
async def hosting(
    app: ASGIApp, *, certificate: Certificate | None = None, connections: ConnectionLimits | None = None
) -> AsyncGenerator[RunningServer, None]:
    """Serve an ASGI application on a free loopback port until the end of the block."""
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
        http=http_protocol(connections),
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=MESSAGE_BYTES,
        ssl_certfile=None if certificate is None else certificate.chain,
        ssl_keyfile=None if certificate is None else certificate.key,
    )
    with socket.create_server((HOST, 0)) as listening:
        server = _Server(config)
        task = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            # It already listens: a connection made before uvicorn accepts waits in the backlog.
            yield RunningServer(listening.getsockname()[1], secure=certificate is not None)
        finally:
            server.should_exit = True
            await task


class _Server(uvicorn.Server):
    """Leaves the signals to whoever runs the test."""

    def capture_signals(self) -> Any:
        return nullcontext()


class _TappedLink:
    """A link whose frames are shown to a tap."""

    def __init__(self, link: Link, tap: Tap, number: int) -> None:
        self._link = link
        self._tap = tap
        self._number = number

    async def receive(self) -> str | bytes | None:
        frame = await self._link.receive()
        if frame is not None:
            self._tap(self._number, "received", frame)
        return frame

    async def send(self, frame: str) -> None:
        self._tap(self._number, "sent", frame)
        await self._link.send(frame)

    def send_now(self, frame: str) -> bool:
        sent = self._link.send_now(frame)
        if sent:
            self._tap(self._number, "sent", frame)
        return sent

    async def close(self, code: int, reason: str) -> None:
        await self._link.close(code, reason)
