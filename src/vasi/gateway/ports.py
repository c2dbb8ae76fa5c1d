"""What carries a client's frames, whatever the transport."""

from __future__ import annotations

from typing import Protocol


class Link(Protocol):
    """A connection to one client: JSON frames both ways, in order."""

    async def receive(self) -> str | bytes | None:
        """The next frame; None when the client is gone."""
        ...

    async def send(self, frame: str) -> None:
        """Send a frame; waits while the client is slow. Does nothing once the client is gone."""
        ...

    def send_now(self, frame: str) -> bool:
        """Send a frame as ``send`` does, if that needs no waiting. False: it does, and nothing was sent."""
        ...

    async def close(self, code: int, reason: str) -> None:
        """Close with a WebSocket close code; harmless when repeated."""
        ...
