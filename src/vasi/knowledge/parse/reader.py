"""Reads files in child processes; a file that breaks its child costs one error, not the server."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from types import TracebackType
from typing import Self, TypeVar

import msgspec

from vasi.errors import DocumentError
from vasi.knowledge.parse.archive import Contents
from vasi.knowledge.parse.limits import ReadingLimits
from vasi.knowledge.parse.worker import (
    LIST,
    READ,
    UNPACK,
    UNPACKED,
    Failure,
    Listing,
    NoArchive,
    Reading,
    Reply,
    Request,
)
from vasi.workers.child import ChildDied, ChildTimeout, ChildUnavailable, Program, RequestError
from vasi.workers.limits import ChildLimits
from vasi.workers.pool import Pool

Result = TypeVar("Result")
WORKER = "vasi.knowledge.parse.worker"
_WRITTEN_BYTES = 16_000_000
"""What a child may write into a file: Python's own compiled modules are all that it has reason to."""
_IDLE_S = 10.0


class Reader:
    """A few child processes that read files, each reused until a file breaks it or nothing has come for a while.

    Use it as a context manager, or ``close`` it: that ends its processes.

    Args:
        limits: of one file.
        workers: files read at a time; further ones wait.
        module: what the processes run.
    """

    def __init__(self, limits: ReadingLimits, *, workers: int = 2, module: str = WORKER) -> None:
        self._limits = limits
        bounds = ChildLimits(
            memory_bytes=limits.memory_bytes,
            cpu_s=limits.seconds + 5,
            file_bytes=_WRITTEN_BYTES,
            request_s=limits.seconds * 1.5 + 5,
        )
        self._pool = Pool(Program(module, bounds), workers, idle_s=_IDLE_S)
        self._replies = msgspec.json.Decoder[Reply](Reply)
        self._listings = msgspec.json.Decoder[Listing](Listing)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def pids(self) -> Collection[int]:
        """The processes that run, for whoever measures them."""
        return self._pool.pids

    async def close(self) -> None:
        """End its processes."""
        await self._pool.close()

    async def read(self, path: str, name: str) -> Reading:
        """Read the file ``path``, called ``name`` in messages.

        Raises:
            DocumentError: it can't be read.
        """
        data = await self._request(READ, Request(path, name, self._limits))
        return await self._decode(self._replies, data, name)

    async def list_members(self, path: str, name: str) -> Contents | None:
        """What the archive ``path`` holds; None if it's a document by itself.

        Raises:
            DocumentError: it can't be unpacked.
        """
        data = await self._request(LIST, Request(path, name, self._limits))
        listing = await self._decode(self._listings, data, name)
        return None if isinstance(listing, NoArchive) else listing

    async def unpack(self, path: str, name: str, entry: int) -> bytes:
        """The bytes of the ``entry`` of an archive, called ``name`` in messages.

        Raises:
            DocumentError: it can't be unpacked.
        """
        data = await self._request(UNPACK, Request(path, name, self._limits, entry))
        if data.startswith(UNPACKED):
            return data[len(UNPACKED) :]
        await self._decode(self._replies, data, name)
        raise DocumentError(f"{name} can't be unpacked.")

    async def _request(self, kind: int, request: Request) -> bytes:
        name = request.name
        try:
            return await self._pool.request(kind, msgspec.json.encode(request), self._limits.seconds)
        except ChildTimeout as error:
            raise DocumentError(
                f"{name} took longer than {self._limits.seconds:g} seconds to read: split it and add the parts."
            ) from error
        except ChildUnavailable as error:
            raise DocumentError(f"Documents can't be read now: {error}.") from error
        except (ChildDied, RequestError) as error:
            raise DocumentError(_broke(name)) from error

    @staticmethod
    async def _decode(decoder: msgspec.json.Decoder[Result | Failure], data: bytes, name: str) -> Result:
        try:
            reply = await asyncio.to_thread(decoder.decode, data)
        except msgspec.DecodeError as error:
            raise DocumentError(_broke(name)) from error
        if isinstance(reply, Failure):
            raise DocumentError(reply.message)
        return reply


def _broke(name: str) -> str:
    return f"{name} broke its reader: it is damaged, or too much for it."
