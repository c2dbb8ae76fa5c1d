"""A service that refuses, breaks off, expires or is gone: the client is told why, or doesn't notice."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.backends.upstream.relays import relayed, service_at
from tests.fakes.realtime_service import (
    KEY,
    KINDS,
    Call,
    Connection,
    Kind,
    RealtimeService,
    Say,
    realtime_service,
    text_of,
)
from tests.gateway.sessions import PROMPT, ScriptedTool, Table
from tests.network import Network, network
from vasi.backends.upstream.credentials import Key
from vasi.backends.upstream.links import liveness
from vasi.backends.upstream.session import UpstreamBackend
from vasi.errors import UpstreamError
from vasi.protocol.session import Session
from vasi.testing.client import Client

every_kind = pytest.mark.parametrize("kind", KINDS)
VIEW = Session(id="sess_x", model="m", expires_at=0)


async def refusal(fake: RealtimeService, **settings: Any) -> UpstreamError:
    """What a new session is told."""
    backend = UpstreamBackend(service_at(fake, **settings), VIEW, seed="s")
    with pytest.raises(UpstreamError) as caught:
        async with asyncio.timeout(5):
            await backend.run(lambda _: None)
    assert KEY not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("status", "code", "close_code", "remedy"),
    [
        (401, "upstream_unauthorized", 1008, "AZURE_OPENAI_API_KEY"),
        (403, "upstream_forbidden", 1008, "network rules"),
        (404, "upstream_not_found", 1008, "upstream.model"),
        (429, "upstream_rate_limited", 1013, "quota"),
        (500, "upstream_failed", 1013, "try again"),
        (503, "upstream_failed", 1013, "try again"),
        (302, "upstream_refused", 1008, "upstream.base_url"),
    ],
)
async def test_a_refusal_says_its_cause_and_the_remedy(status: int, code: str, close_code: int, remedy: str) -> None:
    async with realtime_service() as fake:
        fake.faults.refuse = status
        fake.faults.message = f"Incorrect API key provided: {KEY}, sk-proj-abcdef123456."
        error = await refusal(fake)
        assert (error.code, error.close_code) == (code, close_code)
        assert remedy in error.message
        assert "sk-proj" not in error.message


@pytest.mark.parametrize(
    ("said", "code", "close_code"),
    [
        ("invalid_api_key", "upstream_unauthorized", 1008),
        ("model_not_found", "upstream_not_found", 1008),
        ("insufficient_quota", "upstream_rate_limited", 1013),
        ("something_else", "upstream_refused", 1008),
        ("session_expired", "upstream_disconnected", 1013),
    ],
)
async def test_a_refusal_after_the_handshake_is_told_as_one_in_it(said: str, code: str, close_code: int) -> None:
    async with realtime_service("openai") as fake:
        fake.faults.refuse_late = said
        fake.faults.message = f"Incorrect API key provided: {KEY}."
        error = await refusal(fake)
        assert (error.code, error.close_code) == (code, close_code)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("azure", ("AZURE_OPENAI_REALTIME_DEPLOYMENT", "AZURE_OPENAI_ENDPOINT")),
        ("azure-preview", ("AZURE_OPENAI_REALTIME_DEPLOYMENT", "AZURE_OPENAI_ENDPOINT", "upstream.api_version")),
        ("openai", ("upstream.model", "OPENAI_BASE_URL")),
    ],
)
@pytest.mark.parametrize("status", [400, 404])
async def test_a_wrong_address_names_what_it_is_made_of(kind: Kind, names: tuple[str, ...], status: int) -> None:
    async with realtime_service(kind) as fake:
        fake.faults.refuse = status
        error = await refusal(fake)
        assert [name for name in names if name not in error.message] == []
        assert error.code == ("upstream_not_found" if status == 404 else "upstream_refused")


async def test_a_key_that_no_header_can_hold_is_told_and_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with realtime_service() as fake:
        there = service_at(fake).address
        backend = UpstreamBackend(service_at(fake, Key(f"{KEY}\r", there)), VIEW, seed="s")
        with caplog.at_level("DEBUG"), pytest.raises(UpstreamError) as caught:
            await backend.run(lambda _: None)
        assert (caught.value.code, caught.value.close_code) == ("upstream_unauthorized", 1008)
        assert "AZURE_OPENAI_API_KEY" in caught.value.message
        assert KEY not in caught.value.message + caplog.text


async def test_the_client_reads_the_refusal_before_the_socket_closes() -> None:
    async with realtime_service() as fake:
        fake.faults.refuse = 401
        before = time.monotonic()
        with pytest.raises(ConnectionError):
            async with relayed(fake) as _:
                pytest.fail("there is no session")
        assert time.monotonic() - before < 1


async def test_a_service_that_says_nothing_is_given_up_in_time() -> None:
    async with realtime_service() as fake:
        fake.faults.silent = True
        error = await refusal(fake, connect_timeout_s=0.2)
        assert (error.code, error.close_code) == ("upstream_timeout", 1013)
        assert "0.2 seconds" in error.message


async def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    error = await refusal(RealtimeService(port=port))
    assert error.code == "upstream_unreachable"
    assert f"127.0.0.1:{port}" in error.message


async def test_settings_that_the_service_refuses_are_told() -> None:
    async with realtime_service() as fake:
        fake.faults.refuse_session = f"Invalid value 'x' (key {KEY})."
        error = await refusal(fake)
        assert error.code == "upstream_refused_session"
        assert "Invalid value 'x'" in error.message


async def end_of(client: Client) -> None:
    """Hear everything, until the server hangs up."""
    with contextlib.suppress(ConnectionError):
        while True:
            await client.next()


def conversation(connection: Connection) -> list[str]:
    """What a connection knows, in words."""
    known = []
    for item in connection.items:
        match item["type"]:
            case "message":
                known.append(f"{item['role']}: {text_of(item)}")
            case "function_call":
                known.append(f"calls {item['name']}")
            case "function_call_output":
                known.append(f"output {item['output']}")
    return known


@every_kind
async def test_a_lost_connection_is_replaced_and_told_the_conversation(kind: Kind) -> None:
    async with realtime_service(kind) as fake, relayed(fake, [ScriptedTool.ready()]) as table:
        await table.client.update(instructions="Be brief.", audio={"output": {"voice": "verse"}})
        await table.client.say("hello")
        await table.client.say("use search_knowledge lake")
        before = len(table.client.events)
        fake.break_off()
        done = await table.client.say("and now")
        assert done["output"][0]["content"][0]["transcript"] == "You said and now"
        assert len(fake.connections) == 2
        opening = fake.connections[1].received[0]["session"]
        assert opening["instructions"] == f"{PROMPT}\n\nBe brief."
        assert "verse" in json.dumps(opening)
        assert conversation(fake.connections[1]) == [
            "user: hello",
            "assistant: You said hello",
            "user: use search_knowledge lake",
            "calls search_knowledge",
            'output {"found": true}',
            'assistant: answer {"found": true}',
            "user: and now",
            "assistant: You said and now",
        ]
        seen = table.client.events[before:]
        assert len([event for event in seen if event["type"] == "conversation.item.added"]) == 2, "only what is new"
        assert not table.client.of("error")


@every_kind
@pytest.mark.parametrize("how", ["drop", "expire"])
async def test_an_interrupted_answer_ends_as_failed_and_the_session_goes_on(kind: Kind, how: str) -> None:
    async with realtime_service(kind) as fake, relayed(fake) as table:
        fake.faults.drop_after, fake.faults.expire_after = (1, None) if how == "drop" else (None, 1)
        done = await table.client.say("a long and winding story")
        assert done["status"] == "failed"
        assert done["status_details"]["error"]["code"] == "upstream_disconnected"
        [item] = done["output"]
        assert (item["status"], item["content"][0]["transcript"]) == ("incomplete", "You said")
        assert (await table.client.say("again"))["status"] == "completed"
        assert conversation(fake.connections[1])[:3] == [
            "user: a long and winding story",
            "assistant: You said",
            "user: again",
        ]
        assert not table.client.of("error")


@every_kind
async def test_an_interrupted_answer_is_asked_again_where_that_is_set(kind: Kind) -> None:
    async with realtime_service(kind) as fake, relayed(fake, upstream={"asks_again": True}) as table:
        fake.faults.drop_after = 1
        done = await table.client.say("tell me", metadata={"mine": "1"})
        assert done["status"] == "completed"
        assert [item["content"][0]["transcript"] for item in done["output"]] == ["You said", "You said tell me"]
        assert [item["status"] for item in done["output"]] == ["incomplete", "completed"]
        assert done["metadata"] == {"mine": "1"}
        assert len(table.client.of("response.created")) == len(table.client.of("response.done")) == 1
        assert conversation(fake.connections[1]) == ["user: tell me", "assistant: You said tell me"]


@contextlib.asynccontextmanager
async def stilled(fake: RealtimeService, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Table, Network]]:
    """A session, which has said something, over a network that has just gone still; that is soon noticed."""
    monkeypatch.setattr(liveness, "CHECK_INTERVAL_S", 0.2)
    monkeypatch.setattr(liveness, "PONG_TIMEOUT_S", 0.3)
    with network(fake.port) as between:
        fake.port, port = between.port, fake.port
        async with relayed(fake, alone=False) as table:  # the fake doesn't know that one has gone
            fake.port = port
            await table.client.say("hello")
            between.vanish()
            yield table, between


async def test_a_service_behind_a_network_that_went_still_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    async with realtime_service() as fake, stilled(fake, monkeypatch) as (table, between):
        await table.client.write("and now")
        await table.client.send("response.create")
        await asyncio.sleep(0.1)
        between.return_()
        done = (await table.client.until("response.done"))["response"]
        assert done["output"][0]["content"][0]["transcript"] == "You said and now"
        assert len(fake.connections) == 2


async def test_an_event_on_which_the_service_always_hangs_up_is_given_up() -> None:
    async with realtime_service() as fake, relayed(fake) as table:
        await table.client.say("hello")
        fake.faults.hangs_up_on = "response.create"
        await table.client.write("and now")
        await table.client.send("response.create", event_id="mine")
        error = (await table.client.until("error"))["error"]
        assert (error["event_id"], error["code"]) == ("mine", "upstream_disconnected")
        assert "I can't take this" in error["message"]
        assert fake.handshakes <= 6
        fake.faults.hangs_up_on = ""
        assert (await table.client.say("better"))["output"][0]["content"][0]["transcript"] == "You said better"
        assert len(table.client.of("error")) == 1
        assert len(table.client.of("response.created")) == len(table.client.of("response.done")) == 2


async def test_a_spoken_turn_on_which_the_service_always_hangs_up_is_given_up() -> None:
    async with realtime_service() as fake, relayed(fake) as table:
        fake.faults.drop_turns = 1
        fake.faults.hangs_up_on = "response.create"
        await table.speak()
        assert (await table.client.until("error"))["error"]["code"] == "upstream_disconnected"
        assert fake.handshakes <= 6
        fake.faults.hangs_up_on = ""
        assert (await table.client.say("better"))["status"] == "completed"


async def test_a_service_that_takes_every_connection_and_keeps_none_is_given_up() -> None:
    async with realtime_service() as fake, relayed(fake, upstream={"reconnect_s": 1.0}) as table:
        await table.client.say("hello")
        fake.faults.refuse_soon = "insufficient_quota"
        fake.break_off()
        await end_of(table.client)
        code, reason = table.closed_with() or (0, "")
        assert (code, "quota" in reason) == (1013, True)
        assert [event["error"]["code"] for event in table.client.of("error")] == [
            "insufficient_quota",
            "upstream_rate_limited",
        ]
        assert fake.handshakes < 12


async def test_a_key_that_is_refused_amid_a_session_ends_it_at_once() -> None:
    async with realtime_service("openai") as fake, relayed(fake) as table:
        await table.client.say("hello")
        fake.faults.refuse_soon = "invalid_api_key"
        fake.break_off()
        await end_of(table.client)
        assert (table.closed_with() or (0, ""))[0] == 1008
        assert fake.handshakes == 2


async def test_what_was_cancelled_while_the_network_was_still_is_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    async with realtime_service() as fake, stilled(fake, monkeypatch) as (table, between):
        await table.client.write("wrong question")
        await table.client.send("response.create")
        await table.client.send("response.cancel")
        await table.client.write("right question")
        await table.client.send("response.create")
        await asyncio.sleep(0.1)
        between.return_()
        while (done := (await table.client.until("response.done"))["response"])["status"] == "cancelled":
            pass
        assert done["output"][0]["content"][0]["transcript"] == "You said right question"
        said = [part["transcript"] for item in done["output"] for part in item["content"]]
        assert "wrong" not in str(said)
        assert not table.client.of("error")


async def test_a_service_that_is_there_and_answers_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liveness, "CHECK_INTERVAL_S", 0.1)
    monkeypatch.setattr(liveness, "UNANSWERED_TIMEOUT_S", 0.3)
    async with realtime_service() as fake, relayed(fake, upstream={"connect_timeout_s": 0.3}) as table:
        await table.client.say("hello")
        await asyncio.sleep(0.6)
        assert len(fake.connections) == 1, "nothing is owed"
        fake.faults.hears.clear()
        await table.client.write("and now")
        await table.client.send("response.create")
        async with asyncio.timeout(5):
            while len(fake.connections) < 2:
                await asyncio.sleep(0.01)
        fake.faults.hears.set()
        done = (await table.client.until("response.done"))["response"]
        assert done["output"][0]["content"][0]["transcript"] == "You said and now"


async def test_a_tool_that_runs_while_the_connection_is_lost_is_answered_on_the_next() -> None:
    tool = ScriptedTool()
    async with realtime_service() as fake, relayed(fake, [tool]) as table:
        await table.client.write("use search_knowledge lake")
        await table.client.send("response.create")
        await tool.reached.wait()
        fake.break_off()
        tool.finish.set()
        done = (await table.client.until("response.done"))["response"]
        assert (done["status"], len(tool.began)) == ("completed", 1)
        assert done["output"][0]["content"][0]["transcript"] == 'answer {"found": true}'


async def test_a_question_that_was_spoken_and_never_answered_is_answered_after_all() -> None:
    async with realtime_service() as fake, relayed(fake) as table:
        fake.faults.drop_turns = 1
        fake.reply = lambda items: [Say("Heard you.")]
        await table.speak()
        answer = (await table.client.until("response.done"))["response"]
        assert answer["status"] == "completed"
        assert answer["output"][0]["content"][0]["transcript"] == "Heard you."
        assert len(fake.connections) == 2


async def test_an_utterance_in_the_middle_is_heard_again_by_the_next_connection() -> None:
    async with realtime_service() as fake, relayed(fake) as table:
        await table.hear(300, loud=False)
        await table.hear(600, loud=True)
        await table.client.until("input_audio_buffer.speech_started")
        fake.break_off()
        await table.hear(500, loud=False)
        done = (await table.client.until("response.done"))["response"]
        assert done["status"] == "completed"
        started = table.client.of("input_audio_buffer.speech_started")
        stopped = table.client.of("input_audio_buffer.speech_stopped")
        assert [event["item_id"] for event in stopped] == [event["item_id"] for event in started], "each has its end"
        assert stopped[-1]["item_id"] == table.client.of("input_audio_buffer.committed")[-1]["item_id"]
        assert 1000 <= stopped[-1]["audio_end_ms"] <= 1500, "by the session's clock, not the connection's"


async def test_the_sound_of_a_question_without_a_transcript_is_told_again() -> None:
    async with realtime_service() as fake, relayed(fake) as table:
        await table.speak()
        await table.client.until("response.done")
        fake.break_off()
        await table.client.say("and now")
        told = [event["item"] for event in fake.connections[1].received if event["type"] == "conversation.item.create"]
        [part] = told[0]["content"]
        assert part["type"] == "input_audio"
        assert len(part["audio"]) > 600 * 48


async def test_an_old_connection_is_renewed_in_a_quiet_moment() -> None:
    async with realtime_service() as fake:
        fake.faults.lifetime_s = 120.3
        async with relayed(fake) as table:
            await table.client.say("hello")
            fake.faults.lifetime_s = 3600
            async with asyncio.timeout(5):
                while len(fake.connections) < 2 or not fake.connections[1].items:
                    await asyncio.sleep(0.01)
            assert (await table.client.say("more"))["status"] == "completed"
            assert conversation(fake.connections[1])[0] == "user: hello"
            assert not table.client.of("error")


async def test_a_service_that_stays_away_ends_the_session_with_the_reason() -> None:
    async with realtime_service() as fake, relayed(fake, upstream={"reconnect_s": 0.3}) as table:
        await table.client.say("hello")
        await fake.stop()
        error = (await table.client.until("error"))["error"]
        assert error["code"] in ("upstream_unreachable", "upstream_unavailable")
        with pytest.raises(ConnectionError):
            await table.client.next()
        code, reason = table.closed_with() or (0, "")
        assert code == 1013
        assert reason == error["message"], "the transport shortens it as far as it must"


async def test_a_key_that_stopped_working_is_not_tried_again() -> None:
    async with realtime_service() as fake, relayed(fake) as table:
        await table.client.say("hello")
        fake.faults.refuse = 401
        fake.break_off()
        assert (await table.client.until("error"))["error"]["code"] == "upstream_unauthorized"
        assert fake.handshakes == 2


async def test_errors_of_the_service_reach_the_client_without_keys() -> None:
    async with realtime_service() as fake, relayed(fake) as table:
        body = {"type": "server_error", "code": None, "message": f"Oops: Bearer sk-live-12345678 {KEY}"}
        await fake.connections[0].send("error", error=body)
        message = (await table.client.until("error"))["error"]["message"]
        assert KEY not in message
        assert "sk-live" not in message


@every_kind
async def test_the_beginning_of_a_conversation_that_is_too_long_is_told_in_short(kind: Kind) -> None:
    def reply(items: list[dict[str, Any]]) -> list[Say]:
        asked = text_of(items[-1]).split(" ", 1)[0]
        return [Say(f"The answer to {asked} is 4.5 metres. " + "And so on. " * 2000)]

    async with realtime_service(kind, reply=reply) as fake, relayed(fake) as table:
        for number in range(6):
            await table.client.say(f"question{number} about the lake?", output_modalities=["text"])
        for lost in (1, 2):
            before = len(table.client.of("conversation.item.added"))
            fake.break_off()
            await table.client.say(f"and{lost}", output_modalities=["text"])
            assert len(table.client.of("conversation.item.added")) == before + 2, "the summary isn't the client's"
            summary, *rest = conversation(fake.connections[lost])
            head, *lines = summary.split("\n")
            assert head.startswith("system: Summary of the earlier conversation")
            assert lines[:4] == [
                "User: question0 about the lake?",
                "Assistant: The answer to question0 is 4.5 metres.",
                "User: question1 about the lake?",
                "Assistant: The answer to question1 is 4.5 metres.",
            ]
            told = [line.removeprefix("user: ") for line in rest if line.startswith("user: ")]
            assert told[-2] == ("question5 about the lake?" if lost == 1 else "and1")
            assert not set(told) & {line.removeprefix("User: ") for line in lines}, "not twice"
            names = sum(len("assistant: ") for _ in rest)
            assert sum(map(len, [summary, *rest[:-2]])) <= 80_000 + names
        assert not table.client.of("error")


async def test_a_summary_has_a_limit() -> None:
    async with realtime_service() as fake, relayed(fake) as table:
        for number in range(540):
            await table.client.write(f"{number} is a thing that I tell you, " + "at length, " * 30)
            await table.client.until("conversation.item.done")
        fake.break_off()
        await table.client.say("and now")
        summary, *rest = conversation(fake.connections[1])
        assert len(summary) <= 4_000 + len("system: ")
        assert rest[-3].startswith("user: 539 is a thing")
        first = int(rest[0].split(" ", 2)[1])
        _, earlier, *lines = summary.split("\n")
        assert earlier.startswith(f"({first - len(lines)} earlier messages are not in this summary")
        assert lines[-1].startswith(f"User: {first - 1} is a thing that I tell you, at length,")
        assert lines[-1].endswith(" …")


async def test_a_call_is_never_told_without_its_function() -> None:
    def reply(items: list[dict[str, Any]]) -> list[Say | Call]:
        last = items[-1]
        return (
            [Say("x" * 79_000)]
            if last["type"] == "function_call_output"
            else [Call("search_knowledge", '"' + "q" * 1500 + '"')]
        )

    async with realtime_service(reply=reply) as fake, relayed(fake, [ScriptedTool.ready()]) as table:
        await table.client.say("go")
        fake.reply = lambda _: [Say("fine")]
        fake.break_off()
        assert (await table.client.say("and now"))["status"] == "completed"
        known = conversation(fake.connections[1])
        assert not [line for line in known if line.startswith(("calls", "output"))]
        assert "User: go" in known[0].split("\n")


async def test_a_call_that_still_runs_is_told_whatever_was_said_meanwhile() -> None:
    tool = ScriptedTool()
    async with realtime_service() as fake, relayed(fake, [tool]) as table:
        await table.client.write("use search_knowledge lake")
        await table.client.send("response.create")
        await tool.reached.wait()
        for number in range(4):
            await table.client.write(f"{number} " + "word " * 6000)
            await table.client.until("conversation.item.done")
        fake.reply = lambda items: [Say(str([item["type"] for item in items].count("function_call_output")))]
        fake.break_off()
        tool.finish.set()
        done = (await table.client.until("response.done"))["response"]
        assert (done["status"], done["output"][0]["content"][0]["transcript"]) == ("completed", "1")
        assert conversation(fake.connections[1])[1] == "calls search_knowledge"
        assert not table.client.of("error")
