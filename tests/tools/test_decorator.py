"""A tool made of an async function."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec
import pytest
from msgspec import Meta

from vasi.errors import ToolError
from vasi.tools.decorator import tool
from vasi.tools.ports import KnownTool, Tool, ToolContext, ToolResult
from vasi.tools.registry import Registry
from vasi.tools.runner import ToolCall, ToolRunner

CONTEXT = ToolContext("alice", datetime(2026, 3, 4, tzinfo=UTC))


class WeatherArguments(msgspec.Struct):
    city: Annotated[str, Meta(max_length=10, description="Where.")]
    days: int = 1


@tool("weather", "What the weather is like in a city.", read_only=True)
async def weather(context: ToolContext, arguments: WeatherArguments) -> ToolResult:
    return ToolResult(f'{{"owner": "{context.owner}", "city": "{arguments.city}", "days": {arguments.days}}}')


def test_the_struct_is_the_schema_that_the_model_gets():
    [spec] = Registry([weather]).specs()
    assert (spec.name, spec.description) == ("weather", "What the weather is like in a city.")
    assert spec.parameters["properties"]["city"] == {"type": "string", "maxLength": 10, "description": "Where."}
    assert spec.parameters["required"] == ["city"]


async def test_it_runs_with_what_the_model_wrote():
    held: Tool = weather
    result = await held.run(CONTEXT, '{"city": "Oslo", "invented": 1}')
    assert result.output == '{"owner": "alice", "city": "Oslo", "days": 1}'
    assert held.read_only
    assert isinstance(held, KnownTool)
    assert not held.trusted


@pytest.mark.parametrize("arguments", ["{}", '{"city": 5}', '{"city": "a name that is too long"}', "no JSON"])
async def test_arguments_that_do_not_fit_are_refused_in_words_for_the_model(arguments):
    with pytest.raises(ToolError, match="arguments"):
        await weather.run(CONTEXT, arguments)


async def test_a_tool_runs_without_a_session():
    runner = ToolRunner(timeout_s=1)
    outcome = await runner.run(ToolCall("a", "", "weather", '{"city": "Oslo"}', weather), CONTEXT)
    assert (outcome.status, outcome.error) == ("completed", None)
    failed = await runner.run(ToolCall("b", "", "weather", "{}", weather), CONTEXT)
    assert failed.status == "failed"
    assert "arguments" in failed.result.output
    unknown = await runner.run(ToolCall("c", "", "oracle", "{}", None), CONTEXT)
    assert unknown.result.output == '{"error":"There is no tool named \'oracle\'."}'
