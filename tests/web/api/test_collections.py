"""Shared collections over HTTP and in a talk: read by those who may, changed by administrators alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.people import ANNA, BEN, CHIEF, PEOPLE, holding, signed_in
from tests.web.app_server import App, running
from vasi.accounts.principals import Principal
from vasi.engines.llm.extractive import ExtractiveLlm

PLAN = b"# Hangar\n\nThe zeppelin hangar is rented until 2031 by the walrus society.\n"
QUESTION = "Until when is the zeppelin hangar rented?"


async def made(app: App, **collection: Any) -> dict[str, Any]:
    answer = await app.http.post("/api/collections", json=collection, headers=signed_in(CHIEF))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def sent(app: App, person: Principal, name: str, content: bytes, collection: str | None = None) -> Any:
    params = {} if collection is None else {"collection": collection}
    form = [("files", (name, content))]
    answer = await app.http.post("/api/documents", files=form, params=params, headers=signed_in(person))
    assert answer.status_code == 202, answer.text
    await app.vasi._uploads.idle()
    jobs = (await app.http.get("/api/jobs", params=params, headers=signed_in(person))).json()["jobs"]
    (document,) = [job["document_id"] for job in jobs if job["id"] == answer.json()["jobs"][0]["id"]]
    return document


async def asked(app: App, person: Principal, path: str, **params: str) -> Any:
    return await app.http.get(path, params=params, headers=signed_in(person))


async def test_documents_of_a_collection_are_read_by_its_groups_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, monkeypatch, authenticator=PEOPLE) as app:
        board = await made(app, name="Board", groups=["board"])
        assert (board["name"], board["everyone"], board["groups"]) == ("Board", False, ["board"])
        document = await sent(app, CHIEF, "plan.md", PLAN, board["id"])
        own = await sent(app, ANNA, "own.md", b"Nothing of interest here.")
        shared = {"id": board["id"], "name": "Board"}

        listed = (await asked(app, ANNA, "/api/documents")).json()["documents"]
        assert {one["id"]: one["collection"] for one in listed} == {document: shared, own: None}
        of_board = (await asked(app, ANNA, "/api/documents", collection=board["id"])).json()["documents"]
        assert [one["id"] for one in of_board] == [document]
        found = (await asked(app, ANNA, "/api/search", q=QUESTION)).json()
        assert found["found"]
        assert (found["passages"][0]["source_id"], found["passages"][0]["collection"]) == (document, shared)
        passage = found["passages"][0]["id"]
        assert (await asked(app, ANNA, f"/api/passages/{passage}")).json()["collection"] == shared
        assert (await asked(app, ANNA, f"/api/documents/{document}/content")).content == PLAN
        assert "2031" in (await asked(app, ANNA, f"/api/documents/{document}/text")).text
        (seen,) = (await asked(app, ANNA, "/api/collections")).json()["collections"]
        assert (seen["name"], seen["groups"], seen["documents"]) == ("Board", [], 1)

        for path in (
            f"/api/documents/{document}/content",
            f"/api/documents/{document}/text",
            f"/api/passages/{passage}",
        ):
            assert (await asked(app, BEN, path)).status_code == 404
        assert (await asked(app, BEN, "/api/documents", collection=board["id"])).status_code == 404
        assert (await asked(app, BEN, "/api/collections")).json() == {"collections": []}
        assert (await asked(app, BEN, "/api/search", q=QUESTION)).json() == {"found": False, "passages": []}


async def test_only_administrators_change_what_is_shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, authenticator=PEOPLE) as app:
        club = await made(app, name="Club", everyone=True)
        document = await sent(app, CHIEF, "plan.md", PLAN, club["id"])
        headers, params = signed_in(ANNA), {"collection": club["id"]}
        form = [("files", ("own.md", b"Mine."))]
        for refused in (
            app.http.post("/api/collections", json={"name": "Mine", "everyone": True}, headers=headers),
            app.http.patch(f"/api/collections/{club['id']}", json={"name": "Mine"}, headers=headers),
            app.http.delete(f"/api/collections/{club['id']}", headers=headers),
            app.http.post("/api/documents", files=form, params=params, headers=headers),
            app.http.post(
                "/api/documents/pages", json={"address": "https://x.example"}, params=params, headers=headers
            ),
            app.http.delete(f"/api/documents/{document}", params=params, headers=headers),
            app.http.get("/api/jobs", params=params, headers=headers),
        ):
            assert (await refused).status_code == 403
        assert (await app.http.delete(f"/api/documents/{document}", headers=headers)).status_code == 404
        (listed,) = (await asked(app, ANNA, "/api/documents")).json()["documents"]
        assert listed["collection"] == {"id": club["id"], "name": "Club"}
        for wrong, status in (({"name": "club", "everyone": True}, 400), ({"name": "New"}, 400), ({"name": ""}, 400)):
            answer = await app.http.post("/api/collections", json=wrong, headers=signed_in(CHIEF))
            assert answer.status_code == status, answer.text
        chief = signed_in(CHIEF)
        renamed = await app.http.patch(f"/api/collections/{club['id']}", json={"name": "Crew"}, headers=chief)
        assert renamed.json()["name"] == "Crew"
        gone = await app.http.delete(f"/api/documents/{document}", params=params, headers=chief)
        assert gone.status_code == 204
        assert (await asked(app, ANNA, "/api/documents")).json()["documents"] == []


async def test_a_removed_collection_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, ExtractiveLlm(), authenticator=PEOPLE) as app:
        club = await made(app, name="Walrusclub", everyone=True)
        await sent(app, CHIEF, "plan.md", PLAN, club["id"])
        await sent(app, CHIEF, "other.md", PLAN + b"\nAnd more of the walrus.", club["id"])
        assert (await asked(app, ANNA, "/api/search", q=QUESTION)).json()["found"]
        removed = await app.http.delete(f"/api/collections/{club['id']}", headers=signed_in(CHIEF))
        assert removed.status_code == 204
        assert (await asked(app, ANNA, "/api/search", q=QUESTION)).json() == {"found": False, "passages": []}
        assert (await app.vasi.store.owners()) == []
    assert holding(tmp_path, "walrus") == []


async def test_answers_say_in_which_collection_they_found_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, ExtractiveLlm(), authenticator=PEOPLE) as app:
        club = await made(app, name="Club", everyone=True)
        await sent(app, CHIEF, "plan.md", PLAN, club["id"])
        async with app.talk(headers=signed_in(ANNA), include=["vasi.activity"]) as client:
            response = await client.say(QUESTION)
            text = response["output"][-1]["content"][0]["text"]
            assert "2031" in text
            assert "in the collection Club" in text
            (found,) = client.of("vasi.passages")
            assert found["passages"][0]["collection"] == {"id": club["id"], "name": "Club"}
            response = await client.say("Which documents do I have?")
            assert "plan, in the collection Club" in response["output"][-1]["content"][0]["text"]
        (talk,) = (await asked(app, ANNA, "/api/conversations")).json()["conversations"]
        whole = (await asked(app, ANNA, f"/api/conversations/{talk['id']}")).json()
        cited = [one for item in whole["items"] for span in item["citations"] for one in span["passages"]]
        assert cited
        assert {one["collection"]["name"] for one in cited} == {"Club"}
        export = (await asked(app, ANNA, f"/api/conversations/{talk['id']}/export")).text
        assert "- plan.md, in the collection Club" in export


async def test_who_follows_the_events_learns_of_what_is_shared_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, monkeypatch, authenticator=PEOPLE) as app:
        board = await made(app, name="Board", groups=["board"])
        async with app.http.stream("GET", "/api/events", headers=signed_in(ANNA)) as stream:
            lines = stream.aiter_lines()
            document = await sent(app, CHIEF, "plan.md", PLAN, board["id"])
            seen = ""
            while document not in seen:
                seen = await anext(lines)
            assert f'"collection":{{"id":"{board["id"]}","name":"Board"}}' in seen
            crew = {"groups": ["crew"]}
            await app.http.patch(f"/api/collections/{board['id']}", json=crew, headers=signed_in(CHIEF))
            while not seen.startswith("event: reset"):
                seen = await anext(lines)
