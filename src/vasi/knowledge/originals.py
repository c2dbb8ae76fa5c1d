"""The uploaded files of documents: kept as long as a document needs them, and found again to be shown."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from vasi.errors import DocumentError, NotFoundError
from vasi.storage.blobs import BlobStore, pieces
from vasi.storage.ports import Document, DocumentStore, NewDocument, NewPassage

UNUSED_AFTER: Final = timedelta(hours=1)
"""After so long a file that belongs to no document was left by a process that was killed."""


class Originals:
    """Keeps documents and their originals in step.

    One change is made at a time, so that a file isn't removed as unused while a document is about to need it.

    Args:
        store: where documents are.
        blobs: where their originals are.
    """

    def __init__(self, store: DocumentStore, blobs: BlobStore) -> None:
        self._store = store
        self._blobs = blobs
        self._changing = asyncio.Lock()

    async def put_document(
        self, owner: str, path: Path, document: NewDocument, passages: Sequence[NewPassage]
    ) -> Document:
        """Store ``document``, whose ``original`` is the file ``path``.

        Returns:
            The stored document; where it replaces none, and one was made of the very same file meanwhile, that one.

        Raises:
            NotFoundError: there is no document ``replaces``.
            StoreError: storage failed; then nothing is kept.
        """
        assert document.original is not None
        async with self._changing:
            replaced: Document | None = None
            if document.replaces is not None:
                replaced = await self._store.document(owner, document.replaces)
            elif same := await self._store.documents_by_original(owner, document.original):
                return same[0]
            with path.open("rb") as file:
                await self._blobs.write(owner, pieces(file))
            try:
                return await self._store.put_document(owner, document, passages)
            finally:
                digests = {document.original, replaced.original if replaced is not None else None}
                await self._remove_unused(owner, (digest for digest in digests if digest is not None))

    async def remove_unused(self, owner: str, digests: Iterable[str]) -> None:
        """Remove those of the files that no document of the owner needs any more. Raises ``StoreError``."""
        async with self._changing:
            await self._remove_unused(owner, digests)

    async def tidy(self, owners: Sequence[str], now: datetime) -> None:
        """Remove what a process left behind that was killed between two steps. Raises ``StoreError``."""
        before = now - UNUSED_AFTER
        await self._blobs.tidy(before=before)
        for owner in owners:
            await self.remove_unused(owner, await self._blobs.digests(owner, before=before))

    async def _remove_unused(self, owner: str, digests: Iterable[str]) -> None:
        for digest in digests:
            if not await self._store.documents_by_original(owner, digest):
                await self._blobs.remove(owner, digest)


@dataclass(frozen=True, slots=True)
class OriginalFile:
    """The uploaded file of a document, as the ``BlobStore`` has it; ``size`` in bytes."""

    owner: str
    digest: str
    size: int


async def original_of(blobs: BlobStore, reader: str, document: Document) -> Path | OriginalFile:
    """The file that a document of the reader's, or one shared with them, was read from: one of this machine, or what
    was uploaded.

    Raises:
        NotFoundError: it's gone.
        DocumentError: it was changed since it was read.
    """
    from vasi.knowledge.parse.worker import is_unchanged

    if document.original is not None:
        owner = reader if document.collection is None else document.collection.owner
        size = await blobs.size(owner, document.original)
        if size is None:
            raise NotFoundError(f"The original of {document.name} is gone; what was read of it is still there.")
        return OriginalFile(owner, document.original, size)
    path = Path(document.source)
    if (archive := _archive_of(document.source)) is not None:
        text = f"{document.name} is in the archive {archive}: unpack it to see it; what was read of it is here."
        raise NotFoundError(text)
    try:
        same = await asyncio.to_thread(is_unchanged, path, document.digest)
    except OSError:
        text = f"{document.name} isn't where it was added from any more; what was read of it is still there."
        raise NotFoundError(text) from None
    if not same:
        raise DocumentError(f"{document.name} was changed since it was read: add it again to see it as it is now.")
    return path


def _archive_of(source: str) -> str | None:
    """The archive that the file ``source`` is in; None if it's in none."""
    path, mark, _ = source.lower().partition(".zip/")
    return source[: len(path) + len(".zip")] if mark else None
