"""Services that don't say all that the API lets them say: requests and responses are told apart by their order."""

from __future__ import annotations

import json

import msgspec
import pytest

from tests.gateway.view.stage import Stage
from tests.gateway.view.test_rounds import MESSAGE, assert_one_response, ended, errors
from vasi.protocol import server_events as ev
from vasi.protocol.codec import encode
from vasi.protocol.server_events import ServerEvent


def without(*fields):
    """What the backend says, without these fields of responses."""

    def alter(event: ServerEvent) -> ServerEvent:
        if not isinstance(event, ev.ResponseCreated | ev.ResponseDone):
            return event
        return msgspec.structs.replace(event, response=msgspec.structs.replace(event.response, **dict.fromkeys(fields)))

    return alter


@pytest.fixture(params=[("metadata",), ("conversation_id",), ("metadata", "conversation_id")], ids="+".join)
def stage(request: pytest.FixtureRequest) -> Stage:
    return Stage(alters=without(*request.param))


def asks(stage: Stage, **response: object) -> None:
    stage.asks(**response)
    stage.backend_takes()


def test_a_call_of_the_server_s_is_hidden_and_the_answer_comes(stage):
    stage.writes("Where?")
    stage.backend_takes()
    stage.new()
    asks(stage, metadata={"topic": "x"})
    stage.model("One moment.", ("search", "a"))
    assert list(stage.running) == ["a"]
    stage.goes()
    stage.model("", ("search", "b"))
    stage.goes()
    stage.model("Here.")
    response = assert_one_response(stage.new(), MESSAGE, MESSAGE)
    assert response["conversation_id"] is not None
    assert response["metadata"] == {"topic": "x"}
    assert stage.hidden_calls() == {"a": 1, "b": 1}


def test_the_client_s_calls_and_those_of_mcp_servers_are_told_apart(stage):
    asks(stage)
    stage.model("", ("open_door", "a"), ("far__lookup", "b"))
    assert list(stage.running) == ["b"]
    stage.goes()
    assert [item["type"] for item in ended(stage.events)["output"]] == ["function_call", "mcp_call"]


def test_a_spoken_question_is_answered_by_itself(stage):
    stage.backend.speaks()
    stage.backend.recognises("Where?")
    stage.backend_takes()
    stage.model("", ("search", "a"))
    stage.goes()
    stage.model("Here.")
    assert ended(stage.new())["status"] == "completed"
    assert stage.hidden_calls() == {"a": 1}


def test_a_response_outside_the_conversation_stays_there(stage):
    asks(stage, conversation="none", metadata={"side": "1"}, input=[])
    stage.model("", ("open_door", "a"))
    response = ended(stage.new())
    assert (response["conversation_id"], response["metadata"]) == (None, {"side": "1"})
    assert not stage.running


def test_a_response_outside_the_conversation_comes_between_two_rounds(stage):
    asks(stage)
    stage.model("", ("search", "a"))
    asks(stage, conversation="none", metadata={"side": "1"}, input=[])
    stage.model("Aside.")
    aside = ended(stage.new())
    assert (aside["conversation_id"], aside["metadata"]) == (None, {"side": "1"})
    stage.goes()
    stage.model("Here.")
    assert (ended(stage.new())["status"], stage.hidden_calls()) == ("completed", {"a": 1})


def test_speech_while_a_tool_runs_ends_the_response_and_its_turn_is_answered(stage):
    asks(stage, metadata={"topic": "x"})
    stage.model("", ("search", "a"))
    stage.backend.speaks()
    stage.backend.recognises("Something else")
    stage.goes()
    first, second = (event["response"] for event in stage.events if event["type"] == "response.created")
    assert (first["metadata"], second["metadata"]) == ({"topic": "x"}, None)
    stage.model("", ("search", "b"))
    stage.goes()
    stage.model("Here.")
    assert [e["response"]["status"] for e in stage.events if e["type"] == "response.done"] == ["cancelled", "completed"]
    assert stage.hidden_calls() == {"a": 1, "b": 1}


def test_what_a_service_answers_after_a_wrong_guess_is_the_round_that_goes_on(stage):
    """A turn that the service left unanswered seemed to be answered by what was the next round of a response."""
    stage.is_shaped(answers=True, interrupts=False)
    stage.books.interrupts = False
    detection = {"type": "server_vad", "interrupt_response": False}
    stage.backend.updates(audio={"input": {"turn_detection": detection}})
    asks(stage)
    stage.backend.speaks()
    stage.backend.recognises("And?")
    stage.model("", ("search", "a"))
    stage.goes()
    stage.model("", ("search", "b"))
    stage.goes()
    stage.model("Here.")
    assert not stage.books.open
    assert stage.events[-1]["response"]["status"] == "completed"
    assert stage.hidden_calls() == {"a": 1, "b": 1}


def test_a_refused_request_is_no_longer_waited_for(stage):
    asks(stage)
    stage.asks(metadata={"topic": "refused"}, conversation="auto")
    stage.backend_takes()
    assert [error["code"] for error in errors(stage.new())] == ["conversation_already_has_active_response"]
    stage.model("Here.")
    asks(stage, metadata={"topic": "next"})
    stage.model("", ("search", "a"))
    stage.goes()
    stage.model("There.")
    assert stage.events[-1]["response"]["metadata"] == {"topic": "next"}


def test_a_refusal_that_does_not_say_of_what(stage):
    """Its id of the event is gone as well."""
    alters = stage.alters

    def alter(event: ServerEvent) -> ServerEvent:
        if isinstance(event, ev.Error):
            return msgspec.structs.replace(event, error=msgspec.structs.replace(event.error, event_id=None))
        return alters(event)

    stage.alters = alter
    asks(stage)
    stage.client("response.create", event_id="mine", response={"metadata": {"topic": "refused"}})
    stage.backend_takes()
    assert [error["event_id"] for error in errors(stage.new())] == ["mine"]
    stage.model("", ("search", "a"))
    stage.goes()
    stage.model("Here.")
    assert [e["response"]["status"] for e in stage.events if e["type"] == "response.done"] == ["completed"]
    asks(stage, metadata={"topic": "next"})
    assert stage.new()[-1]["response"]["metadata"] == {"topic": "next"}


def test_an_item_that_is_done_without_having_been_added():
    stage = Stage()
    stage.writes("First")
    stage.backend_takes()
    added = [event for event in stage.backend_events if isinstance(event, ev.ItemAdded)]
    [first] = stage.books.order
    stage.new()
    item = msgspec.structs.replace(added[0].item, id="item_late")
    actions = stage.view.handle_backend_event(ev.ItemDone(item=item, previous_item_id=first))
    shown = json.loads(encode(actions[0].event))
    assert (shown["type"], shown["previous_item_id"]) == ("conversation.item.done", first)
