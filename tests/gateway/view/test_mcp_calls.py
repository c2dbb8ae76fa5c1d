"""Calls of an MCP server's tools, as the hosted API shows them, over a backend that knows only functions."""

import json

import pytest

from tests.gateway.view.stage import Stage
from tests.gateway.view.test_rounds import CALL, MESSAGE, assert_cancelled, assert_one_response, ended, errors, kinds
from vasi.conversation import effects as do
from vasi.conversation import inputs

ASKED = [
    "response.output_item.added",
    "conversation.item.added",
    "response.output_item.done",
    "conversation.item.done",
]
BEGUN = [
    "response.output_item.added",
    "conversation.item.added",
    "response.mcp_call_arguments.delta",
    "response.mcp_call_arguments.done",
    "response.mcp_call.in_progress",
]
OVER = ["response.output_item.done", "conversation.item.done"]
COMPLETED = [*BEGUN, "response.mcp_call.completed", *OVER]


def started(**session):
    """A stage with a question, and the model asked."""
    stage = Stage(**session)
    stage.writes("Where?")
    stage.backend_takes()
    stage.new()
    stage.asks()
    stage.backend_takes()
    return stage


def called(*calls):
    """A stage whose model has called."""
    stage = started()
    stage.model("", *(calls or [("far__lookup", "a")]))
    stage.backend_takes()
    return stage


def asking():
    """A stage whose model wants to call what needs approval; the id of the request."""
    stage = called(("far__erase", "a"))
    stage.new()
    return stage, stage.asked()[0]


def context(stage):
    return [getattr(item, "output", None) or getattr(item, "name", None) for item in stage.backend.context()]


# --- calls ----------------------------------------------------------------------------------------------------------
def test_a_call_is_shown_run_and_the_client_asks_for_what_follows():
    stage = called()
    assert kinds(stage.new()) == ["response.created", *BEGUN]
    stage.tool_returns("a")
    stage.backend_takes()
    events = stage.new()
    assert kinds(events) == ["response.mcp_call.completed", *OVER, "response.done"]
    [call] = ended(events)["output"]
    assert (call["type"], call["server_label"], call["name"], call["arguments"]) == (
        "mcp_call",
        "far",
        "lookup",
        '{"q": 1}',
    )
    assert (call["output"], call["error"]) == ("mcp output of a", None)
    assert stage.hidden_calls() == {"a": 1}
    assert not stage.inbox, "nobody but the client asks for the continuation"
    stage.asks()
    stage.backend_takes()
    stage.model("There.")
    assert_one_response(stage.new(), MESSAGE)


def test_a_tool_that_fails_is_shown_as_failed_and_told_to_the_model():
    stage = called()
    stage.new()
    stage.tool_returns("a", fails=True)
    stage.backend_takes()
    events = stage.new()
    assert kinds(events) == ["response.mcp_call.failed", *OVER, "response.done"]
    [call] = ended(events)["output"]
    assert ended(events)["status"] == "completed"
    assert (call["output"], call["error"]) == (None, {"type": "tool_execution_error", "message": "It broke."})
    assert json.dumps({"error": "It broke."}, separators=(",", ":")) in context(stage)


def test_the_response_waits_for_all_its_calls_and_shows_them_in_order():
    stage = called(("far__lookup", "a"), ("far__lookup", "b"))
    stage.tool_returns("b")
    assert "response.done" not in kinds(stage.new())
    stage.tool_returns("a")
    events = stage.new()
    assert kinds(events) == ["response.mcp_call.completed", *OVER, *OVER, "response.done"]
    assert [call["output"] for call in ended(events)["output"]] == ["mcp output of a", "mcp output of b"]


def test_calls_of_all_three_kinds_in_one_round():
    stage = called(("search", "a"), ("open_door", "b"), ("far__lookup", "c"))
    stage.goes()
    assert_one_response(stage.new(), CALL, COMPLETED)
    assert stage.hidden_calls() == {"a": 1, "c": 1}


def test_a_search_of_the_server_s_before_the_call_is_hidden_as_ever():
    stage = called(("search", "a"))
    stage.goes()
    stage.model("", ("far__lookup", "b"))
    stage.goes()
    assert_one_response(stage.new(), COMPLETED)
    assert stage.hidden_calls() == {"a": 1, "b": 1}


def test_a_call_can_be_retrieved_as_soon_as_it_runs_and_when_it_is_over():
    stage = called()
    [added] = [event for event in stage.new() if event["type"] == "conversation.item.added"]
    wanted = added["item"]["id"]
    stage.client("conversation.item.retrieve", item_id=wanted)
    [shown] = stage.new()
    assert (shown["item"]["arguments"], shown["item"]["output"]) == ('{"q": 1}', None)
    stage.tool_returns("a")
    stage.new()
    stage.client("conversation.item.retrieve", item_id=wanted)
    assert stage.new()[0]["item"]["output"] == "mcp output of a"
    stage.client("conversation.item.truncate", item_id=wanted, content_index=0, audio_end_ms=0)
    assert errors(stage.new())[0]["code"] == "unsupported_content_type"


