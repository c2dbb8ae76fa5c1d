"""A server takes part in a call that a page has opened: it sees, updates, answers calls of tools and ends."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

pytest.importorskip("aiortc", reason="WebRTC isn't installed: pip install 'vasi[webrtc]'")

from openai import AsyncOpenAI
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.contract.test_link_contract import Socket
from tests.transports.webrtc.caller import Caller, calling, tone
from tests.transports.webrtc.test_calls import ANSWER, post, server
from vasi.accounts.secrets import StaticKeys
from vasi.engines.ports import ToolCall
from vasi.testing.client import Client
from vasi.testing.llm import ScriptedLlm
from vasi.testing.server import RunningServer

KEY = "a-key-of-this-server"
TOOL = {"type": "function", "name": "weather", "description": "", "parameters": {"type": "object", "properties": {}}}
BEARER = {"Authorization": f"Bearer {KEY}"}


def call_id(caller: Caller) -> str:
    return caller.location.rpartition("/")[2]


async def attached(running: RunningServer, caller: Caller, key: str = KEY) -> Client:
    url = f"{running.ws}?call_id={call_id(caller)}"
    return Client(Socket(await connect(url, additional_headers={"Authorization": f"Bearer {key}"})))


async def test_a_controller_sees_the_session_and_updates_it():
    async with server(keys=StaticKeys([KEY])) as running, calling(running.http, headers=BEARER) as caller:
        await caller.until("session.created")
        controller = await attached(running, caller)
        created = await controller.until("session.created")
        assert created["session"]["id"] == caller.events[0]["session"]["id"]
        await controller.update(instructions="Be kind.")
        assert (await caller.until("session.updated"))["session"]["instructions"] == "Be kind."
        await caller.say(tone(600))
        done = await controller.until("response.output_audio_transcript.done")
        assert done["transcript"] == ANSWER
        await controller.until("output_audio_buffer.stopped")
        assert controller.of("output_audio_buffer.started")
        assert not controller.of("response.output_audio.delta")
        await controller.close()
        await caller.until("output_audio_buffer.stopped")  # the call goes on


async def test_a_controller_runs_the_tools():
    llm = ScriptedLlm(ToolCall("call_1", "weather", "{}"), "It rains.")
    script = server(llm, ("How is it outside?",), keys=StaticKeys([KEY]))
    async with script as running, calling(running.http, headers=BEARER) as caller:
        await caller.until("session.created")
        controller = await attached(running, caller)
        await controller.update(tools=[TOOL])
        await caller.say(tone(600))
        called = await controller.until("response.function_call_arguments.done")
        await controller.until("response.done")
        output = {"type": "function_call_output", "call_id": called["call_id"], "output": "rain"}
        await controller.send("conversation.item.create", item=output)
        await controller.send("response.create")
        assert (await caller.until("response.output_audio_transcript.done"))["transcript"] == "It rains."
        await caller.hears()


async def test_errors_go_to_whoever_made_the_mistake():
    async with server(keys=StaticKeys([KEY])) as running, calling(running.http, headers=BEARER) as caller:
        await caller.until("session.created")
        controller = await attached(running, caller)
        await controller.until("session.created")
        await controller.send("response.cancel", event_id="mine")
        await controller.send("nonsense")
        await controller.send("input_audio_buffer.append", audio="AAAA", event_id="sound")
        errors = [(await controller.until("error"))["error"] for _ in range(3)]
        assert {error["event_id"] for error in errors} == {"mine", None, "sound"}
        await caller.send("response.cancel", event_id="theirs")
        assert (await caller.until("error"))["error"]["event_id"] == "theirs"
        assert caller.types().count("error") == 1
        await controller.update(instructions="Be kind.")
        assert len(controller.of("error")) == 3


async def test_a_call_that_ends_lets_its_controllers_go():
    async with server(keys=StaticKeys([KEY])) as running, calling(running.http, headers=BEARER) as caller:
        await caller.until("session.created")
        controller = await attached(running, caller)
        await controller.until("session.created")
        assert (await post(running, f"{caller.location}/hangup", **BEARER)).status_code == 200
        with pytest.raises(ConnectionError):
            await controller.until("nothing more")


async def test_only_a_standard_key_attaches():
    async with server(keys=StaticKeys([KEY])) as running, calling(running.http, headers=BEARER) as caller:
        await caller.until("session.created")
        body = json.dumps({"session": {"type": "realtime"}})
        made = await post(running, "/v1/realtime/client_secrets", body, **BEARER)
        for key, wanted in ((made.json()["value"], call_id(caller)), (KEY, "rtc_unknown")):
            with pytest.raises(InvalidStatus) as refused:
                await connect(f"{running.ws}?call_id={wanted}", additional_headers={"Authorization": f"Bearer {key}"})
            error: dict[str, Any] = json.loads(refused.value.response.body)["error"]
            assert (refused.value.response.status_code, error["code"]) == (404, "call_id_not_found")


async def test_the_official_client_makes_and_controls_calls():
    async with server(keys=StaticKeys([KEY])) as running, calling(running.http, headers=BEARER) as caller:
        await caller.until("session.created")
        async with AsyncOpenAI(api_key=KEY, base_url=f"{running.http}/v1", max_retries=0) as client:
            async with client.realtime.connect(call_id=call_id(caller)) as control:
                created = await control.recv()
                assert created.type == "session.created"
                await control.session.update(session={"type": "realtime", "instructions": "Be kind."})
                assert (await caller.until("session.updated"))["session"]["instructions"] == "Be kind."
            await client.realtime.calls.hangup(call_id(caller))
            async with asyncio.timeout(5):
                await caller.closed.wait()
