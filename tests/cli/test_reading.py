"""Ctrl-C while documents are read."""

from __future__ import annotations

import asyncio

import pytest

from vasi.cli import reading
from vasi.cli.reading import stopping


async def test_what_can_not_stop_at_once_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reading, "_PATIENCE_S", 0.0)
    started, stored = asyncio.Event(), asyncio.Event()
    said = ""

    async def storing() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            await stored.wait()

    interrupted = asyncio.create_task(stopping(storing()))
    await started.wait()
    interrupted.cancel()
    async with asyncio.timeout(10):
        while "Stopping ..." not in said:
            await asyncio.sleep(0)
            said += capsys.readouterr().err
    assert not interrupted.done(), "what is being stored is stored whole"
    stored.set()
    with pytest.raises(asyncio.CancelledError):
        await interrupted


async def test_the_result_and_the_fault_come_through() -> None:
    async def works() -> int:
        return 5

    async def fails() -> int:
        raise ValueError("broken")

    assert await stopping(works()) == 5
    with pytest.raises(ValueError, match="broken"):
        await stopping(fails())
