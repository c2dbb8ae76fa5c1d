"""A server in front of another server: the front's documents, notes and tools, the back's engines."""

from __future__ import annotations

import asyncio
import base64
import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from openai import AsyncOpenAI
from websockets.asyncio.client import connect

from tests.server_process import DOCUMENTS, ServerProcess, read, serving
from tests.wire.scripted import DEMO, recording

KEY = "0123456789abcdef"
LOOK_UP: Any = {"type": "function", "name": "look_up", "parameters": {"type": "object"}}


@pytest.fixture(scope="module")
def front(embedded_server: ServerProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """In front of the server of all wire tests, by GA and without a key."""
    data = tmp_path_factory.mktemp("front") / "data"
    read(data, DOCUMENTS)
    where = ["-s", f"upstream.base_url={embedded_server.http}/v1", "-s", "upstream.kind=openai"]
    with serving(data, *where) as server:
        yield server


@pytest.fixture(scope="module")
def beta_front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """In front of one that wants a key, by the beta dialect."""
    folder = tmp_path_factory.mktemp("beta")
    read(folder / "front", DOCUMENTS)
    with serving(folder / "back", "-s", f"api_keys={KEY}") as back:
        where = {
            "upstream.base_url": back.http,
            "upstream.kind": "azure-preview",
            "upstream.api_version": "2025-04-01-preview",
            "upstream.model": "vasi",
            "upstream.api_key": KEY,
        }
        settings = [word for name, value in where.items() for word in ("-s", f"{name}={value}")]
        with serving(folder / "front", *settings) as server:
            yield server


async def until_done(connection: Any) -> tuple[Any, list[str]]:
    """The next response that is done, and the types of the events before."""
    kinds: list[str] = []
    while (event := await connection.recv()).type != "response.done":
        assert event.type != "error", event
        kinds.append(event.type)
    return event.response, kinds


async def ask(connection: Any, text: str, **response: Any) -> Any:
    item: Any = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
    await connection.conversation.item.create(item=item)
    await connection.response.create(response={"output_modalities": ["text"], **response})
    return (await until_done(connection))[0]


def notes(server: ServerProcess) -> list[str]:
    with urllib.request.urlopen(f"{server.http}/api/notes", timeout=10) as reply:
        return [note["text"] for note in json.load(reply)["notes"]]


async def test_a_spoken_question_is_heard_by_the_back_and_answered_from_the_documents_of_the_front(
    front: ServerProcess,
) -> None:
    client = AsyncOpenAI(api_key="none", base_url=f"{front.http}/v1")
    async with client, client.realtime.connect(model="m") as connection, asyncio.timeout(60):
        sound = recording()
        for begin in range(0, len(sound), 4800):
            await connection.input_audio_buffer.append(audio=base64.b64encode(sound[begin : begin + 4800]).decode())
        response, kinds = await until_done(connection)
        assert response.status == "completed"
        assert [item.type for item in response.output] == ["message"], "no tool is seen"
        assert any(fact in response.output[0].content[0].transcript for fact in DEMO["facts"])
        assert DEMO["document"] in response.metadata["vasi.sources"]
        assert "response.output_audio.delta" in kinds


async def test_a_note_is_kept_by_the_front_alone(front: ServerProcess, embedded_server: ServerProcess) -> None:
    before = notes(embedded_server)
    client = AsyncOpenAI(api_key="none", base_url=f"{front.http}/v1")
    async with client, client.realtime.connect(model="m") as connection, asyncio.timeout(30):
        response = await ask(connection, "Note that the spare filter is in the cellar.")
        assert response.status == "completed"
    assert any("spare filter" in note for note in notes(front))
    assert notes(embedded_server) == before


@pytest.mark.parametrize("name", ["look_up", "search_knowledge"])
async def test_the_client_answers_calls_of_its_own_functions_whatever_they_are_called(
    front: ServerProcess, name: str
) -> None:
    client = AsyncOpenAI(api_key="none", base_url=f"{front.http}/v1")
    async with client, client.realtime.connect(model="m") as connection, asyncio.timeout(30):
        await connection.session.update(session={"type": "realtime", "tools": [{**LOOK_UP, "name": name}]})
        response = await ask(connection, "Look up the filter.", tool_choice={"type": "function", "name": name})
        (call,) = response.output
        assert (call.type, call.name) == ("function_call", name)
        output: Any = {"type": "function_call_output", "call_id": call.call_id, "output": "It is blue."}
        await connection.conversation.item.create(item=output)
        await connection.response.create(response={"output_modalities": ["text"]})
        assert (await until_done(connection))[0].status == "completed"


async def test_a_client_that_comes_back_to_the_front_finds_its_conversation(front: ServerProcess) -> None:
    asked = "How often must the filter be changed?"
    async with asyncio.timeout(30):
        async with connect(f"{front.ws}?model=m") as socket:
            assert socket.response is not None
            token = socket.response.headers["x-vasi-resume-token"]
            session = json.loads(await socket.recv())["session"]["id"]
            part = {"type": "input_text", "text": asked}
            item = {"id": "item_mine", "type": "message", "role": "user", "content": [part]}
            await socket.send(json.dumps({"type": "conversation.item.create", "item": item}))
            while json.loads(await socket.recv())["type"] != "conversation.item.done":
                pass
            socket.transport.abort()
        async with connect(f"{front.ws}?model=m&resume={token}") as socket:
            assert json.loads(await socket.recv())["session"]["id"] == session
            await socket.send(json.dumps({"type": "conversation.item.retrieve", "item_id": "item_mine"}))
            while (event := json.loads(await socket.recv()))["type"] != "conversation.item.retrieved":
                assert event["type"] != "error", event
            assert event["item"]["content"][0]["text"] == asked


@pytest.mark.parametrize("beta", [False, True])
async def test_the_beta_dialect_and_a_key_between_the_two(beta_front: ServerProcess, beta: bool) -> None:
    client = AsyncOpenAI(
        api_key="none", base_url=f"{beta_front.http}/v1", websocket_base_url=beta_front.ws.removesuffix("/realtime")
    )
    async with client, asyncio.timeout(30):
        dialect = client.beta.realtime if beta else client.realtime
        async with dialect.connect(model="m") as connection:
            part = {"type": "input_text", "text": DEMO["question"]}
            item: Any = {"type": "message", "role": "user", "content": [part]}
            await connection.conversation.item.create(item=item)
            await connection.response.create()
            response, _ = await until_done(connection)
            assert any(fact in response.output[0].content[0].transcript for fact in DEMO["facts"])
            assert DEMO["document"] in response.metadata["vasi.sources"]
