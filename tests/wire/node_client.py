"""A Node program in ``tests/wire/node`` as a client under control: commands go in, what it saw comes out."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.wire.program import ClientProgram, running

FOLDER = Path(__file__).parent / "node"
OLDEST = (20, 19)
APPENDED = 4800


@cache
def install() -> None:
    """Install the clients once for each lock file; without Node the test is skipped, but never on CI."""
    stamp = FOLDER / "node_modules" / ".installed-from"
    lock = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        _missing("node and npm are not installed")
        return
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if tuple(int(part) for part in version.strip("v \n").split(".")[:2]) < OLDEST:
        _missing(f"node is {version.strip()}, and the clients need {'.'.join(map(str, OLDEST))}")
    with (FOLDER / "package-lock.json").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # another process of the same run may be at it
        if stamp.exists() and stamp.read_text() == lock:
            return
        command = [npm, "ci", "--no-audit", "--no-fund"]
        try:
            subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=True, timeout=300)
        except subprocess.SubprocessError as error:
            _missing(f"npm failed: {getattr(error, 'stderr', None) or error}")
        stamp.write_text(lock)


def _missing(why: str) -> None:
    text = f"{why}; install Node 20.19 or newer and run: npm --prefix {os.path.relpath(FOLDER)} ci"
    if os.environ.get("CI"):
        pytest.fail(text)
    pytest.skip(text)


class NodeClient(ClientProgram):
    """A running client that reports the server's events as they came."""

    async def until_event(self, kind: str, count: int = 1) -> dict[str, Any]:
        """Wait for the ``count``-th event of a type."""
        await self.until(lambda: len(self.of(kind)) >= count)
        return self.of(kind)[count - 1]

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.told("event") if event["type"] == kind]

    def heard_ms(self) -> float:
        """How much sound came."""
        return sum(event["bytes"] for event in self.of("response.output_audio.delta")) / 48


@asynccontextmanager
async def node_client(script: str, authority: Path | None = None, **config: Any) -> AsyncIterator[NodeClient]:
    """Run a script with ``config``; it must report no error, and end by itself when it gets no more commands."""
    install()
    environment = {**os.environ, "NODE_NO_WARNINGS": "1"}
    if authority is not None:
        environment["NODE_EXTRA_CA_CERTS"] = str(authority)
    command = ("node", script, json.dumps(config))
    async with running(NodeClient, *command, folder=FOLDER, environment=environment, quiet=True) as client:
        yield client


def pieces(audio: bytes) -> list[str]:
    """PCM as base64 in appends of 100 ms."""
    return [base64.b64encode(audio[at : at + APPENDED]).decode() for at in range(0, len(audio), APPENDED)]
