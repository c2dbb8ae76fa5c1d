"""A child process that answers requests one at a time."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from vasi.workers.frames import HEADER, OK, STOP
from vasi.workers.limits import ChildLimits

MAX_REPLY_BYTES: Final = 200_000_000
_START_S: Final = 60.0

_ENVIRONMENT: Final = (
    "PATH", "PYTHONPATH", "PYTHONHOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT",
    "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
)  # fmt: skip
"""All that a child sees of the server's environment: nothing secret goes to a process that opens strangers' files."""
_ONE_THREAD: Final = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""Threads of numpy's BLAS would reserve more address space than the limits allow; the pool is what runs in parallel."""


class ChildError(Exception):
    """The child is of no more use."""


class ChildUnavailable(ChildError):
    """The system wouldn't start it."""


class ChildDied(ChildError):
    """It ended in the middle of a request."""


class ChildTimeout(ChildError):
    """It didn't answer in time, and was ended."""


class RequestError(Exception):
    """The child couldn't do what was asked, and says why; it lives on."""


@dataclass(frozen=True, slots=True)
class Program:
    """What a child runs.

    Attributes:
        module: has ``create_handler``; see ``run``.
        limits: what the child may use.
        environment: variables that it gets besides the few that are handed on.
        python: the interpreter.
    """

    module: str
    limits: ChildLimits = field(default_factory=ChildLimits)
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    python: str = sys.executable


class Child:
    """A running ``Program``. It ends when this process does, however that ends."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._busy = self._reading = False
        self.answered = 0
        """Requests that it has answered."""

    @classmethod
    async def spawn(cls, program: Program) -> Child:
        """Start one; it's ready for requests when this returns.

        Raises:
            ChildUnavailable: it didn't start. If the system refused, the cause is its ``OSError``.
        """
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        try:
            process = await asyncio.create_subprocess_exec(
                program.python,
                "-P",
                "-m",
                "vasi.workers.run",
                program.module,
                program.limits.encoded(),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                env={**environment, **_ONE_THREAD, **program.environment},
                **_apart(),
            )
        except OSError as error:
            raise ChildUnavailable(f"no process could be started ({error})") from error
        child = cls(process)
        try:
            async with asyncio.timeout(_START_S):
                status, reason = await child._reply()
        except (EOFError, TimeoutError):
            await child.kill()
            raise ChildUnavailable(f"{program.module} did not start ({child._ending})") from None
        except BaseException:
            await child.kill()
            raise
        if status != OK:
            await child.kill()
            raise ChildUnavailable(f"{program.module} did not start: {reason.decode(errors='replace')}")
        return child

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def usable(self) -> bool:
        """Is it alive, and not in the middle of a request that was cancelled?"""
        return self._process.returncode is None and not self._busy

    @property
    def busy(self) -> bool:
        """Is it at a request?"""
        return self._busy

    @property
    def alive(self) -> bool:
        """Does it run?"""
        return self._process.returncode is None

    async def ended(self) -> None:
        """Return when it has ended, however that came."""
        await self._process.wait()

    async def request(self, kind: int, payload: bytes = b"", timeout: float = 60.0) -> bytes:
        """Ask, and return the answer; cancelling makes the child unusable.

        Raises:
            RequestError: it couldn't.
            ChildDied: it ended, or answered nonsense.
            ChildTimeout: it took longer than ``timeout`` seconds.
        """
        sink = self._process.stdin
        assert sink is not None
        self._busy = True
        try:
            async with asyncio.timeout(timeout):
                sink.write(HEADER.pack(kind, len(payload)))
                sink.write(payload)
                await sink.drain()
                status, reply = await self._reply()
        except TimeoutError as error:
            await self.kill()
            raise ChildTimeout(f"a worker process gave no answer for {timeout:g} seconds") from error
        except (OSError, EOFError) as error:
            await self.kill()
            raise ChildDied(f"a worker process ended unexpectedly ({self._ending})") from error
        self._busy = False
        self.answered += 1
        if status != OK:
            raise RequestError(reply.decode(errors="replace"))
        return reply

    def stop(self) -> None:
        """Nobody wants the answer any more: a program that can gives the request up, and its reply comes sooner."""
        sink = self._process.stdin
        if self._busy and sink is not None and not sink.is_closing():
            sink.write(HEADER.pack(STOP, 0))

    async def _reply(self) -> tuple[int, bytes]:
        source = self._process.stdout
        assert source is not None
        self._reading = True
        try:
            status, length = HEADER.unpack(await source.readexactly(HEADER.size))
            if length > MAX_REPLY_BYTES:
                raise EOFError(f"a reply of {length} bytes")
            return status, await source.readexactly(length)
        finally:
            self._reading = False

    async def kill(self) -> None:
        """End it at once."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()
        # What is left in its pipe is read, so that the transport closes; whoever waits for an answer does so too.
        while not self._reading and self._process.stdout is not None and await self._process.stdout.read(1 << 20):
            pass
        await self._process.wait()

    @property
    def _ending(self) -> str:
        code = self._process.returncode
        return "still running" if code is None else f"signal {-code}" if code < 0 else f"exit code {code}"


def _apart() -> dict[str, Any]:
    """A Ctrl+C in the terminal is for the server, which ends its children itself."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}
