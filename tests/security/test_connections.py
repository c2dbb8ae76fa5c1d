"""Connections that say nothing end, and keep nobody out."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from benchmarks.attacks import HANDSHAKE, frame
from vasi.testing.engines import scripted_engines
from vasi.testing.llm import ScriptedLlm
from vasi.testing.server import HOST, RunningServer, hosting, serving
from vasi.testing.settings import connection_limits
from vasi.web.certificate import self_signed
from vasi.web.connections import ConnectionLimits

HEAD = b"POST /v1/realtime/client_secrets HTTP/1.1\r\nHost: 127.0.0.1\r\n"
GET = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
SHORT = connection_limits(head_s=1, body_s=1, unread_s=1)


async def application(scope: dict[str, object], receive: object, send: object) -> None:
    """Reads the whole body and answers with its length; of ``/endless`` with more than anybody takes."""
    body = 0
    while True:
        message = await receive()  # type: ignore[operator]
        if message["type"] == "http.disconnect":
            return
        body += len(message.get("body", b""))
        if not message.get("more_body"):
            break
    await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
    while scope["path"] == "/endless":
        message = {"type": "http.response.body", "body": bytes(65536), "more_body": True}
        await send(message)  # type: ignore[operator]
        await asyncio.sleep(0)
    await send({"type": "http.response.body", "body": b"%d" % body})  # type: ignore[operator]


@contextlib.asynccontextmanager
async def running(limits: ConnectionLimits) -> AsyncIterator[RunningServer]:
    async with hosting(application, connections=limits) as server:  # type: ignore[arg-type]
        yield server


async def ended(port: int, *pieces: bytes, every_s: float = 0.3, within_s: float = 6) -> float:
    """After how many seconds the server closes a connection that sends the pieces and then says nothing."""
    reader, writer = await asyncio.open_connection(HOST, port)
    began = time.monotonic()
    for piece in pieces:
        writer.write(piece)
        await asyncio.sleep(every_s)
    try:
        async with asyncio.timeout(within_s):
            with contextlib.suppress(OSError):
                while await reader.read(65536):
                    pass
        return time.monotonic() - began
    finally:
        writer.transport.abort()


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([], id="nothing"),
        pytest.param([HEAD], id="half a head"),
        pytest.param([GET, HEAD], id="half a head after a request"),
        pytest.param([bytes([byte]) for byte in HEAD[:10]], id="a head byte by byte"),
        pytest.param([HEAD + b"Content-Length: 9\r\n\r\nhalf"], id="half a body"),
        pytest.param([HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab"], id="half a chunk"),
        pytest.param([HANDSHAKE[:-4]], id="half a handshake"),
    ],
)
async def test_a_connection_that_says_nothing_ends(pieces: list[bytes]) -> None:
    async with running(SHORT) as server:
        assert 0.5 < await ended(server.port, *pieces) < 5


async def test_a_body_that_comes_slowly_is_waited_for() -> None:
    async with running(SHORT) as server:
        reader, writer = await asyncio.open_connection(HOST, server.port)
        writer.write(HEAD + b"Content-Length: 8\r\n\r\n")
        for _ in range(8):
            await asyncio.sleep(0.4)
            writer.write(b"x")
        assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
        writer.close()


async def test_a_client_that_reads_nothing_is_let_go() -> None:
    async with running(SHORT) as server:
        reader, writer = await asyncio.open_connection(HOST, server.port, limit=1)
        writer.write(b"GET /endless HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        await asyncio.sleep(3.5)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            async with asyncio.timeout(5):
                await reader.readexactly(1_000_000_000)
        writer.close()


@pytest.mark.parametrize("limits", [connection_limits(total=40), connection_limits(per_address=40)])
async def test_silent_connections_make_room(limits: ConnectionLimits) -> None:
    async with running(limits) as server:
        silent = [await asyncio.open_connection(HOST, server.port) for _ in range(100)]
        for _, writer in silent[::2]:
            with contextlib.suppress(OSError):
                writer.write(HEAD)
        for _ in range(20):
            reader, writer = await asyncio.open_connection(HOST, server.port)
            writer.write(GET)
            assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
            writer.close()
        for _, writer in silent:
            writer.transport.abort()


async def test_requests_that_go_on_are_never_ended_for_new_connections() -> None:
    async with running(connection_limits(total=5)) as server:
        waiting = [await asyncio.open_connection(HOST, server.port) for _ in range(5)]
        for _, writer in waiting:
            writer.write(HEAD + b"Content-Length: 4\r\n\r\nab")
        await asyncio.sleep(0.2)
        reader, writer = await asyncio.open_connection(HOST, server.port)
        assert (await reader.read()).startswith(b"HTTP/1.1 503 ")
        writer.close()
        for reader, writer in waiting:
            writer.write(b"cd")
            assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
            writer.close()


async def _received(socket: ClientConnection) -> AsyncIterator[str | bytes]:
    with contextlib.suppress(ConnectionClosed):
        while True:
            yield await socket.recv()


@pytest.mark.parametrize(
    ("first", "flood", "reason"),
    [
        (frame(1, b"{", last=False), frame(0, b"x", last=False), "fragments"),
        (frame(1, b"{", last=False), frame(0, last=False), "fragments"),
        (b"", frame(9), "pings"),
        (b"", frame(10), "pongs"),
        (b"", frame(1, b"{}"), "messages"),
    ],
)
async def test_floods_of_frames_end_with_1008(first: bytes, flood: bytes, reason: str) -> None:
    async with serving(scripted_engines(ScriptedLlm())) as server, connect(server.ws, compression=None) as socket:
        socket.transport.write(first + flood * 8_000)
        async for _ in _received(socket):
            pass
        assert socket.close_code == 1008
        assert reason in (socket.close_reason or "")


async def test_large_messages_in_many_fragments_are_taken() -> None:
    async with serving(scripted_engines(ScriptedLlm())) as server, connect(server.ws, compression=None) as socket:
        await socket.recv()
        text = '{"type": "nonsense", "event_id": "mine", "filling": "' + "x" * 3_000_000 + '"}'
        await socket.send([text[at : at + 2_000] for at in range(0, len(text), 2_000)])
        assert '"mine"' in str(await socket.recv())


async def test_a_refusal_can_be_read_while_the_body_is_still_sent() -> None:
    async with serving(scripted_engines(ScriptedLlm())) as server:
        reader, writer = await asyncio.open_connection(HOST, server.port)
        writer.write(HEAD + b"Content-Length: 20000000\r\n\r\n")
        with contextlib.suppress(OSError):
            for _ in range(100):
                writer.write(bytes(100_000))
                await writer.drain()
        answer = await reader.read()
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert b"connection: close" in answer
        writer.close()


async def test_silent_handshakes_of_tls_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vasi.web.hosting.HANDSHAKE_S", 1.0)
    engines = scripted_engines(ScriptedLlm())
    async with serving(engines, certificate=self_signed(tmp_path)) as server:
        assert 0.5 < await ended(server.port) < 5
        assert 0.5 < await ended(server.port, b"\x16\x03\x01\x02\x00") < 5


def test_a_server_may_open_as_many_files_as_the_system_allows() -> None:
    resource = pytest.importorskip("resource")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    few = f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (256, {hard}))"
    shown = "import vasi.web.hosting as hosting; hosting.raise_open_files(); print(resource.getrlimit(7)[0])"
    shown = shown.replace("getrlimit(7)", "getrlimit(resource.RLIMIT_NOFILE)")
    ran = subprocess.run([sys.executable, "-c", f"{few}; {shown}"], capture_output=True, text=True, check=True)
    assert int(ran.stdout) >= min(hard, 4096)
