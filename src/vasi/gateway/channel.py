"""What a session sends its client: numbered, kept for a client that reconnects, and on its way in order."""

from __future__ import annotations

from msgspec.structs import replace

from vasi.gateway.ports import Link
from vasi.gateway.queues import Outbox
from vasi.gateway.replay import ReplayBuffer
from vasi.protocol.raw import RawAudioDelta
from vasi.protocol.server_events import OutputAudioDelta, ServerEvent


class ClientChannel:
    """The way to one client.

    Args:
        link: the client's connection.
        seed: goes into the ids of events.
        resumable: the client may reconnect: the latest events are kept.
    """

    def __init__(self, link: Link, seed: str, *, resumable: bool) -> None:
        self._prefix = f"event_{seed}"
        self._count = 0
        self._connected = True
        self._replay = ReplayBuffer(self._prefix) if resumable else None
        self._outbox = Outbox(link)

    @property
    def connected(self) -> bool:
        """Somebody receives what is sent."""
        return self._connected

    def send(self, event: ServerEvent) -> None:
        """Send an event; one that a client misses while it's disconnected is sent when it reconnects, sound apart."""
        event = self._numbered(event)
        if self._replay is not None and not isinstance(event, OutputAudioDelta):
            self._replay.add(self._count, event)
        if self._connected:
            self._outbox.push(event)

    def send_once(self, event: ServerEvent) -> None:
        """Send an event that says how things are at present: it's never sent again."""
        event = self._numbered(event)
        if self._connected:
            self._outbox.push(event)

    def forward(self, delta: RawAudioDelta) -> None:
        """Send sound that has an id of its own."""
        if self._connected:
            self._outbox.push(delta)

    def disconnected(self) -> None:
        """The connection is gone: what is sent from now on is only kept."""
        self._connected = False
        unsent = self._outbox.take_all()
        if self._replay is not None:
            self._replay.disconnected(unsent, self._count + 1)

    def reconnected(self, after: str | None) -> tuple[list[ServerEvent], bool]:
        """The client is there again: the events that it missed, for ``replay``, and whether these are all."""
        self._connected = True
        return ([], True) if self._replay is None else self._replay.since(after)

    def replay(self, events: list[ServerEvent]) -> None:
        """Send events once more, under the ids that they have."""
        for event in events:
            self._outbox.push(event)

    async def write(self) -> None:
        """Send what waits until cancelled."""
        await self._outbox.write()

    async def overflow(self) -> None:
        """Wait until the client has taken too little for too long; then raise ``LimitError``."""
        await self._outbox.overflow()

    async def close(self, code: int, reason: str) -> None:
        """Send what still waits and close, but don't wait for a client that doesn't read."""
        await self._outbox.close(code, reason)

    def _numbered(self, event: ServerEvent) -> ServerEvent:
        self._count += 1
        return replace(event, event_id=f"{self._prefix}{self._count:06x}")
