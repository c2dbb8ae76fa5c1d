"""Everything of an owner's out into an archive, and in again, as the server does it: one import of each at a time."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Final

from vasi.app.export import Export
from vasi.app.imports import Import, ImportReport, Progress
from vasi.errors import LimitError
from vasi.knowledge.uploaded_file import UploadedFile
from vasi.storage.spool import Spool

MOST_ARCHIVE_BYTES: Final = 4_000_000_000


class Transfers:
    """The exports and imports of a server.

    Args:
        export: writes archives.
        imports: takes them.
        spool: where an archive is while it's taken.
    """

    def __init__(self, export: Export, imports: Import, spool: Spool) -> None:
        self._export = export
        self._import = imports
        self._spool = spool
        self._running: dict[str, tuple[int, int]] = {}

    def archive(self, owner: str) -> AsyncGenerator[bytes, None]:
        """The bytes of a ZIP file with everything. Raises ``StoreError``."""
        return self._export.archive(owner)

    def begin(self) -> UploadedFile:
        """A file for an archive that comes; ``drop`` it. Raises ``StoreError``."""
        return UploadedFile("import.zip", self._spool, MOST_ARCHIVE_BYTES)

    async def take(self, owner: str, archive: Path, progress: Progress = lambda _done, _total: None) -> ImportReport:
        """Take an archive in.

        Raises:
            ClientError: it's no archive of an export.
            LimitError: it holds too much, or an import of the owner's is running.
            StoreError: storage failed.
        """
        if owner in self._running:
            raise LimitError("An import of yours is running: wait for its end.", code="rate_limit_exceeded")
        self._running[owner] = (0, 0)

        def looked_at(done: int, total: int) -> None:
            self._running[owner] = (done, total)
            progress(done, total)

        try:
            return await self._import.run(owner, archive, looked_at)
        finally:
            del self._running[owner]

    def progress(self, owner: str) -> tuple[int, int] | None:
        """How many things of how many the running import has looked at; None if none runs."""
        return self._running.get(owner)
