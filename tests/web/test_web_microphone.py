"""Over a real socket: a microphone that stops sending in mid-sentence."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from tests.web.app_server import running
from vasi.testing.engines import ScriptedStt, speech
from vasi.testing.llm import ScriptedLlm

FRAME = base64.b64encode(speech(20)).decode()


async def test_a_question_that_breaks_off_is_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stt = ScriptedStt(["where is the assembly", "where is the assembly point"])
    llm = ScriptedLlm("Where is what?", "By the gate.")
    async with running(tmp_path, monkeypatch, llm, stt=stt) as app, app.talk() as client:
        for answer in ("Where is what?", "By the gate."):
            for _ in range(40):
                await client.send("input_audio_buffer.append", audio=FRAME)
            done = await client.until("response.done")
            assert done["response"]["output"][0]["content"][0]["text"] == answer
        items = [event["item_id"] for event in client.of("input_audio_buffer.speech_started")]
        assert len(set(items)) == 2
        assert [event["item_id"] for event in client.of("input_audio_buffer.committed")] == items
    assert stt.heard_ms == pytest.approx([800, 800], abs=64)
