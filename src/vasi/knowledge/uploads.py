"""Documents that people send instead of naming a path: received, read and indexed in the background."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, TypeAlias

from vasi.errors import DocumentError, LimitError, NotFoundError, StoreError, VasiError
from vasi.knowledge.ingest import CONCURRENT_FILES, same_file, twin
from vasi.knowledge.parse.limits import ReadingLimits
from vasi.knowledge.parse.reader import Reader
from vasi.language.printable import printable
from vasi.storage.blobs import BlobStore, pieces
from vasi.storage.ports import Document, DocumentStore, NewDocument, NewPassage
from vasi.storage.spool import Spool

log = logging.getLogger(__name__)

Stage: TypeAlias = Literal["received", "reading", "indexing", "done", "failed"]

WAITING = 200
"""Files of one owner that may wait to be read."""
REMEMBERED = 100
"""Finished jobs of one owner that can be looked up."""
LEFT_BEHIND = timedelta(hours=1)
"""After so long a file that belongs to no document was left by a process that was killed."""
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Job:
    """What becomes of one file.

    Attributes:
        id: begins with "job_".
        name: of the file.
        stage: where it is; "done" and "failed" are the last.
        error: one sentence that says why it failed.
        document_id: the document that it became, or that was made of the same file before.
        changed_at: when the stage began.
        note: one sentence that tells of such a one, or that the document has another name.
    """

    id: str
    name: str
    stage: Stage
    changed_at: datetime
    error: str | None = None
    document_id: str | None = None
    note: str | None = None

    @property
    def ended(self) -> bool:
        """Nothing more will come of it."""
        return self.stage in ("done", "failed")


class Incoming:
    """A file on its way in: ``write`` what comes, then ``Uploads.take`` it, or ``drop`` it."""

    def __init__(self, name: str, path: Path, most: int) -> None:
        self.name = name
        self.path = path
        self.size = 0
        self._most = most
        self._file = path.open("wb")
        self._hash = hashlib.sha256()

    @property
    def too_large(self) -> bool:
        """More came than a document may have; the rest isn't kept."""
        return self.size > self._most

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
            raise StoreError(f"{self.name} can't be kept: {error.strerror}.") from error

    def finish(self) -> None:
        """All has come. Raises ``StoreError``."""
        try:
            self._file.close()
        except OSError as error:
            raise StoreError(f"{self.name} can't be kept: {error.strerror}.") from error

    def drop(self) -> None:
        """It isn't wanted; harmless when repeated, or after it was kept."""
        self._file.close()
        self.path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Waiting:
    owner: str
    job: Job
    incoming: Incoming
    replaces: str | None


