"""The client sees one response, whatever the backend needs for it."""

import json

import pytest

from tests.conversation.driver import said_in
from tests.gateway.view.stage import NOTE, OPEN, SEARCH, Stage
from vasi.conversation import effects as do
from vasi.gateway.view.rounds import MAX_ROUNDS
from vasi.protocol import server_events as ev
from vasi.protocol.codec import encode

MESSAGE = [
    "response.output_item.added",
    "conversation.item.added",
    "response.content_part.added",
    "response.output_text.delta",
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
    "conversation.item.done",
]
CALL = [
    "response.output_item.added",
    "conversation.item.added",
    "response.function_call_arguments.delta",
    "response.function_call_arguments.done",
    "response.output_item.done",
    "conversation.item.done",
]


# --- assertions -----------------------------------------------------------------------------------------------------
def kinds(events):
    return [event["type"] for event in events]


def assert_one_response(events, *inside):
    """One response from created to done, with this in it."""
    assert kinds(events) == ["response.created", *(kind for part in inside for kind in part), "response.done"]
    assert len({wanted for event in events if (wanted := event.get("response_id"))} | {ended(events)["id"]}) == 1
    places = [event["output_index"] for event in events if event["type"] == "response.output_item.added"]
    assert places == list(range(len(places)))
    return ended(events)


def ended(events):
    found = [event["response"] for event in events if event["type"] == "response.done"]
    assert len(found) == 1, f"{len(found)} responses are done"
    return found[0]


def assert_cancelled(events, reason):
    response = ended(events)
    assert (response["status"], response["status_details"]["reason"]) == ("cancelled", reason)
    return response


def errors(events):
    return [event["error"] for event in events if event["type"] == "error"]


def started(**session):
    """A stage with a question, and the model asked."""
    stage = Stage(**session)
    stage.writes("Where?")
    stage.backend_takes()
    stage.new()
    stage.asks()
    stage.backend_takes()
    return stage


def waiting_for_tools(*calls):
    """A stage whose model has called tools that run."""
    stage = started()
    stage.model("", *(calls or [("search", "a")]))
    return stage


# --- rounds ---------------------------------------------------------------------------------------------------------
def test_a_response_without_calls_passes_as_it_is():
    stage = started()
    stage.model("Here.")
    response = assert_one_response(stage.new(), MESSAGE)
    assert response["output"][0]["content"] == [{"type": "output_text", "text": "Here."}]
    assert response["usage"]["total_tokens"] == 120
    assert response["metadata"] is None


def test_two_rounds_are_one_response():
    stage = started()
    stage.model("One moment.", ("search", "a"))
    assert [call.arguments for call in stage.running.values()] == ['{"q": 1}']
    stage.goes()
    assert stage.backend.believes()[-2:] == ['call search({"q": 1})', "output tool output of a"]
    stage.model("Here.")
    response = assert_one_response(stage.new(), MESSAGE, MESSAGE)
    assert [item["content"][0]["text"] for item in response["output"]] == ["One moment.", "Here."]
    assert (response["status"], response["usage"]["total_tokens"]) == ("completed", 240)
    assert response["usage"]["input_token_details"]["cached_tokens"] == 10
    assert stage.hidden_calls() == {"a": 1}


def test_a_tool_runs_while_the_model_still_writes():
    stage = started()
    backend = stage.backend
    backend.calls("search", '{"q": 1}', index=0, call_id="a")
    assert not stage.running
    backend.calls("take_note", '{"q": 2}', index=1, call_id="b")
    assert list(stage.running) == ["a"]
    stage.tool_returns("a")
    assert not stage.inbox, "the round isn't over"
    backend.finishes("tool_calls")
    stage.goes()
    stage.model("Here.")
    assert_one_response(stage.new(), MESSAGE)
    assert stage.hidden_calls() == {"a": 1, "b": 1}


def test_nothing_hidden_is_anybody_s_previous_item():
    stage = started()
    stage.model("", ("search", "a"))
    stage.goes()
    stage.model("Here.")
    stage.writes("And?")
    stage.goes()
    added = [e for e in stage.events if e["type"] == "conversation.item.added"]
    assert [e["previous_item_id"] for e in added] == [None, *(e["item"]["id"] for e in added[:-1])]


