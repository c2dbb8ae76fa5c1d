"""The Agents SDKs and the official client for Node through the relay: tools of both sides, typed and spoken turns."""

from __future__ import annotations

from pathlib import Path

import agents
import pytest

from tests.fakes.realtime_service import KINDS, Call, Event, Kind, Output, Say, realtime_service, text_of
from tests.wire import test_agents_js, test_agents_python
from tests.wire.certificates import make_authority
from tests.wire.node_client import node_client, pieces
from tests.wire.relayed import relay
from tests.wire.scripted import KEY
from vasi.testing.engines import silence, speech

every_kind = pytest.mark.parametrize("kind", KINDS)
ANSWER = "It is 83 metres deep, and it rang."


def both(items: list[Event]) -> list[Output]:
    """Needs a tool of the server and then a function of the client to answer what is typed; hears what is spoken."""
    last = items[-1]
    if last["type"] != "function_call_output":
        return [Say("I hear you.")] if text_of(last) != "the lake?" else [Call("lake_depth")]
    return [Call("ring_bell")] if "metres" in last["output"] else [Say(ANSWER)]


@every_kind
async def test_the_agents_sdk_for_python(kind: Kind) -> None:
    rung: list[bool] = []

    @agents.function_tool
    def ring_bell() -> str:
        """Ring the bell."""
        rung.append(True)
        return "rang"

    async with (
        realtime_service(kind, reply=both) as fake,
        relay(fake) as (server, recorder),
        test_agents_python.talking(server.ws, tools=[ring_bell]) as talk,
    ):
        await talk.session.send_message("the lake?")
        await talk.until_answers(2)
        assert talk.history() == [("user", "the lake?"), ("ring_bell", "rang"), ("assistant", ANSWER)]
        assert rung == [True]
        await talk.speak(speech(500) + silence(500))
        await talk.until_answers(3)
        assert talk.history()[-1] == ("assistant", "I hear you.")
    recorder.judge()


@every_kind
async def test_the_agents_sdk_for_javascript(kind: Kind) -> None:
    async with (
        realtime_service(kind, reply=both) as fake,
        relay(fake) as (server, recorder),
        test_agents_js.talking(server.ws, {"name": "ring_bell", "output": "rang"}) as client,
    ):
        await client.command(say="the lake?")
        await client.until_event("response.done", 2)
        expected = [("user", "the lake?"), ("ring_bell", "rang"), ("assistant", ANSWER)]
        await client.until(lambda: test_agents_js.history(client) == expected)
        await test_agents_js.speak(client, speech(500) + silence(500))
        await client.until_event("response.done", 3)
        await client.until(lambda: test_agents_js.history(client)[-1] == ("assistant", "I hear you."))
    recorder.judge()


@every_kind
async def test_the_client_for_node(kind: Kind, tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    bell = {"type": "function", "name": "ring_bell", "parameters": {"type": "object", "properties": {}}}
    part = {"type": "input_text", "text": "the lake?"}
    async with (
        realtime_service(kind, reply=both) as fake,
        relay(fake, certificate=authority.server) as (server, recorder),
        node_client("openai.mjs", authority.certificate, apiKey=KEY, baseURL=f"{server.http}/v1") as client,
    ):
        await client.until_event("session.created")
        await client.command(send={"type": "session.update", "session": {"type": "realtime", "tools": [bell]}})
        await client.command(
            send={"type": "conversation.item.create", "item": {"type": "message", "role": "user", "content": [part]}}
        )
        await client.command(send={"type": "response.create"})
        [called] = (await client.until_event("response.done"))["response"]["output"]
        output = {"type": "function_call_output", "call_id": called["call_id"], "output": "rang"}
        await client.command(send={"type": "conversation.item.create", "item": output})
        await client.command(send={"type": "response.create"})
        done = (await client.until_event("response.done", 2))["response"]
        assert done["output"][0]["content"][0]["transcript"] == ANSWER
        for piece in pieces(speech(500) + silence(500)):
            await client.command(send={"type": "input_audio_buffer.append", "audio": piece})
        done = (await client.until_event("response.done", 3))["response"]
        assert done["output"][0]["content"][0]["transcript"] == "I hear you."
    recorder.judge()
