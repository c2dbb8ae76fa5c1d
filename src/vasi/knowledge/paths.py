"""Adds files and folders: reads what is new or changed, removes what is gone."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from vasi.errors import DocumentError, LimitError
from vasi.knowledge.ingest import CONCURRENT_FILES, Ingestion, Step, copy_note
from vasi.knowledge.members import divide, explain_protected, explain_unread, is_archive_name, kind_of_unread
from vasi.knowledge.parse.limits import ReadingLimits
from vasi.knowledge.parse.readers import readable_suffixes
from vasi.knowledge.parse.worker import digest, load
from vasi.storage.names import distinct
from vasi.storage.ports import Document, DocumentStore

Progress: TypeAlias = Callable[[int, int, str], None]
"""Called with files done, files in all (0 until they are counted), and what is being done ("Reading handbook.pdf")."""


@dataclass(frozen=True, slots=True)
class FileProblem:
    """A file that wasn't added; ``message`` is one sentence that names it and says why.

    Attributes:
        source: its absolute path.
        message: for people.
        kind: what it and its like are called together (".png files"); "" if each is told by itself.
    """

    source: str
    message: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of the files.

    Attributes:
        added: new documents, and those that were read again because they changed.
        unchanged: documents that were there already.
        removed: documents from an added folder whose file is gone.
        copies: for each of ``added`` that holds the same as another document, that it does.
        failed: files that can't be read; they stopped nothing else.
        skipped: files in an added folder that can't be read for their kind, and links.
        left_out: what in an added folder isn't looked into on purpose: hidden files and folders, installed packages,
            virtual environments.
    """

    added: tuple[Document, ...] = ()
    unchanged: tuple[Document, ...] = ()
    removed: tuple[Document, ...] = ()
    copies: tuple[FileProblem, ...] = ()
    failed: tuple[FileProblem, ...] = ()
    skipped: tuple[FileProblem, ...] = ()
    left_out: tuple[FileProblem, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Was every document read that is one of the given paths, or stands in one?"""
        return not self.failed

    @property
    def warnings(self) -> tuple[FileProblem, ...]:
        """What wasn't read of the documents that were added, e.g. scanned pages."""
        return tuple(
            FileProblem(document.source, f"{document.name}: {warning}")
            for document in self.added
            for warning in document.warnings
        )


@dataclass(slots=True)
class _Scan:
    """The files that some paths stand for."""

    files: dict[str, str] = field(default_factory=dict[str, str])
    """Source (absolute path) to name."""
    folders: list[str] = field(default_factory=list[str])
    failed: list[FileProblem] = field(default_factory=list[FileProblem])
    skipped: list[FileProblem] = field(default_factory=list[FileProblem])
    left_out: list[FileProblem] = field(default_factory=list[FileProblem])
    entries: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    """By source of a file in an archive: the archive, and the number of its entry."""
    unreadable: list[str] = field(default_factory=list[str])
    """Archives that can't be unpacked now: what was read of them stays."""


_LEFT_OUT: Final = {
    "node_modules": "installed packages",
    "bower_components": "installed packages",
    "site-packages": "installed packages",
    "__pycache__": "compiled code",
    "__MACOSX": "what macOS keeps beside files",
    "$RECYCLE.BIN": "thrown away",
    "System Volume Information": "the system's own",
}
"""Folders that hold nothing of people's own, and what they hold."""
_UNREAD_NAMES: Final = frozenset({"thumbs.db", "desktop.ini"})
_IS_VIRTUAL_ENVIRONMENT: Final = "pyvenv.cfg"


def scan(paths: Sequence[str | os.PathLike[str]], limits: ReadingLimits) -> _Scan:
    """Find the files below ``paths``, in order of their names.

    In folders, what is hidden, installed packages and virtual environments are left out, and links aren't followed:
    they may lead anywhere, also in circles. A path given by name is read whatever it is.

    Raises:
        LimitError: more than ``limits.files`` files.
    """
    scanned = _Scan()
    for given in paths:
        path = Path(os.path.abspath(Path(given).expanduser()))
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError) as error:
            reason = "doesn't exist: check the path" if isinstance(error, FileNotFoundError) else "can't be opened"
            scanned.failed.append(FileProblem(str(path), f"{given} {reason}."))
            continue
        if target.is_dir():
            scanned.folders.append(str(target))
            _scan_folder(target, scanned, limits)
        else:
            scanned.files[str(target)] = path.name
    return scanned


