"""The store that vasi has when nothing else is set: one SQLite file."""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

from vasi.errors import StoreError
from vasi.storage.changes import Change
from vasi.storage.owners import Owners
from vasi.storage.ports import (
    Document,
    Hit,
    NewDocument,
    NewPassage,
    Note,
    NoteOrigin,
    Original,
    Passage,
    Vector,
)
from vasi.storage.recorded import Cited, Conversation, RecordedItem
from vasi.storage.spending import Spent
from vasi.storage.sqlite import conversations, documents, erasure, maintenance, notes, passages, schema, spending
from vasi.storage.sqlite.accounts import SqliteAccounts
from vasi.storage.sqlite.belongings import SqliteBelongings
from vasi.storage.sqlite.collections import SqliteCollections
from vasi.storage.sqlite.database import Database, transaction
from vasi.storage.sqlite.exchange import SqliteContents
from vasi.storage.sqlite.postings import PostingLists, vocabulary
from vasi.storage.sqlite.tokens import Indexed, indexed
from vasi.storage.sqlite.vectors import VectorIndex, put_vectors
from vasi.storage.terms import BOTH_KINDS, Analyser, Field, Kind, Occurrences, TermStatistics, Vocabulary

T = TypeVar("T")

_SMALL_FILE = 2_500
"""Pages of 4 KiB that aren't worth a rewriting of the file."""


