"""The official Python client in its three guises (OpenAI, Azure, beta) and a scripted model: what a turn may hold."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from openai import AsyncAzureOpenAI, AsyncOpenAI

from tests.shared_data import SPEECH
from tests.wire.golden import BELL, BETA, LAMP
from tests.wire.scripted import DEMO, KEY, LONG, Scripted, recording, scripted, spoken_in
from vasi.engines.ports import AssistantMessage, ToolCall, ToolMessage
from vasi.media import pcm, wav
from vasi.testing.llm import Pause, Reply, ScriptedLlm

PATIENCE_S = 20
VARIANTS = ("OpenAI", "Azure", "beta")


class Talk:
    """The client, everything that came, and the server that it talks to."""

    def __init__(self, connection: Any, there: Scripted, *, beta: bool) -> None:
        self._connection = connection
        self._beta = beta
        self.there = there
        self.events: list[dict[str, Any]] = []

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Events by their GA name."""
        name = (BETA.get(kind, kind) or kind) if self._beta else kind
        return [event for event in self.events if event["type"] == name]

    async def until(self, kind: str, count: int = 1) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_S):
            while len(self.of(kind)) < count:
                self.events.append((await self._connection.recv()).to_dict())
        return self.of(kind)[count - 1]

    async def answer(self, count: int = 1) -> dict[str, Any]:
        return (await self.until("response.done", count))["response"]

    async def offer(self, *tools: dict[str, Any]) -> None:
        await self._connection.session.update(
            session={"tools": [*tools], **({} if self._beta else {"type": "realtime"})}
        )
        await self.until("session.updated")

    async def say(self, text: str) -> None:
        item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
        await self._connection.conversation.item.create(item=item)
        await self._connection.response.create()

    async def speak(self, audio: bytes) -> None:
        for at in range(0, len(audio), 4800):
            await self._connection.input_audio_buffer.append(audio=base64.b64encode(audio[at : at + 4800]).decode())

    async def output(self, call_id: str, output: str) -> None:
        item = {"type": "function_call_output", "call_id": call_id, "output": output}
        await self._connection.conversation.item.create(item=item)

    async def ask(self) -> None:
        await self._connection.response.create()

    async def truncate(self, item_id: str, played_ms: int) -> None:
        await self._connection.conversation.item.truncate(item_id=item_id, content_index=0, audio_end_ms=played_ms)
        await self.until("conversation.item.truncated")

    async def transcript(self, item_id: str) -> str:
        """What the server keeps of a spoken item."""
        count = len(self.of("conversation.item.retrieved"))
        await self._connection.conversation.item.retrieve(item_id=item_id)
        return (await self.until("conversation.item.retrieved", count + 1))["item"]["content"][0]["transcript"]

    def heard_ms(self) -> float:
        return sum(len(base64.b64decode(event["delta"])) for event in self.of("response.output_audio.delta")) / 48


@asynccontextmanager
async def talking(variant: str, llm: ScriptedLlm, heard: Iterable[str] = ()) -> AsyncIterator[Talk]:
    async with scripted(llm, heard=heard) as there:
        base = there.server.ws.removesuffix("/v1/realtime")
        client: AsyncOpenAI
        if variant == "Azure":
            client = AsyncAzureOpenAI(
                api_key=KEY, api_version="v1", azure_endpoint=there.server.http, websocket_base_url=f"{base}/openai/v1"
            )
        else:
            client = AsyncOpenAI(api_key=KEY, base_url=f"{there.server.http}/v1", websocket_base_url=f"{base}/v1")
        beta = variant == "beta"
        realtime: Any = client.beta.realtime if beta else client.realtime
        async with client, realtime.connect(model="any") as connection:
            talk = Talk(connection, there, beta=beta)
            await talk.until("session.created")
            yield talk
        assert talk.of("error") == []


def said(response: dict[str, Any]) -> list[str]:
    return [item["content"][0]["transcript"] for item in response["output"] if item["type"] == "message"]


def outputs(llm: ScriptedLlm) -> list[str]:
    return sorted(message.output for message in llm.requests[-1].messages if isinstance(message, ToolMessage))


every_variant = pytest.mark.parametrize("variant", VARIANTS)


