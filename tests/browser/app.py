"""The app in a browser, as its tests use it."""

from __future__ import annotations

import json
import os
import shutil
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Playwright, Request, Response, expect

from tests.server_process import ROOT, ServerProcess

SCREENSHOTS = ROOT / "frontend" / "screenshots"
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
RATE = 16_000
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)
EXPECTED = (
    "Failed to load resource: net::ERR_",
    "Failed to load resource: the server responded with a status of 401",
    "Failed to load resource: the server responded with a status of 403",
    "Failed to load resource: the server responded with a status of 422",
    "WebSocket connection to",
)
"""What the browser says by itself when the server is gone, wants a key or refuses what it was sent."""

expect.set_options(timeout=30_000)


def browser_program() -> Path | None:
    """Chromium's real binary: Debian's wrapper script prints to the console."""
    named = os.environ.get("VASI_CHROMIUM")
    candidates = [named] if named else ["/usr/lib/chromium/chromium", "/usr/lib64/chromium/chromium"]
    candidates += [shutil.which(name) for name in ("chromium", "google-chrome", "chrome") if not named]
    return next((Path(each) for each in candidates if each and Path(each).is_file()), None)


def recording(path: Path, *parts: float | Path) -> Path:
    """Writes a microphone's recording: seconds of silence and WAV files (16 kHz, mono, 16 bit), in order."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        for part in parts:
            if isinstance(part, Path):
                with wave.open(str(part)) as clip:
                    assert (clip.getframerate(), clip.getnchannels(), clip.getsampwidth()) == (RATE, 1, 2)
                    out.writeframes(clip.readframes(clip.getnframes()))
            else:
                out.writeframes(bytes(int(part * RATE) * 2))
    return path


def seconds(path: Path) -> float:
    with wave.open(str(path)) as clip:
        return clip.getnframes() / clip.getframerate()


@dataclass
class App:
    """One page."""

    page: Page
    server: ServerProcess
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    loaded: list[Response] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """Addresses of all requests and WebSockets."""
    friends: tuple[int, ...] = ()
    """Ports of other servers that the page may reach."""

    @property
    def orb(self) -> Locator:
        return self.page.locator("[data-phase]")

    def until(self, phase: str, seconds: float = 30) -> None:
        """Wait until the conversation does this."""
        self.page.locator(f"[data-phase={phase}]").wait_for(timeout=seconds * 1000)

    def start_talking(self) -> None:
        self.page.get_by_role("button", name="Start talking").click()

    @property
    def turns(self) -> Locator:
        return self.page.get_by_role("list", name="Conversation").locator("> li")

    def turn(self, number: int) -> Locator:
        return self.turns.nth(number)

    def hush(self) -> None:
        """Don't wait for the rest of an answer."""
        self.page.get_by_role("button", name="Stop speaking").click()

    def go(self, screen: str) -> None:
        self.page.get_by_role("navigation").get_by_role("link", name=screen).click()
        if screen == "Talk":
            self.orb.wait_for()
        else:
            self.page.get_by_role("heading", name=screen, level=2).wait_for()

    def write(self, text: str) -> None:
        self.page.get_by_role("textbox", name="Ask in writing").fill(text)
        self.page.keyboard.press("Enter")

    def remember(self, path: str) -> None:
        """Wait until the app could be opened, and would know what ``path`` answered, without a network."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self.page.wait_for_function(
            """path => new Promise((resolve, reject) => {
                const opening = indexedDB.open("vasi");
                opening.onerror = () => reject(opening.error);
                opening.onsuccess = () => {
                    const keys = opening.result.transaction("answers").objectStore("answers").getAllKeys();
                    keys.onsuccess = () => {
                        opening.result.close();
                        resolve(keys.result.some((key) => key.startsWith(path)));
                    };
                };
            })""",
            arg=path,
        )

    def sign_in(self, key: str) -> None:
        """Show a key, on the sign-in page."""
        self.page.get_by_label("API key").fill(key)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.get_by_role("navigation", name="Main").wait_for()

    def menu(self, entry: str) -> None:
        """Choose something of the account's menu."""
        account = self.page.get_by_role("navigation", name="Account menu")
        account.get_by_role("button").first.click()
        account.get_by_text(entry, exact=True).click()

    def kept(self) -> dict[str, Any]:
        """Everything that the browser keeps of this page, apart from cookies that it doesn't show and its own cache."""
        return self.page.evaluate(
            """async () => {
                const databases = {};
                for (const { name } of await indexedDB.databases()) {
                    const database = await new Promise((resolve, reject) => {
                        const opening = indexedDB.open(name);
                        opening.onsuccess = () => resolve(opening.result);
                        opening.onerror = () => reject(opening.error);
                    });
                    for (const store of database.objectStoreNames)
                        databases[`${name} ${store}`] = await new Promise((resolve, reject) => {
                            const reading = database.transaction(store).objectStore(store).getAll();
                            reading.onsuccess = () => resolve(reading.result);
                            reading.onerror = () => reject(reading.error);
                        });
                    database.close();
                }
                const files = [];
                for (const name of await caches.keys())
                    for (const { url } of await (await caches.open(name)).keys()) files.push(new URL(url).pathname);
                return {
                    local: { ...localStorage },
                    session: { ...sessionStorage },
                    databases,
                    files,
                    cookie: document.cookie,
                };
            }"""
        )

    def screenshot(self, name: str) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    def axe(self, *rules: str) -> list[str]:
        """What a checker of accessibility finds wrong with what is on the screen, by all its rules or only by some."""
        # Not as a script element: the page's own policy forbids it.
        self.page.evaluate((ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text())
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": tags}
        found: dict[str, Any] = self.page.evaluate("only => axe.run(document, {runOnly: only})", only)
        return [
            f"{rule['id']}: {rule['help']} at {rule['nodes'][0]['target']} ({rule['nodes'][0]['failureSummary']})"
            for rule in found["violations"]
        ]

    def _heard(self, message: ConsoleMessage) -> None:
        source = message.location["url"]
        if urlsplit(source).port in self.friends or message.text.startswith(EXPECTED):
            return
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text} ({source})")

    def _asked(self, request: Request) -> None:
        self.asked.append(request.url)
        address = urlsplit(request.url)
        if urlsplit(self.page.url).port in self.friends:
            return  # what another server's page asks for is its own affair
        if address.scheme in ("http", "https", "ws", "wss") and address.port not in (self.server.port, *self.friends):
            self.strangers.append(request.url)


