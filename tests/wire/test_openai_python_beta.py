"""The official ``openai`` Python client in the beta dialect, and as a client of Azure, old and new."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from openai import AsyncAzureOpenAI, AsyncOpenAI, BadRequestError
from websockets.asyncio.client import connect

from tests.beta_validation import check_beta_event
from tests.wire_validation import check_event
from vasi.engines.ports import ToolCall
from vasi.testing.engines import ScriptedStt, scripted_engines, silence, speech
from vasi.testing.llm import Pause, Reply, ScriptedLlm
from vasi.testing.server import RunningServer, serving
from vasi.testing.settings import conversation_settings, gateway_settings

SETTINGS = gateway_settings("You are the assistant of a test.")
UNPACED = conversation_settings(lead_ms=None)


@asynccontextmanager
async def scripted(*script: Any, heard: list[str] | None = None) -> AsyncIterator[RunningServer]:
    llm = ScriptedLlm(*script)
    async with serving(
        scripted_engines(llm, stt=ScriptedStt(heard or [])), settings=SETTINGS, conversation=UNPACED
    ) as server:
        yield server
    llm.finish()


def preview(server: RunningServer) -> AsyncAzureOpenAI:
    """As a client of Azure's previews: ``/openai/realtime?api-version=&deployment=``, key in ``api-key``."""
    return AsyncAzureOpenAI(
        api_key="x",
        api_version="2025-04-01-preview",
        azure_endpoint=server.http,
        websocket_base_url=f"{server.http.replace('http', 'ws')}/openai",
    )


