"""For all tests: no server in this process may send an event that official clients wouldn't understand."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests import basic_engines, oversight

# How long an example takes is the machine's business, not the test's.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

os.environ.update(basic_engines.ENVIRONMENT)

_complaints: list[str] = []
oversight.watch(_complaints.append)

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # So a shell starts what is to run in the background, and so would what the tests start be deaf to Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def every_event_is_right() -> Iterator[None]:
    yield
    found, _complaints[:] = list(_complaints), []
    assert not found, "\n".join(found)
