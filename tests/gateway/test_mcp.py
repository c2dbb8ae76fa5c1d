"""What a client notices that names MCP servers: the server's own tools by the label "vasi", and others' by address."""

import pytest

from tests.gateway.sessions import ScriptedTool, session
from vasi.engines.ports import ToolCall, ToolMessage
from vasi.errors import ClientError, ToolError
from vasi.protocol.mcp import McpTool
from vasi.testing.llm import Reply, ScriptedLlm
from vasi.tools.ports import ToolResult
from vasi.tools.servers import Address, Servers

TEXT = {"output_modalities": ["text"]}
SEARCH = ToolCall("c1", "search_knowledge", '{"query": "lake"}')
NOTE = ToolCall("c2", "take_note", '{"text": "milk"}')
OWN = {"type": "mcp", "server_label": "vasi", "require_approval": "never"}


def tools():
    return [
        ScriptedTool.ready(result=ToolResult('{"depth": 83}')),
        ScriptedTool.ready(name="take_note", read_only=False),
    ]


def told(llm):
    return [message.output for message in llm.requests[-1].messages if isinstance(message, ToolMessage)]


def offered(llm):
    return [tool.name for tool in llm.requests[-1].tools]


async def until_error(client):
    return (await client.until("error"))["error"]


# --- the server's own tools -----------------------------------------------------------------------------------------
async def test_the_server_s_own_tools_can_be_seen_at_work():
    llm = ScriptedLlm(SEARCH, "83 metres.")
    async with session(llm, tools()) as table:
        client = table.client
        shown = await client.update(tools=[OWN], **TEXT)
        assert shown["tools"] == [OWN]
        [listed] = [event["item"] for event in client.of("conversation.item.done")]
        assert [tool["name"] for tool in listed["tools"]] == ["search_knowledge", "take_note"]
        assert [tool["annotations"]["readOnlyHint"] for tool in listed["tools"]] == [True, False]
        assert client.types("mcp_list_tools") == ["mcp_list_tools.in_progress", "mcp_list_tools.completed"]
        response = await client.say("How deep is the lake?")
        assert [(item["type"], item["output"]) for item in response["output"]] == [("mcp_call", '{"depth": 83}')]
        await client.send("response.create")
        response = (await client.until("response.done"))["response"]
        assert response["output"][0]["content"][0]["text"] == "83 metres."
        assert not client.of("error")
    assert told(llm) == ['{"depth": 83}']
    assert offered(llm) == ["search_knowledge", "take_note"]


async def test_tools_that_were_not_allowed_are_not_run_in_secret_either():
    llm = ScriptedLlm("Yes.")
    async with session(llm, tools()) as table:
        await table.client.update(tools=[{**OWN, "allowed_tools": ["search_knowledge"]}], **TEXT)
        await table.client.say("Hello")
    assert offered(llm) == ["search_knowledge"]


async def test_the_own_tools_are_hidden_again_when_the_client_names_them_no_more():
    llm = ScriptedLlm(SEARCH, "83 metres.")
    async with session(llm, tools()) as table:
        await table.client.update(tools=[OWN], **TEXT)
        await table.client.update(tools=[])
        response = await table.client.say("How deep is the lake?")
        assert [item["type"] for item in response["output"]] == ["message"]
        assert len(table.client.of("mcp_list_tools.completed")) == 1


async def test_naming_a_server_again_lists_nothing_anew():
    async with session(ScriptedLlm(), tools()) as table:
        for approval in ("never", "always", "never"):
            await table.client.update(tools=[{**OWN, "require_approval": approval}])
        await table.client.update(instructions="Hello.")
        assert len(table.client.of("mcp_list_tools.in_progress")) == 1


