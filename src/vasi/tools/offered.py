"""The tools of MCP servers that every session may use: listed while the server runs, and again from time to time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable

from vasi.errors import ConfigError, McpError
from vasi.protocol.mcp import McpTool
from vasi.tools.mcp import McpServer, installed
from vasi.tools.registry import Registry

log = logging.getLogger(__name__)

RELIST_S = 600.0
RETRY_S = 30.0


class OfferedTools:
    """Keeps what is offered up to date.

    Args:
        registry: where the tools are put; it knows the servers.
        labels: of the servers whose tools are offered: those that say they only read.
        approved: of the servers whose other tools are offered as well.

    Raises:
        ConfigError: the MCP SDK isn't installed.
    """

    def __init__(self, registry: Registry, labels: Collection[str], approved: Iterable[str] = ()) -> None:
        if labels and not installed():
            raise ConfigError(
                "MCP servers are configured, but the extra 'mcp' isn't installed; install it or remove the tables "
                "[mcp.…] from the settings.",
                param="mcp",
            )
        self._registry = registry
        self._labels = labels
        self._approved = frozenset(approved)

    async def run(self) -> None:
        """List the tools, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for label in self._labels:
                tasks.create_task(self._list_repeatedly(label))

    async def _list_repeatedly(self, label: str) -> None:
        address = self._registry.servers.address(McpTool(server_label=label), "mcp")
        assert address is not None, "it's configured"
        server: McpServer = self._registry.servers.open(address)
        try:
            while True:
                try:
                    tools = await server.list_tools()
                    self._registry.put(label, [tool for tool in tools if tool.read_only or label in self._approved])
                    wait_s = RELIST_S
                except McpError as error:
                    log.warning("The tools of the MCP server %s could not be listed: %s", label, error)
                    wait_s = RETRY_S
                await asyncio.sleep(wait_s)
        finally:
            await server.close()
