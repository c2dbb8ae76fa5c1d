"""The official ``openai`` client for Node (``OpenAIRealtimeWS``) against a running server, over TLS: it insists."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.wire.certificates import Authority, make_authority
from tests.wire.node_client import NodeClient, node_client, pieces
from tests.wire.scripted import DEMO, KEY, LONG, Scripted, recording, scripted, spoken_in
from vasi.engines.ports import AssistantMessage, ToolCall, ToolMessage
from vasi.testing.llm import Pause, Reply, ScriptedLlm

BELL = {"type": "function", "name": "ring_bell", "parameters": {"type": "object", "properties": {}}}
LAMP = {**BELL, "name": "light_lamp"}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"))


class Talk:
    """The client and the server that it talks to."""

    def __init__(self, client: NodeClient, there: Scripted) -> None:
        self.client = client
        self.there = there

    async def send(self, kind: str, **fields: Any) -> None:
        await self.client.command(send={"type": kind, **fields})

    async def update(self, **session: Any) -> dict[str, Any]:
        await self.send("session.update", session={"type": "realtime", **session})
        return (await self.client.until_event("session.updated"))["session"]

    async def say(self, text: str) -> None:
        part = {"type": "input_text", "text": text}
        await self.send("conversation.item.create", item={"type": "message", "role": "user", "content": [part]})
        await self.send("response.create")

    async def speak(self, audio: bytes) -> None:
        for piece in pieces(audio):
            await self.send("input_audio_buffer.append", audio=piece)

    async def answer(self, count: int = 1) -> dict[str, Any]:
        """The ``count``-th response when it's done."""
        return (await self.client.until_event("response.done", count))["response"]

    async def output(self, call_id: str, output: str) -> None:
        item = {"type": "function_call_output", "call_id": call_id, "output": output}
        await self.send("conversation.item.create", item=item)

    async def retrieved(self, item_id: str) -> dict[str, Any]:
        count = len(self.client.of("conversation.item.retrieved"))
        await self.send("conversation.item.retrieve", item_id=item_id)
        return (await self.client.until_event("conversation.item.retrieved", count + 1))["item"]


@asynccontextmanager
async def talking(
    authority: Authority, llm: ScriptedLlm, heard: Iterable[str] = (), *, azure: bool = False
) -> AsyncIterator[Talk]:
    async with (
        scripted(llm, heard=heard, certificate=authority.server) as there,
        node_client("openai.mjs", authority.certificate, **_address(there.server.http, azure=azure)) as client,
    ):
        await client.until_event("session.created")
        yield Talk(client, there)
    assert client.told("closed") == [1000], "nobody hung up but the client"


def _address(http: str, *, azure: bool) -> dict[str, str]:
    return {"apiKey": KEY} | ({"endpoint": http} if azure else {"baseURL": f"{http}/v1"})


def called(response: dict[str, Any]) -> list[str]:
    return [item["name"] for item in response["output"] if item["type"] == "function_call"]


@pytest.mark.parametrize("azure", [False, True], ids=["OpenAI", "Azure"])
async def test_a_typed_turn_is_answered_in_text(authority: Authority, azure: bool) -> None:
    async with talking(authority, ScriptedLlm("Good morning to you."), azure=azure) as talk:
        created = talk.client.of("session.created")[0]
        assert created["session"]["model"] == ("speech" if azure else "gpt-realtime")
        assert (await talk.update(output_modalities=["text"]))["output_modalities"] == ["text"]
        await talk.say("hello")
        response = await talk.answer()
        assert response["output"][0]["content"] == [{"type": "output_text", "text": "Good morning to you."}]
        deltas = talk.client.of("response.output_text.delta")
        assert "".join(event["delta"] for event in deltas) == "Good morning to you."
        assert response["usage"]["total_tokens"] > 0


async def test_a_spoken_turn_is_heard_and_answered_aloud(authority: Authority) -> None:
    async with talking(authority, ScriptedLlm("Thirty minutes."), heard=[DEMO["question"]]) as talk:
        await talk.update(audio={"input": {"transcription": {"model": "whisper-1"}}})
        await talk.speak(recording())
        response = await talk.answer()
        completed = await talk.client.until_event("conversation.item.input_audio_transcription.completed")
        assert completed["transcript"] == DEMO["question"]
        assert response["output"][0]["content"][0]["transcript"] == "Thirty minutes."
        assert talk.client.heard_ms() == len("Thirty minutes. ") * 50
        user, assistant = completed["item_id"], response["output"][0]["id"]
        history = [(await talk.retrieved(item))["content"][0]["transcript"] for item in (user, assistant)]
        assert history == [DEMO["question"], "Thirty minutes."]


