"""MCP servers as tools: a real server, made with the official SDK, over a real socket."""

import asyncio

import pytest

from tests.fakes.mcp_server import mcp_server
from vasi.errors import McpError, ToolError
from vasi.tools import mcp as tools_mcp
from vasi.tools.mcp import McpServer
from vasi.tools.offered import OfferedTools
from vasi.tools.registry import MAX_NAME_CHARACTERS, Registry, function_name
from vasi.tools.servers import Address, Servers


@pytest.fixture(params=["http", "sse"])
async def lake(request):
    async with mcp_server(request.param) as running:
        yield running


@pytest.fixture
async def server(lake):
    server = McpServer(lake.url, {"x-mine": "yes"}, 5)
    yield server
    await server.close()
    assert not [task for task in asyncio.all_tasks() if "McpServer" in repr(task)]


async def test_tools_are_listed_with_what_their_server_says_of_them(server, lake):
    tools = {tool.name: tool for tool in await server.list_tools()}
    assert list(tools) == ["depth", "drain", "leak", "flood", "wait"]
    assert tools["depth"].description == "How deep a lake is."
    assert tools["depth"].parameters["required"] == ["lake"]
    assert (tools["depth"].read_only, tools["drain"].read_only) == (True, False)
    assert lake.headers[0]["x-mine"] == "yes"


async def test_tools_are_called_over_one_connection(server, lake):
    assert await server.call("depth", {"lake": "It"}) == "It is 83 metres deep."
    connections = {headers["host"] for headers in lake.headers}
    before = len(lake.headers)
    assert await server.call("drain", {"lake": "It"}) == "It is empty now."
    assert len(lake.headers) == before + 1, "one request a call, once connected"
    assert len(connections) == 1


async def test_what_a_tool_says_when_it_fails_is_passed_on(server):
    with pytest.raises(ToolError) as failed:
        await server.call("depth", {"lake": 5})
    assert not isinstance(failed.value, McpError)
    assert "lake" in failed.value.message


async def test_a_tool_that_never_returns_is_given_up():
    async with mcp_server() as lake:
        server = McpServer(lake.url, {}, 0.5)
        await server.list_tools()
        with pytest.raises(McpError, match=r"within 0.5 seconds") as failed:
            await server.call("wait", {})
        assert failed.value.http == 504
        assert await server.call("depth", {"lake": "It"}), "the connection lives"
        await server.close()


async def test_a_server_that_refuses_is_told_with_its_status():
    async with mcp_server(token="right") as lake:
        wrong, right = McpServer(lake.url, {}, 5), McpServer(lake.url, {"authorization": "Bearer right"}, 5)
        with pytest.raises(McpError) as failed:
            await wrong.list_tools()
        assert failed.value.http == 401
        assert await right.list_tools()
        lake.token = "changed"
        with pytest.raises(McpError) as failed:
            await right.call("depth", {"lake": "It"})
        assert failed.value.http == 401
        await wrong.close()
        await right.close()


async def test_a_server_that_is_gone_and_comes_back():
    async with mcp_server() as lake:
        server = McpServer(lake.url, {}, 5)
        assert await server.list_tools()
        port = lake.port
    with pytest.raises(McpError) as failed:
        await server.call("depth", {"lake": "It"})
    assert failed.value.http == 502
    with pytest.raises(McpError, match="can't be reached"):
        await server.call("depth", {"lake": "It"})
    await server.close()
    assert port


async def test_an_answer_that_is_too_large_is_not_read(monkeypatch):
    await asyncio.to_thread(__import__, "vasi.tools.mcp_sdk")
    from vasi.tools import mcp_sdk

    monkeypatch.setattr(mcp_sdk, "BODY_BYTES", 50_000)
    async with mcp_server() as lake:
        server = McpServer(lake.url, {}, 5)
        assert await server.list_tools()
        with pytest.raises(McpError, match="too large"):
            await server.call("flood", {})
        assert await server.call("depth", {"lake": "It"}), "it connects anew"
        await server.close()


async def test_only_so_many_tools_are_looked_at(monkeypatch):
    monkeypatch.setattr(tools_mcp, "TOOLS", 2)
    async with mcp_server() as lake:
        server = McpServer(lake.url, {}, 5)
        assert [tool.name for tool in await server.list_tools()] == ["depth", "drain"]
        await server.close()


async def test_offered_tools_stand_beside_the_server_s_own():
    async with mcp_server(token="t") as lake:
        registry = Registry([], Servers({"lake": Address(lake.url, {"authorization": "Bearer t"})}))
        running = asyncio.create_task(OfferedTools(registry, ["lake"]).run())
        async with asyncio.timeout(10):
            while not registry.specs():
                await asyncio.sleep(0.01)
        assert "lake__depth" in registry
        assert "lake__drain" not in registry, "it changes something"
        assert registry.own() == []
        assert registry.specs(frozenset({"lake"})) == []
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_tools_that_change_something_are_offered_where_the_settings_approve_them():
    async with mcp_server(token="t") as lake:
        registry = Registry([], Servers({"lake": Address(lake.url, {"authorization": "Bearer t"})}))
        running = asyncio.create_task(OfferedTools(registry, ["lake"], approved=["lake"]).run())
        async with asyncio.timeout(10):
            while not registry.specs():
                await asyncio.sleep(0.01)
        assert "lake__drain" in registry
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize("tool", ["depth", "größe", "a.b/c", "x" * 200])
def test_models_take_any_tool_by_a_name_of_its_own(tool):
    name = function_name("lake", tool)
    assert len(name) <= MAX_NAME_CHARACTERS
    assert name.isascii()
    assert name.startswith("lake__")
    assert function_name("lake", tool + "!") != name
