"""Server events about MCP: the listing of a server's tools, and calls of them."""

from __future__ import annotations

from vasi.protocol.event import ResponseEvent, ServerEventBase


class McpListEvent(ServerEventBase, frozen=True, kw_only=True):
    """Base of the events about the listing of a server's tools."""

    item_id: str


class McpListInProgress(McpListEvent, frozen=True, kw_only=True, tag_field="type", tag="mcp_list_tools.in_progress"):
    pass


class McpListCompleted(McpListEvent, frozen=True, kw_only=True, tag_field="type", tag="mcp_list_tools.completed"):
    pass


class McpListFailed(McpListEvent, frozen=True, kw_only=True, tag_field="type", tag="mcp_list_tools.failed"):
    pass


class McpArgumentsDelta(
    ResponseEvent, frozen=True, kw_only=True, tag_field="type", tag="response.mcp_call_arguments.delta"
):
    item_id: str
    delta: str
    obfuscation: str = ""


class McpArgumentsDone(
    ResponseEvent, frozen=True, kw_only=True, tag_field="type", tag="response.mcp_call_arguments.done"
):
    item_id: str
    arguments: str


class McpCallEvent(ServerEventBase, frozen=True, kw_only=True):
    """Base of the events about the running of a call."""

    item_id: str
    output_index: int


class McpCallInProgress(McpCallEvent, frozen=True, kw_only=True, tag_field="type", tag="response.mcp_call.in_progress"):
    pass


class McpCallCompleted(McpCallEvent, frozen=True, kw_only=True, tag_field="type", tag="response.mcp_call.completed"):
    pass


class McpCallFailed(McpCallEvent, frozen=True, kw_only=True, tag_field="type", tag="response.mcp_call.failed"):
    pass
