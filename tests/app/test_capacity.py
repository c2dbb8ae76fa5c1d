"""A full machine tells the newcomer, and nobody else waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from vasi import plugins
from vasi.app import Vasi, capacity
from vasi.app.capacity import NEW_S, QUIET_S, Capacity, TalkMonitor, measured_capacity
from vasi.config import EngineSettings, LimitSettings, Settings
from vasi.engines.host import Unmonitored
from vasi.errors import EngineError, OverloadedError
from vasi.plugins import Candidate
from vasi.testing.engines import ScriptedStt, ToneTts, silence, speech
from vasi.testing.server import RunningServer, hosting

PHRASE = "We open at nine."


def scripted(part: str, make, seconds: float | None) -> Candidate:
    return Candidate(
        part, "scripted", lambda _: None, lambda _: make(), "Scripted.", priority=90, seconds=lambda _: seconds
    )


HEARING = scripted("stt", lambda: ScriptedStt([PHRASE] * 99), 0.4)
SPEAKING = scripted("tts", ToneTts, 0.3)
CANDIDATES = (HEARING, SPEAKING)


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch):
    own = plugins.BUILT_IN[plugins.ENGINES]
    monkeypatch.setitem(plugins.BUILT_IN, plugins.ENGINES, {**own, "test": f"{__name__}:CANDIDATES"})
    plugins.forget()
    yield
    monkeypatch.undo()
    plugins.forget()


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def settings(data: Path, **limits: int) -> Settings:
    return Settings(data=data, engines=EngineSettings(vad="energy", turn="cues"), limits=LimitSettings(**limits))


# --- who counts -----------------------------------------------------------------------------------------------------
def test_a_session_counts_while_it_talks_and_when_it_is_new(tmp_path: Path) -> None:
    clock = Clock()
    counted = Capacity(settings(tmp_path, talking=1), clock)
    with counted.place() as place:
        with pytest.raises(OverloadedError, match="Somebody talks to this server already") as refused, counted.place():
            pass
        assert refused.value.retry_after_s > 0
        clock.now += NEW_S
        with counted.place():  # the first one is silent
            clock.now += NEW_S
            assert counted.talking == 0
            TalkMonitor(Unmonitored(), place).succeeded("llm")
            assert counted.talking == 0  # typed
            TalkMonitor(Unmonitored(), place).succeeded("stt")
            assert counted.talking == 1
            clock.now += QUIET_S
            TalkMonitor(Unmonitored(), place).failed("tts", EngineError("Too long."))
            assert counted.talking == 1
    assert counted.talking == 0


# --- how many -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("registered")
def test_slower_engines_and_fewer_cores_allow_fewer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def most(cores: int, hearing: float | None, speaking: float | None) -> int | None:
        monkeypatch.setattr(capacity.os, "cpu_count", lambda: cores)
        candidates = (scripted("stt", ScriptedStt, hearing), scripted("tts", ToneTts, speaking))
        monkeypatch.setitem(globals(), "CANDIDATES", candidates)
        plugins.forget()
        return measured_capacity(Settings(data=tmp_path))

    assert most(2, None, None) is None
    usual = most(2, 0.4, 0.3)
    assert usual is not None
    assert usual >= 4
    assert (most(2, 0.8, 0.6) or 0) < usual < (most(8, 0.2, 0.15) or 0)
    assert most(2, 60.0, 60.0) == 1  # somebody must be able to talk
    assert (most(2, None, 0.3) or 0) >= usual


@pytest.mark.usefixtures("registered")
def test_the_setting_decides(tmp_path: Path) -> None:
    assert Capacity(settings(tmp_path, talking=3)).most == 3
    assert Capacity(settings(tmp_path)).most == measured_capacity(settings(tmp_path))


# --- through a server -----------------------------------------------------------------------------------------------
@pytest.fixture
async def server(registered: None, tmp_path: Path) -> AsyncIterator[RunningServer]:
    async with Vasi.open(settings(tmp_path, talking=3)) as vasi:
        await vasi.ready()
        async with hosting(vasi.asgi()) as running:
            yield running


def socket(server: RunningServer, **headers: str) -> connect:
    return connect(f"ws://127.0.0.1:{server.port}/v1/realtime?model=vasi", additional_headers=headers)


async def talk(client: ClientConnection) -> str:
    """Say something; the answer."""
    import base64

    spoken = [speech(600), silence(1_500)]
    for sound in spoken:
        for start in range(0, len(sound), 9_600):
            audio = base64.b64encode(sound[start : start + 9_600]).decode()
            await client.send(json.dumps({"type": "input_audio_buffer.append", "audio": audio}))
    while True:
        event = json.loads(await asyncio.wait_for(client.recv(), 30))
        if event["type"] == "response.done":
            return event["response"]["status"]


async def test_of_ten_at_once_some_are_told_and_the_others_answered(server: RunningServer) -> None:
    async def converse() -> str:
        async with socket(server) as client:
            started.set()
            await asyncio.wait_for(full.wait(), 30)
            return await talk(client)

    async def attempt() -> str:
        try:
            return await converse()
        except InvalidStatus as refusal:
            answer = refusal.response
            assert answer.status_code == 503
            assert int(answer.headers["Retry-After"]) > 0
            error = json.loads(answer.body)["error"]
            assert error["code"] == "server_overloaded"
            refused.append(error["message"])
            if len(refused) == 7:
                full.set()
            return "refused"

    started, full = asyncio.Event(), asyncio.Event()
    refused: list[str] = []
    results = await asyncio.gather(*(attempt() for _ in range(10)))
    assert sorted(results) == ["completed"] * 3 + ["refused"] * 7
    assert "3 people talk to this server already" in refused[0]
    async with socket(server) as client:  # they have left
        assert await talk(client) == "completed"


async def test_a_page_learns_why_from_how_its_socket_closes(server: RunningServer) -> None:
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(3):
            await stack.enter_async_context(socket(server))
        page = await stack.enter_async_context(socket(server, Origin=f"http://127.0.0.1:{server.port}"))
        with pytest.raises(ConnectionClosed) as closed:
            await page.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1013
        assert "3 people talk" in closed.value.rcvd.reason
        assert closed.value.rcvd.reason.endswith("try again soon.")
