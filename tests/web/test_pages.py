"""What a browser gets from the server besides the API: the app, with headers that keep it safe."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from vasi.web.pages import Pages, SecurityHeaders

PAGE = {"accept": "text/html,*/*"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "dist"


@pytest.fixture
def browser(folder: Path) -> TestClient:
    app = Starlette(middleware=[Middleware(SecurityHeaders)])
    app.router.default = Pages(folder)
    return TestClient(app)


def build(folder: Path) -> None:
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<p>the app</p>")
    (folder / "sw.js").write_text("// worker")
    (folder / "assets" / "index-1234.js").write_text("export {}")


def test_a_missing_build_says_what_to_do_and_a_later_one_is_found(browser: TestClient, folder: Path) -> None:
    answer = browser.get("/", headers=PAGE)
    assert answer.status_code == 503
    assert "make run" in answer.text
    assert browser.get("/notes", headers=PAGE).status_code == 404
    build(folder)
    assert "the app" in browser.get("/", headers=PAGE).text


def test_places_within_the_app_are_its_page_but_missing_files_are_missing(browser: TestClient, folder: Path) -> None:
    build(folder)
    assert "the app" in browser.get("/notes/7", headers=PAGE).text
    assert browser.get("/assets/gone.js", headers=PAGE).status_code == 404
    assert browser.get("/notes/7", headers={"accept": "application/json"}).status_code == 404
    assert browser.post("/v1/unknown").status_code == 404
    assert browser.get("/../pages.py").status_code == 404


def test_only_what_is_named_by_its_content_is_kept(browser: TestClient, folder: Path) -> None:
    build(folder)
    assert "immutable" in browser.get("/assets/index-1234.js").headers["cache-control"]
    for path in ("/", "/sw.js"):
        assert browser.get(path, headers=PAGE).headers["cache-control"] == "no-cache"


def test_nothing_inline_and_nothing_from_elsewhere(browser: TestClient, folder: Path) -> None:
    build(folder)
    headers = browser.get("/", headers=PAGE).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "microphone=(self)" in headers["permissions-policy"]
