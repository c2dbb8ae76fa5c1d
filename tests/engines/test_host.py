"""Engines under supervision: what fails is started anew, ever later, and the others go on."""

from __future__ import annotations

import asyncio
import errno
import os
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from vasi.engines.host import FAILURES_IN_A_ROW, LONGEST_DELAY_S, EngineHost
from vasi.engines.ports import Engines
from vasi.errors import EngineError, EngineMissing
from vasi.testing.engines import ScriptedStt, ToneTts, scripted_engines
from vasi.testing.llm import ScriptedLlm


class Frail(ScriptedStt):
    """Its starts end as the script says, then well."""

    def __init__(self, *starts: Exception | None) -> None:
        super().__init__()
        self.starts = deque(starts)
        self.started = self.stopped = 0

    async def start(self) -> None:
        self.started += 1
        failure = self.starts.popleft() if self.starts else None
        if failure is not None:
            raise failure

    async def stop(self) -> None:
        self.stopped += 1


class Clock:
    """Sleeps are noted, and last until they're let go."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.free = asyncio.Event()
        self.free.set()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)
        await self.free.wait()


@asynccontextmanager
async def hosting(engines: Engines, clock: Clock | None = None) -> AsyncIterator[EngineHost]:
    host = EngineHost(engines, sleep=(clock or Clock()).sleep)
    running = asyncio.create_task(host.run())
    try:
        yield host
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def until(host: EngineHost, part: Any, state: str) -> None:
    async with asyncio.timeout(5):
        while host.status()[part].state != state:
            await asyncio.sleep(0)


def engines(stt: ScriptedStt) -> Engines:
    return scripted_engines(ScriptedLlm(), stt=stt)


WANTS = [
    OSError(errno.EMFILE, os.strerror(errno.EMFILE)),
    MemoryError(),
    EngineError("No model.", retryable=True),
    EngineError("Damaged."),
]


@pytest.mark.parametrize("failure", WANTS, ids=lambda each: type(each).__name__)
async def test_a_start_that_failed_is_made_again(failure: Exception) -> None:
    stt, clock = Frail(failure, failure), Clock()
    async with hosting(engines(stt), clock) as host:
        await until(host, "stt", "ready")
    assert stt.started == 3
    assert clock.slept == [1, 2]


async def test_the_others_are_ready_meanwhile() -> None:
    clock = Clock()
    clock.free.clear()
    async with hosting(engines(Frail(EngineError("No memory.", retryable=True))), clock) as host:
        with pytest.raises(EngineError, match="No memory"):
            await host.ready()
        states = {part: status.state for part, status in host.status().items()}
        assert states == {"vad": "ready", "turn": "ready", "stt": "failed", "llm": "ready", "tts": "ready"}
        assert host.status()["stt"].problem == "No memory."
        clock.free.set()
        await until(host, "stt", "ready")
        await host.ready()
        assert host.status()["stt"].problem == ""


async def test_the_delays_grow_up_to_a_minute() -> None:
    clock = Clock()
    async with hosting(engines(Frail(*[OSError("no")] * 9)), clock) as host:
        await until(host, "stt", "ready")
    assert clock.slept == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert max(clock.slept) == LONGEST_DELAY_S


async def test_what_is_not_installed_is_not_tried_again() -> None:
    stt, clock = Frail(EngineMissing("Install it.")), Clock()
    async with hosting(engines(stt), clock) as host:
        with pytest.raises(EngineMissing, match="Install it"):
            await host.ready()
        for _ in range(20):
            await asyncio.sleep(0)
    assert (stt.started, clock.slept) == (1, [])


async def test_an_engine_that_keeps_failing_is_started_anew_once() -> None:
    stt = Frail()
    async with hosting(engines(stt)) as host:
        await until(host, "stt", "ready")
        for _ in range(FAILURES_IN_A_ROW + 2):
            host.failed("stt", EngineError("It died.", retryable=True))
        assert host.status()["stt"].state == "failed"
        await until(host, "stt", "ready")
        assert (stt.started, stt.stopped) == (2, 1)
        host.failed("stt", EngineError("It died.", retryable=True))
        assert host.status()["stt"].state == "ready"


@pytest.mark.parametrize(
    "reports",
    [
        [EngineError("It died.", retryable=True), None] * 5,
        [EngineError("That is too long.", code="utterance_too_long")] * 9,
        [EngineMissing("Not installed.")] * 9,
    ],
)
async def test_what_is_no_fault_of_the_engine_does_not_restart_it(reports: Iterable[Exception | None]) -> None:
    stt = Frail()
    async with hosting(engines(stt)) as host:
        await until(host, "stt", "ready")
        for report in reports:
            if report is None:
                host.succeeded("stt")
            else:
                host.failed("stt", report)
        assert host.status()["stt"].state == "ready"
    assert stt.started == 1


async def test_all_are_stopped_in_the_end_even_if_one_cannot_be() -> None:
    class Stubborn(ToneTts):
        async def stop(self) -> None:
            raise RuntimeError("no")

    stt = Frail()
    async with hosting(replace(engines(stt), tts=Stubborn())) as host:
        await host.ready()
    assert stt.stopped == 1
