"""Keys and Entra ID tokens: what a service is shown, and that a token is new before the old one expires."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from tests.backends.upstream.relays import relayed, service_at
from tests.fakes.realtime_service import realtime_service
from vasi.backends.upstream.credentials import RENEW_AHEAD_S, SCOPE, EntraToken, entra
from vasi.errors import UpstreamError


class Issuer:
    """Gives out t1, t2, ... that live for an hour of a clock that the test sets."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.given = 0
        self.failure: Exception | None = None
        self.hold = asyncio.Event()
        self.hold.set()
        self.closed = False

    async def get_token(self, *scopes: str) -> Any:
        assert scopes == (SCOPE,)
        await self.hold.wait()
        if self.failure is not None:
            raise self.failure
        self.given += 1
        return SimpleNamespace(token=f"t{self.given}", expires_on=self.now + 3600)

    async def close(self) -> None:
        self.closed = True


async def test_one_token_serves_all_and_is_renewed_ahead_without_anybody_waiting() -> None:
    issuer = Issuer()
    token = EntraToken(issuer, clock=lambda: issuer.now)
    first = await asyncio.gather(*(token.headers() for _ in range(20)))
    assert first == [{"Authorization": "Bearer t1"}] * 20
    issuer.now += 3600 - RENEW_AHEAD_S + 1
    issuer.hold.clear()
    assert await token.headers() == {"Authorization": "Bearer t1"}, "the old one serves while the new one is fetched"
    issuer.hold.set()
    async with asyncio.timeout(1):
        while issuer.given < 2:
            await asyncio.sleep(0)
    assert await token.headers() == {"Authorization": "Bearer t2"}
    await token.close()
    assert issuer.closed


async def test_a_renewal_that_fails_is_tried_again_and_matters_only_when_the_token_expires() -> None:
    issuer = Issuer()
    token = EntraToken(issuer, clock=lambda: issuer.now)
    await token.headers()
    issuer.failure = RuntimeError("no network, t1 stays\nsecond line")
    issuer.now += 3500
    assert await token.headers() == {"Authorization": "Bearer t1"}
    await asyncio.sleep(0)
    issuer.now += 200
    with pytest.raises(UpstreamError, match="az login") as caught:
        await token.headers()
    assert "t1" not in caught.value.message
    issuer.failure = None
    assert await token.headers() == {"Authorization": "Bearer t2"}
    await token.close()


@asynccontextmanager
async def managed_identity(token: str) -> AsyncIterator[tuple[int, list[str]]]:
    """What a container of Azure asks for its tokens."""
    asked: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
        body = json.dumps(
            {"access_token": token, "expires_on": "4102444800", "resource": "x", "token_type": "Bearer"}
        ).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], asked


async def test_a_managed_identity_gets_in_with_the_real_library(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("azure.identity.aio", reason="vasi[azure] isn't installed")
    async with managed_identity("a-token-of-entra") as (port, asked), realtime_service("azure") as fake:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://127.0.0.1:{port}/token")
        monkeypatch.setenv("IDENTITY_HEADER", "secret-header")
        fake.tokens = ("a-token-of-entra",)
        credential = entra(None)
        service = service_at(fake, credential, connect_timeout_s=10)
        async with relayed(fake, service=service, alone=False) as table:
            assert (await table.client.say("hello"))["status"] == "completed"
        assert fake.connections[0].headers["Authorization"] == "Bearer a-token-of-entra"
        assert "api-key" not in fake.connections[0].headers
        assert "cognitiveservices.azure.com" in asked[0]
        await service.close()
