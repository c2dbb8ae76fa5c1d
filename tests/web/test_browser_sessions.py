"""Browsers that are signed in: by a cookie that only this server's pages can use, and that ends when it has to."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.web.app_server import App, running
from tests.web.people import COOKIE, OIDC, OWN_PAGE, SignedIn, sign_in
from vasi.accounts import browser_sessions
from vasi.storage.accounts import UserChanges
from vasi.web.browser_sessions import TRIES_PER_ADDRESS

KEY = "the-key-of-the-server"


def secret_of(answer: httpx2.Response, name: str = COOKIE) -> str:
    [cookie] = answer.headers.get_list("set-cookie")
    assert cookie.startswith(f"{name}=")
    return cookie.partition("=")[2].partition(";")[0]


def attributes(answer: httpx2.Response) -> set[str]:
    return {part.strip().partition("=")[0].lower() for part in answer.headers["set-cookie"].split(";")[1:]}


async def status(app: App, path: str = "/api/notes", method: str = "GET", **headers: str) -> int:
    app.http.cookies.clear()  # what the client remembers by itself isn't what the test shows
    return (await app.http.request(method, path, headers=headers)).status_code


async def test_a_key_of_the_server_becomes_a_cookie_of_its_own_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, monkeypatch, api_keys=KEY) as app:
        wrong = await app.http.post("/auth/key", json={"key": "another-key-of-it"})
        assert (wrong.status_code, "set-cookie" in wrong.headers) == (401, False)
        answer = await app.http.post("/auth/key", json={"key": KEY})
        assert answer.status_code == 204
        assert answer.headers["cache-control"] == "no-store"
        assert {"httponly", "path", "samesite", "max-age"} <= attributes(answer)
        assert "samesite=lax" in answer.headers["set-cookie"].lower()
        assert KEY not in answer.headers["set-cookie"]
        cookie = f"{COOKIE}={secret_of(answer)}"
        session = (await app.http.get("/api/session", headers={"Cookie": cookie})).json()
        assert (session["signed_in"], session["user"]["id"]) == (True, "local")
        assert await status(app, Cookie=cookie) == 200
        assert await status(app) == 401
        log = await app.vasi.store.audit()
        assert [(entry.action, entry.actor, entry.subject) for entry in log[1:]] == [("sign_in_failed", "", "key")]
        assert log[0].action == "sign_in"
    # Without the key that opened it, a session opens nothing.
    async with running(tmp_path, monkeypatch, api_keys="a-newer-key-of-the-server") as app:
        assert await status(app, Cookie=cookie) == 401
    async with running(tmp_path, monkeypatch, **OIDC) as app:
        assert await status(app, Cookie=cookie) == 401
        assert (await app.http.post("/auth/key", json={"key": KEY})).status_code == 404


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        (b"{", {"Content-Type": "application/json"}, 400),
        (b'{"key": 3}', {"Content-Type": "application/json"}, 400),
        (b"key=" + KEY.encode(), {"Content-Type": "application/x-www-form-urlencoded"}, 400),
        (b'{"key": "%s"}' % KEY.encode(), {"Content-Type": "text/plain"}, 400),
        (b'{"key": "%s"}' % KEY.encode(), {"Origin": "https://evil.example", "Content-Type": "application/json"}, 403),
        (b'{"key": "%s"}' % KEY.encode(), {"Sec-Fetch-Site": "cross-site", "Content-Type": "application/json"}, 403),
        (b" " * 300_000, {"Content-Type": "application/json"}, 413),
    ],
)
async def test_who_sends_something_else_is_not_signed_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: bytes, headers: dict[str, str], expected: int
) -> None:
    async with running(tmp_path, monkeypatch, api_keys=KEY) as app:
        answer = await app.http.post("/auth/key", content=body, headers=headers)
        assert (answer.status_code, "set-cookie" in answer.headers) == (expected, False)


async def test_keys_are_not_guessed_by_the_thousand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, api_keys=KEY) as app:
        tried = [await app.http.post("/auth/key", json={"key": f"guess-number-{number}"}) for number in range(25)]
        codes = [answer.status_code for answer in tried]
        assert codes == [401] * TRIES_PER_ADDRESS + [429] * (25 - TRIES_PER_ADDRESS)
        assert len(await app.vasi.store.audit()) == TRIES_PER_ADDRESS


async def test_behind_tls_the_cookie_is_bound_to_the_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, api_keys=KEY, hosts="vasi.example.com") as app:
        proxied = {"X-Forwarded-Proto": "https", "Host": "vasi.example.com"}
        answer = await app.http.post("/auth/key", json={"key": KEY}, headers=proxied)
        secret = secret_of(answer, "__Host-vasi")
        assert {"secure", "httponly", "path"} <= attributes(answer)
        assert "domain" not in attributes(answer)
        assert await status(app, Cookie=f"__Host-vasi={secret}", **proxied) == 200
        # A name that another host could have set doesn't count there.
        assert await status(app, Cookie=f"{COOKIE}={secret}", **proxied) == 401
        assert await status(app, Cookie=f"__Host-vasi={secret}") == 401


async def test_signing_in_gives_another_secret_and_ends_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever gave a browser a secret of theirs isn't signed in when its user signs in."""
    async with running(tmp_path, monkeypatch, api_keys=KEY) as app:
        planted = {"Cookie": f"{COOKIE}=planted-by-somebody-else", **OWN_PAGE}
        answer = await app.http.post("/auth/key", json={"key": KEY}, headers=planted)
        first = secret_of(answer)
        assert first != "planted-by-somebody-else"
        assert await status(app, Cookie=planted["Cookie"]) == 401
        again = await app.http.post("/auth/key", json={"key": KEY}, headers={"Cookie": f"{COOKIE}={first}", **OWN_PAGE})
        second = secret_of(again)
        assert second != first
        assert [await status(app, Cookie=f"{COOKIE}={one}") for one in (first, second)] == [401, 200]
    async with running(tmp_path / "people", monkeypatch, **OIDC) as app:
        ann = await sign_in(app, "ann")
        later = await sign_in(app, "ben", replaces=ann.secret)
        assert [await status(app, **one.cookie) for one in (ann, later)] == [401, 200]


