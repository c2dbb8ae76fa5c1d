"""The store for several processes: a PostgreSQL database."""

from __future__ import annotations

import logging
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

from vasi.errors import StoreError
from vasi.storage import exchange
from vasi.storage.changes import Change
from vasi.storage.owners import Owners, collection_of
from vasi.storage.ports import Document, Hit, NewDocument, NewPassage, Note, NoteOrigin, Original, Passage, Vector
from vasi.storage.postgres import changes as log_of_changes
from vasi.storage.postgres import (
    conversations,
    documents,
    maintenance,
    notes,
    passages,
    postings,
    schema,
    spending,
)
from vasi.storage.postgres.accounts import PostgresAccounts
from vasi.storage.postgres.address import Address
from vasi.storage.postgres.belongings import PostgresBelongings
from vasi.storage.postgres.collections import PostgresCollections
from vasi.storage.postgres.database import Database, Transaction
from vasi.storage.postgres.exchange import PostgresContents
from vasi.storage.postgres.listener import Listener
from vasi.storage.postgres.owners import moment
from vasi.storage.postgres.passages import Indexed, indexed
from vasi.storage.postgres.text import restored
from vasi.storage.postgres.vectors import EXACT_UP_TO, count_vectors, missing_index, put_vectors, search_vectors
from vasi.storage.recorded import Cited, Conversation, RecordedItem
from vasi.storage.spending import Spent
from vasi.storage.sqlite import SqliteStore
from vasi.storage.terms import BOTH_KINDS, Analyser, Field, Kind, Occurrences, TermStatistics, Vocabulary

T = TypeVar("T")

log = logging.getLogger(__name__)


