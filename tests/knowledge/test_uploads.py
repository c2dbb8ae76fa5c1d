"""Files that are uploaded: all of them are read, in a good order, and nothing of them is left lying about."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.embeddings import EmbeddingsServer, embeddings_server
from vasi.engines.embedder.endpoint import EndpointEmbedder
from vasi.errors import LimitError, NotFoundError
from vasi.knowledge import Knowledge
from vasi.knowledge import uploads as uploads_module
from vasi.knowledge.embed import Embedder
from vasi.knowledge.index import Index
from vasi.knowledge.originals import Originals
from vasi.knowledge.parse.limits import ReadingLimits
from vasi.knowledge.parse.reader import Reader
from vasi.knowledge.uploaded_file import UploadedFile
from vasi.knowledge.uploads import Upload, Uploads
from vasi.storage.blobs import BlobFolder
from vasi.storage.spool import Spool
from vasi.storage.sqlite import SqliteStore
from vasi.testing.settings import reading_limits

OWNER = "ann"


class Desk:
    """Uploads over a store, and the knowledge beside them."""

    def __init__(
        self,
        folder: Path,
        store: SqliteStore,
        index: Index,
        *,
        embedder: Embedder | None = None,
        limits: ReadingLimits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        limits = limits or reading_limits()
        self.folder = folder
        self.originals = Originals(store, BlobFolder(folder))
        self.knowledge = Knowledge(store, index, limits=limits, embedder=embedder, originals=self.originals)
        self.read: list[str] = []
        """Names of files in the order in which they began to be read."""
        self.uploads = Uploads(
            store,
            self.knowledge.ingestion,
            Spool(folder / "uploads"),
            file_bytes=limits.file_bytes,
            changed=self._changed,
            clock=clock,
        )

    def _changed(self, owner: str) -> None:
        reading = [one.name for one in self.uploads.uploads(owner) if one.stage == "reading"]
        self.read += [name for name in reading if name not in self.read]

    def file(self, name: str, content: bytes) -> UploadedFile:
        file = self.uploads.begin(name)
        file.write(content)
        file.finish()
        return file

    async def upload(self, *files: tuple[str, bytes], owner: str = OWNER) -> list[Upload]:
        return await self.uploads.take(owner, [self.file(*one) for one in files])

    def state(self, upload: Upload, owner: str = OWNER) -> Upload:
        return next(one for one in self.uploads.uploads(owner) if one.id == upload.id)

    def left(self) -> list[str]:
        """Of uploaded files, besides originals."""
        return sorted(path.name for path in (self.folder / "uploads").glob("*"))

    async def close(self) -> None:
        await self.uploads.close()
        await self.knowledge.close()


@asynccontextmanager
async def desk_over(folder: Path, store: SqliteStore, index: Index, **options: Any) -> AsyncIterator[Desk]:
    desk = Desk(folder, store, index, **options)
    try:
        yield desk
    finally:
        await desk.close()


@pytest.fixture
async def desk(tmp_path: Path, store: SqliteStore, index: Index) -> AsyncIterator[Desk]:
    async with desk_over(tmp_path, store, index) as made:
        yield made


async def test_a_file_that_comes_when_the_last_one_is_just_done_is_read(desk: Desk) -> None:
    rng = random.Random(1)
    for trial in range(60):
        await desk.upload((f"first{trial}.txt", b"The key %d is under the mat." % trial))
        async with asyncio.timeout(20):
            await desk.uploads.idle()
        await asyncio.sleep(rng.uniform(0, 0.015))
        (second,) = await desk.upload((f"second{trial}.txt", b"The almond %d is on the roof." % trial))
        async with asyncio.timeout(20):
            await desk.uploads.idle()
        assert desk.state(second).stage == "done", trial
    assert desk.left() == []


async def test_a_file_that_comes_when_the_idle_readers_are_just_ended_is_read(
    tmp_path: Path, store: SqliteStore, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vasi.knowledge.parse.reader._IDLE_S", 0.01)
    rng = random.Random(2)
    async with desk_over(tmp_path, store, index) as desk:
        for trial in range(12):
            (upload,) = await desk.upload((f"{trial}.txt", b"The key %d is under the mat." % trial))
            async with asyncio.timeout(20):
                await desk.uploads.idle()
            assert desk.state(upload).stage == "done", trial
            await asyncio.sleep(0.005 + rng.uniform(0, 0.015))


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def test_small_files_come_first_and_large_ones_too_in_the_end(
    tmp_path: Path, store: SqliteStore, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads_module, "CONCURRENT_FILES", 1)
    clock = Clock()
    async with desk_over(tmp_path, store, index, clock=clock) as desk:
        large = b"The ladder is in the shed. " * 80_000  # 2.2 MB: overtaken for two seconds
        await desk.upload(("large.txt", large), ("small.txt", b"The key is under the mat."))
        clock.seconds = 1.0
        await desk.upload(("soon.txt", b"The almond is on the roof."))
        clock.seconds = 3.0
        await desk.upload(("late.txt", b"The walnut is in the cellar."))
        await desk.uploads.idle()
    assert desk.read == ["small.txt", "soon.txt", "large.txt", "late.txt"]


async def test_of_a_refused_request_nothing_is_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads_module, "MAX_WAITING", 1)
    with pytest.raises(LimitError, match="1 files may wait"):
        await desk.upload(("a.txt", b"The key."), ("b.txt", b"The mat."))
    with pytest.raises(NotFoundError):
        await desk.uploads.take(OWNER, [desk.file("a.txt", b"The key.")], replaces="doc_none")
    assert (desk.left(), desk.uploads.uploads(OWNER)) == ([], [])


async def test_the_same_file_twice_in_one_request_is_kept_once(desk: Desk) -> None:
    uploads = await desk.upload(*[(name, b"The key is under the mat.") for name in ("a.txt", "b.txt", "c.txt")])
    await desk.uploads.idle()
    ended = [desk.state(one) for one in uploads]
    assert len({one.document_id for one in ended}) == 1
    assert sum(one.note is None for one in ended) == 1
    assert len(await desk.knowledge.documents(OWNER)) == 1


async def test_tidying_leaves_what_waits_or_comes(desk: Desk, tmp_path: Path) -> None:
    coming = desk.file("coming.txt", b"The almond is on the roof.")
    (waiting,) = await desk.upload(("waiting.txt", b"The key is under the mat."))
    orphan = tmp_path / "uploads" / "orphan"
    orphan.write_bytes(b"left by a process that was killed")
    long_ago = (datetime.now(UTC) - timedelta(days=1)).timestamp()
    for path in (tmp_path / "uploads").iterdir():
        os.utime(path, (long_ago, long_ago))
    await desk.uploads.tidy()
    assert not orphan.exists()
    (late,) = await desk.uploads.take(OWNER, [coming])
    await desk.uploads.idle()
    assert [desk.state(one).stage for one in (waiting, late)] == ["done", "done"]
    assert desk.left() == []


async def test_what_is_not_read_yet_is_dropped_when_it_closes(desk: Desk) -> None:
    await desk.upload(*[(f"{n}.txt", b"The key %d is under the mat." % n) for n in range(20)])
    await desk.close()
    assert desk.left() == []
    with pytest.raises(LimitError, match="stopping"):
        await desk.upload(("late.txt", b"The almond."))
    assert desk.left() == []


async def test_files_that_hang_their_reader_do_not_stop_the_queue_for_long(
    tmp_path: Path, store: SqliteStore, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    troubled = partial(Reader, module="tests.knowledge.troubled_worker")
    monkeypatch.setattr("vasi.knowledge.ingest.Reader", troubled)
    async with desk_over(tmp_path, store, index, limits=reading_limits(seconds=3)) as desk:
        started = asyncio.get_running_loop().time()
        uploads = await desk.upload(
            ("hang1.txt", b"Bad."),
            ("spin2.txt", b"Bad too."),
            *[(f"good{n}.txt", b"Good words %d." % n) for n in range(4)],
        )
        await desk.uploads.idle()
        assert asyncio.get_running_loop().time() - started < 15
        stages = [desk.state(one).stage for one in uploads]
        assert stages == ["failed", "failed", "done", "done", "done", "done"]
        assert "took longer than 3 seconds" in str(desk.state(uploads[0]).error)


# --- found by meaning -----------------------------------------------------------------------------------------------
@pytest.fixture
def server() -> Iterator[EmbeddingsServer]:
    with embeddings_server() as running:
        yield running


async def test_the_first_search_after_an_upload_finds_the_file_by_meaning(
    tmp_path: Path, store: SqliteStore, index: Index, server: EmbeddingsServer
) -> None:
    embedder = EndpointEmbedder("mini", base_url=server.base_url)
    async with desk_over(tmp_path, store, index, embedder=embedder) as desk:
        await desk.upload(("crossing.txt", b"The ferry leaves at nine from the northern pier."))
        await desk.uploads.idle()
        found = await desk.knowledge.search(OWNER, "vessel departure")
        assert [one.passage.document for one in found.passages] == ["crossing.txt"]
        await desk.upload(("clinic.txt", b"A physician is in on Tuesdays."))
        await desk.uploads.idle()
        found = await desk.knowledge.search(OWNER, "seeing a doctor")
        assert found.passages[0].passage.document == "clinic.txt"


async def test_the_first_search_after_a_path_was_added_finds_it_by_meaning(
    tmp_path: Path, store: SqliteStore, index: Index, server: EmbeddingsServer
) -> None:
    (tmp_path / "crossing.txt").write_text("The ferry leaves at nine from the northern pier.")
    embedder = EndpointEmbedder("mini", base_url=server.base_url)
    async with desk_over(tmp_path / "data", store, index, embedder=embedder) as desk:
        await desk.knowledge.add(OWNER, [tmp_path / "crossing.txt"])
        await desk.knowledge.vectors_ready(OWNER)
        found = await desk.knowledge.search(OWNER, "vessel departure")
        assert [one.passage.document for one in found.passages] == ["crossing.txt"]


async def test_a_slow_embeddings_server_does_not_hold_up_the_queue(
    tmp_path: Path, store: SqliteStore, index: Index, server: EmbeddingsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads_module, "VECTORS_S", 0.2)
    server.seconds = 60
    embedder = EndpointEmbedder("mini", base_url=server.base_url)
    async with desk_over(tmp_path, store, index, embedder=embedder) as desk:
        uploads = await desk.upload(*[(f"{n}.txt", b"The key %d is under the mat." % n) for n in range(8)])
        async with asyncio.timeout(20):
            await desk.uploads.idle()
        assert {desk.state(one).stage for one in uploads} == {"done"}
        assert len(await desk.knowledge.documents(OWNER)) == 8