def test_nothing_hidden_can_be_put_before_the_model_by_reference():
    stage = waiting_for_tools()
    call = stage.backend.context()[-1].id
    stage.new()
    stage.client(
        "response.create", response={"conversation": "none", "input": [{"type": "item_reference", "id": call}]}
    )
    assert [error["param"] for error in errors(stage.new())] == ["response.input[0].id"]


def test_what_stands_before_an_item_is_visible_after_a_deletion_too():
    stage = started()
    first = stage.books.order[0]
    stage.model("", ("search", "a"))
    stage.goes()
    stage.client("conversation.item.delete", item_id=first)
    stage.backend_takes()
    stage.model("Here.")
    added = [e for e in stage.events if e["type"] == "conversation.item.added"]
    assert added[-1]["previous_item_id"] is None


def test_calls_in_one_round_run_beside_each_other_and_the_model_goes_on_once():
    stage = started()
    stage.model("", ("search", "a"), ("take_note", "b"), ("search", "c"))
    assert list(stage.running) == ["a", "b", "c"]
    for call_id in ("c", "a"):
        stage.tool_returns(call_id)
        assert not stage.inbox
    stage.tool_returns("b")
    assert [event.__struct_config__.tag for event in stage.inbox] == ["conversation.item.create"] * 3 + [
        "response.create"
    ]
    stage.backend_takes()
    stage.model("Here.")
    assert_one_response(stage.new(), MESSAGE)
    assert stage.hidden_calls() == {"a": 1, "b": 1, "c": 1}


def test_a_tool_may_be_done_before_the_model_is():
    stage = started()
    stage.backend.calls("search", "{}", call_id="a")
    stage.backend.calls("search", "{}", index=1, call_id="b")
    stage.backend.finishes("tool_calls")
    stage.tool_returns("b")
    stage.tool_returns("a")
    stage.goes()
    stage.model("Here.")
    assert_one_response(stage.new(), MESSAGE)


def test_a_tool_that_nobody_has_is_run_to_be_told_so():
    stage = waiting_for_tools(("invented", "a"))
    assert stage.running["a"].name == "invented"


def test_the_first_round_chooses_its_tool_and_the_others_are_free():
    stage = Stage()
    choice = {"type": "function", "name": "search"}
    stage.asks(tool_choice=choice, instructions="Other.", max_output_tokens=9)
    stage.backend_takes()
    assert stage.backend.last(do.Generate).tool_choice.name == "search"
    stage.model("", ("search", "a"))
    stage.goes()
    wish = stage.backend.last(do.Generate)
    assert (wish.tool_choice, wish.instructions, wish.max_output_tokens) == ("auto", "Other.", 9)


def test_a_response_with_its_own_input_keeps_it_over_its_rounds():
    stage = started()
    stage.model("Skip this.")
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Only this"}]}
    stage.asks(input=[item])
    stage.backend_takes()
    stage.model("One moment.", ("search", "a"))
    stage.goes()
    assert [said_in(json.loads(encode(item))) for item in stage.backend.last(do.Generate).context] == [
        "user: Only this",
        "assistant: One moment.",
        'call search({"q": 1})',
        "output tool output of a",
    ]


def test_a_response_with_tools_of_its_own_has_the_server_s_too():
    stage = Stage()
    stage.asks(tools=[SEARCH, NOTE, {"type": "function", "name": "own_tool"}])
    stage.backend_takes()
    stage.model("", ("search", "a"), ("own_tool", "b"))
    assert list(stage.running) == ["a"]
    assert [e["item"]["name"] for e in stage.events if e["type"] == "response.output_item.added"] == ["own_tool"]


def test_a_model_that_calls_for_ever_fails():
    stage = started()
    for number in range(MAX_ROUNDS + 1):
        assert stage.backend.last(do.Generate).tool_choice == ("none" if number == MAX_ROUNDS else "auto")
        stage.model("", ("search", f"call_{number}"))
        stage.goes()
    response = ended(stage.new())
    assert (response["status"], response["status_details"]["error"]["code"]) == ("failed", "too_many_calls")
    assert set(stage.hidden_calls().values()) == {1}
    assert not stage.inbox


def test_metadata_of_the_client_comes_back():
    stage = Stage()
    stage.asks(metadata={"topic": "x"})
    stage.backend_takes()
    stage.model("", ("search", "a"))
    stage.goes()
    stage.model("Here.")
    shown = [e["response"]["metadata"] for e in stage.events if "response" in e]
    assert shown == [{"topic": "x"}] * 2


