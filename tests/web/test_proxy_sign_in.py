"""Sign-in by a proxy in front: its headers are believed, and nobody else's."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.asyncio.client import connect

from tests.web.app_server import App, running
from tests.web.people import OIDC, sign_in
from vasi.storage.accounts import UserChanges

HEADERS = {"user_header": "X-User", "name_header": "X-Name", "email_header": "X-Email", "groups_header": "X-Groups"}
ANN = {"X-User": "ann-1", "X-Name": "Ann", "X-Email": "ann@example.com", "X-Groups": "staff, readers"}


def by(*addresses: str) -> dict[str, Any]:
    """Settings of a server behind a proxy with these addresses."""
    return {"auth": {"mode": "proxy", "proxy": {"addresses": addresses, **HEADERS}}}


async def who(app: App, **headers: str) -> dict[str, Any] | None:
    return (await app.http.get("/api/session", headers=headers)).json()["user"]


async def test_the_proxy_says_who_somebody_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, **by("10.0.0.0/8", "127.0.0.1")) as app:
        first = await who(app, **ANN)
        assert first is not None
        assert (first["name"], first["email"], first["role"], first["groups"]) == (
            "Ann",
            "ann@example.com",
            "user",
            ["staff", "readers"],
        )
        assert await who(app, **ANN) == first
        # Somebody else with the same address is somebody else; the same person with another one is the same.
        other = await who(app, **{**ANN, "X-User": "ben-1"})
        renamed = await who(app, **{**ANN, "X-Email": "ann@example.org", "X-Groups": ""})
        assert other is not None
        assert renamed is not None
        assert other["id"] != first["id"] == renamed["id"]
        assert (renamed["email"], renamed["groups"]) == ("ann@example.org", [])
        assert await who(app) is None
        assert (await app.http.get("/api/notes")).status_code == 401
        assert len(await app.vasi.store.users()) == 2


@pytest.mark.parametrize("forged", [{}, {"X-Forwarded-For": "10.0.0.7"}, {"Forwarded": "for=10.0.0.7"}])
async def test_headers_of_others_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forged: dict[str, str]
) -> None:
    """Also if they say that they come from the proxy."""
    async with running(tmp_path, monkeypatch, **by("10.0.0.0/8")) as app:
        answer = await app.http.get("/api/notes", headers={**ANN, **forged})
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_signed_in")
        assert await app.vasi.store.users() == []


async def test_the_proxy_is_believed_whoever_it_forwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, **by("127.0.0.1")) as app:
        assert await who(app, **ANN, **{"X-Forwarded-For": "203.0.113.9"}) is not None
        [entry] = await app.vasi.store.audit()
        assert (entry.action, entry.address) == ("user_added", "203.0.113.9")


async def test_contradictory_headers_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, **by("127.0.0.1")) as app:
        for twice in ([("X-User", "ann-1"), ("x-user", "ben-1")], [("X-User", "")], [("X-User", "a" * 1000)]):
            async with httpx2.AsyncClient(base_url=app.server.http, headers=twice) as http:
                assert (await http.get("/api/notes")).status_code == 401
        assert await app.vasi.store.users() == []


@pytest.mark.parametrize("mode", [{}, {"api_keys": "the-key-of-the-server"}])
async def test_without_the_mode_headers_say_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: dict[str, str]
) -> None:
    async with running(tmp_path, monkeypatch, **mode) as app:
        user = await who(app, **ANN, **{"X-Forwarded-User": "ann-1"})
        assert user is None or user["id"] == "local"


async def test_a_page_of_this_machine_acts_for_nobody_through_the_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, monkeypatch, **by("127.0.0.1")) as app:
        for origin in ("http://localhost:3000", "http://127.0.0.1:1", "https://evil.example"):
            answer = await app.http.post("/api/notes", json={"text": "x"}, headers={**ANN, "Origin": origin})
            assert answer.status_code == 403


async def test_a_key_and_an_old_cookie_beside_the_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, **OIDC) as app:
        ben = await sign_in(app, "ben")
        key = {"Authorization": f"Bearer {await ben.key('read')}"}
    async with running(tmp_path, monkeypatch, **by("127.0.0.1")) as app:
        assert await who(app, **ben.cookie) is None, "the proxy alone signs browsers in"
        ann = await who(app, **ANN, **ben.cookie)
        assert ann is not None
        assert ann["id"] != ben.user.id
        # Who sends a key says by which they want to be known, and it allows no more than it does.
        for headers in (key, {**ANN, **key}):
            found = await who(app, **headers)
            assert found is not None
            assert found["id"] == ben.user.id
            answer = await app.http.post("/api/notes", json={"text": "x"}, headers=headers)
            assert answer.status_code == 403


async def test_who_is_disabled_is_let_in_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, **by("127.0.0.1")) as app:
        user = await who(app, **ANN)
        assert user is not None
        async with connect(app.server.ws, additional_headers=ANN) as socket:
            assert '"session.created"' in str(await socket.recv())
            await app.vasi.store.update_user(user["id"], UserChanges(disabled=True))
            assert '"session_revoked"' in str(await asyncio.wait_for(socket.recv(), 5))
        assert await who(app, **ANN) is None
        answer = await app.http.get("/api/notes", headers=ANN)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "account_disabled")
