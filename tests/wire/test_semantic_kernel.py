"""Semantic Kernel's realtime client, which has only been told another address."""

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

SETTINGS = {
    "voice": "marin",
    "input_audio_transcription": {"model": "gpt-4o-transcribe", "language": "en"},
    "turn_detection": {"type": "server_vad", "create_response": True, "silence_duration_ms": 500},
}
"""As in Semantic Kernel's own examples, but for the formats of sound, which this version can't tell any server."""


@pytest.fixture(autouse=True)
def installed() -> None:
    environment_of("semantic_kernel")


@asynccontextmanager
async def talking(server: RunningServer, **config: Any) -> AsyncIterator[ClientProgram]:
    async with foreign_client("semantic_kernel", url=f"{server.http}/v1", key=KEY, **config) as client:
        await client.until(lambda: "session.updated" in client.told("event"))
        yield client


async def speak(client: ClientProgram, audio: bytes) -> None:
    await client.command(speak=base64.b64encode(audio).decode())


def done(client: ClientProgram) -> int:
    """How many responses the client has seen end."""
    return client.told("event").count("response.done")


async def test_a_conversation() -> None:
    heard = DEMO["question"]
    llm = ScriptedLlm(
        *(ToolCall("c1", "lake_depth", "{}"), ToolCall("c2", "house-ring_bell", '{"times": 2}')),
        "83 metres, and it rang.",
        "Thirty.",
        *(Reply(LONG, Pause(asyncio.Event())), "Alright."),
    )
    before = [{"role": "user", "text": "My name is Anna."}]
    async with (
        scripted(llm, heard=[heard, "stop please"]) as there,
        talking(there.server, before=before, settings=SETTINGS) as client,
    ):
        await client.command(say="how deep is the lake, and ring the bell")
        await client.until(lambda: done(client) == 2)
        assert "".join(client.told("said")) == "83 metres, and it rang."
        assert client.told("tool") == [{"name": "ring_bell", "times": 2}], "that of the server isn't the client's"
        await speak(client, recording())
        await client.until(lambda: done(client) == 3)
        assert "".join(client.told("said")) == "83 metres, and it rang.Thirty."
        assert sum(client.told("heard")) == sum(
            len(text) * 50 * 48 for text in ["83 metres, and it rang. ", "Thirty. "]
        )
        assert heard in client.told("transcript")

        pieces = len(client.told("heard"))
        await client.command(say="tell me about the lake")
        await client.until(lambda: len(client.told("heard")) > pieces)
        voice = recording()
        await speak(client, voice[: 48 * 1000])
        await client.until(lambda: "input_audio_buffer.speech_started" in client.told("event"))
        item = there.recorder.of("response.output_audio.delta")[-1]["item_id"]
        await client.command(truncate=item, at=700)
        await speak(client, voice[48 * 1000 :])
        await client.until(lambda: done(client) == 5)
        assert "".join(client.told("said")).endswith("Alright.")
        assert "conversation.item.truncated" in client.told("event")
        last = llm.requests[-1].messages
        asked = [
            "My name is Anna.",
            "how deep is the lake, and ring the bell",
            heard,
            "tell me about the lake",
            "stop please",
        ]
        assert [m.text for m in last if isinstance(m, UserMessage)] == asked
        assert sorted(m.output for m in last if isinstance(m, ToolMessage)) == ["rang", '{"metres": 83}']
        assert "Be brief." in last[0].text  # type: ignore[union-attr]
        believed = [m.text for m in last if isinstance(m, AssistantMessage)][-1]
        assert believed == spoken_in(700), "the model believes what the client played"
