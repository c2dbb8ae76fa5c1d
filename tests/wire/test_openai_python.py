"""The official ``openai`` Python client against a running server with the embedded engines."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from openai import AsyncOpenAI
from openai.resources.realtime.realtime import AsyncRealtimeConnection

from tests.server_process import QUESTIONS, ServerProcess
from vasi.media import pcm, wav

DEMO = next(q for q in json.loads((QUESTIONS / "questions.json").read_text()) if q.get("demo"))


@pytest.fixture
async def connection(embedded_server: ServerProcess) -> AsyncIterator[AsyncRealtimeConnection]:
    client = AsyncOpenAI(api_key="sk-anything", base_url=f"{embedded_server.http}/v1")
    async with client, client.realtime.connect(model="gpt-realtime") as connection:
        first = await connection.recv()
        assert first.type == "session.created"
        yield connection


async def until(connection: AsyncRealtimeConnection, kind: str, seen: list[Any] | None = None) -> Any:
    async with asyncio.timeout(30):
        while True:
            event = await connection.recv()
            if seen is not None:
                seen.append(event)
            assert event.type != "error" or kind == "error", event
            if event.type == kind:
                return event


def recording() -> bytes:
    return pcm.encode(wav.read((QUESTIONS / DEMO["wav"]).read_bytes(), 24_000))


async def type_in(connection: AsyncRealtimeConnection, text: str) -> None:
    await connection.conversation.item.create(
        item={"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
    )


def holds_a_fact(answer: str, facts: list[str]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(fact)}(?!\w)", answer, re.IGNORECASE) for fact in facts)


async def test_a_typed_question_is_answered_from_the_documents_in_text(connection: AsyncRealtimeConnection) -> None:
    await connection.session.update(session={"type": "realtime", "output_modalities": ["text"]})
    await until(connection, "session.updated")
    await type_in(connection, DEMO["question"])
    await connection.response.create()
    seen: list[Any] = []
    done = await until(connection, "response.done", seen)
    text = "".join(event.delta for event in seen if event.type == "response.output_text.delta")
    assert holds_a_fact(text, DEMO["facts"]), text
    assert done.response.status == "completed"
    assert [item.type for item in done.response.output] == ["message"], "the search must not show"
    sources = json.loads(done.response.metadata["vasi.sources"])
    assert DEMO["document"] in [source["document"] for source in sources]
    assert done.response.usage.total_tokens > 0


async def test_a_spoken_question_is_heard_answered_aloud_and_cited(connection: AsyncRealtimeConnection) -> None:
    await connection.session.update(
        session={"type": "realtime", "audio": {"input": {"transcription": {"model": "whisper-1"}}}}
    )
    await until(connection, "session.updated")
    seen: list[Any] = []
    audio = recording() + bytes(48 * 900)
    for at in range(0, len(audio), 4800):
        await connection.input_audio_buffer.append(audio=base64.b64encode(audio[at : at + 4800]).decode())
    done = await until(connection, "response.done", seen)
    kinds = [event.type for event in seen]
    assert kinds.index("input_audio_buffer.speech_started") < kinds.index("input_audio_buffer.speech_stopped")
    heard = next(event for event in seen if event.type.endswith("input_audio_transcription.completed"))
    assert {"assembly", "point", "workshop"} & set(heard.transcript.split())
    said = next(event for event in seen if event.type == "response.output_audio_transcript.done").transcript
    assert holds_a_fact(said, DEMO["facts"]), said
    sound = b"".join(base64.b64decode(e.delta) for e in seen if e.type == "response.output_audio.delta")
    assert pcm.level_dbfs(pcm.decode(sound)) > -40
    assert len(sound) / 48_000 > 0.04 * len(said), "about as long as it takes to say"
    assert DEMO["document"] in done.response.metadata["vasi.sources"]


async def test_a_manual_commit_makes_a_turn_without_vad(connection: AsyncRealtimeConnection) -> None:
    await connection.session.update(session={"type": "realtime", "audio": {"input": {"turn_detection": None}}})
    await until(connection, "session.updated")
    await connection.input_audio_buffer.append(audio=base64.b64encode(recording()).decode())
    await connection.input_audio_buffer.commit()
    await connection.response.create()
    seen: list[Any] = []
    done = await until(connection, "response.done", seen)
    assert not [event for event in seen if "speech" in event.type]
    transcript = done.response.output[0].content[0].transcript
    assert holds_a_fact(transcript, DEMO["facts"]), transcript


async def test_a_tool_of_the_client_is_called_and_its_output_used(connection: AsyncRealtimeConnection) -> None:
    tool = {
        "type": "function",
        "name": "ring_bell",
        "description": "Ring the bell.",
        "parameters": {"type": "object", "properties": {"times": {"type": "integer"}}, "required": []},
    }
    await connection.session.update(session={"type": "realtime", "output_modalities": ["text"], "tools": [tool]})
    updated = await until(connection, "session.updated")
    assert [t.name for t in updated.session.tools] == ["ring_bell"], "only the client's own tools show"
    await type_in(connection, "ring the bell")
    await connection.response.create(response={"tool_choice": {"type": "function", "name": "ring_bell"}})
    done = await until(connection, "response.done")
    call = done.response.output[0]
    assert (call.type, call.name, call.status) == ("function_call", "ring_bell", "completed")
    json.loads(call.arguments)
    await connection.conversation.item.create(
        item={"type": "function_call_output", "call_id": call.call_id, "output": '{"rang": true}'}
    )
    await connection.response.create()
    done = await until(connection, "response.done")
    assert done.response.status == "completed"
    assert done.response.output[0].type == "message"


async def test_a_cancelled_answer_ends_at_once(connection: AsyncRealtimeConnection) -> None:
    await type_in(connection, DEMO["question"])
    await connection.response.create()
    await until(connection, "response.output_audio.delta")
    await connection.response.cancel()
    seen: list[Any] = []
    done = await until(connection, "response.done", seen)
    assert done.response.status == "cancelled"
    assert done.response.status_details.reason == "client_cancelled"
    await connection.response.cancel()
    error = await until(connection, "error", seen)
    assert error.error.code == "response_cancel_not_active"
    rest = [event.type for event in seen if event.type != "rate_limits.updated"]
    assert rest[-2] == "response.done", "nothing of a cancelled response comes after its end"


async def test_speaking_into_the_answer_cuts_it(connection: AsyncRealtimeConnection) -> None:
    await type_in(connection, "what is the cooperative")
    await connection.response.create()
    first = await until(connection, "response.output_audio.delta")
    audio = recording()
    for at in range(0, 48 * 1200, 4800):
        await connection.input_audio_buffer.append(audio=base64.b64encode(audio[at : at + 4800]).decode())
    await until(connection, "input_audio_buffer.speech_started")
    done = await until(connection, "response.done")
    assert done.response.status == "cancelled"
    assert done.response.status_details.reason == "turn_detected"
    await connection.conversation.item.truncate(item_id=first.item_id, content_index=0, audio_end_ms=40)
    truncated = await until(connection, "conversation.item.truncated")
    assert truncated.audio_end_ms == 40
    await connection.conversation.item.retrieve(item_id=first.item_id)
    item = (await until(connection, "conversation.item.retrieved")).item
    assert len(base64.b64decode(item.content[0].audio)) == 40 * 48


async def test_a_note_is_taken_and_found_in_the_next_breath(connection: AsyncRealtimeConnection) -> None:
    await connection.session.update(session={"type": "realtime", "output_modalities": ["text"]})
    await until(connection, "session.updated")
    for text, expected in [
        ("take a note: the blue kayak needs a new paddle", "kayak"),
        ("what did I note about the kayak", "paddle"),
    ]:
        await type_in(connection, text)
        await connection.response.create()
        done = await until(connection, "response.done")
        assert expected in done.response.output[0].content[0].text


async def test_mistakes_are_named_and_the_session_lives(connection: AsyncRealtimeConnection) -> None:
    await connection.send({"type": "no.such.event", "event_id": "e1"})  # type: ignore[typeddict-item]
    error = (await until(connection, "error")).error
    assert (error.type, error.code, error.param) == ("invalid_request_error", "invalid_value", "type")
    await connection.input_audio_buffer.commit()
    assert (await until(connection, "error")).error.code == "input_audio_buffer_commit_empty"
    await connection.conversation.item.delete(item_id="item_none")
    assert (await until(connection, "error")).error.code == "item_delete_invalid_item_id"
    await type_in(connection, "hello")
    await connection.response.create(response={"output_modalities": ["text"]})
    assert (await until(connection, "response.done")).response.status == "completed"