async def test_the_servers_own_tool_is_used_inside_one_answer(authority: Authority) -> None:
    llm = ScriptedLlm(ToolCall("c1", "lake_depth", "{}"), "It is 83 metres deep.")
    async with talking(authority, llm) as talk:
        await talk.say("how deep is the lake")
        response = await talk.answer()
        assert [item["type"] for item in response["output"]] == ["message"]
        await talk.say('reply exactly: "Done."')
        await talk.answer(2)
        assert len(talk.client.of("response.created")) == 2, "one for each question"


async def test_functions_of_the_client_go_round_together(authority: Authority) -> None:
    both = Reply(ToolCall("c1", "ring_bell", '{"times": 2}'), ToolCall("c2", "light_lamp", "{}"))
    llm = ScriptedLlm(both, "Both are done.")
    async with talking(authority, llm) as talk:
        await talk.update(tools=[BELL, LAMP])
        await talk.say("ring the bell and light the lamp")
        response = await talk.answer()
        assert called(response) == ["ring_bell", "light_lamp"]
        ends = talk.client.of("response.function_call_arguments.done")
        assert [(end["name"], end["arguments"]) for end in ends] == [
            ("ring_bell", '{"times": 2}'),
            ("light_lamp", "{}"),
        ]
        for item in response["output"]:
            await talk.output(item["call_id"], f"{item['name']} done")
        await talk.send("response.create")
        assert (await talk.answer(2))["output"][0]["content"][0]["transcript"] == "Both are done."
        outputs = [m.output for m in llm.requests[-1].messages if isinstance(m, ToolMessage)]
        assert outputs == ["ring_bell done", "light_lamp done"]


@pytest.mark.parametrize("together", [True, False], ids=["in one round", "one after the other"])
async def test_tools_of_both_sides_in_one_turn(authority: Authority, together: bool) -> None:
    ours, theirs = ToolCall("c1", "lake_depth", "{}"), ToolCall("c2", "ring_bell", "{}")
    calls = [Reply(ours, theirs)] if together else [Reply(ours), Reply(theirs)]
    llm = ScriptedLlm(*calls, "83 metres, and it rang.")
    async with talking(authority, llm) as talk:
        await talk.update(tools=[BELL])
        await talk.say("how deep is the lake, and ring the bell")
        assert called(await talk.answer()) == ["ring_bell"], "only the client's own call shows"
        await talk.output("c2", "rang")
        await talk.send("response.create")
        assert (await talk.answer(2))["output"][0]["content"][0]["transcript"] == "83 metres, and it rang."
        outputs = [m.output for m in llm.requests[-1].messages if isinstance(m, ToolMessage)]
        assert sorted(outputs) == ["rang", '{"metres": 83}']


async def test_speaking_into_the_answer_cuts_it_where_the_client_says(authority: Authority) -> None:
    played_ms = 700
    llm = ScriptedLlm(Reply(LONG, Pause(asyncio.Event())), "Alright.")
    async with talking(authority, llm, heard=["stop please"]) as talk:
        await talk.say("tell me about the lake")
        await talk.client.until(lambda: talk.client.heard_ms() >= played_ms)
        item_id = talk.client.of("response.output_audio.delta")[0]["item_id"]
        speech = recording()
        await talk.speak(speech[: 48 * 1000])
        await talk.client.until_event("input_audio_buffer.speech_started")
        await talk.send("conversation.item.truncate", item_id=item_id, content_index=0, audio_end_ms=played_ms)
        await talk.client.until_event("conversation.item.truncated")
        await talk.speak(speech[48 * 1000 :])
        first = await talk.answer()
        assert (first["status"], first["status_details"]["reason"]) == ("cancelled", "turn_detected")
        await talk.answer(2)
        item = await talk.retrieved(item_id)
        assert item["content"][0]["transcript"] == spoken_in(played_ms)
        believed = [m.text for m in llm.requests[1].messages if isinstance(m, AssistantMessage)]
        assert believed == [spoken_in(played_ms)], "the model believes what the client played"
