"""The official ``openai`` Python client, and a LiteLLM proxy between it and the server."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import socket
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from openai import AsyncOpenAI

from tests.server_process import ServerProcess
from tests.wire.foreign import clean_environment, environment_of
from tests.wire.scripted import DEMO, KEY, LONG, recording, scripted, spoken_in
from vasi.engines.ports import AssistantMessage, ToolCall
from vasi.testing.llm import Pause, Reply, ScriptedLlm

PROXY_KEY = "sk-of-the-proxy"
STARTS_WITHIN_S = 100
PATIENCE_S = 30
BELL = {
    "type": "function",
    "name": "ring_bell",
    "parameters": {"type": "object", "properties": {"times": {"type": "integer"}}},
}


@asynccontextmanager
async def proxy(models: dict[str, str], folder: Path) -> AsyncIterator[str]:
    """Run a proxy in front of servers, addresses by name of the model, and yield its own address."""
    program = environment_of("litellm") / "bin" / "litellm"
    config = {
        "model_list": [
            {
                "model_name": name,
                "litellm_params": {"model": f"openai/{name}", "api_base": f"{there}/v1", "api_key": KEY},
                "model_info": {"mode": "realtime"},
            }
            for name, there in models.items()
        ],
        "general_settings": {"master_key": PROXY_KEY},
    }
    file = folder / "litellm.yaml"
    file.write_text(json.dumps(config))  # JSON is YAML
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = folder / "litellm.log"
    with log.open("wb") as written:
        process = await asyncio.create_subprocess_exec(
            *(str(program), "--config", str(file), "--host", "127.0.0.1", "--port", str(port), "--telemetry", "False"),
            cwd=folder,
            # It would ask the network for prices otherwise.
            env=clean_environment() | {"LITELLM_LOCAL_MODEL_COST_MAP": "True"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=written,
            stderr=asyncio.subprocess.STDOUT,
        )
    try:
        async with asyncio.timeout(STARTS_WITHIN_S):
            while not await asyncio.to_thread(alive, port):
                assert process.returncode is None, log.read_text()
                await asyncio.sleep(0.1)
        yield f"127.0.0.1:{port}/v1"
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        print(log.read_text())  # shown when the test fails


def alive(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/liveliness", timeout=2) as reply:
            return reply.status == 200
    except OSError:
        return False


class Talk:
    """A connection of the official client."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.seen: list[Any] = []

    async def until(self, kind: str) -> Any:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                event = await self.connection.recv()
                assert event.type != "error", event
                self.seen.append(event)
                if event.type == kind:
                    return event

    async def say(self, text: str) -> None:
        part = {"type": "input_text", "text": text}
        await self.connection.conversation.item.create(item={"type": "message", "role": "user", "content": [part]})
        await self.connection.response.create()

    async def speak(self, audio: bytes) -> None:
        for at in range(0, len(audio), 4800):
            await self.connection.input_audio_buffer.append(audio=base64.b64encode(audio[at : at + 4800]).decode())


@pytest.mark.timeout(240)
async def test_a_conversation(embedded_server: ServerProcess, tmp_path: Path) -> None:
    heard = DEMO["question"]
    llm = ScriptedLlm(
        *(ToolCall("c1", "lake_depth", "{}"), ToolCall("c2", "ring_bell", '{"times": 2}'), "83 metres, and it rang."),
        "Thirty.",
        *(Reply(LONG, Pause(asyncio.Event())), "Alright."),
    )
    async with (
        scripted(llm, heard=[heard, "stop please"]) as there,
        proxy({"vasi": there.server.http, "documents": embedded_server.http}, tmp_path) as address,
        AsyncOpenAI(api_key=PROXY_KEY, base_url=f"http://{address}", websocket_base_url=f"ws://{address}") as client,
    ):
        async with client.realtime.connect(model="vasi") as connection:
            talk = Talk(connection)
            await talk.until("session.created")
            hearing = {"transcription": {"model": "whisper-1"}}
            await connection.session.update(session={"type": "realtime", "tools": [BELL], "audio": {"input": hearing}})
            await talk.until("session.updated")

            await talk.say("how deep is the lake, and ring the bell")
            [called] = (await talk.until("response.done")).response.output
            assert (called.name, json.loads(called.arguments)) == ("ring_bell", {"times": 2})
            output = {"type": "function_call_output", "call_id": called.call_id, "output": "rang"}
            await connection.conversation.item.create(item=output)
            await connection.response.create()
            [answer] = (await talk.until("response.done")).response.output
            assert answer.content[0].transcript == "83 metres, and it rang."

            await talk.speak(recording())
            [answer] = (await talk.until("response.done")).response.output
            assert answer.content[0].transcript == "Thirty."
            kind = "conversation.item.input_audio_transcription.completed"
            assert [event.transcript for event in talk.seen if event.type == kind] == [heard]

            await talk.say("tell me about the lake")
            item = (await talk.until("response.output_audio.delta")).item_id
            voice = recording()
            await talk.speak(voice[: 48 * 1000])
            await talk.until("input_audio_buffer.speech_started")
            await connection.conversation.item.truncate(item_id=item, content_index=0, audio_end_ms=700)
            await talk.until("conversation.item.truncated")
            await talk.speak(voice[48 * 1000 :])
            [answer] = (await talk.until("response.done")).response.output
            assert answer.content[0].transcript == "Alright."
            believed = [m.text for m in llm.requests[-1].messages if isinstance(m, AssistantMessage)]
            assert spoken_in(700) in believed, "the model believes what the client played"

        async with client.realtime.connect(model="documents") as connection:
            talk = Talk(connection)
            await talk.say(DEMO["question"])
            response = (await talk.until("response.done")).response
            answer = response.output[-1].content[0].transcript
            assert any(re.search(rf"\b{fact}\b", answer, re.IGNORECASE) for fact in DEMO["facts"]), answer
            assert DEMO["document"] in response.metadata["vasi.sources"]
