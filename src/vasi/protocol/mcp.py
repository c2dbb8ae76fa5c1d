"""MCP on the wire: how a client names a server with tools, and the items that tell what became of it.

A backend knows none of this: it gets function tools, and the gateway translates.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

from vasi.protocol.items import Id, Item, Text, Wire

Names: TypeAlias = Annotated[list[Annotated[str, Meta(max_length=256)]], Meta(max_length=512)]
Label: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64, pattern="^[a-zA-Z0-9_-]+$")]


# --- the tool -------------------------------------------------------------------------------------------------------
class ToolFilter(Wire, frozen=True, kw_only=True):
    """Some of a server's tools: those of these names, those that only read, or both."""

    tool_names: Names | UnsetType | None = UNSET
    read_only: bool | UnsetType | None = UNSET

    def takes(self, name: str, read_only: bool) -> bool:
        """Whether a tool is among them; a filter that says nothing takes none."""
        if not isinstance(self.tool_names, list) and not isinstance(self.read_only, bool):
            return False
        named = not isinstance(self.tool_names, list) or name in self.tool_names
        return named and (not isinstance(self.read_only, bool) or read_only is self.read_only)


class ApprovalFilter(Wire, frozen=True, kw_only=True):
    """Which tools need the client's approval before each call, and which don't."""

    always: ToolFilter | UnsetType | None = UNSET
    never: ToolFilter | UnsetType | None = UNSET


class McpTool(Wire, frozen=True, kw_only=True, tag_field="type", tag="mcp"):
    """A server whose tools the model may call, and which runs them. Sessions are shown without its credentials."""

    server_label: Label
    server_url: Annotated[str, Meta(max_length=2048)] | UnsetType = UNSET
    connector_id: Annotated[str, Meta(max_length=128)] | UnsetType = UNSET
    tunnel_id: Annotated[str, Meta(max_length=128)] | UnsetType = UNSET
    authorization: Annotated[str, Meta(max_length=16_384)] | UnsetType | None = UNSET
    headers: (
        Annotated[
            dict[Annotated[str, Meta(max_length=256)], Annotated[str, Meta(max_length=16_384)]], Meta(max_length=32)
        ]
        | UnsetType
        | None
    ) = UNSET
    server_description: Annotated[str, Meta(max_length=4096)] | UnsetType | None = UNSET
    allowed_tools: Names | ToolFilter | UnsetType | None = UNSET
    require_approval: Literal["always", "never"] | ApprovalFilter | UnsetType | None = UNSET
    defer_loading: bool | UnsetType | None = UNSET
    """Taken and ignored."""
    allowed_callers: list[Literal["direct", "programmatic"]] | UnsetType | None = UNSET
    """Taken and ignored."""

    def allows(self, name: str, read_only: bool) -> bool:
        """Whether the model may know this tool of the server."""
        match self.allowed_tools:
            case list() as names:
                return name in names
            case ToolFilter() as wanted if wanted != ToolFilter():
                return wanted.takes(name, read_only)
            case _:
                return True

    def needs_approval(self, name: str, read_only: bool) -> bool:
        """Whether the client must approve each call of this tool: always, unless it said otherwise."""
        match self.require_approval:
            case "never":
                return False
            case ApprovalFilter(always=always, never=never):
                if isinstance(never, ToolFilter) and never.takes(name, read_only):
                    return False
                return (
                    not isinstance(always, ToolFilter) or isinstance(never, ToolFilter) or always.takes(name, read_only)
                )
            case _:
                return True


class ToolChoiceMcp(Wire, frozen=True, kw_only=True, tag_field="type", tag="mcp"):
    """The model must call this tool, or any, of an MCP server."""

    server_label: Label
    name: Annotated[str, Meta(max_length=256)] | UnsetType | None = UNSET


# --- items ----------------------------------------------------------------------------------------------------------
class ListedTool(Wire, frozen=True, kw_only=True):
    """A tool as its server describes it; ``annotations`` hold hints such as ``readOnlyHint``."""

    name: str
    description: str
    input_schema: dict[str, Any]
    annotations: dict[str, Any] | None = None

    @property
    def read_only(self) -> bool:
        """The server says that it changes nothing."""
        return self.annotations is not None and self.annotations.get("readOnlyHint") is True


class McpListTools(Wire, frozen=True, kw_only=True, tag_field="type", tag="mcp_list_tools"):
    """What a server offers."""

    id: Id
    server_label: str
    tools: list[ListedTool]


class ProtocolError(Wire, frozen=True, kw_only=True, tag_field="type", tag="protocol_error"):
    """The server refused the call in the words of MCP."""

    code: int
    message: str


class HttpError(Wire, frozen=True, kw_only=True, tag_field="type", tag="http_error"):
    """The server refused it in those of HTTP."""

    code: int
    message: str


class ToolExecutionError(Wire, frozen=True, kw_only=True, tag_field="type", tag="tool_execution_error"):
    """The tool failed, or didn't run."""

    message: str


CallError: TypeAlias = ProtocolError | HttpError | ToolExecutionError


class McpCall(Wire, frozen=True, kw_only=True, tag_field="type", tag="mcp_call"):
    """A call of a tool; with neither output nor error it's still running."""

    id: Id
    server_label: str
    name: str
    arguments: str
    output: str | None = None
    error: CallError | None = None
    approval_request_id: str | None = None


class McpApprovalRequest(Wire, frozen=True, kw_only=True, tag_field="type", tag="mcp_approval_request"):
    """The model wants to call a tool, and the client has to agree first."""

    id: Id
    server_label: str
    name: str
    arguments: str


class McpApprovalResponse(Wire, frozen=True, kw_only=True, tag_field="type", tag="mcp_approval_response"):
    """The client agrees, or doesn't and may say why."""

    approval_request_id: Id
    approve: bool
    reason: Text | UnsetType | None = UNSET
    id: Id | UnsetType = UNSET


HostedItem: TypeAlias = McpListTools | McpCall | McpApprovalRequest | McpApprovalResponse
"""Items that only the gateway knows."""
AnyItem: TypeAlias = Item | HostedItem


def shown_tool(tool: McpTool) -> McpTool:
    """``tool`` without what only its server may know."""
    return msgspec.structs.replace(tool, authorization=UNSET, headers=UNSET)
