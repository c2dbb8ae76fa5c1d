"""What all server events have in common."""

from __future__ import annotations

import msgspec


class ServerEventBase(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all server events."""

    event_id: str = ""


class ResponseEvent(ServerEventBase, frozen=True, kw_only=True):
    """Base of the events about one item of a response."""

    response_id: str
    output_index: int
