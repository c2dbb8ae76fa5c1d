"""Documents that people upload instead of naming a path: a queue, and what becomes of each file."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias

from vasi.errors import DocumentError, LimitError, OverloadedError, VasiError
from vasi.knowledge.ingest import CONCURRENT_FILES, Ingestion, Step, copy_note
from vasi.knowledge.members import divide, explain_protected, explain_unread, is_archive_name
from vasi.knowledge.originals import UNUSED_AFTER
from vasi.knowledge.parse.archive import Contents, Member
from vasi.knowledge.uploaded_file import UploadedFile
from vasi.storage.ports import Document, DocumentStore
from vasi.storage.spool import Spool

log = logging.getLogger(__name__)

UploadStage: TypeAlias = Literal["received", "reading", "indexing", "done", "failed"]

MAX_WAITING: Final = 200
"""Files of one owner that may wait to be read."""
MAX_ENDED: Final = 100
"""Ended uploads of one owner that can be looked up."""
OVERTAKEN_BYTES_PER_S: Final = 1_000_000
"""A file is overtaken by smaller ones for a second for each of so many bytes that it's larger, and no longer."""
_PROBLEMS: Final = 5
"""Files of an archive that are named because they weren't read."""
VECTORS_S: Final = 10.0
"""An upload is done after so long even if its vectors aren't made yet."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What becomes of one file.

    Attributes:
        id: begins with "job_".
        name: of the file.
        stage: where it is; "done" and "failed" are the last.
        error: one sentence that says why it failed.
        document_id: the document that it became, or that was made of the same file before.
        changed_at: when the stage began.
        note: one sentence that tells of such a one, or that the document has another name.
        page: address of the web page that the file holds.
    """

    id: str
    name: str
    stage: UploadStage
    changed_at: datetime
    error: str | None = None
    document_id: str | None = None
    note: str | None = None
    page: str | None = None

    @property
    def ended(self) -> bool:
        """Nothing more will come of it."""
        return self.stage in ("done", "failed")

    @property
    def source(self) -> str:
        """Of the document that it becomes."""
        return self.page or f"upload:{self.id.removeprefix('job_')}"


@dataclass(frozen=True, slots=True, order=True)
class _Queued:
    """A file that waits to be read, or is being read; those with the earliest ``due`` come first.

    Attributes:
        due: monotonic seconds: when it came, and later for large files.
        place: of those due at the same time, the first one comes first.
    """

    due: float
    place: int
    owner: str = field(compare=False)
    upload: Upload = field(compare=False)
    file: UploadedFile = field(compare=False)
    replaces: str | None = field(compare=False)


