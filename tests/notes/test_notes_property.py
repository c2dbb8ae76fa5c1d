"""Any sequence of things done to notes, by voice, against the plainest model of what is there."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

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
from vasi.errors import VasiError
from vasi.knowledge.index import Index, TextAnalyser
from vasi.notes import Notes
from vasi.storage.sqlite import SqliteStore
from vasi.tools.notes import note_tools
from vasi.tools.ports import ToolContext

TOPICS = ("dentist", "ladder", "boiler", "passport", "tulips")
THINGS = ("honey", "bread", "salt", "rice")


class NoteTalks(RuleBasedStateMachine):
    """``told`` is what should be there, oldest first; ``before`` what was there before the last change."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.loop = asyncio.new_event_loop()
        analyser = TextAnalyser()
        self.store = SqliteStore(self.folder / "vasi.db", analyser)
        self.loop.run_until_complete(self.store.open())
        self.notes = Notes(self.store, Index(self.store, analyser))
        self.tools = {tool.name: tool for tool in note_tools(self.notes)}
        self.messages: list[Message] = []
        self.now = datetime(2026, 3, 4, 12, tzinfo=UTC)
        self.told: dict[str, str] = {}
        self.items: list[str] | None = None
        self.before: tuple[dict[str, str], list[str] | None] | None = None
        self.number = 0

    def teardown(self) -> None:
        self.loop.run_until_complete(self.store.close())
        self.loop.close()
        shutil.rmtree(self.folder)

    def say(self, text: str) -> str:
        return self.loop.run_until_complete(self._say(text))

    async def _say(self, text: str) -> str:
        self.messages.append(UserMessage(text))
        specs = tuple(ToolSpec(name, "", {}) for name in self.tools)
        for _ in range(8):
            request = ChatRequest(tuple(self.messages), tools=specs, now=self.now)
            events = [event async for event in ExtractiveLlm().generate(request)]
            calls = [event for event in events if isinstance(event, ToolCallDelta)]
            if not calls:
                answer = "".join(event.text for event in events if isinstance(event, TextDelta))
                self.messages.append(AssistantMessage(answer))
                return answer
            call = ToolCall(calls[0].call_id, calls[0].name, calls[0].arguments)
            self.now += timedelta(seconds=1)
            try:
                output = (await self.tools[call.name].run(ToolContext("anna", self.now), call.arguments)).output
            except VasiError as error:
                output = json.dumps({"error": error.message})
            self.messages += [AssistantMessage("", (call,)), ToolMessage(call.call_id, output)]
        raise AssertionError("It goes on calling.")

    def changing(self) -> None:
        self.before = dict(self.told), None if self.items is None else list(self.items)

    @rule(topic=st.sampled_from(TOPICS))
    def take(self, topic: str) -> None:
        if topic not in self.told:
            self.changing()
            self.number += 1
            self.told[topic] = f"the {topic} has number {self.number}"
            assert self.say(f"Take a note: {self.told[topic]}").startswith("Noted")

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def change(self, data: Any) -> None:
        topic = data.draw(st.sampled_from(sorted(self.told)))
        self.changing()
        self.number += 1
        self.told[topic] = f"{topic}: it is {self.number} now"
        assert self.say(f"Change the {topic} note: it is {self.number} now").startswith("Changed")

    @precondition(lambda self: self.told)
    @rule(data=st.data(), there=st.booleans())
    def delete(self, data: Any, there: bool) -> None:
        topic = data.draw(st.sampled_from(sorted(self.told)))
        if there:
            assert self.told[topic] in self.say(f"What did I note about the {topic}?")
        self.changing()
        text = self.told.pop(topic)
        said = self.say("Delete that note." if there else f"Delete the note about the {topic}.")
        assert said == f"Deleted: {text}."

    @rule(thing=st.sampled_from(THINGS))
    def add(self, thing: str) -> None:
        if thing not in (self.items or []):
            self.changing()
            self.items = [*(self.items or []), thing]
            assert self.say(f"Add {thing} to the shopping list").startswith("Added")

    @precondition(lambda self: self.items)
    @rule(data=st.data())
    def take_off(self, data: Any) -> None:
        assert self.items is not None
        thing = data.draw(st.sampled_from(self.items))
        self.changing()
        self.items = [item for item in self.items if item != thing]
        assert self.say(f"Remove {thing} from the shopping list").startswith("Removed")

    @precondition(lambda self: len(self.told) > 1 and self.items is None)
    @rule(agreed=st.booleans())
    def delete_all(self, agreed: bool) -> None:
        assert self.say("Delete all my notes").endswith("Shall I?")
        if agreed:
            self.changing()
            self.told = {}
            assert self.say("yes").startswith("Deleted")
        else:
            self.say("no")

    @rule()
    def undo(self) -> None:
        said = self.say("Undo that.")
        if self.before is None:
            assert said == "There is nothing to take back."
        else:
            now = self.told, self.items
            (self.told, self.items), self.before = self.before, now
            assert said.startswith("Undone")

    @rule(text=st.sampled_from(("thanks", "How many notes do I have?", "What time is it?")))
    def talk(self, text: str) -> None:
        self.say(text)

    @invariant()
    def what_is_there_is_what_was_told(self) -> None:
        found = self.loop.run_until_complete(self.notes.list("anna"))
        shopping = None if self.items is None else "\n".join(["Shopping list:", *(f"- {item}" for item in self.items)])
        expected = sorted([*self.told.values(), *([] if shopping is None else [shopping])])
        assert sorted(note.text for note in found) == expected


TestNoteTalks = NoteTalks.TestCase
TestNoteTalks.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)
