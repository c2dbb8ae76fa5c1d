"""The tools that a server holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vasi.errors import ConfigError
from vasi.protocol.session import FunctionTool
from vasi.tools.ports import Tool


class Registry:
    """Tools by name."""

    def __init__(self, tools: Iterable[Tool] = ()) -> None:
        self._tools: dict[str, Tool] = {}
        for tool in tools:
            if tool.name in self._tools:
                raise ConfigError(f"There are two tools named '{tool.name}'; names must differ.")
            self._tools[tool.name] = tool

    def __contains__(self, name: str) -> bool:
        return name in self._tools

    def __iter__(self) -> Iterator[str]:
        return iter(self._tools)

    def get(self, name: str) -> Tool | None:
        return self._tools.get(name)

    def specs(self) -> list[FunctionTool]:
        """As a session shows them to a model."""
        return [
            FunctionTool(name=tool.name, description=tool.description, parameters=dict(tool.parameters))
            for tool in self._tools.values()
        ]
