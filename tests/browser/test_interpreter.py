"""The app as an interpreter: what is said in one language is captioned and said in the other."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.browser.app import recording
from tests.browser.conftest import Open
from tests.fakes.openai_chat import DONE, delta
from tests.server_process import QUESTIONS, ServerProcess, serving

GERMAN = "Wo ist der Sammelplatz der Werkstatt?"


class Translator(ThreadingHTTPServer):
    """A chat model, over a real socket, that says this whatever it's asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: Translator

    def do_POST(self) -> None:
        self.server.requests.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        for part in (delta(GERMAN), delta(finish="stop")):
            self.wfile.write(b"data: " + json.dumps(part).encode() + b"\n\n")
        self.wfile.write(DONE.data)

    def log_message(self, format: str, *args: object) -> None:
        """Not on the console."""


@contextmanager
def translator() -> Iterator[Translator]:
    with Translator() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(10)


def test_what_is_said_is_captioned_in_both_languages(open_app: Open, tmp_path: Path) -> None:
    voice = recording(tmp_path / "voice.wav", 1.0, QUESTIONS / "fact-004.wav", 60.0)
    with translator() as model:
        environment = {"VASI_LLM__BASE_URL": model.url, "VASI_LLM__MODEL": "translator"}
        with serving(tmp_path / "data", environment=environment) as server:
            app = open_app(server, microphone=voice)
            app.go("Settings")
            app.page.get_by_label("Between", exact=True).select_option("en")
            app.page.get_by_label("and", exact=True).select_option("de")
            app.screenshot("settings-interpreter-desktop-light")
            app.go("Talk")
            expect(app.page.get_by_text("Interpreting between English and German")).to_be_visible()
            app.start_talking()
            app.until("speaking")
            expect(app.turn(1)).to_contain_text(GERMAN)
            assert "assembly point" in app.turn(0).inner_text().lower()
            app.screenshot("talk-interpreter-desktop-light")
            assert app.axe() == []
            asked = model.requests[-1]
            assert "interpreter" in asked["messages"][0]["content"]
            assert "tools" not in asked
            app.page.get_by_role("button", name="Stop interpreting").click()
            expect(app.page.get_by_text("Interpreting between")).to_have_count(0)
            app.write("Where is it?")
            expect(app.turn(3)).to_contain_text(GERMAN)
            assert "interpreter" not in model.requests[-1]["messages"][0]["content"]


def test_a_server_without_a_model_says_so_where_it_would_be_chosen(open_app: Open, server: ServerProcess) -> None:
    app = open_app(server)
    app.go("Settings")
    expect(app.page.get_by_text("its built-in answerer can't translate")).to_be_visible()
    assert app.page.get_by_label("Between", exact=True).count() == 0
