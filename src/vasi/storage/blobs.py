"""The originals of uploaded documents, by their content, in a folder of the data folder.

A file is there whole or not at all: it is made elsewhere in the same folder, synchronised, and then renamed.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from vasi.errors import StoreError

_DIGEST = re.compile(r"[0-9a-f]{64}")


class BlobStore(Protocol):
    """Files of an owner by the hex SHA-256 of their content."""

    def fresh(self) -> Path:
        """Where a new file may be written before it's kept; nobody else uses the name. Raises ``StoreError``."""
        ...

    async def keep(self, owner: str, digest: str, file: Path) -> None:
        """Make ``file``, which came from ``fresh``, the owner's blob; durable on return. Raises ``StoreError``."""
        ...

    async def find(self, owner: str, digest: str) -> Path | None:
        """A file with the content; None if the owner has none."""
        ...

    async def remove(self, owner: str, digest: str) -> None:
        """Harmless if there is none."""
        ...

    async def kept(self, owner: str, *, before: datetime) -> list[str]:
        """The digests of what was written before that moment."""
        ...

    async def tidy(self, *, before: datetime) -> None:
        """Remove what was begun before that moment and never kept."""
        ...


class BlobFolder:
    """Implements ``BlobStore`` below ``folder``, which nobody but the owner of the process may read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"

    def fresh(self) -> Path:
        """Makes the folder too."""
        try:
            self._incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._folder.chmod(0o700)
            path = self._incoming / os.urandom(16).hex()
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except OSError as error:
            raise _trouble(self._folder, error) from error
        return path

    async def keep(self, owner: str, digest: str, file: Path) -> None:
        """Synchronises file and folder."""

        def move() -> None:
            home = self._place(owner, digest)
            try:
                home.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                with file.open("rb") as content:
                    os.fsync(content.fileno())
                file.replace(home)
                _sync(home.parent)
            except OSError as error:
                raise _trouble(home, error) from error

        await asyncio.to_thread(move)

    async def find(self, owner: str, digest: str) -> Path | None:
        """Its path here."""
        place = self._place(owner, digest)
        return place if await asyncio.to_thread(place.is_file) else None

    async def remove(self, owner: str, digest: str) -> None:
        """Its blocks are the file system's to overwrite."""
        place = self._place(owner, digest)
        try:
            await asyncio.to_thread(place.unlink, missing_ok=True)
        except OSError as error:
            raise _trouble(place, error) from error

    async def kept(self, owner: str, *, before: datetime) -> list[str]:
        """By their names."""
        found = await asyncio.to_thread(_older, self._home(owner), before)
        return [path.name for path in found if _DIGEST.fullmatch(path.name)]

    async def tidy(self, *, before: datetime) -> None:
        """What a process left behind that was killed."""

        def clear() -> None:
            for path in _older(self._incoming, before):
                with contextlib.suppress(OSError):
                    path.unlink()

        await asyncio.to_thread(clear)

    def _home(self, owner: str) -> Path:
        return self._folder / hashlib.sha256(owner.encode()).hexdigest()[:32]

    def _place(self, owner: str, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise ValueError("A digest has 64 hexadecimal digits.")
        return self._home(owner) / digest


def _older(folder: Path, before: datetime) -> list[Path]:
    found: list[Path] = []
    with contextlib.suppress(FileNotFoundError):
        for entry in os.scandir(folder):
            with contextlib.suppress(FileNotFoundError):
                if entry.is_file() and datetime.fromtimestamp(entry.stat().st_mtime, UTC) < before:
                    found.append(Path(entry.path))
    return found


def _sync(folder: Path) -> None:
    with contextlib.suppress(OSError):  # not every system can
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _trouble(path: Path, error: OSError) -> StoreError:
    return StoreError(f"An original can't be written: {error.strerror}.", place=path)
