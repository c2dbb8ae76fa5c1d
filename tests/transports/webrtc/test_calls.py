"""A call from its offer to its end, as a client sees and hears it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

pytest.importorskip("aiortc", reason="WebRTC isn't installed: pip install 'vasi[webrtc]'")

from tests.transports.webrtc.caller import Caller, calling, tone
from tests.transports.webrtc.voices import HummingTts
from vasi.accounts.ephemeral_keys import EphemeralKeys
from vasi.accounts.secrets import StaticKeys
from vasi.testing.engines import ScriptedStt, scripted_engines
from vasi.testing.llm import ScriptedLlm
from vasi.testing.server import RunningServer, serving
from vasi.testing.settings import webrtc_settings
from vasi.transports.webrtc.transport import WebRtcTransport

ANSWER = "It opens at nine."


@asynccontextmanager
async def server(
    llm: ScriptedLlm | None = None,
    heard: tuple[str, ...] = ("When does it open?",),
    *,
    calls: int = 8,
    keys: StaticKeys | None = None,
    ephemeral: EphemeralKeys | None = None,
) -> AsyncGenerator[RunningServer, None]:
    engines = scripted_engines(llm or ScriptedLlm(ANSWER), stt=ScriptedStt(heard), tts=HummingTts())
    transport = WebRtcTransport(webrtc_settings(most_calls=calls))
    async with serving(engines, call_transport=transport, keys=keys, ephemeral=ephemeral) as running:
        yield running


async def ask(caller: Caller) -> None:
    """Ask a spoken question and wait for the end of the answer."""
    await caller.until("session.created")
    await caller.say(tone(600))
    await caller.until("output_audio_buffer.stopped")


async def test_a_spoken_question_is_answered_by_voice():
    async with server() as running, calling(running.http) as caller:
        await ask(caller)
        types = caller.types()
        assert "response.output_audio.delta" not in types
        transcript = next(e for e in caller.events if e["type"] == "response.output_audio_transcript.done")
        assert transcript["transcript"] == ANSWER
        started, stopped = types.index("output_audio_buffer.started"), types.index("output_audio_buffer.stopped")
        assert types.index("response.content_part.added") < started < stopped
        assert types.index("response.done") < stopped
        await asyncio.sleep(0.3)
        assert caller.heard_ms() == pytest.approx(len(ANSWER) * 50, abs=150)
