"""What is told to clients doesn't say where files lie on the server."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest

from tests.web.app_server import running
from vasi.errors import StoreError
from vasi.web.refusals import refused_for, without_paths


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/home/anna/.local/share/vasi/vasi.db can't be written: disk full.", "vasi.db can't be written: disk full."),
        ("The model in /opt/models/minilm finds passages.", "The model in minilm finds passages."),
        ("Can't open 'C:\\Users\\anna\\vasi.db'.", "Can't open 'vasi.db'."),
        ("Connect to /v1/realtime, or ask /api/status.", "Connect to /v1/realtime, or ask /api/status."),
        ("http://localhost:11434/v1/chat doesn't answer.", "http://localhost:11434/v1/chat doesn't answer."),
        ("Use 1/2 or and/or.", "Use 1/2 or and/or."),
    ],
)
def test_paths_become_names(text: str, shown: str) -> None:
    assert without_paths(text) == shown


def test_long_texts_take_no_time() -> None:
    began = time.process_time()
    for piece in ("/", "/a", "C:\\", "/a/ ", "\\", "a/b "):
        without_paths(piece * 10_000)
    assert time.process_time() - began < 2


def test_errors_of_the_store_show_no_path() -> None:
    answer = refused_for(StoreError("/srv/vasi/blobs/ab/cd can't be written: Read-only file system."))
    assert answer.status_code == 503
    assert "/srv" not in bytes(answer.body).decode()


async def test_nothing_that_is_listed_shows_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "walnut.md").write_text("# Walnut\n\nThe walnut is brown.\n")
    async with running(tmp_path / "data", monkeypatch) as app:
        (document,) = (await app.vasi.knowledge.add("local", [folder])).added
        (folder / "walnut.md").unlink()
        of_document = [f"documents/{document.id}/{part}" for part in ("text", "content")]
        for path in ("documents", *of_document, "status", "search?q=walnut"):
            answer = await app.http.get(f"/api/{path}")
            assert str(tmp_path) not in json.dumps(answer.json()), path


async def _aiter(parts: Iterable[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_uploads_have_a_limit_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, limits={"originals_mb": 1}) as app:
        small = {"files": ("small.txt", b"walnut " * 10_000)}
        assert (await app.http.post("/api/documents", files=small)).status_code == 202
        for chunked in (False, True):
            request = app.http.build_request("POST", "/api/documents", files={"files": ("large.txt", b"x" * 1_100_000)})
            if chunked:
                body = request.read()
                parts = (body[at : at + 65536] for at in range(0, len(body), 65536))
                headers = {"content-type": request.headers["content-type"]}
                request = app.http.build_request("POST", "/api/documents", content=_aiter(parts), headers=headers)
            answer = await app.http.send(request)
            assert (answer.status_code, answer.json()["error"]["code"]) == (413, "limit_exceeded")
            assert "originals_mb" in answer.json()["error"]["message"]
