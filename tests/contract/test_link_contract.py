"""What holds for every link, whatever carries it and whatever dialect its client speaks."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from queue import SimpleQueue
from typing import Any, Protocol

import pytest
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect as connect_in_thread

from vasi.accounts.principals import Principal
from vasi.gateway.ports import Link, UndecodableEvent
from vasi.protocol import client_events as client
from vasi.protocol import server_events as ev
from vasi.protocol.raw import audio_delta
from vasi.protocol.session import Session
from vasi.testing.server import hosting
from vasi.transports.beta import BetaCodec
from vasi.transports.codec import Codec, GaCodec
from vasi.transports.memory import MemoryConnection, link_pair
from vasi.transports.resumption import ResumableConnections
from vasi.transports.websocket import WebSocketLink, WebSocketTransport

BETA = {"OpenAI-Beta": "realtime=v1"}
AUDIO_TYPES = {"response.output_audio.delta", "response.audio.delta"}
PLACE = {"response_id": "resp_1", "item_id": "item_1", "output_index": 0, "content_index": 0}
SOUND = bytes(range(256)) * 10


class Frames(Protocol):
    """The client's end of a link."""

    async def send(self, frame: str) -> None: ...

    async def receive(self) -> str | None:
        """The next frame; None when the link was closed."""
        ...

    async def close(self) -> None: ...


class Socket:
    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def send(self, frame: str) -> None:
        await self.socket.send(frame)

    async def receive(self) -> str | None:
        try:
            return await self.socket.recv(decode=True)
        except ConnectionClosed:
            return None

    async def close(self) -> None:
        await self.socket.close()


@contextlib.asynccontextmanager
async def accepting() -> AsyncIterator[tuple[str, Callable[[], Any]]]:
    """A real server that accepts sockets: its address, and what waits for the link of the next client."""
    links: asyncio.Queue[WebSocketLink] = asyncio.Queue()
    over = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        links.put_nowait(await WebSocketTransport().accept(WebSocket(scope, receive, send), receive, send, {}))
        await over.wait()

    async with hosting(app) as server:
        try:
            yield server.ws, links.get
        finally:
            over.set()


@contextlib.asynccontextmanager
async def over_socket(headers: dict[str, str] | None = None) -> AsyncIterator[tuple[Link, Frames]]:
    async with (
        accepting() as (address, next_link),
        connect(address, compression=None, additional_headers=headers, max_queue=1) as socket,
    ):
        yield await next_link(), Socket(socket)


@contextlib.asynccontextmanager
async def in_memory(codec: Codec) -> AsyncIterator[tuple[Link, MemoryConnection]]:
    ours, theirs = link_pair(codec)
    yield theirs, ours


@contextlib.asynccontextmanager
async def resumable(inner: AbstractAsyncContextManager[tuple[Link, Frames]]) -> AsyncIterator[tuple[Link, Frames]]:
    async with inner as (link, frames):
        connection = ResumableConnections(30).open(Principal("anna"))
        connection.begin(link, lambda: False)
        yield connection, frames
        connection.end()


OPENERS: dict[str, Callable[[], AbstractAsyncContextManager[tuple[Link, Frames]]]] = {
    "memory": lambda: in_memory(GaCodec()),
    "memory, beta": lambda: in_memory(BetaCodec()),
    "websocket": over_socket,
    "websocket, beta": lambda: over_socket(BETA),
    "resumable memory": lambda: resumable(in_memory(GaCodec())),
    "resumable websocket, beta": lambda: resumable(over_socket(BETA)),
}
every_link = pytest.mark.parametrize("opened", OPENERS.values(), ids=OPENERS)


def deleted(number: int) -> ev.ItemDeleted:
    return ev.ItemDeleted(event_id=f"event_{number}", item_id=f"item_{number}")


async def send(link: Link, event: Any) -> None:
    if not link.send_now(event):
        await link.send(event)


@every_link
async def test_a_client_s_events_arrive_in_order_and_typed(opened: Any) -> None:
    async with opened() as (link, frames):
        sound = base64.b64encode(SOUND).decode()
        await frames.send(json.dumps({"type": "input_audio_buffer.append", "audio": sound}))
        await frames.send('{"type":"input_audio_buffer.commit","event_id":"mine"}')
        await frames.send('{"type":"session.update","session":{"type":"realtime","instructions":"Hi."}}')
        assert await link.receive() == client.AudioAppend(audio=SOUND)
        assert await link.receive() == client.AudioCommit(event_id="mine")
        update = await link.receive()
        assert isinstance(update, client.SessionUpdate)
        assert update.session["instructions"] == "Hi."


@every_link
async def test_what_is_no_event_is_told_as_such_and_the_next_is_read(opened: Any) -> None:
    async with opened() as (link, frames):
        await frames.send("not JSON")
        await frames.send('{"type":"response.cancel","response_id":7,"event_id":"mine"}')
        await frames.send('{"type":"response.cancel"}')
        first, second = await link.receive(), await link.receive()
        assert isinstance(first, UndecodableEvent)
        assert (first.error.code, first.event_id) == ("invalid_json", None)
        assert isinstance(second, UndecodableEvent)
        assert (second.error.param, second.event_id) == ("response_id", "mine")
        assert await link.receive() == client.ResponseCancel()


