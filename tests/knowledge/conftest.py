"""A store and the knowledge over it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from vasi.knowledge import Knowledge
from vasi.knowledge.index import Index, TextAnalyser
from vasi.storage.sqlite import SqliteStore
from vasi.testing.settings import reading_limits

ANALYSER = TextAnalyser()


@pytest.fixture
async def store(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SqliteStore]:
    opened = SqliteStore(tmp_path_factory.mktemp("store") / "vasi.db", ANALYSER)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def index(store: SqliteStore) -> Index:
    return Index(store, ANALYSER)


@pytest.fixture
async def knowledge(store: SqliteStore, index: Index) -> AsyncIterator[Knowledge]:
    made = Knowledge(store, index, limits=reading_limits())
    yield made
    await made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two documents, one of them in a folder below."""
    (tmp_path / "below").mkdir()
    (tmp_path / "gym.md").write_text("# Gym\n\nThe gym opens at half past six.\n\n## Sauna\n\nThe sauna costs $12.\n")
    (tmp_path / "below" / "people.csv").write_text("Name,Room\nMaria Lindqvist,214\nOle Brandt,115\n")
    return tmp_path