def test_the_client_may_not_ask_for_more_while_a_call_runs():
    stage = called()
    stage.new()
    stage.asks()
    assert errors(stage.new())[0]["code"] == "conversation_already_has_active_response"
    stage.asks(conversation="none", input=[])
    stage.backend_takes()
    assert kinds(stage.new()) == ["response.created"]


def test_a_response_can_be_told_of_a_call_by_reference():
    stage = called()
    stage.tool_returns("a")
    stage.backend_takes()
    wanted = stage.done_items("mcp_call")[0]["item"]["id"]
    stage.asks(conversation="none", input=[{"type": "item_reference", "id": wanted}])
    stage.backend_takes()
    asked = [wish for wish in stage.backend.wishes if isinstance(wish, do.Generate)][-1]
    told = [type(item).__name__ for item in asked.context]
    assert told == ["FunctionCall", "FunctionCallOutput"]


# --- cuts -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("how", ["cancel", "speak"])
def test_a_cut_while_a_call_runs_ends_response_and_call(how):
    stage = called()
    stage.new()
    if how == "cancel":
        stage.client("response.cancel")
    else:
        stage.backend.hears(200, speech=True)
    events = [event for event in stage.new() if "speech" not in event["type"]]
    assert kinds(events) == ["response.mcp_call.failed", "response.output_item.done", "response.done"]
    response = assert_cancelled(events, "client_cancelled" if how == "cancel" else "turn_detected")
    assert response["output"][0]["error"]["type"] == "tool_execution_error"
    assert stage.stopped == ["a"]
    stage.backend_takes()
    assert stage.hidden_calls() == {"a": 1}, "the model's context is whole"


def test_a_cancel_that_comes_when_the_model_is_done_still_ends_the_response():
    stage = started()
    stage.backend.step(inputs.ToolCallDelta(stage.backend.asked, 0, "{}", "a", "far__lookup"))
    stage.backend.step(inputs.ToolCallDelta(stage.backend.asked, 1, "{}", "b", "far__lookup"))
    stage.client("response.cancel", event_id="mine")
    stage.backend.finishes("tool_calls")
    assert_cancelled(stage.new(), "client_cancelled")
    stage.backend_takes()
    assert not errors(stage.new()), "the cancel did its work"
    stage.client("response.cancel", event_id="mine")
    stage.backend_takes()
    assert errors(stage.new())[0]["code"] == "response_cancel_not_active"


def test_a_backend_that_is_lost_fails_the_response_that_waits_for_a_call():
    stage = called()
    stage.new()
    stage.is_lost()
    response = ended(stage.new())
    assert (response["status"], response["status_details"]["error"]["code"]) == ("failed", "upstream_error")
    assert stage.stopped == ["a"]


def test_a_call_that_was_not_written_out_is_shown_as_failed_and_forgotten():
    stage = started()
    stage.model("", ("far__lookup", "a"), finish="length")
    stage.backend_takes()
    events = stage.new()
    assert ended(events)["status"] == "incomplete"
    assert ended(events)["output"][0]["error"]["type"] == "tool_execution_error"
    assert not stage.running
    assert set(stage.hidden_calls().values()) <= {0, 1}


# --- the conversation -----------------------------------------------------------------------------------------------
def test_a_deleted_call_is_gone_for_the_model_too():
    stage = called()
    stage.tool_returns("a")
    stage.backend_takes()
    wanted = stage.done_items("mcp_call")[0]["item"]["id"]
    stage.new()
    stage.client("conversation.item.delete", item_id=wanted)
    stage.backend_takes()
    assert kinds(stage.new()) == ["conversation.item.deleted"]
    assert stage.hidden_calls() == {}
    assert not [item for item in context(stage) if item and "output" in item]
    stage.client("conversation.item.retrieve", item_id=wanted)
    stage.backend_takes()
    assert errors(stage.new())[0]["code"] == "item_retrieve_invalid_item_id"


def test_a_call_deleted_while_it_runs_leaves_no_output_behind():
    stage = called()
    [added] = [event for event in stage.new() if event["type"] == "conversation.item.added"]
    stage.client("conversation.item.delete", item_id=added["item"]["id"])
    stage.backend_takes()
    stage.tool_returns("a")
    stage.backend_takes()
    events = stage.new()
    assert kinds(events) == [
        "conversation.item.deleted",
        "response.mcp_call.completed",
        "response.output_item.done",
        "response.done",
    ]
    assert stage.hidden_calls() == {}


def test_items_are_put_where_the_client_sees_the_calls():
    """The books of the stage's client check every ``previous_item_id``."""
    stage = Stage()
    stage.lists()
    stage.lists_come()
    stage.writes("First")
    stage.backend_takes()
    [of_list, of_message] = stage.books.order
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "between"}]}
    for previous, place in ((of_list, 1), ("root", 0), (of_message, 4)):
        stage.client("conversation.item.create", previous_item_id=previous, item=item)
        stage.backend_takes()
        assert stage.books.lines[stage.books.order[place]] == "user: between"
    assert not errors(stage.new())


