"""A transport of another kind is registered beside the one for JSON: a telephone line, say, that carries only sound."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest
from starlette.types import Receive, Send
from starlette.websockets import WebSocket
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from vasi.accounts.secrets import StaticKeys
from vasi.gateway.ports import Received, Sent
from vasi.media import pcm
from vasi.protocol import client_events as client
from vasi.protocol import server_events as ev
from vasi.protocol.raw import RawAudioDelta
from vasi.testing.engines import ScriptedStt, scripted_engines, silence, speech
from vasi.testing.llm import ScriptedLlm
from vasi.testing.server import serving
from vasi.transports.websocket import WebSocketTransport

KEY = "a-key-of-this-server"


class Line:
    """Binary frames of PCM both ways; of all other events a telephone hears nothing."""

    dropped = False

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send

    async def receive(self) -> Received | None:
        message = await self._receive()
        return client.AudioAppend(audio=message["bytes"]) if message["type"] == "websocket.receive" else None

    async def send(self, event: Sent) -> None:
        match event:
            case ev.OutputAudioDelta(delta=sound):
                await self._send({"type": "websocket.send", "bytes": sound})
            case RawAudioDelta(audio=sound):
                await self._send({"type": "websocket.send", "bytes": sound})
            case _:
                pass

    def send_now(self, event: Sent) -> bool:
        return not isinstance(event, ev.OutputAudioDelta | RawAudioDelta)

    async def close(self, code: int, reason: str) -> None:
        await self._send({"type": "websocket.close", "code": code, "reason": reason})


class Telephone:
    paths = ("/telephone",)
    session_type = None

    async def accept(self, socket: WebSocket, receive: Receive, send: Send, headers: Mapping[str, str]) -> Line:
        await socket.accept()
        return Line(receive, send)


async def test_a_client_that_knows_only_sound_talks_with_the_same_server() -> None:
    llm = ScriptedLlm("Good morning.")
    engines = scripted_engines(llm, stt=ScriptedStt(["hello"]))
    options: dict[str, Any] = {"additional_headers": {"Authorization": f"Bearer {KEY}"}}
    async with serving(engines, keys=StaticKeys([KEY]), transports=(WebSocketTransport(), Telephone())) as server:
        address = server.ws.replace("/v1/realtime", "/telephone")
        async with connect(address, **options) as line:
            for _ in range(6):
                await line.send(speech(100))
            for _ in range(7):
                await line.send(silence(100))
            sound = await asyncio.wait_for(line.recv(), 10)
            assert isinstance(sound, bytes)
            assert pcm.level_dbfs(pcm.decode(sound)) > -50
        async with connect(server.ws, **options) as socket:
            assert json.loads(await socket.recv())["type"] == "session.created"
        with pytest.raises(InvalidStatus) as refused:
            await connect(address)
        assert refused.value.response.status_code == 401, "who may connect is decided for all transports alike"
