"""Every flow over a real socket, in both dialects: the right events in the right order, as the clients want them."""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
import websockets

from tests.beta_validation import check_beta_event
from tests.node_packages import install
from tests.wire.golden import FLOWS, TRANSCRIPTION, Flow, expression
from tests.wire.node_client import FOLDER
from tests.wire.scripted import FixedTool
from tests.wire_validation import check_event
from vasi.testing.engines import ScriptedStt, scripted_engines, silence, speech
from vasi.testing.llm import ScriptedLlm
from vasi.testing.server import serving

PATIENCE_S = 15
Event = dict[str, Any]
NOT_ACTED_UPON = {"input_audio_buffer.timeout_triggered"}
"""What the Agents SDK for JavaScript has no schema for, and passes on as it is; pictures are the other thing."""
_seen: dict[str, list[Event]] = {}


class Talk:
    """A client that does what a flow says."""

    def __init__(self, socket: websockets.ClientConnection, *, beta: bool) -> None:
        self._socket = socket
        self._beta = beta
        self._awaited: Counter[str] = Counter()
        self.events: list[Event] = []

    async def next(self) -> Event:
        async with asyncio.timeout(PATIENCE_S):
            event: Event = json.loads(await self._socket.recv())
        self.events.append(event)
        return event

    async def perform(self, step: Any) -> None:
        match step:
            case str():
                name = _in_beta(step) if self._beta else step
                self._awaited[name] += 1
                while sum(event["type"] == name for event in self.events) < self._awaited[name]:
                    await self.next()
            case int():
                sound = speech(step) if step > 0 else silence(-step)
                for at in range(0, len(sound), 4800):
                    audio = base64.b64encode(sound[at : at + 4800]).decode()
                    await self._socket.send(json.dumps({"type": "input_audio_buffer.append", "audio": audio}))
            case _:
                await self._socket.send(json.dumps(self._written(step)))

    def _written(self, event: Event) -> Event:
        if event.get("item_id") == "":
            answers = [e["item"]["id"] for e in self.events if e["type"] == "response.output_item.added"]
            return {**event, "item_id": answers[-1]}
        return _as_beta(event) if self._beta else event

    async def finish(self) -> None:
        """Read what is still to come: all of it lies before the answer to this."""
        await self._socket.send(json.dumps({"type": "conversation.item.retrieve", "item_id": "-", "event_id": "end"}))
        while True:
            event = await self.next()
            if event["type"] == "error" and event["error"]["event_id"] == "end":
                self.events.pop()
                return


def _in_beta(name: str) -> str:
    return expression(name, beta=True).pattern.removeprefix("(?:(?:").removesuffix(") )").replace("\\", "")


def _as_beta(event: Event) -> Event:
    """A client event of the flows in the words of the beta dialect."""
    session, response = event.get("session"), event.get("response")
    if session is not None:
        fields = {name: value for name, value in session.items() if name not in {"type", "audio"}}
        for name, value in session.get("audio", {}).get("input", {}).items():
            fields[name if name == "turn_detection" else f"input_audio_{name}"] = value
        kind = "transcription_session.update" if session["type"] == "transcription" else event["type"]
        return {**event, "type": kind, "session": _modalities(fields)}
    return event if response is None else {**event, "response": _modalities(response)}


def _modalities(fields: Event) -> Event:
    kept = {name: value for name, value in fields.items() if name != "output_modalities"}
    return kept | ({"modalities": fields["output_modalities"]} if "output_modalities" in fields else {})


async def run(flow: Flow, *, beta: bool) -> list[Event]:
    llm = ScriptedLlm(*flow.script)
    engines = replace(scripted_engines(llm, stt=ScriptedStt(flow.said)), images=True)
    headers = {"OpenAI-Beta": "realtime=v1"} if beta else {}
    async with serving(engines, tools=[FixedTool()]) as server:
        address = f"{server.ws}?intent=transcription" if flow.listening else f"{server.ws}?model=m"
        async with websockets.connect(address, additional_headers=headers, max_size=None) as socket:
            talk = Talk(socket, beta=beta)
            await talk.next()
            if beta and not flow.listening:
                await talk.next()
            for step in flow.steps:
                await talk.perform(step)
            await talk.finish()
    llm.finish()
    return talk.events


BOTH = [(flow, beta) for flow in FLOWS for beta in (False, True) if not (beta and flow.name == "idle timeout")]
"""Beta has no word for an idle timeout, and it takes five seconds."""


@pytest.mark.parametrize(("flow", "beta"), BOTH, ids=[f"{flow.name}{', beta' * beta}" for flow, beta in BOTH])
async def test_the_events_come_in_their_order(flow: Flow, beta: bool) -> None:
    events = await run(flow, beta=beta)
    for event in events:
        (check_beta_event if beta else check_event)(event)
    if not beta:
        _seen[flow.name] = events
    first = 2 if beta and not flow.listening else 1
    opening = ["transcription_session.created" if beta and flow.listening else "session.created"]
    assert [event["type"] for event in events[:first]] == [*opening, "conversation.created"][:first]
    kinds = [event["type"].replace("transcription_session.", "session.") for event in events[first:]]
    order = "".join(f"{kind} " for kind in kinds if not kind.startswith(TRANSCRIPTION))
    wanted = expression(flow.pattern, beta=beta)
    assert wanted.fullmatch(order), f"\n{order}\nisn't\n{flow.pattern}"
    aside = "".join(f"{kind} " for kind in kinds if kind.startswith(TRANSCRIPTION))
    assert expression(flow.transcripts).fullmatch(aside)
    assert [event["error"]["code"] for event in events if event["type"] == "error"] == [*flow.errors]


async def test_the_agents_sdk_for_javascript_has_a_schema_for_every_event() -> None:
    install(FOLDER)
    for flow in FLOWS:
        if flow.name not in _seen:
            _seen[flow.name] = await run(flow, beta=False)
    events = [event for flow in FLOWS for event in _seen[flow.name]]
    lines = "".join(f"{json.dumps(event)}\n" for event in events)
    parsed = await asyncio.to_thread(
        subprocess.run, ["node", "parse.mjs"], cwd=FOLDER, input=lines, capture_output=True, text=True, timeout=60
    )
    assert parsed.returncode == 0, parsed.stderr
    unknown = [events[int(number)] for number in parsed.stdout.split()]
    assert len(events) > 300
    assert [event for event in unknown if event["type"] not in NOT_ACTED_UPON and not _shows_a_picture(event)] == []


def _shows_a_picture(event: Event) -> bool:
    parts = event.get("item", {}).get("content", ())
    return any(part["type"] == "input_image" for part in parts)
