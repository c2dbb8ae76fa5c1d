"""The MCP servers that one session has named: where they are, what they offer, and which functions that makes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from vasi.errors import ClientError
from vasi.gateway.view import McpFunction
from vasi.protocol.mcp import ListedTool, McpTool
from vasi.protocol.session import FunctionTool
from vasi.tools.mcp import McpServer
from vasi.tools.ports import Tool
from vasi.tools.registry import Registry, function_name, spec
from vasi.tools.servers import OWN_LABEL, Address

MAX_SERVERS = 8
"""That one session may name."""
MAX_LISTINGS = 64
"""Over its whole life."""


@dataclass(slots=True)
class _NamedServer:
    """A server; ``tools`` is None until they are listed. None for an address: the session's own server."""

    address: Address | None
    server: McpServer | None
    tools: list[Tool] | None = None
    begun: bool = False


@dataclass(frozen=True, slots=True)
class McpFunctionSpec:
    """A function for the model, and what it stands for."""

    spec: FunctionTool
    function: McpFunction


class SessionMcpServers:
    """What a session knows of MCP servers.

    Args:
        registry: what the server holds and whom it may ask.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._named: dict[str, _NamedServer] = {}
        self._retired: list[McpServer] = []
        self._listings = 0

    def name_servers(self, tools: Iterable[McpTool], param: str) -> None:
        """The client names these servers; those that it named before keep what is known of them.

        Raises:
            ClientError: one of them can't be used; then nothing has changed.
        """
        fresh: dict[str, _NamedServer] = {}
        for at, tool in enumerate(tools):
            label = tool.server_label
            where = f"{param}[{at}]"
            if label == OWN_LABEL:
                if label not in self._named:
                    fresh[label] = _NamedServer(None, None, list(self._registry.own()))
                continue
            address = self._registry.servers.address(tool, where)
            known = self._named.get(label)
            if address is None and known is None:
                text = f"No MCP server is known as '{label}'; give its 'server_url'."
                raise ClientError(text, code="missing_required_parameter", param=f"{where}.server_url")
            if address is not None and (known is None or known.address != address):
                fresh[label] = _NamedServer(address, self._registry.servers.open(address))
        if len(self._named.keys() | fresh.keys()) > MAX_SERVERS:
            raise ClientError(f"A session may name at most {MAX_SERVERS} MCP servers.", param=param)
        if self._listings + len(fresh) > MAX_LISTINGS:
            raise ClientError(f"A session may ask for at most {MAX_LISTINGS} lists of tools.", param=param)
        self._listings += len(fresh)
        for label, named in fresh.items():
            before = self._named.get(label)
            if before is not None and before.server is not None:
                self._retired.append(before.server)
            self._named[label] = named

    def take_unlisted(self) -> list[tuple[str, McpServer | None]]:
        """Servers whose tools are to be listed now; each comes once. None for the server's own tools."""
        wanted = [(label, named) for label, named in self._named.items() if not named.begun]
        for _, named in wanted:
            named.begun = True
        return [(label, named.server) for label, named in wanted]

    def set_tools(self, label: str, server: McpServer, tools: list[Tool]) -> bool:
        """Its tools are known now; False if the session has named another one by that label since."""
        named = self._named.get(label)
        if named is None or named.server is not server:
            return False
        named.tools = tools
        return True

    def listing(self, label: str) -> list[ListedTool]:
        """What a listing shows."""
        named = self._named.get(label)
        return [listed(tool) for tool in (named.tools if named is not None else None) or ()]

    def tool(self, label: str, name: str) -> Tool | None:
        """The tool that is called."""
        named = self._named.get(label)
        known = named.tools if named is not None and named.tools is not None else ()
        return next((tool for tool in known if tool.name == name), None)

    def functions(self, tools: Iterable[McpTool]) -> dict[str, McpFunctionSpec]:
        """The functions of those servers whose tools are listed, by name."""
        found: dict[str, McpFunctionSpec] = {}
        for wanted in tools:
            label = wanted.server_label
            named = self._named.get(label)
            more = wanted.server_description if isinstance(wanted.server_description, str) else ""
            for tool in (named.tools if named is not None else None) or ():
                read_only = listed(tool).read_only
                if not wanted.allows(tool.name, read_only):
                    continue
                name = tool.name if label == OWN_LABEL else function_name(label, tool.name)
                function = McpFunction(label, tool.name, wanted.needs_approval(tool.name, read_only))
                found[name] = McpFunctionSpec(spec(name, tool, more), function)
        return found

    async def close(self) -> None:
        """Close all their connections."""
        servers = [*self._retired, *(named.server for named in self._named.values())]
        await asyncio.gather(*(server.close() for server in servers if server is not None))


def listed(tool: Tool) -> ListedTool:
    """``tool`` as a server would list it."""
    known = getattr(tool, "listed", None)
    if isinstance(known, ListedTool):
        return known
    return ListedTool(
        name=tool.name,
        description=tool.description,
        input_schema=msgspec.to_builtins(dict(tool.parameters)),
        annotations={"readOnlyHint": tool.read_only},
    )