class Uploads:
    """The uploads of all owners: one queue, and a few workers that stand by it until ``close``.

    Small files come first. A large one isn't passed over for ever: see ``OVERTAKEN_BYTES_PER_S``.

    Args:
        store: where documents go.
        ingestion: reads and stores them.
        spool: where a file is until it was read.
        file_bytes: the largest file that is taken.
        owner_bytes: what the uploaded documents of one owner may take together; None for any number.
        changed: called with an owner when one of their uploads went on.
        now: the present time, aware.
        clock: monotonic seconds.
        new_id: the random part of ids.
    """

    def __init__(
        self,
        store: DocumentStore,
        ingestion: Ingestion,
        spool: Spool,
        *,
        file_bytes: int,
        owner_bytes: int | None = None,
        changed: Callable[[str], None] = lambda _owner: None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
        new_id: Callable[[], str] = lambda: os.urandom(8).hex(),
    ) -> None:
        self._store = store
        self._ingestion = ingestion
        self._spool = spool
        self._file_bytes = file_bytes
        self._owner_bytes = owner_bytes
        self._changed = changed
        self._now = now
        self._clock = clock
        self._new_id = new_id
        self._uploads: dict[str, dict[str, Upload]] = {}
        self._queue: asyncio.PriorityQueue[_Queued] = asyncio.PriorityQueue()
        self._unread: dict[str, _Queued] = {}
        """By id of the upload: what is in the queue or being read."""
        self._taken = self._ended = 0
        self._all_ended = asyncio.Event()
        self._workers: asyncio.Task[None] | None = None
        self._closed = False

    # --- receiving --------------------------------------------------------------------------------------------------
    def begin(self, name: str) -> UploadedFile:
        """A file called ``name`` begins to come; ``take`` or ``drop`` it. Raises ``StoreError``."""
        return UploadedFile(name, self._spool, self._file_bytes)

    async def require_room(self, owner: str, more: int) -> None:
        """See that ``more`` bytes may be kept beside those that are, or wait to be. Raises ``LimitError``."""
        if self._owner_bytes is None:
            return
        unread = dict(self._unread)
        documents = await self._store.documents(owner)
        # Whatever was stored in this very moment is counted once.
        stored = {document.source for document in documents}
        waiting = [one for one in (unread | self._unread).values() if one.owner == owner]
        used = sum(document.size for document in documents if document.original is not None)
        used += sum(one.file.size for one in waiting if one.upload.source not in stored)
        if used + more > self._owner_bytes:
            text = (
                f"Your uploaded documents take {used / 1e6:,.0f} MB of {self._owner_bytes / 1e6:,.0f} MB, and this "
                "would be more: remove some, or raise the setting 'limits.originals_mb'."
            )
            raise LimitError(text, param="files")

    async def take(self, owner: str, files: Sequence[UploadedFile], *, replaces: str | None = None) -> list[Upload]:
        """Put the files of one request into the queue: all of them, or none.

        A file that is too large fails by itself, as one does that can't be read; the others are taken. Of a request
        that is refused nothing is kept: its files are dropped.

        Raises:
            LimitError: too many files wait already, or they would take more room than the owner has.
            NotFoundError: there is no document ``replaces``.
        """
        try:
            if replaces is not None:
                await self._store.document(owner, replaces)
            fitting = [file for file in files if not file.too_large]
            await self.require_room(owner, sum(file.size for file in fitting))
            if self._closed:
                raise OverloadedError("The server is stopping: send the files again when it is back.")
            if sum(one.owner == owner for one in self._unread.values()) + len(fitting) > MAX_WAITING:
                text = f"{MAX_WAITING} files may wait to be read: send more when some are done."
                raise LimitError(text, param="files")
        except BaseException:
            await asyncio.to_thread(drop_files, files)
            raise
        if self._workers is None:
            self._workers = asyncio.create_task(self._run())
        # No await from here on, so that nothing else is taken between the check and this.
        return [self._enqueue(owner, file, replaces) for file in files]

    def _enqueue(self, owner: str, file: UploadedFile, replaces: str | None) -> Upload:
        page = file.page
        name, address = (file.name, None) if page is None else (page.name, page.address)
        upload = Upload(f"job_{self._new_id()}", name, "received", self._now(), page=address)
        self._uploads.setdefault(owner, {})[upload.id] = upload
        self._show(owner, upload)
        if file.too_large:
            file.drop()
            most = self._file_bytes / 1e6
            text = f"{file.name} is too large; the limit is {most:,.0f} MB: split it and send the parts."
            return self._show(owner, replace(upload, stage="failed", error=text))
        self._taken += 1
        self._all_ended.clear()
        due = self._clock() + file.size / OVERTAKEN_BYTES_PER_S
        queued = _Queued(due, self._taken, owner, upload, file, replaces)
        self._unread[upload.id] = queued
        self._queue.put_nowait(queued)
        return upload

    def uploads(self, owner: str) -> list[Upload]:
        """Running and lately ended ones, oldest first."""
        return list(self._uploads.get(owner, {}).values())

    async def forget(self, owner: str) -> None:
        """Drop what waits to be read of the owner's, and what is known of their uploads."""
        self._uploads.pop(owner, None)
        files = [one.file for one in self._unread.values() if one.owner == owner]
        await asyncio.to_thread(drop_files, files)

    async def idle(self) -> None:
        """Return when everything that was taken has ended."""
        while self._ended < self._taken:
            await self._all_ended.wait()

    async def tidy(self) -> None:
        """Remove what a process left behind that was killed; what waits to be read stays."""
        await asyncio.to_thread(self._spool.tidy, self._now() - UNUSED_AFTER)

    async def close(self) -> None:
        """Stop; what wasn't read yet is dropped. Harmless when repeated."""
        self._closed = True
        if self._workers is not None:
            self._workers.cancel()
            await asyncio.gather(self._workers, return_exceptions=True)
        await asyncio.to_thread(drop_files, [one.file for one in self._unread.values()])
        self._unread.clear()

    # --- reading ----------------------------------------------------------------------------------------------------
    async def _run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(CONCURRENT_FILES):
                group.create_task(self._work(group))

    async def _work(self, group: asyncio.TaskGroup) -> None:
        while True:
            queued = await self._queue.get()
            if (document := await self._read(queued)) is None:
                self._end()
            else:
                # The next file needn't wait for the vectors of this one.
                group.create_task(self._finish(queued, document))

    async def _read(self, queued: _Queued) -> Document | None:
        """The document that the file became; None if that isn't to be finished, but has ended."""
        owner, upload, file = queued.owner, queued.upload, queued.file

        def show(step: Step) -> None:
            self._show(owner, replace(upload, stage=step))

        try:
            if not self._is_known(owner, upload):
                return None
            if is_archive_name(file.name):
                contents = await self._ingestion.list_members(file.path, file.name)
                if contents is not None:
                    await self._read_members(queued, contents)
                    return None
            if queued.replaces is None:
                for same in await self._store.documents_by_original(owner, file.digest):
                    return self._end_as_copy(queued, same)
            document = await self._ingestion.add(
                owner,
                upload.source,
                file.path,
                file.name,
                file.digest,
                replaces=queued.replaces,
                untitled=file.page and file.page.name,
                on_step=show,
            )
            if queued.replaces is None and document.source != upload.source:
                return self._end_as_copy(queued, document)
        except VasiError as error:
            self._show(owner, replace(upload, stage="failed", error=error.message))
        except Exception:
            log.exception("An uploaded document could not be read.")
            self._show(owner, replace(upload, stage="failed", error=f"{upload.name} can't be read; see the log."))
        else:
            return document
        finally:
            await asyncio.to_thread(file.drop)
            del self._unread[upload.id]
        return None

    async def _read_members(self, queued: _Queued, contents: Contents) -> None:
        """Each document in an archive becomes one by itself; those that can't be read are named in the note.

        Raises:
            DocumentError: none can be read, or a single document was to be replaced.
            LimitError: they would take more room than the owner has.
        """
        owner, upload = queued.owner, queued.upload
        if queued.replaces is not None:
            raise DocumentError(f"{upload.name} is an archive: a document is replaced by a file that is one.")
        members, others = divide(contents)
        problems = [explain_protected(f"{upload.name}/{path}") for path in contents.protected]
        problems += [explain_unread(f"{upload.name}/{member.path}") for member in others]
        await self.require_room(owner, sum(member.size for member in members))
        read = 0
        for member in members:
            self._show(owner, replace(upload, stage="reading"))
            try:
                read += await self._read_member(queued, member)
            except DocumentError as error:
                problems.append(error.message)
        if not read:
            reason = problems[0] if problems else "It is empty."
            raise DocumentError(f"Nothing in {upload.name} could be read: {reason}")
        documents = f"1 document of {upload.name} was" if read == 1 else f"{read:,} documents of {upload.name} were"
        told = " ".join(problems[:_PROBLEMS]) + (
            f" And {len(problems) - _PROBLEMS} more." * (len(problems) > _PROBLEMS)
        )
        self._show(owner, replace(upload, stage="done", note=f"{documents} read. {told}".strip()))

    async def _read_member(self, queued: _Queued, member: Member) -> bool:
        """Whether it became a document, or is one already."""
        owner, name = queued.owner, f"{queued.upload.name}/{member.path}"
        data = await self._ingestion.unpack(queued.file.path, name, member.number)
        file = await asyncio.to_thread(self.begin, member.path)
        try:
            await asyncio.to_thread(file.write, data)
            await asyncio.to_thread(file.finish)
            if not await self._store.documents_by_original(owner, file.digest):
                source = f"{queued.upload.source}/{member.path}"
                await self._ingestion.add(owner, source, file.path, name, file.digest)
            return True
        finally:
            await asyncio.to_thread(file.drop)

    def _end_as_copy(self, queued: _Queued, document: Document) -> None:
        note = copy_note(queued.upload.name, document.name) + " It isn't kept twice."
        self._show(queued.owner, replace(queued.upload, stage="done", document_id=document.id, note=note))

    async def _finish(self, queued: _Queued, document: Document) -> None:
        owner, upload = queued.owner, queued.upload
        note: str | None = None
        try:
            others = await self._store.documents_by_digest(owner, document.digest)
            if (other := next((one for one in others if one.id != document.id), None)) is not None:
                note = copy_note(upload.name, other.name)
            elif upload.page is None and document.name != upload.name:
                note = f"Another document is called {upload.name}; this one is kept as {document.name}."
            # When it's done it can be found, by meaning as well.
            async with asyncio.timeout(VECTORS_S):
                await self._ingestion.vectors_ready(owner)
        except TimeoutError:
            pass
        except Exception:  # it is stored all the same
            log.exception("What became of an uploaded document could not be looked up.")
        self._show(owner, replace(upload, stage="done", document_id=document.id, note=note))
        self._end()

    def _end(self) -> None:
        self._ended += 1
        if self._ended == self._taken:
            self._all_ended.set()

    def _is_known(self, owner: str, upload: Upload) -> bool:
        return upload.id in self._uploads.get(owner, {})

    def _show(self, owner: str, upload: Upload) -> Upload:
        """What became of an upload; of one that was forgotten nothing is shown."""
        upload = replace(upload, changed_at=self._now())
        if not self._is_known(owner, upload):
            return upload
        uploads = self._uploads[owner]
        uploads[upload.id] = upload
        ended = [one.id for one in uploads.values() if one.ended]
        for old in ended[: max(0, len(ended) - MAX_ENDED)]:
            del uploads[old]
        self._changed(owner)
        return upload


def drop_files(files: Sequence[UploadedFile]) -> None:
    """Remove them from the disk; slow, not for the event loop."""
    for file in files:
        file.drop()
