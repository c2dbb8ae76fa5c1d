"""Talking: a spoken question is captioned, answered and cited; speaking over the answer stops it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.app import recording, seconds
from tests.browser.conftest import Open
from tests.server_process import QUESTIONS, ServerProcess

QUESTION = QUESTIONS / "fact-004.wav"


def test_a_spoken_question_is_captioned_answered_and_cited(
    open_app: Open, server: ServerProcess, tmp_path: Path
) -> None:
    app = open_app(server, microphone=recording(tmp_path / "voice.wav", 1.0, QUESTION, 60.0))
    app.start_talking()
    app.until("hearing")
    app.until("speaking")
    app.screenshot("talk-speaking-desktop-light")
    assert "assembly point" in app.turn(0).inner_text().lower()
    answer = app.turn(1)
    answer.get_by_text("flagpole").wait_for()
    sources = answer.get_by_role("list", name="Sources")
    assert "workshop-safety-manual.pdf, page 13" in sources.inner_text()
    app.hush()
    app.until("listening")

    sources.get_by_role("button").first.click()
    pane = app.page.get_by_role("complementary", name="Source")
    pane.get_by_text("Page 13 of").wait_for()
    pane.get_by_text("flagpole").wait_for(state="attached")
    marked = app.page.evaluate(
        """() => {
            const canvas = document.querySelector("canvas");
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            let tinted = 0;
            for (let at = 0; at < data.length; at += 4)
                if (data[at] < 200 && data[at + 1] > 215 && data[at + 2] > 205) tinted++;
            return tinted;
        }"""
    )
    assert marked > 1_000, "the passage isn't marked on the page"
    app.screenshot("source-pdf-desktop-light")
    app.page.keyboard.press("Escape")
    pane.wait_for(state="hidden")


def test_speaking_over_an_answer_stops_it_at_once_and_the_history_says_so(
    open_app: Open, server: ServerProcess, tmp_path: Path
) -> None:
    first, second = QUESTIONS / "fact-004.wav", QUESTIONS / "fact-001.wav"
    # The answer begins about a second after the question; it is spoken over two seconds later.
    voice = recording(tmp_path / "voice.wav", 1.0, first, 4.0, second, 60.0)
    app = open_app(server, microphone=voice)
    app.page.evaluate(
        """() => {
            const marks = (window.marks = { loud: [], silent: [], interrupted: null });
            let loud = false, audible = false;
            setInterval(() => {
                const { user, assistant } = window.vasi.levels;
                if (user > 0.01 && !loud) marks.loud.push(performance.now());
                loud = user > 0.01;
                if (assistant < 0.002 && audible) marks.silent.push(performance.now());
                audible = assistant >= 0.002;
                if (document.querySelector("[data-phase=interrupted]")) marks.interrupted ??= performance.now();
            }, 4);
        }"""
    )
    app.start_talking()
    app.until("speaking")
    app.until("interrupted", 10)
    marks = app.page.evaluate("window.marks")
    onset = max(at for at in marks["loud"] if at <= marks["interrupted"])
    # It may be held a moment before the level that counts as loud here is shown.
    silent = min(at for at in marks["silent"] if at >= onset - 200)
    print(f"from the onset of speech to silence: {silent - onset:.0f} ms")
    assert silent - onset <= 500, "an idle machine takes about 30 ms"
    app.turn(1).get_by_text("interrupted here").wait_for()
    said = app.turn(1).inner_text()
    assert "September" not in said, "what nobody heard is still in the conversation"
    app.until("speaking")
    assert seconds(first) > 1
    assert re.search(r"\w", app.turn(2).inner_text())


def test_what_was_misheard_is_corrected_and_kept_by_keyboard_alone(open_app: Open, server: ServerProcess) -> None:
    app = open_app(server)
    press = app.page.keyboard.press

    def reach(name: str, key: str = "Tab") -> None:
        for _ in range(30):
            press(key)
            focused = app.page.locator(":focus")
            if name in (focused.get_attribute("aria-label"), focused.inner_text().strip()):
                return
        raise AssertionError(f"{name} can't be reached with {key}")

    reach("Ask in writing")
    app.page.keyboard.type("When is the fire drill held?")
    press("Enter")
    app.turn(1).get_by_text("March").wait_for()

    reach("Correct what was heard", "Shift+Tab")
    press("Enter")
    press("Escape")
    expect(app.turn(0).get_by_role("button", name="Correct what was heard")).to_be_focused()
    press("Enter")
    press("ControlOrMeta+a")
    app.page.keyboard.type("Where is the assembly point of the workshop?")
    reach("Ask again")
    press("Enter")
    app.turn(1).get_by_text("flagpole").wait_for()
    expect(app.turns).to_have_count(2)
    expect(app.page.get_by_role("textbox", name="Ask in writing")).to_be_focused()

    app.page.get_by_role("button", name="Copy").wait_for()
    reach("Copy", "Shift+Tab")
    press("Enter")
    app.page.get_by_role("button", name="Copied").wait_for()
    assert "flagpole" in app.page.evaluate("navigator.clipboard.readText()")

    files: dict[str, str] = {}
    for kind in ("JSON", "Markdown"):
        reach(kind, "Shift+Tab")
        with app.page.expect_download() as download:
            press("Enter")
        files[kind] = download.value.path().read_text()
    assert [turn["role"] for turn in json.loads(files["JSON"])["turns"]] == ["user", "assistant"]
    assert "**You:** Where is the assembly point of the workshop?" in files["Markdown"]
    assert "fire drill held?" not in files["Markdown"]
    assert "- workshop-safety-manual.pdf" in files["Markdown"]
