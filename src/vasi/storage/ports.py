"""What the product needs to keep: documents and their passages, the index over them, notes, conversations.

The owner is an argument of every method: there is no way to ask for somebody else's rows. Some readings take several
owners: a reader with the collections that they may see. A method returns when its change is durable (it survives a
power cut), or raises ``StoreError`` and nothing of the change was kept. Every write is one transaction together with
the index over it: what was written is found by the next search, what was removed is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

from vasi.storage.accounts import AccountStore
from vasi.storage.belongings import PreferenceStore, RemovalStore
from vasi.storage.changes import ChangeLog
from vasi.storage.collections import CollectionName, CollectionStore
from vasi.storage.owners import Owners
from vasi.storage.recorded import ConversationStore
from vasi.storage.spending import SpendingStore
from vasi.storage.terms import BOTH_KINDS, Kind, TermStore

Vector: TypeAlias = npt.NDArray[np.float32]
"""``float32[d]``, unit length."""


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A stretch of a document, before it is stored.

    Attributes:
        text: what is searched and shown.
        heading: the headings above it, outermost first, joined by " > "; "" if none. Searched as well.
        page: 1-based page (PDF) or slide (PPTX); None where the format has no pages.
        start: offset in characters of ``text`` in the document's whole text.
        end: offset of its end.
    """

    text: str
    heading: str = ""
    page: int | None = None
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """A stored passage.

    Attributes:
        id: opaque; never given twice, and another one when the document is read again.
        kind: whether it belongs to a document or a note.
        source_id: id of that document or note.
        document: the document's name as shown to people; "" for notes.
        text, heading, page, start, end: as in ``NewPassage``.
        collection: where its document is shared; None for the reader's own.
    """

    id: str
    kind: Kind
    source_id: str
    document: str
    text: str
    heading: str = ""
    page: int | None = None
    start: int = 0
    end: int = 0
    collection: CollectionName | None = None


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document about to be stored.

    Attributes:
        source: where it came from (absolute path or URL); storing the same source again replaces it.
        name: what people call it (file name); where another document of the owner is called so it's stored with folders
            in front, or a number behind (``names.distinct``).
        digest: hex SHA-256 of the file's bytes plus the parser's version: unchanged means nothing to do.
        media_type: e.g. ``application/pdf``.
        size: bytes of the file.
        pages: number of pages, None where the format has none.
        title: from the document itself, "" if it has none.
        warnings: sentences for the user, e.g. that a scanned page has no text.
        original: hex SHA-256 by which the ``Originals`` keep an uploaded file; None for a file that stays where it is.
        replaces: id of the document that this one takes the place of, whatever its source.
        id: the one that it had elsewhere, which it gets if no document has it; None for a new one.
        added_at: when it was added elsewhere, aware; None for now.
    """

    source: str
    name: str
    digest: str
    media_type: str
    size: int
    pages: int | None = None
    title: str = ""
    warnings: tuple[str, ...] = ()
    original: str | None = None
    replaces: str | None = None
    id: str | None = None
    added_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A stored document with the number of its passages, and the collection that it's shared in, if it is."""

    id: str
    source: str
    name: str
    digest: str
    media_type: str
    size: int
    pages: int | None
    title: str
    warnings: tuple[str, ...]
    passages: int
    added_at: datetime
    updated_at: datetime
    original: str | None = None
    collection: CollectionName | None = None


@dataclass(frozen=True, slots=True)
class Original:
    """The uploaded file of a document: whose it is, hex SHA-256 of its content, and the document's name."""

    owner: str
    digest: str
    name: str


@dataclass(frozen=True, slots=True)
class NoteOrigin:
    """The conversation that a note was taken in, and what the user had said last."""

    conversation_id: str
    item_id: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A note. Times are aware UTC."""

    id: str
    text: str
    created_at: datetime
    updated_at: datetime
    tags: tuple[str, ...] = ()
    pinned: bool = False
    origin: NoteOrigin | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found by one retriever; ``score`` is larger for better, comparable only within one result."""

    passage_id: str
    score: float


class DocumentStore(Protocol):
    """Documents and their passages."""

    async def put_document(self, owner: str, document: NewDocument, passages: Sequence[NewPassage]) -> Document:
        """Store or replace (same ``source``, or ``replaces``) with all its passages, in one transaction.

        Raises:
            NotFoundError: there is no document ``replaces``.
        """
        ...

    async def document(self, owners: Owners, document_id: str) -> Document:
        """Raises ``NotFoundError``."""
        ...

    async def document_passages(self, owners: Owners, document_id: str) -> list[Passage]:
        """All passages of a document, in its order. Raises ``NotFoundError``."""
        ...

    async def documents(self, owners: Owners) -> list[Document]:
        """All, by name."""
        ...

    async def document_by_source(self, owner: str, source: str) -> Document | None:
        """The document that came from ``source``; None if there is none."""
        ...

    async def documents_by_digest(self, owner: str, digest: str) -> list[Document]:
        """Those that were read from the same content, by the same parser; oldest first."""
        ...

    async def documents_by_original(self, owner: str, original: str) -> list[Document]:
        """Those that the uploaded file ``original`` (hex SHA-256) belongs to; oldest first."""
        ...

    async def remove_document(self, owner: str, document_id: str) -> None:
        """Remove with its passages, and the excerpts that conversations cite it with. Raises ``NotFoundError``."""
        ...

    async def texts(self, owners: Owners) -> list[str]:
        """The text of every passage and note: what the speech recogniser of a reader learns words from."""
        ...

    async def revisions(self) -> Mapping[str, str]:
        """Of every owner a short text that differs whenever their passages or notes do, whichever process changed them:
        only for the upkeep of what is derived from these.
        """
        ...


