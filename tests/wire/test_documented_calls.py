"""The examples of docs/how-to/webrtc.md, as they stand there: in Chromium and in Python; only the port is changed."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("aiortc", reason="WebRTC isn't installed: pip install 'vasi[webrtc]'")

from playwright.async_api import Page, async_playwright

from tests.browser.app import ARGUMENTS, browser_program, recording
from tests.node_packages import install
from tests.server_process import QUESTIONS, ROOT
from tests.transports.webrtc.caller import calling
from tests.transports.webrtc.voices import HummingTts
from tests.wire.node_client import FOLDER
from tests.wire.scripted import silero
from vasi.testing.canned import canned_engines
from vasi.testing.server import RunningServer, serving
from vasi.testing.settings import webrtc_settings
from vasi.transports.webrtc.transport import WebRtcTransport

PAGE = (ROOT / "docs" / "how-to" / "webrtc.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"^## ([^\n]+)\n(?:(?!^## ).)*?```(?:python|js)\n(.*?)```", PAGE, re.M | re.S))
BUNDLE = FOLDER / "node_modules/@openai/agents-realtime/dist/bundle/openai-realtime-agents.umd.js"
ANSWER = "By the gate."


@asynccontextmanager
async def server() -> AsyncIterator[RunningServer]:
    engines = canned_engines(silero(), heard="Where is the assembly point?", answer=ANSWER)
    async with serving(
        replace(engines, tts=HummingTts()), call_transport=WebRtcTransport(webrtc_settings())
    ) as running:
        yield running


async def run(code: str, port: int, folder: Path, *arguments: str) -> asyncio.subprocess.Process:
    file = folder / "example.py"
    file.write_text(code.replace("8787", str(port)))
    return await asyncio.create_subprocess_exec(
        *(sys.executable, str(file), *arguments),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )


async def test_python_hears_the_answer(tmp_path: Path) -> None:
    async with server() as running:
        program = await run(EXAMPLES["Python"], running.port, tmp_path)
        async with asyncio.timeout(60):
            said, _ = await program.communicate()
    assert said.decode().strip() == ANSWER
    with wave.open(str(tmp_path / "answer.wav")) as file:
        assert file.getnframes() / file.getframerate() > len(ANSWER) * 0.04


async def test_a_server_looks_after_the_call(tmp_path: Path) -> None:
    async with server() as running, calling(running.http) as caller:
        await caller.until("session.created")
        call_id = caller.location.rpartition("/")[2]
        program = await run(EXAMPLES["A server that looks after the call"], running.port, tmp_path, call_id)
        updated = await caller.until("session.updated")
        assert updated["session"]["instructions"] == "Answer in one sentence."
        item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Where?"}]}
        await caller.send("conversation.item.create", item=item)
        await caller.send("response.create")
        assert program.stdout is not None
        async with asyncio.timeout(30):
            assert (await program.stdout.readline()).decode().strip() == ANSWER
        await caller.close()
        async with asyncio.timeout(30):
            await program.communicate()


@asynccontextmanager
async def browser(running: RunningServer, folder: Path) -> AsyncIterator[Page]:
    """A page of a stranger's whose microphone asks a question."""
    program = browser_program()
    if program is None:
        pytest.skip("No Chromium here: install it with  sudo apt-get install chromium  (or set VASI_CHROMIUM).")
    voice = recording(folder / "voice.wav", 2.0, QUESTIONS / "fact-004.wav", 60.0)
    arguments = [*ARGUMENTS, f"--use-file-for-fake-audio-capture={voice}%noloop"]
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            folder / "profile", executable_path=program, headless=True, args=arguments, bypass_csp=True
        )
        page = context.pages[0]
        await page.goto(f"{running.http}/healthz")
        yield page
        await context.close()


@pytest.mark.parametrize("name", ["A browser", "The Agents SDK for JavaScript"])
async def test_a_page_asks_and_hears(name: str, tmp_path: Path) -> None:
    code = EXAMPLES[name]
    async with server() as running, browser(running, tmp_path) as page:
        if "import {" in code:
            install(FOLDER)
            await page.evaluate(BUNDLE.read_text())
            code = re.sub(r"import (\{.*?\}) from .*?;", r"const \1 = OpenAIAgentsRealtime;", code)
        said: asyncio.Queue[str] = asyncio.Queue()
        page.on("console", lambda message: said.put_nowait(message.text))
        await page.evaluate(f"async () => {{ {code.replace('8787', str(running.port))} }}")
        heard = ""
        async with asyncio.timeout(60):
            while ANSWER not in heard:
                heard += await said.get()
