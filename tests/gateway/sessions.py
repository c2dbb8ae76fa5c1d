"""Whole sessions in one process: a client, the gateway, the local backend and scripted engines."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.wire_validation import check_event
from vasi.accounts.principals import Principal
from vasi.backends.local import LocalBackend
from vasi.backends.ports import BackendFactory
from vasi.engines.ports import Llm
from vasi.gateway.limits import Meter
from vasi.gateway.recorder import Recorder
from vasi.gateway.request import SessionRequest
from vasi.gateway.session import GatewaySession
from vasi.testing.client import Client
from vasi.testing.engines import ScriptedStt, scripted_engines, silence, speech
from vasi.testing.settings import conversation_settings, gateway_settings, rate_settings
from vasi.tools.ports import FoundPassage, Tool, ToolContext, ToolResult
from vasi.tools.registry import Registry
from vasi.transports.memory import MemoryLink, link_pair

PROMPT = "You are the server's secret prompt."


def passage(number: int, text: str, document: str = "handbook.md", page: int | None = 3) -> FoundPassage:
    return FoundPassage(id=f"p{number}", document=document, page=page, heading="", text=text, score=0.9)


@dataclass
class ScriptedTool:
    """A tool that does what the test says; ``finish`` keeps it back until it's set.

    ``began`` holds the arguments of each call that began, ``ended`` of each that came to its end.
    """

    name: str = "search_knowledge"
    read_only: bool = True
    result: ToolResult | Exception = field(default_factory=lambda: ToolResult('{"found": true}'))
    description: str = "A secret description."
    parameters: dict[str, Any] = field(default_factory=lambda: {"type": "object"})
    finish: asyncio.Event = field(default_factory=asyncio.Event)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    began: list[tuple[str, str]] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    stopped: int = 0

    @classmethod
    def ready(cls, **fields: Any) -> ScriptedTool:
        """One that returns at once."""
        tool = cls(**fields)
        tool.finish.set()
        return tool

    async def run(self, context: ToolContext, arguments: str) -> ToolResult:
        self.began.append((context.owner, arguments))
        self.reached.set()
        try:
            await self.finish.wait()
        except asyncio.CancelledError:
            self.stopped += 1
            raise
        self.ended.append(arguments)
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


class Table:
    """One session with its client at the table."""

    def __init__(self, client: Client, served: MemoryLink, running: asyncio.Task[None]) -> None:
        self.client = client
        self.served = served
        self.running = running

    async def hear(self, milliseconds: int, *, loud: bool) -> None:
        """The microphone sends so much."""
        for begin in range(0, milliseconds, 100):
            length = min(100, milliseconds - begin)
            audio = base64.b64encode(speech(length) if loud else silence(length)).decode()
            await self.client.send("input_audio_buffer.append", audio=audio)

    async def speak(self) -> None:
        """The user says something and falls silent."""
        await self.hear(600, loud=True)
        await self.hear(700, loud=False)

    def closed_with(self) -> tuple[int, str] | None:
        return self.served.closed_with


@contextlib.asynccontextmanager
async def session(
    llm: Llm,
    tools: Sequence[Tool] = (),
    *,
    stt: ScriptedStt | None = None,
    backend: BackendFactory | None = None,
    owner: str = "alice",
    activity: bool = False,
    seed: str = "ab",
    check: bool = True,
    meter: Meter | None = None,
    recorder: Recorder | None = None,
    initial: Mapping[str, Any] | None = None,
    alone: bool = True,
    lead_ms: int | None = None,
    **settings: Any,
) -> AsyncIterator[Table]:
    """A session whose every event is judged; at the end nothing of it may be left, if it's ``alone``."""
    before = asyncio.all_tasks()
    engines = scripted_engines(llm, stt=stt)

    talking = conversation_settings(lead_ms=lead_ms)

    def local(view: Any, **given: Any) -> LocalBackend:
        return LocalBackend(engines, view, talking, today=lambda: datetime(2026, 3, 4, tzinfo=UTC), **given)

    ours, theirs = link_pair()
    gateway = GatewaySession(
        theirs,
        SessionRequest(Principal(owner=owner), initial or {}, recorder),
        backend or local,
        Registry(tools),
        gateway_settings(PROMPT, **settings),
        meter=meter or Meter(rate_settings(), lambda: 0.0),
        seed=seed,
        today=lambda: datetime(2026, 3, 4, tzinfo=UTC),
    )
    running = asyncio.create_task(gateway.run())
    client = Client(ours, (lambda event: check_event(event, extension=activity)) if check else None)
    await client.until("session.created")
    if activity:
        await client.update(include=["vasi.activity"])
    try:
        yield Table(client, theirs, running)
    finally:
        await client.close()
        await asyncio.wait_for(running, 10)
        left = asyncio.all_tasks() - before - {running}
        assert not left or not alone, f"left behind: {left}"
