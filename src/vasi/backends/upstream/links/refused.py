"""Why a connection could not be opened, whatever library tried."""

from __future__ import annotations


class HandshakeRefused(Exception):
    """The service answered with another status than 101.

    Args:
        status: of HTTP.
        body: of the answer, as far as it came.
    """

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.body = body


class HandshakeFailed(Exception):
    """What answered doesn't speak WebSocket; ``str(error)`` is what was wrong."""
