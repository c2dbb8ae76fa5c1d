"""A program of its own as a client under control: JSON commands go in, line by line, and what it saw comes out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

PATIENCE_S = 60
LOOKS_EVERY_S = 0.01
LINE_BYTES = 16 * 1024 * 1024


class ClientProgram:
    """A running client and everything it reported."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._ended = False
        self.lines: list[dict[str, Any]] = []

    async def listen(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.lines.append(json.loads(line))
        self._ended = True

    async def command(self, **command: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command).encode() + b"\n")
        await self._process.stdin.drain()

    async def until(self, there: Callable[[], Any]) -> None:
        """Wait for it, whoever knows of it; fails when the program ends before, or takes too long."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not (self._ended or there()):
                    await asyncio.sleep(LOOKS_EVERY_S)
        except TimeoutError:
            raise AssertionError(f"the client saw only {self.lines[-20:]}") from None
        assert there(), f"the client ended before: {self.lines[-20:]}"

    def told(self, what: str) -> list[Any]:
        return [line[what] for line in self.lines if what in line]


Client = TypeVar("Client", bound=ClientProgram)


@asynccontextmanager
async def running(
    kind: type[Client], *command: str, folder: Path, environment: Mapping[str, str], quiet: bool
) -> AsyncIterator[Client]:
    """Run a client, which must report no error, and end by itself when it gets no more commands.

    Args:
        kind: what it's controlled by.
        command: starts it.
        folder: where it runs.
        environment: of the process.
        quiet: nothing may stand on its standard error, where some write their log.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=environment,
        limit=LINE_BYTES,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stderr is not None
    client = kind(process)
    listening = asyncio.create_task(client.listen())
    complaints = asyncio.create_task(process.stderr.read())
    try:
        yield client
        process.stdin.close()
        async with asyncio.timeout(PATIENCE_S):
            await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await listening
        said = (await complaints).decode()
        print(said)  # shown when the test fails
    assert process.returncode == 0, said
    assert client.told("error") == []
    assert not (quiet and said), said