async def test_approval_is_asked_for_unless_the_client_said_otherwise():
    llm = ScriptedLlm(Reply(SEARCH, NOTE), "Noted.")
    held = tools()
    async with session(llm, held) as table:
        client = table.client
        read = {"never": {"read_only": True}}
        await client.update(tools=[{"type": "mcp", "server_label": "vasi", "require_approval": read}], **TEXT)
        response = await client.say("Search, and take a note.")
        assert [item["type"] for item in response["output"]] == ["mcp_call", "mcp_approval_request"]
        assert held[1].began == []
        request = response["output"][1]["id"]
        answer = {"type": "mcp_approval_response", "approval_request_id": request, "approve": True}
        await client.send("conversation.item.create", item=answer)
        await client.until("response.mcp_call.completed")
        done = (await client.until("conversation.item.done"))["item"]
        assert (done["approval_request_id"], done["name"]) == (request, "take_note")
        await client.send("response.create")
        assert (await client.until("response.done"))["response"]["status"] == "completed"
        await client.send("conversation.item.create", item=answer, event_id="again")
        assert (await until_error(client))["event_id"] == "again"
    assert held[1].ended == [NOTE.arguments]
    assert len(told(llm)) == 2


@pytest.mark.parametrize(
    ("wish", "asked"),
    [
        (None, {"read", "write"}),
        ("always", {"read", "write"}),
        ("never", set()),
        ({"never": {"tool_names": ["read"]}}, {"write"}),
        ({"always": {"tool_names": ["write"]}}, {"write"}),
        ({"always": {"read_only": False}, "never": {"tool_names": []}}, {"read", "write"}),
        ({"never": {"read_only": True}, "always": {"tool_names": ["read"]}}, {"write"}),
        ({}, {"read", "write"}),
    ],
)
def test_which_calls_need_approval(wish, asked):
    import msgspec

    tool = msgspec.convert({"type": "mcp", "server_label": "x", "require_approval": wish}, McpTool)
    assert {name for name in ("read", "write") if tool.needs_approval(name, name == "read")} == asked


async def test_a_response_can_have_servers_of_its_own():
    llm = ScriptedLlm(SEARCH, "83 metres.", SEARCH, "Hidden.")
    async with session(llm, tools()) as table:
        response = await table.client.say("How deep?", tools=[OWN], metadata={"mine": "1"}, **TEXT)
        assert [item["type"] for item in response["output"]] == ["mcp_call"]
        assert response["metadata"] == {"mine": "1"}
        assert table.client.of("response.created")[0]["response"]["metadata"] == {"mine": "1"}
        await table.client.send("response.create", response=TEXT)
        await table.client.until("response.done")
        response = await table.client.say("And again?", **TEXT)
        assert [item["type"] for item in response["output"]] == ["message"]


async def test_the_model_can_be_made_to_call_a_tool_of_a_server():
    llm = ScriptedLlm("Yes.", "Yes.", "Yes.")
    async with session(llm, tools()) as table:
        choice = {"type": "mcp", "server_label": "vasi", "name": "take_note"}
        shown = await table.client.update(tools=[OWN], tool_choice=choice, **TEXT)
        assert shown["tool_choice"] == choice
        await table.client.say("Hello")
        assert llm.requests[-1].tool_choice == "take_note"
        await table.client.say("Hello", tool_choice={"type": "mcp", "server_label": "vasi"})
        assert llm.requests[-1].tool_choice == "required"
        await table.client.say("Hello", tool_choice="auto")
        assert llm.requests[-1].tool_choice == "auto"


async def test_a_response_outside_the_conversation_has_no_servers_and_tools_that_only_read():
    llm = ScriptedLlm(SEARCH, "83 metres.")
    async with session(llm, tools()) as table:
        await table.client.update(tools=[OWN])
        response = await table.client.say("How deep?", conversation="none", **TEXT)
        assert [item["type"] for item in response["output"]] == ["message"]
        assert [type(message).__name__ for message in llm.requests[-1].messages][-1] == "ToolMessage"
    assert offered(llm) == ["search_knowledge"]