async def test_signing_out_ends_the_session_and_forgets_the_cookie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, monkeypatch, **OIDC) as app:
        ann = await sign_in(app, "ann")
        for headers in (ann.cookie, {**ann.cookie, "Origin": "https://evil.example"}):
            refused = await app.http.post("/auth/sign-out", headers=headers)
            assert refused.status_code == 403, "another page can't sign somebody out"
        assert await status(app, **ann.cookie) == 200
        answer = await ann.request("POST", "/auth/sign-out")
        assert (answer.status_code, answer.json()) == (200, {"location": None})
        assert 'vasi-session=""' in answer.headers["set-cookie"]
        assert "max-age=0" in answer.headers["set-cookie"].lower()
        assert await status(app, **ann.cookie) == 401
        assert (await ann.request("POST", "/auth/sign-out")).status_code == 200
        assert [entry.action for entry in await app.vasi.store.audit(limit=1)] == ["sign_out"]


async def test_sessions_are_listed_and_ended_by_their_user_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, monkeypatch, **OIDC) as app:
        here, there = await sign_in(app, "ann"), await sign_in(app, "ann", browser="Chrome\x1b[2J")
        ben = await sign_in(app, "ben")
        listed = (await here.request("GET", "/api/account/sessions")).json()["sessions"]
        assert {(one["agent"], one["address"], one["current"]) for one in listed} == {
            ("Firefox", "10.0.0.1", True),
            ("Chrome[2J", "10.0.0.1", False),
        }
        assert here.secret not in json.dumps(listed)
        other = next(one["id"] for one in listed if not one["current"])
        assert (await ben.request("DELETE", f"/api/account/sessions/{other}")).status_code == 404
        assert (await here.request("DELETE", f"/api/account/sessions/{other}")).status_code == 204
        assert [await status(app, **one.cookie) for one in (here, there, ben)] == [200, 401, 200]
        assert (await here.request("DELETE", "/api/account/sessions")).status_code == 204
        assert [await status(app, **one.cookie) for one in (here, there, ben)] == [401, 401, 200]


async def test_a_session_ends_when_it_is_unused_or_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    auth = {**OIDC["auth"], "session_idle_hours": 2, "session_days": 1}
    async with running(tmp_path, monkeypatch, auth=auth) as app:
        ann = await sign_in(app, "ann")
        sessions = app.vasi.accounts.sessions
        clock = sessions._now
        passed = timedelta()
        monkeypatch.setattr(sessions, "_now", lambda: clock() + passed)
        monkeypatch.setattr(app.vasi.accounts._usage, "_now", lambda: clock() + passed)
        for hours in range(23):
            passed = timedelta(hours=hours)
            assert await status(app, **ann.cookie) == 200, "it's used every hour"
            await app.vasi.accounts._usage.write()
        passed = timedelta(hours=24, minutes=1)
        assert await status(app, **ann.cookie) == 401, "however much it's used"
        passed = timedelta()
        ben = await sign_in(app, "ben")
        passed = timedelta(hours=2, minutes=1)
        assert await status(app, **ben.cookie) == 401, "nobody used it"


