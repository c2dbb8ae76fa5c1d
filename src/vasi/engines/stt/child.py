"""A child process that answers requests one at a time."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process

from vasi.engines.stt.frames import HEADER, OK


class ChildError(Exception):
    """The child ended, or didn't answer in time: it's of no more use."""


class RequestError(Exception):
    """The child couldn't do what was asked, and says why; it lives on."""


class Child:
    """``python -m module``, which runs ``frames.serve``. It ends when this process does, however that ends."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._busy = False

    @classmethod
    async def spawn(cls, module: str) -> Child:
        """Start one.

        Raises:
            ChildError: the system wouldn't start it.
        """
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-m", module, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True
            )
        except OSError as error:
            raise ChildError(f"{module} could not be started: {error}") from error
        return cls(process)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def usable(self) -> bool:
        """Is it alive, and not in the middle of a request that was cancelled?"""
        return self._process.returncode is None and not self._busy

    async def request(self, kind: int, payload: bytes = b"", timeout: float = 60.0) -> bytes:
        """Ask, and return the answer; cancelling makes the child unusable.

        Raises:
            RequestError: it couldn't.
            ChildError: it died or hung.
        """
        source, sink = self._process.stdout, self._process.stdin
        assert source is not None
        assert sink is not None
        self._busy = True
        try:
            async with asyncio.timeout(timeout):
                sink.write(HEADER.pack(kind, len(payload)))
                sink.write(payload)
                await sink.drain()
                status, length = HEADER.unpack(await source.readexactly(HEADER.size))
                reply = await source.readexactly(length)
        except (OSError, EOFError, TimeoutError) as error:
            await self.kill()
            raise ChildError(f"a recogniser process ended unexpectedly ({type(error).__name__})") from error
        self._busy = False
        if status != OK:
            raise RequestError(reply.decode(errors="replace"))
        return reply

    async def kill(self) -> None:
        """End it at once."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()
        await self._process.wait()
