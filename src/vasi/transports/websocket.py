"""The Realtime API over WebSocket: carries frames, decides nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from starlette.types import Receive, Send
from starlette.websockets import WebSocket

SUBPROTOCOL = "realtime"
ON_PURPOSE = (1000, 1005)
"""Close codes of a client that hangs up: the normal one, and none at all."""
LONGEST_REASON = 123
"""Bytes that a closing frame has for its reason."""
STOPPING = 1012
"""How a socket ends when the server stops."""


class WebSocketLink:
    """A client's socket as the gateway's link.

    Args:
        receive: the ASGI server's, of a socket that was accepted.
        send: the ASGI server's.
    """

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._open = True
        self.dropped = False
        """It has ended, and neither the client nor the server meant it to."""

    @classmethod
    async def accept(
        cls, socket: WebSocket, receive: Receive, send: Send, headers: Mapping[str, str] | None = None
    ) -> WebSocketLink:
        """Finish the handshake. Of the offered subprotocols only "realtime" is echoed: others may carry keys."""
        offered: list[str] = socket.scope.get("subprotocols", [])
        raw = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
        await socket.accept(subprotocol=SUBPROTOCOL if SUBPROTOCOL in offered else None, headers=raw)
        return cls(receive, send)

    async def receive(self) -> str | bytes | None:
        """The next frame; binary frames are taken as UTF-8 JSON."""
        message = await self._receive()
        if message["type"] != "websocket.receive":
            self._open = False
            code = message.get("code", 1006)
            # uvicorn reports 1005 without a reason, too, where there was no closing handshake.
            self.dropped = code != STOPPING and ("reason" not in message or code not in ON_PURPOSE)
            return None
        text: str | None = message.get("text")
        return text if text is not None else message.get("bytes", b"")

    async def send(self, frame: str) -> None:
        if self._open:
            try:
                await self._send({"type": "websocket.send", "text": frame})
            except (OSError, RuntimeError):
                # The client left while we spoke; `receive` says so too.
                self._open = False

    def send_now(self, frame: str) -> bool:
        if not self._open:
            return True
        sending: Any = self._send({"type": "websocket.send", "text": frame})
        try:
            sending.send(None)
        except StopIteration:
            return True
        except (OSError, RuntimeError):
            self._open = False
            return True
        # uvicorn waits for room before it writes, and nowhere else: nothing was written.
        sending.close()
        return False

    async def close(self, code: int, reason: str) -> None:
        if self._open:
            self._open = False
            with contextlib.suppress(OSError, RuntimeError):
                await self._send({"type": "websocket.close", "code": code, "reason": fitting(reason)})


def fitting(reason: str) -> str:
    """``reason`` as far as a closing frame takes it (123 bytes), without half a word."""
    encoded = reason.encode()
    if len(encoded) <= LONGEST_REASON:
        return reason
    whole = encoded[: LONGEST_REASON - len("…".encode())].decode(errors="ignore")
    return (whole.rpartition(" ")[0] or whole) + "…"
