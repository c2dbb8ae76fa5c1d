"""A library of invented documents."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.engines.llm.asking import Library

Open = Callable[[dict[str, str]], Awaitable[Library]]


@pytest.fixture
async def library(tmp_path: Path) -> AsyncIterator[Open]:
    """Opens a library that holds these files: name to text."""
    opened: list[Library] = []

    async def make(files: dict[str, str]) -> Library:
        one = Library(tmp_path)
        await one.open(files)
        opened.append(one)
        return one

    yield make
    for one in opened:
        await one.close()
