"""Files of this machine that are being written, or must be read by another process, and are removed afterwards."""

from __future__ import annotations

import contextlib
import os
from datetime import UTC, datetime
from pathlib import Path

from vasi.errors import StoreError

INCOMING = "incoming"
"""Name of the folder of what a ``BlobFolder`` writes."""
UPLOADS = "uploads"
"""Name of the folder of uploaded files until they are read."""


class Spool:
    """A folder of such files, which nobody but the owner of the process may read. Its methods may run in any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._in_use: set[str] = set()
        """Names of the files that this object made and that weren't removed yet."""

    def fresh(self) -> Path:
        """A new empty file that nobody else uses; ``remove`` it when it's done with. Raises ``StoreError``."""
        name = os.urandom(16).hex()
        path = self._folder / name
        self._in_use.add(name)
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._folder.parent.chmod(0o700)
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except OSError as error:
            self._in_use.discard(name)
            raise StoreError(f"A file can't be received: {error.strerror}.", place=self._folder) from error
        return path

    def remove(self, path: Path) -> None:
        """Remove a file that ``fresh`` made; harmless if it's gone. Raises ``OSError``."""
        self._in_use.discard(path.name)
        path.unlink(missing_ok=True)

    def tidy(self, before: datetime) -> None:
        """Remove what a process left behind that was killed, if it was written before that moment.

        What is in use stays, however old.
        """
        for path in older_files(self._folder, before):
            if path.name not in self._in_use:
                with contextlib.suppress(OSError):
                    path.unlink()


def older_files(folder: Path, before: datetime) -> list[Path]:
    """The files of ``folder`` that were last written before that moment."""
    found: list[Path] = []
    with contextlib.suppress(FileNotFoundError):
        for entry in os.scandir(folder):
            with contextlib.suppress(FileNotFoundError):
                if entry.is_file() and datetime.fromtimestamp(entry.stat().st_mtime, UTC) < before:
                    found.append(Path(entry.path))
    return found
