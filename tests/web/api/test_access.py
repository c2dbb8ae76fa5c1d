"""Who may use the API of the app: keys, pages of other sites, owners."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from tests.web.app_server import App, running
from vasi.accounts.authenticators import Connection
from vasi.accounts.principals import Principal
from vasi.protocol.items import InputText, Message
from vasi.storage.recorded import RecordedItem
from vasi.testing.server import hosting
from vasi.testing.settings import web_settings
from vasi.web.access import Access
from vasi.web.api import api
from vasi.web.origin_policy import OriginPolicy

KEY = "a-key-of-this-server"
OPEN = ("/session",)
READ = ["/status", "/documents", "/jobs", "/notes", "/notes/export", "/conversations", "/search?q=x", "/events"]


async def test_every_route_wants_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, api_keys=KEY) as app:
        made = await app.http.post("/v1/realtime/client_secrets", json={}, headers={"api-key": KEY})
        schema = (await app.http.get("/api/openapi.json")).json()
        routes = [(method, path) for path, methods in schema["paths"].items() for method in methods if path not in OPEN]
        assert len(routes) > 15
        for method, path in routes:
            for headers in ({}, {"api-key": "another-key-of-it"}, {"api-key": made.json()["value"]}):
                answer = await app.http.request(method, f"/api{path}", headers=headers)
                assert (answer.status_code, answer.json()["error"]["code"]) == (401, "invalid_api_key"), (method, path)
        for path in READ[:-1]:
            assert (await app.http.get(f"/api{path}", headers={"api-key": KEY})).status_code == 200, path
        assert (await app.http.get(f"/api/notes?api-key={KEY}")).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "rebound.example"},
        {"Origin": "http://localhost:5173"},
        {"Origin": "http://127.0.0.1:9"},
        {"Origin": "http://evil.localhost"},
        {"Origin": "https://[::1]"},
    ],
)
async def test_pages_of_other_sites_do_and_see_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    async with running(tmp_path, monkeypatch) as app:
        note = await app.vasi.notes.add("local", "Buy walnuts", datetime.now(UTC))
        for method, path, given in [
            ("DELETE", f"/notes/{note.id}", {}),
            ("POST", "/notes", {"json": {"text": "mine"}}),
            ("POST", "/documents", {"files": {"files": ("a.txt", b"walnut")}}),
        ]:
            answer = await app.http.request(method, f"/api{path}", headers=headers, **given)  # type: ignore[arg-type]
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")
        assert await app.vasi.notes.list("local") == [note]
        for path in ("/notes", "/search?q=x", "/notes/export", "/events", "/status"):
            seen = await app.http.get(f"/api{path}", headers=headers)
            assert seen.status_code == 403, path
            assert not [name for name in seen.headers if name.startswith("access-control")]


async def test_the_servers_own_page_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch) as app:
        own = {"Origin": app.server.http, "Sec-Fetch-Site": "same-origin"}
        answer = await app.http.post("/api/notes", json={"text": "mine"}, headers=own)
        assert answer.status_code == 201
        for name, value in {
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "cross-origin-resource-policy": "same-origin",
            "cache-control": "no-store",
        }.items():
            assert answer.headers[name] == value
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert "microphone=(self)" in answer.headers["permissions-policy"]


class TwoOwners:
    """The key is the owner."""

    required = True

    async def authenticate(self, connection: Connection) -> Principal:
        return Principal(connection.headers["api-key"])


async def _filled(app: App, owner: str) -> dict[str, str]:
    now = datetime.now(UTC)
    note = await app.vasi.notes.add(owner, f"A walnut of {owner}", now)
    path = app.vasi.settings.data / f"{owner}.md"
    path.write_text(f"# {owner}\n\nThe walnut of {owner} is secret.\n")
    (document,) = (await app.vasi.knowledge.add(owner, [path])).added
    conversation = f"conv_{owner}"
    await app.vasi.store.begin_conversation(owner, conversation, at=now)
    item = Message(id="item_1", role="user", content=[InputText(text=f"walnut of {owner}")])
    await app.vasi.store.put_item(owner, conversation, RecordedItem(item, now), at=now)
    (passage,) = await app.vasi.store.document_passages(owner, document.id)
    return {"note": note.id, "document": document.id, "conversation": conversation, "passage": passage.id}


async def test_two_owners_never_see_each_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch) as app:
        anna, ben = await _filled(app, "anna"), await _filled(app, "ben")
        access = Access(TwoOwners(), app.vasi.accounts.ephemeral, OriginPolicy("127.0.0.1"))
        async with (
            hosting(api(app.vasi._services(), access, web_settings())) as server,
            httpx2.AsyncClient(base_url=server.http, headers={"api-key": "anna"}) as http,
        ):
            for path in ("/documents", "/notes", "/notes?q=walnut", "/conversations?q=walnut", "/search?q=walnut"):
                answer = await http.get(path)
                assert answer.status_code == 200
                assert "ben" not in answer.text, path
                assert "anna" in answer.text, path
            for method, path, body in [
                ("GET", "/passages/{passage}", None),
                ("GET", "/documents/{document}/content", None),
                ("GET", "/documents/{document}/text", None),
                ("DELETE", "/documents/{document}", None),
                ("PATCH", "/notes/{note}", {"text": "mine"}),
                ("DELETE", "/notes/{note}", None),
                ("POST", "/notes/{note}/restore", None),
                ("GET", "/conversations/{conversation}", None),
                ("GET", "/conversations/{conversation}/export", None),
                ("PATCH", "/conversations/{conversation}", {"title": "mine"}),
                ("DELETE", "/conversations/{conversation}", None),
            ]:
                answer = await http.request(method, path.format(**ben), json=body)
                assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), path
            for path in ("/passages/{passage}", "/conversations/{conversation}", "/documents/{document}/text"):
                assert (await http.get(path.format(**anna))).status_code == 200
        assert len(await app.vasi.notes.list("ben")) == len(await app.vasi.knowledge.documents("ben")) == 1


async def test_the_status_and_the_page_of_the_api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, limits={"file_mb": 7}) as app:
        status = (await app.http.get("/api/status")).json()
        assert (status["ready"], status["backend"], status["limits"]["file_mb"]) == (True, "local", 7)
        assert status["voices"]
        assert {"stt", "llm", "tts", "embedder"} <= {engine["part"] for engine in status["engines"]}
        page = await app.http.get("/api/docs")
        assert page.status_code == 200
        assert "/api/notes/{note_id}/restore" in page.text
        assert "<script" not in page.text
        assert "//" not in page.text.replace("</", "").partition("<table")[0].replace("<!doctype", "")
