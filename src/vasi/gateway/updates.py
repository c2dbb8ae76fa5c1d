"""Which updates of the backend's session are the client's, and which the gateway's own, which are internal."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from vasi.protocol import client_events as client
from vasi.protocol import server_events as ev


@dataclass(frozen=True, slots=True)
class Update:
    """One on its way.

    Attributes:
        id: what the backend knows it by.
        asked: the ``session`` that the client sent; None for an update of the gateway's own.
        client_id: the client's ``event_id``.
    """

    id: str
    asked: Mapping[str, Any] | None = None
    client_id: str | None = None


class Updates:
    """The updates on their way. A backend answers each, in order, with ``session.updated`` or an error.

    Args:
        event_prefix: how the ids of the gateway's own events begin.
    """

    def __init__(self, event_prefix: str) -> None:
        self._prefix = event_prefix
        self._count = 0
        self._waiting: deque[Update] = deque()

    @property
    def asked(self) -> list[Mapping[str, Any]]:
        """What the client asked for and the backend hasn't answered, oldest first."""
        return [update.asked for update in self._waiting if update.asked is not None]

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def of_gateway(self, event: client.SessionUpdate) -> client.SessionUpdate:
        """Remember an update of the gateway's own; returns it as it goes to the backend."""
        update = Update(self._new_id())
        self._waiting.append(update)
        return replace(event, event_id=update.id)

    def of_client(self, event: client.SessionUpdate, asked: Mapping[str, Any]) -> client.SessionUpdate:
        """Remember an update of the client's, who sent ``asked``; returns ``event`` as it goes to the backend."""
        client_id = None if event.event_id is UNSET else event.event_id
        update = Update(self._new_id(), asked, client_id)
        self._waiting.append(update)
        return replace(event, event_id=update.id)

    def acknowledged(self) -> Update | None:
        """The backend has made the next one hold: which that was."""
        return self._waiting.popleft() if self._waiting else None

    def refused(self, error: ev.Error) -> Update | None:
        """An error of the backend: the update that it's about, if it's about one."""
        update = next((update for update in self._waiting if update.id == error.error.event_id), None)
        if update is not None:
            self._waiting.remove(update)
        return update

    def _new_id(self) -> str:
        self._count += 1
        return f"{self._prefix}u{self._count:04x}"
