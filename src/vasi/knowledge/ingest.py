"""``Ingestion``: reads one file and stores it. Paths and uploads both come through here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, TypeAlias

from vasi.knowledge.embed import VectorBackfill
from vasi.knowledge.originals import Originals
from vasi.knowledge.parse.archive import Contents
from vasi.knowledge.parse.limits import ReadingLimits
from vasi.knowledge.parse.reader import Reader
from vasi.storage.ports import Document, DocumentStore, NewDocument, NewPassage

CONCURRENT_FILES: Final = 2
"""Files that are read at a time."""

MAX_TITLE: Final = 120
"""Characters of a title that a document is called by."""

Step: TypeAlias = Literal["reading", "indexing"]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A document's id on another server, or before it was removed, and when it was added there."""

    id: str
    added_at: datetime


class Ingestion:
    """Reads files in child processes, and stores them with their passages; their vectors are made in the background.

    ``close`` ends the child processes.

    Args:
        store: where documents go.
        originals: keeps uploaded files; None if there are none.
        limits: what a document may cost.
        vectors: gives vectors to what was stored.
    """

    def __init__(
        self, store: DocumentStore, originals: Originals | None, limits: ReadingLimits, vectors: VectorBackfill
    ) -> None:
        self._store = store
        self._originals = originals
        self._vectors = vectors
        self._reader = Reader(limits, workers=CONCURRENT_FILES)

    async def add(
        self,
        owner: str,
        source: str,
        path: Path,
        name: str,
        original: str | None = None,
        *,
        replaces: str | None = None,
        untitled: str | None = None,
        elsewhere: Elsewhere | None = None,
        on_step: Callable[[Step], None] = lambda _step: None,
    ) -> Document:
        """Read the file ``path`` and store it as the document ``source``.

        Args:
            owner: whose it will be.
            source: where it comes from; storing the same source again replaces it.
            path: the file.
            name: what people call it.
            original: hex SHA-256 of the file, to keep the file itself too.
            replaces: id of the document that this one takes the place of.
            untitled: if given, the document is called by its own title, and this where it has none.
            elsewhere: what it was at another place that it comes from.
            on_step: called when a step begins.

        Returns:
            The stored document. If ``original`` is given, nothing is replaced, and another document was made of the
            very same file meanwhile, it's that one: its source tells.

        Raises:
            DocumentError: it can't be read.
            NotFoundError: there is no document ``replaces``.
            StoreError: storage failed; nothing of it was kept.
        """
        on_step("reading")
        reading = await self._reader.read(str(path), name)
        on_step("indexing")
        document = NewDocument(
            source=source,
            name=name if untitled is None else reading.title[:MAX_TITLE].strip() or untitled,
            digest=reading.digest,
            media_type=reading.media_type,
            size=reading.size,
            pages=reading.pages,
            title=reading.title,
            warnings=tuple(reading.warnings),
            original=original,
            replaces=replaces,
            id=elsewhere and elsewhere.id,
            added_at=elsewhere and elsewhere.added_at,
        )
        passages = [NewPassage(one.text, one.heading, one.page, one.start, one.end) for one in reading.passages]
        if original is None:
            stored = await self._store.put_document(owner, document, passages)
        else:
            assert self._originals is not None
            stored = await self._originals.put_document(owner, path, document, passages)
        self._vectors.request(owner)
        return stored

    async def list_members(self, path: Path, name: str) -> Contents | None:
        """What the archive ``path`` holds; None if it's a document by itself. Raises ``DocumentError``."""
        return await self._reader.list_members(str(path), name)

    async def unpack(self, path: Path, name: str, entry: int) -> bytes:
        """The bytes of the ``entry`` of an archive, called ``name`` in messages. Raises ``DocumentError``."""
        return await self._reader.unpack(str(path), name, entry)

    async def vectors_ready(self, owner: str) -> None:
        """Return when no vectors of ``owner`` are being made."""
        await self._vectors.ready(owner)

    async def close(self) -> None:
        """End the child processes."""
        await self._reader.close()


def copy_note(name: str, other: str) -> str:
    """The sentence that says that ``name`` is a copy."""
    return f"{name} holds the same as {other}, which is there already."
