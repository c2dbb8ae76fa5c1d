"""What changes is pushed, whoever changed it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.web.app_server import App, running
from vasi.engines.ports import ToolCall
from vasi.knowledge.index import TextAnalyser
from vasi.storage.sqlite import SqliteStore
from vasi.testing.llm import ScriptedLlm


class Stream:
    """Server-sent events as they come."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines
        self.last_id = ""

    async def next(self) -> tuple[str, dict[str, Any]]:
        name = ""
        async with asyncio.timeout(10):
            async for line in self._lines:
                key, _, value = line.partition(": ")
                match key:
                    case "id":
                        self.last_id = value
                    case "event":
                        name = value
                    case "data":
                        return name, json.loads(value)
        raise AssertionError("The stream has ended.")

    async def until(self, name: str) -> dict[str, Any]:
        while True:
            event, data = await self.next()
            if event == name:
                return data


@asynccontextmanager
async def following(app: App, **headers: str) -> AsyncIterator[Stream]:
    async with app.http.stream("GET", "/api/events", headers=headers) as answer:
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.aiter_lines()
        assert (await anext(lines)).startswith("retry:")
        yield Stream(lines)


async def test_changes_by_voice_api_and_other_processes_arrive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    llm = ScriptedLlm(ToolCall("c1", "take_note", '{"text": "Buy walnuts."}'), "Noted.")
    async with running(tmp_path, monkeypatch, llm) as app, following(app) as stream:
        made = (await app.http.post("/api/notes", json={"text": "Call the dentist"})).json()
        assert await stream.until("note.added") == {"note": made}
        await app.http.patch(f"/api/notes/{made['id']}", json={"pinned": True})
        assert (await stream.until("note.updated"))["note"]["pinned"]
        await app.http.delete(f"/api/notes/{made['id']}")
        assert await stream.until("note.removed") == {"id": made["id"]}
        await app.http.post(f"/api/notes/{made['id']}/restore")
        assert (await stream.until("note.added"))["note"]["id"] == made["id"]
        async with app.talk() as client:
            await client.say("Take a note: buy walnuts.")
        seen: dict[str, dict[str, Any]] = {}
        while {"note.added", "conversation.updated"} - seen.keys():
            name, data = await stream.next()
            seen[name] = data
        assert seen["note.added"]["note"]["text"] == "Buy walnuts."
        assert seen["conversation.updated"]["conversation"]["id"] == seen["note.added"]["note"]["conversation_id"]
        other = SqliteStore(tmp_path / "vasi.db", TextAnalyser())
        await other.open()
        await other.add_note("local", "From another process.", at=datetime.now(UTC))
        await other.add_note("somebody else", "None of your business.", at=datetime.now(UTC))
        await other.close()
        assert (await stream.until("note.added"))["note"]["text"] == "From another process."


async def test_the_stages_of_a_document_arrive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch) as app, following(app) as stream:
        sent = await app.http.post("/api/documents", files={"files": ("a.txt", b"The key is under the mat.")})
        (job,) = sent.json()["jobs"]
        stages: list[str] = []
        added = None
        while "done" not in stages or added is None:
            name, data = await stream.next()
            if name == "job.progress":
                assert data["job"]["id"] == job["id"]
                stages.append(data["job"]["stage"])
            else:
                assert name == "document.added"
                added = data["document"]
        expected = [stage for stage in ("received", "reading", "indexing", "done") if stage in stages]
        assert stages == expected, "in order, each once"
        assert "reading" in stages
        await app.http.delete(f"/api/documents/{added['id']}")
        assert await stream.until("document.removed") == {"id": added["id"]}


async def test_what_was_missed_comes_first_or_everything_is_to_be_looked_at_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, monkeypatch) as app:
        async with following(app) as stream:
            await app.http.post("/api/notes", json={"text": "first"})
            await stream.until("note.added")
        await app.http.post("/api/notes", json={"text": "second"})
        await app.http.post("/api/notes", json={"text": "third"})
        async with following(app, **{"Last-Event-ID": stream.last_id}) as again:
            assert (await again.until("note.added"))["note"]["text"] == "second"
            assert (await again.until("note.added"))["note"]["text"] == "third"
        async with following(app, **{"Last-Event-ID": "999999"}) as lost:
            assert (await lost.next())[0] == "reset"
            await app.http.post("/api/notes", json={"text": "fourth"})
            assert (await lost.until("note.added"))["note"]["text"] == "fourth"
        for wrong in ("nonsense", "-1", "1.5", "9" * 30, "9" * 6000):
            async with following(app, **{"Last-Event-ID": wrong}) as anew:
                assert (await anew.next())[0] == "reset", wrong
                await app.http.post("/api/notes", json={"text": "fifth"})
                assert (await anew.until("note.added"))["note"]["text"] == "fifth"


async def test_connections_are_limited_and_let_go_when_the_server_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = {"event_streams_per_client": 1}
    async with running(tmp_path, monkeypatch, limits=limits) as app, app.http.stream("GET", "/api/events") as answer:
        lines = answer.aiter_lines()
        await anext(lines)
        assert (await app.http.get("/api/events")).status_code == 429
        app.vasi.stopping()
        async with asyncio.timeout(5):
            assert [line async for line in lines if line] == []
