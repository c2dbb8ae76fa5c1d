"""One server with the embedded engines and the sample documents for all wire tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server_process import DOCUMENTS, ServerProcess, read, serving


@pytest.fixture(scope="session")
def embedded_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    data = tmp_path_factory.mktemp("wire") / "data"
    read(data, DOCUMENTS)
    with serving(data) as server:
        yield server
