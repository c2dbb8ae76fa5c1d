"""What comes of an event: actions, to be carried out in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from vasi.protocol import client_events as client
from vasi.protocol import server_events as ev


@dataclass(frozen=True, slots=True)
class ToClient:
    event: ev.ServerEvent


@dataclass(frozen=True, slots=True)
class ToBackend:
    event: client.ClientEvent


@dataclass(frozen=True, slots=True)
class Record:
    """For the record alone, which keeps the calls of MCP servers as the backend has them."""

    event: ev.ItemDone | ev.ItemDeleted


@dataclass(frozen=True, slots=True)
class RunTool:
    """Run a tool (or say that there's none of that name), then call ``finish_tool``.

    Attributes:
        label: the MCP server of the session that has it; None for a tool that the server holds.
        approved: the client has approved this call.
    """

    response_id: str
    call_id: str
    name: str
    arguments: str
    label: str | None = None
    approved: bool = False


@dataclass(frozen=True, slots=True)
class CancelTool:
    call_id: str


Action: TypeAlias = ToClient | ToBackend | Record | RunTool | CancelTool
