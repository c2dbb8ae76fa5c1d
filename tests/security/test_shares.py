"""One client can't take what is there for all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx2
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from tests.web.app_server import running
from vasi.accounts.secrets import StaticKeys
from vasi.testing.engines import scripted_engines
from vasi.testing.llm import ScriptedLlm
from vasi.testing.server import serving
from vasi.testing.settings import web_settings

FIRST, SECOND = "the-key-of-the-first", "the-key-of-the-second"


async def test_a_client_has_a_share_of_the_sessions() -> None:
    web = web_settings(sessions=5, sessions_per_client=3)
    async with (
        serving(scripted_engines(ScriptedLlm()), keys=StaticKeys([FIRST, SECOND]), web=web) as server,
        AsyncExitStack() as stack,
    ):

        async def opened(key: str) -> ClientConnection:
            headers = {"Authorization": f"Bearer {key}"}
            return await stack.enter_async_context(connect(server.ws, additional_headers=headers, compression=None))

        sockets = [await opened(FIRST) for _ in range(3)]
        with pytest.raises(InvalidStatus) as refused:
            await opened(FIRST)
        assert refused.value.response.status_code == 429
        for _ in range(2):
            await opened(SECOND)
        with pytest.raises(InvalidStatus) as refused:
            await opened(SECOND)
        assert refused.value.response.status_code == 503
        await sockets[0].send('{"type": "session.update", "session": {"type": "realtime", "instructions": "x"}}')
        await sockets[0].close()
        async with asyncio.timeout(5):
            while True:
                try:
                    await opened(FIRST)
                    break
                except InvalidStatus:
                    await asyncio.sleep(0.05)


async def test_keys_that_were_not_given_out_are_no_other_clients() -> None:
    web = web_settings(sessions_per_client=2)
    async with serving(scripted_engines(ScriptedLlm()), web=web) as server, AsyncExitStack() as stack:
        for number in range(2):
            headers = {"Authorization": f"Bearer made-up-{number}"}
            await stack.enter_async_context(connect(server.ws, additional_headers=headers, compression=None))
        with pytest.raises(InvalidStatus) as refused:
            await stack.enter_async_context(connect(server.ws, additional_headers={"api-key": "x"}, compression=None))
        assert refused.value.response.status_code == 429


async def test_a_client_has_a_share_of_the_event_streams(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = {"event_streams": 4, "event_streams_per_client": 2}
    async with (
        running(tmp_path, monkeypatch, api_keys=f"{FIRST},{SECOND}", limits=limits) as app,
        AsyncExitStack() as stack,
    ):
        followed = list[AsyncIterator[str]]()

        async def status(key: str) -> int:
            request = app.http.stream("GET", "/api/events", headers={"api-key": key})
            answer = await stack.enter_async_context(request)
            if answer.status_code == 200:
                followed.append(answer.aiter_lines())
                await anext(followed[-1])
            return answer.status_code

        assert [await status(FIRST) for _ in range(3)] == [200, 200, 429]
        assert [await status(SECOND) for _ in range(3)] == [200, 200, 503]


async def test_a_silent_thousand_leaves_a_client_unharmed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, api_keys=FIRST) as app:
        port, silent = app.server.port, list[asyncio.StreamWriter]()
        for number in range(1_000):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write((b"", b"GET / HTTP/1.1\r\n")[number % 2])
            silent.append(writer)
        for _ in range(5):
            async with httpx2.AsyncClient(base_url=app.server.http, headers={"api-key": FIRST}, timeout=5) as http:
                assert (await http.get("/api/status")).status_code == 200
                sent = await http.post("/api/documents", files={"files": ("walnut.md", b"# Walnut\n\nBrown.")})
                assert sent.status_code == 202
        headers = {"api-key": FIRST}
        async with connect(app.server.ws, additional_headers=headers, compression=None) as socket:
            assert "session.created" in str(await socket.recv())
        for writer in silent:
            writer.transport.abort()
