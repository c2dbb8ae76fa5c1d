"""The Agents SDK for JavaScript (``RealtimeSession``) against a running server: its defaults, only the URL changed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.server_process import ServerProcess
from tests.wire.node_client import NodeClient, node_client, pieces
from tests.wire.scripted import DEMO, KEY, LONG, recording, scripted, spoken_in
from vasi.engines.ports import AssistantMessage, ToolCall, ToolMessage
from vasi.testing.llm import Pause, Reply, ScriptedLlm


@asynccontextmanager
async def talking(url: str, *tools: dict[str, Any]) -> AsyncIterator[NodeClient]:
    """Run a session at ``url``; no error may have come by the end, and nothing that the SDK doesn't know."""
    async with node_client("agents.mjs", url=url, apiKey=KEY, tools=tools) as client:
        await client.until(lambda: client.told("connected") and client.of("session.updated"))
        yield client
    assert client.told("generic") == []


def history(client: NodeClient) -> list[tuple[str, str]]:
    """The SDK's own history: who, and what."""
    lines: list[tuple[str, str]] = []
    for item in client.told("history")[-1]:
        if item["type"] == "message":
            texts = [part.get("transcript") or part.get("text") or "" for part in item["content"]]
            lines.append((item["role"], " ".join(texts)))
        else:
            lines.append((item["name"], item["output"]))
    return lines


async def speak(client: NodeClient, audio: bytes) -> None:
    for piece in pieces(audio):
        await client.command(hear=piece)


async def test_a_typed_turn_is_answered_aloud() -> None:
    async with scripted(ScriptedLlm("Good morning to you.")) as there, talking(there.server.ws) as client:
        await client.command(say="hello")
        await client.until_event("response.done")
        assert history(client) == [("user", "hello"), ("assistant", "Good morning to you.")]
        assert client.heard_ms() == len("Good morning to you. ") * 50
        assert "Be brief." in there.llm.requests[0].messages[0].text  # type: ignore[union-attr]


async def test_a_spoken_turn_is_heard_and_answered() -> None:
    heard = DEMO["question"]
    async with scripted(ScriptedLlm("Thirty minutes."), heard=[heard]) as there, talking(there.server.ws) as client:
        await speak(client, recording())
        await client.until_event("response.done")
        await client.until_event("conversation.item.retrieved")
        await client.until(lambda: history(client) == [("user", heard), ("assistant", "Thirty minutes.")])


async def test_the_servers_own_tool_is_used_inside_one_answer() -> None:
    llm = ScriptedLlm(ToolCall("c1", "lake_depth", "{}"), "It is 83 metres deep.")
    async with scripted(llm) as there, talking(there.server.ws) as client:
        await client.command(say="how deep is the lake")
        await client.until_event("response.done")
        await client.command(say='reply exactly: "Done."')
        await client.until_event("response.done", 2)
        assert history(client) == [
            ("user", "how deep is the lake"),
            ("assistant", "It is 83 metres deep."),
            ("user", 'reply exactly: "Done."'),
            ("assistant", "Done."),
        ]
        assert len(there.recorder.of("response.created")) == 2, "one for each question"


async def test_a_function_of_the_client_goes_round() -> None:
    llm = ScriptedLlm(ToolCall("c1", "ring_bell", '{"times": 2}'), "I rang it twice.")
    bell = {"name": "ring_bell", "output": "rang"}
    async with scripted(llm) as there, talking(there.server.ws, bell) as client:
        await client.command(say="ring the bell")
        await client.until_event("response.done", 2)
        assert history(client) == [("user", "ring the bell"), ("ring_bell", "rang"), ("assistant", "I rang it twice.")]


async def test_functions_called_together_are_both_answered() -> None:
    both = Reply(ToolCall("c1", "open_gate", "{}"), ToolCall("c2", "light_lamp", "{}"))
    llm = ScriptedLlm(both, "The gate is open.", "The lamp is lit as well.")
    tools = [
        {"name": "open_gate", "output": "gate open", "slow": True},
        {"name": "light_lamp", "output": "lamp lit", "slow": True},
    ]
    async with scripted(llm) as there, talking(there.server.ws, *tools) as client:
        await client.command(say="open the gate and light the lamp")
        # The SDK asks for an answer with the first output, and for another with the second.
        await client.until_event("response.done", 3)
        assert history(client)[1:] == [
            ("open_gate", "gate open"),
            ("light_lamp", "lamp lit"),
            ("assistant", "The gate is open."),
            ("assistant", "The lamp is lit as well."),
        ]
        outputs = [m.output for m in llm.requests[-1].messages if isinstance(m, ToolMessage)]
        assert sorted(outputs) == ["gate open", "lamp lit"]


@pytest.mark.parametrize("together", [True, False], ids=["in one round", "one after the other"])
async def test_tools_of_both_sides_in_one_turn(together: bool) -> None:
    ours, theirs = ToolCall("c1", "lake_depth", "{}"), ToolCall("c2", "ring_bell", "{}")
    calls = [Reply(ours, theirs)] if together else [Reply(ours), Reply(theirs)]
    llm = ScriptedLlm(*calls, "83 metres, and it rang.")
    bell = {"name": "ring_bell", "output": "rang"}
    async with scripted(llm) as there, talking(there.server.ws, bell) as client:
        await client.command(say="how deep is the lake, and ring the bell")
        await client.until_event("response.done", 2)
        assert history(client)[1:] == [("ring_bell", "rang"), ("assistant", "83 metres, and it rang.")]
        outputs = [m.output for m in llm.requests[-1].messages if isinstance(m, ToolMessage)]
        assert sorted(outputs) == ["rang", '{"metres": 83}']
        assert len(there.recorder.of("response.created")) == 2


@pytest.mark.parametrize("generating", [True, False], ids=["while generating", "after generating"])
async def test_speaking_into_the_answer_cuts_history_where_playback_was_cut(generating: bool) -> None:
    never = Pause(asyncio.Event())
    llm = ScriptedLlm(Reply(LONG, never) if generating else Reply(LONG), "Alright.")
    async with scripted(llm, heard=["stop please"]) as there, talking(there.server.ws) as client:
        await client.command(say="tell me about the lake")
        await client.until(lambda: client.heard_ms() >= 1500)
        speech = recording()
        await speak(client, speech[: 48 * 1000])
        await client.until(lambda: client.told("interrupted") and client.of("conversation.item.retrieved"))
        await speak(client, speech[48 * 1000 :])
        await client.until_event("response.done", 2)
        await client.until(lambda: history(client)[2:] == [("user", "stop please"), ("assistant", "Alright.")])
        who, said = history(client)[1]
        assert who == "assistant"
        (cut,) = [event for event in there.recorder.received if event["type"] == "conversation.item.truncate"]
        assert said == spoken_in(cut["audio_end_ms"])
        believed = [m.text for m in llm.requests[1].messages if isinstance(m, AssistantMessage)]
        assert believed == [said], "the model believes what the client played"
        assert there.recorder.of("response.done")[0]["response"]["status"] == "cancelled"


async def test_the_embedded_engines_answer_a_recording_from_the_documents(embedded_server: ServerProcess) -> None:
    async with talking(embedded_server.ws) as client:
        await speak(client, recording())
        await client.until_event("response.done")
        await client.until(lambda: len(history(client)) == 2 and all(text for _, text in history(client)))
        (who, question), (other, answer) = history(client)
        assert (who, other) == ("user", "assistant")
        assert {"assembly", "point", "workshop"} & set(question.split())
        assert any(re.search(rf"\b{fact}\b", answer, re.IGNORECASE) for fact in DEMO["facts"]), answer
