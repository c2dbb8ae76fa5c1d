"""Conversations are recorded by the server, and continued over its socket."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.web.app_server import running
from vasi.engines.ports import ToolCall
from vasi.storage.ports import Store
from vasi.storage.recorded import spoken_text
from vasi.testing.llm import ScriptedLlm

OWNER = "local"


async def texts(store: Store, conversation_id: str) -> list[str]:
    return [spoken_text(one.item) for one in await store.conversation_items(OWNER, conversation_id)]


async def test_a_conversation_is_continued_after_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, ScriptedLlm("Nine o'clock.")) as app, app.talk() as client:
        await client.say("When does the shop open?")
    second = ScriptedLlm("You asked about the shop.")
    async with running(tmp_path, monkeypatch, second) as app:
        (kept,) = await app.vasi.store.conversations(OWNER)
        async with app.talk(f"?conversation={kept.id}", include=["vasi.activity"]) as client:
            await client.say("What did I ask?")
            assert client.of("vasi.conversation")[0]["conversation_id"] == kept.id
            first = [event["item"]["content"][0]["text"] for event in client.of("conversation.item.added")[:2]]
        assert first == ["When does the shop open?", "Nine o'clock."]
    assert "Nine o'clock." in str(second.requests[0].messages)
    async with running(tmp_path, monkeypatch) as app:
        (same,) = await app.vasi.store.conversations(OWNER)
        assert (same.id, same.title, same.turns) == (kept.id, "When does the shop open?", 2)
        assert await texts(app.vasi.store, kept.id) == [
            "When does the shop open?", "Nine o'clock.", "What did I ask?", "You asked about the shop.",
        ]  # fmt: skip


async def test_what_cannot_be_continued_is_refused_before_the_upgrade(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(ws: str, query: str) -> tuple[int, str]:
        with pytest.raises(InvalidStatus) as answer:
            await connect(f"{ws}?conversation={query}")
        body = answer.value.response.body
        assert body is not None
        return answer.value.response.status_code, json.loads(body)["error"]["code"]

    async with running(tmp_path, monkeypatch) as app:
        await app.vasi.store.begin_conversation("somebody else", "conv_theirs", at=datetime.now(UTC))
        assert await refused(app.server.ws, "conv_none") == (404, "not_found")
        assert await refused(app.server.ws, "conv_theirs") == (404, "not_found")
    async with running(tmp_path, monkeypatch, record=False) as app:
        assert (await refused(app.server.ws, "conv_theirs"))[0] == 400
        async with app.talk() as client:
            await client.say('reply exactly: "Hello."')
        assert await app.vasi.store.conversations(OWNER) == []


async def test_a_note_knows_the_turn_it_came_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    llm = ScriptedLlm(ToolCall("c1", "take_note", '{"text": "Buy walnuts."}'), "Noted.")
    async with running(tmp_path, monkeypatch, llm) as app:
        async with app.talk() as client:
            await client.say("Take a note: buy walnuts.")
            said = client.of("conversation.item.done")[0]["item"]["id"]
        (note,) = await app.vasi.notes.list(OWNER)
        (conversation,) = await app.vasi.store.conversations(OWNER)
        assert note.origin is not None
        assert (note.origin.conversation_id, note.origin.item_id) == (conversation.id, said)


async def test_a_note_removed_by_voice_can_be_restored_until_the_server_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    llm = ScriptedLlm(*[ToolCall("c1", "delete_note", '{"note": "the last one"}'), "Done."] * 2)
    async with running(tmp_path, monkeypatch, llm) as app:
        note = await app.vasi.notes.add(OWNER, "Buy walnuts.", datetime.now(UTC))
        async with app.talk() as client:
            await client.say("Delete the last note.")
            assert await app.vasi.notes.list(OWNER) == []
            assert await app.vasi.notes.restore(OWNER, note.id, datetime.now(UTC)) == note
            await client.say("Delete the last note.")
    assert b"walnuts" not in b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
