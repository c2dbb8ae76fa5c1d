"""Another way to sign in: who it says a client is decides what the client may do, and for how long."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.web.app_server import running
from vasi.accounts.authenticators import Connection
from vasi.accounts.principals import ALL_SCOPES, READ, REALTIME, WRITE, Principal
from vasi.errors import AuthError
from vasi.testing.client import Client


class SignIn:
    """The key names the user, and the test says what each may do."""

    required = True

    def __init__(self, **users: Principal) -> None:
        self._users = users
        self.asked = 0

    async def authenticate(self, connection: Connection) -> Principal:
        self.asked += 1
        await asyncio.sleep(0)
        name = connection.headers.get("api-key", "")
        if name not in self._users:
            raise AuthError("Sign in first.")
        return self._users[name]


class Frames:
    def __init__(self, socket) -> None:
        self._socket = socket

    async def send(self, frame: str) -> None:
        await self._socket.send(frame)

    async def receive(self) -> str | None:
        return str(await self._socket.recv())

    async def close(self) -> None:
        await self._socket.close()


def socket(server, user: str):
    return connect(f"{server.ws}?model=m", additional_headers={"api-key": user}, compression=None)


async def test_each_sees_their_own_and_nobody_else_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in = SignIn(anna=Principal("anna", "Anna"), ben=Principal("ben", "Ben"))
    async with running(tmp_path, monkeypatch, authenticator=sign_in) as app:
        added = await app.http.post("/api/notes", json={"text": "Anna's walnut"}, headers={"api-key": "anna"})
        assert added.status_code == 201
        seen = {user: (await app.http.get("/api/notes", headers={"api-key": user})).text for user in ("anna", "ben")}
        assert "walnut" in seen["anna"]
        assert "walnut" not in seen["ben"]
        refused = await app.http.get("/api/notes")
        assert (refused.status_code, refused.json()["error"]["message"]) == (401, "Sign in first.")
        with pytest.raises(InvalidStatus):
            async with socket(app.server, "carl"):
                pass


async def test_a_request_is_authenticated_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in = SignIn(anna=Principal("anna"))
    async with running(tmp_path, monkeypatch, authenticator=sign_in) as app:
        before = sign_in.asked
        assert (await app.http.get("/api/notes", headers={"api-key": "anna"})).status_code == 200
        assert sign_in.asked == before + 1


async def test_scopes_say_what_a_client_may_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in = SignIn(
        talker=Principal("anna", scopes=frozenset({REALTIME})),
        reader=Principal("anna", scopes=frozenset({READ})),
        writer=Principal("anna", scopes=frozenset({WRITE})),
        all=Principal("anna", scopes=ALL_SCOPES),
    )
    async with running(tmp_path, monkeypatch, authenticator=sign_in) as app:

        async def status(user: str, path: str, method: str = "GET") -> int:
            given = {"json": {}} if method == "POST" else {}
            return (await app.http.request(method, path, headers={"api-key": user}, **given)).status_code

        secrets = "/v1/realtime/client_secrets"
        users = ("talker", "reader", "writer", "all")
        assert [await status(user, "/api/notes") for user in users] == [403, 200, 403, 200]
        assert [await status(user, "/api/notes", "POST") for user in users] == [403, 403, 400, 400]
        assert [await status(user, secrets, "POST") for user in users] == [200, 403, 403, 200]
        async with socket(app.server, "talker") as opened:
            await Client(Frames(opened)).until("session.created")
        with pytest.raises(InvalidStatus) as refused:
            async with socket(app.server, "reader"):
                pass
        assert refused.value.response.status_code == 403


async def test_a_session_ends_when_the_sign_in_expires(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expires_at = time.time() + 1.0
    async with (
        running(tmp_path, monkeypatch, authenticator=SignIn(anna=Principal("anna", expires_at=expires_at))) as app,
        socket(app.server, "anna") as opened,
    ):
        client = Client(Frames(opened))
        created = await client.until("session.created")
        assert created["session"]["expires_at"] == int(expires_at)
        error = (await client.until("error"))["error"]
        assert (error["code"], error["message"]) == (
            "session_expired",
            "Your sign-in has expired; sign in again and reconnect.",
        )
        assert time.time() >= expires_at - 0.1
        await asyncio.wait_for(opened.wait_closed(), 10)


async def test_an_ephemeral_key_lasts_no_longer_than_who_made_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expires_at = time.time() + 100
    sign_in = SignIn(anna=Principal("anna", expires_at=expires_at))
    async with running(tmp_path, monkeypatch, authenticator=sign_in) as app:
        made = await app.http.post("/v1/realtime/client_secrets", json={}, headers={"api-key": "anna"})
        assert made.json()["expires_at"] <= expires_at
        bearer = {"Authorization": f"Bearer {made.json()['value']}"}
        async with connect(f"{app.server.ws}?model=m", additional_headers=bearer, compression=None) as opened:
            created = await Client(Frames(opened)).until("session.created")
            assert created["session"]["expires_at"] == int(expires_at)
        async with httpx2.AsyncClient(base_url=app.server.http, headers=bearer) as http:
            assert (await http.get("/api/notes")).status_code == 401