# --- pages of other sites ---------------------------------------------------------------------------------------------
FOREIGN: list[dict[str, str]] = [
    {},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:3000"},
    {"Origin": "http://127.0.0.1:1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
]
"""How unsafe requests come that no page of this server made."""


async def unsafe_routes(app: App) -> list[tuple[str, str]]:
    schema = (await app.http.get("/api/openapi.json")).json()
    routes = [
        (method.upper(), f"/api{path}")
        for path, methods in schema["paths"].items()
        for method in methods
        if method not in ("get", "head")
    ]
    assert len(routes) > 15
    routes += [("POST", path) for path in ("/auth/sign-out", "/auth/claim", "/v1/realtime/client_secrets")]
    return [*routes, ("POST", "/v1/realtime/sessions"), ("POST", "/v1/realtime/calls")]


async def test_no_page_of_another_site_changes_anything_with_the_cookie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, monkeypatch, **OIDC) as app:
        ann = await sign_in(app, "ann", administrator=True)
        routes, tried = await unsafe_routes(app), 0
        for method, path in routes:
            for foreign in FOREIGN:
                answer = await app.http.request(method, path, json={}, headers={**ann.cookie, **foreign})
                refusal = answer.status_code, answer.json()["error"]["code"]
                assert refusal == (403, "forbidden"), (method, path, foreign)
                tried += 1
            # The same from a page of its own gets further, so what was refused above is the page.
            own = await app.http.request(method, path.replace("{", "").replace("}", ""), json={}, headers=ann.headers)
            assert own.status_code != 403, (method, path)
            if path in ("/auth/sign-out", "/api/account/sessions", "/api/account"):
                ann = await sign_in(app, "ann", administrator=True)
        assert tried == len(routes) * len(FOREIGN)


async def test_a_socket_with_the_cookie_needs_a_page_of_this_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    origins = "https://listed.example"
    async with running(tmp_path, monkeypatch, **OIDC, origins=origins) as app:
        ann = await sign_in(app, "ann")

        async def opened(**headers: str) -> int:
            try:
                async with connect(app.server.ws, additional_headers={**ann.cookie, **headers}) as socket:
                    assert json.loads(await socket.recv())["type"] == "session.created"
                    return 101
            except InvalidStatus as refused:
                return refused.response.status_code

        foreign = [*(one["Origin"] for one in FOREIGN if "Origin" in one), "https://listed.example.evil"]
        assert [await opened(Origin=origin) for origin in foreign] == [403] * len(foreign)
        assert await opened() == 403, "a browser always says whose page it is"
        assert await opened(Origin=origins, **{"Sec-Fetch-Site": "same-site"}) == 403
        assert await opened(Origin=app.server.http) == 101
        assert await opened(Origin=origins) == 101
        # A program has a key, and no page.
        key = await ann.key("realtime")
        async with connect(app.server.ws, additional_headers={"Authorization": f"Bearer {key}"}) as socket:
            assert json.loads(await socket.recv())["type"] == "session.created"


async def test_a_key_counts_more_than_a_cookie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, **OIDC) as app:
        ann, ben = await sign_in(app, "ann"), await sign_in(app, "ben")
        headers = {**ann.headers, "Authorization": f"Bearer {await ben.key('read')}"}
        assert (await app.http.get("/api/session", headers=headers)).json()["user"]["id"] == ben.user.id
        headers["Authorization"] = "Bearer vasi_unknown"
        assert (await app.http.get("/api/notes", headers=headers)).status_code == 401


# --- what is open ends ------------------------------------------------------------------------------------------------
async def test_events_are_followed_by_cookie_and_end_with_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, monkeypatch, **OIDC) as app:
        ann, ben = await sign_in(app, "ann"), await sign_in(app, "ben")
        async with (
            app.http.stream("GET", "/api/events", headers=ann.cookie) as anns,
            app.http.stream("GET", "/api/events", headers=ben.cookie) as bens,
        ):
            lines, others = anns.aiter_lines(), bens.aiter_lines()
            assert (await anext(lines), await anext(others)) == ("retry: 2000", "retry: 2000")
            made = await ann.request("POST", "/api/notes", json={"text": "Buy walnuts"})
            assert made.status_code == 201
            async for line in lines:
                if line == "event: note.added":
                    break
            assert (await ann.request("POST", "/auth/sign-out")).status_code == 200
            async with asyncio.timeout(5):
                assert [line async for line in lines if line.startswith("event: note.removed")] == []
            made = await ben.request("POST", "/api/notes", json={"text": "Ben's own"})
            async for line in others:
                if line == "event: note.added":
                    break


