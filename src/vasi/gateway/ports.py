"""What carries a client's events, whatever the transport."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from vasi.errors import ClientError
from vasi.protocol.client_events import ClientEvent
from vasi.protocol.raw import RawAudioDelta
from vasi.protocol.server_events import ServerEvent


@dataclass(frozen=True, slots=True)
class UndecodableEvent:
    """What a client sent instead of an event.

    Attributes:
        error: what is wrong with it, in the words of the Realtime API.
        event_id: its ``event_id``, if that could be read.
    """

    error: ClientError
    event_id: str | None = None


Received: TypeAlias = ClientEvent | UndecodableEvent
Sent: TypeAlias = ServerEvent | RawAudioDelta


class Link(Protocol):
    """A connection to one client: Realtime events in their GA form both ways, in order.

    Sound is bytes: what is received in the session's ``audio.input.format``, what is sent in the output format that
    the event ``response.created`` of its response names. A transport that needs text or another format converts.
    """

    async def receive(self) -> Received | None:
        """The next event; None when the client is gone."""
        ...

    async def send(self, event: Sent) -> None:
        """Send an event; waits while the client is slow. Does nothing once the client is gone."""
        ...

    def send_now(self, event: Sent) -> bool:
        """Send an event as ``send`` does, if that needs no waiting. False: it does, and nothing was sent."""
        ...

    async def close(self, code: int, reason: str) -> None:
        """Close with a WebSocket close code; harmless when repeated."""
        ...


class ConnectionObserver(Protocol):
    """Is told when the connection of a session that can be resumed is lost and replaced."""

    def disconnected(self) -> None:
        """The connection is lost; the client may reconnect."""
        ...

    def reconnected(self, after: str | None) -> None:
        """The client is on a new connection; ``after`` is the id of the last event that it received."""
        ...


class TalkingPlace(Protocol):
    """A session's place among those that talk."""

    def talked(self) -> None:
        """Something was heard or said just now."""
        ...


class Resumption(Protocol):
    """Lets the client of a session reconnect."""

    @property
    def ticket(self) -> str:
        """With which the client resumes its session; good once."""
        ...

    @property
    def grace_s(self) -> float:
        """How long the session waits for its client; 0 for not at all."""
        ...

    @property
    def notice(self) -> str | None:
        """Why the session that the client wanted to resume isn't this one; None if it wanted none."""
        ...

    def observe(self, observer: ConnectionObserver) -> None:
        """Tell ``observer`` when the connection is lost and replaced."""
        ...
