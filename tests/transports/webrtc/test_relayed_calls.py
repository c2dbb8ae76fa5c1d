"""A call in front of a model service that is reached by WebSocket: tools stay on the server, playout is exact."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import pytest

pytest.importorskip("aiortc", reason="WebRTC isn't installed: pip install 'vasi[webrtc]'")

from tests.backends.upstream.relays import service_at
from tests.fakes import realtime_service as fakes
from tests.fakes.realtime_service import RealtimeService, realtime_service
from tests.transports.webrtc.caller import calling, tone
from tests.wire.scripted import FixedTool
from vasi.backends.upstream.session import UpstreamBackend
from vasi.testing.engines import scripted_engines
from vasi.testing.llm import ScriptedLlm
from vasi.testing.server import RunningServer, serving
from vasi.testing.settings import webrtc_settings
from vasi.transports.webrtc.transport import WebRtcTransport

COUNTED = " ".join(str(number) for number in range(40))
"""Two seconds of sound, which the service sends at once."""


@pytest.fixture(autouse=True)
def audible(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service's voice is one that Opus carries."""
    monkeypatch.setattr(
        fakes, "DELTA", base64.b64encode(tone(fakes.WORD_MS, hertz=440, rate=24_000).tobytes()).decode()
    )


@asynccontextmanager
async def relay(fake: RealtimeService) -> AsyncGenerator[RunningServer, None]:
    service = service_at(fake)

    def backend(session: Any, *, seed: str, profile: str) -> UpstreamBackend:
        return UpstreamBackend(service, session, seed=seed)

    transport = WebRtcTransport(webrtc_settings())
    engines = scripted_engines(ScriptedLlm())
    async with serving(engines, tools=[FixedTool()], backend=backend, call_transport=transport) as running:
        yield running


def depth(items: list[dict[str, Any]]) -> Iterable[fakes.Say | fakes.Call]:
    outputs = [item for item in items if item["type"] == "function_call_output"]
    return [fakes.Say("It is 83 metres deep")] if outputs else [fakes.Call("lake_depth", "{}")]


async def test_a_spoken_question_is_answered_with_a_tool_of_the_server():
    async with realtime_service(reply=depth) as fake, relay(fake) as running, calling(running.http) as caller:
        await caller.until("session.created")
        await caller.say(tone(600))
        await caller.until("output_audio_buffer.stopped")
        done = next(event for event in caller.events if event["type"] == "response.done")
        assert [item["type"] for item in done["response"]["output"]] == ["message"]
        said = next(event for event in caller.events if event["type"] == "response.output_audio_transcript.done")
        assert said["transcript"] == "It is 83 metres deep"
        await caller.hears_silence()
        assert caller.heard_ms() == pytest.approx(6 * fakes.WORD_MS, abs=100)
        assert fake.complaints == []


async def test_the_service_is_told_how_much_was_heard():
    async with (
        realtime_service(reply=lambda _: [fakes.Say(COUNTED)]) as fake,
        relay(fake) as running,
        calling(running.http) as caller,
    ):
        await caller.until("session.created")
        await caller.say(tone(600))
        await caller.until("response.done")  # all has come, little was played
        await caller.hears()
        await asyncio.sleep(0.5)
        caller.microphone.say(tone(500))
        await caller.until("output_audio_buffer.cleared")
        heard_ms = caller.heard_ms()
        await caller.until("conversation.item.truncated")
        (truncate,) = fake.received("conversation.item.truncate")
        assert truncate["audio_end_ms"] == pytest.approx(heard_ms, abs=120)
        assert truncate["audio_end_ms"] < 40 * fakes.WORD_MS
        assert fake.complaints == []
