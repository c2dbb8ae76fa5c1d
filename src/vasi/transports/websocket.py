"""The Realtime API over WebSocket: carries events, decides nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from starlette.types import Receive, Send
from starlette.websockets import WebSocket

from vasi.gateway.ports import Received, Sent
from vasi.transports.beta import BetaCodec
from vasi.transports.codec import Codec, GaCodec

SUBPROTOCOL = "realtime"
ON_PURPOSE = (1000, 1005)
"""Close codes of a client that closes the connection: the normal one, and none at all."""
PREVIEW_PATH = "/openai/realtime"
"""Where clients of Azure's previews connect, which speak beta."""
LONGEST_REASON = 123
"""Bytes that a closing frame has for its reason."""
STOPPING = 1012
"""How a socket ends when the server stops."""


class WebSocketLink:
    """A client's socket as the gateway's link.

    Args:
        receive: the ASGI server's, of a socket that was accepted.
        send: the ASGI server's.
        codec: reads and writes the frames.
    """

    def __init__(self, receive: Receive, send: Send, codec: Codec) -> None:
        self._receive = receive
        self._send = send
        self._codec = codec
        self._open = True
        self.dropped = False
        """It has ended, and neither the client nor the server meant it to."""

    async def receive(self) -> Received | None:
        """The next event; binary frames are taken as UTF-8 JSON."""
        message = await self._receive()
        if message["type"] != "websocket.receive":
            self._open = False
            code = message.get("code", 1006)
            # uvicorn reports 1005 without a reason, too, where there was no closing handshake.
            self.dropped = code != STOPPING and ("reason" not in message or code not in ON_PURPOSE)
            return None
        text: str | None = message.get("text")
        return self._codec.decode(text if text is not None else message.get("bytes", b""))

    async def send(self, event: Sent) -> None:
        for frame in self._codec.encode(event):
            if not self._open:
                return
            try:
                await self._send({"type": "websocket.send", "text": frame})
            except (OSError, RuntimeError):
                # The client left while we spoke; `receive` says so too.
                self._open = False

    def send_now(self, event: Sent) -> bool:
        if not self._open:
            return True
        frames = self._codec.encode(event)
        if len(frames) != 1:
            return not frames  # several go all or none
        sending: Any = self._send({"type": "websocket.send", "text": frames[0]})
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


class WebSocketTransport:
    """Realtime events as JSON text, in the GA or the beta dialect, where OpenAI's and Azure's clients look for them."""

    paths = ("/v1/realtime", "/openai/v1/realtime", PREVIEW_PATH)
    session_type = None

    async def accept(
        self, socket: WebSocket, receive: Receive, send: Send, headers: Mapping[str, str]
    ) -> WebSocketLink:
        """Finish the handshake. Of the offered subprotocols only "realtime" is echoed: others may carry keys."""
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await socket.accept(
            subprotocol=SUBPROTOCOL if SUBPROTOCOL in offered_subprotocols(socket) else None, headers=raw
        )
        return WebSocketLink(receive, send, BetaCodec() if speaks_beta(socket) else GaCodec())


def speaks_beta(socket: WebSocket) -> bool:
    """Whether a client asked for the beta dialect: by header, subprotocol or path."""
    return (
        "realtime=v1" in socket.headers.get("openai-beta", "").replace(" ", "").split(",")
        or "openai-beta.realtime-v1" in offered_subprotocols(socket)
        or socket.url.path == PREVIEW_PATH
    )


def offered_subprotocols(socket: WebSocket) -> list[str]:
    """Those that the client would speak."""
    offered: list[str] = socket.scope.get("subprotocols", [])
    return offered


def fitting(reason: str) -> str:
    """``reason`` as far as a closing frame takes it (123 bytes), without half a word."""
    encoded = reason.encode()
    if len(encoded) <= LONGEST_REASON:
        return reason
    whole = encoded[: LONGEST_REASON - len("…".encode())].decode(errors="ignore")
    return (whole.rpartition(" ")[0] or whole) + "…"
