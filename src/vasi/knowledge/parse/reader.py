"""Reads files in child processes; a file that breaks its child costs one error, not the server."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import msgspec

from vasi.errors import DocumentError
from vasi.knowledge.parse.limits import ReadingLimits
from vasi.knowledge.parse.worker import Failure, Reading, Reply, Request

WORKER = (sys.executable, "-P", "-m", "vasi.knowledge.parse.worker")
_LARGEST_REPLY = 200_000_000
# Nothing secret of the server's environment goes to the process that opens strangers' files.
_ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "SYSTEMROOT", "LD_LIBRARY_PATH")


class Reader:
    """A few child processes that read files, each reused until a file breaks it.

    Use it as a context manager: leaving it ends its processes.
    """

    def __init__(self, limits: ReadingLimits, *, workers: int = 2, command: Sequence[str] = WORKER) -> None:
        self._limits = limits
        self._command = tuple(command)
        self._free = asyncio.Semaphore(workers)
        self._idle: list[asyncio.subprocess.Process] = []
        self._decoder = msgspec.json.Decoder[Reply](Reply)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._idle:
            await _end(self._idle.pop())

    async def read(self, path: str, name: str) -> Reading:
        """Read the file ``path``, called ``name`` in messages.

        Raises:
            DocumentError: it can't be read.
        """
        async with self._free:
            worker = self._idle.pop() if self._idle else await self._start()
            healthy = False
            try:
                async with asyncio.timeout(self._limits.seconds):
                    data = await _ask(worker, msgspec.json.encode(Request(path, name, self._limits)))
                healthy = True
            except TimeoutError as error:
                raise DocumentError(
                    f"{name} took longer than {self._limits.seconds:g} seconds to read: split it and add the parts."
                ) from error
            except (asyncio.IncompleteReadError, OSError, ValueError) as error:
                raise DocumentError(f"{name} broke its reader: it is damaged, or too much for it.") from error
            finally:
                if healthy:
                    self._idle.append(worker)
                else:
                    await _end(worker)
        try:
            reply = await asyncio.to_thread(self._decoder.decode, data)
        except msgspec.DecodeError as error:
            raise DocumentError(f"{name} broke its reader: it is damaged, or too much for it.") from error
        if isinstance(reply, Failure):
            raise DocumentError(reply.message)
        return reply

    async def _start(self) -> asyncio.subprocess.Process:
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        # Threads of numpy's BLAS would reserve more address space than the limit allows.
        environment["OPENBLAS_NUM_THREADS"] = "1"
        try:
            return await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=environment,
            )
        except OSError as error:
            raise DocumentError(f"Documents can't be read now: no process could be started ({error}).") from error


async def _ask(worker: asyncio.subprocess.Process, request: bytes) -> bytes:
    if worker.stdin is None or worker.stdout is None:
        raise ValueError("the worker has no pipes")
    worker.stdin.write(len(request).to_bytes(4, "big") + request)
    await worker.stdin.drain()
    length = int.from_bytes(await worker.stdout.readexactly(4), "big")
    if length > _LARGEST_REPLY:
        raise ValueError("the reply is too long")
    return await worker.stdout.readexactly(length)


async def _end(worker: asyncio.subprocess.Process) -> None:
    if worker.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            worker.kill()
    # Reads what is left in its pipe, so that the transport closes.
    await worker.communicate()
