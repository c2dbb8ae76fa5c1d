"""What the backend asks of a connection to a model service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

LARGEST_FRAME = 32 * 1024 * 1024
FRAMES_AHEAD = 16
"""Frames that are taken from the network before anybody asks for them."""
CLOSE_S = 2.0
"""For the closing handshake."""


class ConnectionLost(Exception):
    """The service closed the connection, or it broke; ``str(error)`` is why, as far as it is known."""


class ServiceLink(Protocol):
    """One connection: JSON frames both ways, in order."""

    async def receive(self) -> str:
        """The next frame. Raises ``ConnectionLost``."""
        ...

    async def send(self, frame: bytes) -> None:
        """Send a frame; waits while the service is slow. Raises ``ConnectionLost``."""
        ...

    def has_room(self) -> bool:
        """The service has taken everything so far, and ``write`` sends another frame without waiting."""
        ...

    def write(self, frame: bytes) -> None:
        """Send a frame while it ``has_room``."""
        ...

    def watch(self, waits: Callable[[], bool]) -> None:
        """``waits`` tells whether the service owes an answer."""
        ...

    async def close(self) -> None:
        """Close it; harmless when repeated."""
        ...
