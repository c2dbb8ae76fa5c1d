"""The official ``openai`` Python client names a real MCP server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from openai import AsyncOpenAI

from tests.fakes.mcp_server import RunningMcp, mcp_server
from tests.wire_validation import check_event
from vasi.engines.ports import ToolCall, ToolMessage
from vasi.testing.engines import scripted_engines
from vasi.testing.llm import Reply, ScriptedLlm
from vasi.testing.server import serving
from vasi.testing.settings import conversation_settings, gateway_settings
from vasi.tools.servers import Address, Servers

SETTINGS = gateway_settings("You are the assistant of a test.")
UNPACED = conversation_settings(lead_ms=None)
DEPTH = ToolCall("c1", "lake__depth", '{"lake": "It"}')
DRAIN = ToolCall("c2", "lake__drain", '{"lake": "It"}')


@asynccontextmanager
async def talking(llm: ScriptedLlm, servers: Servers) -> AsyncIterator[Any]:
    async with (
        serving(scripted_engines(llm), settings=SETTINGS, conversation=UNPACED, servers=servers) as server,
        AsyncOpenAI(api_key="sk-x", base_url=f"{server.http}/v1") as client,
        client.realtime.connect(model="m") as connection,
    ):
        yield connection
    llm.finish()


@pytest.fixture
async def lake() -> AsyncIterator[RunningMcp]:
    async with mcp_server(token="right") as running:
        yield running


async def until(connection: Any, kind: str) -> dict[str, Any]:
    async with asyncio.timeout(20):
        while True:
            event = (await connection.recv()).to_dict()
            check_event(event)
            assert event["type"] != "error" or kind == "error", event
            if event["type"] == kind:
                return event


async def name(connection: Any, **tool: Any) -> dict[str, Any]:
    tools = [{"type": "mcp", "server_label": "lake", **tool}]
    await connection.session.update(session={"type": "realtime", "output_modalities": ["text"], "tools": tools})
    return (await until(connection, "session.updated"))["session"]["tools"][0]


async def test_a_server_is_listed_called_and_its_result_told(lake: RunningMcp) -> None:
    llm = ScriptedLlm(DEPTH, "83 metres.")
    async with talking(llm, Servers(origins=[lake.origin])) as connection:
        shown = await name(
            connection, server_url=lake.url, authorization="right", headers={"x-a": "b"}, require_approval="never"
        )
        assert "authorization" not in shown
        assert "headers" not in shown
        listed = (await until(connection, "conversation.item.done"))["item"]
        assert [tool["name"] for tool in listed["tools"]][:2] == ["depth", "drain"]
        await until(connection, "mcp_list_tools.completed")
        await connection.response.create()
        [call] = (await until(connection, "response.done"))["response"]["output"]
        assert (call["name"], call["output"]) == ("depth", "It is 83 metres deep.")
        await connection.response.create()
        [message] = (await until(connection, "response.done"))["response"]["output"]
        assert message["content"][0]["text"] == "83 metres."
    assert [m.output for m in llm.requests[-1].messages if isinstance(m, ToolMessage)] == ["It is 83 metres deep."]
    assert lake.headers[-1]["x-a"] == "b"


async def test_only_an_approved_call_runs(lake: RunningMcp) -> None:
    llm = ScriptedLlm(Reply(DEPTH, DRAIN))
    servers = Servers({"lake": Address(lake.url, {"authorization": "Bearer right"})})
    async with talking(llm, servers) as connection:
        await name(connection)
        await until(connection, "mcp_list_tools.completed")
        await connection.response.create()
        requests = (await until(connection, "response.done"))["response"]["output"]
        assert [item["type"] for item in requests] == ["mcp_approval_request"] * 2
        for request, approve in zip(requests, (True, False), strict=True):
            item = {"type": "mcp_approval_response", "approval_request_id": request["id"], "approve": approve}
            await connection.conversation.item.create(item=item)
        await until(connection, "response.mcp_call.failed")
        await until(connection, "response.mcp_call.completed")
        done = (await until(connection, "conversation.item.done"))["item"]
        assert (done["approval_request_id"], done["output"]) == (requests[0]["id"], "It is 83 metres deep.")
    assert lake.called == ["depth"]


async def test_a_server_that_refuses_is_a_list_that_failed(lake: RunningMcp) -> None:
    async with talking(ScriptedLlm("Never mind."), Servers(origins=[lake.origin])) as connection:
        await name(connection, server_url=lake.url, authorization="wrong")
        failed = await until(connection, "mcp_list_tools.failed")
        await connection.conversation.item.retrieve(item_id=failed["item_id"])
        assert (await until(connection, "conversation.item.retrieved"))["item"]["tools"] == []
        await connection.response.create()
        assert (await until(connection, "response.done"))["response"]["status"] == "completed"


async def test_a_refusal_in_the_middle_is_an_http_error_of_the_call(lake: RunningMcp) -> None:
    async with talking(ScriptedLlm(DEPTH), Servers(origins=[lake.origin])) as connection:
        await name(connection, server_url=lake.url, authorization="right", require_approval="never")
        await until(connection, "mcp_list_tools.completed")
        lake.token = "changed"
        await connection.response.create()
        await until(connection, "response.mcp_call.failed")
        [call] = (await until(connection, "response.done"))["response"]["output"]
        assert (call["error"]["type"], call["error"]["code"]) == ("http_error", 401)


async def test_a_tool_that_only_reads_is_stopped_when_its_response_is_cancelled(lake: RunningMcp) -> None:
    wait = ToolCall("c3", "lake__wait", "{}")
    async with talking(ScriptedLlm(wait), Servers(origins=[lake.origin])) as connection:
        await name(connection, server_url=lake.url, authorization="right", require_approval="never")
        await until(connection, "mcp_list_tools.completed")
        await connection.response.create()
        await lake.reached.wait()
        await connection.response.cancel()
        response = (await until(connection, "response.done"))["response"]
        assert (response["status"], response["status_details"]["reason"]) == ("cancelled", "client_cancelled")
        async with asyncio.timeout(10):
            while not lake.cancelled:
                await asyncio.sleep(0.01)


async def test_a_key_for_a_browser_carries_the_server_and_hides_its_token(lake: RunningMcp) -> None:
    llm = ScriptedLlm(DEPTH)
    tool = {"type": "mcp", "server_label": "lake", "server_url": lake.url, "authorization": "right"}
    async with (
        serving(
            scripted_engines(llm), settings=SETTINGS, conversation=UNPACED, servers=Servers(origins=[lake.origin])
        ) as server,
        AsyncOpenAI(api_key="sk-x", base_url=f"{server.http}/v1") as client,
    ):
        session: Any = {"type": "realtime", "tools": [{**tool, "require_approval": "never"}]}
        secret = await client.realtime.client_secrets.create(session=session)
        assert "right" not in secret.model_dump_json()
        async with (
            AsyncOpenAI(api_key=secret.value, base_url=f"{server.http}/v1") as browser,
            browser.realtime.connect(model="m") as connection,
        ):
            assert (await connection.recv()).type == "session.created"
            await until(connection, "mcp_list_tools.completed")
            await connection.response.create(response={"output_modalities": ["text"]})
            [call] = (await until(connection, "response.done"))["response"]["output"]
            assert call["output"] == "It is 83 metres deep."