class SqliteStore(SqliteAccounts, SqliteCollections, SqliteBelongings):
    """Everything in one file at ``path``; implements ``vasi.storage.ports.Store``.

    Several stores, also in several processes, may have the same file open at once.

    Args:
        path: the file; made with its folder, readable for nobody else, if it isn't there.
        analyser: makes the terms of passages.
        now: the clock that documents are stamped with.
        new_id: makes the random part of ids.
        changed: called after every change that this store made.
    """

    def __init__(
        self,
        path: Path,
        analyser: Analyser,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_id: Callable[[], str] = lambda: secrets.token_hex(8),
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._changed = changed
        self._database = Database(path)
        self._now = now
        self._new_id = new_id
        self._analyser = analyser
        self._lists = PostingLists()
        self._vectors = VectorIndex()

    # --- the whole ----------------------------------------------------------------------------------------------------
    async def open(self) -> None:
        """Open or create, migrate, and make all terms anew if they were made by another analyser."""
        await self._database.open(self._prepare)

    def _prepare(self, db: sqlite3.Connection) -> None:
        schema.migrate(db, self._database.path)
        if transaction(db, self._match_terms):
            _give_back_space(db)

    def _match_terms(self, db: sqlite3.Connection) -> bool:
        """Whether the terms were made anew."""
        if _terms_made_by(db) == self._analyser.version:
            return False
        passages.rebuild_terms(db, self._analyser)
        db.execute("INSERT OR REPLACE INTO settings VALUES ('analyser', ?)", (self._analyser.version,))
        return True

    async def close(self) -> None:
        """Finish what was begun and let go of the file; harmless when repeated."""
        await self._database.close()

    async def owners(self) -> list[str]:
        """Everybody for whom something was ever stored."""
        return await self._database.read(lambda db: [name for (name,) in db.execute("SELECT name FROM owners")])

    async def check(self) -> list[str]:
        """One sentence per problem of the file, the rows and the index; empty when sound."""
        found = await self._database.read(maintenance.problems_of_rows)
        try:
            return found + await self._database.write(maintenance.problems_of_index)
        except StoreError as error:  # a file too damaged for a transaction
            return [*found, error.message]

    async def backup(self, folder: Path) -> list[Original]:
        """A consistent copy as a file of the same name in ``folder``, without what was removed."""
        await self._database.erase()

        def copy(db: sqlite3.Connection) -> list[Original]:
            maintenance.backup(db, folder / self._database.path.name)
            return documents.originals(db)

        return await self._database.read(copy)

    @asynccontextmanager
    async def snapshot(self) -> AsyncGenerator[SqliteContents]:
        """What is stored at this moment, to read."""
        async with self._database.snapshot() as read:
            yield SqliteContents(read, None, self._analyser)

    @asynccontextmanager
    async def contents(self) -> AsyncGenerator[SqliteContents]:
        """What is stored, to read and to write."""
        yield SqliteContents(self._database.read, self._write, self._analyser)

    # --- documents ----------------------------------------------------------------------------------------------------
    async def put_document(self, owner: str, document: NewDocument, passages: Sequence[NewPassage]) -> Document:
        """Store or replace (same ``source``, or ``replaces``) with all its passages, in one transaction."""
        at, new_id = self._now(), f"doc_{self._new_id()}"
        analysed = await self._database.aside(self._index, passages)
        return await self._write(lambda db: documents.put_document(db, owner, document, analysed, at=at, new_id=new_id))

    async def document(self, owners: Owners, document_id: str) -> Document:
        """Raises ``NotFoundError``."""
        return await self._database.read(lambda db: documents.document_of(db, owners, document_id))

    async def passages_around(self, owners: Owners, passage_id: str, before: int, after: int) -> list[Passage]:
        """The passage with its neighbours in the same document, in its order."""
        return await self._database.read(lambda db: passages.passages_around(db, owners, passage_id, before, after))

    async def document_passages(self, owners: Owners, document_id: str) -> list[Passage]:
        """All passages of a document, in its order. Raises ``NotFoundError``."""

        def read(db: sqlite3.Connection) -> list[Passage]:
            documents.document_of(db, owners, document_id)
            return passages.document_passages(db, owners, document_id)

        return await self._database.read(read)

    async def documents(self, owners: Owners) -> list[Document]:
        """All, by name."""
        return await self._database.read(lambda db: documents.documents(db, owners))

    async def document_by_source(self, owner: str, source: str) -> Document | None:
        """The document that came from ``source``; None if there is none."""
        return await self._database.read(lambda db: documents.document_by_source(db, owner, source))

    async def documents_by_digest(self, owner: str, digest: str) -> list[Document]:
        """Those that were read from the same content; oldest first."""
        return await self._database.read(lambda db: documents.documents_by(db, owner, "digest", digest))

    async def documents_by_original(self, owner: str, original: str) -> list[Document]:
        """Those that an uploaded file belongs to; oldest first."""
        return await self._database.read(lambda db: documents.documents_by(db, owner, "original", original))

    async def remove_document(self, owner: str, document_id: str) -> None:
        """Remove with its passages. Raises ``NotFoundError``."""
        await self._write(lambda db: documents.remove_document(db, owner, document_id))

    async def texts(self, owners: Owners) -> list[str]:
        """The text of every passage and note."""
        return await self._database.read(lambda db: passages.texts(db, owners))

    async def revisions(self) -> Mapping[str, str]:
        """Of every owner, what differs whenever their passages do."""
        return await self._database.read(passages.revisions)

    # --- the index ----------------------------------------------------------------------------------------------------
    async def passages(self, owners: Owners, ids: Sequence[str]) -> list[Passage]:
        """In the order of ``ids``; unknown ids and other owners' ids are left out."""
        return await self._database.read(lambda db: passages.passages(db, owners, ids))

    async def term_statistics(self, owners: Owners, terms: Mapping[Field, Sequence[str]]) -> TermStatistics:
        """How common terms are among the owners' passages."""
        return await self._database.read(lambda db: self._lists.statistics(db, owners, terms))

    async def vocabulary(self, owner: str, field: Field, known: str = "", prefix: str = "") -> Vocabulary | None:
        """Every distinct term of ``field`` that begins with ``prefix``; None if ``known`` is its revision still."""
        return await self._database.read(lambda db: vocabulary(db, owner, field, known, prefix))

    async def occurrences(
        self, owners: Owners, terms: Mapping[Field, Sequence[str]], kinds: Sequence[Kind] = BOTH_KINDS
    ) -> Mapping[Field, Occurrences]:
        """Where terms stand in the owners' passages of ``kinds``."""
        return await self._database.read(lambda db: self._lists.occurrences(db, owners, terms, kinds))

    async def search_vectors(
        self, owners: Owners, model: str, vector: Vector, limit: int, kinds: Sequence[Kind] = BOTH_KINDS
    ) -> list[Hit]:
        """Cosine similarity among the vectors of ``model``."""
        return await self._database.read(lambda db: self._vectors.search(db, owners, model, vector, limit, kinds))

    async def without_vectors(self, owner: str, model: str, limit: int) -> list[Passage]:
        """Passages that have no vector of ``model`` yet, oldest first."""
        return await self._database.read(lambda db: passages.without_vectors(db, owner, model, limit))

    async def count_vectors(self, owners: Owners, model: str) -> tuple[int, int]:
        """How many of the owners' passages have a vector of ``model``, and how many there are."""
        return await self._database.read(lambda db: passages.count_vectors(db, owners, model))

    async def put_vectors(self, owner: str, model: str, vectors: Mapping[str, Vector]) -> None:
        """Attach vectors to passages, in place of those of another model; ids that are gone are ignored."""
        await self._write(lambda db: put_vectors(db, owner, model, vectors))

    # --- notes --------------------------------------------------------------------------------------------------------
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
        """Keep a note written at ``at``, and its passage."""
        added = Note(f"note_{self._new_id()}", text, at, at, tuple(tags), pinned, origin)
        (analysed,) = await self._database.aside(self._index_note, [added])
        return await self._write(lambda db: notes.add_note(db, owner, analysed, added))

    async def put_note(self, owner: str, note: Note) -> bool:
        """Keep a note as it was elsewhere; False if its id is taken."""
        (analysed,) = await self._database.aside(self._index_note, [note])
        return await self._write(lambda db: notes.put_note(db, owner, analysed, note))

    async def notes(
        self,
        owner: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        tag: str | None = None,
        limit: int = 100,
    ) -> list[Note]:
        """Newest first, by ``created_at`` in [since, until); only those with ``tag``, if given."""
        return await self._database.read(lambda db: notes.notes(db, owner, since, until, tag, limit))

    async def notes_by_id(self, owner: str, ids: Sequence[str]) -> list[Note]:
        """In the order of ``ids``; unknown ids and other owners' ids are left out."""
        return await self._database.read(lambda db: notes.notes_by_id(db, owner, ids))

    async def note(self, owner: str, note_id: str) -> Note:
        """Raises ``NotFoundError``."""
        return await self._database.read(lambda db: notes.note(db, owner, note_id))

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
        index, given = self._index_note, None if tags is None else tuple(tags)
        return await self._write(lambda db: notes.update_note(db, owner, note_id, index, text, given, pinned, at=at))

    async def remove_note(self, owner: str, note_id: str) -> Note:
        """Remove for good, and return what it was. Raises ``NotFoundError``."""
        return await self._write(lambda db: notes.remove_note(db, owner, note_id))

    async def bin_note(self, owner: str, note_id: str, *, at: datetime) -> Note:
        """Put into the bin, and return what it was. Raises ``NotFoundError``."""
        return await self._write(lambda db: notes.bin_note(db, owner, note_id, at=at))

    async def restore_note(self, owner: str, note_id: str) -> Note:
        """Take out of the bin. Raises ``NotFoundError`` if it isn't there."""
        return await self._write(lambda db: notes.restore_note(db, owner, note_id, self._index_note))

    async def revert_note(self, owner: str, note_id: str) -> Note:
        """Take back its last change of words. Raises ``NotFoundError``."""
        return await self._write(lambda db: notes.revert_note(db, owner, note_id, self._index_note))

    async def empty_bin(self, owner: str, *, before: datetime) -> int:
        """Erase what was put into the bin before that moment, and former words; returns how many notes."""
        return await self._write(lambda db: notes.empty_bin(db, owner, before=before))

    def _index_note(self, note: Note) -> Indexed:
        return self._index(NewPassage(note.text, " ".join(note.tags), end=len(note.text)))

    def _index(self, passage: NewPassage) -> Indexed:
        return indexed(passage, self._analyser)

    # --- conversations ------------------------------------------------------------------------------------------------
    async def begin_conversation(self, owner: str, conversation_id: str, *, at: datetime) -> Conversation:
        """Keep a new one, still without items."""
        return await self._write(lambda db: conversations.begin_conversation(db, owner, conversation_id, at=at))

    async def put_conversation(self, owner: str, conversation: Conversation, items: Sequence[RecordedItem]) -> bool:
        """Keep one as it was elsewhere; False if its id is taken."""
        return await self._write(lambda db: conversations.put_conversation(db, owner, conversation, items))

    async def conversation(self, owner: str, conversation_id: str) -> Conversation:
        """Raises ``NotFoundError``."""
        return await self._database.read(lambda db: conversations.conversation(db, owner, conversation_id))

    async def conversations(
        self, owner: str, *, query: str = "", before: str | None = None, limit: int = 50
    ) -> list[Conversation]:
        """Latest changed first."""
        return await self._database.read(lambda db: conversations.conversations(db, owner, query, before, limit))

    async def rename_conversation(self, owner: str, conversation_id: str, title: str, *, at: datetime) -> Conversation:
        """Raises ``NotFoundError``."""
        return await self._write(lambda db: conversations.rename_conversation(db, owner, conversation_id, title, at=at))

    async def remove_conversation(self, owner: str, conversation_id: str) -> None:
        """Erase with all its items; notes taken in it stay. Raises ``NotFoundError``."""
        await self._write(lambda db: conversations.remove_conversation(db, owner, conversation_id))

    async def put_item(
        self, owner: str, conversation_id: str, item: RecordedItem, *, after: str | None = None, at: datetime
    ) -> None:
        """Keep an item behind the item ``after``, or what became of it. Raises ``NotFoundError``."""
        await self._write(lambda db: conversations.put_item(db, owner, conversation_id, item, after=after, at=at))

    async def remove_item(self, owner: str, conversation_id: str, item_id: str) -> None:
        """Erase an item; harmless if there is none. Raises ``NotFoundError`` if the conversation is gone."""
        await self._write(lambda db: conversations.remove_item(db, owner, conversation_id, item_id))

    async def cited(self, owner: str, passage_id: str) -> Cited | None:
        """How the owner's conversations cite a passage; None if none does."""
        return await self._database.read(lambda db: conversations.cited(db, owner, passage_id))

    async def conversation_items(
        self, owner: str, conversation_id: str, *, limit: int | None = None
    ) -> Sequence[RecordedItem]:
        """All in order, or the last ``limit``. Raises ``NotFoundError``."""
        return await self._database.read(lambda db: conversations.conversation_items(db, owner, conversation_id, limit))

    # --- changes ------------------------------------------------------------------------------------------------------
    async def latest_change(self, owners: Owners) -> int:
        """``seq`` of the owners' newest change; 0 if there is none."""
        return await self._database.read(lambda db: conversations.latest_change(db, owners))

    async def newest_change(self) -> int:
        """``seq`` of the newest of all owners."""
        return await self._database.read(conversations.newest_change)

    async def changes(self, owners: Owners, after: int) -> Sequence[Change] | None:
        """The owners' changes since ``after``, oldest first; None if the log doesn't go back that far."""
        return await self._database.read(lambda db: conversations.changes(db, owners, after))

    # --- spending -----------------------------------------------------------------------------------------------------
    async def spend(self, owner: str, day: date, more: Spent) -> Spent:
        """Add ``more``; returns the day's sum."""
        return await self._write(lambda db: spending.spend(db, owner, day, more))

    async def spent(self, owner: str, day: date) -> Spent:
        """The day's sum; zero if nothing is known."""
        return await self._database.read(lambda db: spending.spent(db, owner, day))

    async def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """``work`` in a write transaction, unless another vasi changed the format since this store was opened."""

        def guarded(db: sqlite3.Connection) -> tuple[T, bool]:
            if schema.version(db) != schema.VERSION or _terms_made_by(db) != self._analyser.version:
                raise StoreError(
                    "The database was changed by another version of vasi: start this one again.",
                    place=self._database.path,
                )
            return work(db), erasure.marked(db) is not None

        result, to_erase = await self._database.write(guarded)
        if to_erase:
            self._database.erase_soon()
        self._changed()
        return result


def _terms_made_by(db: sqlite3.Connection) -> str | None:
    """The version of the analyser that made the terms."""
    row = db.execute("SELECT value FROM settings WHERE name = 'analyser'").fetchone()
    return None if row is None else row[0]


def _give_back_space(db: sqlite3.Connection) -> None:
    """Make the file smaller if most of it is empty, as it is after the index of an older format was dropped."""
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    (empty,) = db.execute("PRAGMA freelist_count").fetchone()
    if pages > _SMALL_FILE and empty > pages // 2:
        with contextlib.suppress(sqlite3.OperationalError):  # read elsewhere, or the disk is full
            db.execute("VACUUM")
