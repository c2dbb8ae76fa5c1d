"""Web pages through the HTTP API: added, refused with the reason, read again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.knowledge.pages.site import HANDBOOK, site
from tests.web.app_server import App, running


async def ended(app: App, answer: Any) -> Any:
    assert answer.status_code == 202, answer.text
    await app.vasi._uploads.idle()  # pyright: ignore[reportPrivateUsage]
    jobs = (await app.http.get("/api/jobs")).json()["jobs"]
    return next(job for job in jobs if job["id"] == answer.json()["id"])


async def test_a_page_is_read_and_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with site() as there, running(tmp_path, monkeypatch, web_pages={"private": True}) as app:
        address = there.shows("/rules", HANDBOOK)
        job = await ended(app, await app.http.post("/api/documents/pages", json={"address": address}))
        assert (job["stage"], job["error"], job["note"]) == ("done", None, None)
        [document] = (await app.http.get("/api/documents")).json()["documents"]
        assert (document["name"], document["source"], document["media_type"].partition(";")[0]) == (
            "Boat rules",
            address,
            "text/html",
        )
        content = await app.http.get(f"/api/documents/{document['id']}/content")
        assert "sandbox" in content.headers["content-security-policy"]
        there.shows("/rules", HANDBOOK.replace("27", "31"))
        await ended(app, await app.http.post(f"/api/documents/{document['id']}/refresh"))
        [again] = (await app.http.get("/api/documents")).json()["documents"]
        assert again["id"] == document["id"]
        found = (await app.http.get("/api/search", params={"q": "guest berth"})).json()
        assert "31 euros" in str(found)
        assert "27 euros" not in str(found)


@pytest.mark.parametrize(
    ("address", "why"),
    [("http://127.0.0.1:1/", "web_pages.private"), ("file:///etc/passwd", "begins with https://")],
)
async def test_what_may_not_be_fetched_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, why: str
) -> None:
    async with running(tmp_path, monkeypatch) as app:
        answer = await app.http.post("/api/documents/pages", json={"address": address})
        assert answer.status_code == 422
        assert why in answer.text


async def test_only_pages_can_be_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch) as app:
        sent = await app.http.post("/api/documents", files={"files": ("a.md", b"# A\n\nA berth costs 9 euros.")})
        assert sent.status_code == 202
        await app.vasi._uploads.idle()  # pyright: ignore[reportPrivateUsage]
        [document] = (await app.http.get("/api/documents")).json()["documents"]
        answer = await app.http.post(f"/api/documents/{document['id']}/refresh")
        assert (answer.status_code, "isn't a web page" in answer.text) == (422, True)
        assert (await app.http.post("/api/documents/doc_none/refresh")).status_code == 404
