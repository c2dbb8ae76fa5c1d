"""Writes everything that a user has into one ZIP archive, as a stream: nothing of it lies on the disk."""

from __future__ import annotations

import asyncio
import hashlib
import re
import zipfile
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from vasi import __version__
from vasi.app.archive import (
    FORMAT,
    MANIFEST,
    PREFERENCES,
    VERSION,
    Manifest,
    StoredConversation,
    StoredDocument,
    StoredFile,
    StoredText,
    written_note,
)
from vasi.errors import DocumentError, NotFoundError
from vasi.knowledge.fulltext import sections
from vasi.knowledge.originals import original_of
from vasi.storage.blobs import BlobStore, pieces
from vasi.storage.ports import Document, Store

_EVERYTHING: Final = 1_000_000_000
_PIECE: Final = 256 * 1024
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')
_PACKED = re.compile(r"\.(pdf|zip|docx|xlsx|pptx|odt|ods|odp|epub|png|jpe?g|gz)$", re.IGNORECASE)
"""What is compressed already."""


class _Sink:
    """A file that can only be written, of which what was written is taken away."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        taken, self._pieces, self.size = b"".join(self._pieces), [], 0
        return taken


class Export:
    """Exports what owners have.

    Args:
        store: keeps rows.
        blobs: keeps originals.
        now: the present time, aware.
    """

    def __init__(
        self, store: Store, blobs: BlobStore, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._now = now

    async def archive(self, owner: str) -> AsyncGenerator[bytes, None]:
        """The bytes of the ZIP file, in pieces. What changes meanwhile is in it as it was or as it is.

        Raises:
            StoreError: something can't be read; the archive breaks off.
        """
        sink, files = _Sink(), dict[str, StoredFile]()
        sink_file: Any = sink  # all that ``zipfile`` asks of a file that can't be rewound
        with zipfile.ZipFile(sink_file, "w", zipfile.ZIP_DEFLATED) as archive:

            async def add(path: str, content: AsyncIterable[bytes]) -> AsyncGenerator[bytes, None]:
                entry = zipfile.ZipInfo(path, self._now().timetuple()[:6])
                entry.compress_type = zipfile.ZIP_STORED if _PACKED.search(path) else zipfile.ZIP_DEFLATED
                entry.external_attr = 0o600 << 16
                digest, size = hashlib.sha256(), 0
                with archive.open(entry, "w", force_zip64=True) as file:
                    async for piece in content:
                        digest.update(piece)
                        size += len(piece)
                        await asyncio.to_thread(file.write, piece)
                        if sink.size >= _PIECE:
                            yield sink.take()
                files[path] = StoredFile(size, digest.hexdigest())

            manifest = Manifest(
                format=FORMAT,
                version=VERSION,
                vasi=__version__,
                exported_at=self._now(),
                documents=[],
                notes=[],
                conversations=[],
                files=files,
            )
            for path, content in [
                *[one async for one in self._documents(owner, manifest)],
                *[one async for one in self._texts(owner, manifest)],
            ]:
                async for piece in add(path, content()):
                    yield piece
            async for piece in add(MANIFEST, _whole(msgspec.json.format(msgspec.json.encode(manifest)))):
                yield piece
        yield sink.take()

    async def _documents(
        self, owner: str, manifest: Manifest
    ) -> AsyncGenerator[tuple[str, Callable[[], AsyncIterable[bytes]]], None]:
        taken: set[str] = set()
        for document in await self._store.documents(owner):
            content, text = await self._content(owner, document)
            path = _path(f"{document.name}.txt" if text else document.name, document.id, taken)
            manifest.documents.append(
                StoredDocument(
                    id=document.id,
                    path=path,
                    name=document.name,
                    source=document.source,
                    media_type=document.media_type,
                    added_at=document.added_at,
                    text=text,
                )
            )
            yield path, content

    async def _content(self, owner: str, document: Document) -> tuple[Callable[[], AsyncIterable[bytes]], bool]:
        """What goes into the archive of a document, and whether that is what was read of it."""
        try:
            original = await original_of(self._blobs, owner, document)
        except (NotFoundError, DocumentError):
            return lambda: self._read_text(owner, document.id), True
        if isinstance(original, Path):
            return lambda: _file(original), False
        return lambda: self._blobs.read(owner, original.digest), False

    async def _read_text(self, owner: str, document_id: str) -> AsyncGenerator[bytes, None]:
        try:
            passages = await self._store.document_passages(owner, document_id)
        except NotFoundError:  # removed meanwhile
            passages = []
        read = sections(passages)
        yield "\n\n".join(part for one in read for part in (one.heading, one.text) if part).encode()

    async def _texts(
        self, owner: str, manifest: Manifest
    ) -> AsyncGenerator[tuple[str, Callable[[], AsyncIterable[bytes]]], None]:
        for note in await self._store.notes(owner, limit=_EVERYTHING):
            path = f"notes/{note.created_at:%Y-%m-%d}-{note.id}.md"
            manifest.notes.append(StoredText(id=note.id, path=path))
            text = written_note(note).encode()
            yield path, lambda text=text: _whole(text)
        for one in await self._store.conversations(owner, limit=_EVERYTHING):
            path = f"conversations/{one.created_at:%Y-%m-%d}-{one.id}"
            manifest.conversations.append(StoredText(id=one.id, path=f"{path}.json"))
            yield f"{path}.json", lambda one=one.id: self._conversation(owner, one, markdown=False)
            yield f"{path}.md", lambda one=one.id: self._conversation(owner, one, markdown=True)
        preferences = await self._store.preferences(owner)
        yield PREFERENCES, lambda: _whole(msgspec.json.format(msgspec.json.encode(preferences)))

    async def _conversation(self, owner: str, conversation_id: str, *, markdown: bool) -> AsyncGenerator[bytes, None]:
        from vasi.web.api.conversations import as_markdown  # FastAPI takes its time

        try:
            conversation = await self._store.conversation(owner, conversation_id)
            items = list(await self._store.conversation_items(owner, conversation_id))
        except NotFoundError:  # removed meanwhile
            return
        if markdown:
            yield as_markdown(conversation, items).encode()
        else:
            yield await asyncio.to_thread(msgspec.json.encode, StoredConversation.of(conversation, items))


async def _whole(content: bytes) -> AsyncGenerator[bytes, None]:
    yield content


async def _file(path: Path) -> AsyncGenerator[bytes, None]:
    with await asyncio.to_thread(path.open, "rb") as file:
        async for piece in pieces(file):
            yield piece


def _path(name: str, document_id: str, taken: set[str]) -> str:
    """A path below ``documents/`` that every system can unpack, and no other document has."""
    parts = [_FORBIDDEN.sub("_", part).strip(" .")[:120] for part in name.split("/")]
    path = "documents/" + "/".join([part for part in parts if part] or [document_id])
    if path.lower() in taken or not _is_free(path.lower(), taken):
        path = f"documents/{document_id}/{path.rpartition('/')[2]}"
    taken.add(path.lower())
    return path


def _is_free(path: str, taken: Iterable[str]) -> bool:
    """No file is where another one needs a folder."""
    return not any(one.startswith(f"{path}/") or path.startswith(f"{one}/") for one in taken)
