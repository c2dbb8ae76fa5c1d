"""What a client is told of an error names no path of the server's disk; the log and the command line do."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.requests import Request

from vasi.errors import StoreError
from vasi.knowledge.index import TextAnalyser
from vasi.storage.blobs import BlobFolder
from vasi.storage.sqlite.store import SqliteStore
from vasi.web.refusals import report


async def _nothing() -> AsyncIterator[bytes]:
    yield b""


async def _failure_of_blobs(folder: Path) -> StoreError:
    (folder / "blobs").write_text("no folder")
    with pytest.raises(StoreError) as failure:
        await BlobFolder(folder / "blobs").write("anna", _nothing())
    return failure.value


async def _failure_of_the_database(folder: Path) -> StoreError:
    (folder / "vasi.db").write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError) as failure:
        await SqliteStore(folder / "vasi.db", TextAnalyser()).open()
    return failure.value


async def _failure_of_a_missing_folder(folder: Path) -> StoreError:
    (folder / "file").write_text("")
    with pytest.raises(StoreError) as failure:
        await SqliteStore(folder / "file" / "vasi.db", TextAnalyser()).open()
    return failure.value


@pytest.mark.parametrize("fail", [_failure_of_blobs, _failure_of_the_database, _failure_of_a_missing_folder])
async def test_a_path_is_for_the_log(fail, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    error = await fail(tmp_path)
    with caplog.at_level(logging.ERROR):
        answer = await report(Request({"type": "http"}), error)
    assert str(tmp_path) not in error.message
    assert str(tmp_path).encode() not in answer.body
    assert answer.status_code == 503
    assert str(tmp_path) in str(error)
    assert str(tmp_path) in caplog.text
