"""The server's own tools: the built-in ones and those that packages add (``vasi.plugins``)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from vasi import plugins
from vasi.config import Settings
from vasi.errors import VasiError
from vasi.knowledge import Knowledge
from vasi.notes import Notes
from vasi.tools.ports import Tool

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ToolParts:
    """What tools may work with."""

    settings: Settings
    knowledge: Knowledge
    notes: Notes


@dataclass(frozen=True, slots=True)
class ToolProvider:
    """What makes tools: what the group ``vasi.tools`` takes.

    Attributes:
        name: of the provider, not of a tool.
        make: the tools; none if the settings don't ask for them.
    """

    name: str
    make: Callable[[ToolParts], Iterable[Tool]]


def server_tools(parts: ToolParts) -> list[Tool]:
    """The tools of all providers; one of a package that fails, or whose name is taken, is left out and logged.

    Raises:
        VasiError: a provider finds the settings wrong.
    """
    tools: dict[str, Tool] = {}
    for plugin in plugins.load(plugins.TOOLS, ToolProvider).plugins:
        try:
            made = list(plugin.value.make(parts))
        except VasiError:
            raise
        except Exception:
            if not plugin.package:
                raise
            log.exception("The tools '%s' of %s could not be made.", plugin.value.name, plugin.package)
            continue
        for tool in made:
            if tool.name in tools:
                log.warning("The tool '%s' of %s isn't offered: its name is taken.", tool.name, plugin.package)
            else:
                tools[tool.name] = tool
    return list(tools.values())
