"""The power goes while notes are taken and documents are read: nothing that was acknowledged is lost."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.server_process import serving
from vasi.knowledge.index import TextAnalyser
from vasi.storage.sqlite import SqliteStore

pytestmark = pytest.mark.timeout(300)

ROUNDS = 12
NOTES_AT_LEAST = 24


async def take_notes_until_killed(url: str, first: int, kill: asyncio.Event, wanted: int) -> list[str]:
    """Take notes, with ``kill`` set when ``wanted`` are acknowledged; returns those that were."""
    acknowledged: list[str] = []
    number = first
    try:
        async with connect(url, compression=None) as socket:
            session = {"type": "realtime", "output_modalities": ["text"], "include": ["vasi.activity"]}
            await socket.send(json.dumps({"type": "session.update", "session": session}))
            while True:
                text = f"crate number {number} went to shelf {number * 7}"
                part = {"type": "input_text", "text": f"take a note: {text}"}
                item = {"type": "message", "role": "user", "content": [part]}
                await socket.send(json.dumps({"type": "conversation.item.create", "item": item}))
                await socket.send(json.dumps({"type": "response.create"}))
                while True:
                    event = json.loads(await socket.recv())
                    assert event["type"] != "error", event
                    if event["type"] == "vasi.notes.changed":
                        acknowledged.append(event["note"]["text"])
                        if len(acknowledged) == wanted:
                            kill.set()
                    if event["type"] == "response.done":
                        assert event["response"]["status"] == "completed"
                        break
                number += 1
    except ConnectionClosed:
        return acknowledged


async def test_acknowledged_notes_survive_power_cuts(tmp_path: Path) -> None:
    chance = random.Random(7)
    data, folder = tmp_path / "data", tmp_path / "documents"
    folder.mkdir()
    acknowledged: list[str] = []
    for round_ in range(ROUNDS):
        for part in range(6):
            lines = [f"Delivery {round_}.{part}.{n} holds {n * 3} sacks of barley." for n in range(400)]
            (folder / f"delivery-{round_}-{part}.txt").write_text("\n\n".join(lines))
        with serving(data, "--docs", str(folder), ready=False) as server:
            taken = asyncio.Event()
            wanted = chance.randint(1, 4)  # however slow the machine is, there are notes to lose
            notes = asyncio.create_task(take_notes_until_killed(server.ws, 1000 * round_, taken, wanted))
            async with asyncio.timeout(30):
                await taken.wait()
            await asyncio.sleep(chance.uniform(0.0, 0.4))  # the moment of the cut is the point of this test
            await asyncio.to_thread(server.kill)
            acknowledged += await notes
    assert len(acknowledged) >= NOTES_AT_LEAST, "the cuts came too soon to prove anything"
    store = SqliteStore(data / "vasi.db", TextAnalyser())
    await store.open()
    try:
        assert await store.check() == []
        kept = [note.text for note in await store.notes("local", limit=100_000)]
        assert [text for text in acknowledged if text not in kept] == []
        assert len(kept) == len(set(kept)), "no note was written twice"
        for document in await store.documents("local"):
            assert document.passages > 0, "a document is there with its passages or not at all"
    finally:
        await store.close()
