"""What is recorded of a conversation, and how it goes on in another session."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec import UNSET

from tests.gateway.sessions import ScriptedTool, passage, session
from vasi.engines.ports import ToolCall
from vasi.gateway.recorder import Recorder
from vasi.knowledge.index import TextAnalyser
from vasi.protocol import client_events as client
from vasi.protocol.items import (
    FunctionCall,
    FunctionCallOutput,
    InputImage,
    InputText,
    Message,
    OutputAudio,
    OutputText,
    Part,
    Phase,
)
from vasi.protocol.server_events import ItemDone
from vasi.storage.ports import Store
from vasi.storage.recorded import RecordedItem, spoken_text
from vasi.storage.sqlite import SqliteStore
from vasi.testing.engines import ScriptedStt, speech
from vasi.testing.llm import ScriptedLlm
from vasi.tools.ports import ToolContext, ToolResult

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = SqliteStore(tmp_path / "vasi.db", TextAnalyser())
    await opened.open()
    yield opened
    await opened.close()


def recorder(store: Store, earlier: list[RecordedItem] | None = None) -> Recorder:
    return Recorder(store, "alice", "conv_1", now=lambda: NOON, earlier=earlier)


async def kept(store: Store) -> list[RecordedItem]:
    return list(await store.conversation_items("alice", "conv_1"))


async def words(store: Store) -> list[tuple[str, str]]:
    return [
        (one.item.role if isinstance(one.item, Message) else one.item.__struct_config__.tag, spoken_text(one.item))  # type: ignore[misc]
        for one in await kept(store)
    ]


async def test_what_was_written_and_answered_is_kept(store: Store) -> None:
    async with session(ScriptedLlm("Forty five minutes."), recorder=recorder(store), activity=True) as table:
        await table.client.update(output_modalities=["text"])
        await table.client.say("How long is the lunch break?")
        told = table.client.of("vasi.conversation")
    assert [event["conversation_id"] for event in told] == ["conv_1"]
    assert await words(store) == [("user", "How long is the lunch break?"), ("assistant", "Forty five minutes.")]
    conversation = await store.conversation("alice", "conv_1")
    assert (conversation.title, conversation.turns) == ("How long is the lunch break?", 1)
    assert {one.created_at for one in await kept(store)} == {NOON}


async def test_what_was_spoken_is_kept_without_sound(store: Store, tmp_path: Path) -> None:
    stt = ScriptedStt(["Where is the key?"])
    async with session(ScriptedLlm("In the blue box."), stt=stt, recorder=recorder(store)) as table:
        await table.speak()
        await table.client.until("response.done")
    assert await words(store) == [("user", "Where is the key?"), ("assistant", "In the blue box.")]
    await store.close()
    assert base64.b64encode(speech(40))[:60] not in (tmp_path / "vasi.db").read_bytes()


async def test_of_a_truncated_answer_only_what_was_heard_is_kept(store: Store) -> None:
    answer = "One two three four five six seven eight nine ten."
    async with session(ScriptedLlm(answer), recorder=recorder(store)) as table:
        response = await table.client.say("Count.")
        item = response["output"][0]["id"]
        await table.client.send("conversation.item.truncate", item_id=item, content_index=0, audio_end_ms=500)
        await table.client.until("conversation.item.truncated")
        await table.client.send("conversation.item.retrieve", item_id=item)
        shown = await table.client.until("conversation.item.retrieved")
        assert len(table.client.of("conversation.item.retrieved")) == 1, "the recorder asks in silence"
    heard = shown["item"]["content"][0]["transcript"]
    assert heard
    assert heard != answer
    assert await words(store) == [("user", "Count."), ("assistant", heard)]


async def test_a_deleted_item_is_erased_and_an_inserted_one_stands_in_its_place(store: Store) -> None:
    async with session(ScriptedLlm("Yes."), recorder=recorder(store)) as table:
        await table.client.write("first")
        await table.client.write("second")
        for _ in range(2):
            first = (await table.client.until("conversation.item.done"))["item"]["id"]
        third = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "zeroth"}]}
        await table.client.send("conversation.item.create", item=third, previous_item_id="root")
        await table.client.until("conversation.item.done")
        await table.client.send("conversation.item.delete", item_id=first)
        await table.client.until("conversation.item.deleted")
    assert [text for _, text in await words(store)] == ["zeroth", "first"]


async def test_citations_are_kept_by_where_they_lead(store: Store) -> None:
    fact = "The assembly point is the flagpole beside the slipway."
    tool = ScriptedTool.ready(result=ToolResult('{"found": true}', (passage(7, fact),), found=True))
    llm = ScriptedLlm(ToolCall("c1", "search_knowledge", "{}"), fact)
    async with session(llm, [tool], recorder=recorder(store)) as table:
        await table.client.update(output_modalities=["text"])
        await table.client.say("Where is the assembly point?")
    question, answer = await kept(store)
    assert question.citations == ()
    (span,) = answer.citations
    assert spoken_text(answer.item)[span.start : span.end] == fact
    assert [(one.id, one.document, one.page) for one in span.passages] == [("p7", "handbook.md", 3)]
    assert [one for one, _ in await words(store)] == ["user", "assistant"], "the server's tools stay its own"


async def test_what_comes_nearest_is_kept_where_an_answer_rests_on_nothing(store: Store) -> None:
    near = passage(8, "The boat house is locked at ten.", page=4)
    tool = ScriptedTool.ready(result=ToolResult('{"found": false}', (near,), found=False))
    llm = ScriptedLlm(ToolCall("c1", "search_knowledge", "{}"), "I could not find that in your documents.")
    async with session(llm, [tool], recorder=recorder(store)) as table:
        await table.client.update(output_modalities=["text"])
        await table.client.say("Who is the lawyer of the club?")
    _, answer = await kept(store)
    (span,) = answer.citations
    assert span.nearest
    assert [(one.id, one.page, one.excerpt) for one in span.passages] == [("p8", 4, near.text)]
    assert await store.cited("alice", "p8") is not None, "it can be opened"


async def test_a_session_goes_on_where_another_ended(store: Store) -> None:
    tools = [{"type": "function", "name": "ring_bell", "parameters": {"type": "object"}}]
    stt = ScriptedStt(["Ring the bell."])
    first = ScriptedLlm(ToolCall("c1", "ring_bell", "{}"), "It rings.")
    async with session(first, stt=stt, recorder=recorder(store), seed="aa") as table:
        await table.client.update(tools=tools)
        await table.speak()
        call = (await table.client.until("response.done"))["response"]["output"][0]
        output = {"type": "function_call_output", "call_id": call["call_id"], "output": "ding"}
        await table.client.send("conversation.item.create", item=output)
        await table.client.send("response.create")
        await table.client.until("response.done")
    before = await kept(store)
    assert [type(one.item) for one in before] == [Message, FunctionCall, FunctionCallOutput, Message]
    second = ScriptedLlm("The bell.")
    async with session(second, recorder=recorder(store, before), seed="bb") as table:
        response = await table.client.say("What did I ask you to ring?")
        added = table.client.of("conversation.item.added")
    assert response["status"] == "completed"
    assert [event["item"]["id"] for event in added[:4]] == [one.item.id for one in before]
    assert added[4]["previous_item_id"] == before[-1].item.id
    asked = str(second.requests[0].messages)
    assert all(said in asked for said in ("Ring the bell.", "ring_bell", "ding", "It rings."))
    after = await kept(store)
    assert after[:4] == before, "what was recorded stays as it was"
    assert [spoken_text(one.item) for one in after[4:]] == ["What did I ask you to ring?", "The bell."]
    assert isinstance(after[3].item.content[0], OutputAudio)  # type: ignore[union-attr]


async def test_a_removed_conversation_does_not_come_back(store: Store) -> None:
    async with session(ScriptedLlm("One.", "Two."), recorder=recorder(store)) as table:
        await table.client.say("first")
        while not await store.conversations("alice"):
            await store.latest_change("alice")
        await store.remove_conversation("alice", "conv_1")
        await table.client.say("second")
    assert await store.conversations("alice") == []


async def test_a_session_in_which_nothing_was_said_leaves_nothing(store: Store) -> None:
    async with session(ScriptedLlm(), recorder=recorder(store)) as table:
        await table.client.update(instructions="Be kind.")
    assert await store.conversations("alice") == []


async def test_tools_are_told_where_they_are_called(store: Store) -> None:
    contexts: list[ToolContext] = []

    class Noting(ScriptedTool):
        async def run(self, context: ToolContext, arguments: str) -> ToolResult:
            contexts.append(context)
            return await super().run(context, arguments)

    tool = Noting.ready(name="take_note", read_only=False)
    async with session(
        ScriptedLlm(ToolCall("c1", "take_note", "{}"), "Noted."), [tool], recorder=recorder(store)
    ) as table:
        await table.client.say("Take a note: walnuts.")
        (user, *_) = table.client.of("conversation.item.done")
    (context,) = contexts
    assert context.turn is not None
    assert (context.turn.conversation_id, context.turn.item_id) == ("conv_1", user["item"]["id"])


async def test_large_pictures_are_not_kept(store: Store) -> None:
    small, large = (InputImage(image_url="data:image/png;base64," + "A" * length) for length in (40, 600_000))
    item = Message(id="item_1", role="user", content=[large, small, InputText(text="Look.")])
    record = recorder(store)
    assert record.start() == []
    record.watch(ItemDone(item=item, previous_item_id=None))
    await record.close()
    (look,) = await kept(store)
    assert look.item == Message(id="item_1", role="user", content=[small, InputText(text="Look.")])


async def test_a_preamble_is_kept_apart_from_the_answer(store: Store) -> None:
    def said(name: str, text: str, phase: Phase) -> ItemDone:
        parts: list[Part] = [OutputAudio(transcript=text)]
        return ItemDone(previous_item_id=None, item=Message(id=name, role="assistant", content=parts, phase=phase))

    writer = recorder(store)
    assert writer.start() == []
    writer.watch(said("item_2", "Let me look that up.", "commentary"))
    writer.watch(said("item_1", "It is in the blue box.", "final_answer"))
    await writer.close()
    answer, preamble = await kept(store)
    phases = [one.item.phase for one in (answer, preamble) if isinstance(one.item, Message)]
    assert phases == ["final_answer", "commentary"]
    (shown,) = await store.conversations("alice")
    assert shown.preview == "It is in the blue box."
    again = recorder(store, earlier=[answer, preamble])
    (told,) = again.start()
    await again.close()
    assert isinstance(told, client.ItemCreate)
    assert isinstance(told.item, Message)
    assert (told.item.phase, told.item.content) == (UNSET, [OutputText(text="It is in the blue box.")])