def test_sources_are_added_to_the_client_s_metadata():
    stage = Stage(metadata=lambda response_id: {"vasi.sources": '[{"document": "a.md"}]'})
    stage.asks(metadata={"topic": "x"})
    stage.backend_takes()
    stage.model("Here.")
    assert ended(stage.events)["metadata"] == {"topic": "x", "vasi.sources": '[{"document": "a.md"}]'}


# --- the client's own functions -------------------------------------------------------------------------------------
def test_the_client_s_calls_go_to_the_client():
    stage = started()
    stage.model("", ("open_door", "a"))
    response = assert_one_response(stage.new(), CALL)
    assert response["output"][0]["call_id"] == "a"
    assert not stage.running
    stage.client("conversation.item.create", item={"type": "function_call_output", "call_id": "a", "output": "open"})
    stage.asks()
    stage.backend_takes()
    stage.model("It is open.")
    assert_one_response(stage.new()[2:], MESSAGE)


def test_calls_of_both_in_one_round_end_the_response_when_the_server_s_are_done():
    """The client has to answer its own, and asks for the next response itself."""
    stage = started()
    stage.model("", ("open_door", "a"), ("search", "b"))
    assert "response.done" not in kinds(stage.new()), "the server's call still runs"
    stage.tool_returns("b")
    assert kinds(stage.new()) == ["response.done"]
    assert [item["name"] for item in ended(stage.events)["output"]] == ["open_door"]
    stage.client("conversation.item.create", item={"type": "function_call_output", "call_id": "a", "output": "open"})
    stage.asks()
    stage.goes()
    stage.model("Done.")
    assert stage.hidden_calls() == {"b": 1}
    assert [line for line in stage.backend.believes() if line.startswith("output")] == [
        "output tool output of b",
        "output open",
    ]


def test_a_function_that_the_client_takes_back_while_it_is_called_is_still_the_client_s():
    stage = started()
    stage.is_shaped(client_tools=frozenset())
    stage.model("", ("open_door", "a"))
    assert_one_response(stage.new(), CALL)


def test_outside_the_conversation_the_server_s_tools_are_run_and_leave_nothing_behind():
    stage = Stage()
    stage.writes("Which lake?")
    stage.asks(conversation="none", metadata={"side": "1"})
    stage.backend_takes()
    stage.model("", ("search", "a"))
    assert list(stage.running) == ["a"]
    stage.tool_returns("a")
    stage.backend_takes()
    context = stage.backend.wishes[-1].context
    assert [type(item).__name__ for item in context] == ["Message", "FunctionCall", "FunctionCallOutput"]
    stage.model("The blue one.")
    done = ended(stage.events)
    assert (done["status"], done["conversation_id"], done["metadata"]) == ("completed", None, {"side": "1"})
    assert [item["type"] for item in done["output"]] == ["message"]
    assert [line for line in stage.backend.believes() if "tool output" in line or "call" in line] == []


def test_outside_the_conversation_all_other_calls_are_the_client_s():
    stage = Stage()
    stage.asks(conversation="none", tools=[OPEN])
    stage.backend_takes()
    stage.model("", ("open_door", "a"), ("invented", "b"))
    assert not stage.running
    assert [item["name"] for item in ended(stage.events)["output"]] == ["open_door", "invented"]


# --- cuts -----------------------------------------------------------------------------------------------------------
def test_the_client_cancels_while_the_model_writes():
    stage = started()
    stage.backend.writes("He")
    stage.client("response.cancel")
    stage.backend_takes()
    assert_cancelled(stage.new(), "client_cancelled")


@pytest.mark.parametrize("by_id", [False, True])
def test_the_client_cancels_while_a_tool_runs(by_id):
    stage = waiting_for_tools(("search", "a"), ("take_note", "b"))
    wanted = {"response_id": next(iter(stage.books.open))} if by_id else {}
    stage.client("response.cancel", **wanted)
    assert_cancelled(stage.new(), "client_cancelled")
    assert stage.stopped == ["a", "b"]
    stage.goes()
    assert stage.hidden_calls() == {"a": 1, "b": 1}
    assert errors(stage.events) == []
    stage.asks()
    stage.backend_takes()
    stage.model("Anew.")
    assert ended(stage.new())["status"] == "completed"


