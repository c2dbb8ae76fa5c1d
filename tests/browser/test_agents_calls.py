"""The browser transport of OpenAI's Agents SDK for JavaScript, as it comes: only the address is ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("aiortc", reason="WebRTC isn't installed: pip install 'vasi[webrtc]'")

from playwright.sync_api import Page, Playwright

from tests.browser.app import ARGUMENTS, recording
from tests.node_packages import install
from tests.server_process import QUESTIONS, ServerProcess
from tests.wire.node_client import FOLDER

BUNDLE = FOLDER / "node_modules/@openai/agents-realtime/dist/bundle/openai-realtime-agents.umd.js"
CONNECT = """async () => {
    const { RealtimeAgent, RealtimeSession } = OpenAIAgentsRealtime;
    const seen = (window.seen = { events: [], errors: [], history: [], interrupted: 0 });
    const made = await fetch("/v1/realtime/client_secrets", { method: "POST", body: "{}" });
    const { value } = await made.json();
    const agent = new RealtimeAgent({ name: "helper", instructions: "Be brief." });
    const session = (window.session = new RealtimeSession(agent)); // in a browser it chooses WebRTC by itself
    session.on("history_updated", (history) => (seen.history = history));
    session.on("audio_interrupted", () => seen.interrupted++);
    session.on("error", ({ error }) => seen.errors.push(String(error?.message ?? JSON.stringify(error))));
    session.transport.on("*", (event) => seen.events.push(event));
    await session.connect({ apiKey: value, url: `${location.origin}/v1/realtime/calls` });
    return session.transport.constructor.name && session.transport.callId;
}"""


@pytest.fixture
def page(program: Path, playwright: Playwright, server: ServerProcess, tmp_path: Path) -> Iterator[Page]:
    """A page of somebody else's, with rules of its own for scripts: the SDK makes some as it goes."""
    first, second = QUESTIONS / "fact-004.wav", QUESTIONS / "fact-001.wav"
    voice = recording(tmp_path / "voice.wav", 1.5, first, 3.5, second, 60.0)
    arguments = [*ARGUMENTS, f"--use-file-for-fake-audio-capture={voice}%noloop"]
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "profile", executable_path=program, headless=True, args=arguments, bypass_csp=True
    )
    page = context.pages[0]
    page.goto(f"{server.http}/healthz")
    yield page
    context.close()


def test_the_agents_sdk_talks_and_keeps_what_was_heard(page: Page) -> None:
    install(FOLDER)
    page.evaluate(BUNDLE.read_text())
    assert page.evaluate(CONNECT).startswith("rtc_")

    def until(condition: str, seconds: float = 40) -> Any:
        return page.wait_for_function(f"() => {condition}", timeout=seconds * 1000).json_value()

    until("window.seen.events.filter(({ type }) => type === 'conversation.item.truncated').length === 1")
    until("window.seen.events.filter(({ type }) => type === 'output_audio_buffer.stopped').length >= 1")
    history = page.evaluate("window.seen.history")
    roles = [item["role"] for item in history if item["type"] == "message"]
    assert roles == ["user", "assistant", "user", "assistant"]
    said = [item["content"][0].get("transcript") for item in history]
    assert "assembly point" in said[0].lower()
    (truncated,) = [one for one in page.evaluate("window.seen.events") if one["type"] == "conversation.item.truncated"]
    assert history[1]["itemId"] == truncated["item_id"]
    assert page.evaluate("window.seen.errors") == []
    page.evaluate("window.session.close()")
