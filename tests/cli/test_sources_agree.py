"""What the app shows as sources, what clients read in the metadata and what ``vasi ask --json`` prints is the same."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests import basic_engines
from vasi.app import Vasi
from vasi.cli import client
from vasi.cli.answer import as_json
from vasi.config import Settings

RULES = """# Rowing club

## Bringing guests

A guest brings:

- shoes with soft soles
- a towel from home
- a signed health form

## Boathouse

The boathouse closes at eight in winter. It closes at ten in summer.
"""
OTHER = "# Bakery\n\nThe bakery sells towels of linen and rye bread. Guests sit at the window.\n"


class RecordedLink:
    """A link that keeps what came over it."""

    def __init__(self, link: client.Link) -> None:
        self._link = link
        self.events: list[dict[str, Any]] = []

    async def send(self, frame: str) -> None:
        await self._link.send(frame)

    async def receive(self) -> str | None:
        frame = await self._link.receive()
        if frame is not None:
            self.events.append(json.loads(frame))
        return frame

    async def close(self) -> None:
        await self._link.close()


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ("What does a guest bring?", ["rowing.md"]),
        ("When does the boathouse close in winter?", ["rowing.md"]),
        ("Who painted the ceiling of the town hall?", []),
        ("How many documents do I have?", []),
    ],
)
async def test_they_name_the_same_documents(tmp_path: Path, question: str, documents: list[str]) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "rowing.md").write_text(RULES)
    (folder / "bakery.md").write_text(OTHER)
    settings = Settings(data=tmp_path / "data", audio_lead_ms=None, engines=basic_engines.ENGINES)
    async with Vasi.open(settings, engines=False) as vasi:
        await vasi.knowledge.add("local", [folder])
    async with Vasi.open(settings) as vasi:
        await vasi.ready()
        link = RecordedLink(vasi.connect("local"))
        answer = await client.ask(link, client.Question(text=question, spoken_answer=False), time.monotonic)
        await link.close()
    passages = {
        passage["id"]: passage["document"]
        for event in link.events
        if event["type"] == "vasi.passages"
        for passage in event["passages"]
    }
    shown = [passages[one] for event in link.events if event["type"] == "vasi.citation" for one in event["passages"]]
    (done,) = [event["response"] for event in link.events if event["type"] == "response.done"]
    sources = json.loads((done["metadata"] or {}).get("vasi.sources", "[]"))
    printed = as_json(answer, None)["citations"]
    assert set(shown) == {source["document"] for source in sources} == {one["document"] for one in printed}
    assert sorted(set(shown)) == documents
    cited = [event["text"] for event in link.events if event["type"] == "vasi.citation"]
    assert not any("That is from" in text or "could not find" in text for text in cited)
