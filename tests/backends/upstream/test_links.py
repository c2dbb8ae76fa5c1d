"""Connections to model services: the same over both libraries, against a real server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from vasi.backends.upstream.links import ConnectionLost, ServiceLink, liveness
from vasi.backends.upstream.links.picows_link import open_picows
from vasi.backends.upstream.links.ports import FRAMES_AHEAD
from vasi.backends.upstream.links.refused import HandshakeFailed, HandshakeRefused
from vasi.backends.upstream.links.websockets_link import open_websockets

Open = Callable[[str], Awaitable[ServiceLink]]
HEADERS = {"api-key": "k" * 32, "x-mine": "1"}
EVENT = '{"type":"response.done","text":"Grüße 👋"}'


async def with_picows(url: str) -> ServiceLink:
    return await open_picows(url, HEADERS)


async def with_websockets(url: str) -> ServiceLink:
    return await open_websockets(url, HEADERS, None)


every_link = pytest.mark.parametrize("connect", [with_picows, with_websockets], ids=["picows", "websockets"])


def serving(handler: Callable[[ServerConnection], Awaitable[None]], **options: object) -> serve:
    return serve(handler, "127.0.0.1", 0, compression=None, ping_interval=None, **options)  # type: ignore[arg-type]


def address(server: object) -> str:
    host, port = server.sockets[0].getsockname()[:2]  # type: ignore[attr-defined]
    return f"ws://{host}:{port}/v1/realtime?model=m"


@every_link
async def test_frames_go_both_ways_whole_and_in_order(connect: Open) -> None:
    received: list[object] = []

    async def service(socket: ServerConnection) -> None:
        assert socket.request is not None
        received.append((socket.request.headers["api-key"], socket.request.path))
        await socket.send(EVENT)
        await socket.send(["in ", "three ", "pieces"])
        await socket.send("x" * 3_000_000)
        async for frame in socket:
            received.append(frame)

    async with serving(service, max_size=None) as server:
        link = await connect(address(server))
        assert await link.receive() == EVENT
        assert await link.receive() == "in three pieces"
        assert len(await link.receive()) == 3_000_000
        assert link.has_room()
        link.write(b'{"type":"first"}')
        await link.send(b'{"type":"second"}')
        await link.close()
        await link.close()
    assert received == [("k" * 32, "/v1/realtime?model=m"), '{"type":"first"}', '{"type":"second"}']


@every_link
@pytest.mark.parametrize(("code", "reason", "told"), [(1008, "too much", "too much"), (1011, "", "close code 1011")])
async def test_what_came_before_the_end_is_read_then_why_it_ended(
    connect: Open, code: int, reason: str, told: str
) -> None:
    async def service(socket: ServerConnection) -> None:
        await socket.send(EVENT)
        await socket.close(code, reason)

    async with serving(service) as server:
        link = await connect(address(server))
        assert await link.receive() == EVENT
        for _ in range(2):
            with pytest.raises(ConnectionLost, match=f"^{told}$"):
                await link.receive()
        assert not link.has_room()
        with pytest.raises(ConnectionLost):
            await link.send(b"{}")
        await link.close()


@every_link
async def test_a_connection_that_breaks_without_a_word_is_told(connect: Open) -> None:
    async def service(socket: ServerConnection) -> None:
        socket.transport.abort()

    async with serving(service) as server:
        link = await connect(address(server))
        with pytest.raises(ConnectionLost, match="the connection broke"):
            await link.receive()
        await link.close()


@every_link
async def test_a_refusal_keeps_its_status_and_text_and_no_redirect_is_followed(connect: Open) -> None:
    asked: list[str] = []

    def answer(_: ServerConnection, request: Request) -> Response:
        asked.append(request.path)
        if "moved" in request.path:
            return Response(307, "Moved", Headers({"Location": "/elsewhere"}), b"")
        return Response(HTTPStatus.TOO_MANY_REQUESTS, "No", Headers(), b'{"error":{"message":"' + b"m" * 9_000 + b'"}}')

    async with serving(lambda _: asyncio.sleep(0), process_request=answer) as server:
        with pytest.raises(HandshakeRefused) as refused:
            await connect(address(server))
        assert (refused.value.status, len(refused.value.body)) == (429, 9_000 + 24)
        with pytest.raises(HandshakeRefused) as moved:
            await connect(address(server).replace("realtime", "moved"))
        assert moved.value.status == 307
    assert len(asked) == 2


@every_link
async def test_what_is_no_web_socket_is_told_as_such(connect: Open) -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.org ready\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        with pytest.raises((HandshakeFailed, OSError)):
            await connect(address(server))
    with pytest.raises(ConnectionRefusedError):
        await connect("ws://127.0.0.1:9/")


@every_link
async def test_what_nobody_asks_for_stays_in_the_network(connect: Open) -> None:
    sent = 0
    frame = "x" * 200_000

    async def service(socket: ServerConnection) -> None:
        nonlocal sent
        while sent < 400:
            await socket.send(frame)
            sent += 1

    async with serving(service, max_size=None) as server:
        link = await connect(address(server))
        before = -1
        while before != sent:
            before = sent
            await asyncio.sleep(0.3)
        # Some lie in the buffers of the two sockets; most were never sent.
        assert FRAMES_AHEAD // 2 <= sent < 200
        for _ in range(400):
            assert await link.receive() == frame
        await link.close()


@every_link
async def test_a_service_that_does_not_read_holds_up_whoever_sends(connect: Open) -> None:
    release = asyncio.Event()

    async def service(socket: ServerConnection) -> None:
        await release.wait()
        async for _ in socket:
            pass

    async with serving(service, max_size=None, max_queue=1) as server:
        link = await connect(address(server))

        async def flood() -> None:
            for _ in range(400):
                await link.send(b"x" * 200_000)

        flooding = asyncio.create_task(flood())
        done, _ = await asyncio.wait([flooding], timeout=0.7)
        assert not done
        assert not link.has_room()
        release.set()
        await asyncio.wait_for(flooding, 30)
        await link.close()


@every_link
async def test_a_service_is_asked_only_while_it_is_silent(connect: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liveness, "CHECK_INTERVAL_S", 0.1)
    monkeypatch.setattr(liveness, "PONG_TIMEOUT_S", 0.3)
    frozen = asyncio.Event()

    async def service(socket: ServerConnection) -> None:
        await asyncio.sleep(0.6)  # answers pings meanwhile
        await socket.send(EVENT)
        socket.transport.pause_reading()
        await frozen.wait()

    async with serving(service) as server:
        link = await connect(address(server))
        assert await link.receive() == EVENT
        with pytest.raises(ConnectionLost, match="didn't answer any more"):
            await asyncio.wait_for(link.receive(), 10)
        frozen.set()
        await link.close()


@every_link
async def test_bytes_that_are_no_text_end_the_connection(connect: Open) -> None:
    async def service(socket: ServerConnection) -> None:
        await socket.send(b"\xff\xfe", text=True)
        await socket.wait_closed()

    async with serving(service) as server:
        link = await connect(address(server))
        with pytest.raises(ConnectionLost):
            await asyncio.wait_for(link.receive(), 10)
        await link.close()
