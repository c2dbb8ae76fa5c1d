"""Notes and conversations over HTTP."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.web.app_server import running
from vasi.engines.ports import ToolCall
from vasi.testing.llm import ScriptedLlm


async def test_notes_are_written_found_changed_removed_and_restored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, monkeypatch) as app:

        async def listed(**query: Any) -> list[str]:
            return [note["text"] for note in (await app.http.get("/api/notes", params=query)).json()["notes"]]

        made = await app.http.post("/api/notes", json={"text": " Buy walnuts ", "tags": ["#shop"], "pinned": True})
        assert made.status_code == 201
        note = made.json()
        assert (note["text"], note["tags"], note["pinned"]) == ("Buy walnuts", ["shop"], True)
        await app.http.post("/api/notes", json={"text": "Call the dentist"})
        assert await listed() == ["Call the dentist", "Buy walnuts"]
        assert await listed(limit=1) == ["Call the dentist"]
        assert await listed(q="walnut") == await listed(tag="shop") == ["Buy walnuts"]
        assert await listed(tag="SHOP") == await listed(tag="#Shop") == await listed(q="walnut", tag="Shop")
        assert await listed(tag="SHOP") == ["Buy walnuts"]
        assert await listed(tag="sho") == []
        assert (await app.http.patch(f"/api/notes/{note['id']}", json={"text": " "})).status_code == 400
        assert await listed(q="dentist", tag="shop") == []
        address = f"/api/notes/{note['id']}"
        changed = (await app.http.patch(address, json={"tags": ["market"]})).json()
        assert (changed["text"], changed["tags"], changed["pinned"]) == ("Buy walnuts", ["market"], True)
        assert (await app.http.delete(address)).status_code == 204
        assert await listed() == ["Call the dentist"]
        assert (await app.http.delete(address)).status_code == 404
        assert (await app.http.post(f"{address}/restore")).json() == changed
        assert (await app.http.post(f"{address}/restore")).status_code == 404
        reverted = (await app.http.post(f"{address}/revert")).json()
        assert (reverted["text"], reverted["tags"]) == (note["text"], note["tags"])
        assert (await app.http.post(f"{address}/revert")).status_code == 404
        assert (await app.http.patch(address, json={"text": changed["text"], "tags": changed["tags"]})).json()["text"]
        exported = await app.http.get("/api/notes/export", params={"format": "json"})
        assert [one["text"] for one in json.loads(exported.text)] == ["Buy walnuts", "Call the dentist"]
        assert exported.headers["content-disposition"] == 'attachment; filename="notes.json"'
        assert "## " in (await app.http.get("/api/notes/export")).text


async def test_what_is_wrong_is_said_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch) as app:
        for method, path, body, status, param in [
            ("POST", "/notes", {"text": ""}, 400, "text"),
            ("POST", "/notes", {"text": " \u200b\n"}, 400, "text"),
            ("POST", "/notes", {"text": "x" * 10_001}, 413, "text"),
            ("POST", "/notes", {"text": "x", "tags": ["y" * 50]}, 413, "tags"),
            ("POST", "/notes", {"text": "x", "nonsense": 1}, 400, "nonsense"),
            ("POST", "/notes", {}, 400, "text"),
            ("POST", "/notes", {"text": 7}, 400, "text"),
            ("GET", "/notes?limit=0", None, 400, "limit"),
            ("GET", "/notes/export?format=pdf", None, 400, "format"),
            ("GET", "/search", None, 400, "q"),
            ("PATCH", "/conversations/conv_1", {"title": "  "}, 400, "title"),
            ("GET", "/nothing", None, 404, None),
            ("GET", "/passages/p99", None, 404, None),
            ("GET", "/passages/x", None, 404, None),
            ("GET", "/passages/p" + "9" * 40, None, 404, None),
            ("PUT", "/notes", {}, 405, None),
        ]:
            answer = await app.http.request(method, f"/api{path}", json=body)
            error = answer.json()["error"]
            assert (answer.status_code, error["param"]) == (status, param), (path, body, error)
            assert error["message"].endswith(".")
        broken = await app.http.post("/api/notes", content=b"{", headers={"Content-Type": "application/json"})
        assert (broken.status_code, broken.json()["error"]["code"]) == (400, "invalid_json")
        large = await app.http.post("/api/notes", json={"text": "x" * 300_000})
        assert (large.status_code, large.json()["error"]["code"]) == (413, "limit_exceeded")


async def test_a_conversation_is_shown_with_what_was_cited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fact = "The assembly point is the flagpole beside the slipway."
    path = tmp_path / "safety.md"
    path.write_text(f"# Fire\n\n{fact}\n")
    llm = ScriptedLlm(ToolCall("c1", "search_knowledge", '{"query": "assembly point"}'), fact, "You are welcome.")
    async with running(tmp_path / "data", monkeypatch, llm) as app:
        await app.vasi.knowledge.add("local", [path])
        async with app.talk() as client:
            await client.say("Where is the assembly point?")
            await client.say("Thank you!")
        (listed,) = (await app.http.get("/api/conversations")).json()["conversations"]
        assert (listed["title"], listed["turns"], listed["preview"]) == (
            "Where is the assembly point?", 2, "You are welcome."
        )  # fmt: skip
        address = f"/api/conversations/{listed['id']}"
        whole = (await app.http.get(address)).json()
        assert {key: value for key, value in whole.items() if key != "items"} == listed
        assert [item["role"] for item in whole["items"]] == ["user", "assistant"] * 2
        answer = whole["items"][1]
        assert answer["content"] == [{"type": "output_text", "text": fact}]
        (citation,) = answer["citations"]
        assert answer["content"][0]["text"][citation["start"] : citation["end"]] == fact
        cited = citation["passages"][0]
        assert cited["document"] == "safety.md"
        assert fact in (await app.http.get(f"/api/passages/{cited['id']}")).json()["text"]
        renamed = (await app.http.patch(address, json={"title": " Fire "})).json()
        assert renamed["title"] == "Fire"
        exported = await app.http.get(f"{address}/export")
        assert exported.text.startswith("# Fire\n")
        assert f"**You:** Where is the assembly point?\n\n**vasi:** {fact}\n\n- safety.md\n" in exported.text
        assert (await app.http.get(f"{address}/export?format=json")).json()["items"] == whole["items"]
        for query, found in (("flagpole", 1), ("walnut", 0)):
            answered = await app.http.get("/api/conversations", params={"q": query})
            assert len(answered.json()["conversations"]) == found
        assert (await app.http.get("/api/conversations", params={"before": listed["id"]})).json()["conversations"] == []
        assert (await app.http.delete(address)).status_code == 204
        assert [(await app.http.get(f"{address}{end}")).status_code for end in ("", "/export")] == [404, 404]
        assert (await app.http.patch(address, json={"title": "x"})).status_code == 404


async def test_a_null_in_an_optional_field_leaves_it_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch) as app:
        made = await app.http.post("/api/notes", json={"text": "Water the fern", "tags": None, "pinned": None})
        assert (made.status_code, made.json()["tags"], made.json()["pinned"]) == (201, [], False)
        where = f"/api/notes/{made.json()['id']}"
        kept = await app.http.patch(where, json={"text": None, "tags": ["home"], "pinned": None})
        assert (kept.status_code, kept.json()["text"], kept.json()["tags"]) == (200, "Water the fern", ["home"])
        assert (await app.http.post("/api/notes", json={"text": None})).status_code == 400
        assert (await app.http.post("/api/notes", json={"text": "a", "colour": None})).status_code == 400