async def test_who_opts_in_sees_the_tool_at_work_as_well():
    llm = ScriptedLlm(SEARCH)
    async with session(llm, tools(), activity=True) as table:
        await table.client.update(tools=[OWN], **TEXT)
        await table.client.say("How deep?")
        assert table.client.types("vasi.") == ["vasi.tool_call.started", "vasi.tool_call.done"]


async def test_a_tool_that_fails_shows_why():
    held = [ScriptedTool.ready(result=ToolError("The lake is closed."))]
    async with session(ScriptedLlm(SEARCH), held) as table:
        await table.client.update(tools=[OWN], **TEXT)
        [call] = (await table.client.say("How deep?"))["output"]
        assert call["error"] == {"type": "tool_execution_error", "message": "The lake is closed."}


async def test_the_client_leaves_in_the_middle_of_a_call():
    """``session`` asserts that no task is left."""
    search = ScriptedTool()
    async with session(ScriptedLlm(SEARCH), [search]) as table:
        await table.client.update(tools=[OWN])
        await table.client.send("response.create", response=TEXT)
        await search.reached.wait()
    assert search.stopped == 1


async def test_speech_cuts_a_call_that_only_reads():
    search = ScriptedTool()
    async with session(ScriptedLlm(SEARCH), [search]) as table:
        await table.client.update(tools=[OWN], **TEXT)
        await table.client.write("How deep?")
        await table.client.send("response.create")
        await search.reached.wait()
        await table.hear(600, loud=True)
        response = (await table.client.until("response.done"))["response"]
        assert (response["status"], response["status_details"]["reason"]) == ("cancelled", "turn_detected")
    assert search.stopped == 1


# --- servers of others ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("tool", "param", "words"),
    [
        ({"server_label": "far"}, "session.tools[0].server_url", "No MCP server is known as 'far'"),
        ({"server_label": "far", "server_url": "http://10.0.0.1/x"}, "session.tools[0].server_url", "'mcp_origins'"),
        (
            {"server_label": "vasi2", "connector_id": "connector_gmail"},
            "session.tools[0].connector_id",
            "'server_url'",
        ),
        ({"server_label": "a b", "server_url": "http://x"}, "session.tools[0].server_label", "Invalid value"),
        ({}, "session.tools[0].server_label", "Missing required parameter"),
    ],
)
async def test_servers_that_a_client_may_not_name(tool, param, words):
    async with session(ScriptedLlm("Still here."), tools()) as table:
        await table.client.send("session.update", session={"type": "realtime", "tools": [{"type": "mcp", **tool}]})
        error = await until_error(table.client)
        assert error["param"] == param
        assert words in error["message"]
        shown = await table.client.update(instructions="Hi.")
        assert shown["tools"] == []
        assert not table.client.types("mcp_list_tools")


NAMED = Servers({"far": Address("https://far.example/mcp", {"authorization": "Bearer ours"})}, ["http://near:81"])


def address(**fields):
    return NAMED.address(McpTool(**fields), "tools[0]")


def test_a_configured_server_is_named_by_label_and_gets_the_server_s_own_credentials():
    assert address(server_label="far") == address(server_label="far", server_url="https://far.example/mcp")
    assert address(server_label="far", authorization="theirs").headers == {"authorization": "Bearer ours"}
    assert "ours" not in repr(address(server_label="far"))


def test_a_server_at_a_listed_origin_gets_the_client_s_credentials_alone():
    found = address(server_label="far", server_url="http://near:81/mcp", authorization="t", headers={"X-A": "b"})
    assert found == Address("http://near:81/mcp", {"authorization": "Bearer t", "x-a": "b"})


@pytest.mark.parametrize(
    "url",
    [
        "http://near/mcp",
        "https://near:81/mcp",
        "http://near:81@evil/mcp",
        "http://near:81.evil/mcp",
        "http://nearer:81/",
        "file:///etc/passwd",
        "https://far.example.evil/mcp",
        "nonsense",
        "http://[",
    ],
)
def test_no_other_address_is_reached(url):
    with pytest.raises(ClientError, match="mcp_origins"):
        address(server_label="far", server_url=url)
