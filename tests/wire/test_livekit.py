"""An agent of LiveKit's framework, whose realtime plugin of OpenAI has only been told another address."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.fakes.realtime_service import Call, Event, Output, Say, realtime_service, text_of
from tests.wire.foreign import environment_of, foreign_client
from tests.wire.program import ClientProgram
from tests.wire.relayed import relay
from tests.wire.scripted import DEMO, KEY, LONG, recording, scripted, spoken_in
from vasi.engines.ports import AssistantMessage, ToolCall, ToolMessage, UserMessage
from vasi.testing.engines import silence, speech
from vasi.testing.llm import Pause, Reply, ScriptedLlm
from vasi.testing.server import RunningServer

BEFORE = [{"role": "user", "text": "My name is Anna."}, {"role": "assistant", "text": "Good day, Anna."}]
ANSWER = "It is 83 metres deep, and it rang."


def both(items: list[Event]) -> list[Output]:
    """Needs a tool of the server and then a function of the agent to answer what is typed; hears what is spoken."""
    last = items[-1]
    if last["type"] != "function_call_output":
        return [Say("I hear you.")] if text_of(last) != "the lake?" else [Call("lake_depth")]
    return [Call("ring_bell", '{"times": 2}')] if "metres" in last["output"] else [Say(ANSWER)]


@pytest.fixture(autouse=True)
def installed() -> None:
    environment_of("livekit")


@asynccontextmanager
async def talking(server: RunningServer, **config: Any) -> AsyncIterator[ClientProgram]:
    async with foreign_client("livekit", url=f"{server.http}/v1", key=KEY, **config) as client:
        await client.until(lambda: client.told("started"))
        yield client


async def speak(client: ClientProgram, audio: bytes) -> None:
    await client.command(speak=base64.b64encode(audio).decode())


def history(client: ClientProgram) -> list[tuple[str, str]]:
    """LiveKit's own history: who, and what."""
    lines: list[tuple[str, str]] = []
    for item in client.told("history")[-1] if client.told("history") else []:
        match item:
            case {"role": who, "text": text}:
                lines.append((who, text))
            case {"call": name, "arguments": arguments}:
                lines.append((name, arguments))
            case {"output": output}:
                lines.append(("output", output))
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
        # It cancels what has been cancelled, twice, and takes this error for what it is.
        scripted(llm, heard=[heard, "stop please"], refused={"response_cancel_not_active"}) as there,
        talking(there.server, before=BEFORE) as client,
    ):
        await client.command(reply=True)
        await client.until(lambda: ("assistant", "Welcome back.") in history(client))
        await client.command(say="how deep is the lake, and ring the bell")
        await client.until(lambda: ("assistant", "83 metres, and it rang.") in history(client))
        await speak(client, recording())
        await client.until(lambda: ("assistant", "Thirty.") in history(client))
        assert history(client) == [
            ("assistant", "Welcome back."),
            ("user", "how deep is the lake, and ring the bell"),
            ("ring_bell", '{"times": 2}'),
            ("output", "rang"),
            ("assistant", "83 metres, and it rang."),
            ("user", heard),
            ("assistant", "Thirty."),
        ]
        assert client.told("tool") == [{"name": "ring_bell", "times": 2}], "that of the server isn't the agent's"
        assert client.told("played")[0] >= len("Welcome back.") * 50
        assert "Be brief." in llm.requests[0].messages[0].text  # type: ignore[union-attr]
        first, last = llm.requests[0].messages, llm.requests[-1].messages
        said = [item["text"] for item in BEFORE]
        assert [m.text for m in first if isinstance(m, UserMessage | AssistantMessage)] == said
        assert sorted(m.output for m in last if isinstance(m, ToolMessage)) == ["rang", '{"metres": 83}']

        await client.command(say="tell me about the lake")
        await client.until(lambda: len(client.told("playing")) == 4)
        await asyncio.sleep(0.7)
        voice = recording()
        await speak(client, voice[: 48 * 1000])
        await client.until(lambda: len(client.told("played")) == 4 and there.recorder.of("conversation.item.truncated"))
        await speak(client, voice[48 * 1000 :])
        await client.until(lambda: ("assistant", "Alright.") in history(client))
        assert client.told("cut")[:4] == [False, False, False, True]
        assert "cancelled" in [event["response"]["status"] for event in there.recorder.of("response.done")]
        [truncated] = there.recorder.of("conversation.item.truncated")
        believed = [m.text for m in llm.requests[-1].messages if isinstance(m, AssistantMessage)][-1]
        assert believed == spoken_in(truncated["audio_end_ms"]), "the model believes what the client played"


async def test_in_front_of_a_model_service() -> None:
    async with (
        realtime_service(reply=both) as fake,
        relay(fake) as (server, recorder),
        talking(server, before=BEFORE) as client,
    ):
        await client.command(say="the lake?")
        await client.until(lambda: ("assistant", ANSWER) in history(client))
        assert client.told("tool") == [{"name": "ring_bell", "times": 2}]
        await speak(client, speech(500) + silence(500))
        await client.until(lambda: ("assistant", "I hear you.") in history(client))
        await client.command(reply=True)
        await client.until(lambda: history(client).count(("assistant", "I hear you.")) == 2)
        held = [text_of(item) for item in fake.connections[0].items]
        assert held[:3] == [*(item["text"] for item in BEFORE), "the lake?"]
    recorder.judge()
