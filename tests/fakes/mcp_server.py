"""A real MCP server, made with the official SDK, on a free loopback port of this process."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Literal

import uvicorn
from mcp.server.mcpserver import MCPServer
from mcp.types import ToolAnnotations
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send


@dataclass
class RunningMcp:
    """The server, with what it saw."""

    port: int = 0
    path: str = "/mcp"
    token: str = ""
    """Without it every request is refused, if there is one."""
    called: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: int = 0

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.origin}{self.path}"


@asynccontextmanager
async def mcp_server(transport: Literal["http", "sse"] = "http", *, token: str = "") -> AsyncIterator[RunningMcp]:
    """Serve the tools of a lake until the end of the block."""
    logging.getLogger("mcp").setLevel(logging.CRITICAL)
    running = RunningMcp(path="/mcp" if transport == "http" else "/sse", token=token)
    server = MCPServer("lake", log_level="CRITICAL")

    @server.tool(annotations=ToolAnnotations(read_only_hint=True))
    def depth(lake: str) -> str:
        """How deep a lake is."""
        running.called.append("depth")
        return f"{lake} is 83 metres deep."

    @server.tool()
    def drain(lake: str) -> str:
        """Drain a lake."""
        running.called.append("drain")
        return f"{lake} is empty now."

    @server.tool()
    def leak() -> str:
        """Fail."""
        raise ValueError("The lake leaks.")

    @server.tool()
    def flood() -> str:
        """Return far too much."""
        return "x" * 200_000

    @server.tool(annotations=ToolAnnotations(read_only_hint=True))
    async def wait() -> str:
        """Never return."""
        running.reached.set()
        try:
            await asyncio.Event().wait()
        except BaseException:
            running.cancelled += 1
            raise
        return ""

    app: ASGIApp = server.streamable_http_app() if transport == "http" else server.sse_app()

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            running.headers.append(dict(headers))
            if running.token and headers.get("authorization") != f"Bearer {running.token}":
                await send({"type": "http.response.start", "status": 401, "headers": []})
                await send({"type": "http.response.body", "body": b"no"})
                return
        await app(scope, receive, send)

    config = uvicorn.Config(guarded, log_config=None, log_level="critical", timeout_graceful_shutdown=1)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running.port = listening.getsockname()[1]
        host = _Server(config)
        task = asyncio.create_task(host.serve(sockets=[listening]))
        try:
            yield running
        finally:
            host.should_exit = True
            await task


class _Server(uvicorn.Server):
    """Leaves the signals to whoever runs the test."""

    def capture_signals(self) -> Any:
        return nullcontext()
