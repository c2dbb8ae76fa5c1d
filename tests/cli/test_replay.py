"""A recorded session once more: same answers from the same server, ids translated, differences shown."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner
from websockets.asyncio.client import connect

from vasi.cli.program import program
from vasi.cli.socket_link import SocketLink
from vasi.cli.trace import Traced, read_trace, replay
from vasi.errors import ClientError
from vasi.testing.engines import scripted_engines
from vasi.testing.llm import Reply, ScriptedLlm
from vasi.testing.server import serving

Event = dict[str, Any]
HELLO: list[Event] = [
    {"type": "session.update", "session": {"type": "realtime", "output_modalities": ["text"]}},
    {
        "type": "conversation.item.create",
        "item": {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hello?"}]},
    },
    {"type": "response.create"},
]


async def record(url: str, later: Callable[[str], list[Event]]) -> str:
    """A trace of a short session: a question, then what ``later`` makes of the answer's id."""
    lines: list[str] = []

    def keep(direction: str, event: Event) -> None:
        lines.append(json.dumps({"at_ms": len(lines) * 10, "direction": direction, "event": event}))

    async with connect(url) as socket:
        for event in HELLO:
            keep("sent", event)
            await socket.send(json.dumps(event))
        answer, wanted = "", 1
        while wanted:
            event = json.loads(await socket.recv())
            keep("received", event)
            if event["type"] == "response.done":
                answer = event["response"]["output"][0]["id"]
                events = later(answer)
                for sent in events:
                    keep("sent", sent)
                    await socket.send(json.dumps(sent))
                wanted = len(events)
            elif event["type"] == "conversation.item.retrieved":
                wanted -= 1
    return "\n".join(lines)


async def test_the_same_server_gives_the_same_answers_and_ids_are_those_of_now() -> None:
    llm = ScriptedLlm(Reply("Good morning."), Reply("Good morning."))
    async with serving(scripted_engines(llm)) as server:
        trace = await record(server.ws, lambda answer: [{"type": "conversation.item.retrieve", "item_id": answer}])
        async with connect(server.ws) as socket:
            result = await replay(SocketLink(socket), read_trace(trace.splitlines()), time.monotonic, fast=True)
    assert result.said == ["Good morning."]
    assert result.errors == []
    retrieved = [event for event in result.received if event["type"] == "conversation.item.retrieved"]
    assert retrieved[0]["item"]["content"][0]["text"] == "Good morning."
    assert retrieved[0]["item"]["id"] not in trace


async def test_the_command_shows_what_differs_and_fails_on_errors(tmp_path: Path) -> None:
    llm = ScriptedLlm(Reply("Good morning."), Reply("Good evening."))
    async with serving(scripted_engines(llm)) as server:
        trace = await record(server.ws, lambda answer: [{"type": "conversation.item.retrieve", "item_id": answer}])
        (tmp_path / "trace.jsonl").write_text(trace)
        result = await run("replay", "--fast", "--url", server.ws, str(tmp_path / "trace.jsonl"))
    assert result.exit_code == 0
    assert "then: Good morning." in result.stdout
    assert "now:  Good evening." in result.stdout


async def run(*arguments: str) -> Any:
    import asyncio

    return await asyncio.to_thread(CliRunner().invoke, program, list(arguments))


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        '{"at_ms": "soon", "direction": "sent", "event": {"type": "x"}}',
        '{"at_ms": 1, "direction": "up", "event": {"type": "x"}}',
        '{"at_ms": 1, "direction": "sent", "event": {}}',
    ],
)
def test_a_line_that_is_no_event_is_named(text: str) -> None:
    good = json.dumps({"at_ms": 0, "direction": "sent", "event": {"type": "response.create"}})
    with pytest.raises(ClientError, match="Line 2 "):
        read_trace([good, text])


def test_a_trace_in_which_nobody_said_anything_is_refused() -> None:
    with pytest.raises(ClientError, match="nothing"):
        read_trace([json.dumps({"at_ms": 0, "direction": "received", "event": {"type": "session.created"}})])


def test_events_keep_their_times() -> None:
    line = json.dumps({"at_ms": 12.5, "direction": "sent", "event": {"type": "response.create"}})
    assert read_trace(["", line]) == [Traced(12.5, "sent", {"type": "response.create"})]