@every_variant
async def test_a_typed_and_a_spoken_turn_and_what_is_kept_of_them(variant: str) -> None:
    heard = DEMO["question"]
    async with talking(variant, ScriptedLlm("Good morning.", "Thirty minutes."), [heard]) as talk:
        await talk.say("hello")
        assert said(await talk.answer()) == ["Good morning."]
        await talk.speak(recording())
        answer = await talk.answer(2)
        assert said(answer) == ["Thirty minutes."]
        question = talk.of("input_audio_buffer.committed")[0]["item_id"]
        kept = [await talk.transcript(item_id) for item_id in (question, answer["output"][0]["id"])]
        assert kept == [heard, "Thirty minutes."]


@every_variant
async def test_the_servers_own_tool_is_used_inside_one_answer(variant: str) -> None:
    async with talking(variant, ScriptedLlm(ToolCall("c1", "lake_depth", "{}"), "83 metres.")) as talk:
        await talk.say("how deep is the lake")
        response = await talk.answer()
        assert ([item["type"] for item in response["output"]], said(response)) == (["message"], ["83 metres."])
        assert len(talk.of("response.created")) == 1


@every_variant
async def test_parallel_calls_go_round_together(variant: str) -> None:
    both = Reply(ToolCall("c1", "ring_bell", '{"times": 2}'), ToolCall("c2", "light_lamp", "{}"))
    llm = ScriptedLlm(both, "Both are done.")
    async with talking(variant, llm) as talk:
        await talk.offer(BELL, LAMP)
        await talk.say("ring the bell and light the lamp")
        calls = [(item["name"], item["call_id"], item["status"]) for item in (await talk.answer())["output"]]
        assert calls == [("ring_bell", "c1", "completed"), ("light_lamp", "c2", "completed")]
        for name, call_id, _ in calls:
            await talk.output(call_id, f"{name} done")
        await talk.ask()
        assert said(await talk.answer(2)) == ["Both are done."]
        assert outputs(llm) == ["light_lamp done", "ring_bell done"]


@every_variant
@pytest.mark.parametrize("together", [True, False], ids=["in one round", "one after the other"])
async def test_tools_of_both_sides_in_one_turn(variant: str, together: bool) -> None:
    ours, theirs = ToolCall("c1", "lake_depth", "{}"), ToolCall("c2", "ring_bell", "{}")
    llm = ScriptedLlm(*([Reply(ours, theirs)] if together else [ours, theirs]), "83 metres, and it rang.")
    async with talking(variant, llm) as talk:
        await talk.offer(BELL)
        await talk.say("how deep is the lake, and ring the bell")
        assert [item["name"] for item in (await talk.answer())["output"]] == ["ring_bell"]
        await talk.output("c2", "rang")
        await talk.ask()
        assert said(await talk.answer(2)) == ["83 metres, and it rang."]
        assert outputs(llm) == ["rang", '{"metres": 83}']
        assert len(talk.of("response.created")) == 2


@every_variant
async def test_speaking_into_the_answer_cuts_it_where_the_client_says(variant: str) -> None:
    played_ms = 700
    llm = ScriptedLlm(Reply(LONG, Pause(asyncio.Event())), "Alright.")
    async with talking(variant, llm, ["stop please"]) as talk:
        await talk.say("tell me about the lake")
        while talk.heard_ms() < played_ms:
            await talk.until("response.output_audio.delta", len(talk.of("response.output_audio.delta")) + 1)
        item_id = talk.of("response.output_audio.delta")[0]["item_id"]
        sound = recording()
        await talk.speak(sound[: 48 * 1000])
        await talk.until("input_audio_buffer.speech_started")
        await talk.truncate(item_id, played_ms)
        await talk.speak(sound[48 * 1000 :])
        first = await talk.answer()
        assert (first["status"], first["status_details"]["reason"]) == ("cancelled", "turn_detected")
        assert said(await talk.answer(2)) == ["Alright."]
        assert await talk.transcript(item_id) == spoken_in(played_ms)
        believed = [message.text for message in llm.requests[1].messages if isinstance(message, AssistantMessage)]
        assert believed == [spoken_in(played_ms)], "the model believes what the client played"


@pytest.mark.parametrize("clip", [f"harvard_spk1_snt{number}.wav" for number in (1, 2, 3)])
async def test_a_sentence_of_a_person_is_one_turn(clip: str) -> None:
    path = SPEECH / clip
    if not path.exists():
        pytest.skip(f"there is no {clip} beside the repository")
    sound = pcm.encode(wav.read(path.read_bytes(), 24_000)) + bytes(48 * 1500)
    async with talking("OpenAI", ScriptedLlm("Well said."), ["the sentence"]) as talk:
        await talk.speak(sound)
        assert said(await talk.answer()) == ["Well said."]
        assert len(talk.of("input_audio_buffer.committed")) == 1
