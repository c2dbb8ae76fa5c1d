"""Which MCP servers there are: those that the settings name, and those that clients may name by their address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from msgspec import UNSET

from vasi.errors import ClientError
from vasi.protocol.mcp import McpTool
from vasi.tools.mcp import McpServer, installed

_RESERVED = frozenset(
    (
        "host", "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "expect", "accept",
        "accept-encoding", "last-event-id", "http2-settings", "via",
    )
)  # fmt: skip
_RESERVED_PREFIXES = ("content-", "mcp-", "proxy-", "sec-")
"""Headers that frame a request, say where it goes, or belong to the protocol: a client that chose them could smuggle
requests through a proxy, reach another host or take over a session."""
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VALUE = re.compile(r"(?:[!-~\xa0-\xff](?:[\t !-~\xa0-\xff]*[!-~\xa0-\xff])?)?")

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
            return Address(known.url, _with_authorization(tool, known, param))
        if tool.server_url is UNSET:
            return None
        if _origin(tool.server_url) not in self._origins:
            text = (
                f"This server connects to no MCP server at '{_origin(tool.server_url)}' for its clients; the setting "
                "'mcp_origins' lists those that they may name, and 'mcp' those that they may name by label."
            )
            raise ClientError(text, param=f"{param}.server_url")
        return Address(tool.server_url, _headers(tool, param))

    def open(self, address: Address) -> McpServer:
        """A client of the server there, which connects when it's needed; close it.

        Raises:
            ClientError: the MCP SDK isn't installed.
        """
        if not installed():
            raise ClientError("This server can't use MCP servers: its extra 'mcp' isn't installed.", code="mcp_missing")
        return McpServer(address.url, address.headers, self._timeout_s)


def _with_authorization(tool: McpTool, known: Address, param: str) -> dict[str, str]:
    """The headers of a server of the settings: theirs alone, and a client's own token where they have none.

    Such a server believes what comes with the settings' token; a client may add nothing to that.
    """
    if tool.headers:
        text = f"The MCP server '{tool.server_label}' is one of the settings; its 'headers' are set there."
        raise ClientError(text, param=f"{param}.headers")
    return {**_authorization(tool, param), **known.headers}


def _headers(tool: McpTool, param: str) -> dict[str, str]:
    """The headers that a client has for a server of its own; raises ``ClientError`` for those that it may not set."""
    headers: dict[str, str] = {}
    for name, value in (tool.headers or {}).items() if isinstance(tool.headers, dict) else ():
        lowered = name.lower()
        if lowered in _RESERVED or lowered.startswith(_RESERVED_PREFIXES):
            text = f"The header '{name[:64]}' is set by this server; leave it out."
            raise ClientError(text, param=f"{param}.headers")
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            text = f"The header {name[:64]!r} can't be sent: its name or value holds characters that HTTP forbids."
            raise ClientError(text, param=f"{param}.headers")
        headers[lowered] = value
    return headers | _authorization(tool, param)


def _authorization(tool: McpTool, param: str) -> dict[str, str]:
    if not isinstance(tool.authorization, str):
        return {}
    if not _VALUE.fullmatch(tool.authorization):
        text = "The 'authorization' of an MCP server holds characters that HTTP forbids."
        raise ClientError(text, param=f"{param}.authorization")
    return {"authorization": f"Bearer {tool.authorization}"}


def _origin(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return f"{parts.scheme}://{parts.hostname or ''}" + (f":{port}" if port not in (None, usual) else "")
