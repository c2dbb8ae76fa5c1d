"""A server whose engine fails: it says which, others' sessions live, and it works again after a restart."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosedError

from tests.backends.upstream.relays import service_at
from tests.fakes.realtime_service import KEY, MODEL, realtime_service
from tests.web.app_server import running
from vasi.backends.upstream.address import address
from vasi.backends.upstream.credentials import Key
from vasi.backends.upstream.service import REFUSAL_S, Service, ServiceSettings
from vasi.backends.upstream.session import UpstreamBackend
from vasi.cli.doctor import describe_server
from vasi.config import Settings
from vasi.engines.host import FAILURES_IN_A_ROW
from vasi.errors import EngineError, UpstreamError
from vasi.protocol.session import Session
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


async def test_a_model_service_that_refuses_everybody_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with realtime_service() as fake:
        upstream = {"base_url": fake.base_url, "kind": fake.kind, "api_key": KEY, "model": MODEL}
        async with running(tmp_path, monkeypatch, backend="upstream", upstream=upstream) as app:
            assert (await app.http.get("/readyz")).json()["service"] is True
            fake.faults.refuse, fake.faults.times = 401, 1
            with pytest.raises(ConnectionClosedError, match="refused the key"):
                async with app.talk():
                    pass
            broken = await app.http.get("/readyz")
            assert (broken.status_code, broken.json()["service"]) == (503, False)
            assert "upstream.api_key" in (await app.http.get("/api/status")).json()["problems"]["service"]
            async with app.talk():
                assert (await app.http.get("/readyz")).status_code == 200


async def test_what_a_client_asks_for_is_not_the_service_s_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with realtime_service() as fake:
        fake.faults.refuse_session = "There is no such voice."
        service = service_at(fake)
        backend = UpstreamBackend(service, Session(id="sess_x", model="m", expires_at=0), seed="s")
        with pytest.raises(UpstreamError, match="no such voice"):
            await backend.run(lambda _: None)
        assert service.problem == ""


async def test_after_a_while_without_a_try_a_service_counts_as_available() -> None:
    now = 1000.0
    async with realtime_service() as fake:
        fake.faults.refuse, fake.faults.times = 401, 1
        there = address(fake.base_url, MODEL, kind=fake.kind)
        settings = ServiceSettings(None, asks_again=False, connect_timeout_s=2.0, reconnect_s=10.0)
        service = Service(there, Key(KEY, there), settings, clock=lambda: now)
        with pytest.raises(UpstreamError):
            await service.connect(Session(id="sess_x", model="m", expires_at=0))
        assert "refused the key" in service.problem
        now += REFUSAL_S + 1
        assert service.problem == ""
