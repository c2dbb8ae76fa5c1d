"""Ctrl-C while a command's coroutine is running. A signal is really sent, to the process of the tests."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import Any

import pytest

from vasi.cli.running import run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are different there")


def test_ctrl_c_in_the_middle_of_a_step_lets_the_step_end() -> None:
    complaints: list[dict[str, Any]] = []
    put_away: list[bool] = []

    async def work() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: complaints.append(context))
        answered = loop.create_future()

        def answer() -> None:
            if not answered.done():
                signal.raise_signal(signal.SIGINT)
                answered.set_result(None)

        loop.call_soon(answer)
        try:
            await answered
            await asyncio.sleep(30)
        finally:
            put_away.append(True)

    with pytest.raises(KeyboardInterrupt):
        run(work())
    assert complaints == []
    assert put_away == [True]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_job_in_the_background_ignores_the_ctrl_c_of_another() -> None:
    async def three() -> int:
        signal.raise_signal(signal.SIGINT)
        await asyncio.sleep(0)
        return 3

    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert run(three()) == 3
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_second_ctrl_c_does_not_wait() -> None:
    async def work() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
            await asyncio.sleep(30)
        finally:
            signal.raise_signal(signal.SIGINT)
            await asyncio.sleep(30)

    with pytest.raises(KeyboardInterrupt):
        run(work())


def test_what_it_gives_and_raises_comes_through() -> None:
    async def three() -> int:
        return 3

    async def failing() -> None:
        raise ValueError("no")

    assert run(three()) == 3
    with pytest.raises(ValueError, match="no"):
        run(failing())
