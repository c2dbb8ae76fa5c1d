"""The app as an app: installable, readable by everybody, there without a network, back when the server is."""

from __future__ import annotations

import gzip
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.app import PHONE, App
from tests.browser.conftest import DIST, Open
from tests.server_process import ServerProcess, serving

SCREENS = ["Talk", "Documents", "Notes", "Conversations", "Settings"]


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_every_screen_is_accessible_in_every_theme(open_app: Open, server: ServerProcess, theme: str) -> None:
    app = open_app(server, settings={"theme": theme})
    for screen in SCREENS:
        app.go(screen)
        # Themes differ in their colours alone.
        assert app.axe(*([] if theme == "light" else ["color-contrast"])) == [], screen
        app.screenshot(f"{screen.lower()}-desktop-{theme}")


def test_on_a_phone_from_right_to_left(open_app: Open, server: ServerProcess) -> None:
    app = open_app(server, viewport=PHONE, settings={"interface": "ar", "theme": "dark"})
    root = app.page.locator("html")
    assert (root.get_attribute("lang"), root.get_attribute("dir")) == ("ar", "rtl")
    assert app.axe() == []
    app.screenshot("talk-phone-dark-rtl")
    wide = app.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, "the page can be pushed sideways"


def test_everything_can_be_reached_by_keyboard(open_app: Open, server: ServerProcess) -> None:
    app = open_app(server)
    reached: list[str] = []
    for _ in range(30):
        app.page.keyboard.press("Tab")
        reached.append(
            app.page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText")
        )
    for name in ("Skip to the conversation", *SCREENS, "Start talking", "Ask in writing"):
        assert name in reached


def test_a_browser_would_install_it(open_app: Open, server: ServerProcess) -> None:
    app = open_app(server)
    app.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    browser = app.page.context.new_cdp_session(app.page)
    assert browser.send("Page.getAppManifest")["errors"] == []
    assert browser.send("Page.getInstallabilityErrors")["installabilityErrors"] == []


def test_it_opens_without_a_network(open_app: Open, server: ServerProcess) -> None:
    app = open_app(server)
    app.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    app.page.context.set_offline(True)
    app.page.reload()
    app.page.get_by_role("button", name="Start talking").wait_for()


def test_it_comes_back_when_the_server_does(open_app: Open, library: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(library, data)
    with serving(data) as first:
        app = open_app(first)
        ask(app, "Where is the assembly point of the workshop?")
        app.turn(1).get_by_text("flagpole").wait_for()
        port = first.port
    app.until("reconnecting", 20)
    with serving(data, "--port", str(port)):
        app.page.locator("[data-phase=idle], [data-phase=speaking], [data-phase=listening]").wait_for(timeout=60_000)
        ask(app, "When is the fire drill held?")
        app.page.get_by_text("March").last.wait_for(timeout=30_000)


def ask(app: App, text: str) -> None:
    app.write(text)


def test_the_first_load_is_small_and_compressed(open_app: Open, server: ServerProcess) -> None:
    app = open_app(server)
    app.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    scripts = [one for one in app.loaded if one.request.resource_type == "script"]
    assert len(scripts) > 3
    for one in app.loaded:
        shrinks = one.url.endswith((".js", ".css", "/")) and int(one.headers["content-length"]) > 1_000
        assert not shrinks or one.headers.get("content-encoding") in ("br", "gzip"), one.url
    names = [urlsplit(one.url).path for one in scripts]
    assert sum(len(gzip.compress((DIST / name[1:]).read_bytes())) for name in names) <= 130_000
    assert not [name for name in names if re.search("pdf|inspector", name, re.IGNORECASE)]
    worker = (DIST / "sw.js").read_text()
    assert "assets/index" in worker
    assert not re.search(r"\.(br|gz)\b", worker), "the browser would keep what it can't use"