@pytest.mark.parametrize("way", ["sign out", "sign out elsewhere", "disable", "remove the key", "demote"])
async def test_a_conversation_ends_with_what_opened_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    async with running(tmp_path, monkeypatch, **OIDC) as app:
        ann, elsewhere = await sign_in(app, "ann", administrator=True), await sign_in(app, "ann")
        boss = await sign_in(app, "boss", administrator=True)
        key = await ann.key("realtime")
        of_key = {"Authorization": f"Bearer {key}"}
        secret = (await app.http.post("/v1/realtime/client_secrets", json={}, headers=of_key)).json()["value"]
        page = {"Origin": app.server.http}
        async with (
            connect(app.server.ws, additional_headers={**ann.cookie, **page}) as by_cookie,
            connect(app.server.ws, additional_headers={**elsewhere.cookie, **page}) as by_other,
            connect(app.server.ws, additional_headers=of_key) as by_key,
            connect(app.server.ws, additional_headers={"Authorization": f"Bearer {secret}"}) as by_secret,
            connect(app.server.ws, additional_headers={**boss.cookie, **page}) as of_boss,
        ):
            sockets = {"cookie": by_cookie, "other": by_other, "key": by_key, "secret": by_secret, "boss": of_boss}
            for socket in sockets.values():
                assert json.loads(await socket.recv())["type"] == "session.created"
            ended = await _end(app, ann, boss, way)
            for name in ended:
                error = json.loads(await asyncio.wait_for(sockets[name].recv(), 5))["error"]
                assert error["code"] == "session_revoked", name
                await asyncio.wait_for(sockets[name].wait_closed(), 5)
                assert sockets[name].close_code == 1001
            for name in sockets.keys() - ended:
                update: dict[str, Any] = {"type": "session.update", "session": {"type": "realtime"}}
                await sockets[name].send(json.dumps(update))
                assert json.loads(await asyncio.wait_for(sockets[name].recv(), 5))["type"] == "session.updated", name


async def _end(app: App, ann: SignedIn, boss: SignedIn, way: str) -> set[str]:
    """End something of Ann's; which of her sockets end with it."""
    match way:
        case "sign out":
            answer = await ann.request("POST", "/auth/sign-out")
            ended = {"cookie"}
        case "sign out elsewhere":
            sessions = (await ann.request("GET", "/api/account/sessions")).json()["sessions"]
            other = next(one["id"] for one in sessions if not one["current"])
            answer = await ann.request("DELETE", f"/api/account/sessions/{other}")
            ended = {"other"}
        case "remove the key":
            [key] = (await ann.request("GET", "/api/account/keys")).json()["keys"]
            answer = await ann.request("DELETE", f"/api/account/keys/{key['id']}")
            ended = {"key", "secret"}
        case _:
            change = {"disabled": True} if way == "disable" else {"role": "user"}
            answer = await boss.request("PATCH", f"/api/users/{ann.user.id}", json=change)
            ended = {"cookie", "other", "key", "secret"}
    assert answer.status_code < 300, answer.text
    return ended


async def test_what_happens_between_a_handshake_and_its_lease_is_not_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, monkeypatch, **OIDC) as app:
        ann = await sign_in(app, "ann")
        accounts = app.vasi.accounts
        principal = await accounts.sessions.principal(ann.secret)
        await app.vasi.store.update_user(ann.user.id, UserChanges(disabled=True))
        await accounts.leases.look()
        with accounts.leases.lease(principal) as lease:
            assert not lease.ended.is_set()
            await accounts.leases.look()
            assert lease.ended.is_set()


async def test_the_browser_of_a_disabled_user_is_told_so_and_signs_in_anew_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, monkeypatch, **OIDC) as app:
        boss = await sign_in(app, "boss", administrator=True)
        ann = await sign_in(app, "ann")
        codes: list[str] = []
        for disabled in (True, False, False):
            changed = await boss.request("PATCH", f"/api/users/{ann.user.id}", json={"disabled": disabled})
            assert changed.status_code == 200
            answer = await ann.request("GET", "/api/notes")
            codes.append(answer.json()["error"]["code"] if answer.status_code == 401 else "")
            if not disabled:
                ann = await sign_in(app, "ann")
        assert codes == ["account_disabled", "not_signed_in", ""]


def test_the_secret_has_256_bits() -> None:
    assert len(browser_sessions.new_secret()) >= 256 / 6
