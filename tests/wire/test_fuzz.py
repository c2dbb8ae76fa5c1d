"""Fifty thousand frames that no honest client sends: the server stays up, stays small, and answers the next turn.

What it says meanwhile is judged by ``tests.oversight``, as everywhere.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import json
import logging
import sys
from collections import Counter, deque
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Any

import psutil
import pytest
import websockets

from tests.wire.fuzz import Fuzzer
from tests.wire.scripted import FixedTool
from vasi.engines.ports import ChatRequest, LlmDone, LlmEvent, TextDelta, ToolCallDelta, UserMessage
from vasi.testing.engines import ScriptedStt, scripted_engines
from vasi.testing.server import MESSAGE_BYTES, RunningServer, serving

SEED = 20_260
CONNECTIONS = 5
FRAMES = 2_000
"""On each connection, each time."""
ROUNDS = 5
"""Of which the first is warm-up for the measurement of memory."""
BATCH = 200
PATIENCE_S = 30
GROWTH_MB = 10


class Obliging:
    """Answers everything, now and then with a call of a tool that it was offered; keeps nothing."""

    name = "obliging"

    def __init__(self) -> None:
        self._requests = 0

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def generate(self, request: ChatRequest) -> AsyncGenerator[LlmEvent, None]:
        self._requests += 1
        last = request.messages[-1] if request.messages else None
        if isinstance(last, UserMessage) and last.text.startswith("honest "):
            yield TextDelta(last.text.removeprefix("honest "))
            yield LlmDone("stop", 1, 1)
        elif request.tools and self._requests % 3 == 0:
            name = request.tools[self._requests % len(request.tools)].name
            yield ToolCallDelta(0, "{}", call_id=f"call_{self._requests}", name=name)
            yield LlmDone("tool_calls", 1, 1)
        else:
            yield TextDelta("Yes.")
            yield LlmDone("stop", 1, 1)


class Hostile:
    """One connection that sends what a fuzzer makes."""

    def __init__(self, socket: websockets.ClientConnection, seed: int, *, beta: bool = False) -> None:
        self._socket = socket
        self._seed = seed
        self._fuzzer = Fuzzer(seed, beta=beta)
        self._beta = beta
        self._last: deque[Any] = deque(maxlen=BATCH)
        self._heard: deque[Any] = deque(maxlen=8)
        self.seen: Counter[str] = Counter()
        self._responses: dict[str, dict[str, Any] | None] = {}
        self._came = asyncio.Condition()
        self._refused: dict[str | None, str | None] = {}

    async def listen(self) -> None:
        async for frame in self._socket:
            event = json.loads(frame)
            self._heard.append(frame)
            self._fuzzer.learn(event)
            async with self._came:
                self.seen[event["type"]] += 1
                match event["type"]:
                    case "response.created":
                        assert event["response"]["id"] not in self._responses
                        self._responses[event["response"]["id"]] = None
                    case "response.done":
                        assert self._responses[event["response"]["id"]] is None, "a response ends once"
                        self._responses[event["response"]["id"]] = event["response"]
                    case "error":
                        self.seen[f"error {event['error']['code']}"] += 1
                        self._refused[event["error"]["event_id"]] = event["error"]["code"]
                    case _:
                        pass
                self._came.notify_all()

    async def attack(self, frames: int) -> None:
        """Send so many frames; every now and then wait until the server has looked at all of them."""
        for number in range(frames):
            frame = self._fuzzer.frame()
            self._last.append(frame)
            await self._socket.send(frame)
            if number % BATCH == BATCH - 1:
                await self._probe(f"probe_{number}")

    async def _probe(self, event_id: str) -> None:
        await self._send(type="no.such.event", event_id=event_id)
        await self._until(lambda: event_id in self._refused)
        self._refused.clear()

    async def behave(self, answer: str) -> None:
        """An honest turn on the same connection."""
        await self._probe("attack over")
        honest = {
            "type": "realtime",
            "output_modalities": ["text"],
            "audio": {"input": {"turn_detection": None}},
            "tools": [],
            "tool_choice": "auto",
            "truncation": "auto",
            "max_output_tokens": "inf",
        }
        beta = {"modalities": ["text"], "turn_detection": None, "tools": [], "max_response_output_tokens": "inf"}
        updates = self.seen["session.updated"]
        await self._send(type="session.update", session=beta if self._beta else honest)
        await self._send(type="input_audio_buffer.clear")
        await self._send(type="response.cancel")
        await self._until(lambda: self.seen["session.updated"] > updates)
        part = {"type": "input_text", "text": f"honest {answer}"}
        for attempt in map(str, range(5)):
            await self._until(lambda: all(self._responses.values()))
            await self._send(
                type="conversation.item.create", item={"type": "message", "role": "user", "content": [part]}
            )
            await self._send(type="response.create", response={"metadata": {"turn": answer}}, event_id=attempt)
            await self._until(lambda name=attempt: self._answer(answer) or name in self._refused)
            if attempt not in self._refused:
                break
            # An utterance from before is still being answered.
            assert self._refused[attempt] == "conversation_already_has_active_response"
        response = self._answer(answer)
        assert response is not None
        assert response["status"] == "completed", response
        assert response["output"][0]["content"] == [{"type": "text" if self._beta else "output_text", "text": answer}]

    def _answer(self, turn: str) -> dict[str, Any] | None:
        ended = [r for r in self._responses.values() if r is not None and (r["metadata"] or {}).get("turn") == turn]
        return ended[0] if ended else None

    async def _send(self, **event: Any) -> None:
        await self._socket.send(json.dumps(event))

    async def _until(self, there: Any) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S), self._came:
                await self._came.wait_for(there)
        except TimeoutError:
            raise AssertionError(
                f"seed {self._seed}: the server fell silent after {self._last[-1]!r:.2000}"
                + "".join("\n  " + str(h)[:600] for h in self._heard)
            ) from None


async def attack_once(server: RunningServer, seed: int, seen: Counter[str]) -> None:
    """One connection from its hello to an honest turn; one in five speaks the beta dialect."""
    beta = seed % CONNECTIONS == 0
    headers = {"OpenAI-Beta": "realtime=v1"} if beta else {}
    async with websockets.connect(server.ws, additional_headers=headers, compression=None, max_size=None) as socket:
        hostile = Hostile(socket, seed, beta=beta)
        listening = asyncio.create_task(hostile.listen())
        working = asyncio.create_task(hostile.attack(FRAMES))
        try:
            await asyncio.wait({listening, working}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                await listening
                raise AssertionError(f"seed {seed}: the server closed with {socket.close_code} {socket.close_reason!r}")
            await working
            await hostile.behave(f"still here {seed}")
        finally:
            working.cancel()
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
    seen.update(hostile.seen)


def memory_mb() -> float:
    """What this process holds, after it gave back what it can."""
    gc.collect()
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL("libc.so.6").malloc_trim(0)
    return psutil.Process().memory_info().rss / 1e6


@pytest.mark.timeout(300)
async def test_nothing_that_a_client_sends_harms_the_server(caplog: pytest.LogCaptureFixture) -> None:
    engines = scripted_engines(Obliging(), stt=ScriptedStt(["yes"] * 20_000))
    seen: Counter[str] = Counter()
    held: list[float] = []
    with caplog.at_level(logging.WARNING):
        async with serving(engines, tools=[FixedTool()]) as server:
            for number in range(ROUNDS):
                seeds = [SEED + number * CONNECTIONS + connection for connection in range(CONNECTIONS)]
                async with asyncio.TaskGroup() as attackers:
                    for seed in seeds:
                        attackers.create_task(attack_once(server, seed, seen))
                held.append(memory_mb())
    assert [record.getMessage() for record in caplog.records] == []
    assert {"response.done", "conversation.item.truncated", "input_audio_buffer.committed"} <= seen.keys()
    assert held[-1] - held[0] < GROWTH_MB, f"memory after each round: {held}"


async def test_what_websocket_forbids_closes_that_connection_alone() -> None:
    engines = scripted_engines(Obliging())
    async with serving(engines) as server, websockets.connect(server.ws) as bystander:
        for frame, code in [("x" * (MESSAGE_BYTES + 1), 1009), (b"\xff\xfe", 1007)]:
            async with websockets.connect(server.ws, max_size=None) as socket:
                await socket.recv()
                with suppress(websockets.ConnectionClosed):
                    await socket.send(frame, text=True)
                await asyncio.wait_for(socket.wait_closed(), PATIENCE_S)
                assert socket.close_code == code
        hostile = Hostile(bystander, SEED)
        listening = asyncio.create_task(hostile.listen())
        await hostile.behave("still here")
        await bystander.close()
        await listening
