"""A scripted server for official clients: what it said to whom is kept and judged at the end."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from tests.beta_validation import check_beta_event
from tests.server_process import QUESTIONS
from tests.wire_validation import check_event
from vasi.accounts.secrets import StaticKeys
from vasi.engines.ports import Engines
from vasi.engines.vad.silero import SileroVad
from vasi.media import pcm, wav
from vasi.media.timeline import HEARD_MS
from vasi.testing.engines import CHARACTER_MS, ScriptedStt, ScriptedTurnAnalyzer, ToneTts
from vasi.testing.llm import ScriptedLlm
from vasi.testing.server import Certificate, RunningServer, serving
from vasi.tools.ports import ToolContext, ToolResult
from vasi.tools.servers import Servers

DEMO: dict[str, Any] = next(q for q in json.loads((QUESTIONS / "questions.json").read_text()) if q.get("demo"))
"""A question of the sample documents of which there is a recording."""

KEY = "sk-anything"
"""What all clients are set up with; the server wants it."""
LONG = "The lake is eighty three metres deep in the middle, and much shallower at its southern end."
"""An answer of more than four seconds."""


def spoken_in(milliseconds: int) -> str:
    """The words of ``LONG`` that a client has heard after so much of its sound: words count once recognisable."""
    said = ""
    for word in LONG.split(" "):
        begins = len(said) + 1 if said else 0
        if begins * CHARACTER_MS + HEARD_MS > milliseconds:
            break
        said = LONG[: begins + len(word)]
    return said


def recording(pause_ms: int = 1200) -> bytes:
    """The demo question as PCM at 24 kHz, and a pause after it."""
    return pcm.encode(wav.read((QUESTIONS / DEMO["wav"]).read_bytes(), 24_000)) + bytes(48 * pause_ms)


@dataclass(frozen=True)
class FixedTool:
    """A tool of the server that knows one thing."""

    name: str = "lake_depth"
    description: str = "How deep the lake is."
    output: str = '{"metres": 83}'
    read_only: bool = True

    @property
    def parameters(self) -> dict[str, Any]:
        return {"type": "object", "properties": {}}

    async def run(self, context: ToolContext, arguments: str) -> ToolResult:
        return ToolResult(self.output)


@cache
def silero() -> SileroVad:
    """One for all tests: it takes half a second to load."""
    return SileroVad()


class Recorder:
    """Every frame of every connection, decoded."""

    def __init__(self) -> None:
        self._beta: set[int] = set()
        """Numbers of the connections that speak beta."""
        self._senders: list[int] = []
        self.received: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []

    def __call__(self, connection: int, way: Literal["received", "sent"], frame: str | bytes) -> None:
        event = json.loads(frame)
        if way == "received":
            self.received.append(event)
            return
        if event["type"] == "session.created" and "modalities" in event["session"]:
            self._beta.add(connection)
        self.sent.append(event)
        self._senders.append(connection)

    def of(self, kind: str) -> list[dict[str, Any]]:
        """What was sent of one type."""
        return [event for event in self.sent if event["type"] == kind]

    def judge(self, *, refused: Collection[str] = ()) -> None:
        """Fail unless all that was sent is what official clients expect, and none of it an error.

        Args:
            refused: codes of errors that are right, for clients that ask for what can't be.
        """
        for event, connection in zip(self.sent, self._senders, strict=True):
            (check_beta_event if connection in self._beta else check_event)(event)
        assert [event for event in self.of("error") if event["error"]["code"] not in refused] == []
        created = [event["response"]["id"] for event in self.of("response.created")]
        done = [event["response"]["id"] for event in self.of("response.done")]
        assert sorted(created) == sorted(done), "exactly one end for every response"


@dataclass(frozen=True)
class Scripted:
    """A running scripted server."""

    server: RunningServer
    llm: ScriptedLlm
    recorder: Recorder


@asynccontextmanager
async def scripted(
    llm: ScriptedLlm,
    *,
    heard: Iterable[str] = (),
    certificate: Certificate | None = None,
    servers: Servers | None = None,
    refused: Collection[str] = (),
) -> AsyncIterator[Scripted]:
    """Serve with ``llm``, a real VAD and a recogniser that hears ``heard``; judge what was said in the end."""
    recorder = Recorder()
    engines = Engines(vad=silero(), turn=ScriptedTurnAnalyzer(), stt=ScriptedStt(heard), llm=llm, tts=ToneTts())
    async with serving(
        engines,
        tools=[FixedTool()],
        servers=servers,
        tap=recorder,
        certificate=certificate,
        keys=StaticKeys([KEY]),
    ) as server:
        yield Scripted(server, llm, recorder)
    llm.finish()
    recorder.judge(refused=refused)
