"""The chat adapter against a scripted server that speaks the wire to the byte."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fakes.openai_chat import (
    DONE,
    KEEP_ALIVE,
    Drop,
    Hold,
    Raw,
    Reply,
    chat_server,
    delta,
    failure,
    usage,
)
from vasi.engines.llm.openai_chat import OpenAIChatLlm, Timeouts
from vasi.engines.ports import (
    AssistantMessage,
    ChatRequest,
    Image,
    LlmDone,
    LlmEvent,
    SystemMessage,
    TextDelta,
    ToolCall,
    ToolCallDelta,
    ToolMessage,
    ToolSpec,
    UserMessage,
)
from vasi.errors import ConfigError, EngineError

SEARCH = ToolSpec("search_knowledge", "Search.", {"type": "object", "properties": {"query": {"type": "string"}}})
ASK = ChatRequest((UserMessage("How deep is the lake?"),))


async def no_wait(_: float) -> None:
    pass


def engine(url: str, **options: Any) -> OpenAIChatLlm:
    return OpenAIChatLlm(model="fake", base_url=url, **{"sleep": no_wait} | options)


async def run(url: str, request: ChatRequest = ASK, **options: Any) -> list[LlmEvent]:
    llm = engine(url, **options)
    await llm.start()
    try:
        return [event async for event in llm.generate(request)]
    finally:
        await llm.stop()


def said(events: list[LlmEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def calls(events: list[LlmEvent]) -> list[tuple[str, str, str]]:
    """(id, name, arguments) in order of index; asserts that the first piece of each carries id and name."""
    found: dict[int, tuple[str, str, str]] = {}
    for event in events:
        if isinstance(event, ToolCallDelta):
            if event.index not in found:
                assert event.call_id
                assert event.name
                found[event.index] = (event.call_id, event.name, event.arguments)
            else:
                assert not event.name
                call_id, name, arguments = found[event.index]
                found[event.index] = (call_id, name, arguments + event.arguments)
    return [found[index] for index in sorted(found)]


def done(events: list[LlmEvent]) -> LlmDone:
    assert sum(isinstance(event, LlmDone) for event in events) == 1
    assert isinstance(events[-1], LlmDone)
    return events[-1]


def call(arguments: Any = "", **fields: Any) -> dict[str, Any]:
    function = {"arguments": arguments} | ({"name": fields.pop("name")} if "name" in fields else {})
    return {"function": function} | fields


async def test_text_streams_and_ends_with_the_usage_the_server_reports() -> None:
    reply = Reply(
        (
            delta(role="assistant"),
            KEEP_ALIVE,
            delta("Eighty-"),
            delta("three."),
            delta(finish="stop"),
            usage(40, 5, 32),
            DONE,
        )
    )
    async with chat_server(reply) as server:
        events = await run(server.url)
    assert events == [TextDelta("Eighty-"), TextDelta("three."), LlmDone("stop", 40, 5, 32)]
    assert server.requests[0]["stream_options"] == {"include_usage": True}
    assert server.requests[0]["messages"] == [{"role": "user", "content": "How deep is the lake?"}]


async def test_the_first_token_arrives_before_the_second_is_sent() -> None:
    go_on = asyncio.Event()
    async with chat_server(Reply((delta("One"), Hold(go_on), delta(" two"), delta(finish="stop"), DONE))) as server:
        llm = engine(server.url)
        stream = llm.generate(ASK)
        assert await anext(stream) == TextDelta("One")
        go_on.set()
        assert await anext(stream) == TextDelta(" two")
        assert [type(event) async for event in stream] == [LlmDone]
        await llm.stop()


async def test_sse_split_inside_a_character_is_put_together() -> None:
    line = b"data: " + json.dumps(delta("caf\u00e9 \u20ac5"), ensure_ascii=False).encode() + b"\n\n"
    middle = line.index("\u20ac".encode()) + 1
    reply = Reply((Raw(line[:7]), Raw(line[7:middle]), Raw(line[middle:]), delta(finish="stop"), DONE))
    async with chat_server(reply) as server:
        assert said(await run(server.url)) == "caf\u00e9 \u20ac5"


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        pytest.param(
            [
                [call(index=0, id="a", name="search_knowledge")],
                [call('{"que', index=0)],
                [call('ry": "lake', index=0)],
                [call('"}', index=0)],
            ],
            [("a", "search_knowledge", '{"query": "lake"}')],
            id="as OpenAI splits it",
        ),
        pytest.param(
            [
                [call("{", index=0, id="a", name="one"), call("{", index=1, id="b", name="two")],
                [call("}", index=1), call("}", index=0)],
            ],
            [("a", "one", "{}"), ("b", "two", "{}")],
            id="two calls interleaved",
        ),
        pytest.param(
            [[call('{"a":1}', index=0, id="a", name="one")], [call('{"b":2}', index=0, id="b", name="two")]],
            [("a", "one", '{"a":1}'), ("b", "two", '{"b":2}')],
            id="every call has index 0",
        ),
        pytest.param(
            [[call('{"a":1}', index=0, name="one")], [call('{"b":2}', index=0, name="one")]],
            [("call_n1", "one", '{"a":1}'), ("call_n2", "one", '{"b":2}')],
            id="no ids, one index",
        ),
        pytest.param(
            [[call("{", name="one")], [call("}")], [call("{}", name="two")]],
            [("call_n1", "one", "{}"), ("call_n2", "two", "{}")],
            id="neither ids nor indexes",
        ),
        pytest.param(
            [
                [call("{", index=0, id="a", name="one")],
                [call("}", index=0, id="a", name="one")],
            ],
            [("a", "one", "{}")],
            id="id and name repeated",
        ),
        pytest.param(
            [[call("", index=0, id="a", name="search_")], [call("", index=0, name="knowledge")], [call("{}", index=0)]],
            [("a", "search_knowledge", "{}")],
            id="name in two pieces",
        ),
        pytest.param(
            [[call({"query": "lake"}, index=0, id="a", name="one")]],
            [("a", "one", '{"query": "lake"}')],
            id="arguments as an object",
        ),
        pytest.param([[call("", index=0, id="a", name="one")]], [("a", "one", "")], id="no arguments at all"),
        pytest.param(
            [[call("nu", index=0, id="a", name="one")], [call("ll", index=0)]], [("a", "one", "")], id="null arguments"
        ),
        pytest.param([[call("null", index=0, id="a", name="one")]], [("a", "one", "")], id="null at once"),
    ],
)
async def test_tool_calls_come_whole_however_they_are_split(pieces: list[Any], expected: list[Any]) -> None:
    ids = iter(["n1", "n2", "n3"])
    parts = tuple(delta(tool_calls=piece) for piece in pieces)
    # Several servers end a tool call with "stop".
    async with chat_server(Reply((*parts, delta(finish="stop"), DONE))) as server:
        events = await run(server.url, ChatRequest(ASK.messages, (SEARCH,)), new_id=lambda: next(ids))
    assert calls(events) == expected
    assert done(events).finish == "tool_calls"


async def test_thoughts_are_not_passed_on() -> None:
    pieces = ("<th", "ink>Let me", " see: a < b</thi", "nk>\n\nIt is ", "5 < 6", " and <thing>.")
    parts = tuple(delta(piece) for piece in pieces)
    thought = delta(reasoning_content="hidden")
    async with chat_server(Reply((thought, *parts, delta(finish="stop"), DONE))) as server:
        assert said(await run(server.url)) == "It is 5 < 6 and <thing>."


WRITTEN_CALL = '<tool_call>\n{"name": "search_knowledge", "arguments": {"query": "<lake>"}}\n</tool_call>'


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
async def test_a_call_that_is_written_as_text_is_a_call_and_never_text(size: int) -> None:
    text = f"<think>hm</think>One moment, 1 < 2.\n{WRITTEN_CALL}\n{WRITTEN_CALL}"
    parts = tuple(delta(text[start : start + size]) for start in range(0, len(text), size))
    ids = iter(["n1", "n2"])
    async with chat_server(Reply((*parts, delta(finish="stop"), DONE))) as server:
        events = await run(server.url, ChatRequest(ASK.messages, (SEARCH,)), new_id=lambda: next(ids))
    assert said(events).strip() == "One moment, 1 < 2."
    arguments = '{"query": "<lake>"}'
    assert calls(events) == [("call_n1", "search_knowledge", arguments), ("call_n2", "search_knowledge", arguments)]
    assert done(events).finish == "tool_calls"


@pytest.mark.parametrize(
    "text",
    [
        '<tool_call>{"name": "delete_everything", "arguments": {}}</tool_call>',
        "<tool_call>search_knowledge(lake)</tool_call>",
        '<tool_call>{"name": "search_knowledge", "arguments": [1]}</tool_call>',
        '<tool_call>{"name": "search_knowledge", "arguments": {"query": "la',
        f"<tool_call>{'x' * 100_000}</tool_call>",
    ],
)
async def test_a_written_call_that_is_none_is_neither_read_out_nor_silence(text: str) -> None:
    offered = ChatRequest(ASK.messages, (SEARCH,))
    async with chat_server(Reply((delta(f"Well. {text}"), delta(finish="stop"), DONE))) as server:
        events = await run(server.url, offered)
    assert (said(events).strip(), calls(events)) == ("Well.", [])
    async with chat_server(Reply((delta(text), delta(finish="stop"), DONE))) as server:
        with pytest.raises(EngineError, match="as text that can't be read"):
            await run(server.url, offered)


async def test_text_that_comes_in_a_list_of_parts_is_read() -> None:
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "hidden"}]}
    parts = (
        delta(content=[thinking]),
        delta(content=[{"type": "text", "text": "It is "}, {"type": "text", "text": "9 m"}]),
        delta(" deep."),
    )
    async with chat_server(Reply((*parts, delta(finish="stop"), DONE))) as server:
        assert said(await run(server.url)) == "It is 9 m deep."


async def test_without_usage_the_counts_are_estimates() -> None:
    async with chat_server(Reply((delta("Some words of an answer."), delta(finish="length"), DONE))) as server:
        end = done(await run(server.url))
    assert end.finish == "length"
    assert 0 < end.input_tokens < 50
    assert 0 < end.output_tokens < 50


async def test_a_server_that_knows_no_usage_is_asked_again_without_and_never_more() -> None:
    good = Reply((delta("Yes."), delta(finish="stop"), DONE))
    complaint = failure(400, "Unrecognized request argument supplied: stream_options")
    async with chat_server(complaint, good, good) as server:
        llm = engine(server.url)
        for _ in range(2):
            assert said([event async for event in llm.generate(ASK)]) == "Yes."
        await llm.stop()
    assert ["stream_options" in request for request in server.requests] == [True, False, False]


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("reasoning_effort", "Unrecognized request argument supplied: reasoning_effort"),
        ("reasoning_effort", '"fake" does not support thinking'),
        ("parallel_tool_calls", "Unsupported parameter: 'parallel_tool_calls'"),
    ],
)
async def test_a_server_that_takes_no_such_option_is_asked_again_without_and_never_more(field: str, words: str) -> None:
    good = Reply((delta("Yes."), delta(finish="stop"), usage(1, 1), DONE))
    asked = replace(ASK, tools=(ToolSpec("look", "Looks.", {}),), reasoning_effort="low", parallel_tool_calls=False)
    async with chat_server(good, failure(400, words), good, good) as server:
        llm = engine(server.url)
        for _ in range(3):
            assert said([event async for event in llm.generate(asked)]) == "Yes."
        await llm.stop()
    assert (server.requests[0]["reasoning_effort"], server.requests[0]["parallel_tool_calls"]) == ("low", False)
    assert [field in request for request in server.requests] == [True, True, False, False]
    (other,) = {"reasoning_effort", "parallel_tool_calls"} - {field}
    assert all(other in request for request in server.requests)


async def test_the_limit_goes_in_the_field_that_the_server_knows() -> None:
    good = Reply((delta("Yes."), delta(finish="stop"), usage(1, 1), DONE))
    complaint = failure(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
    async with chat_server(complaint, good) as server:
        await run(server.url, ChatRequest(ASK.messages, max_output_tokens=20))
    assert "max_tokens" in server.requests[0]
    assert server.requests[1]["max_completion_tokens"] == 20
    assert "max_tokens" not in server.requests[1]


@pytest.mark.parametrize(
    ("reply", "code", "words"),
    [
        (failure(401, "Incorrect API key provided: sk-1234"), "llm_unauthorized", ["API key", "VASI_LLM__API_KEY"]),
        (failure(404, "model 'fake' not found"), "llm_not_found", ["no model 'fake'", "llm.model"]),
        (failure(400, "too long", "context_length_exceeded"), "llm_context_length", ["too long", "larger context"]),
        (
            failure(400, "the request exceeds the available context size (512 tokens)"),
            "llm_context_length",
            ["too long"],
        ),
        (failure(400, "fake does not support tools"), "llm_no_tools", ["can't call tools"]),
        (failure(418, "I am a teapot"), "llm_refused", ["418", "teapot"]),
        (Reply(status=200, body="<html>hello</html>"), "llm_nonsense", ["chat completions", "/v1"]),
        (Reply((Raw(b"data: {oops\n\n"),)), "llm_nonsense", ["chat completions"]),
    ],
)
async def test_a_refusal_says_what_to_do_and_is_not_repeated(reply: Reply, code: str, words: list[str]) -> None:
    async with chat_server(reply) as server:
        with pytest.raises(EngineError) as caught:
            await run(server.url)
    assert caught.value.code == code
    assert not caught.value.retryable
    for word in words:
        assert word in str(caught.value)
    assert "sk-1234" not in str(caught.value)


async def test_a_busy_server_is_asked_again_after_the_time_it_names() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    busy = failure(429, "slow down", **{"retry-after": "2"})
    good = Reply((delta("Yes."), delta(finish="stop"), usage(1, 1), DONE))
    async with chat_server(busy, failure(503, "loading"), good) as server:
        assert said(await run(server.url, sleep=sleep)) == "Yes."
    assert waits[0] == 2
    assert len(waits) == 2


async def test_a_server_that_stays_busy_is_reported() -> None:
    async with chat_server(*[failure(429, "slow down")] * 3) as server:
        with pytest.raises(EngineError, match="try again in a moment") as caught:
            await run(server.url)
    assert caught.value.retryable


async def test_a_connection_lost_before_the_first_token_is_tried_again() -> None:
    good = Reply((delta("Yes."), delta(finish="stop"), usage(1, 1), DONE))
    async with chat_server(Reply((delta(role="assistant"), Drop())), good) as server:
        assert said(await run(server.url)) == "Yes."


@pytest.mark.parametrize(
    "ending",
    [
        (Drop(),),
        (),
        ({"error": {"message": "out of memory", "type": "server_error", "code": 500}},),
    ],
    ids=["cut", "no finish reason", "error in the stream"],
)
async def test_nothing_is_repeated_after_the_first_token(ending: tuple[Any, ...]) -> None:
    heard: list[LlmEvent] = []
    async with chat_server(Reply((delta("The answer"), *ending))) as server:
        llm = engine(server.url)

        async def listen() -> None:
            async for event in llm.generate(ASK):
                heard.append(event)

        with pytest.raises(EngineError, match="in the middle of its answer") as caught:
            await listen()
        await llm.stop()
    assert heard == [TextDelta("The answer")]
    assert caught.value.retryable
    assert len(server.requests) == 1


async def test_no_server_at_the_address_is_said_with_the_address() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(EngineError, match=rf"http://127\.0\.0\.1:{port}/v1; start it") as caught:
        await run(f"http://127.0.0.1:{port}/v1")
    assert caught.value.code == "llm_unreachable"


@pytest.mark.parametrize(
    ("parts", "message"), [((), "sent nothing for 0.05"), ((delta("Well"),), "in the middle of its answer")]
)
async def test_silence_ends_in_a_timeout(parts: tuple[Any, ...], message: str) -> None:
    never = asyncio.Event()
    async with chat_server(Reply((*parts, Hold(never)))) as server:
        patience = Timeouts(first_token=5 if parts else 0.05, next_token=0.05)
        with pytest.raises(EngineError, match=message) as caught:
            await run(server.url, timeouts=patience)
        assert caught.value.code == "llm_timeout"
        await asyncio.wait_for(server.hung_up.wait(), 5)


async def test_a_server_that_keeps_the_line_open_after_its_answer_is_not_waited_for() -> None:
    never = asyncio.Event()
    async with chat_server(Reply((delta("Yes."), delta(finish="stop"), usage(3, 1), Hold(never)))) as server:
        assert done(await asyncio.wait_for(run(server.url), 5)).input_tokens == 3


async def test_closing_the_answer_hangs_up() -> None:
    never = asyncio.Event()
    async with chat_server(Reply((delta("The"), delta(" long"), Hold(never)))) as server:
        llm = engine(server.url)
        answer = llm.generate(ASK)
        await anext(answer)
        await answer.aclose()
        await asyncio.wait_for(server.hung_up.wait(), 5)
        await llm.stop()


async def test_the_content_filter_is_an_ending_not_an_error() -> None:
    async with chat_server(failure(400, "filtered", "content_filter")) as server:
        assert done(await run(server.url)).finish == "content_filter"
    async with chat_server(Reply((delta("I"), delta(finish="content_filter"), usage(1, 1), DONE))) as server:
        assert done(await run(server.url)).finish == "content_filter"


async def test_the_whole_conversation_arrives_in_an_order_that_services_accept() -> None:
    request = ChatRequest(
        messages=(
            SystemMessage("Be brief."),
            SystemMessage("Speak plainly."),
            UserMessage("What is this?", images=(Image("data:image/png;base64,AA==", "low"),)),
            AssistantMessage(
                "Let me see.", (ToolCall("a", "search_knowledge", '{"query": "x"}'), ToolCall("cut", "gone", "{}"))
            ),
            UserMessage("Hurry."),
            ToolMessage("a", '{"found": false}'),
            ToolMessage("orphan", "{}"),
            AssistantMessage("", (ToolCall("b", "search_knowledge", '{"query": '),)),
            ToolMessage("b", "{}"),
        ),
        tools=(SEARCH,),
        tool_choice="search_knowledge",
        now=datetime(2025, 11, 22, 7, 49, tzinfo=UTC),
    )
    async with chat_server(Reply((delta("Yes."), delta(finish="stop"), usage(1, 1), DONE))) as server:
        await run(server.url, request)
    sent = server.requests[0]
    roles = [message["role"] for message in sent["messages"]]
    assert roles == ["system", "user", "assistant", "tool", "user", "assistant", "tool"]
    system = sent["messages"][0]["content"]
    assert system.startswith("Be brief.\n\nSpeak plainly.")
    assert "Saturday, November 22, 2025, 7:49 AM" in system
    assert sent["messages"][1]["content"][1] == {
        "type": "image_url",
        "image_url": {"url": "data:image/png;base64,AA==", "detail": "low"},
    }
    assert [call["id"] for call in sent["messages"][2]["tool_calls"]] == ["a"]
    assert sent["messages"][5]["tool_calls"][0]["function"]["arguments"] == "{}"
    assert sent["tools"][0]["function"]["name"] == "search_knowledge"
    assert sent["tool_choice"] == {"type": "function", "function": {"name": "search_knowledge"}}


async def test_azures_dated_api_is_spoken_when_a_version_is_given() -> None:
    async with chat_server(Reply((delta("Yes."), delta(finish="stop"), usage(1, 1), DONE))) as server:
        url = server.url.removesuffix("/v1")
        await run(url, ChatRequest(ASK.messages, max_output_tokens=9), api_key="k1", api_version="2024-10-21")
    assert server.paths == ["/openai/deployments/fake/chat/completions?api-version=2024-10-21"]
    assert server.headers[0]["api-key"] == "k1"
    assert server.requests[0]["max_completion_tokens"] == 9


async def test_nothing_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "AZURE_OPENAI_API_KEY"):
        monkeypatch.setenv(name, "leaked")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/leaked")
    async with chat_server(Reply((delta("Yes."), delta(finish="stop"), usage(1, 1), DONE))) as server:
        await run(server.url)
    assert "leaked" not in str(server.headers)


@pytest.mark.parametrize(("url", "model"), [("localhost:11434", "m"), ("", "m"), ("http://h/v1", "")])
def test_settings_that_cannot_work_are_refused_at_once(url: str, model: str) -> None:
    with pytest.raises(ConfigError, match=r"llm\."):
        OpenAIChatLlm(model=model, base_url=url)


@pytest.fixture(autouse=True)
async def no_task_is_left_over() -> AsyncIterator[None]:
    before = asyncio.all_tasks()
    yield
    for _ in range(20):
        if not (left := asyncio.all_tasks() - before - {asyncio.current_task()}):
            break
        await asyncio.wait(left, timeout=0.1)
    assert not left
