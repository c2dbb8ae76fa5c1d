"""An official client, through the server, to a service that leaves out what the hosted one never does."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest
from openai import AsyncOpenAI
from openai.resources.realtime.realtime import AsyncRealtimeConnection

from tests.fakes.realtime_service import Kind, realtime_service
from tests.wire.relayed import relay
from vasi.testing.engines import silence, speech

ONE_TOOL: Any = {"type": "function", "name": "look_up", "parameters": {"type": "object"}}


async def write(connection: AsyncRealtimeConnection, text: str) -> None:
    item: Any = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
    await connection.conversation.item.create(item=item)


async def answered(connection: AsyncRealtimeConnection) -> Any:
    """The next response that is done; its items were all added and done."""
    while (event := await connection.recv()).type != "response.done":
        assert event.type != "error", event
    return event.response


@pytest.mark.parametrize("kind", ["openai", "azure-preview"])
async def test_tools_of_both_sides_and_speech(kind: Kind) -> None:
    async with realtime_service(kind, lenient=True) as fake, relay(fake) as (server, recorder):
        client = AsyncOpenAI(api_key="sk-x", base_url=f"{server.http}/v1")
        async with client, client.realtime.connect(model="m") as connection, asyncio.timeout(20):
            await connection.session.update(session={"type": "realtime", "tools": [ONE_TOOL]})
            await write(connection, "use lake_depth now")
            await connection.response.create(response={"metadata": {"mine": "1"}})
            response = await answered(connection)
            assert [item.type for item in response.output] == ["message"], "the server's tool is its own business"
            assert response.output[0].content[0].transcript == 'answer {"metres": 83}'
            assert response.metadata == {"mine": "1"}
            assert response.conversation_id
            await write(connection, "use look_up this")
            await connection.response.create()
            (call,) = (await answered(connection)).output
            assert (call.name, call.arguments) == ("look_up", '{"q": "this"}')
            output: Any = {"type": "function_call_output", "call_id": call.call_id, "output": "found"}
            await connection.conversation.item.create(item=output)
            await connection.response.create()
            assert (await answered(connection)).output[0].content[0].transcript == "answer found"
            for chunk in (speech(500), silence(500)):
                await connection.input_audio_buffer.append(audio=base64.b64encode(chunk).decode())
            assert (await answered(connection)).status == "completed"
        recorder.judge()


async def test_what_such_a_service_refuses_is_told_of_the_event_and_nothing_hangs() -> None:
    async with realtime_service("openai", lenient=True) as fake, relay(fake) as (server, recorder):
        client = AsyncOpenAI(api_key="sk-x", base_url=f"{server.http}/v1")
        async with client, client.realtime.connect(model="m") as connection, asyncio.timeout(20):
            fake.faults.refuse_events = frozenset({"conversation.item.delete"})
            await connection.conversation.item.delete(item_id="nothing", event_id="mine")
            while (event := await connection.recv()).type != "error":
                pass
            assert event.error.event_id == "mine"
            await write(connection, "hello")
            await connection.response.create()
            assert (await answered(connection)).output[0].content[0].transcript == "You said hello"
        assert len(recorder.of("error")) == 1


async def test_the_conversation_is_in_order_on_a_new_connection() -> None:
    async with realtime_service("openai", lenient=True) as fake, relay(fake) as (server, recorder):
        client = AsyncOpenAI(api_key="sk-x", base_url=f"{server.http}/v1")
        async with client, client.realtime.connect(model="m") as connection, asyncio.timeout(20):
            for text in ("one", "two"):
                await write(connection, text)
                await connection.response.create()
                await answered(connection)
            fake.break_off()
            await write(connection, "three")
            await connection.response.create()
            await answered(connection)
        told = [item["content"][0] for item in fake.connections[-1].items]
        said = [part.get("text") or part.get("transcript") for part in told]
        assert said == ["one", "You said one", "two", "You said two", "three", "You said three"]
        recorder.judge()