class Talk:
    """A beta connection whose every event is judged."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.seen: list[dict[str, Any]] = []

    async def until(self, kind: str) -> dict[str, Any]:
        async with asyncio.timeout(10):
            while True:
                event = (await self.connection.recv()).to_dict()
                check_beta_event(event)
                self.seen.append(event)
                assert kind == "error" or event["type"] != "error", event
                if event["type"] == kind:
                    return event

    def types(self, since: int = 0) -> list[str]:
        return [event["type"] for event in self.seen[since:]]

    async def write(self, text: str) -> None:
        item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
        await self.connection.conversation.item.create(item=item)


@asynccontextmanager
async def talking(server: RunningServer) -> AsyncIterator[Talk]:
    client = AsyncOpenAI(
        api_key="sk-x", base_url=f"{server.http}/v1", websocket_base_url=server.ws.removesuffix("/realtime")
    )
    async with client, client.beta.realtime.connect(model="gpt-4o-realtime-preview") as connection:
        talk = Talk(connection)
        await talk.until("conversation.created")
        assert talk.types() == ["session.created", "conversation.created"]
        yield talk


async def test_a_written_turn_in_its_order() -> None:
    async with scripted("Good morning.") as server, talking(server) as talk:
        await talk.connection.session.update(
            session={"modalities": ["text"], "instructions": "Be short.", "temperature": 0.7}
        )
        session = (await talk.until("session.updated"))["session"]
        assert (session["modalities"], session["instructions"]) == (["text"], "Be short.")
        begin = len(talk.seen)
        await talk.write("hello")
        await talk.connection.response.create()
        done = await talk.until("response.done")
        assert talk.types(begin) == [
            *("conversation.item.created", "response.created", "response.output_item.added"),
            *("conversation.item.created", "response.content_part.added"),
            *(["response.text.delta"] * talk.types(begin).count("response.text.delta")),
            *("response.text.done", "response.content_part.done", "response.output_item.done", "response.done"),
        ]
        (item,) = done["response"]["output"]
        assert item["content"] == [{"type": "text", "text": "Good morning."}]
        assert done["response"]["modalities"] == ["text"]


async def test_a_spoken_turn_with_transcription_and_truncation() -> None:
    async with scripted("It is open until nine.", heard=["when do you close"]) as server, talking(server) as talk:
        session = {
            "voice": "verse",
            "input_audio_transcription": {"model": "whisper-1"},
            "turn_detection": {"type": "server_vad", "silence_duration_ms": 300},
        }
        await talk.connection.session.update(session=session)
        await talk.until("session.updated")
        for sound in (speech(600), silence(600)):
            await talk.connection.input_audio_buffer.append(audio=base64.b64encode(sound).decode())
        done = await talk.until("response.done")
        while not any(kind.endswith("transcription.completed") for kind in talk.types()):
            await talk.until("conversation.item.input_audio_transcription.completed")
        assert done["response"]["voice"] == "verse"
        assert done["response"]["output"][0]["content"] == [{"type": "audio", "transcript": "It is open until nine."}]
        sound = [event for event in talk.seen if event["type"] == "response.audio.delta"]
        assert sum(len(base64.b64decode(event["delta"])) for event in sound) > 48 * 500
        item_id = done["response"]["output"][0]["id"]
        await talk.connection.conversation.item.truncate(item_id=item_id, content_index=0, audio_end_ms=300)
        assert (await talk.until("conversation.item.truncated"))["audio_end_ms"] == 300
        await talk.connection.conversation.item.retrieve(item_id=item_id)
        kept = (await talk.until("conversation.item.retrieved"))["item"]["content"][0]
        assert (kept["type"], len(base64.b64decode(kept["audio"]))) == ("audio", 300 * 48)


async def test_a_tool_of_the_client_and_a_replayed_history() -> None:
    script = (Reply(ToolCall("call_1", "ring_bell", '{"times": 2}')), Reply("It rang twice."))
    async with scripted(*script) as server, talking(server) as talk:
        tool = {"type": "function", "name": "ring_bell", "parameters": {"type": "object", "properties": {}}}
        await talk.connection.session.update(session={"tools": [tool], "modalities": ["text"]})
        await talk.until("session.updated")
        said = [{"type": "text", "text": "How can I help?"}]
        await talk.connection.conversation.item.create(item={"type": "message", "role": "assistant", "content": said})
        assert (await talk.until("conversation.item.created"))["item"]["content"] == said
        await talk.write("ring the bell")
        await talk.connection.response.create()
        call = await talk.until("response.function_call_arguments.done")
        await talk.until("response.done")
        output = {"type": "function_call_output", "call_id": call["call_id"], "output": "done"}
        await talk.connection.conversation.item.create(item=output)
        await talk.connection.response.create(response={"modalities": ["text"], "temperature": 0.6})
        done = await talk.until("response.done")
        assert done["response"]["output"][0]["content"][0]["text"] == "It rang twice."


async def test_mistakes_are_named_in_beta_and_the_session_lives() -> None:
    thinking = Pause(asyncio.Event())
    async with scripted(Reply("One ", thinking, "two.")) as server, talking(server) as talk:
        await talk.connection.session.update(session={"output_audio_format": "mp3"})
        error = (await talk.until("error"))["error"]
        assert error["param"] == "session.output_audio_format"
        await talk.connection.response.create(response={"max_response_output_tokens": 0})
        assert (await talk.until("error"))["error"]["param"] == "response.max_response_output_tokens"
        await talk.write("count")
        await talk.connection.response.create(response={"modalities": ["text"]})
        await talk.until("response.text.delta")
        await talk.connection.response.create()
        assert (await talk.until("error"))["error"]["code"] == "conversation_already_has_active_response"
        await talk.connection.response.cancel()
        done = await talk.until("response.done")
        assert done["response"]["status_details"]["reason"] == "client_cancelled"
        thinking.until.set()


async def test_azures_preview_path_speaks_beta_to_either_client() -> None:
    async with scripted("Good morning.") as server:
        client = preview(server)
        async with client, client.beta.realtime.connect(model="my-deployment") as connection:
            talk = Talk(connection)
            created = await talk.until("session.created")
            assert created["session"]["model"] == "my-deployment"
            await talk.write("hello")
            await connection.response.create()
            await talk.until("response.done")
            assert "response.audio.delta" in talk.types()
        async with preview(server) as client, client.realtime.connect(model="my-deployment") as connection:
            assert (await connection.recv()).to_dict()["session"]["modalities"] == ["text", "audio"]


async def azure(server: RunningServer) -> AsyncAzureOpenAI:
    address = f"{server.http.replace('http', 'ws')}/openai/v1"
    return AsyncAzureOpenAI(api_key="x", api_version="v1", azure_endpoint=server.http, websocket_base_url=address)


async def openai_at_azure(server: RunningServer) -> AsyncOpenAI:
    return AsyncOpenAI(api_key="x", base_url=f"{server.http}/openai/v1")


@pytest.mark.parametrize("make", [azure, openai_at_azure])
async def test_azures_new_path_speaks_ga(make: Any) -> None:
    async with scripted("Good morning.") as server:
        client = await make(server)
        async with client, client.realtime.connect(model="my-deployment") as connection:
            created = (await connection.recv()).to_dict()
            check_event(created)
            assert created["session"]["model"] == "my-deployment"
            await connection.response.create(response={"output_modalities": ["text"]})
            kinds = []
            while "response.done" not in kinds:
                kinds.append((await connection.recv()).type)
            assert "response.output_text.delta" in kinds


async def test_a_subprotocol_asks_for_beta_and_no_key_is_echoed() -> None:
    offered = ["realtime", "openai-insecure-api-key.sk-x", "openai-beta.realtime-v1"]
    async with scripted() as server, connect(f"{server.ws}?model=m", subprotocols=offered) as socket:  # type: ignore[arg-type]
        assert socket.subprotocol == "realtime"
        assert '"modalities":["text","audio"]' in str(await socket.recv())
        assert '"conversation.created"' in str(await socket.recv())


async def test_frames_that_are_no_events_are_refused_as_in_ga() -> None:
    header = {"OpenAI-Beta": "realtime=v1"}
    async with scripted() as server, connect(server.ws, additional_headers=header) as socket:
        await socket.recv()
        await socket.recv()
        nested = '{"type":"session.update","session":' + '{"tracing":' * 3000 + "1" + "}" * 3001
        for frame, code in [
            ("{", "invalid_json"),
            ("[]", "invalid_event"),
            ('{"type":[]}', "invalid_type"),
            ('{"type":"session.update"}', "missing_required_parameter"),
            ('{"type":"session.update","session":7}', "invalid_type"),
            (nested, "invalid_json"),
            ('{"type":"session.update","type":"nonsense","session":{}}', "invalid_value"),
        ]:
            await socket.send(frame)
            assert f'"code":"{code}"' in str(await socket.recv()), frame[:60]
        await socket.send(b'{"type":"session.update","session":{"modalities":["text"]}}')
        assert '"modalities":["text"]' in str(await socket.recv())


async def test_beta_sessions_by_rest_open_what_they_configured() -> None:
    async with scripted("Good morning.") as server:
        for client in (AsyncOpenAI(api_key="x", base_url=f"{server.http}/v1"), preview(server)):
            async with client:
                made = await client.beta.realtime.sessions.create(
                    model="gpt-4o-realtime-preview",
                    voice="verse",
                    modalities=["text"],
                    instructions="Be short.",
                    temperature=0.9,
                    client_secret={"expires_after": {"anchor": "created_at", "seconds": 60}},
                )
                assert (made.voice, made.modalities, made.instructions) == ("verse", ["text"], "Be short.")
                assert made.client_secret.value.startswith("ek_")
                listening = await client.beta.realtime.transcription_sessions.create(input_audio_format="g711_ulaw")
                assert (listening.input_audio_format, listening.client_secret.value[:3]) == ("g711_ulaw", "ek_")
                with pytest.raises(BadRequestError) as refused:
                    await client.beta.realtime.sessions.create(output_audio_format="mp3")  # type: ignore[arg-type]
                assert refused.value.param == "output_audio_format"
        address = server.ws.removesuffix("/realtime")
        client = AsyncOpenAI(api_key=made.client_secret.value, base_url=f"{server.http}/v1", websocket_base_url=address)
        async with client, client.beta.realtime.connect(model="gpt-4o-realtime-preview") as connection:
            talk = Talk(connection)
            session = (await talk.until("session.created"))["session"]
            assert (session["voice"], session["modalities"], session["instructions"]) == (
                "verse",
                ["text"],
                "Be short.",
            )
            await connection.response.create()
            assert (await talk.until("response.done"))["response"]["output"][0]["content"][0]["type"] == "text"
