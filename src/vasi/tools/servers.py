"""Which MCP servers there are: those that the settings name, and those that clients may name by their address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from msgspec import UNSET

from vasi.errors import ClientError
from vasi.protocol.mcp import McpTool
from vasi.tools.mcp import McpServer, installed

OWN_LABEL = "vasi"
"""The server's own tools, for clients that want to see them at work."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is, and what is sent to it with every request."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


class Servers:
    """The MCP servers that sessions may use.

    Args:
        configured: by label, with whatever credentials they need.
        origins: like ``https://mcp.example.com``; clients may name servers there by address.
        timeout_s: for listing, and for each call.
    """

    def __init__(
        self,
        configured: Mapping[str, Address] | None = None,
        origins: Iterable[str] = (),
        timeout_s: float = 10.0,
    ) -> None:
        self._configured = dict(configured or {})
        self._origins = frozenset(_origin(origin) for origin in origins)
        self._timeout_s = timeout_s

    def address(self, tool: McpTool, param: str) -> Address | None:
        """Where the server that a client names is; None for one that an earlier event must have named.

        Raises:
            ClientError: there is none that the client may use; the message says which setting would allow it.
        """
        label = tool.server_label
        if tool.connector_id is not UNSET or tool.tunnel_id is not UNSET:
            name = "connector_id" if tool.connector_id is not UNSET else "tunnel_id"
            text = "Connectors and tunnels are OpenAI's own; name an MCP server by its 'server_url'."
            raise ClientError(text, param=f"{param}.{name}")
        known = self._configured.get(label)
        if known is not None and tool.server_url in (UNSET, known.url):
            return Address(known.url, {**_headers(tool), **known.headers})
        if tool.server_url is UNSET:
            return None
        if _origin(tool.server_url) not in self._origins:
            text = (
                f"This server connects to no MCP server at '{_origin(tool.server_url)}' for its clients; the setting "
                "'mcp_origins' lists those that they may name, and 'mcp' those that they may name by label."
            )
            raise ClientError(text, param=f"{param}.server_url")
        return Address(tool.server_url, _headers(tool))

    def open(self, address: Address) -> McpServer:
        """A client of the server there, which connects when it's needed; close it.

        Raises:
            ClientError: the MCP SDK isn't installed.
        """
        if not installed():
            raise ClientError("This server can't use MCP servers: its extra 'mcp' isn't installed.", code="mcp_missing")
        return McpServer(address.url, address.headers, self._timeout_s)


def _headers(tool: McpTool) -> dict[str, str]:
    headers = {name.lower(): value for name, value in tool.headers.items()} if isinstance(tool.headers, dict) else {}
    if isinstance(tool.authorization, str):
        headers["authorization"] = f"Bearer {tool.authorization}"
    return headers


def _origin(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return f"{parts.scheme}://{parts.hostname or ''}" + (f":{port}" if port not in (None, usual) else "")
