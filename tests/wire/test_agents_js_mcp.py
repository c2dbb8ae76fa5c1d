"""The Agents SDK for JavaScript with ``hostedMcpTool``: a real MCP server behind a real socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.fakes.mcp_server import RunningMcp, mcp_server
from tests.wire.node_client import NodeClient, node_client
from tests.wire.scripted import KEY, Scripted, scripted
from vasi.engines.ports import ToolCall, ToolMessage
from vasi.testing.llm import ScriptedLlm
from vasi.tools.servers import Servers

DEPTH = ToolCall("c1", "lake__depth", '{"lake": "It"}')
DRAIN = ToolCall("c2", "lake__drain", '{"lake": "It"}')


@asynccontextmanager
async def talking(llm: ScriptedLlm, **tool: Any) -> AsyncIterator[tuple[NodeClient, Scripted, RunningMcp]]:
    async with mcp_server() as lake, scripted(llm, servers=Servers(origins=[lake.origin])) as there:
        named = {"serverLabel": "lake", "serverUrl": lake.url, **tool}
        async with node_client("agents.mjs", url=there.server.ws, apiKey=KEY, tools=[], servers=[named]) as client:
            await client.until(lambda: client.told("available"))
            yield client, there, lake
        # Its schemas don't know this one, which is in the API.
        unknown = [event for event in client.told("generic") if event["type"] != "response.mcp_call.failed"]
        assert unknown == []


def told(llm: ScriptedLlm) -> list[str]:
    return [message.output for message in llm.requests[-1].messages if isinstance(message, ToolMessage)]


async def test_a_hosted_tool_is_listed_called_and_answered_by_one_response_more() -> None:
    llm = ScriptedLlm(DEPTH, "It is 83 metres deep.")
    async with talking(llm) as (client, there, lake):
        assert client.told("available")[-1][:2] == ["depth", "drain"]
        await client.command(say="how deep is the lake")
        await client.until_event("response.done", 2)
        assert len(there.recorder.of("response.created")) == 2, "the call, and the answer that the SDK asks for"
        history = client.told("history")[-1]
        assert [item["type"] for item in history] == ["message", "mcp_call", "message"]
        assert history[1]["output"] == "It is 83 metres deep."
        assert lake.called == ["depth"]
    assert told(llm) == ["It is 83 metres deep."]


async def test_an_approved_call_runs_and_a_rejected_one_does_not() -> None:
    llm = ScriptedLlm(DEPTH, "It is 83 metres deep.", DRAIN, "Then I leave it.")
    approval = {"always": {"toolNames": ["depth", "drain"]}}
    async with talking(llm, requireApproval=approval) as (client, there, lake):
        await client.command(say="how deep is the lake")
        await client.until_event("response.done", 2)
        await client.command(say="drain it")
        await client.until_event("response.done", 4)
        assert client.told("asked") == ["depth", "drain"]
        assert lake.called == ["depth"]
        assert len(there.recorder.of("response.created")) == 4
    assert "refused" in told(llm)[-1]
