"""Many small pieces of one client don't keep the others waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.attacks import ATTACKS, beside
from tests.server_process import ServerProcess, serving

SECONDS = 1.5
LONGEST_MS = 700
"""Generous, for machines that have other things to do; unmended it was two seconds and more for each megabyte."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    data: Path = tmp_path_factory.mktemp("attacked") / "data"
    with serving(data) as running:
        yield running


@pytest.mark.parametrize("name", ATTACKS)
def test_a_client_is_served_beside(server: ServerProcess, name: str) -> None:
    waits, sent = asyncio.run(beside(server.port, ATTACKS[name], seconds=SECONDS, bytes_per_second=2_000_000))
    assert sent > 100_000
    assert len(waits) > 5
    assert max(waits) < LONGEST_MS
