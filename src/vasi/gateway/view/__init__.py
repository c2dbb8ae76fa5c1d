"""What a client sees of its backend's conversation: one response over all rounds, and nothing that is hidden.

Pure bookkeeping. ``items`` holds the order of the conversation's items, ``calls`` says what a call of a tool is,
``requests`` and ``responses`` what was asked for and what is in progress; ``rounds`` makes one response of a backend's
many, ``mcp_calls`` shows calls and lists of MCP servers, and ``view`` puts them together.
"""

from vasi.gateway.view.actions import Action, CancelTool, Record, RunTool, ToBackend, ToClient
from vasi.gateway.view.calls import McpFunction, ResponseTools
from vasi.gateway.view.shape import SessionShape
from vasi.gateway.view.view import ClientView

__all__ = [
    "Action",
    "CancelTool",
    "ClientView",
    "McpFunction",
    "Record",
    "ResponseTools",
    "RunTool",
    "SessionShape",
    "ToBackend",
    "ToClient",
]
