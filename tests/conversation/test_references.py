"""Responses whose ``input`` points at items of the conversation."""

from tests.conversation.driver import Driver
from tests.conversation.test_flows import TEXT_ONLY, assert_error, done, one
from vasi.conversation import effects as do
from vasi.protocol.items import InputAudio, InputText


def reference(item_id):
    return {"type": "item_reference", "id": item_id}


def typed(text):
    return {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}


def test_an_item_of_the_conversation_stands_where_it_is_named():
    driver = Driver(**TEXT_ONLY)
    first, _ = (driver.types_in(text)[0]["item"]["id"] for text in ("one", "two"))
    driver.asks(conversation="none", input=[typed("zero"), reference(first)])
    texts = [item.content[0].text for item in driver.last(do.Generate).context]
    assert texts == ["zero", "one"]


def test_the_model_is_told_what_was_heard_of_it():
    driver = Driver(lead_ms=1000)
    driver.asks()
    driver.answers("one two three four.")
    item_id = done(driver.events)["output"][0]["id"]
    driver.says("conversation.item.truncate", item_id=item_id, content_index=0, audio_end_ms=400)
    driver.asks(conversation="none", input=[reference(item_id)])
    assert driver.last(do.Generate).context[0].content[0].transcript.split() == ["one", "two"]


def test_words_that_are_still_being_recognised_are_waited_for():
    driver = Driver(audio={"input": {"turn_detection": {"create_response": False}}})
    item_id = one(driver.speaks(), "input_audio_buffer.committed")["item_id"]
    driver.asks(conversation="none", input=[reference(item_id)])
    assert not [wish for wish in driver.wishes if isinstance(wish, do.Generate)]
    driver.recognises("Hello.")
    assert driver.last(do.Generate).context[0].content == [InputAudio(transcript="Hello.")]


def test_an_item_that_is_deleted_meanwhile_is_left_out():
    driver = Driver(audio={"input": {"turn_detection": {"create_response": False}}})
    item_id = one(driver.speaks(), "input_audio_buffer.committed")["item_id"]
    driver.asks(conversation="none", input=[typed("zero"), reference(item_id)])
    driver.says("conversation.item.delete", item_id=item_id)
    driver.recognises("Hello.")
    assert [item.content for item in driver.last(do.Generate).context] == [[InputText(text="zero")]]


def test_an_item_that_there_is_not_is_refused():
    driver = Driver(**TEXT_ONLY)
    assert_error(driver.asks(input=[typed("zero"), reference("nobody")]), "invalid_value", "response.input[1].id")


def test_how_the_model_reasons_is_a_matter_of_the_session_and_of_the_response():
    driver = Driver(**TEXT_ONLY)
    assert not driver.events[0]["session"].keys() & {"parallel_tool_calls", "reasoning"}
    driver.asks()
    asked = driver.last(do.Generate)
    assert (asked.reasoning_effort, asked.parallel_tool_calls) == (None, None)
    driver.finishes()
    session = driver.updates(parallel_tool_calls=False, reasoning={"effort": "low"})[0]["session"]
    assert (session["parallel_tool_calls"], session["reasoning"]) == (False, {"effort": "low"})
    for overrides, effort, parallel in (
        ({"prompt": None, "reasoning": None}, "low", False),
        ({"reasoning": {"effort": "high"}, "parallel_tool_calls": True}, "high", True),
    ):
        assert driver.asks(**overrides)[0]["type"] == "response.created"
        asked = driver.last(do.Generate)
        assert (asked.reasoning_effort, asked.parallel_tool_calls) == (effort, parallel)
        driver.finishes()
    assert driver.updates(reasoning=None)[0]["session"]["reasoning"] is None
    assert_error(driver.updates(reasoning={"effort": "utmost"}), "invalid_value", "session.reasoning.effort")


def test_an_output_belongs_to_a_call():
    driver = Driver()
    output = {"type": "function_call_output", "call_id": "call_1", "output": "found"}
    refused = driver.says("conversation.item.create", item=output)
    assert_error(refused, "invalid_tool_call_id", "item.call_id")
    call = {"type": "function_call", "call_id": "call_1", "name": "search", "arguments": "{}"}
    driver.says("conversation.item.create", item=call)
    assert driver.says("conversation.item.create", item=output)[-1]["type"] == "conversation.item.done"
