"""For all tests: no server in this process may send an event that official clients wouldn't understand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import oversight

_complaints: list[str] = []
oversight.watch(_complaints.append)


@pytest.fixture(autouse=True)
def every_event_is_right() -> Iterator[None]:
    yield
    found, _complaints[:] = list(_complaints), []
    assert not found, "\n".join(found)
