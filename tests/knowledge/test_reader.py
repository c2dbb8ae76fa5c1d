"""A file that breaks its reader costs one error; the next file is read all the same."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from vasi.errors import DocumentError
from vasi.knowledge.parse.reader import Reader
from vasi.testing.settings import reading_limits

TROUBLED = "tests.knowledge.troubled_worker"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setenv("VASI_API_KEYS", "a secret of the server's")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("hang.txt", "hang.txt took longer than 3 seconds"),
        ("kill.txt", "kill.txt broke its reader"),
        ("eat.txt", "eat.txt needs too much memory"),
        ("write.txt", "write.txt is damaged"),
        ("secret.txt", "knows no secret"),
    ],
)
async def test_trouble_ends_with_its_file(tmp_path: Path, name: str, reason: str) -> None:
    for each in (name, "good.txt"):
        (tmp_path / each).write_text("Good words.")
    async with Reader(reading_limits(seconds=3), workers=1, module=TROUBLED) as reader:
        await reader.read(str(tmp_path / "good.txt"), "good.txt")
        with pytest.raises(DocumentError, match=reason):
            await reader.read(str(tmp_path / name), name)
        reading = await reader.read(str(tmp_path / "good.txt"), "good.txt")
    assert [one.text for one in reading.passages] == ["Good words."]


async def test_what_a_library_prints_does_not_disturb(tmp_path: Path) -> None:
    path = tmp_path / "print.txt"
    path.write_text("Good words.")
    async with Reader(reading_limits(), workers=1, module=TROUBLED) as reader:
        for _ in range(2):
            assert (await reader.read(str(path), "print.txt")).passages[0].text == "Good words."


async def test_a_process_that_does_not_start_is_told_of(tmp_path: Path) -> None:
    async with Reader(reading_limits(), module="tests.knowledge.nothing_there") as reader:
        with pytest.raises(DocumentError, match=r"can't be read now: .*No module named"):
            await reader.read("x.txt", "x.txt")


async def test_files_beside_one_that_is_killed_are_read(tmp_path: Path) -> None:
    names = ["kill.txt", *(f"good{n}.txt" for n in range(12)), "hang.txt"]
    for name in names:
        (tmp_path / name).write_text("Good words.")
    async with Reader(reading_limits(seconds=3), workers=3, module=TROUBLED) as reader:
        readings = await asyncio.gather(
            *(reader.read(str(tmp_path / name), name) for name in names), return_exceptions=True
        )
    assert [name for name, one in zip(names, readings, strict=True) if isinstance(one, BaseException)] == [
        "kill.txt",
        "hang.txt",
    ]


async def test_a_child_killed_while_idle_costs_no_file(tmp_path: Path) -> None:
    path = tmp_path / "good.txt"
    path.write_text("Good words.")
    async with Reader(reading_limits(), workers=1) as reader:
        await reader.read(str(path), "good.txt")
        (pid,) = reader.pids
        os.kill(pid, signal.SIGKILL)
        assert (await reader.read(str(path), "good.txt")).passages[0].text == "Good words."


async def test_the_worker_is_reused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Good words.")
    async with Reader(reading_limits(), workers=1) as reader:
        await reader.read(str(path), "a.txt")
        started = time.perf_counter()
        for _ in range(20):
            await reader.read(str(path), "a.txt")
        assert time.perf_counter() - started < 2


def test_the_worker_starts_light_and_ignores_the_folder_it_runs_in(tmp_path: Path) -> None:
    (tmp_path / "msgspec.py").write_text("raise SystemExit('not mine')")
    code = (
        "import sys, vasi.knowledge.parse.worker; print([m for m in ('numpy', 'docx', 'openai') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