@pytest.mark.parametrize("by_id", [False, True])
def test_a_cancel_in_a_later_round_finds_the_response(by_id):
    stage = waiting_for_tools()
    stage.goes()
    stage.backend.writes("He")
    wanted = {"response_id": next(iter(stage.books.open))} if by_id else {}
    stage.client("response.cancel", **wanted)
    stage.backend_takes()
    assert_cancelled(stage.new(), "client_cancelled")


def test_a_cancel_that_crosses_the_end_of_a_round_ends_the_response():
    stage = started()
    stage.client("response.cancel", event_id="mine")
    stage.model("", ("search", "a"))
    stage.goes()
    assert_cancelled(stage.new(), "client_cancelled")
    assert errors(stage.events) == [], "the cancel did its work"
    assert stage.hidden_calls() == {"a": 1}


def test_a_cancel_that_comes_too_late_is_an_error_with_the_client_s_id():
    stage = started()
    stage.client("response.cancel", event_id="mine")
    stage.model("Here.")
    stage.backend_takes()
    assert ended(stage.new())["status"] == "completed"
    assert [(e["code"], e["event_id"]) for e in errors(stage.events)] == [("response_cancel_not_active", "mine")]


def test_a_cancel_while_the_model_is_being_asked_again_hides_what_it_still_says():
    stage = waiting_for_tools()
    stage.tool_returns("a")
    stage.client("response.cancel")
    assert_cancelled(stage.new(), "client_cancelled")
    stage.backend_takes(2)
    stage.backend.writes("Nobody hears this.")
    stage.goes()
    assert stage.new() == []
    assert stage.backend.believes() == ["user: Where?", 'call search({"q": 1})', "output tool output of a"]


def test_a_continuation_nobody_wants_leaves_nothing_even_if_it_is_done_at_once():
    stage = waiting_for_tools()
    stage.tool_returns("a")
    stage.client("response.cancel")
    stage.backend_takes(2)
    stage.model("Nobody hears this.", ("search", "b"))
    stage.goes()
    stage.writes("Next")
    stage.goes()
    assert errors(stage.events) == []
    assert stage.hidden_calls() == {"a": 1}
    assert "Nobody" not in str(stage.backend.believes())


def test_speech_ends_the_response_while_a_tool_runs():
    stage = waiting_for_tools()
    stage.new()
    stage.backend.hears(200, speech=True)
    events = stage.new()
    assert kinds(events) == ["input_audio_buffer.speech_started", "response.done"]
    assert_cancelled(events, "turn_detected")
    stage.backend.hears(600)
    stage.backend.recognises("Stop that.")
    stage.backend_takes()
    stage.model("Gladly.")
    assert ended(stage.new())["status"] == "completed"
    assert stage.hidden_calls() == {"a": 1}


def test_speech_that_must_not_interrupt_lets_the_tool_finish():
    stage = Stage(audio={"input": {"turn_detection": {"interrupt_response": False, "create_response": False}}})
    stage.is_shaped(interrupts=False)
    stage.asks()
    stage.backend_takes()
    stage.model("", ("search", "a"))
    stage.backend.speaks()
    stage.goes()
    stage.backend.recognises("Hello")
    stage.model("Here.")
    assert ended(stage.events)["status"] == "completed"


def test_a_turn_that_is_answered_ends_what_waited_for_a_tool():
    """Nothing interrupts, but the backend has begun another response."""
    stage = Stage(audio={"input": {"turn_detection": {"interrupt_response": False}}})
    stage.is_shaped(interrupts=False)
    stage.asks()
    stage.backend_takes()
    stage.model("", ("search", "a"))
    stage.new()
    stage.backend.speaks()
    events = stage.new()
    assert_cancelled(events, "turn_detected")
    assert kinds(events)[-2:] == ["response.done", "response.created"]
    stage.goes()
    stage.backend.recognises("Hello")
    stage.model("Hi.")
    assert ended(stage.new())["status"] == "completed"


def test_speech_cuts_a_later_round():
    stage = waiting_for_tools()
    stage.goes()
    stage.backend.writes("He")
    stage.backend.hears(200, speech=True)
    response = assert_cancelled(stage.new(), "turn_detected")
    assert response["output"][0]["status"] == "incomplete"
    assert response["usage"]["input_tokens"] > 100, "both rounds, of which the second is an estimate"


