"""Official SDKs through the relay: a service that speaks either dialect, clients that speak either dialect."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest
from openai import AsyncOpenAI

from tests.fakes.realtime_service import DELTA, KINDS, Kind, realtime_service
from tests.wire.relayed import relay
from vasi.testing.engines import silence, speech


@pytest.mark.parametrize("kind", KINDS)
async def test_openai_python_talks_and_types_through_the_relay(kind: Kind) -> None:
    async with realtime_service(kind) as fake, relay(fake) as (server, recorder):
        client = AsyncOpenAI(api_key="sk-x", base_url=f"{server.http}/v1")
        async with client, client.realtime.connect(model="gpt-realtime") as connection, asyncio.timeout(20):
            assert (await connection.recv()).type == "session.created"
            part = {"type": "input_text", "text": "use lake_depth now"}
            item: Any = {"type": "message", "role": "user", "content": [part]}
            await connection.conversation.item.create(item=item)
            await connection.response.create()
            event = await connection.recv()
            sound = b""
            while event.type != "response.done":
                if event.type == "response.output_audio.delta":
                    sound += base64.b64decode(event.delta)
                event = await connection.recv()
            assert event.response.output[0].content[0].transcript == 'answer {"metres": 83}'
            assert sound == base64.b64decode(DELTA) * 3
            for chunk in (speech(500), silence(500)):
                await connection.input_audio_buffer.append(audio=base64.b64encode(chunk).decode())
            while (event := await connection.recv()).type != "response.done":
                pass
            assert event.response.status == "completed"
        recorder.judge()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_beta_client_of_the_sdk_through_the_relay(kind: Kind) -> None:
    async with realtime_service(kind) as fake, relay(fake) as (server, _):
        client = AsyncOpenAI(api_key="sk-x", websocket_base_url=f"ws://127.0.0.1:{server.port}/v1")
        async with client, client.beta.realtime.connect(model="m") as connection, asyncio.timeout(20):
            await connection.session.update(session={"instructions": "Be brief.", "voice": "verse"})
            part = {"type": "input_text", "text": "hello there"}
            item: Any = {"type": "message", "role": "user", "content": [part]}
            await connection.conversation.item.create(item=item)
            await connection.response.create()
            kinds = []
            while (event := await connection.recv()).type != "response.done":
                kinds.append(event.type)
            assert event.response.output[0].content[0].transcript == "You said hello there"
            assert kinds.count("response.audio.delta") == 4
            assert "response.output_audio.delta" not in kinds


async def test_a_refusal_reaches_the_sdk_as_an_error_and_a_close_code() -> None:
    from websockets.exceptions import ConnectionClosed

    async with realtime_service() as fake, relay(fake) as (server, _):
        fake.faults.refuse = 401
        client = AsyncOpenAI(api_key="sk-x", base_url=f"{server.http}/v1")
        async with client, client.realtime.connect(model="gpt-realtime") as connection, asyncio.timeout(5):
            event = await connection.recv()
            assert event.type == "error"
            assert "AZURE_OPENAI_API_KEY" in event.error.message
            with pytest.raises(ConnectionClosed) as closed:
                await connection.recv()
            assert closed.value.rcvd.code == 1008
