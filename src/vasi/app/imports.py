"""Takes the archive that an export wrote into an account: what is there already stays as it is.

An archive comes from outside. Nothing is unpacked to where it says: entries are read one by one, no further than what
they announce and the limits allow, and what isn't named by the manifest isn't read at all.
"""

from __future__ import annotations

import asyncio
import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import msgspec

from vasi.app.archive import (
    FORMAT,
    MANIFEST,
    PREFERENCES,
    VERSION,
    Manifest,
    StoredConversation,
    StoredDocument,
    StoredText,
    read_note,
)
from vasi.errors import ClientError, DocumentError, LimitError, NotFoundError, VasiError
from vasi.knowledge.ingest import Elsewhere, Ingestion
from vasi.knowledge.locate import locate
from vasi.knowledge.uploads import Uploads
from vasi.language.printable import printable
from vasi.notes.notes import LONGEST_TAG, MOST_CHARACTERS, MOST_TAGS
from vasi.protocol.items import item_id, without_audio
from vasi.storage.ports import Document, Note, NoteOrigin, Passage, Store
from vasi.storage.recorded import Cited, CitedSpan, Conversation, RecordedItem

MOST_ENTRIES: Final = 200_000
MOST_BYTES: Final = 8_000_000_000
"""Of all entries together, unpacked."""
MANIFEST_BYTES: Final = 128_000_000
NOTE_BYTES: Final = 64 * 1024
CONVERSATION_BYTES: Final = 64_000_000
PREFERENCES_BYTES: Final = 16 * 1024
_PIECE: Final = 256 * 1024
_PROBLEMS: Final = 50

Progress = Callable[[int, int], None]
"""Is told how many things of how many were looked at."""


@dataclass(slots=True)
class ImportReport:
    """What an import brought: how many were added, how many were there already, and what couldn't be taken."""

    documents: int = 0
    notes: int = 0
    conversations: int = 0
    known: int = 0
    problems: list[str] = field(default_factory=list[str])


class Import:
    """Imports archives.

    Args:
        store: keeps rows.
        ingestion: reads documents.
        uploads: take files, within the limits of their owners.
    """

    def __init__(self, store: Store, ingestion: Ingestion, uploads: Uploads) -> None:
        self._store = store
        self._ingestion = ingestion
        self._uploads = uploads

    async def run(self, owner: str, archive: Path, progress: Progress = lambda _done, _total: None) -> ImportReport:
        """Take all that is in the ZIP file ``archive``.

        Raises:
            ClientError: it's no archive of an export.
            LimitError: it's too large, or its documents would take more room than the owner has.
            StoreError: storage failed; what was taken before stays, and isn't taken twice.
        """
        with await asyncio.to_thread(_opened, archive) as opened:
            manifest = await asyncio.to_thread(opened.manifest)
            await self._uploads.require_room(owner, 0)
            run = _Run(self._store, self._ingestion, self._uploads, owner, opened, manifest)
            await run.run(progress)
            return run.report


