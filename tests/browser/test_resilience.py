"""What happens to people who talk on the move: the network changes, the microphone is gone, the tab sleeps."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.browser.app import App, recording
from tests.browser.conftest import Open
from tests.network import network
from tests.server_process import QUESTIONS, ServerProcess

QUESTION = "Where is the assembly point of the workshop?"
SPOKEN = QUESTIONS / "fact-004.wav"


def events(app: App, at_first: dict[str, Callable[[], None]] | None = None) -> list[dict[str, Any]]:
    """What the server says over all connections of the page that are still to be made.

    Args:
        app: whose page.
        at_first: what to do when an event of a type comes for the first time.
    """
    heard: list[dict[str, Any]] = []
    still = dict(at_first or {})

    def hear(frame: str | bytes) -> None:
        heard.append(json.loads(frame))
        still.pop(heard[-1]["type"], lambda: None)()

    app.page.on("websocket", lambda link: link.on("framereceived", hear))
    return heard


def until_silent(app: App, heard: list[dict[str, Any]]) -> None:
    """Until nothing of what the server says is on its way any more: no frame came for a second."""
    count = -1
    while count != len(heard):
        count = len(heard)
        app.page.wait_for_timeout(1_000)


def resumed(heard: list[dict[str, Any]]) -> list[bool]:
    """Of each connection whether it went on with the session that was lost."""
    return [event["resumed"] for event in heard if event["type"] == "vasi.session"]


def test_another_network_in_the_middle_of_an_answer(open_app: Open, server: ServerProcess) -> None:
    with network(server.port) as between:
        app = open_app(replace(server, port=between.port))
        heard = events(app)
        app.write(QUESTION)
        app.until("speaking")
        between.vanish()
        app.page.evaluate("dispatchEvent(new Event('offline'))")
        app.until("reconnecting", 10)
        between.return_()
        app.page.evaluate("dispatchEvent(new Event('online'))")
        app.turn(1).get_by_text("interrupted here").wait_for()
        assert resumed(heard) == [False, True]
        app.write("When is the fire drill held?")
        app.turn(3).get_by_text("March").wait_for()
        expect(app.turns).to_have_count(4)


def test_a_question_into_a_dead_network_is_answered_when_there_is_another(
    open_app: Open, server: ServerProcess
) -> None:
    with network(server.port) as between:
        app = open_app(replace(server, port=between.port))
        heard = events(app)
        app.write(QUESTION)
        app.turn(1).get_by_text("flagpole").wait_for()
        app.hush()
        app.until("idle")
        until_silent(app, heard)
        between.vanish()
        app.write("When is the fire drill held?")
        expect(app.turn(2)).to_contain_text("fire drill")  # it's shown although nobody has got it
        app.until("reconnecting", 20)
        between.return_()
        app.turn(3).get_by_text("March").wait_for()
        expect(app.turns).to_have_count(4)
        assert resumed(heard) == [False, True]


def test_a_spoken_question_is_answered_although_the_connection_breaks(
    open_app: Open, server: ServerProcess, tmp_path: Path
) -> None:
    with network(server.port) as between:
        voice = recording(tmp_path / "voice.wav", 1.0, SPOKEN, 60.0)
        app = open_app(replace(server, port=between.port), microphone=voice)
        heard = events(app, {"input_audio_buffer.speech_stopped": between.drop})
        app.start_talking()
        app.turn(1).get_by_text("flagpole").wait_for()
        expect(app.turns).to_have_count(2)
        app.hush()
        app.until("listening")
        assert app.turns.count() <= 2, "an answer of which nothing was heard yet isn't shown any more"
        assert resumed(heard) == [False, True]


DEVICES = """
(() => {
    const media = navigator.mediaDevices;
    const open = media.getUserMedia.bind(media);
    const lab = (window.lab = { tracks: [], there: true });
    media.getUserMedia = async (wanted) => {
        if (!lab.there) throw new DOMException("no microphone", "NotFoundError");
        const stream = await open(wanted);
        lab.tracks.push(...stream.getAudioTracks());
        return stream;
    };
    lab.unplug = (another) => {
        lab.there = another;
        for (const track of lab.tracks.splice(0)) {
            track.stop();
            track.dispatchEvent(new Event("ended"));
        }
        media.dispatchEvent(new Event("devicechange"));
    };
    lab.plug = () => {
        lab.there = true;
        media.dispatchEvent(new Event("devicechange"));
    };
})();
"""
"""A browser's devices can't be unplugged from outside, so this stands between them and the app: what the app gets are
real tracks of the browser's own microphone, ended as the browser ends them."""


def test_a_microphone_that_is_unplugged(open_app: Open, server: ServerProcess, tmp_path: Path) -> None:
    voice = recording(tmp_path / "voice.wav", 3.0, SPOKEN, 60.0)
    app = open_app(server, microphone=voice, script=DEVICES)
    app.start_talking()
    app.until("listening")

    app.page.evaluate("lab.unplug(false)")
    alert = app.page.get_by_role("alert")
    alert.get_by_text("Connect one and tap to talk").wait_for()
    app.until("error")
    app.page.get_by_role("button", name="Start talking").wait_for()
    assert app.axe() == []

    app.page.evaluate("lab.plug()")
    app.until("hearing")
    expect(alert).to_be_empty()
    app.turn(1).get_by_text("flagpole").wait_for()
    app.hush()
    app.until("listening")

    app.page.evaluate("lab.unplug(true)")
    alert.get_by_text("using the default microphone").wait_for()
    app.until("listening")
    app.page.get_by_role("button", name="Stop the microphone").wait_for()
    assert app.page.evaluate("lab.tracks.map(track => track.readyState)") == ["live"]


def test_another_microphone_is_chosen_while_somebody_talks(
    open_app: Open, server: ServerProcess, tmp_path: Path
) -> None:
    app = open_app(server, microphone=recording(tmp_path / "voice.wav", 60.0), script=DEVICES)
    app.start_talking()
    app.until("listening")
    app.go("Settings")
    picker = app.page.get_by_label("Microphone", exact=True)
    chosen = picker.locator("option").last.get_attribute("value")
    assert chosen
    picker.select_option(chosen)
    app.page.wait_for_function("lab.tracks.filter(track => track.readyState === 'live').length === 1")
    assert app.page.evaluate("lab.tracks.at(-1).getSettings().deviceId") == chosen
    app.go("Talk")
    app.until("listening")


SOUND = """
window.AudioContext = class extends AudioContext {
    constructor(...options) {
        super(...options);
        window.sound = this;
    }
};
"""


def test_a_tab_that_sleeps(open_app: Open, server: ServerProcess, tmp_path: Path) -> None:
    with network(server.port) as between:
        voice = recording(tmp_path / "voice.wav", 60.0)
        app = open_app(replace(server, port=between.port), microphone=voice, script=SOUND)
        heard = events(app)
        app.start_talking()
        app.until("listening")
        # Browsers let no one freeze a page that is in front, so this is what a sleep leaves behind: sound that was
        # stopped, a connection that died without a word, and the event that tells a page that it is awake.
        app.page.evaluate("sound.suspend()")
        between.vanish()
        between.return_()
        app.page.evaluate("document.dispatchEvent(new Event('resume'))")
        end = time.monotonic() + 30
        while resumed(heard) != [False, True]:
            assert time.monotonic() < end, "the session wasn't found again"
            app.page.wait_for_timeout(50)
        app.until("listening")
        app.page.wait_for_function("sound.state === 'running'")
        app.write(QUESTION)
        app.turn(1).get_by_text("flagpole").wait_for()
        app.until("speaking")
