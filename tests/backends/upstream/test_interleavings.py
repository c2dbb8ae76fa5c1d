"""Many sessions with tools, cancels and broken connections in random order: every question is answered exactly once."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from typing import Any

import pytest

from tests.backends.upstream.relays import relayed, service_at
from tests.fakes.realtime_service import Call, Kind, RealtimeService, Say, realtime_service, text_of
from tests.gateway.sessions import Table
from vasi.tools.ports import ToolContext, ToolResult


class Echo:
    """A tool that takes its time and gives back what it was asked."""

    name, description, parameters, read_only = "search_knowledge", "", {"type": "object"}, True

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    async def run(self, context: ToolContext, arguments: str) -> ToolResult:
        await asyncio.sleep(self._rng.random() * 0.02)
        return ToolResult(json.dumps({"owner": context.owner, "q": json.loads(arguments)["q"]}))


def reply(items: list[dict[str, Any]]) -> list[Say | Call]:
    """Answers with the last thing that the user said; every other question takes one or two calls."""
    last = items[-1]
    question = next(text_of(item) for item in reversed(items) if item.get("role") == "user")
    number = int(question.split("-")[1])
    outputs = [item for item in items[-4:] if item["type"] == "function_call_output"]
    if last["type"] != "function_call_output" and number % 2:
        arguments = json.dumps({"q": question})
        return [Call("search_knowledge", arguments)] * (1 + number % 4 // 3)
    told = f" {outputs[-1]['output']}" if number % 2 else ""
    return [Say(f"answer to {question}{told}")]


async def talk(fake: RealtimeService, name: str, questions: int, rng: random.Random, service: Any) -> dict[str, str]:
    """Ask so many questions, and cancel some; returns what became of each."""
    became: dict[str, str] = {}
    async with relayed(fake, [Echo(rng)], service=service, owner=name, seed=name, check=False, alone=False) as table:
        await table.client.update(output_modalities=["text"] if rng.random() < 0.5 else ["audio"])
        for number in range(questions):
            question = f"{name}-{number}-?"
            became[question] = await ask(table, question, name, cancel=rng.random() < 0.2)
        opened = [event["response"]["id"] for event in table.client.of("response.created")]
        ended = [event["response"]["id"] for event in table.client.of("response.done")]
        assert opened == ended, "one end for every response, in order"
        for event in table.client.events:
            assert "search_knowledge" not in json.dumps(event), "a hidden call shows"
        return became


async def ask(table: Table, question: str, name: str, *, cancel: bool) -> str:
    await table.client.write(question)
    await table.client.send("response.create")
    if cancel:
        await table.client.until("response.created")
        await table.client.send("response.cancel")
    done = (await table.client.until("response.done"))["response"]
    said = json.dumps(done["output"])
    others = [word for word in said.replace('"', " ").split() if "-?" in word and not word.startswith(name)]
    assert not others, f"{name} got another session's words: {said}"
    if done["status"] == "completed":
        assert f"answer to {question}" in said
    return str(done["status"])


@pytest.mark.parametrize(("kind", "sessions", "questions"), [("azure", 1, 12), ("azure-preview", 1, 12)])
async def test_one_session(kind: Kind, sessions: int, questions: int) -> None:
    await interleaved(kind, sessions, questions, breaks=4)


@pytest.mark.parametrize("kind", ["azure", "azure-preview"])
async def test_twenty_sessions(kind: Kind) -> None:
    await interleaved(kind, 20, 6, breaks=4)


@pytest.mark.parametrize("kind", ["azure", "azure-preview"])
async def test_two_hundred_sessions(kind: Kind) -> None:
    await interleaved(kind, 200, 2, breaks=2)


async def interleaved(kind: Kind, sessions: int, questions: int, *, breaks: int) -> None:
    rng = random.Random(f"{kind} {sessions}")
    async with realtime_service(kind, reply=reply, judge=False) as fake:
        service = service_at(fake, asks_again=True, connect_timeout_s=20, reconnect_s=60)
        async with asyncio.TaskGroup() as tasks:
            names = [f"u{number:03}" for number in range(sessions)]
            talks = [tasks.create_task(talk(fake, name, questions, rng, service)) for name in names]
            breaking = tasks.create_task(break_now_and_then(fake, sessions, breaks, rng))
            await asyncio.gather(*talks)
            breaking.cancel()
        became = [status for each in talks for status in each.result().values()]
        assert len(became) == sessions * questions
        assert set(became) <= {"completed", "cancelled"}, "none is lost where it's asked again"
        assert became.count("completed") >= len(became) // 2
        assert len(fake.connections) > sessions, "connections did break"
        for connection in fake.connections:
            owners = {text_of(item).split("-")[0] for item in connection.items if item.get("role") == "user"}
            assert len(owners) <= 1, "one connection, one session"


async def break_now_and_then(fake: RealtimeService, sessions: int, times: int, rng: random.Random) -> None:
    """Once all sessions have begun: one that can't begin is told so, and nothing of it is lost."""
    while sum(bool(connection.items) for connection in fake.connections) < sessions:
        await asyncio.sleep(0.005)
    for _ in range(times):
        await asyncio.sleep(rng.random() * 0.05)
        for connection in rng.sample(fake.open, k=(len(fake.open) + 1) // 2):
            connection.break_off()


async def test_two_hundred_sessions_through_a_killed_and_restarted_service() -> None:
    async with realtime_service(judge=False) as fake:
        service = service_at(fake, connect_timeout_s=20, reconnect_s=60)
        together = asyncio.Barrier(201)

        async def one(number: int) -> None:
            async with relayed(fake, service=service, seed=f"u{number}", check=False, alone=False) as table:
                await table.client.update(output_modalities=["text"])
                await table.client.say(f"before {number}")
                await together.wait()
                await together.wait()
                done = await table.client.say(f"after {number}")
                assert done["output"][0]["content"][0]["text"] == f"You said after {number}"
                assert len(table.client.of("response.done")) == 2
                assert not table.client.of("error")

        async with asyncio.TaskGroup() as tasks:
            for number in range(200):
                tasks.create_task(one(number))
            await together.wait()
            await fake.stop()
            await fake.start()
            await together.wait()
        recovered = [c for c in fake.connections if any(text_of(i).startswith("after") for i in c.items)]
        assert len(recovered) == 200
        assert all(len([i for i in c.items if text_of(i).startswith("after")]) == 1 for c in recovered)


async def test_a_dead_service_is_left_alone() -> None:
    async with realtime_service() as fake:
        service = service_at(fake)
        fake.faults.refuse = 503

        async def one() -> None:
            with contextlib.suppress(ConnectionError):
                async with relayed(fake, service=service, alone=False):
                    pytest.fail("there is no session")

        for _ in range(3):
            await asyncio.gather(*(one() for _ in range(20)))
        assert fake.handshakes < 40, "after a few failures nobody knocks"
        fake.faults.refuse = None
        async with asyncio.timeout(5):
            while True:
                with contextlib.suppress(ConnectionError):
                    async with relayed(fake, service=service, alone=False) as table:
                        assert (await table.client.say("back"))["status"] == "completed"
                        return
                await asyncio.sleep(0.1)