def test_a_call_that_was_cut_off_is_not_run_and_not_remembered():
    stage = started()
    stage.model("", ("search", "a"), finish="length")
    stage.goes()
    response = ended(stage.new())
    assert (response["status"], response["output"]) == ("incomplete", [])
    assert stage.hidden_calls() == {}
    assert not stage.running


def test_an_engine_that_fails_in_a_later_round_fails_the_response():
    stage = waiting_for_tools()
    stage.goes()
    stage.backend.breaks()
    response = ended(stage.new())
    assert response["status"] == "failed"
    assert response["usage"]["total_tokens"] == 120


def test_a_refused_continuation_fails_the_response():
    stage = waiting_for_tools()
    stage.tool_returns("a")
    stage.refuses(stage.inbox.pop(), "no")
    response = ended(stage.new())
    assert (response["status"], response["status_details"]["error"]["code"]) == ("failed", "no")
    assert errors(stage.events) == []


@pytest.mark.parametrize("at", ["writing", "tools", "continuing"])
def test_a_backend_that_is_lost_fails_what_is_open(at):
    stage = started()
    if at != "writing":
        stage.model("", ("search", "a"))
    if at == "continuing":
        stage.tool_returns("a")
    stage.is_lost()
    response = ended(stage.new())
    assert (response["status"], response["status_details"]["error"]["code"]) == ("failed", "upstream_error")
    assert stage.stopped == (["a"] if at == "tools" else [])
    stage.is_lost()
    assert stage.new() == []


# --- what the client may not do -------------------------------------------------------------------------------------
def test_a_second_response_is_refused_between_rounds():
    stage = waiting_for_tools()
    stage.new()
    active = next(iter(stage.books.open))
    stage.client("response.create", event_id="mine")
    [error] = errors(stage.new())
    assert (error["code"], error["event_id"]) == ("conversation_already_has_active_response", "mine")
    assert active in error["message"]


def test_a_second_response_is_refused_by_the_id_that_the_client_knows():
    stage = waiting_for_tools()
    stage.goes()
    stage.new()
    stage.asks()
    stage.backend_takes()
    [error] = errors(stage.new())
    assert next(iter(stage.books.open)) in error["message"]
    assert stage.backend.asked not in error["message"]


def test_outside_the_conversation_there_may_be_others_between_rounds():
    stage = waiting_for_tools()
    stage.new()
    stage.asks(conversation="none", metadata={"side": "1"})
    stage.backend_takes()
    stage.model("Aside.")
    assert ended(stage.new())["metadata"] == {"side": "1"}
    stage.goes()
    stage.model("Here.")
    assert ended(stage.new())["status"] == "completed"


def test_hidden_items_and_calls_do_not_exist_for_the_client():
    stage = waiting_for_tools()
    stage.goes()
    hidden = [e.item.id for e in stage.backend_events if isinstance(e, ev.ItemAdded)][-2:]
    stage.new()
    for item_id in hidden:
        stage.client("conversation.item.retrieve", item_id=item_id)
        stage.client("conversation.item.delete", item_id=item_id)
        stage.client("conversation.item.truncate", item_id=item_id, content_index=0, audio_end_ms=0)
        item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "x"}]}
        stage.client("conversation.item.create", previous_item_id=item_id, item=item)
    item = {"type": "function_call_output", "call_id": "a", "output": "forged"}
    stage.client("conversation.item.create", item=item)
    stage.client("conversation.item.create", item={**item, "call_id": "z", "id": "item_tv0009"})
    stage.backend_takes()
    assert [error["code"] for error in errors(stage.new())] == [
        *(f"item_{deed}_invalid_item_id" for deed in ("retrieve", "delete", "truncate")),
        "item_create_invalid_previous_item_id",
    ] * 2 + ["invalid_tool_call_id", "invalid_value"]
    assert "forged" not in str(stage.backend.believes())


def test_many_requests_on_their_way_keep_their_metadata():
    stage = Stage()
    for number in range(300):
        stage.asks(metadata={"number": str(number)})
    stage.backend_takes()
    assert [e["response"]["metadata"] for e in stage.events if "response" in e] == [{"number": "0"}]
