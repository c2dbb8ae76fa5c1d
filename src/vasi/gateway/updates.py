"""Which updates of the backend's session were the client's, and which the gateway's own, of which nobody is told."""

from __future__ import annotations

from collections import deque

from msgspec import UNSET
from msgspec.structs import replace

from vasi.gateway.rounds import OURS
from vasi.protocol import client_events as said
from vasi.protocol import server_events as ev


class Updates:
    """The updates on their way. A backend answers each, in order, with ``session.updated`` or an error."""

    def __init__(self) -> None:
        self._count = 0
        self._waiting: deque[tuple[str, bool]] = deque()
        self._given: dict[str, str | None] = {}
        """What the clients called theirs."""

    def ours(self, event: said.SessionUpdate) -> said.SessionUpdate:
        """An update of the gateway's, as it goes to the backend."""
        return self._sent(event, ours=True)

    def theirs(self, event: said.SessionUpdate) -> said.SessionUpdate:
        """The client's."""
        given = event.event_id
        sent = self._sent(event, ours=False)
        self._given[str(sent.event_id)] = None if given is UNSET else given
        return sent

    def is_ours(self) -> bool:
        """The backend has obeyed the next one; whether that was the gateway's own."""
        if not self._waiting:
            return False
        wanted, ours = self._waiting.popleft()
        self._given.pop(wanted, None)
        return ours

    def refused(self, event: ev.Error) -> ev.Error:
        """An error of the backend: if it's about the client's update, as the client is to see it."""
        wanted = event.error.event_id
        self._waiting = deque(entry for entry in self._waiting if entry[0] != wanted)
        if wanted not in self._given:
            return event
        return replace(event, error=replace(event.error, event_id=self._given.pop(wanted)))

    def _sent(self, event: said.SessionUpdate, *, ours: bool) -> said.SessionUpdate:
        self._count += 1
        wanted = f"{OURS}u{self._count:04x}"
        self._waiting.append((wanted, ours))
        return replace(event, event_id=wanted)
