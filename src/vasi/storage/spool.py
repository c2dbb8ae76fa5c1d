"""Files of this machine that are being written, or must be read by another process, and are removed afterwards."""

from __future__ import annotations

import contextlib
import os
from datetime import UTC, datetime
from pathlib import Path

from vasi.errors import StoreError

INCOMING = "incoming"
"""Name of the folder."""


class Spool:
    """A folder of such files, which nobody but the owner of the process may read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fresh(self) -> Path:
        """A new empty file that nobody else uses. Raises ``StoreError``."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._folder.parent.chmod(0o700)
            path = self._folder / os.urandom(16).hex()
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except OSError as error:
            raise StoreError(f"A file can't be received: {error.strerror}.", place=self._folder) from error
        return path

    def tidy(self, before: datetime) -> None:
        """Remove what a process left behind that was killed, if it was written before that moment."""
        for path in older_files(self._folder, before):
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
