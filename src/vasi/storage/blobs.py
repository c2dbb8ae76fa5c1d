"""The originals of uploaded documents, by their content, in a folder of the data folder.

A file is there whole or not at all: it is made elsewhere in the same folder, synchronised, and then renamed.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import re
import shutil
from collections.abc import AsyncGenerator, AsyncIterable
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from vasi.errors import NotFoundError, StoreError
from vasi.storage.spool import INCOMING, Spool, older_files

_DIGEST = re.compile(r"[0-9a-f]{64}")
CHUNK = 256 * 1024
"""Bytes that are read at once."""


class BlobStore(Protocol):
    """Files of an owner, known by the hex SHA-256 of their content, as streams of bytes."""

    async def write(self, owner: str, content: AsyncIterable[bytes]) -> str:
        """Keep all of ``content``, and return its digest; durable on return.

        Raises:
            StoreError: it can't be kept; then nothing of it is.
        """
        ...

    async def size(self, owner: str, digest: str) -> int | None:
        """Bytes of a file; None if the owner has none of this digest."""
        ...

    def read(self, owner: str, digest: str, *, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes]:
        """The bytes ``start:end`` of a file, in pieces.

        Raises:
            NotFoundError: the owner has none of this digest; with the first piece.
            StoreError: it can't be read.
        """
        ...

    async def remove(self, owner: str, digest: str) -> None:
        """Harmless if there is none."""
        ...

    async def remove_all(self, owner: str) -> None:
        """All files of the owner. Raises ``StoreError``."""
        ...

    async def digests(self, owner: str, *, before: datetime) -> list[str]:
        """Of the files that were written before that moment."""
        ...

    async def tidy(self, *, before: datetime) -> None:
        """Remove what was begun before that moment and never finished."""
        ...


class BlobFolder:
    """Implements ``BlobStore`` below ``folder``, which nobody but the owner of the process may read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._spool = Spool(folder / INCOMING)

    async def write(self, owner: str, content: AsyncIterable[bytes]) -> str:
        """Made elsewhere, synchronised with its folder, and renamed."""
        part = await asyncio.to_thread(self._spool.fresh)
        digest = hashlib.sha256()
        try:
            with part.open("wb") as file:
                async for chunk in content:
                    digest.update(chunk)
                    await asyncio.to_thread(file.write, chunk)
                await asyncio.to_thread(_synchronise, file)
            home = self._place(owner, digest.hexdigest())
            await asyncio.to_thread(_move, part, home)
        except OSError as error:
            raise _store_error(self._folder, error) from error
        finally:
            self._spool.remove(part)
        return home.name

    async def size(self, owner: str, digest: str) -> int | None:
        """As the file system has it."""
        try:
            return (await asyncio.to_thread(self._place(owner, digest).stat)).st_size
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _store_error(self._folder, error) from error

    async def read(self, owner: str, digest: str, *, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes]:
        """In pieces of ``CHUNK`` bytes at most."""
        try:
            file = await asyncio.to_thread(self._place(owner, digest).open, "rb")
        except FileNotFoundError:
            raise NotFoundError("There is no such file: its document was removed.") from None
        except OSError as error:
            raise _store_error(self._folder, error) from error
        with file:
            async for chunk in pieces(file, start, end):
                yield chunk

    async def remove(self, owner: str, digest: str) -> None:
        """Its blocks are the file system's to overwrite."""
        place = self._place(owner, digest)
        try:
            await asyncio.to_thread(place.unlink, missing_ok=True)
        except OSError as error:
            raise _store_error(place, error) from error

    async def remove_all(self, owner: str) -> None:
        """With their folder."""
        home = self._home(owner)
        try:
            await asyncio.to_thread(_remove_folder, home)
        except OSError as error:
            raise _store_error(home, error) from error

    async def digests(self, owner: str, *, before: datetime) -> list[str]:
        """By their names."""
        found = await asyncio.to_thread(older_files, self._home(owner), before)
        return [path.name for path in found if _DIGEST.fullmatch(path.name)]

    async def tidy(self, *, before: datetime) -> None:
        """What a process left behind that was killed."""
        await asyncio.to_thread(self._spool.tidy, before)

    def _home(self, owner: str) -> Path:
        return self._folder / hashlib.sha256(owner.encode()).hexdigest()[:32]

    def _place(self, owner: str, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise ValueError("A digest has 64 hexadecimal digits.")
        return self._home(owner) / digest


async def pieces(file: BinaryIO, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes]:
    """The bytes ``start:end`` of an open file."""
    await asyncio.to_thread(file.seek, start)
    left = None if end is None else end - start
    while left is None or left > 0:
        chunk = await asyncio.to_thread(file.read, CHUNK if left is None else min(CHUNK, left))
        if not chunk:
            return
        left = None if left is None else left - len(chunk)
        yield chunk


def _synchronise(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _move(part: Path, home: Path) -> None:
    home.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part.replace(home)
    _sync(home.parent)


def _remove_folder(folder: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder)


def _sync(folder: Path) -> None:
    with contextlib.suppress(OSError):  # not every system can
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _store_error(path: Path, error: OSError) -> StoreError:
    return StoreError(f"An original can't be written: {error.strerror}.", place=path)
