"""The app's server in a process of its own: conversations outlive a power cut, changes from elsewhere arrive."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.server_process import serving

pytestmark = pytest.mark.timeout(240)


async def say(socket: ClientConnection, text: str) -> dict[str, Any]:
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
    await socket.send(json.dumps({"type": "conversation.item.create", "item": item}))
    await socket.send(json.dumps({"type": "response.create", "response": {"output_modalities": ["text"]}}))
    async with asyncio.timeout(60):
        while True:
            event = json.loads(await socket.recv())
            assert event["type"] != "error", event
            if event["type"] == "response.done":
                response: dict[str, Any] = event["response"]
                return response


async def test_a_conversation_survives_a_power_cut_and_goes_on(tmp_path: Path) -> None:
    data, manual = tmp_path / "data", tmp_path / "manual.txt"
    manual.write_text("The blue pump needs oil every spring.\n\nThe red valve opens to the left.\n")
    with serving(data, "--docs", str(manual)) as server:
        async with connect(server.ws, compression=None) as socket:
            await say(socket, "When does the blue pump need oil?")
            async with httpx2.AsyncClient(base_url=server.http) as http, asyncio.timeout(20):
                found: list[dict[str, Any]] = []
                while not found or found[0]["preview"].endswith("?"):  # the answer is written in the background
                    found = (await http.get("/api/conversations")).json()["conversations"]
            await asyncio.to_thread(server.kill)
    (kept,) = found
    with serving(data) as server:
        async with httpx2.AsyncClient(base_url=server.http, timeout=30) as http:
            whole = (await http.get(f"/api/conversations/{kept['id']}")).json()
            assert whole["title"] == "When does the blue pump need oil?"
            assert "spring" in whole["items"][-1]["content"][0]["text"]
            assert whole["items"][-1]["citations"][0]["passages"][0]["document"] == "manual.txt"
            async with connect(f"{server.ws}?conversation={kept['id']}", compression=None) as socket:
                await say(socket, "And where does the red valve open to?")
            async with http.stream("GET", "/api/events") as answer:
                lines = answer.aiter_lines()
                assert (await anext(lines)).startswith("retry")
                vasi = str(Path(sys.executable).with_name("vasi"))
                adding = await asyncio.create_subprocess_exec(
                    vasi, "notes", "add", "Buy oil for the pump.", "--data", str(data),
                    stdout=asyncio.subprocess.DEVNULL,
                )  # fmt: skip
                assert await adding.wait() == 0
                async with asyncio.timeout(20):
                    while (line := await anext(lines)) != "event: note.added":
                        assert line is not None
                    assert json.loads((await anext(lines)).removeprefix("data: "))["note"]["text"] == (
                        "Buy oil for the pump."
                    )
            (again,) = (await http.get("/api/conversations")).json()["conversations"]
            assert (again["id"], again["turns"]) == (kept["id"], 2)