def _scan_folder(folder: Path, scanned: _Scan, limits: ReadingLimits) -> None:
    def unreadable(error: OSError) -> None:
        scanned.failed.append(FileProblem(str(error.filename), f"{error.filename} can't be opened ({error.strerror})."))

    readable = readable_suffixes()
    for parent, folders, names in os.walk(folder, onerror=unreadable, followlinks=False):
        folders[:] = [name for name in sorted(folders) if not _leave_out(Path(parent, name), scanned, is_folder=True)]
        for name in sorted(names):
            path = Path(parent, name)
            if _leave_out(path, scanned, is_folder=False):
                continue
            if path.is_symlink():
                text = f"{name} is a link; add what it leads to by its own path."
                scanned.skipped.append(FileProblem(str(path), text, "links"))
            elif path.suffix.lower() not in readable:
                scanned.skipped.append(_unread(str(path), name))
            else:
                scanned.files[str(path)] = name
            if len(scanned.files) + len(scanned.skipped) > limits.files:
                raise LimitError(f"{folder} holds more than {limits.files:,} files: add its parts one by one.")


def _unread(source: str, name: str) -> FileProblem:
    return FileProblem(source, explain_unread(name), kind_of_unread(name))


def _leave_out(path: Path, scanned: _Scan, *, is_folder: bool) -> bool:
    """Whether what is at ``path``, in a folder that was given, isn't looked into; then it's noted."""
    name = path.name
    if name.startswith("."):
        kind = "hidden folders" if is_folder else "hidden files"
    elif is_folder and path.is_symlink():
        text = f"{name} is a link; add what it leads to by its own path."
        scanned.skipped.append(FileProblem(str(path), text, "links"))
        return True
    elif is_folder and name in _LEFT_OUT:
        kind = _LEFT_OUT[name]
    elif is_folder and (path / _IS_VIRTUAL_ENVIRONMENT).exists():
        kind = "virtual environments"
    elif not is_folder and name.lower() in _UNREAD_NAMES:
        kind = "the system's own"
    else:
        return False
    scanned.left_out.append(FileProblem(str(path), f"{name} was left out ({kind}).", kind))
    return True


