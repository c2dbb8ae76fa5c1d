"""Calls over WebRTC from a real browser, by its own means: sound both ways, cutting in, mute, another network."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("aiortc", reason="WebRTC isn't installed: pip install 'vasi[webrtc]'")

from playwright.sync_api import Page

from tests.browser.app import recording
from tests.browser.conftest import Open
from tests.server_process import QUESTIONS, ServerProcess

QUESTION = QUESTIONS / "fact-004.wav"
CALL = (Path(__file__).parent / "call.js").read_text()
AUDIBLE = 0.01


@dataclass
class BrowserCall:
    """A page with a call."""

    page: Page

    @classmethod
    def open(cls, page: Page, **session: Any) -> BrowserCall:
        page.evaluate(CALL, {"path": "/v1/realtime/calls", "session": session})
        return cls(page)

    def until(self, kind: str, count: int = 1, seconds: float = 40) -> dict[str, Any]:
        """Wait for the ``count``-th event of this type."""
        found = "([kind, count]) => window.call.events.filter(({ type }) => type === kind)[count - 1]"
        return self.page.wait_for_function(found, arg=[kind, count], timeout=seconds * 1000).json_value()

    @property
    def events(self) -> list[dict[str, Any]]:
        return self.page.evaluate("window.call.events")

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == kind]

    def hears(self, seconds: float = 20) -> None:
        """Wait until somebody speaks."""
        loud = f"() => window.call.levels.slice(-3).some(([, level]) => level > {AUDIBLE})"
        self.page.wait_for_function(loud, timeout=seconds * 1000)

    def sounding(self, which: str = "levels") -> list[float]:
        """When something was heard, or said."""
        found = f"window.call.{which}.filter(([, level]) => level > {AUDIBLE}).map(([at]) => at)"
        return self.page.evaluate(found)

    def wait(self, seconds: float) -> None:
        self.page.wait_for_timeout(seconds * 1000)


def test_a_spoken_question_is_heard_and_answered(open_app: Open, server: ServerProcess, tmp_path: Path) -> None:
    page = open_app(server, microphone=recording(tmp_path / "voice.wav", 1.0, QUESTION, 60.0)).page
    call = BrowserCall.open(page)
    transcript = call.until("response.output_audio_transcript.done")["transcript"]
    assert "flagpole" in transcript
    call.until("output_audio_buffer.started")
    call.hears()
    call.until("output_audio_buffer.stopped")
    heard_s = page.evaluate("window.call.way()")["heard"]["totalAudioEnergy"]
    assert heard_s > 0.001
    assert not call.of("response.output_audio.delta")
    assert not call.of("error")


def test_speaking_over_an_answer_stops_it_and_what_was_heard_is_remembered(
    open_app: Open, server: ServerProcess, tmp_path: Path
) -> None:
    first, second = QUESTION, QUESTIONS / "fact-001.wav"
    page = open_app(server, microphone=recording(tmp_path / "voice.wav", 1.0, first, 3.5, second, 60.0)).page
    call = BrowserCall.open(page)
    cleared = call.until("output_audio_buffer.cleared")
    truncated = call.until("conversation.item.truncated")
    call.until("response.done", 2)
    heard = [at for at in call.sounding() if at < cleared["at"] + 300]
    onset = min(at for at in call.sounding("said") if at > heard[0])
    assert heard[-1] - onset < 600, "it falls silent soon after somebody speaks"
    played_ms = sum(5 for _ in heard)
    started = call.of("output_audio_buffer.started")[0]
    assert truncated["audio_end_ms"] <= heard[-1] - started["at"] + 60
    assert truncated["audio_end_ms"] >= heard[-1] - heard[0] - 60
    assert played_ms > 0
    done = call.of("response.done")[0]["response"]
    assert done["output"][0]["id"] == truncated["item_id"]
    assert "flagpole" in call.until("response.output_audio_transcript.done")["transcript"]


def test_a_muted_microphone_says_nothing(open_app: Open, server: ServerProcess, tmp_path: Path) -> None:
    page = open_app(server, microphone=recording(tmp_path / "voice.wav", 2.0, QUESTION, 3.0, QUESTION, 60.0)).page
    call = BrowserCall.open(page)
    page.evaluate("window.call.track.enabled = false")
    page.wait_for_function(f"() => window.call.said.length > 200 && window.call.said.every(([, l]) => l < {AUDIBLE})")
    call.wait(6)
    assert not call.of("input_audio_buffer.speech_started")
    page.evaluate("window.call.track.enabled = true")
    call.until("input_audio_buffer.speech_started")


def test_a_call_goes_on_over_another_way(open_app: Open, server: ServerProcess, tmp_path: Path) -> None:
    page = open_app(server, microphone=recording(tmp_path / "voice.wav", 6.0, QUESTION, 60.0)).page
    call = BrowserCall.open(page)
    before = page.evaluate("window.call.way()")
    page.evaluate("window.call.restart()")
    page.wait_for_function(
        "before => window.call.way().then(({ pair, name }) => pair && pair !== before.pair && name !== before.name)",
        arg=before,
    )
    assert "flagpole" in call.until("response.output_audio_transcript.done")["transcript"]
    call.hears()
    after = page.evaluate("window.call.way()")
    assert after["heard"]["packetsReceived"] > before["heard"]["packetsReceived"]
    assert page.evaluate("window.call.connection.connectionState") == "connected"
