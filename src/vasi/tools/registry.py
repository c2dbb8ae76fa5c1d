"""The tools that a server holds."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator

from vasi.errors import ConfigError
from vasi.protocol.session import FunctionTool
from vasi.tools.ports import Tool
from vasi.tools.servers import OWN_LABEL, Servers

MAX_NAME_CHARACTERS = 64


class Registry:
    """Tools by the names that models call them by.

    Args:
        tools: the server's own.
        servers: the MCP servers that sessions may use besides.
    """

    def __init__(self, tools: Iterable[Tool] = (), servers: Servers | None = None) -> None:
        self.servers = servers or Servers()
        self._tools: dict[str, Tool] = {}
        self._labels: dict[str, str] = {}
        for tool in tools:
            if tool.name in self._tools:
                raise ConfigError(f"There are two tools named '{tool.name}'; names must differ.")
            self._tools[tool.name] = tool
            self._labels[tool.name] = OWN_LABEL

    def __contains__(self, name: str) -> bool:
        return name in self._tools

    def __iter__(self) -> Iterator[str]:
        return iter(self._tools)

    def get(self, name: str) -> Tool | None:
        return self._tools.get(name)

    def put(self, label: str, tools: Iterable[Tool]) -> None:
        """Offer these tools of an MCP server to every session from now on, instead of those it had before."""
        for name in [name for name, of in self._labels.items() if of == label]:
            del self._tools[name], self._labels[name]
        for tool in tools:
            name = function_name(label, tool.name)
            if name not in self._tools:
                self._tools[name], self._labels[name] = tool, label

    def label(self, name: str) -> str:
        """The label of the MCP server that has this tool; the server's own for its own."""
        return self._labels.get(name, OWN_LABEL)

    def own(self) -> list[Tool]:
        """Those that aren't any MCP server's."""
        return [tool for name, tool in self._tools.items() if self._labels[name] == OWN_LABEL]

    def specs(self, without: frozenset[str] = frozenset(), *, read_only: bool = False) -> list[FunctionTool]:
        """As a session shows them to a model, but for those of the labels ``without``; or only what changes nothing."""
        return [
            spec(name, tool)
            for name, tool in self._tools.items()
            if self._labels[name] not in without and (tool.read_only or not read_only)
        ]


def spec(name: str, tool: Tool, more: str = "") -> FunctionTool:
    """``tool`` as a function called ``name``; ``more`` is added to its description."""
    description = " ".join(text for text in (tool.description, more) if text)
    return FunctionTool(name=name, description=description[:8192], parameters=dict(tool.parameters))


def function_name(label: str, tool: str) -> str:
    """What models call a tool of an MCP server: different for each, and never longer than they take."""
    name = re.sub(r"[^a-zA-Z0-9_-]", "_", f"{label}__{tool}")
    if len(name) <= MAX_NAME_CHARACTERS and name == f"{label}__{tool}":
        return name
    return f"{name[: MAX_NAME_CHARACTERS - 9]}_{hashlib.sha256(tool.encode()).hexdigest()[:8]}"