class PathIngestion:
    """One run over some paths, for one owner."""

    def __init__(
        self,
        store: DocumentStore,
        ingestion: Ingestion,
        owner: str,
        limits: ReadingLimits,
        progress: Progress | None = None,
    ) -> None:
        self._store = store
        self._ingestion = ingestion
        self._owner = owner
        self._limits = limits
        self._progress = progress or _no_progress
        self._done = 0
        self._added: list[Document] = []
        self._unchanged: list[Document] = []
        self._removed: list[Document] = []
        self._failed: list[FileProblem] = []

    async def run(self, paths: Sequence[str | os.PathLike[str]]) -> IngestReport:
        """Add ``paths``.

        Raises:
            LimitError: too many files.
            StoreError: storage failed; what was stored before stays.
        """
        self._progress(0, 0, "Looking for files")
        scanned = await asyncio.to_thread(scan, paths, self._limits)
        await self._open_archives(scanned)
        self._failed += scanned.failed
        stored = {document.source: document for document in await self._store.documents(self._owner)}
        await self._remove_vanished(scanned, stored)
        total = len(scanned.files)
        here = {source: document for source, document in stored.items() if document not in self._removed}
        waiting = iter(_distinct_names(scanned.files, here).items())

        async def work() -> None:
            for source, name in waiting:
                await self._add_file(source, name, stored.get(source), total, scanned.entries.get(source))

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(CONCURRENT_FILES, total)):
                    group.create_task(work())
        except BaseExceptionGroup as errors:
            raise _first(errors) from None
        added = sorted(self._added, key=lambda document: document.source)
        return IngestReport(
            tuple(added),
            tuple(sorted(self._unchanged, key=lambda document: document.source)),
            tuple(self._removed),
            await self._copies(added),
            tuple(sorted(self._failed, key=lambda problem: problem.source)),
            tuple(scanned.skipped),
            tuple(scanned.left_out),
        )

    async def _open_archives(self, scanned: _Scan) -> None:
        """Put the files in archives in the place of the archives."""
        for source in [source for source in scanned.files if is_archive_name(source)]:
            name = scanned.files[source]
            try:
                contents = await self._ingestion.list_members(Path(source), name)
            except DocumentError as error:
                del scanned.files[source]
                scanned.unreadable.append(source)
                scanned.failed.append(FileProblem(source, error.message))
                continue
            if contents is None:
                continue
            del scanned.files[source]
            scanned.folders.append(source)
            members, others = divide(contents)
            for member in members:
                scanned.files[f"{source}/{member.path}"] = f"{name}/{member.path}"
                scanned.entries[f"{source}/{member.path}"] = (source, member.number)
            scanned.skipped += [_unread(f"{source}/{one.path}", f"{name}/{one.path}") for one in others]
            scanned.unreadable += [f"{source}/{path}" for path in contents.protected]
            scanned.failed += [
                FileProblem(f"{source}/{path}", explain_protected(f"{name}/{path}")) for path in contents.protected
            ]
            scanned.left_out += [
                FileProblem(f"{source}/{path}", f"{name}/{path} was left out.", "hidden files and links in archives")
                for path in contents.left_out
            ]
            if len(scanned.files) > self._limits.files:
                raise LimitError(f"There are more than {self._limits.files:,} files: add the parts one by one.")

    async def _add_file(
        self, source: str, name: str, stored: Document | None, total: int, entry: tuple[str, int] | None
    ) -> None:
        def show(step: Step) -> None:
            self._progress(self._done, total, f"{step.capitalize()} {name}")

        try:
            async with self._file(source, name, entry) as path:
                if stored is not None and await asyncio.to_thread(self._digest, path, name) == stored.digest:
                    self._unchanged.append(stored)
                    return
                self._added.append(await self._ingestion.add(self._owner, source, path, name, on_step=show))
        except DocumentError as error:
            self._failed.append(FileProblem(source, error.message))
        finally:
            self._done += 1
            self._progress(self._done, total, name)

    @contextlib.asynccontextmanager
    async def _file(self, source: str, name: str, entry: tuple[str, int] | None) -> AsyncGenerator[Path]:
        """The file to read; what is in an archive is unpacked for so long."""
        if entry is None:
            yield Path(source)
            return
        archive, number = entry
        data = await self._ingestion.unpack(Path(archive), name, number)
        with tempfile.TemporaryDirectory(prefix="vasi-") as folder:
            path = Path(folder, "file")
            await asyncio.to_thread(path.write_bytes, data)
            yield path

    def _digest(self, path: Path, name: str) -> str:
        try:
            return digest(load(str(path), self._limits))
        except DocumentError as error:
            raise DocumentError(f"{name} {error.message}") from error

    async def _copies(self, added: Sequence[Document]) -> tuple[FileProblem, ...]:
        """Each copy once: of two that are new the second is one of the first."""
        first: dict[str, Document] = {}
        new = {document.id: place for place, document in enumerate(added)}
        for content in {document.digest for document in added}:
            if same := await self._store.documents_by_digest(self._owner, content):
                first[content] = min(same, key=lambda one: new.get(one.id, -1))
        return tuple(
            FileProblem(document.source, copy_note(document.name, first[document.digest].name))
            for document in added
            if document.digest in first and first[document.digest].id != document.id
        )

    async def _remove_vanished(self, scanned: _Scan, stored: dict[str, Document]) -> None:
        for document in stored.values():
            inside = any(document.source.startswith(os.path.join(folder, "")) for folder in scanned.folders)
            if any(f"{document.source}/".startswith(f"{one}/") for one in scanned.unreadable):
                continue
            if (
                inside
                and document.source not in scanned.files
                and not await asyncio.to_thread(os.path.lexists, document.source)
            ):
                await self._store.remove_document(self._owner, document.id)
                self._removed.append(document)


def _distinct_names(files: Mapping[str, str], stored: Mapping[str, Document]) -> dict[str, str]:
    """``files`` (source to name) by names that tell them apart; stored documents keep theirs."""
    named = {source: stored[source].name for source in files if source in stored}
    taken = {document.name.lower() for document in stored.values()}
    for source, name in files.items():
        if source not in named:
            named[source] = distinct(name, source, lambda each: each.lower() in taken)
            taken.add(named[source].lower())
    return {source: named[source] for source in files}


def _no_progress(done: int, total: int, doing: str) -> None:
    """The default: progress isn't shown."""


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first of ``errors``: one failure is reported as itself."""
    return errors.exceptions[0]
