"""A bot of pipecat, whose service for OpenAI's realtime API has only been told another address."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.wire.foreign import environment_of, foreign_client
from tests.wire.program import ClientProgram
from tests.wire.scripted import DEMO, KEY, LONG, recording, scripted, spoken_in
from vasi.engines.ports import AssistantMessage, ToolCall, ToolMessage, UserMessage
from vasi.testing.llm import Pause, Reply, ScriptedLlm
from vasi.testing.server import RunningServer

BEFORE = [{"role": "user", "text": "My name is Anna."}, {"role": "assistant", "text": "Good day, Anna."}]


@pytest.fixture(autouse=True)
def installed() -> None:
    environment_of("pipecat")


@asynccontextmanager
async def talking(server: RunningServer, **config: Any) -> AsyncIterator[ClientProgram]:
    async with foreign_client("pipecat", url=server.ws, key=KEY, **config) as client:
        yield client


async def speak(client: ClientProgram, audio: bytes) -> None:
    await client.command(speak=base64.b64encode(audio).decode())


def history(client: ClientProgram) -> list[tuple[str, str]]:
    """The bot's own context: who, and what."""
    lines: list[tuple[str, str]] = []
    for item in client.told("messages")[-1] if client.told("messages") else []:
        match item:
            case {"tool_calls": calls}:
                lines += [(call["function"]["name"], call["function"]["arguments"]) for call in calls]
            case {"role": who, "content": text}:
                lines.append((who, text))
    return lines


async def test_a_conversation() -> None:
    heard = DEMO["question"]
    llm = ScriptedLlm(
        "Welcome back.",
        *(ToolCall("c1", "lake_depth", "{}"), ToolCall("c2", "ring_bell", '{"times": 2}'), "83 metres, and it rang."),
        "Thirty.",
        *(Reply(LONG, Pause(asyncio.Event())), "Alright."),
    )
    async with (
        scripted(llm, heard=[heard, "stop please"]) as there,
        talking(there.server, before=BEFORE) as client,
    ):
        await client.command(reply=True)
        await client.until(lambda: ("assistant", "Welcome back.") in history(client))
        await client.command(say="how deep is the lake, and ring the bell")
        await client.until(lambda: ("assistant", "83 metres, and it rang.") in history(client))
        await speak(client, recording())
        await client.until(lambda: ("assistant", "Thirty.") in history(client))
        assert client.told("tool") == [{"name": "ring_bell", "times": 2}], "that of the server isn't the bot's"
        answers = ["Welcome back.", "83 metres, and it rang.", "Thirty."]
        heard_bytes = sum(len(f"{answer} ") * 50 * 48 for answer in answers)
        await client.until(lambda: sum(client.told("heard")) == heard_bytes)

        await client.command(say="tell me about the lake")
        await client.until(lambda: sum(client.told("heard")) > heard_bytes)
        await asyncio.sleep(0.7)
        voice = recording()
        cuts = len(there.recorder.of("conversation.item.truncated"))
        await speak(client, voice[: 48 * 1000])
        await client.until(lambda: len(there.recorder.of("conversation.item.truncated")) > cuts)
        await speak(client, voice[48 * 1000 :])
        await client.until(lambda: ("assistant", "Alright.") in history(client))
        assert client.told("interrupted")
        [cancelled] = [
            e["response"] for e in there.recorder.of("response.done") if e["response"]["status"] == "cancelled"
        ]
        truncated = there.recorder.of("conversation.item.truncated")[-1]
        assert truncated["item_id"] == cancelled["output"][0]["id"]

    lines = history(client)
    assert [line for line in lines if line[0] != "assistant" or line[1] in answers or line[1] == "Alright."] == [
        ("user", "My name is Anna."),
        ("assistant", "Welcome back."),
        ("user", "how deep is the lake, and ring the bell"),
        ("ring_bell", '{"times": 2}'),
        ("tool", '"rang"'),
        ("assistant", "83 metres, and it rang."),
        ("user", heard),
        ("assistant", "Thirty."),
        ("user", "tell me about the lake"),
        ("user", "stop please"),
        ("assistant", "Alright."),
    ]
    first, last = llm.requests[0].messages, llm.requests[-1].messages
    assert "Be brief." in first[0].text  # type: ignore[union-attr]
    [told] = [m.text for m in first if isinstance(m, UserMessage)]
    assert all(item["text"] in told for item in BEFORE), "pipecat tells it in one message"
    assert sorted(m.output for m in last if isinstance(m, ToolMessage)) == ['"rang"', '{"metres": 83}']
    believed = [m.text for m in last if isinstance(m, AssistantMessage)][-1]
    assert believed == spoken_in(truncated["audio_end_ms"]), "the model believes what the client played"
