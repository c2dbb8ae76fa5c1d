"""Talks about notes: the built-in answerer, the real tools and the gateway, over a store of their own."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from tests.gateway.sessions import Table, session
from vasi.engines.llm.extractive import ExtractiveLlm
from vasi.knowledge import Knowledge
from vasi.knowledge.index import Index, TextAnalyser
from vasi.notes import Notes
from vasi.storage.ports import NewDocument, NewPassage
from vasi.storage.sqlite import SqliteStore
from vasi.testing.settings import reading_limits
from vasi.tools.notes import note_tools
from vasi.tools.search import search_tool

OWNER = "alice"


@dataclass
class NoteTalk:
    """A session in which notes are spoken of."""

    table: Table
    notes: Notes

    async def say(self, text: str) -> str:
        """What is answered."""
        response = await self.table.client.say(text, output_modalities=["text"])
        assert response["status"] == "completed", response
        (item,) = [item for item in response["output"] if item["type"] == "message"]
        return "".join(part["text"] for part in item["content"])

    async def texts(self) -> list[str]:
        """What the notes say, oldest first."""
        return [note.text for note in reversed(await self.notes.list(OWNER))]


@contextlib.asynccontextmanager
async def note_talk(folder: Path, *passages: str) -> AsyncIterator[NoteTalk]:
    """A talk; ``passages`` are those of one document, "handbook.md"."""
    analyser = TextAnalyser()
    store = SqliteStore(folder / "vasi.db", analyser)
    await store.open()
    index = Index(store, analyser)
    knowledge = Knowledge(store, index, limits=reading_limits())
    if passages:
        document = NewDocument("/handbook.md", "handbook.md", "d", "text/markdown", 1)
        await store.put_document(OWNER, document, [NewPassage(text) for text in passages])
    notes = Notes(store, index)
    try:
        async with session(
            ExtractiveLlm(), [search_tool(knowledge), *note_tools(notes)], owner=OWNER, activity=True, consent=False
        ) as table:
            yield NoteTalk(table, notes)
    finally:
        await store.close()