class Uploads:
    """The uploads of all owners.

    Args:
        store: where documents go.
        blobs: where their originals go.
        spool: where a file is until it was read.
        limits: what a document may cost.
        changed: called with an owner when one of their jobs went on.
        now: the present time, aware.
        new_id: the random part of ids.
    """

    def __init__(
        self,
        store: DocumentStore,
        blobs: BlobStore,
        spool: Spool,
        limits: ReadingLimits,
        *,
        changed: Callable[[str], None] = lambda _owner: None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_id: Callable[[], str] = lambda: os.urandom(8).hex(),
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._spool = spool
        self._limits = limits
        self._changed = changed
        self._now = now
        self._new_id = new_id
        self._jobs: dict[str, dict[str, Job]] = {}
        self._waiting: deque[_Waiting] = deque()
        self._working: asyncio.Task[None] | None = None
        self._closed = False

    # --- receiving --------------------------------------------------------------------------------------------------
    def begin(self, name: str) -> Incoming:
        """A file called ``name`` begins to come. Raises ``StoreError``."""
        clean = (
            printable(name.replace("\\", "/").replace("\n", "").replace("\t", " "))
            .rsplit("/", 1)[-1]
            .strip()
            .strip(".")
        )
        return Incoming(clean[-_LONGEST_NAME:] or "document", self._spool.fresh(), self._limits.file_bytes)

    def take(self, owner: str, incoming: Incoming, *, replaces: str | None = None) -> Job:
        """Read what came. Raises ``LimitError`` when too many files wait already."""
        if sum(1 for one in self._waiting if one.owner == owner) >= WAITING:
            raise LimitError(f"{WAITING} files wait to be read already; send more when some are done.")
        job = Job(f"job_{self._new_id()}", incoming.name, "received", self._now())
        self._note(owner, job)
        if incoming.too_large:
            incoming.drop()
            most = self._limits.file_bytes / 1e6
            text = f"{incoming.name} is too large; the limit is {most:,.0f} MB: split it and send the parts."
            return self._note(owner, replace(job, stage="failed", error=text))
        self._waiting.append(_Waiting(owner, job, incoming, replaces))
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        return job

    def jobs(self, owner: str) -> list[Job]:
        """Running and lately finished ones, oldest first."""
        return list(self._jobs.get(owner, {}).values())

    async def idle(self) -> None:
        """Return when everything that was taken is done."""
        if self._working is not None:
            await asyncio.wait([self._working])

    async def close(self) -> None:
        """Stop; what wasn't read yet is dropped. Harmless when repeated."""
        self._closed = True
        if self._working is not None:
            self._working.cancel()
            await asyncio.gather(self._working, return_exceptions=True)
        while self._waiting:
            self._waiting.popleft().incoming.drop()

    # --- reading ----------------------------------------------------------------------------------------------------
    async def _work(self) -> None:
        async with Reader(self._limits, workers=CONCURRENT_FILES) as reader:

            async def take_turns() -> None:
                while self._waiting and not self._closed:
                    await self._read(reader, self._waiting.popleft())

            async with asyncio.TaskGroup() as group:
                for _ in range(CONCURRENT_FILES):
                    group.create_task(take_turns())

    async def _read(self, reader: Reader, waiting: _Waiting) -> None:
        owner, job = waiting.owner, waiting.job
        try:
            known = await self._known(owner, waiting)
            if known is not None:
                note = same_file(job.name, known.name) + " It isn't kept twice."
                self._note(owner, replace(job, stage="done", document_id=known.id, note=note))
                return
            document = await self._ingest(reader, waiting)
            other = twin(document, await self._store.documents_by_digest(owner, document.digest))
            note = None if other is None else same_file(job.name, other.name)
            if note is None and document.name != job.name:
                note = f"Another document is called {job.name}; this one is kept as {document.name}."
            self._note(owner, replace(job, stage="done", document_id=document.id, note=note))
        except VasiError as error:
            self._note(owner, replace(job, stage="failed", error=error.message))
        except Exception:
            log.exception("An uploaded document could not be read.")
            self._note(owner, replace(job, stage="failed", error=f"{job.name} can't be read; see the server's log."))
        finally:
            await asyncio.to_thread(waiting.incoming.drop)

    async def _known(self, owner: str, waiting: _Waiting) -> Document | None:
        """The document that was made of the very same file."""
        if waiting.replaces is not None:
            return None
        return next(iter(await self._store.documents_by_original(owner, waiting.incoming.digest)), None)

    async def _ingest(self, reader: Reader, waiting: _Waiting) -> Document:
        owner, incoming = waiting.owner, waiting.incoming
        before = None if waiting.replaces is None else await self._store.document(owner, waiting.replaces)
        self._note(owner, replace(waiting.job, stage="reading"))
        reading = await reader.read(str(incoming.path), incoming.name)
        self._note(owner, replace(waiting.job, stage="indexing"))
        new = NewDocument(
            source=f"upload:{waiting.job.id.removeprefix('job_')}",
            name=incoming.name,
            digest=reading.digest,
            media_type=reading.media_type,
            size=reading.size,
            pages=reading.pages,
            title=reading.title,
            warnings=tuple(reading.warnings),
            original=incoming.digest,
            replaces=waiting.replaces,
        )
        passages = [NewPassage(one.text, one.heading, one.page, one.start, one.end) for one in reading.passages]
        with incoming.path.open("rb") as file:
            await self._blobs.write(owner, pieces(file))
        try:
            return await self._store.put_document(owner, new, passages)
        finally:
            gone = {incoming.digest, before.original if before is not None else None}
            await forget_originals(self._store, self._blobs, owner, [one for one in gone if one is not None])

    def _note(self, owner: str, job: Job) -> Job:
        job = replace(job, changed_at=self._now())
        jobs = self._jobs.setdefault(owner, {})
        jobs[job.id] = job
        ended = [one.id for one in jobs.values() if one.ended]
        for old in ended[: max(0, len(ended) - REMEMBERED)]:
            del jobs[old]
        self._changed(owner)
        return job


async def forget_originals(store: DocumentStore, blobs: BlobStore, owner: str, digests: list[str]) -> None:
    """Remove those of ``digests`` that no document of the owner needs any more."""
    for digest in digests:
        if not await store.documents_by_original(owner, digest):
            await blobs.remove(owner, digest)


async def tidy_originals(store: DocumentStore, blobs: BlobStore, owners: list[str], now: datetime) -> None:
    """Remove what a process left behind that was killed between two steps."""
    before = now - LEFT_BEHIND
    await blobs.tidy(before=before)
    for owner in owners:
        await forget_originals(store, blobs, owner, await blobs.digests(owner, before=before))


# --- originals --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class UploadedFile:
    """The file that was sent as a document, as the ``BlobStore`` has it."""

    owner: str
    digest: str
    size: int


async def original_of(blobs: BlobStore, owner: str, document: Document) -> Path | UploadedFile:
    """The file that a document was read from: one of this machine, or what was uploaded.

    Raises:
        NotFoundError: it's gone.
        DocumentError: it was changed since it was read.
    """
    from vasi.knowledge.parse.worker import digest_of

    if document.original is not None:
        size = await blobs.size(owner, document.original)
        if size is None:
            raise NotFoundError(f"The original of {document.name} is gone; what was read of it is still there.")
        return UploadedFile(owner, document.original, size)
    path = Path(document.source)
    try:
        same = await asyncio.to_thread(digest_of, path) == document.digest
    except OSError:
        text = f"{document.name} isn't where it was added from any more; what was read of it is still there."
        raise NotFoundError(text) from None
    if not same:
        raise DocumentError(f"{document.name} was changed since it was read: add it again to see it as it is now.")
    return path
