"""``search_knowledge``: what the model gets, and what the session learns."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vasi.knowledge import Knowledge
from vasi.knowledge.index import Index, TextAnalyser
from vasi.notes import Notes
from vasi.storage.ports import NewDocument, NewPassage, Store
from vasi.storage.sqlite import SqliteStore
from vasi.testing.settings import reading_limits
from vasi.tools.ports import ToolContext
from vasi.tools.search import search_tool

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
CONTEXT = ToolContext("anna", NOON)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = SqliteStore(tmp_path / "vasi.db", TextAnalyser())
    await opened.open()
    yield opened
    await opened.close()


async def test_notes_are_told_from_documents_by_their_kind(store: Store) -> None:
    index = Index(store, TextAnalyser())
    passage = NewPassage("The locker code of the crew is 4471.", "Lockers", 2, 40, 76)
    document = await store.put_document("anna", NewDocument("/Notes", "Notes", "d", "text/plain", 1), [passage])
    note = await Notes(store, index).add("anna", "My own locker code is 9002.", NOON)
    search = search_tool(Knowledge(store, index, limits=reading_limits()))
    result = await search.run(CONTEXT, '{"query": "What is the locker code?"}')
    by_kind = {one.kind: one for one in result.passages}
    assert (by_kind["document"].document, by_kind["document"].source_id) == ("Notes", document.id)
    assert (by_kind["document"].start, by_kind["document"].end) == (40, 76)
    assert (by_kind["note"].document, by_kind["note"].source_id) == ("Notes", note.id)
    told = {one["kind"]: one for one in json.loads(result.output)["passages"]}
    assert told["note"]["text"] == "My own locker code is 9002."
    assert set(told["note"]) == {"id", "kind", "document", "page", "heading", "text", "score", "note_id"}
