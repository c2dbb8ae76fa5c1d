"""A file that is uploaded, on the disk while it comes and until it was read."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from typing import Final

from vasi.errors import StoreError
from vasi.language.printable import printable
from vasi.storage.spool import Spool

_MAX_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class PageOrigin:
    """The web page that a file holds: the address that it was asked for by, and what it's called without a title."""

    address: str
    name: str


class UploadedFile:
    """``write`` what comes, then ``finish``; ``drop`` it in the end.

    Args:
        name: as the sender calls it; what can't be in the name of a file is taken out.
        spool: where it is kept.
        max_bytes: of more than that nothing is kept.
        page: the web page that it holds, if it's one.
    """

    def __init__(self, name: str, spool: Spool, max_bytes: int, page: PageOrigin | None = None) -> None:
        self.page = page
        base = printable(name.replace("\\", "/").replace("\n", "").replace("\t", " ")).rsplit("/", 1)[-1]
        self.name = base.strip().strip(".")[-_MAX_NAME:] or "document"
        self.size = 0
        self._spool = spool
        self._max_bytes = max_bytes
        self._hash = hashlib.sha256()
        self.path = spool.fresh()
        try:
            self._file = self.path.open("wb")
        except OSError as error:
            spool.remove(self.path)
            raise self._failure(error) from error

    @property
    def too_large(self) -> bool:
        """More came than a document may have; the rest isn't kept."""
        return self.size > self._max_bytes

    @property
    def digest(self) -> str:
        """Hex SHA-256 of what came."""
        return self._hash.hexdigest()

    def write(self, data: bytes) -> None:
        """Add to it; slow, not for the event loop. Raises ``StoreError``."""
        self.size += len(data)
        if self.too_large:
            return
        self._hash.update(data)
        try:
            self._file.write(data)
        except OSError as error:
            raise self._failure(error) from error

    def finish(self) -> None:
        """All has come. Raises ``StoreError``."""
        try:
            self._file.close()
        except OSError as error:
            raise self._failure(error) from error

    def drop(self) -> None:
        """Remove it from the disk; harmless when repeated."""
        with contextlib.suppress(OSError):  # what was never written can't be flushed on a full disk
            self._file.close()
        with contextlib.suppress(OSError):  # ``Spool.tidy`` tries again
            self._spool.remove(self.path)

    def _failure(self, error: OSError) -> StoreError:
        return StoreError(f"{self.name} can't be kept: {error.strerror}.")
