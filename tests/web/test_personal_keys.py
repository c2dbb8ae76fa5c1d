"""Personal keys: what they allow on each route, how long, and that they are shown once."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.web.app_server import App, running
from tests.web.people import OIDC, sign_in
from vasi.accounts.api_keys import MOST

ADMINISTRATORS = ("/users", "/audit")
"""Routes of administrators begin so."""
OF_ACCOUNTS = re.compile(r"/account(/(sessions|keys)(/.*)?)?")
"""Routes that see to an account: anybody's own."""


def needed(method: str, path: str) -> str:
    """The scope that a route takes."""
    if path == "/session":
        return ""
    if path.startswith(ADMINISTRATORS) or (OF_ACCOUNTS.fullmatch(path) and (method, path) != ("get", "/account")):
        return "admin"
    return "read" if method in ("get", "head") else "write"


async def routes(app: App) -> list[tuple[str, str]]:
    schema = (await app.http.get("/api/openapi.json")).json()
    found = [(method, path) for path, methods in schema["paths"].items() for method in methods]
    assert len(found) > 35
    return found


async def test_every_route_takes_its_scope(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, **OIDC) as app:
        ann = await sign_in(app, "ann", administrator=True)
        scopes = ("realtime", "read", "write", "admin")
        lacking = {left_out: await ann.key(*(one for one in scopes if one != left_out)) for left_out in scopes[1:]}
        having = {scope: await ann.key(scope) for scope in scopes[1:]}
        shared = await ann.key("write", "admin")
        tried = 0
        for method, path in await routes(app):
            scope = needed(method, path)
            if not scope:
                continue
            headers = {"Authorization": f"Bearer {lacking[scope]}"}
            answer = await app.http.request(method, f"/api{path}", headers=headers, json={})
            error = answer.json()["error"]
            assert (answer.status_code, error["code"]) == (403, "insufficient_scope"), (method, path, scope)
            assert f"'{scope}'" in error["message"]
            tried += 1
            if path != "/events":  # which would go on
                # What is shared is changed by administrators alone.
                key = shared if path.startswith("/collections") and scope == "write" else having[scope]
                headers = {"Authorization": f"Bearer {key}"}
                answer = await app.http.request(method, f"/api{path}", headers=headers, json={})
                assert answer.status_code not in (401, 403), (method, path, scope, answer.text)
        assert tried > 35


async def test_users_administer_nothing_whatever_their_keys_allow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, monkeypatch, **OIDC) as app:
        ann = await sign_in(app, "ann")
        headers = {"Authorization": f"Bearer {await ann.key('read', 'write', 'admin')}"}
        for method, path in await routes(app):
            if not path.startswith(ADMINISTRATORS):
                continue
            for given in (headers, ann.headers):
                answer = await app.http.request(method, f"/api{path}", headers=given, json={})
                assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden"), (method, path)


async def test_realtime_sessions_take_their_scope(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, **OIDC) as app:
        ann = await sign_in(app, "ann")
        without = {"Authorization": f"Bearer {await ann.key('read', 'write', 'admin')}"}
        with pytest.raises(InvalidStatus) as refused:
            await connect(app.server.ws, additional_headers=without)
        assert refused.value.response.status_code == 403
        for path in ("client_secrets", "sessions", "transcription_sessions"):
            answer = await app.http.post(f"/v1/realtime/{path}", json={}, headers=without)
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "insufficient_scope")
        key = {"Authorization": f"Bearer {await ann.key('realtime')}"}
        made = await app.http.post("/v1/realtime/client_secrets", json={}, headers=key)
        assert made.status_code == 200
        for headers in (key, {"Authorization": f"Bearer {made.json()['value']}"}):
            async with connect(app.server.ws, additional_headers=headers) as socket:
                assert '"session.created"' in str(await socket.recv())


async def test_a_key_is_shown_once_and_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, **OIDC) as app:
        ann = await sign_in(app, "ann")
        ends = datetime.now(UTC) + timedelta(hours=1)
        asked = {"name": "laptop", "scopes": ["read"], "expires_at": ends.isoformat()}
        made = (await ann.request("POST", "/api/account/keys", json=asked)).json()
        assert made["key"].startswith("vasi_")
        assert made["hint"] == f"{made['key'][:7]}…{made['key'][-4:]}"
        listed = await ann.request("GET", "/api/account/keys")
        assert [(one["name"], one["scopes"], one["used_at"]) for one in listed.json()["keys"]] == [
            ("laptop", ["read"], None)
        ]
        assert made["key"] not in listed.text
        headers = {"Authorization": f"Bearer {made['key']}"}
        assert (await app.http.get("/api/notes", headers=headers)).status_code == 200
        await app.vasi.accounts._usage.write()
        [used] = (await ann.request("GET", "/api/account/keys")).json()["keys"]
        assert used["used_at"] is not None
        log = [entry.action for entry in await app.vasi.store.audit(user=made["id"])]
        assert log == ["key_used", "key_made"]
        keys = app.vasi.accounts.keys
        monkeypatch.setattr(keys, "_now", lambda: ends)
        expired = await app.http.get("/api/notes", headers=headers)
        assert (expired.status_code, expired.json()["error"]["code"]) == (401, "invalid_api_key")
        files = b"".join(path.read_bytes() for path in tmp_path.rglob("vasi.db*"))
        assert made["key"].encode() not in files
        assert made["key"].removeprefix("vasi_").encode() not in files


async def test_a_key_cannot_make_one_that_allows_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, **OIDC) as app:
        ann = await sign_in(app, "ann")
        soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        headers = {"Authorization": f"Bearer {await ann.key('read', 'admin', expires_at=soon)}"}

        async def made(*scopes: str, **given: object) -> tuple[int, str | None]:
            answer = await app.http.post(
                "/api/account/keys", json={"name": "k", "scopes": [*scopes], **given}, headers=headers
            )
            return answer.status_code, answer.json().get("expires_at")

        assert await made("read", "write") == (403, None)
        assert await made() == (400, None)
        assert await made("everything") == (400, None)
        assert await made("read", expires_at="2020-01-01T00:00:00Z") == (400, None)
        status, ends = await made("read")
        assert status == 201
        assert ends is not None
        assert datetime.fromisoformat(ends) <= datetime.fromisoformat(soon)


async def test_a_user_has_so_many_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, **OIDC) as app:
        ann = await sign_in(app, "ann")
        for _ in range(MOST):
            await ann.key("read")
        answer = await ann.request("POST", "/api/account/keys", json={"name": "k", "scopes": ["read"]})
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_many_keys")


async def test_keys_work_beside_those_of_the_server_and_not_after_a_change_of_mode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {"api-key": "the-key-of-the-server"}
    async with running(tmp_path, monkeypatch, api_keys=own["api-key"]) as app:
        asked = {"name": "reader", "scopes": ["read"]}
        made = (await app.http.post("/api/account/keys", json=asked, headers=own)).json()["key"]
        headers = {"Authorization": f"Bearer {made}"}
        assert (await app.http.get("/api/notes", headers=headers)).status_code == 200
        assert (await app.http.post("/api/notes", json={"text": "x"}, headers=headers)).status_code == 403
    async with running(tmp_path, monkeypatch, **OIDC) as app:
        assert (await app.http.get("/api/notes", headers=headers)).status_code == 401
