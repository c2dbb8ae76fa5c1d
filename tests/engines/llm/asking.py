"""Documents of our own invention, read and searched as in the product, and questions about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vasi.engines.llm.extractive import ExtractiveLlm
from vasi.engines.ports import (
    AssistantMessage,
    ChatRequest,
    Message,
    TextDelta,
    ToolCall,
    ToolCallDelta,
    ToolMessage,
    ToolSpec,
    UserMessage,
)
from vasi.knowledge import Knowledge
from vasi.knowledge.index import Index, TextAnalyser
from vasi.storage.sqlite import SqliteStore
from vasi.testing.settings import reading_limits
from vasi.tools.library import library_tools
from vasi.tools.ports import Tool, ToolContext
from vasi.tools.search import search_tool

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


class Library:
    """Files that are read into a store, and one conversation about them with the built-in answerer."""

    def __init__(self, folder: Path, now: datetime = NOW) -> None:
        self._folder = folder
        self._now = now
        self._store = SqliteStore(folder / "vasi.db", TextAnalyser())
        self.knowledge = Knowledge(self._store, Index(self._store, TextAnalyser()), limits=reading_limits())
        self.messages: list[Message] = []
        self.outputs: list[str] = []
        self.tools: Mapping[str, Tool] = {}

    async def open(self, files: Mapping[str, str]) -> None:
        await self._store.open()
        documents = self._folder / "documents"
        documents.mkdir()
        for name, text in files.items():
            (documents / name).write_text(text, encoding="utf-8")
        await self.knowledge.add("anna", [documents])
        self.tools = {tool.name: tool for tool in self._tools()}

    def _tools(self) -> Sequence[Tool]:
        return [search_tool(self.knowledge), *library_tools(self.knowledge)]

    async def close(self) -> None:
        await self.knowledge.close()
        await self._store.close()

    async def ask(self, question: str) -> str:
        """The answer in a conversation of its own."""
        self.messages = []
        return await self.go_on(question)

    async def go_on(self, utterance: str) -> str:
        """The answer in the conversation so far."""
        self.messages.append(UserMessage(utterance))
        while True:
            text, call = await self._generate()
            if call is None:
                self.messages.append(AssistantMessage(text))
                return text
            result = await self.tools[call.name].run(ToolContext("anna", self._now), call.arguments)
            self.outputs.append(result.output)
            self.messages += [AssistantMessage("", (call,)), ToolMessage(call.call_id, result.output)]

    async def _generate(self) -> tuple[str, ToolCall | None]:
        specs = tuple(ToolSpec(tool.name, tool.description, dict(tool.parameters)) for tool in self.tools.values())
        request = ChatRequest(tuple(self.messages), tools=specs, now=self._now)
        events: list[Any] = [event async for event in ExtractiveLlm().generate(request)]
        text = "".join(event.text for event in events if isinstance(event, TextDelta))
        calls = [event for event in events if isinstance(event, ToolCallDelta)]
        if not calls:
            return text, None
        arguments = "".join(event.arguments for event in calls)
        return text, ToolCall(str(calls[0].call_id), str(calls[0].name), arguments)