# --- approvals ------------------------------------------------------------------------------------------------------
def test_a_call_that_needs_approval_is_asked_for_and_the_response_ends():
    stage = called(("far__erase", "a"))
    events = stage.new()
    response = assert_one_response(events, ASKED)
    [request] = response["output"]
    assert (request["type"], request["name"], request["arguments"]) == ("mcp_approval_request", "erase", '{"q": 1}')
    assert not stage.running


def test_an_approved_call_runs_and_is_an_item_of_its_own():
    stage, request = asking()
    stage.answers(request, approve=True, previous_item_id=request)
    events = stage.new()
    assert kinds(events) == [
        "conversation.item.added",
        "conversation.item.done",
        "conversation.item.added",
        "response.mcp_call.in_progress",
    ]
    assert events[0]["item"]["id"], "it had none"
    assert events[0]["previous_item_id"] == request
    assert events[2]["item"]["approval_request_id"] == request
    stage.tool_returns("a")
    stage.backend_takes()
    events = stage.new()
    assert kinds(events) == ["response.mcp_call.completed", "conversation.item.done"]
    assert events[1]["item"]["output"] == "mcp output of a"
    assert stage.hidden_calls() == {"a": 1}


def test_a_refused_call_does_not_run_and_the_model_learns_why():
    stage, request = asking()
    stage.answers(request, approve=False)
    stage.backend_takes()
    assert not stage.running
    events = stage.new()
    assert kinds(events)[2:] == ["conversation.item.added", "response.mcp_call.failed", "conversation.item.done"]
    assert events[-1]["item"]["error"]["type"] == "tool_execution_error"
    assert "refused" in next(item for item in context(stage) if item and "error" in item)


def test_the_reason_of_a_refusal_reaches_the_model():
    stage, request = asking()
    item = {"type": "mcp_approval_response", "id": "mine", "approval_request_id": request, "approve": False}
    stage.client("conversation.item.create", item={**item, "reason": "Not on a Sunday."})
    stage.backend_takes()
    assert "Not on a Sunday." in next(item for item in context(stage) if item and "error" in item)
    stage.client("conversation.item.retrieve", item_id="mine")
    assert stage.new()[-1]["item"]["reason"] == "Not on a Sunday."


def test_unknown_and_repeated_answers_are_refused():
    stage, request = asking()
    stage.answers("item_unknown", approve=True, event_id="mine")
    [error] = errors(stage.new())
    assert (error["param"], error["event_id"]) == ("item.approval_request_id", "mine")
    stage.answers(request, approve=True, previous_item_id="item_unknown")
    assert errors(stage.new())[0]["code"] == "item_create_invalid_previous_item_id"
    stage.answers(request, approve=True)
    stage.new()
    stage.answers(request, approve=False)
    assert "answered already" in errors(stage.new())[0]["message"]
    assert list(stage.running) == ["a"]


def test_a_deleted_request_cannot_be_approved_any_more():
    stage, request = asking()
    stage.client("conversation.item.delete", item_id=request)
    stage.backend_takes()
    assert stage.hidden_calls() == {}
    stage.new()
    stage.answers(request, approve=True)
    assert "no approval request" in errors(stage.new())[0]["message"]


def test_speech_does_not_cut_an_approved_call():
    stage, request = asking()
    stage.answers(request, approve=True)
    stage.backend.speaks(300)
    assert not stage.stopped
    stage.tool_returns("a")
    stage.backend_takes()
    assert stage.hidden_calls() == {"a": 1}


def test_an_approval_request_that_was_cut_in_the_middle_was_never_made():
    stage = started()
    stage.model("", ("far__erase", "a"), finish="length")
    stage.backend_takes()
    response = ended(stage.new())
    assert response["status"] == "incomplete"
    assert stage.asked() == [], "clients act on a request whose item is done"
    assert stage.hidden_calls() == {}
    stage.answers(response["output"][0]["id"], approve=True)
    assert "no approval request" in errors(stage.new())[0]["message"]
    assert not stage.running


# --- lists ----------------------------------------------------------------------------------------------------------
def test_a_list_of_tools_is_an_item():
    stage = Stage()
    stage.new()
    stage.lists()
    events = stage.new()
    assert kinds(events) == ["conversation.item.added", "mcp_list_tools.in_progress"]
    stage.client("conversation.item.retrieve", item_id=events[0]["item"]["id"])
    assert stage.new()[0]["item"]["tools"] == []
    stage.lists_come()
    events = stage.new()
    assert kinds(events) == ["conversation.item.done", "mcp_list_tools.completed"]
    assert [tool["name"] for tool in events[0]["item"]["tools"]] == ["lookup", "erase"]


def test_a_list_that_fails_says_so():
    stage = Stage()
    stage.new()
    stage.lists()
    stage.lists_come(fails=True)
    assert kinds(stage.new())[2:] == ["conversation.item.done", "mcp_list_tools.failed"]
