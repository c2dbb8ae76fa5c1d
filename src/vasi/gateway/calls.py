"""What hosted calls are told by: their stages, the responses that wait for them, and the actions that come of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from vasi.gateway.spans import CancelTool, ToBackend, ToClient
from vasi.protocol import mcp
from vasi.protocol import server_events as ev


@dataclass(frozen=True, slots=True)
class HostedFunction:
    """What a function of the model stands for: a tool of an MCP server."""

    label: str
    tool: str
    approval: bool


@dataclass(frozen=True, slots=True)
class CallHosted:
    """Run a tool, then call ``tool_done``."""

    call_id: str
    response_id: str
    label: str
    name: str
    arguments: str


HostedAction: TypeAlias = ToClient | ToBackend | CallHosted | CancelTool
Functions: TypeAlias = Mapping[str, HostedFunction]


class Stage(Enum):
    WRITING = "writing"
    ASKING = "asking"
    RUNNING = "running"
    ENDED = "ended"


@dataclass(slots=True, eq=False)
class Call:
    """One call, from the model's first word of it."""

    function: HostedFunction
    call_id: str
    backend_id: str
    response_id: str
    output_index: int
    stage: Stage = Stage.WRITING
    arguments: str = ""
    item: mcp.McpCall | None = None
    """What stands for it."""
    request: mcp.McpApprovalRequest | None = None
    output_id: str | None = None
    gone: bool = False
    """The client deleted it: the model is told nothing of it any more."""
    cut: bool = False
    told: bool = False
    """Its ``response.output_item.done`` has come."""

    @property
    def item_id(self) -> str:
        assert self.item is not None, "it runs"
        return self.item.id

    @property
    def in_response(self) -> bool:
        """Its item belongs to the response, which waits for it."""
        return self.request is None


@dataclass(slots=True, eq=False)
class Open:
    """A response that isn't done for the client."""

    functions: Functions
    in_conversation: bool
    calls: list[Call] = field(default_factory=list[Call])
    cancels: list[str | None] = field(default_factory=list[str | None])
    """Event ids of the client's cancels that are on their way."""
    held: ev.ResponseDone | None = None
    """Its end, which waits for its calls."""
    late: list[Call] = field(default_factory=list[Call])
    """Approved calls that ended while it was open."""

    @property
    def running(self) -> list[Call]:
        return [call for call in self.calls if call.in_response and call.stage is Stage.RUNNING]
