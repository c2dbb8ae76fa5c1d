"""Who is slow, client or model, costs a bounded amount of memory and is told why the connection ends."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.server_process import ServerProcess
from vasi.backends.ports import Deliver
from vasi.gateway import queues
from vasi.protocol import server_events as ev
from vasi.protocol.client_events import ClientEvent
from vasi.protocol.session import AnySession
from vasi.testing.engines import scripted_engines
from vasi.testing.llm import ScriptedLlm
from vasi.testing.server import serving

MIB = 1024 * 1024


class LongAnswer:
    """A backend that speaks for hours as fast as it can, and takes nothing in if it's ``stalled``."""

    def __init__(self, *, stalled: bool = False) -> None:
        self.stalled = stalled
        self.over = asyncio.Event()
        self.said = 0
        self._session: AnySession

    def __call__(self, session: AnySession, **_: Any) -> LongAnswer:
        self._session = session
        return self

    async def run(self, deliver: Deliver) -> None:
        deliver(ev.SessionCreated(session=self._session))
        try:
            while not self.stalled:
                deliver(ev.TranscriptionDelta(item_id="item_1", content_index=0, delta="x" * 48_000))
                self.said += 48_000
                await asyncio.sleep(0)
            await asyncio.Event().wait()
        finally:
            self.over.set()

    async def send(self, event: ClientEvent) -> None:
        await asyncio.Event().wait()

    def send_now(self, event: ClientEvent) -> bool:
        return False


async def read_all(socket: ClientConnection) -> None:
    while True:
        await socket.recv()


async def send_many(socket: ClientConnection, frame: str) -> None:
    for _ in range(100):
        await socket.send(frame)


async def test_a_client_that_stops_reading() -> None:
    answer = LongAnswer()
    async with (
        serving(scripted_engines(ScriptedLlm()), backend=answer) as server,
        connect(server.ws, compression=None, max_queue=1) as socket,
    ):
        assert json.loads(await socket.recv())["type"] == "session.created"
        await asyncio.wait_for(answer.over.wait(), 20)
        assert answer.said < queues.UNSENT_BYTES + 16 * MIB, "what the network holds comes on top"
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(read_all(socket), 20)
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1013, "The client reads too slowly.")


class Counting:
    """A backend that counts aloud, in large steps and without a pause, up to ``last``."""

    def __init__(self, last: int) -> None:
        self.last = last
        self.over = asyncio.Event()
        self._session: AnySession

    def __call__(self, session: AnySession, **_: Any) -> Counting:
        self._session = session
        return self

    async def run(self, deliver: Deliver) -> None:
        deliver(ev.SessionCreated(session=self._session))
        for number in range(self.last):
            deliver(ev.TranscriptionDelta(item_id="item_1", content_index=0, delta=f"{number} {'x' * 20_000}"))
            if number % 7 == 0:
                await asyncio.sleep(0)
        self.over.set()
        await asyncio.Event().wait()

    def send_now(self, event: ClientEvent) -> bool:
        return True

    async def send(self, event: ClientEvent) -> None:
        """Nobody hears."""


async def test_a_client_that_reads_late_gets_everything_once_and_in_order() -> None:
    counting = Counting(500)
    async with (
        serving(scripted_engines(ScriptedLlm()), backend=counting) as server,
        connect(server.ws, compression=None, max_queue=1) as socket,
    ):
        assert json.loads(await socket.recv())["type"] == "session.created"
        await asyncio.wait_for(counting.over.wait(), 20)  # ten million characters: more than the network takes
        numbers = [int(json.loads(await socket.recv())["delta"].split()[0]) for _ in range(counting.last)]
        assert numbers == list(range(counting.last))


async def test_a_model_that_takes_nothing_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "PATIENCE_S", 0.3)
    taken = 0

    def tap(_number: int, way: str, frame: str | bytes) -> None:
        nonlocal taken
        taken += len(frame) if way == "received" else 0

    append = json.dumps({"type": "input_audio_buffer.append", "audio": base64.b64encode(bytes(MIB)).decode()})
    async with (
        serving(scripted_engines(ScriptedLlm()), backend=LongAnswer(stalled=True), tap=tap) as server,
        connect(server.ws, compression=None) as socket,
    ):
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(send_many(socket, append), 20)
        assert taken < 4 / 3 * (queues.UNTAKEN_BYTES + 2 * MIB)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1013
        assert closed.value.rcvd.reason.startswith("The model has taken nothing in")


async def test_compression_is_offered_in_vain(embedded_server: ServerProcess) -> None:
    """Sound doesn't shrink; what inflates could be a bomb."""
    async with connect(embedded_server.ws, compression="deflate") as socket:
        assert socket.request is not None
        assert socket.response is not None
        assert socket.request.headers["Sec-WebSocket-Extensions"].startswith("permessage-deflate")
        assert "Sec-WebSocket-Extensions" not in socket.response.headers
        assert json.loads(await socket.recv())["type"] == "session.created"
        # A compressed frame of a client that uses what it wasn't granted breaks the protocol.
        socket.transport.write(b"\xc1\x80\0\0\0\0")
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1002
