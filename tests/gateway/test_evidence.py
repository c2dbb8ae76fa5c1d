"""What a model is given as evidence, and what its answer is cited by: the real search, a scripted model."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.gateway.sessions import session
from vasi.engines.ports import ChatRequest, ToolCall, ToolMessage
from vasi.knowledge import Knowledge
from vasi.knowledge.index import Index, TextAnalyser
from vasi.storage.sqlite import SqliteStore
from vasi.testing.llm import Reply, ScriptedLlm
from vasi.testing.settings import reading_limits
from vasi.tools.search import search_tool

TEXT = {"output_modalities": ["text"]}
DUTIES = [f"Duty {number}: look at gauge {number} and write its pressure into the book." for number in range(1, 16)]
WATCH = "# Watch\n\n## Night\n\nThe duties of the night watch:\n\n" + "\n".join(f"- {duty}" for duty in DUTIES)
KITCHEN = "# Kitchen\n\n## Soup\n\nThe soup of the night watch is kept warm until four.\n"
BUDGET = 12_000
"""Characters of one search that a model has to read."""


@pytest.fixture
async def knowledge(tmp_path: Path) -> AsyncIterator[Knowledge]:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "watch.md").write_text(WATCH)
    (folder / "kitchen.md").write_text(KITCHEN)
    store = SqliteStore(tmp_path / "vasi.db", TextAnalyser())
    await store.open()
    made = Knowledge(store, Index(store, TextAnalyser()), limits=reading_limits())
    await made.add("alice", [folder])
    yield made
    await made.close()
    await store.close()


async def test_a_model_gets_the_whole_list_and_is_cited_by_what_it_repeats(knowledge: Knowledge) -> None:
    seen: list[dict[str, object]] = []

    def evidence(request: ChatRequest) -> bool:
        outputs = [message.output for message in request.messages if isinstance(message, ToolMessage)]
        seen.append(json.loads(outputs[-1]))
        return len(outputs[-1]) < BUDGET

    search = Reply(ToolCall("c1", "search_knowledge", '{"query": "What are the duties of the night watch?"}'))
    told = "Finally, duty 15 is to look at gauge 15 and to write its pressure into the book. Anything else?"
    llm = ScriptedLlm(search, Reply(told, expect=evidence))
    async with session(llm, [search_tool(knowledge)], activity=True) as table:
        response = await table.client.say("What are the duties of the night watch?", **TEXT)
        cited = table.client.of("vasi.citation")
    passages = seen[0]["passages"]
    assert isinstance(passages, list)
    text = "\n".join(passage["text"] for passage in passages)
    assert all(duty in text for duty in DUTIES)
    assert all(passage["document"] and "heading" in passage and "page" in passage for passage in passages)
    assert any(passage.get("follows") for passage in passages)
    assert [citation["text"] for citation in cited] == [told.removesuffix(" Anything else?")]
    assert json.loads(response["metadata"]["vasi.sources"]) == [{"document": "watch.md"}]
