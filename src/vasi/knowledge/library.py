"""``Knowledge``: adds, finds and removes documents."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterable, Sequence
from datetime import datetime

from vasi.errors import DocumentError, NotFoundError, VasiError
from vasi.knowledge.collections import Collections
from vasi.knowledge.embed import Embedder, Learned, VectorBackfill
from vasi.knowledge.index import Index
from vasi.knowledge.ingest import Ingestion
from vasi.knowledge.locate import locate
from vasi.knowledge.originals import Originals
from vasi.knowledge.parse.limits import ReadingLimits
from vasi.knowledge.parse.readers import ARCHIVE_SUFFIX
from vasi.knowledge.paths import IngestReport, PathIngestion, Progress
from vasi.knowledge.places import PlacedPassages, named_document, passages_at, words_of
from vasi.knowledge.records import RecordSet, read_records
from vasi.knowledge.retrieve import Retrieval, Retriever
from vasi.knowledge.selection import FoundRecords, ask
from vasi.knowledge.surroundings import Surroundings, surroundings
from vasi.language.aggregates import Aggregate
from vasi.language.places import Place
from vasi.language.terms import content_words, stem
from vasi.storage.owners import Owners, each_of, reader_of
from vasi.storage.ports import Document, Passage, Store
from vasi.storage.terms import BOTH_KINDS, Kind

_log = logging.getLogger(__name__)

_READ_FOR_RECORDS, _NAMED_SO = 3, 2
"""Documents whose records are read for one question, and those of them that are chosen by their names."""
_KEPT_RECORDS = 24
"""Documents whose records are kept in memory."""


class Knowledge:
    """The documents and notes of all owners, as things that can be searched.

    Args:
        store: an open store; it stays open when this is closed.
        index: over the same store.
        limits: what a document may cost.
        embedder: finds by meaning as well; vectors are made in the background.
        originals: of uploaded documents; None if there are none.
    """

    def __init__(
        self,
        store: Store,
        index: Index,
        *,
        limits: ReadingLimits,
        embedder: Embedder | None = None,
        originals: Originals | None = None,
    ) -> None:
        self._store = store
        self._index = index
        self._embedder = embedder
        self._limits = limits
        self._originals = originals
        self._retriever = Retriever(store, index, embedder)
        self.collections = Collections(store)
        self._adding = asyncio.Lock()
        self._records: dict[tuple[str, datetime], Sequence[RecordSet]] = {}
        self._vectors = VectorBackfill(store, embedder)
        self.ingestion = Ingestion(store, originals, limits, self._vectors)

    async def add(
        self, owner: str, paths: Sequence[str | os.PathLike[str]], *, progress: Progress | None = None
    ) -> IngestReport:
        """Read files, and folders with all that is in them; what is unchanged isn't read again.

        A document that came from an added folder and whose file is gone is removed.

        Raises:
            LimitError: too many files.
            StoreError: storage failed; what was stored before stays.
        """
        async with self._adding:
            return await PathIngestion(self._store, self.ingestion, owner, self._limits, progress).run(paths)

    async def documents(self, owners: Owners) -> list[Document]:
        """All documents of ``owners``, by name."""
        return await self._store.documents(owners)

    async def remove(self, owner: str, reference: str) -> Document:
        """Remove the document that ``reference`` (id, path or name) stands for; returns what it was.

        Raises:
            NotFoundError: there is none.
            DocumentError: there are several of that name.
        """
        document = self._find(await self._store.documents(owner), reference)
        await self._store.remove_document(owner, document.id)
        if self._originals is not None and document.original is not None:
            await self._originals.remove_unused(owner, [document.original])
        return document

    async def remove_all(self, owner: str, reference: str) -> list[Document]:
        """Remove the document that ``reference`` stands for, or all that were read of the folder or archive at that
        path, or of the archive called so; returns what they were.

        Raises:
            NotFoundError: there are none.
            DocumentError: there are several documents of that name.
        """
        try:
            return [await self.remove(owner, reference)]
        except NotFoundError:
            documents = [one for one in await self._store.documents(owner) if _is_in(one, reference)]
            if not documents:
                raise
        return [await self.remove(owner, document.id) for document in documents]

    @staticmethod
    def _find(documents: Sequence[Document], reference: str) -> Document:
        path = os.path.realpath(os.path.expanduser(reference))
        for document in documents:
            if document.id == reference or document.source in (reference, path):
                return document
        lowered = reference.lower()
        exact = [document for document in documents if document.name == reference]
        matches = [one for one in documents if lowered in (one.name.lower(), one.name.lower().rpartition("/")[2])]
        if len(exact) == 1 and "/" in reference:
            return exact[0]
        if len(matches) > 1:
            sources = ", ".join(document.source for document in matches)
            raise DocumentError(
                f"There are {len(matches)} documents called {reference}: name one by its path ({sources})."
            )
        if not matches:
            raise NotFoundError(f"There is no document {reference}: see the names of all with `vasi sources`.")
        return matches[0]

    async def passage(self, owners: Owners, passage_id: str) -> Passage:
        """The passage of this id, or, if its document was read again since, the one where its text stands now.

        Raises:
            NotFoundError: there is none, or its text is gone.
        """
        for passage in await self._store.passages(owners, [passage_id]):
            return passage
        cited = await self._store.cited(reader_of(owners), passage_id)
        if cited is not None and cited.kind == "document" and cited.source_id:
            passages = await self._store.document_passages(owners, cited.source_id)
            if (located := await asyncio.to_thread(locate, cited, passages)) is not None:
                return located
        raise NotFoundError("There is no such passage: its document was removed or doesn't say this any more.")

    async def search(
        self,
        owners: Owners,
        query: str,
        *,
        limit: int = 5,
        kinds: Sequence[Kind] = BOTH_KINDS,
        spoken: bool = False,
    ) -> Retrieval:
        """The passages that bear on ``query``, best first, and whether they answer it.

        Raises:
            StoreError: the index can't be read.
        """
        for owner in each_of(owners):
            self._vectors.request(owner)  # of notes, and of what another process stored
        return await self._retriever.search(owners, query, limit=limit, kinds=kinds, spoken=spoken)

    async def at_place(self, owners: Owners, place: Place, search: Retrieval | None = None) -> PlacedPassages | None:
        """The passages of a page or section of the document that is named beside it; None if no document is.

        Args:
            owners: whose documents.
            place: with the words that may name the document.
            search: what was found for those words, where no document is called so.
        """
        documents = await self._store.documents(owners)
        document = named_document(documents, place.rest)
        if document is None and search is not None and search.found:
            sources = [one.passage.source_id for one in search.passages[:1]]
            document = next((one for one in documents if one.id in sources), None)
        if document is None or (place.page is not None and document.pages is None):
            return None
        passages = await self._store.document_passages(owners, document.id)
        return passages_at(document, passages, place)

    async def records(self, owners: Owners, asked: Aggregate, search: Retrieval) -> FoundRecords | None:
        """What all records of the documents that ``search`` found say to a question over many of them.

        Documents that are called after what is asked for are looked at as well. None: their records don't say it.
        """
        sources = [one.passage.source_id for one in search.passages if one.passage.kind == "document"]
        kind = {stem(word) for word in content_words(asked.kind)}
        documents = {one.id: one for one in await self._store.documents(owners)}
        called = [one.id for one in documents.values() if kind & words_of(one)]
        if not sources and len(documents) <= _READ_FOR_RECORDS:  # what is asked for stands nowhere in so many words
            sources = list(documents)
        first = list(dict.fromkeys([*called[:_NAMED_SO], *sources]))[:_READ_FOR_RECORDS]
        found = await self._records_of(owners, asked, [documents[one] for one in first if one in documents])
        if found is not None or search.found or not (named := asked.headings()):
            return found
        other = await self._retriever.examine(owners, " ".join(named), kinds=("document",))  # other names of columns
        by_id = {one.id: one.source_id for one in other.passages} if other else {}
        others = [
            one for one in dict.fromkeys(by_id[key] for key in (other.evidence if other else ())) if one not in first
        ]
        return await self._records_of(owners, asked, [documents[one] for one in others[:_READ_FOR_RECORDS]])

    async def _records_of(self, owners: Owners, asked: Aggregate, documents: Iterable[Document]) -> FoundRecords | None:
        sets = [one for document in documents for one in await self._records_in(owners, document)]
        return await asyncio.to_thread(ask, asked, sets) if sets else None

    async def _records_in(self, owners: Owners, document: Document) -> Sequence[RecordSet]:
        """The records of a document; those of the last few documents are kept."""
        key = (document.id, document.updated_at)
        if key not in self._records:
            passages = await self._store.document_passages(owners, document.id)
            self._records[key] = await asyncio.to_thread(read_records, passages)
            while len(self._records) > _KEPT_RECORDS:
                del self._records[next(iter(self._records))]
        return self._records[key]

    async def passages(self, owners: Owners, ids: Sequence[str]) -> list[Passage]:
        """Passages by their ids; those that are gone are left out."""
        return await self._store.passages(owners, ids)

    async def document_passages(self, owners: Owners, document_id: str) -> list[Passage]:
        """All passages of a document, in its order. Raises ``NotFoundError``."""
        return await self._store.document_passages(owners, document_id)

    async def surroundings(self, owners: Owners, passages: Sequence[Passage], query: str) -> Surroundings:
        """What completes the lists and sections that ``passages``, found for ``query``, are cut out of."""
        return await surroundings(self._store, owners, passages, query)

    def forget(self, owner: str) -> None:
        """Everything of the owner is removed: let go of what is kept of it in memory."""
        self._index.forget(owner)
        self._records.clear()

    async def learn(self) -> None:
        """Have the embedder ready for questions, and go on with what passages still mean to it; returns when it's under
        way.
        """
        if self._embedder is None:
            return
        try:
            await self._embedder.start()
            for owner in await self._store.owners():
                self._vectors.request(owner)
        except VasiError as error:
            _log.warning("Search goes on without meanings: %s", error)

    async def use_embedder(self, embedder: Embedder | None) -> None:
        """Find by ``embedder`` in the searches that begin from now on; None: by words and sounds alone.

        Those that run go on with the one before, which is closed after them. What passages mean to the new one is
        learned in the background.

        Raises:
            EngineError: it doesn't start; everything stays as it was.
            StoreError: storage failed.
        """
        if embedder is not None:
            try:
                await embedder.start()
            except BaseException:
                await embedder.close()
                raise
        earlier, retriever = self._embedder, self._retriever
        self._embedder, self._retriever = embedder, Retriever(self._store, self._index, embedder)
        await self._vectors.use(embedder)
        await retriever.idle()
        if earlier is not None:
            await earlier.close()
        for owner in await self._store.owners():
            self._vectors.request(owner)

    async def learned(self, owners: Owners) -> Learned | None:
        """How many passages can be found by their meaning; None without an embedder. Raises ``StoreError``."""
        return await self._vectors.learned(owners)

    async def vectors_ready(self, owner: str) -> None:
        """Return when no vectors of ``owner`` are being made."""
        await self._vectors.ready(owner)

    async def close(self) -> None:
        """Stop what runs in the background; harmless when repeated."""
        await self._vectors.close()
        await self.ingestion.close()
        if self._embedder is not None:
            await self._embedder.close()


def _is_in(document: Document, place: str) -> bool:
    """Was ``document`` read of the folder or archive at the path ``place``, or of an archive called so?"""
    path = os.path.realpath(os.path.expanduser(place))
    if place.lower().endswith(ARCHIVE_SUFFIX) and document.name.lower().startswith(f"{place.lower()}/"):
        return True
    return document.source.startswith((os.path.join(path, ""), f"{path}/"))
