"""Whatever the store acknowledged is there after the process was killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.postgres_server import database_of, shared_server
from tests.storage.restless_writer import make
from vasi.knowledge.index import Index, TextAnalyser

ROUNDS = 30


@pytest.fixture
def writer() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("restless_writer.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        assert process.stdin
        assert process.stdout
        process.stdin.close()
        process.stdout.close()
        assert process.wait(timeout=30) == 0


def acknowledged_until_killed(writer: subprocess.Popen[str], place: str, enough: int) -> list[list[str]]:
    """Let a child write until it acknowledged ``enough`` changes, kill it, and return all that it acknowledged."""
    assert writer.stdin
    assert writer.stdout
    writer.stdin.write(f"{place}\n")
    writer.stdin.flush()
    lines: list[list[str]] = []
    child = 0
    killed = False
    while True:
        match writer.stdout.readline().split():
            case ["pid", number]:
                child = int(number)
            case ["gone"]:
                return lines
            case acknowledged:
                lines.append(acknowledged)
        if child and len(lines) >= enough and not killed:
            os.kill(child, signal.SIGKILL)
            killed = True


def sqlite(folder: Path) -> str:
    return str(folder / "vasi.db")


def postgresql(folder: Path) -> str:
    return shared_server().database(database_of(folder))


@pytest.mark.parametrize("place_in", [sqlite, postgresql])
async def test_what_was_acknowledged_survives_kill_9(
    writer: subprocess.Popen[str], tmp_path: Path, place_in: Callable[[Path], str]
) -> None:
    place = place_in(tmp_path)
    chance = random.Random(9)
    notes: set[tuple[str, str]] = set()
    documents: dict[tuple[str, str], int] = {}
    for _ in range(ROUNDS):
        documents.clear()  # each child begins to count anew
        for acknowledged in acknowledged_until_killed(writer, place, chance.randint(1, 40)):
            match acknowledged:
                case ["note", owner, note_id]:
                    notes.add((owner, note_id))
                case ["document", owner, source, number]:
                    documents[owner, source] = int(number)
                case other:
                    pytest.fail(f"The child said {other}.")
        store = make(place)
        index = Index(store, TextAnalyser())
        await store.open()
        try:
            assert await store.check() == []
            for owner in ("anna", "ben"):
                there = await store.notes(owner, limit=1_000_000)
                assert {note_id for whose, note_id in notes if whose == owner} <= {note.id for note in there}
                hits = await index.search_words(owner, ["walnuts"], 1_000)
                assert len(hits) == min(len(there), 1_000)
                assert not await index.search_words(owner, ["ben" if owner == "anna" else "anna"], 1)
            for (owner, source), number in documents.items():
                document = await store.document_by_source(owner, source)
                assert document is not None
                assert int(document.digest) >= number
                assert document.passages == int(document.digest) % 7
        finally:
            await store.close()
    assert len(notes) >= ROUNDS
