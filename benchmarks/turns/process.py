"""Servers in processes of their own, and what they cost."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import uvloop

ROOT = Path(__file__).resolve().parents[2]


def run_server(main: Coroutine[None, None, None]) -> None:
    """Run a server on the event loop that ``vasi serve`` has, until it's ended from outside."""
    with suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server.

    Attributes:
        name: "vasi" or "floor".
        url: its socket.
        process: its process.
    """

    name: str
    url: str
    process: psutil.Process

    def cpu_ms(self) -> float:
        """Processor time so far; on Linux to the microsecond, elsewhere to what the system counts in."""
        tasks = Path(f"/proc/{self.process.pid}/task")
        try:
            spent = [int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()]
        except OSError:
            return sum(self.process.cpu_times()[:2]) * 1000
        return sum(spent) / 1e6

    def memory_mb(self) -> float:
        """Resident memory."""
        return self.process.memory_info().rss / 1e6


@contextmanager
def server(name: str, module: str, *arguments: str) -> Iterator[Server]:
    """Start ``module``, which prints its address; it's ended at the end of the block."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            if not url:
                raise RuntimeError(f"{module} did not start.")
            yield Server(name, url, psutil.Process(process.pid))
        finally:
            process.terminate()
