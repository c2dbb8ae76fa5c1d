"""A Node program in ``tests/wire/node`` as a client under control: commands go in, what it saw comes out."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.node_packages import install
from tests.wire.program import ClientProgram, running

FOLDER = Path(__file__).parent / "node"
APPENDED = 4800


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
    install(FOLDER)
    environment = {**os.environ, "NODE_NO_WARNINGS": "1"}
    if authority is not None:
        environment["NODE_EXTRA_CA_CERTS"] = str(authority)
    command = ("node", script, json.dumps(config))
    async with running(NodeClient, *command, folder=FOLDER, environment=environment, quiet=True) as client:
        yield client


def pieces(audio: bytes) -> list[str]:
    """PCM as base64 in appends of 100 ms."""
    return [base64.b64encode(audio[at : at + APPENDED]).decode() for at in range(0, len(audio), APPENDED)]
