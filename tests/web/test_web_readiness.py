"""A server whose engine fails: it says which, others' sessions live, and it works again after a restart."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

import pytest

from tests.web.app_server import running
from vasi.cli.doctor import describe_server
from vasi.config import Settings
from vasi.engines.host import FAILURES_IN_A_ROW
from vasi.errors import EngineError
from vasi.testing.engines import ScriptedStt, silence, speech
from vasi.testing.llm import ScriptedLlm

QUESTION = base64.b64encode(speech(600) + silence(1000)).decode()


async def test_an_engine_that_fails_is_told_of_and_restarted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    died = EngineError("The recogniser died.", retryable=True)
    stt = ScriptedStt([*[died] * FAILURES_IN_A_ROW, "hello again"])
    async with running(tmp_path, monkeypatch, ScriptedLlm("Hello."), stt=stt) as app:
        ready = await app.http.get("/readyz")
        assert (ready.status_code, ready.json()["status"]) == (200, "ready")
        assert {"vad", "turn", "stt", "llm", "tts", "index"} <= ready.json().keys()
        async with app.talk() as client:
            for _ in range(FAILURES_IN_A_ROW):
                await client.send("input_audio_buffer.append", audio=QUESTION)
                done = await client.until("response.done")
                assert done["response"]["status_details"]["error"]["code"] == "transcription_failed"
            broken = await app.http.get("/readyz")
            assert broken.status_code == 503
            assert [name for name, good in broken.json().items() if good is False] == ["stt"]
            assert (await app.http.get("/api/status")).json()["problems"] == {"stt": "The recogniser died."}
            async with asyncio.timeout(10):
                while (await app.http.get("/readyz")).status_code != 200:
                    await asyncio.sleep(0.05)
            await client.send("input_audio_buffer.append", audio=QUESTION)
            done = await client.until("response.done")
            assert done["response"]["status"] == "completed"
        assert (await app.http.get("/api/status")).json()["problems"] == {}


async def test_doctor_tells_how_a_running_server_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    died = EngineError("The recogniser died.", retryable=True)
    async with running(tmp_path, monkeypatch, ScriptedLlm(), stt=ScriptedStt([died] * FAILURES_IN_A_ROW)) as app:
        settings = Settings(data=tmp_path, port=int(app.server.http.rsplit(":", 1)[1]))
        assert await asyncio.to_thread(describe_server, settings) == f"runs at {app.server.http}, ready"
        async with app.talk() as client:
            for _ in range(FAILURES_IN_A_ROW):
                await client.send("input_audio_buffer.append", audio=QUESTION)
                await client.until("response.done")
            assert await asyncio.to_thread(describe_server, settings) == f"runs at {app.server.http}, not ready: stt"
    assert "none answers" in await asyncio.to_thread(describe_server, settings)
