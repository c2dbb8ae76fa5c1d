"""A real browser with a recorded voice as its microphone, in front of a real server with the embedded engines."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, sync_playwright

from tests.browser.app import App, browser_program, browsing
from tests.server_process import DOCUMENTS, ROOT, ServerProcess, read, serving

DIST = ROOT / "src" / "vasi" / "web" / "dist"


@pytest.fixture(scope="session")
def program() -> Path:
    found = browser_program()
    if found is None:
        pytest.skip("No Chromium here: install it with  sudo apt-get install chromium  (or set VASI_CHROMIUM).")
    if not (DIST / "index.html").is_file():
        pytest.skip("The app isn't built: build it with  .venv/bin/python scripts/web.py")
    return found


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which the sample documents have been read; copy it before it's served."""
    data = tmp_path_factory.mktemp("library") / "data"
    read(data, DOCUMENTS)
    return data


@pytest.fixture(scope="session")
def server(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server that has read the sample documents."""
    data = tmp_path_factory.mktemp("server") / "data"
    shutil.copytree(library, data)
    with serving(data) as running:
        yield running


Open = Callable[..., App]


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Drives browsers; for one module and no longer: it keeps an event loop, which other tests want to have."""
    with sync_playwright() as running:
        yield running


@pytest.fixture
def open_app(program: Path, playwright: Playwright, tmp_path: Path) -> Iterator[Open]:
    """Opens the app in a browser of its own; what it should not have done fails the test."""
    with ExitStack() as stack:
        enter = stack.enter_context
        opened: list[App] = []

        def open_one(server: ServerProcess, **options: Any) -> App:
            app = enter(browsing(playwright, program, server, tmp_path / f"profile{len(opened)}", **options))
            opened.append(app)
            return app

        yield open_one
        for app in opened:
            assert app.complaints == []
            assert app.strangers == []
