"""The command line on a PostgreSQL store: moving there and back, looking at it, backing it up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_library_commands import HANDBOOK, Vasi, vasi
from tests.postgres_server import database_of, shared_server

__all__ = ["vasi"]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return shared_server().database(database_of(tmp_path))


def texts(answer: Any) -> list[tuple[str, float]]:
    return [(one["text"], one.get("score", 0)) for one in answer["passages"]]


def test_everything_moves_there_and_back(vasi: Vasi, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "handbook.md").write_text(HANDBOOK, encoding="utf-8")
    assert vasi("add", "handbook.md").code == 0
    assert vasi("notes", "add", "The anchor is in the shed.").code == 0
    found = vasi("search", "pump", "--json").json()
    moved = vasi("copy", "--to", url)
    assert moved.code == 0, moved.err
    assert "1 documents, 1 notes" in moved.out
    assert "vasi@" not in moved.out
    again = vasi("copy", "--to", url)
    assert again.code == 1
    assert "already" in again.err
    monkeypatch.setenv("VASI_STORE", url)
    (tmp_path / "data" / "vasi.db").unlink()
    there = vasi("search", "pump", "--json").json()
    assert texts(there) == texts(found) != []
    assert not (tmp_path / "data" / "vasi.db").exists()
    assert vasi("notes", "add", "A second one.").code == 0
    checked = vasi("check")
    assert (checked.code, "is sound" in checked.out, str(tmp_path) in checked.out) == (0, True, False)
    assert vasi("backup", "copy").code == 0
    monkeypatch.delenv("VASI_STORE")
    notes = vasi("notes", "list", "--json", "--data", "copy").json()
    assert {note["text"] for note in notes} == {"The anchor is in the shed.", "A second one."}
    back = vasi("copy", "-s", f"store={url}", "--to", "sqlite")
    assert back.code == 0, back.err
    assert dict(texts(vasi("search", "pump", "--json").json())).keys() == dict(texts(found)).keys()
    same = vasi("copy", "--to", "sqlite")
    assert (same.code, "the store itself" in same.err) == (1, True)


def test_doctor_tells_of_the_database(vasi: Vasi, url: str, tmp_path: Path) -> None:
    server = shared_server()
    told = vasi("doctor", "--json", "-s", f"store={url}").json()["store"]
    assert told["problems"] == []
    assert told["place"] == url.rpartition("@")[2]
    assert "PostgreSQL 16" in told["facts"][0]
    assert "pgvector 0." in told["facts"][0]
    bare = f"bare_{database_of(tmp_path)}"
    server.sql(f'CREATE DATABASE "{bare}"')
    run = vasi("doctor", "-s", f"store={server.url(bare)}")
    assert run.code == 1
    assert "may not make the schema" in run.out
    assert "CREATE EXTENSION vector" in run.out
    assert "row-level security" in vasi("doctor", "-s", f"store={server.url(bare, 'postgres')}").out
    gone = vasi("doctor", "-s", "store=postgresql://anna:hush@127.0.0.1:1/db")
    assert (gone.code, "can't be reached" in gone.out, "hush" in gone.out) == (1, True, False)
