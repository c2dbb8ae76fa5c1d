"""``WebPages``: adds pages by their address, and reads them again when asked to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vasi.errors import DocumentError, VasiError
from vasi.knowledge.ingest import Ingestion
from vasi.knowledge.pages.addresses import page_address
from vasi.knowledge.pages.fetcher import PageFetcher
from vasi.knowledge.uploaded_file import UploadedFile
from vasi.storage.ports import Document, DocumentStore


def is_address(text: str) -> bool:
    """Whether ``text`` is the address of a page, rather than the path of a file."""
    return text.lower().startswith(("http://", "https://"))


@dataclass(frozen=True, slots=True)
class PageProblem:
    """A page that wasn't added; ``message`` is one sentence that names it and says why."""

    address: str
    message: str


class WebPages:
    """The pages of all owners.

    Args:
        store: where documents are.
        ingestion: reads and stores them.
        fetcher: fetches them.
    """

    def __init__(self, store: DocumentStore, ingestion: Ingestion, fetcher: PageFetcher) -> None:
        self._store = store
        self._ingestion = ingestion
        self._fetcher = fetcher

    async def fetch(self, owner: str, address: str) -> tuple[UploadedFile, Document | None]:
        """The page at an address, in a file that has to be dropped, and the document that it was read as before.

        Raises:
            DocumentError: it can't be fetched.
            StoreError: storage failed.
        """
        known = await self._store.document_by_source(owner, page_address(address).text)
        return await self._fetcher.fetch(address), known

    async def add(self, owner: str, address: str) -> tuple[Document, bool]:
        """Read a page; one that was added before is read again.

        Returns:
            The document, and whether it's new or has changed.

        Raises:
            DocumentError: it can't be fetched or read.
            StoreError: storage failed; nothing of it was kept.
        """
        file, known = await self.fetch(owner, address)
        try:
            assert file.page is not None
            if known is not None and known.original == file.digest:
                return known, False
            replaces = None if known is None else known.id
            return await self._ingestion.add(
                owner, file.page.address, file.path, file.name, file.digest, replaces=replaces, untitled=file.page.name
            ), True
        finally:
            await asyncio.to_thread(file.drop)

    async def add_all(
        self, owner: str, addresses: Sequence[str], on_page: Callable[[int, str], None] = lambda _done, _address: None
    ) -> tuple[list[Document], list[Document], list[PageProblem]]:
        """Read pages one after another; what fails stops nothing else.

        Args:
            owner: whose they will be.
            addresses: of the pages.
            on_page: called with the number of pages that are done, and the address of the next.

        Returns:
            Those that are new or changed, those that aren't, and those that failed.
        """
        added: list[Document] = []
        unchanged: list[Document] = []
        failed: list[PageProblem] = []
        for done, address in enumerate(addresses):
            on_page(done, address)
            try:
                document, new = await self.add(owner, address)
            except VasiError as error:
                failed.append(PageProblem(address, error.message))
            else:
                (added if new else unchanged).append(document)
        return added, unchanged, failed


def require_page(document: Document) -> str:
    """The address that a document was fetched from. Raises ``DocumentError`` if it wasn't."""
    if not is_address(document.source):
        raise DocumentError(f"{document.name} isn't a web page: send its file again instead.")
    return document.source
