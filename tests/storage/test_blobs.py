"""Originals as streams, in a folder."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from vasi.errors import NotFoundError
from vasi.storage.blobs import CHUNK, BlobFolder

CONTENT = os.urandom(2 * CHUNK + 17)
DIGEST = hashlib.sha256(CONTENT).hexdigest()


async def stream(content: bytes, *, broken: bool = False) -> AsyncIterator[bytes]:
    for at in range(0, len(content), 100_000):
        yield content[at : at + 100_000]
    if broken:
        raise RuntimeError("The sender is gone.")


async def read(blobs: BlobFolder, owner: str = "anna", digest: str = DIGEST, **bounds: int) -> bytes:
    return b"".join([chunk async for chunk in blobs.read(owner, digest, **bounds)])


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_what_was_written_is_read_whole_and_in_parts(tmp_path: Path) -> None:
    blobs = BlobFolder(tmp_path / "blobs")
    assert await blobs.write("anna", stream(CONTENT)) == DIGEST
    assert await blobs.write("anna", stream(CONTENT)) == DIGEST
    assert await blobs.size("anna", DIGEST) == len(CONTENT)
    assert await read(blobs) == CONTENT
    for start, end in ((0, 1), (CHUNK - 1, CHUNK + 1), (5, len(CONTENT)), (7, 7), (len(CONTENT) - 3, len(CONTENT) + 9)):
        assert await read(blobs, start=start, end=end) == CONTENT[start:end]
    (file,) = files(tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_files_are_their_owners(tmp_path: Path) -> None:
    blobs = BlobFolder(tmp_path)
    await blobs.write("anna", stream(CONTENT))
    assert await blobs.size("ben", DIGEST) is None
    with pytest.raises(NotFoundError):
        await read(blobs, "ben")
    await blobs.remove("ben", DIGEST)
    assert await read(blobs) == CONTENT
    await blobs.remove("anna", DIGEST)
    await blobs.remove("anna", DIGEST)
    assert files(tmp_path) == []
    for digest in ("../../etc/passwd", "", DIGEST.upper()):
        with pytest.raises(ValueError, match="64 hexadecimal"):
            await blobs.size("anna", digest)


async def test_a_stream_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    blobs = BlobFolder(tmp_path)
    with pytest.raises(RuntimeError):
        await blobs.write("anna", stream(CONTENT, broken=True))
    assert files(tmp_path) == []


async def test_what_is_old_is_listed_and_what_was_left_is_removed(tmp_path: Path) -> None:
    blobs = BlobFolder(tmp_path)
    await blobs.write("anna", stream(CONTENT))
    (tmp_path / "incoming" / "left").write_bytes(b"half")
    now = datetime.now(UTC)
    assert await blobs.digests("anna", before=now - timedelta(hours=1)) == []
    assert await blobs.digests("anna", before=now + timedelta(hours=1)) == [DIGEST]
    await blobs.tidy(before=now - timedelta(hours=1))
    assert len(files(tmp_path)) == 2
    await blobs.tidy(before=now + timedelta(hours=1))
    assert len(files(tmp_path)) == 1
