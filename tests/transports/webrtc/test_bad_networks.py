"""Packets of a speaking client are lost, copied and overtaken on the way: what the session hears all the same."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

pytest.importorskip("aiortc", reason="WebRTC isn't installed: pip install 'vasi[webrtc]'")

from tests.transports.webrtc.caller import Caller, calling, tone
from tests.transports.webrtc.voices import HummingTts
from vasi.testing.engines import ScriptedStt, scripted_engines
from vasi.testing.llm import ScriptedLlm
from vasi.testing.server import serving
from vasi.testing.settings import webrtc_settings
from vasi.transports.webrtc.transport import WebRtcTransport

SPOKEN_MS = 3_000
NEVER = 1_000_000


class BadNetwork:
    """Between a client and the server: of its packets of sound some are lost, some come twice, some late."""

    def __init__(self, caller: Caller, *, lost: int, twice: int, late: int) -> None:
        self._lost, self._twice, self._late = lost, twice, late
        self._count = 0
        self.dropped = 0
        transport: Any = caller.connection.getTransceivers()[0].receiver.transport.transport
        self._send = transport._send
        transport._send = self._pass_on

    async def _pass_on(self, data: bytes) -> None:
        sound = 128 <= data[0] < 192 and not 192 <= data[1] <= 208
        if not sound:
            await self._send(data)
            return
        self._count += 1
        if self._count % self._lost == 0:
            self.dropped += 1
        elif self._count % self._late == 0:
            asyncio.get_running_loop().call_later(0.03, lambda: asyncio.ensure_future(self._send(data)))
        else:
            await self._send(data)
            if self._count % self._twice == 0:
                await self._send(data)


async def heard_ms(*, lost: int, twice: int, late: int) -> tuple[int, int]:
    """How long a turn of ``SPOKEN_MS`` is heard over a network, and how many of its packets were lost."""
    stt = ScriptedStt(["Long enough."])
    engines = scripted_engines(ScriptedLlm("Yes."), stt=stt, tts=HummingTts())
    transport = WebRtcTransport(webrtc_settings())
    async with serving(engines, call_transport=transport) as running, calling(running.http) as caller:
        await caller.until("session.created")
        network = BadNetwork(caller, lost=lost, twice=twice, late=late)
        await caller.say(tone(SPOKEN_MS))
        await caller.until("output_audio_buffer.stopped")
        assert caller.types().count("input_audio_buffer.speech_started") == 1, "no loss is taken for the end of a turn"
        return stt.heard_ms[0], network.dropped


async def test_speech_keeps_its_length_and_is_one_turn() -> None:
    clean, none = await heard_ms(lost=NEVER, twice=NEVER, late=NEVER)
    assert none == 0
    for one_in in (50, 20):
        heard, lost = await heard_ms(lost=one_in, twice=9, late=7)
        assert lost >= SPOKEN_MS / 20 / one_in - 1
        assert heard == pytest.approx(clean, abs=60), f"one of {one_in} lost"