@contextmanager
def browsing(
    playwright: Playwright,
    program: Path,
    server: ServerProcess,
    profile: Path,
    *,
    microphone: Path | None = None,
    viewport: dict[str, int] | None = None,
    dark: bool = False,
    settings: dict[str, Any] | None = None,
    script: str = "",
    path: str = "/",
    friends: tuple[int, ...] = (),
) -> Iterator[App]:
    """The app in a fresh browser.

    Args:
        playwright: drives it.
        program: the browser.
        server: what it talks to.
        profile: the browser's folder.
        microphone: a WAV file that the microphone plays once, from when it's first opened.
        viewport: size of the page; a desktop's if it isn't given.
        dark: whether the system is dark.
        settings: of the app, as it keeps them.
        script: runs in the page before the app does.
        path: where in the app to begin.
        friends: ports of other servers that the page may reach.
    """
    arguments = list(ARGUMENTS)
    if microphone is not None:
        arguments.append(f"--use-file-for-fake-audio-capture={microphone}%noloop")
    # Not an incognito context: an app can't be installed from there.
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=program,
        headless=True,
        args=arguments,
        viewport=viewport or DESKTOP,
        color_scheme="dark" if dark else "light",
        locale="en-GB",
        permissions=["microphone", "clipboard-read", "clipboard-write"],
        accept_downloads=True,
    )
    try:
        page = context.pages[0]
        app = App(page, server, friends=friends)
        page.on("console", app._heard)
        page.on("pageerror", lambda error: app.complaints.append(str(error)))
        page.on("request", app._asked)
        page.on("websocket", lambda socket: app.asked.append(socket.url))
        page.on("response", lambda response: app.loaded.append(response))
        if settings:
            keep = "kept => localStorage.getItem('vasi.settings') ?? localStorage.setItem('vasi.settings', kept)"
            page.add_init_script(f"({keep})({json.dumps(json.dumps(settings))})")
        if script:
            page.add_init_script(script)
        page.goto(server.http + path)
        page.get_by_role("main").wait_for()
        yield app
    finally:
        context.close()
