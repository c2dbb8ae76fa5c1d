"""A client of MCP servers, and their tools as tools like any other. Needs the extra ``mcp``.

Which servers may be reached is for ``servers`` to say. A server is connected to when it's first needed, and again when
the connection was lost.
"""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from vasi.errors import McpError, ToolError, VasiError
from vasi.protocol.mcp import ListedTool
from vasi.tools.arguments import parse
from vasi.tools.ports import ToolContext, ToolResult

if TYPE_CHECKING:
    from mcp import Client

TOOLS = 128
"""Of one server; further ones aren't looked at."""
DESCRIPTION = 4096
SCHEMA_BYTES = 64 * 1024
GOODBYE_S = 2.0
OLD_SSE = frozenset({404, 405})
"""What servers that only speak the older SSE transport say to a POST."""


def installed() -> bool:
    """Whether the MCP SDK is there."""
    return importlib.util.find_spec("mcp") is not None


class McpServer:
    """One server, seen with one set of headers.

    Args:
        url: its address.
        headers: sent with every request; they may hold its token.
        timeout_s: for connecting and listing, and for each call.
    """

    def __init__(self, url: str, headers: Mapping[str, str], timeout_s: float) -> None:
        self._url = url
        self._headers = dict(headers)
        self._timeout_s = timeout_s
        self._lock = asyncio.Lock()
        self._client: Client | None = None
        self._owner: asyncio.Task[None] | None = None
        self._statuses: list[int] = []
        """Of the HTTP responses since the connection began."""
        self._broke: BaseException | None = None
        """What ended the last connection."""

    async def list_tools(self) -> list[RemoteTool]:
        """What it offers. Raises ``McpError``."""
        found: list[RemoteTool] = []
        cursor: str | None = None
        try:
            async with asyncio.timeout(self._timeout_s):
                client = await self._connected()
                while len(found) < TOOLS:
                    page = await client.list_tools(cursor=cursor)
                    for tool in page.tools:
                        hints = tool.annotations
                        listed = ListedTool(
                            name=tool.name,
                            description=(tool.description or "")[:DESCRIPTION],
                            input_schema=tool.input_schema,
                            annotations=hints.model_dump(by_alias=True, exclude_none=True) if hints else None,
                        )
                        if len(tool.name) <= 256 and len(msgspec.json.encode(listed)) <= SCHEMA_BYTES:
                            found.append(RemoteTool(self, listed))
                    cursor = page.next_cursor
                    if cursor is None:
                        break
        except Exception as error:
            raise await self._failure(error) from None
        return found[:TOOLS]

    async def call(self, name: str, arguments: dict[str, Any]) -> str:
        """What the tool returned, as text. Raises ``McpError``, or ``ToolError`` with what the tool said."""
        from vasi.tools import mcp_sdk

        try:
            async with asyncio.timeout(self._timeout_s):
                result = await (await self._connected()).call_tool(name, arguments)
        except Exception as error:
            raise await self._failure(error) from None
        text = mcp_sdk.text_of(result)
        if result.is_error:
            raise ToolError(text or "The tool failed and didn't say why.")
        return text

    async def close(self) -> None:
        """Close the connection."""
        owner, self._owner, self._client = self._owner, None, None
        if owner is not None:
            owner.cancel()
            # The SDK says good-bye to some servers; one that doesn't listen holds nobody up.
            await asyncio.wait({owner}, timeout=GOODBYE_S)
            owner.cancel()

    # --- the connection ---------------------------------------------------------------------------------------------
    async def _connected(self) -> Client:
        async with self._lock:
            if self._client is not None and self._owner is not None and not self._owner.done():
                return self._client
            await self.close()
            self._statuses.clear()
            self._broke = None
            try:
                self._client = await self._connect(old=False)
            except Exception:
                if not OLD_SSE.intersection(self._statuses):
                    raise
                self._client = await self._connect(old=True)
            return self._client

    async def _connect(self, *, old: bool) -> Client:
        # It takes a second to load.
        await asyncio.to_thread(importlib.import_module, "vasi.tools.mcp_sdk")
        ready: asyncio.Future[Client] = asyncio.get_running_loop().create_future()
        owner = asyncio.create_task(self._own(ready, old=old))
        try:
            client = await ready
        except BaseException:
            owner.cancel()
            await asyncio.gather(owner, return_exceptions=True)
            raise
        self._owner = owner
        return client

    async def _own(self, ready: asyncio.Future[Client], *, old: bool) -> None:
        """Hold the connection: the SDK wants it closed by the task that opened it."""
        from vasi.tools import mcp_sdk

        try:
            async with mcp_sdk.connection(self._url, self._headers, self._noticed, old=old) as client:
                ready.set_result(client)
                await asyncio.get_running_loop().create_future()
        except Exception as error:
            # Once connected, whoever waits for a result learns of it from the SDK, and the next call connects anew.
            self._broke = mcp_sdk.innermost(error)
            if not ready.done():
                ready.set_exception(self._broke)

    def _noticed(self, status: int) -> None:
        self._statuses = [*self._statuses, status][-8:]

    async def _failure(self, error: BaseException) -> VasiError:
        """``error`` in words for the model and the client."""
        from vasi.tools import mcp_sdk

        if isinstance(error, TimeoutError):
            return McpError(f"The MCP server didn't answer within {self._timeout_s:g} seconds.", http=504)
        if mcp_sdk.is_lost(error):
            if self._owner is not None:
                # The task that holds the connection learns why it broke, as soon as the SDK has cleaned up.
                await asyncio.wait({self._owner}, timeout=0.5)
            await self.close()
            error = self._broke or error
        last = self._statuses[-1] if self._statuses else 200
        return mcp_sdk.explained(error, last if last >= 400 else None)


class RemoteTool:
    """A tool of an MCP server."""

    def __init__(self, server: McpServer, listed: ListedTool) -> None:
        self._server = server
        self.listed = listed

    @property
    def name(self) -> str:
        """What its server calls it."""
        return self.listed.name

    @property
    def description(self) -> str:
        """In its server's words."""
        return self.listed.description

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Its server's schema."""
        return self.listed.input_schema

    @property
    def read_only(self) -> bool:
        """So says its server."""
        return self.listed.read_only

    async def run(self, context: ToolContext, arguments: str) -> ToolResult:
        """The output is the text that the tool returned."""
        return ToolResult(await self._server.call(self.name, parse(arguments, dict[str, Any])))