class _Archive:
    """The entries of an archive, by their names."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        infos = file.infolist()
        if len(infos) > MOST_ENTRIES or sum(one.file_size for one in infos) > MOST_BYTES:
            raise LimitError("The archive holds too much: import it in parts.")
        self._infos = {one.filename: one for one in infos}
        self.sums: dict[str, str] = {}

    def __enter__(self) -> _Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def manifest(self) -> Manifest:
        """What is in it. Raises ``ClientError``."""
        try:
            manifest = msgspec.json.decode(self.read(MANIFEST, MANIFEST_BYTES), type=Manifest)
        except (DocumentError, msgspec.MsgspecError):
            raise ClientError("This is no archive that vasi has exported.", code="not_an_export") from None
        if manifest.format != FORMAT or manifest.version > VERSION:
            raise ClientError("The archive is of a newer vasi: update this one.", code="not_an_export")
        self.sums = {path: one.sha256 for path, one in manifest.files.items()}
        return manifest

    def pieces(self, path: str, most: int) -> Iterator[bytes]:
        """An entry, unpacked, with its digest compared. Raises ``DocumentError``."""
        info = self._infos.get(path)
        if info is None:
            raise DocumentError(f"{_shown(path)} is missing from the archive.")
        if info.file_size > most:
            raise DocumentError(f"{_shown(path)} is too large.")
        digest, size = hashlib.sha256(), 0
        try:
            with self._file.open(info) as entry:
                while piece := entry.read(_PIECE):
                    size += len(piece)
                    if size > info.file_size:  # more than it announces: made to fill the disk
                        raise DocumentError(f"{_shown(path)} is damaged.")
                    digest.update(piece)
                    yield piece
        except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError):
            raise DocumentError(f"{_shown(path)} is damaged.") from None
        if self.sums.get(path, digest.hexdigest()) != digest.hexdigest():
            raise DocumentError(f"{_shown(path)} isn't what was exported: its digest differs.")

    def read(self, path: str, most: int) -> bytes:
        """A whole entry. Raises ``DocumentError``."""
        return b"".join(self.pieces(path, most))


def _opened(archive: Path) -> _Archive:
    try:
        return _Archive(zipfile.ZipFile(archive))
    except (zipfile.BadZipFile, OSError, ValueError):
        raise ClientError("This is no ZIP archive.", code="not_an_export") from None


class _Run:
    """One import."""

    def __init__(
        self,
        store: Store,
        ingestion: Ingestion,
        uploads: Uploads,
        owner: str,
        archive: _Archive,
        manifest: Manifest,
    ) -> None:
        self.report = ImportReport()
        self._store = store
        self._ingestion = ingestion
        self._uploads = uploads
        self._owner = owner
        self._archive = archive
        self._manifest = manifest
        self._documents: dict[str, Document] = {}
        """What documents of the archive became, by their ids there."""
        self._notes: dict[str, str] = {}
        self._conversations: dict[str, str] = {}
        self._passages: dict[str, Sequence[Passage]] = {}

    async def run(self, progress: Progress) -> None:
        manifest = self._manifest
        work = [
            *((self._take_document, one) for one in manifest.documents),
            # Notes name the conversations that they were taken in, which name the notes that they cite.
            *((self._name_conversation, one) for one in manifest.conversations),
            *((self._take_note, one) for one in manifest.notes),
            *((self._take_conversation, one) for one in manifest.conversations),
        ]
        for number, (take, one) in enumerate(work):
            progress(number, len(work))
            try:
                await take(one)  # type: ignore[arg-type]  # each with what it takes
            except DocumentError as error:
                self._note_problem(error)
            except LimitError as error:
                self._note_problem(error)
        await self._take_preferences()
        progress(len(work), len(work))

    def _note_problem(self, error: VasiError) -> None:
        if len(self.report.problems) < _PROBLEMS:
            self.report.problems.append(error.message)

    # --- documents --------------------------------------------------------------------------------------------------
    async def _take_document(self, one: StoredDocument) -> None:
        known = await self._known_document(one)
        if known is not None:
            self.report.known += 1
            self._documents[one.id] = known
            return
        name = printable(one.name).strip() or "document"
        file = await asyncio.to_thread(self._uploads.begin, name.rpartition("/")[2])
        try:
            await asyncio.to_thread(self._unpack, one.path, file.write)
            await asyncio.to_thread(file.finish)
            if file.too_large:
                raise DocumentError(f"{_shown(name)} is larger than documents may be here.")
            same = await self._store.documents_by_original(self._owner, file.digest)
            if same:
                self.report.known += 1
                self._documents[one.id] = same[0]
                return
            await self._uploads.require_room(self._owner, file.size)
            self._documents[one.id] = await self._ingestion.add(
                self._owner,
                await self._source(one),
                file.path,
                f"{name}.txt" if one.text and not name.endswith(".txt") else name,
                file.digest,
                elsewhere=Elsewhere(one.id, one.added_at),
            )
            self.report.documents += 1
        finally:
            await asyncio.to_thread(file.drop)

    async def _source(self, one: StoredDocument) -> str:
        """Where it comes from: a web page stays one, a path means nothing here, and nothing is replaced."""
        kept = one.source.startswith(("https://", "http://", "upload:"))
        if kept and await self._store.document_by_source(self._owner, one.source) is None:
            return one.source
        return f"upload:{one.id}"

    async def _known_document(self, one: StoredDocument) -> Document | None:
        try:
            return await self._store.document(self._owner, one.id)
        except NotFoundError:
            pass
        stored = self._archive.sums.get(one.path)
        same = await self._store.documents_by_original(self._owner, stored) if stored else []
        return same[0] if same else None

    def _unpack(self, path: str, write: Callable[[bytes], None]) -> None:
        for piece in self._archive.pieces(path, MOST_BYTES):
            write(piece)

    # --- notes ------------------------------------------------------------------------------------------------------
    async def _take_note(self, one: StoredText) -> None:
        note = read_note(_text(await self._read(one.path, NOTE_BYTES)))
        if not note.text.strip() or len(note.text) > MOST_CHARACTERS:
            raise DocumentError(f"The note {_shown(one.path)} is empty or too long.")
        candidates = self._ids(note.id)
        known = {found.id for found in await self._store.notes_by_id(self._owner, candidates)}
        for candidate in candidates:
            self._notes[one.id] = candidate
            if candidate in known:
                self.report.known += 1
                return
            if await self._store.put_note(self._owner, self._placed(replace(note, id=candidate))):
                self.report.notes += 1
                return

    def _placed(self, note: Note) -> Note:
        """As notes are here, with the conversation that it was taken in as that is called here."""
        tags = tuple(printable(tag)[:LONGEST_TAG] for tag in note.tags[:MOST_TAGS])
        origin = None
        if note.origin is not None and note.origin.conversation_id in self._conversations:
            origin = NoteOrigin(self._conversations[note.origin.conversation_id], note.origin.item_id)
        return replace(note, text=printable(note.text), tags=tags, origin=origin)

    # --- conversations ----------------------------------------------------------------------------------------------
    async def _name_conversation(self, one: StoredText) -> None:
        """Which id it has here, or will have."""
        for candidate in self._ids(one.id):
            try:
                await self._store.conversation(self._owner, candidate)
            except NotFoundError:
                continue
            self._conversations[one.id] = candidate
            return
        self._conversations[one.id] = one.id

    async def _take_conversation(self, one: StoredText) -> None:
        content = await self._read(one.path, CONVERSATION_BYTES)
        try:
            stored = await asyncio.to_thread(msgspec.json.decode, content, type=StoredConversation)
            items = [replace(each, item=without_audio(each.item)) for each in stored.items]
            named = [item_id(each.item) for each in items]
        except (msgspec.MsgspecError, ValueError):
            raise DocumentError(f"{_shown(one.path)} isn't a conversation as an export writes it.") from None
        whole = all(named) and all(each.created_at.tzinfo for each in items)
        if len(set(named)) != len(named) or not whole:
            raise DocumentError(f"{_shown(one.path)} isn't a conversation as an export writes it.")
        for candidate in dict.fromkeys([self._conversations[one.id], *self._ids(one.id)]):
            try:
                begun = await self._store.conversation(self._owner, candidate)
                self.report.known += 1
                self._conversations[one.id] = begun.id
                return
            except NotFoundError:
                pass
            conversation = _conversation(stored, candidate)
            if await self._store.put_conversation(self._owner, conversation, await self._cited_here(items)):
                self._conversations[one.id] = candidate
                self.report.conversations += 1
                return

    async def _cited_here(self, items: Sequence[RecordedItem]) -> list[RecordedItem]:
        """With citations of what documents and notes became here."""
        placed: list[RecordedItem] = []
        for item in items:
            spans: list[CitedSpan] = []
            for span in item.citations:
                passages = tuple([await self._cited(passage) for passage in span.passages])
                spans.append(msgspec.structs.replace(span, passages=passages))
            placed.append(replace(item, citations=tuple(spans)))
        return placed

    async def _cited(self, cited: Cited) -> Cited:
        """The passage of here that says what was cited; its excerpt tells where that stands."""
        # No passage has such an id: what isn't found must not name another passage, which has that number here.
        elsewhere = msgspec.structs.replace(cited, id=f"x{cited.id}")
        if cited.kind == "note":
            return msgspec.structs.replace(elsewhere, source_id=self._notes.get(cited.source_id, cited.source_id))
        document = self._documents.get(cited.source_id)
        if document is None:
            return elsewhere
        if document.id not in self._passages:
            self._passages[document.id] = await self._store.document_passages(self._owner, document.id)
        passages = self._passages[document.id]
        found = await asyncio.to_thread(locate, cited, passages) or next(
            (one for one in passages if one.start <= cited.start < max(one.end, one.start + 1)), None
        )
        if found is None:
            return msgspec.structs.replace(elsewhere, source_id=document.id, document=document.name)
        return msgspec.structs.replace(
            cited,
            id=found.id,
            source_id=document.id,
            document=document.name,
            page=found.page,
            start=found.start,
            end=found.end,
        )

    # --- the rest ---------------------------------------------------------------------------------------------------
    async def _take_preferences(self) -> None:
        if await self._store.preferences(self._owner):
            return
        try:
            chosen = msgspec.json.decode(await self._read(PREFERENCES, PREFERENCES_BYTES), type=dict[str, Any])
        except (DocumentError, msgspec.MsgspecError):
            return  # there were none
        if chosen:
            await self._store.put_preferences(self._owner, chosen)

    async def _read(self, path: str, most: int) -> bytes:
        return await asyncio.to_thread(self._archive.read, path, most)

    def _ids(self, stored_id: str) -> list[str]:
        """The ids that something may have here: its own, or, where that is somebody else's, always the same other."""
        kind = stored_id.partition("_")[0]
        return [stored_id, f"{kind}_{hashlib.sha256(f'{self._owner} {stored_id}'.encode()).hexdigest()[:16]}"]


def _conversation(stored: StoredConversation, conversation_id: str) -> Conversation:
    return Conversation(conversation_id, printable(stored.title), stored.created_at, stored.updated_at)


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise DocumentError("A note of the archive isn't text.") from None


def _shown(name: str) -> str:
    return printable(name)[:200]
