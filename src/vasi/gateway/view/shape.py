"""What a view has to know of the session's configuration."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from vasi.gateway.view.calls import McpFunction


@dataclass(frozen=True, slots=True)
class SessionShape:
    """The session as the backend has taken it.

    Attributes:
        client_tools: names of the functions that the client declared; calls of all others are hidden.
        functions: what the functions of the session's MCP servers stand for, by name.
        interrupts: speech cuts the answer (``interrupt_response``).
        answers: the backend answers a turn by itself (``create_response``).
    """

    client_tools: Set[str] = frozenset()
    functions: Mapping[str, McpFunction] = field(default_factory=dict[str, McpFunction])
    interrupts: bool = True
    answers: bool = True
