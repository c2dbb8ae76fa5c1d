"""The scripted model of the test kit does what its script says, and complains of everything else."""

from __future__ import annotations

import asyncio

import pytest

from vasi.engines.ports import (
    ChatRequest,
    LlmDone,
    SystemMessage,
    TextDelta,
    ToolCall,
    ToolCallDelta,
    ToolMessage,
    UserMessage,
)
from vasi.errors import EngineError
from vasi.testing.llm import Pause, Reply, ScriptedLlm

HELLO = ChatRequest((UserMessage("Hello there"),))


async def test_replies_come_in_order_with_text_calls_and_endings() -> None:
    llm = ScriptedLlm(
        Reply(ToolCall("c1", "look", "{}"), ToolCall("c2", "see", "{}")), Reply("It ", "is.", finish="length")
    )
    assert [event async for event in llm.generate(HELLO)] == [
        ToolCallDelta(0, "{}", "c1", "look"),
        ToolCallDelta(1, "{}", "c2", "see"),
        LlmDone("tool_calls", 2, 2),
    ]
    assert [event async for event in llm.generate(HELLO)] == [
        TextDelta("It "),
        TextDelta("is."),
        LlmDone("length", 2, 2),
    ]
    llm.finish()
    assert llm.requests == [HELLO, HELLO]


async def test_a_pause_lasts_until_the_test_says_go_on() -> None:
    pause = Pause(asyncio.Event())
    llm = ScriptedLlm(Reply("One", pause, "two"))
    stream = llm.generate(HELLO)
    assert await anext(stream) == TextDelta("One")
    second = asyncio.ensure_future(anext(stream))
    await pause.reached.wait()
    assert not second.done()
    pause.until.set()
    assert await second == TextDelta("two")
    await stream.aclose()
    assert llm.aborted == 1


async def test_a_failure_is_raised_after_what_was_said() -> None:
    llm = ScriptedLlm(Reply("One", EngineError("The model is on fire.", retryable=True)))
    stream = llm.generate(HELLO)
    await anext(stream)
    with pytest.raises(EngineError, match="on fire"):
        await anext(stream)
    assert llm.aborted == 0


async def test_a_request_beyond_the_script_fails_at_once_and_at_the_end() -> None:
    llm = ScriptedLlm()
    with pytest.raises(EngineError, match="beyond the script"):
        await anext(llm.generate(HELLO))
    with pytest.raises(AssertionError, match="beyond the script"):
        llm.finish()


async def test_a_request_that_isnt_expected_fails() -> None:
    llm = ScriptedLlm(Reply("Yes.", expect=lambda request: isinstance(request.messages[-1], ToolMessage)))
    with pytest.raises(EngineError, match="isn't what the script expects"):
        await anext(llm.generate(HELLO))


def test_a_reply_that_nobody_asked_for_is_reported() -> None:
    with pytest.raises(AssertionError, match="1 replies"):
        ScriptedLlm("Yes.").finish()


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        ((UserMessage('Please reply exactly: "Blue whale."'),), "Blue whale."),
        ((SystemMessage('Reply exactly "Always this."'), UserMessage("Hello")), "Always this."),
        ((SystemMessage('reply exactly: "A"'), UserMessage("reply exactly: “B”")), "B"),
    ],
)
async def test_a_request_may_choose_the_answer_itself(messages: tuple[UserMessage, ...], said: str) -> None:
    llm = ScriptedLlm()
    assert await anext(llm.generate(ChatRequest(messages))) == TextDelta(said)
    llm.finish()