class PassageStore(Protocol):
    """Passages of documents and notes, and their vectors. ``kinds`` limits what is searched."""

    async def passages(self, owners: Owners, ids: Sequence[str]) -> list[Passage]:
        """In the order of ``ids``; unknown ids and other owners' ids are left out."""
        ...

    async def passages_around(self, owners: Owners, passage_id: str, before: int, after: int) -> list[Passage]:
        """The passage with up to so many before and after it of the same document, in its order.

        Of a note or an unknown id: none.
        """
        ...

    async def search_vectors(
        self,
        owners: Owners,
        model: str,
        vector: Vector,
        limit: int,
        kinds: Sequence[Kind] = BOTH_KINDS,
    ) -> list[Hit]:
        """Cosine similarity among the vectors of ``model``; passages without one aren't found."""
        ...

    async def without_vectors(self, owner: str, model: str, limit: int) -> list[Passage]:
        """Passages that have no vector of ``model`` yet."""
        ...

    async def count_vectors(self, owners: Owners, model: str) -> tuple[int, int]:
        """How many of the owners' passages have a vector of ``model``, and how many there are."""
        ...

    async def put_vectors(self, owner: str, model: str, vectors: Mapping[str, Vector]) -> None:
        """Attach vectors (int8-quantised at rest) to passages; ids that are gone are ignored."""
        ...


class NoteStore(Protocol):
    """Notes; each is also one passage of kind "note" in the index, with its tags as heading, in the same transaction.

    A note in the bin is nowhere but there: it isn't listed or found, and no method but those of the bin knows it. What
    a note said before it was changed is kept as long as a note in the bin, and isn't found either.
    """

    async def add_note(
        self,
        owner: str,
        text: str,
        *,
        at: datetime,
        tags: Sequence[str] = (),
        pinned: bool = False,
        origin: NoteOrigin | None = None,
    ) -> Note:
        """Keep a note written at ``at`` (aware)."""
        ...

    async def put_note(self, owner: str, note: Note) -> bool:
        """Keep a note as it was elsewhere, with its id and times. False, and nothing is kept, if a note has that id."""
        ...

    async def notes(
        self,
        owner: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        tag: str | None = None,
        limit: int = 100,
    ) -> list[Note]:
        """Newest first, by ``created_at`` in [since, until); only those with ``tag``, in any case, if given."""
        ...

    async def notes_by_id(self, owner: str, ids: Sequence[str]) -> list[Note]:
        """In the order of ``ids``; unknown ids and other owners' ids are left out."""
        ...

    async def note(self, owner: str, note_id: str) -> Note:
        """Raises ``NotFoundError``."""
        ...

    async def update_note(
        self,
        owner: str,
        note_id: str,
        text: str | None = None,
        *,
        at: datetime,
        tags: Sequence[str] | None = None,
        pinned: bool | None = None,
    ) -> Note:
        """Change what is given. Raises ``NotFoundError``."""
        ...

    async def remove_note(self, owner: str, note_id: str) -> Note:
        """Remove for good, and return what it was. Raises ``NotFoundError``."""
        ...

    async def bin_note(self, owner: str, note_id: str, *, at: datetime) -> Note:
        """Put into the bin, and return what it was. Raises ``NotFoundError``."""
        ...

    async def restore_note(self, owner: str, note_id: str) -> Note:
        """Take out of the bin. Raises ``NotFoundError`` if it isn't there."""
        ...

    async def revert_note(self, owner: str, note_id: str) -> Note:
        """Take back the last change of a note's text and tags, and return what it is then; the one before is next.

        Raises:
            NotFoundError: there is no such note, or no change of it that is still kept.
        """
        ...

    async def empty_bin(self, owner: str, *, before: datetime) -> int:
        """Erase what was put into the bin before that moment; returns how many notes.

        What notes said that were changed before that moment is erased with it.
        """
        ...


class Store(
    DocumentStore,
    PassageStore,
    TermStore,
    NoteStore,
    ConversationStore,
    ChangeLog,
    SpendingStore,
    AccountStore,
    CollectionStore,
    PreferenceStore,
    RemovalStore,
    Protocol,
):
    """All of it in one place."""

    async def open(self) -> None:
        """Open or create; runs migrations.

        Raises:
            StoreError: the database is damaged, not ours, or newer than this vasi.
        """
        ...

    async def owners(self) -> list[str]:
        """Everybody for whom something was ever stored: only for maintenance, such as emptying bins."""
        ...

    async def close(self) -> None:
        """Finish what was begun and let go of the database; harmless when repeated."""
        ...


@runtime_checkable
class Maintenance(Protocol):
    """Integrity check and backup, of a store that has no tools of its own for them."""

    async def check(self) -> list[str]:
        """Integrity: one sentence per problem; empty when sound."""
        ...

    async def backup(self, folder: Path) -> list[Original]:
        """Write a consistent copy into ``folder``, which is there, while the store goes on working.

        Returns:
            The uploaded files of the documents in the copy.

        Raises:
            StoreError: the folder can't be written, or has a copy already.
        """
        ...
