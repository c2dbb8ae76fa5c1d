"""The app in front of a model service: the same answers and sources, and what people see when the service is gone."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.fakes.realtime_service import KEY, KINDS, MODEL, PREVIEW, Call, Event, Kind, Output, RealtimeService, Say
from tests.fakes.realtime_service import text_of as words_of
from tests.server_process import ServerProcess, serving

QUESTION = "Where is the assembly point of the workshop?"


def by_documents(items: list[Event]) -> list[Output]:
    """A model that searches for what it's asked and reads the best passage out."""
    last = items[-1]
    if last["type"] != "function_call_output":
        return [Call("search_knowledge", json.dumps({"query": words_of(last)}))]
    return [Say(json.loads(last["output"])["passages"][0]["text"])]


class Elsewhere:
    """A service in a thread of its own, since the browser's driver has this one's loop."""

    def __init__(self, service: RealtimeService) -> None:
        self.service = service
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def close(self) -> None:
        self.do(self.service.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


@contextmanager
def in_front(service: RealtimeService, library: Path, folder: Path, key: str = KEY) -> Iterator[ServerProcess]:
    """Serve with the variables of a VoiceRAG ``.env``, as Windows leaves them."""
    data = folder / "data"
    shutil.copytree(library, data)
    environment = {
        "AZURE_OPENAI_ENDPOINT": service.base_url,
        "AZURE_OPENAI_REALTIME_DEPLOYMENT": MODEL,
        "AZURE_OPENAI_API_KEY": key,
    }
    more = {"openai": {"VASI_UPSTREAM__KIND": "openai"}, "azure-preview": {"VASI_UPSTREAM__API_VERSION": PREVIEW}}
    given = {**environment, **more.get(service.kind, {})}
    with serving(data, environment={name: f"{value}\r" for name, value in given.items()}) as server:
        yield server
    assert KEY not in server.log.read_text()


@pytest.mark.parametrize("kind", KINDS)
def test_the_app_in_front_of_a_service_that_is_killed_and_comes_back(
    kind: Kind, open_app: Open, library: Path, tmp_path: Path
) -> None:
    elsewhere = Elsewhere(RealtimeService(kind, reply=by_documents))
    elsewhere.do(elsewhere.service.start())
    try:
        with in_front(elsewhere.service, library, tmp_path) as server:
            app = open_app(server)
            app.write(QUESTION)
            answer = app.turn(1)
            answer.get_by_text("flagpole").wait_for()
            assert "workshop-safety-manual.pdf" in answer.get_by_role("list", name="Sources").inner_text()
            app.until("idle")

            elsewhere.do(elsewhere.service.stop())
            elsewhere.do(elsewhere.service.start())
            app.write("When is the fire drill held?")
            app.turn(3).get_by_text("March").wait_for()
            app.until("idle")
            expect(app.turns).to_have_count(4)
            expect(app.page.get_by_role("alert")).to_be_empty()
            app.screenshot(f"model-service-{kind}-desktop-light")
    finally:
        elsewhere.close()
    assert elsewhere.service.complaints == []


def test_a_wrong_key_is_told_with_what_to_do(open_app: Open, library: Path, tmp_path: Path) -> None:
    elsewhere = Elsewhere(RealtimeService())
    elsewhere.do(elsewhere.service.start())
    try:
        with in_front(elsewhere.service, library, tmp_path, key="another-key-than-that-one") as server:
            app = open_app(server)
            app.write(QUESTION)
            app.page.get_by_role("alert").get_by_text(
                re.compile("AZURE_OPENAI_API_KEY.*Cognitive Services OpenAI User")
            ).wait_for()
            app.screenshot("model-service-refused-desktop-light")
            assert app.axe() == []
            assert elsewhere.service.handshakes < 4, "what can't help isn't tried again and again"
    finally:
        elsewhere.close()
