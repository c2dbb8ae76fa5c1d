"""What a call of a tool is: who sees it, what stands for it, and how far it is.

::

    WRITING ──whole──▶ RUNNING ──returned───▶ RETURNED ──output posted──▶ ENDED
       │                  └─────────cut─────────────────────────────────▶│
       └──whole, needs approval──▶ ASKING ──approved──▶ RUNNING          │
                                      └──refused, deleted────────────────▶
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from vasi.protocol import mcp

CUT_OUTPUT = (
    '{"error": "This was cut off before the result was there. If it was to change something, it may have.", '
    '"interrupted": true}'
)
"""The output of a call whose response was ended: the user cut in, or the connection was gone."""


@dataclass(frozen=True, slots=True)
class McpFunction:
    """What a function of the model stands for: a tool of an MCP server."""

    label: str
    tool: str
    approval: bool


Functions: TypeAlias = Mapping[str, McpFunction]


@dataclass(frozen=True, slots=True)
class ResponseTools:
    """The tools of a response that has some of its own.

    Attributes:
        client_tools: names of the functions that the client declared for it.
        functions: what its functions of MCP servers stand for.
        server_tools: names of the server's own tools that a response outside the conversation may call.
    """

    client_tools: frozenset[str]
    functions: Functions
    server_tools: frozenset[str] = frozenset()


class Visibility(Enum):
    """What the client sees of a call."""

    HIDDEN = "hidden"
    """Nothing: the server runs it without a word."""
    MCP = "mcp"
    """An ``mcp_call`` in its place."""
    CLIENT = "client"
    """The call itself, which it has to answer."""


class Stage(Enum):
    WRITING = "writing"
    ASKING = "asking"
    RUNNING = "running"
    RETURNED = "returned"
    ENDED = "ended"


@dataclass(slots=True, eq=False)
class Call:
    """One call, from the model's first word of it.

    Attributes:
        backend_id: its item in the backend's conversation.
        response_id: the response that it's in, as the client knows it.
        output_index: its place there.
        function: what it stands for, if it's one of an MCP server.
    """

    visibility: Visibility
    call_id: str
    backend_id: str
    response_id: str
    output_index: int = 0
    function: McpFunction | None = None
    stage: Stage = Stage.WRITING
    arguments: str = ""
    output: str = ""
    """What the tool returned, until the backend has it."""
    item: mcp.McpCall | None = None
    """What stands for it."""
    request: mcp.McpApprovalRequest | None = None
    output_id: str | None = None
    gone: bool = False
    """The client deleted it: the model is told nothing of it any more."""
    cut: bool = False
    announced: bool = False
    """Its ``response.output_item.done`` has gone to the client."""

    @property
    def item_id(self) -> str:
        assert self.item is not None, "it runs"
        return self.item.id

    @property
    def in_response(self) -> bool:
        """Its item belongs to the response, which waits for it."""
        return self.request is None
