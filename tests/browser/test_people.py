"""Signing in and out: who isn't signed in sees nothing, and whoever leaves leaves nothing in the browser."""

from __future__ import annotations

import json
import re
import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.app import PHONE, App
from tests.browser.conftest import Open
from tests.server_process import ServerProcess, serving

KEY = "canary-key-of-the-server"
NARROW = {"width": 320, "height": 700}
QUESTION = "Where is the assembly point of the workshop?"


@pytest.fixture(scope="module")
def keys(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server that wants a key."""
    data = tmp_path_factory.mktemp("keys") / "data"
    shutil.copytree(library, data)
    with serving(data, "--set", f"api_keys={KEY}") as running:
        yield running


@pytest.fixture(scope="module")
def providers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server with a provider of each kind; none of them is asked for anything."""
    folder = tmp_path_factory.mktemp("providers")
    (folder / "vasi.toml").write_text(
        """
        [auth]
        mode = "oidc"
        [auth.providers.work]
        kind = "entra"
        tenant = "11111111-2222-3333-4444-555555555555"
        client_id = "vasi"
        [auth.providers.google]
        kind = "google"
        client_id = "vasi"
        [auth.providers.campus]
        issuer = "https://login.example.com"
        client_id = "vasi"
        title = "Harrow Bay Campus"
        """
    )
    with serving(folder / "data", "--config", str(folder / "vasi.toml")) as running:
        yield running


def assert_forgotten(app: App) -> None:
    """Nothing of anybody's is in the browser, but the app's own files."""
    kept = app.kept()
    assert (kept["local"], kept["session"], kept["cookie"]) == ({}, {}, "")
    assert [rows for rows in kept["databases"].values() if rows] == []
    assert [file for file in kept["files"] if file.startswith(("/api", "/v1", "/auth"))] == []
    assert app.page.context.cookies() == []


def cached(page: Page, path: str) -> bool:
    """Whether the browser's own cache has what a path answered."""
    fetching = "path => fetch(path, { cache: 'only-if-cached', mode: 'same-origin' }).then((it) => it.ok, () => false)"
    return page.evaluate(fetching, path)


def sideways(page: Page) -> int:
    """How far a page can be pushed sideways."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def ask(server: ServerProcess, method: str, path: str, key: str, body: Any = None) -> Any:
    """What a program with a key is answered."""
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(server.http + path, content, headers, method=method)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.loads(answer.read() or "null")


def test_from_a_key_to_an_answer_to_nothing_left(open_app: Open, keys: ServerProcess) -> None:
    app = open_app(keys, path="/notes")
    heading = app.page.get_by_role("heading", name="Sign in", level=1)
    heading.wait_for()
    assert app.axe() == []
    app.screenshot("sign-in-key-desktop-light")
    field = app.page.get_by_label("API key")
    field.fill("not-the-key")
    app.page.keyboard.press("Enter")
    app.page.get_by_role("alert").get_by_text("isn't valid").wait_for()
    expect(field).to_be_focused()
    assert app.axe() == []
    app.sign_in(KEY)
    app.page.get_by_role("heading", name="Notes", level=2).wait_for()

    app.page.get_by_role("textbox", name="Write a note").fill("A note of the last user")
    app.page.get_by_role("button", name="Add note").click()
    app.page.get_by_role("list", name="Notes").get_by_text("A note of the last user").wait_for()
    app.go("Documents")
    app.page.get_by_role("list", name="Documents").get_by_text("workshop-safety-manual.pdf").wait_for()
    app.go("Talk")
    app.write(QUESTION)
    app.turn(1).get_by_text("flagpole").wait_for()
    app.until("idle")
    app.turn(1).get_by_role("list", name="Sources").get_by_role("button").first.click()
    pane = app.page.get_by_role("complementary", name="Source")
    pane.get_by_text(re.compile("Page 13 of [0-9]")).wait_for()
    document = next(re.search(r"/api/documents/[^/]+/content", url) for url in reversed(app.asked) if "/content" in url)
    assert document is not None
    app.page.keyboard.press("Escape")
    app.remember("/notes")

    kept = app.kept()
    assert KEY not in json.dumps(kept)
    assert "A note of the last user" in json.dumps(kept["databases"])
    assert not [url for url in app.asked if KEY in url]
    events = [url for url in app.asked if "/api/events" in url]
    assert set(events) == {f"{keys.http}/api/events"}

    began = app.page.evaluate("performance.timeOrigin")
    app.menu("Sign out")
    app.page.get_by_text("You are signed out.").wait_for()
    assert app.axe() == []
    app.screenshot("sign-in-after-desktop-light")
    assert app.page.evaluate("performance.timeOrigin") > began, "what was in memory is still there"
    assert_forgotten(app)
    assert not cached(app.page, document[0])
    assert not cached(app.page, "/api/notes?limit=200")
    app.page.go_back()
    heading.wait_for()
    assert "A note of the last user" not in app.page.content()
    assert_forgotten(app)


def test_another_tab_signs_out_as_well(open_app: Open, keys: ServerProcess) -> None:
    app = open_app(keys)
    other = app.page.context.new_page()
    other.goto(f"{keys.http}/documents")
    other.get_by_role("heading", name="Sign in", level=1).wait_for()
    app.sign_in(KEY)
    documents = other.get_by_role("list", name="Documents")
    documents.get_by_text("workshop-safety-manual.pdf").wait_for()
    app.go("Notes")
    app.menu("Sign out")
    for page in (app.page, other):
        page.get_by_text("You are signed out.").wait_for()
        expect(documents).to_have_count(0)
    assert_forgotten(app)


def test_a_session_that_was_ended_elsewhere_leaves_nothing(open_app: Open, keys: ServerProcess) -> None:
    app = open_app(keys)
    app.sign_in(KEY)
    app.write(QUESTION)
    app.turn(1).get_by_text("flagpole").wait_for()
    for session in ask(keys, "GET", "/api/account/sessions", KEY)["sessions"]:
        ask(keys, "DELETE", f"/api/account/sessions/{session['id']}", KEY)
    app.page.get_by_text("Your session has ended.").wait_for(timeout=15_000)
    assert_forgotten(app)


def test_the_key_of_an_earlier_app_is_exchanged_and_erased(open_app: Open, keys: ServerProcess) -> None:
    ask(keys, "PUT", "/api/account/preferences", KEY, {})
    app = open_app(keys, settings={"key": KEY, "captions": "large"})
    app.go("Documents")
    app.page.get_by_role("list", name="Documents").get_by_text("workshop-safety-manual.pdf").wait_for()
    assert KEY not in json.dumps(app.kept())
    assert app.page.locator("html").get_attribute("data-captions") == "large"


def test_without_a_network_it_is_left_at_once_and_at_the_server_later(open_app: Open, keys: ServerProcess) -> None:
    app = open_app(keys)
    app.sign_in(KEY)
    app.go("Documents")
    app.page.get_by_role("list", name="Documents").get_by_text("workshop-safety-manual.pdf").wait_for()
    app.remember("/documents")
    app.page.context.set_offline(True)
    app.menu("Sign out")
    app.page.get_by_text("as soon as it can be reached").wait_for()
    assert app.page.evaluate("[...Object.keys(localStorage)].join()") == "vasi.sign_out"
    app.page.context.set_offline(False)
    app.page.get_by_label("API key").wait_for()
    assert_forgotten(app)
    app.page.goto(f"{keys.http}/documents")
    app.page.get_by_label("API key").wait_for()


@pytest.mark.parametrize(
    ("layout", "options"),
    [
        ("desktop-light", {}),
        ("phone-dark", {"viewport": PHONE, "dark": True}),
        ("narrow-light-rtl", {"viewport": NARROW}),
        ("desktop-contrast", {}),
    ],
)
def test_the_sign_in_page_says_why_and_fits(
    open_app: Open, providers: ServerProcess, layout: str, options: dict[str, Any]
) -> None:
    settings = {"interface": "ar"} if "rtl" in layout else {"theme": "contrast"} if "contrast" in layout else {}
    app = open_app(providers, path="/sign-in?error=not_allowed&return_to=//evil.example", settings=settings, **options)
    buttons = app.page.get_by_role("list").get_by_role("link")
    expect(buttons).to_have_count(3)
    for button in buttons.all():
        expect(button).to_have_attribute("href", re.compile(r"return_to=%2F$"))
    assert app.page.get_by_role("alert").inner_text().strip()
    assert app.axe() == []
    assert sideways(app.page) <= 0
    app.screenshot(f"sign-in-{layout}")
