"""What the official ``openai`` Python client notices of limits: of rates, and of a session's age."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest
from openai import AsyncOpenAI
from websockets.exceptions import ConnectionClosed

from tests.wire_validation import check_event
from vasi.testing.engines import ScriptedStt, scripted_engines, silence, speech
from vasi.testing.llm import ScriptedLlm
from vasi.testing.server import serving
from vasi.testing.settings import conversation_settings, gateway_settings, rate_settings

SETTINGS = gateway_settings("You are the assistant of a test.")
UNPACED = conversation_settings(lead_ms=None)


async def until(connection: Any, kind: str, seen: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    async with asyncio.timeout(20):
        while True:
            event = (await connection.recv()).to_dict()
            check_event(event)
            if seen is not None:
                seen.append(event)
            if event["type"] == kind:
                return event


async def test_a_response_too_many_fails_and_the_connection_lives() -> None:
    engines = scripted_engines(ScriptedLlm("One.", "Two."))
    async with (
        serving(engines, settings=SETTINGS, conversation=UNPACED, rates=rate_settings(requests=1)) as server,
        AsyncOpenAI(api_key="sk-x", base_url=f"{server.http}/v1") as client,
        client.realtime.connect(model="m") as connection,
    ):
        await connection.response.create()
        assert (await until(connection, "response.done"))["response"]["status"] == "completed"
        limits = (await until(connection, "rate_limits.updated"))["rate_limits"]
        assert {limit["name"]: limit["limit"] for limit in limits} == {"requests": 1, "tokens": rate_settings().tokens}
        await connection.response.create()
        response = (await until(connection, "response.done"))["response"]
        assert response["status"] == "failed"
        assert response["status_details"]["error"]["code"] == "rate_limit_exceeded"
        await connection.session.update(session={"type": "realtime", "instructions": "Go on."})
        assert (await until(connection, "session.updated"))["session"]["instructions"] == "Go on."


async def test_an_old_session_says_so_and_is_closed_with_1001() -> None:
    settings = gateway_settings("You are the assistant of a test.", session_s=1)
    async with (
        serving(scripted_engines(ScriptedLlm()), settings=settings) as server,
        AsyncOpenAI(api_key="sk-x", base_url=f"{server.http}/v1") as client,
        client.realtime.connect(model="m") as connection,
    ):
        error = (await until(connection, "error"))["error"]
        assert (error["type"], error["code"]) == ("invalid_request_error", "session_expired")
        with pytest.raises(ConnectionClosed) as closed:
            await connection.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1001
        assert closed.value.rcvd.reason.startswith("Your session hit the maximum duration")


async def test_what_no_engine_here_can_do_is_taken_all_the_same() -> None:
    """Log probabilities, noise reduction and traces: shown in the session, and in no other event."""
    engines = scripted_engines(ScriptedLlm("Yes."), stt=ScriptedStt(["Hello there."]))
    async with (
        serving(engines, settings=SETTINGS, conversation=UNPACED) as server,
        AsyncOpenAI(api_key="sk-x", base_url=f"{server.http}/v1") as client,
        client.realtime.connect(model="m") as connection,
    ):
        hearing: Any = {"transcription": {"model": "whisper-1"}, "noise_reduction": {"type": "far_field"}}
        await connection.session.update(
            session={
                "type": "realtime",
                "include": ["item.input_audio_transcription.logprobs"],
                "tracing": {"workflow_name": "mine"},
                "audio": {"input": hearing},
            }
        )
        session = (await until(connection, "session.updated"))["session"]
        assert session["include"] == ["item.input_audio_transcription.logprobs"]
        assert session["tracing"] == {"workflow_name": "mine"}
        assert session["audio"]["input"]["noise_reduction"] == {"type": "far_field"}
        for sound in (speech(600), silence(700)):
            await connection.input_audio_buffer.append(audio=base64.b64encode(sound).decode())
        seen: list[dict[str, Any]] = []
        await until(connection, "response.done", seen)
        heard = [event for event in seen if "transcription" in event["type"]]
        assert heard
        assert not [event for event in heard if "logprobs" in event]
