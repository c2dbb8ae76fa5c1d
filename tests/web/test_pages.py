"""What a browser gets from the server besides the API: the app, with headers that keep it safe."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from vasi.accounts.authenticators import KeyAuthenticator
from vasi.accounts.ephemeral_keys import EphemeralKeys
from vasi.accounts.secrets import StaticKeys
from vasi.testing.ephemeral_keys import EphemeralKeysInMemory
from vasi.web.access import Access
from vasi.web.middleware import RequestFilter
from vasi.web.origin_policy import OriginPolicy
from vasi.web.pages import Pages

PAGE = {"accept": "text/html,*/*"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "dist"


@pytest.fixture
def browser(folder: Path) -> TestClient:
    policy = OriginPolicy("127.0.0.1")
    access = Access(KeyAuthenticator(StaticKeys()), EphemeralKeys(EphemeralKeysInMemory()), policy)
    app = Starlette(middleware=[Middleware(RequestFilter, policy=policy, access=access)])
    app.router.default = Pages(folder)
    return TestClient(app, base_url="http://localhost:8787")


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


SCRIPT = "/assets/index-1234.js"


def compress(folder: Path) -> None:
    """Copies that tell which they are, as none would that had been compressed."""
    for suffix in (".br", ".gz"):
        (folder / f"{SCRIPT[1:]}{suffix}").write_text(f"as {suffix}")


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br; q=0, gzip; q=1.0", "gzip"),
        ("*", "br"),
        ("*;q=0", None),
        ("identity", None),
        ("", None),
        ("deflate", None),
        ("br;q=0.000, gzip;q=0", None),
    ],
)
def test_a_client_gets_the_best_copy_that_it_takes(
    browser: TestClient, folder: Path, accepted: str, encoding: str | None
) -> None:
    build(folder)
    compress(folder)
    with browser.stream("GET", SCRIPT, headers={"accept-encoding": accepted}) as answer:
        sent = b"".join(answer.iter_raw()).decode()
    assert sent == {"br": "as .br", "gzip": "as .gz", None: "export {}"}[encoding]
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["content-length"] == str(len(sent))
    assert "accept-encoding" in answer.headers["vary"].lower()
    head = browser.head(SCRIPT, headers={"accept-encoding": accepted})
    assert head.content == b""
    for name in ("content-encoding", "content-type", "content-length", "etag", "vary"):
        assert head.headers.get(name) == answer.headers.get(name)


def test_what_a_browser_has_is_right_only_in_the_encoding_that_it_has(browser: TestClient, folder: Path) -> None:
    build(folder)
    compress(folder)
    plain = {"accept-encoding": "identity"}
    brotli = {"accept-encoding": "br"}
    tag = browser.get(SCRIPT, headers=plain).headers["etag"]
    kept = browser.get(SCRIPT, headers={**plain, "if-none-match": tag})
    assert kept.status_code == 304
    assert "accept-encoding" in kept.headers["vary"].lower()
    with browser.stream("GET", SCRIPT, headers={**brotli, "if-none-match": tag}) as other:
        assert other.status_code == 200
    again = browser.head(SCRIPT, headers={**brotli, "if-none-match": other.headers["etag"]})
    assert again.status_code == 304


def test_a_file_without_copies_goes_as_it_is(browser: TestClient, folder: Path) -> None:
    build(folder)
    answer = browser.get("/sw.js", headers={"accept-encoding": "br, gzip"})
    assert answer.text == "// worker"
    assert "content-encoding" not in answer.headers