@every_link
async def test_events_arrive_at_the_client_in_order_with_their_sound(opened: Any) -> None:
    async with opened() as (link, frames):
        encoded = base64.b64encode(SOUND).decode()
        raw = audio_delta(
            json.dumps({"type": "response.output_audio.delta", "event_id": "event_2", **PLACE, "delta": encoded})
        )
        assert raw is not None
        assert raw.audio == SOUND
        sent = [deleted(1), raw, ev.OutputAudioDelta(event_id="event_3", **PLACE, delta=SOUND), deleted(4)]
        for event in sent:
            await send(link, event)
        received = [json.loads(await frames.receive() or "null") for _ in sent]
        assert [event["event_id"] for event in received] == [f"event_{number}" for number in range(1, 5)]
        for event in received[1:3]:
            assert event["type"] in AUDIO_TYPES
            assert base64.b64decode(event["delta"]) == SOUND


@every_link
async def test_sound_goes_under_the_ids_that_it_was_renamed_to(opened: Any) -> None:
    async with opened() as (link, frames):
        for head in ("response.output_audio.delta", "response.audio.delta"):
            encoded = base64.b64encode(SOUND).decode()
            raw = audio_delta(json.dumps({"type": head, "event_id": "event_1", **PLACE, "delta": encoded}))
            assert raw is not None
            renamed = raw.renamed("resp_7", 3)
            assert renamed.audio == SOUND
            await send(link, renamed)
            event = json.loads(await frames.receive() or "null")
            assert (event["response_id"], event["output_index"], event["item_id"]) == ("resp_7", 3, "item_1")
            assert event["type"] in AUDIO_TYPES
            assert base64.b64decode(event["delta"]) == SOUND


@every_link
async def test_a_client_that_is_gone_gets_nothing_and_nobody_waits_for_it(opened: Any) -> None:
    async with opened() as (link, frames):
        await frames.close()
        assert await asyncio.wait_for(link.receive(), 5) is None
        async with asyncio.timeout(5):
            await link.send(deleted(1))
            assert link.send_now(deleted(2))
            await link.close(1000, "")
            await link.close(1000, "")


@every_link
async def test_a_link_is_closed_after_what_was_sent(opened: Any) -> None:
    async with opened() as (link, frames):
        await send(link, deleted(1))
        await link.close(1001, "The session is over.")
        await link.close(1011, "again")
        assert json.loads(await frames.receive() or "null")["item_id"] == "item_1"
        assert await asyncio.wait_for(frames.receive(), 5) is None
        if isinstance(frames, Socket):
            assert (frames.socket.close_code, frames.socket.close_reason) == (1001, "The session is over.")


@every_link
async def test_what_is_sent_now_is_sent_whole_or_not_at_all(opened: Any) -> None:
    """To a client that doesn't read for a while."""
    async with opened() as (link, frames):
        large = b"\0" * 256 * 1024
        sent = 0
        while link.send_now(ev.OutputAudioDelta(event_id=f"event_{sent}", **PLACE, delta=large)):
            sent += 1
            await asyncio.sleep(0)
            assert sent < 500, "it must be full some time"
        assert not link.send_now(deleted(sent)), "what is full for one event is for the next"
        waiting = asyncio.create_task(link.send(deleted(sent)))
        received = [json.loads(await asyncio.wait_for(frames.receive(), 5) or "null") for _ in range(sent + 1)]
        await asyncio.wait_for(waiting, 5)
        assert [event["event_id"] for event in received] == [f"event_{number}" for number in range(sent + 1)]
        assert received[-1]["type"] == "conversation.item.deleted"


@pytest.mark.parametrize("headers", [None, BETA])
async def test_what_is_sent_now_over_a_socket_has_left_before_anything_else_runs(headers: Any) -> None:
    """The event loop is blocked meanwhile, so nothing can be written later."""
    received: SimpleQueue[str] = SimpleQueue()

    def receive_one() -> None:
        with connect_in_thread(address, compression=None, additional_headers=headers) as socket:
            received.put(socket.recv(timeout=10, decode=True))

    async with accepting() as (address, next_link):
        thread = asyncio.create_task(asyncio.to_thread(receive_one))
        link = await next_link()
        await asyncio.sleep(0)
        assert link.send_now(ev.OutputAudioDelta(event_id="event_1", **PLACE, delta=SOUND))
        event = json.loads(received.get(timeout=10))
        assert base64.b64decode(event["delta"]) == SOUND
        await thread


async def test_several_frames_of_one_event_are_not_sent_now_over_a_socket() -> None:
    """A beta client is told of its session and of its conversation: both or none."""
    async with over_socket(BETA) as (link, frames):
        created = ev.SessionCreated(event_id="event_1", session=Session(id="sess_1", model="m", expires_at=1))
        assert not link.send_now(created)
        await link.send(created)
        types = [json.loads(await frames.receive() or "null")["type"] for _ in range(2)]
        assert types == ["session.created", "conversation.created"]