class PostgresStore(PostgresAccounts, PostgresBelongings, PostgresCollections):
    """Everything in one database; implements ``vasi.storage.ports.Store``.

    Several stores, in several processes and on several machines, may have the same database open at once.

    Args:
        address: where the database is.
        analyser: makes the terms of passages.
        now: the clock that documents are stamped with.
        new_id: makes the random part of ids.
        changed: called after every change, whichever process made it.
        exact_up_to: how many passages an owner may have for vectors to be compared one by one.
    """

    def __init__(
        self,
        address: Address,
        analyser: Analyser,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_id: Callable[[], str] = lambda: secrets.token_hex(8),
        changed: Callable[[], None] = lambda: None,
        exact_up_to: int = EXACT_UP_TO,
    ) -> None:
        self._exact_up_to = exact_up_to
        self._changed = changed
        self._database = Database(address)
        self._listener = Listener(self._database, changed)
        self._now = now
        self._new_id = new_id
        self._analyser = analyser

    # --- the whole ----------------------------------------------------------------------------------------------------
    async def open(self) -> None:
        """Connect, migrate, and make all terms anew if they were made by another analyser."""
        await self._database.open(lambda db: schema.migrate(db, self._database.address))
        try:
            await self._database.write_all(self._match_terms)
            await self._listener.start()
        except BaseException:
            await self.close()
            raise

    async def _match_terms(self, db: Transaction) -> None:
        if await _terms_made_by(db) == self._analyser.version:
            return
        await schema.lock(db)  # one process does it, the others wait
        if await _terms_made_by(db) == self._analyser.version:
            return
        await passages.rebuild_terms(db, self._analyser)
        await db.execute(
            "INSERT INTO settings VALUES ('analyser', $1) ON CONFLICT (name) DO UPDATE SET value = $1",
            self._analyser.version,
        )

    async def close(self) -> None:
        """Finish what was begun and let go of the database; harmless when repeated."""
        await self._listener.stop()
        await self._database.close()

    async def owners(self) -> list[str]:
        """Everybody for whom something was ever stored."""

        async def names(db: Transaction) -> list[str]:
            return [restored(name) for (name,) in await db.fetch("SELECT name FROM owners")]

        return await self._database.read_all(names)

    async def check(self) -> list[str]:
        """One sentence per problem of the rows and the index; empty when sound."""
        return await self._database.read_all(maintenance.problems)

    async def backup(self, folder: Path) -> list[Original]:
        """A consistent copy as a data folder has it: a SQLite database in ``folder``."""
        path = folder / "vasi.db"
        if path.exists():
            raise StoreError(f"{path} exists already: choose another name for the backup.")
        copied = SqliteStore(path, self._analyser)
        await copied.open()
        try:
            await exchange.copy(self, copied)
            async with copied.contents() as contents:
                return await contents.originals()
        finally:
            await copied.close()

    @asynccontextmanager
    async def snapshot(self) -> AsyncGenerator[PostgresContents]:
        """What is stored at this moment, to read."""
        async with self._database.snapshot() as read:
            yield PostgresContents(read, self._database.write_all, self._analyser)

    @asynccontextmanager
    async def contents(self) -> AsyncGenerator[PostgresContents]:
        """What is stored, to read and to write."""
        yield PostgresContents(self._database.read_all, self._write_all, self._analyser)

    # --- documents ----------------------------------------------------------------------------------------------------
    async def put_document(self, owner: str, document: NewDocument, passages: Sequence[NewPassage]) -> Document:
        """Store or replace (same ``source``, or ``replaces``) with all its passages, in one transaction."""
        at, new_id = self._now(), f"doc_{self._new_id()}"
        analysed = await self._database.aside(self._index, passages)
        return await self._write_shared(
            owner, lambda db: documents.put_document(db, owner, document, analysed, at=at, new_id=new_id)
        )

    async def document(self, owners: Owners, document_id: str) -> Document:
        """Raises ``NotFoundError``."""
        return await self._database.read(owners, lambda db: documents.document_of(db, owners, document_id))

    async def passages_around(self, owners: Owners, passage_id: str, before: int, after: int) -> list[Passage]:
        """The passage with its neighbours in the same document, in its order."""
        return await self._database.read(
            owners, lambda db: passages.passages_around(db, owners, passage_id, before, after)
        )

    async def document_passages(self, owners: Owners, document_id: str) -> list[Passage]:
        """All passages of a document, in its order. Raises ``NotFoundError``."""

        async def read(db: Transaction) -> list[Passage]:
            await documents.document_of(db, owners, document_id)
            return await passages.document_passages(db, owners, document_id)

        return await self._database.read(owners, read)

    async def documents(self, owners: Owners) -> list[Document]:
        """All, by name."""
        return await self._database.read(owners, lambda db: documents.documents(db, owners))

    async def document_by_source(self, owner: str, source: str) -> Document | None:
        """The document that came from ``source``; None if there is none."""
        return await self._database.read(owner, lambda db: documents.document_by_source(db, owner, source))

    async def documents_by_digest(self, owner: str, digest: str) -> list[Document]:
        """Those that were read from the same content; oldest first."""
        return await self._database.read(owner, lambda db: documents.documents_by(db, owner, "digest", digest))

    async def documents_by_original(self, owner: str, original: str) -> list[Document]:
        """Those that an uploaded file belongs to; oldest first."""
        return await self._database.read(owner, lambda db: documents.documents_by(db, owner, "original", original))

    async def remove_document(self, owner: str, document_id: str) -> None:
        """Remove with its passages. Raises ``NotFoundError``."""
        await self._write_shared(owner, lambda db: documents.remove_document(db, owner, document_id))

    async def texts(self, owners: Owners) -> list[str]:
        """The text of every passage and note."""
        return await self._database.read(owners, lambda db: passages.texts(db, owners))

    async def revisions(self) -> Mapping[str, str]:
        """Of every owner, what differs whenever their passages do."""
        return await self._database.read_all(passages.revisions)

    # --- the index ----------------------------------------------------------------------------------------------------
    async def passages(self, owners: Owners, ids: Sequence[str]) -> list[Passage]:
        """In the order of ``ids``; unknown ids and other owners' ids are left out."""
        return await self._database.read(owners, lambda db: passages.passages(db, owners, ids))

    async def term_statistics(self, owners: Owners, terms: Mapping[Field, Sequence[str]]) -> TermStatistics:
        """How common terms are among the owners' passages."""
        return await self._database.read(owners, lambda db: postings.statistics(db, owners, terms))

    async def vocabulary(self, owner: str, field: Field, known: str = "", prefix: str = "") -> Vocabulary | None:
        """Every distinct term of ``field`` that begins with ``prefix``; None if ``known`` is its revision still."""
        return await self._database.read(owner, lambda db: postings.vocabulary(db, owner, field, known, prefix))

    async def occurrences(
        self, owners: Owners, terms: Mapping[Field, Sequence[str]], kinds: Sequence[Kind] = BOTH_KINDS
    ) -> Mapping[Field, Occurrences]:
        """Where terms stand in the owners' passages of ``kinds``."""
        return await self._database.read(owners, lambda db: postings.occurrences(db, owners, terms, kinds))

    async def search_vectors(
        self, owners: Owners, model: str, vector: Vector, limit: int, kinds: Sequence[Kind] = BOTH_KINDS
    ) -> list[Hit]:
        """Cosine similarity among the vectors of ``model``."""
        asked = (owners, model, vector, limit, kinds)
        return await self._database.read(owners, lambda db: search_vectors(db, *asked, exact_up_to=self._exact_up_to))

    async def without_vectors(self, owner: str, model: str, limit: int) -> list[Passage]:
        """Passages that have no vector of ``model`` yet, oldest first."""
        return await self._database.read(owner, lambda db: passages.without_vectors(db, owner, model, limit))

    async def count_vectors(self, owners: Owners, model: str) -> tuple[int, int]:
        """How many of the owners' passages have a vector of ``model``, and how many there are."""
        return await self._database.read(owners, lambda db: count_vectors(db, owners, model))

    async def put_vectors(self, owner: str, model: str, vectors: Mapping[str, Vector]) -> None:
        """Attach vectors to passages, in place of those of another model; ids that are gone are ignored."""
        await self._write(owner, lambda db: put_vectors(db, owner, model, vectors))
        for size in {vector.size for vector in vectors.values()}:
            make = await self._database.read(
                owner, lambda db, size=size: missing_index(db, owner, model, size, self._exact_up_to)
            )
            if make is not None:
                try:
                    await self._database.outside(make)
                except StoreError as error:  # searches compare all vectors then
                    log.warning("No index of vectors could be made: %s", error)

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
        when = moment(at)
        added = Note(f"note_{self._new_id()}", text, when, when, tuple(tags), pinned, origin)
        analysed = await self._index_note(added)
        return await self._write(owner, lambda db: notes.add_note(db, owner, analysed, added))

    async def put_note(self, owner: str, note: Note) -> bool:
        """Keep a note as it was elsewhere; False if its id is taken."""
        analysed = await self._index_note(note)
        return await self._write(owner, lambda db: notes.put_note(db, owner, analysed, note))

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
        return await self._database.read(owner, lambda db: notes.notes(db, owner, since, until, tag, limit))

    async def notes_by_id(self, owner: str, ids: Sequence[str]) -> list[Note]:
        """In the order of ``ids``; unknown ids and other owners' ids are left out."""
        return await self._database.read(owner, lambda db: notes.notes_by_id(db, owner, ids))

    async def note(self, owner: str, note_id: str) -> Note:
        """Raises ``NotFoundError``."""
        return await self._database.read(owner, lambda db: notes.note(db, owner, note_id))

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
        return await self._write(
            owner, lambda db: notes.update_note(db, owner, note_id, index, text, given, pinned, at=at)
        )

    async def remove_note(self, owner: str, note_id: str) -> Note:
        """Remove for good, and return what it was. Raises ``NotFoundError``."""
        return await self._write(owner, lambda db: notes.remove_note(db, owner, note_id))

    async def bin_note(self, owner: str, note_id: str, *, at: datetime) -> Note:
        """Put into the bin, and return what it was. Raises ``NotFoundError``."""
        return await self._write(owner, lambda db: notes.bin_note(db, owner, note_id, at=at))

    async def restore_note(self, owner: str, note_id: str) -> Note:
        """Take out of the bin. Raises ``NotFoundError`` if it isn't there."""
        return await self._write(owner, lambda db: notes.restore_note(db, owner, note_id, self._index_note))

    async def revert_note(self, owner: str, note_id: str) -> Note:
        """Take back its last change of words. Raises ``NotFoundError``."""
        return await self._write(owner, lambda db: notes.revert_note(db, owner, note_id, self._index_note))

    async def empty_bin(self, owner: str, *, before: datetime) -> int:
        """Erase what was put into the bin before that moment, and former words; returns how many notes."""
        return await self._write(owner, lambda db: notes.empty_bin(db, owner, before=before))

    async def _index_note(self, note: Note) -> Indexed:
        passage = NewPassage(note.text, " ".join(note.tags), end=len(note.text))
        return (await self._database.aside(self._index, [passage]))[0]

    def _index(self, passage: NewPassage) -> Indexed:
        return indexed(passage, self._analyser)

    # --- conversations ------------------------------------------------------------------------------------------------
    async def begin_conversation(self, owner: str, conversation_id: str, *, at: datetime) -> Conversation:
        """Keep a new one, still without items."""
        return await self._write(owner, lambda db: conversations.begin_conversation(db, owner, conversation_id, at=at))

    async def put_conversation(self, owner: str, conversation: Conversation, items: Sequence[RecordedItem]) -> bool:
        """Keep one as it was elsewhere; False if its id is taken."""
        return await self._write(owner, lambda db: conversations.put_conversation(db, owner, conversation, items))

    async def conversation(self, owner: str, conversation_id: str) -> Conversation:
        """Raises ``NotFoundError``."""
        return await self._database.read(owner, lambda db: conversations.conversation(db, owner, conversation_id))

    async def conversations(
        self, owner: str, *, query: str = "", before: str | None = None, limit: int = 50
    ) -> list[Conversation]:
        """Latest changed first."""
        return await self._database.read(owner, lambda db: conversations.conversations(db, owner, query, before, limit))

    async def rename_conversation(self, owner: str, conversation_id: str, title: str, *, at: datetime) -> Conversation:
        """Raises ``NotFoundError``."""
        return await self._write(
            owner, lambda db: conversations.rename_conversation(db, owner, conversation_id, title, at=at)
        )

    async def remove_conversation(self, owner: str, conversation_id: str) -> None:
        """Erase with all its items; notes taken in it stay. Raises ``NotFoundError``."""
        await self._write(owner, lambda db: conversations.remove_conversation(db, owner, conversation_id))

    async def put_item(
        self, owner: str, conversation_id: str, item: RecordedItem, *, after: str | None = None, at: datetime
    ) -> None:
        """Keep an item behind the item ``after``, or what became of it. Raises ``NotFoundError``."""
        await self._write(
            owner, lambda db: conversations.put_item(db, owner, conversation_id, item, after=after, at=at)
        )

    async def remove_item(self, owner: str, conversation_id: str, item_id: str) -> None:
        """Erase an item; harmless if there is none. Raises ``NotFoundError`` if the conversation is gone."""
        await self._write(owner, lambda db: conversations.remove_item(db, owner, conversation_id, item_id))

    async def cited(self, owner: str, passage_id: str) -> Cited | None:
        """How the owner's conversations cite a passage; None if none does."""
        return await self._database.read(owner, lambda db: conversations.cited(db, owner, passage_id))

    async def conversation_items(
        self, owner: str, conversation_id: str, *, limit: int | None = None
    ) -> Sequence[RecordedItem]:
        """All in order, or the last ``limit``. Raises ``NotFoundError``."""
        return await self._database.read(
            owner, lambda db: conversations.conversation_items(db, owner, conversation_id, limit)
        )

    # --- changes ------------------------------------------------------------------------------------------------------
    async def latest_change(self, owners: Owners) -> int:
        """``seq`` of the owners' newest change; 0 if there is none."""
        return await self._database.read(owners, lambda db: log_of_changes.latest_change(db, owners))

    async def newest_change(self) -> int:
        """The number that was given out last, whoever's change it was."""
        return await self._database.read_all(log_of_changes.newest)

    async def changes(self, owners: Owners, after: int) -> Sequence[Change] | None:
        """The owners' changes since ``after``, oldest first; None if the log doesn't go back that far."""
        return await self._database.read(owners, lambda db: log_of_changes.changes(db, owners, after))

    # --- spending -----------------------------------------------------------------------------------------------------
    async def spend(self, owner: str, day: date, more: Spent) -> Spent:
        """Add ``more``; returns the day's sum."""
        return await self._write(owner, lambda db: spending.spend(db, owner, day, more))

    async def spent(self, owner: str, day: date) -> Spent:
        """The day's sum; zero if nothing is known."""
        return await self._database.read(owner, lambda db: spending.spent(db, owner, day))

    async def _write(self, owners: Owners, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """``work`` in a write transaction that sees the rows of ``owners``."""
        result = await self._database.write(owners, self._guarded(work))
        self._notify()
        return result

    async def _write_all(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        result = await self._database.write_all(self._guarded(work))
        self._notify()
        return result

    async def _write_shared(self, owner: str, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """The same; what a collection's documents said may stand in everybody's conversations."""
        return await (self._write(owner, work) if collection_of(owner) is None else self._write_all(work))

    def _guarded(self, work: Callable[[Transaction], Awaitable[T]]) -> Callable[[Transaction], Awaitable[T]]:
        """``work``, unless another vasi changed the format since this store was opened."""

        async def guarded(db: Transaction) -> T:
            rows = await db.fetch("SELECT name, value FROM settings WHERE name IN ('version', 'analyser')")
            found = {name: value for name, value in rows}
            if found != {"version": str(schema.VERSION), "analyser": self._analyser.version}:
                raise StoreError(
                    "The database was changed by another version of vasi: start this one again.",
                    place=self._database.address.shown,
                )
            return await work(db)

        return guarded

    def _notify(self) -> None:
        self._changed()
        self._listener.announce()


async def _terms_made_by(db: Transaction) -> str | None:
    """The version of the analyser that made the terms."""
    return await db.value("SELECT value FROM settings WHERE name = 'analyser'")
