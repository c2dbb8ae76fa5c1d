"""The Realtime API over WebSocket: carries frames, decides nothing."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

SUBPROTOCOL = "realtime"
ON_PURPOSE = (1000, 1005)
"""Close codes of a client that hangs up: the normal one, and none at all."""
STOPPING = 1012
"""How a socket ends when the server stops."""


class WebSocketLink:
    """A client's socket as the gateway's link."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self.dropped = False
        """It has ended, and neither the client nor the server meant it to."""

    @classmethod
    async def accept(cls, socket: WebSocket, headers: Mapping[str, str] | None = None) -> WebSocketLink:
        """Finish the handshake. Of the offered subprotocols only "realtime" is echoed: others may carry keys."""
        offered: list[str] = socket.scope.get("subprotocols", [])
        raw = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
        await socket.accept(subprotocol=SUBPROTOCOL if SUBPROTOCOL in offered else None, headers=raw)
        return cls(socket)

    async def receive(self) -> str | bytes | None:
        """The next frame; binary frames are taken as UTF-8 JSON."""
        message = await self._socket.receive()
        if message["type"] != "websocket.receive":
            code = message.get("code", 1006)
            # uvicorn reports 1005 without a reason, too, where there was no closing handshake.
            self.dropped = code != STOPPING and ("reason" not in message or code not in ON_PURPOSE)
            return None
        text: str | None = message.get("text")
        return text if text is not None else message.get("bytes", b"")

    async def send(self, frame: str) -> None:
        if self._open:
            try:
                await self._socket.send_text(frame)
            except (WebSocketDisconnect, RuntimeError):
                # The client left while we spoke; `receive` says so too.
                return

    def send_now(self, frame: str) -> bool:
        sending = self.send(frame)
        try:
            sending.send(None)
        except StopIteration:
            return True
        # uvicorn waits for room before it writes, and nowhere else: nothing was written.
        sending.close()
        return False

    async def close(self, code: int, reason: str) -> None:
        if self._open:
            try:
                await self._socket.close(code, reason[:120])
            except (WebSocketDisconnect, RuntimeError):
                return

    @property
    def _open(self) -> bool:
        return (
            self._socket.application_state is WebSocketState.CONNECTED
            and self._socket.client_state is WebSocketState.CONNECTED
        )
