"""What the Agents SDK for Python promises its users, one case a promise, against this server and a scripted model.

Text, tools, history, usage, handoff, another agent, approval given and refused, sound in, and three guardrails.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import agents
from agents import GuardrailFunctionOutput, ToolGuardrailFunctionOutput
from agents.realtime import RealtimeAgent, RealtimeRunner

from tests.wire.scripted import DEMO, KEY, LONG, Scripted, recording, scripted
from tests.wire.test_agents_python import Talk, running
from vasi.engines.ports import SystemMessage, ToolCall, ToolMessage, ToolSpec
from vasi.testing.llm import Reply, ScriptedLlm

agents.set_tracing_disabled(True)
TEXT: dict[str, Any] = {"initial_model_settings": {"modalities": ["text"]}}
ORDER = ToolCall("call_1", "order", '{"what": "tea"}')


@asynccontextmanager
async def talking(there: Scripted, agent: RealtimeAgent, **config: Any) -> AsyncIterator[Talk]:
    model_config: Any = {"url": there.server.ws, "api_key": KEY, **config.pop("model_config", {})}
    async with running(RealtimeRunner(agent, **config), model_config) as talk:
        yield talk


def ordering(**options: Any) -> tuple[Any, list[str]]:
    """A tool, and what it was called with."""
    ordered: list[str] = []

    @agents.function_tool(name_override="order", **options)
    def order(what: str) -> str:
        """Order something."""
        ordered.append(what)
        return f"{what} ordered"

    return order, ordered


def outputs(there: Scripted) -> list[str]:
    """What the model was last told of its calls."""
    return [message.output for message in there.llm.requests[-1].messages if isinstance(message, ToolMessage)]


def prompt(there: Scripted) -> str:
    first = there.llm.requests[-1].messages[0]
    assert isinstance(first, SystemMessage)
    return first.text


def offered(there: Scripted) -> list[str]:
    tools: tuple[ToolSpec, ...] = there.llm.requests[-1].tools
    return [tool.name for tool in tools]


async def test_a_written_question_gets_a_written_answer() -> None:
    async with (
        scripted(ScriptedLlm()) as there,
        talking(there, RealtimeAgent(name="a", instructions="Obey."), model_config=TEXT) as talk,
    ):
        await talk.session.send_message('Please reply exactly: "blue kayak"')
        await talk.until_answers(1)
        assert talk.history()[-1] == ("assistant", "blue kayak")
        assert talk.of("audio") == []


async def test_a_tool_runs_once_and_its_output_reaches_the_model() -> None:
    tool, ordered = ordering()
    async with (
        scripted(ScriptedLlm(ORDER, "Tea is on its way.")) as there,
        talking(there, RealtimeAgent(name="a", tools=[tool])) as talk,
    ):
        await talk.session.send_message("tea please")
        await talk.until_answers(2)
        assert (ordered, outputs(there)) == (["tea"], ["tea ordered"])
        assert [event.output for event in talk.of("tool_end")] == ["tea ordered"]
        assert talk.history()[-1] == ("assistant", "Tea is on its way.")


async def test_the_history_grows_turn_by_turn_and_the_model_knows_it() -> None:
    async with (
        scripted(ScriptedLlm("Hello, Ada.", "Your name is Ada.")) as there,
        talking(there, RealtimeAgent(name="a"), model_config=TEXT) as talk,
    ):
        await talk.session.send_message("I am Ada")
        await talk.until_answers(1)
        await talk.session.send_message("who am I")
        await talk.until_answers(2)
        lines = ["I am Ada", "Hello, Ada.", "who am I", "Your name is Ada."]
        assert [text for _, text in talk.history()] == lines
        assert [getattr(m, "text", "") for m in there.llm.requests[-1].messages[-3:]] == lines[:3]
        assert len(talk.of("history_added")) + len(talk.of("history_updated")) >= 4


async def test_usage_adds_up() -> None:
    async with scripted(ScriptedLlm("One.", "Two.")) as there, talking(there, RealtimeAgent(name="a")) as talk:
        for number in (1, 2):
            await talk.session.send_message("count on")
            await talk.until_answers(number)
        told = [event["response"]["usage"] for event in there.recorder.of("response.done")]
        usage = talk.of("agent_end")[-1].info.context.usage
        assert usage.requests == 2
        assert usage.input_tokens == sum(each["input_tokens"] for each in told) > 0
        assert usage.output_tokens == sum(each["output_tokens"] for each in told) > 0
        assert usage.total_tokens == usage.input_tokens + usage.output_tokens


async def test_a_handoff_changes_the_agent_its_prompt_and_its_tools() -> None:
    tool, ordered = ordering()
    waiter = RealtimeAgent(name="waiter", instructions="You are the waiter.", tools=[tool])
    host = RealtimeAgent(name="host", instructions="You are the host.", handoffs=[waiter])
    handoff = ToolCall("call_0", "transfer_to_waiter", "{}")
    async with scripted(ScriptedLlm(handoff, ORDER, "Tea it is.")) as there, talking(there, host) as talk:
        await talk.session.send_message("I want to order tea")
        await talk.until_answers(3)
        (change,) = talk.of("handoff")
        assert (change.from_agent.name, change.to_agent.name, ordered) == ("host", "waiter", ["tea"])
        assert "You are the waiter." in prompt(there)
        assert "order" in offered(there)
        assert "transfer_to_waiter" not in offered(there)


async def test_another_agent_takes_over_in_the_middle() -> None:
    async with (
        scripted(ScriptedLlm("Hi.", "Ahoy.")) as there,
        talking(there, RealtimeAgent(name="a", instructions="Be polite.")) as talk,
    ):
        await talk.session.send_message("hello")
        await talk.until_answers(1)
        await talk.session.update_agent(RealtimeAgent(name="b", instructions="Talk like a sailor."))
        await talk.session.send_message("hello again")
        await talk.until_answers(2)
        assert "Talk like a sailor." in prompt(there)
        assert "Be polite." not in prompt(there)
        assert talk.history()[-1] == ("assistant", "Ahoy.")


async def test_a_tool_that_is_approved_runs() -> None:
    tool, ordered = ordering(needs_approval=True)
    async with (
        scripted(ScriptedLlm(ORDER, "Tea is on its way.")) as there,
        talking(there, RealtimeAgent(name="a", tools=[tool])) as talk,
    ):
        await talk.session.send_message("tea please")
        await talk.until(lambda: talk.of("tool_approval_required"))
        assert ordered == []
        await talk.session.approve_tool_call(talk.of("tool_approval_required")[0].call_id)
        await talk.until_answers(2)
        assert (ordered, outputs(there)) == (["tea"], ["tea ordered"])


async def test_a_tool_that_is_refused_never_runs_and_the_model_is_told() -> None:
    tool, ordered = ordering(needs_approval=True)
    async with (
        scripted(ScriptedLlm(ORDER, "Then not.")) as there,
        talking(there, RealtimeAgent(name="a", tools=[tool])) as talk,
    ):
        await talk.session.send_message("tea please")
        await talk.until(lambda: talk.of("tool_approval_required"))
        call_id = talk.of("tool_approval_required")[0].call_id
        await talk.session.reject_tool_call(call_id, rejection_message="not today")
        await talk.until_answers(2)
        assert (ordered, outputs(there)) == ([], ["not today"])
        assert talk.history()[-1] == ("assistant", "Then not.")


async def test_recorded_sound_is_heard_and_answered() -> None:
    heard = DEMO["question"]
    async with (
        scripted(
            ScriptedLlm(Reply("Thirty minutes.", expect=lambda asked: asked.messages[-1].text == heard)), heard=[heard]
        ) as there,
        talking(there, RealtimeAgent(name="a")) as talk,
    ):
        await talk.speak(recording())
        await talk.until_answers(1)
        assert talk.history() == [("user", heard), ("assistant", "Thirty minutes.")]
        assert b"".join(event.audio.data for event in talk.of("audio"))


async def test_a_guardrail_on_what_is_spoken_cuts_the_answer() -> None:
    @agents.output_guardrail
    def no_depths(context: Any, agent: Any, output: Any) -> GuardrailFunctionOutput:
        return GuardrailFunctionOutput(output_info=None, tripwire_triggered="eighty three" in str(output))

    agent = RealtimeAgent(name="a", output_guardrails=[no_depths])
    run_config: Any = {"guardrails_settings": {"debounce_text_length": 5}}
    async with (
        scripted(ScriptedLlm(LONG, "Let us talk of boats.")) as there,
        talking(there, agent, config=run_config) as talk,
    ):
        await talk.session.send_message("how deep is the lake")
        await talk.until(lambda: talk.of("guardrail_tripped"))
        await talk.until_answers(2)
        assert there.recorder.of("response.done")[0]["response"]["status"] == "cancelled"
        assert talk.history()[-1] == ("assistant", "Let us talk of boats.")


async def test_a_guardrail_before_a_tool_keeps_it_from_running() -> None:
    @agents.tool_input_guardrail
    def no_tea(data: Any) -> ToolGuardrailFunctionOutput:
        return ToolGuardrailFunctionOutput.reject_content("no tea here")

    tool, ordered = ordering(tool_input_guardrails=[no_tea])
    async with (
        scripted(ScriptedLlm(ORDER, "There is no tea.")) as there,
        talking(there, RealtimeAgent(name="a", tools=[tool])) as talk,
    ):
        await talk.session.send_message("tea please")
        await talk.until_answers(2)
        assert (ordered, outputs(there)) == ([], ["no tea here"])


async def test_a_guardrail_after_a_tool_hides_its_output() -> None:
    @agents.tool_output_guardrail
    def secret(data: Any) -> ToolGuardrailFunctionOutput:
        return ToolGuardrailFunctionOutput.reject_content("withheld")

    tool, ordered = ordering(tool_output_guardrails=[secret])
    async with (
        scripted(ScriptedLlm(ORDER, "Done.")) as there,
        talking(there, RealtimeAgent(name="a", tools=[tool])) as talk,
    ):
        await talk.session.send_message("tea please")
        await talk.until_answers(2)
        assert (ordered, outputs(there)) == (["tea"], ["withheld"])
