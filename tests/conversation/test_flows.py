"""What a client gets, in order, for everything that it may do."""

import pytest

from tests.conversation.driver import WORD_MS, Driver, sound
from tests.conversation.expect import (
    CLOSED_AUDIO,
    CLOSED_TEXT,
    COMMITTED,
    CREATED_ITEM,
    MANUAL,
    OPENED,
    SOUND,
    TEXT_ONLY,
    TRANSCRIBED,
    TURN,
    WORD,
    assert_ended,
    assert_error,
    assert_order,
    done,
    heard_bytes,
    kinds,
    one,
    retrieved,
    spoken,
)
from vasi.conversation import effects as do
from vasi.conversation import inputs
from vasi.conversation.editing import MAX_ITEMS
from vasi.protocol.client_events import ItemCreate
from vasi.protocol.items import InputText, Message


# --- the connection -------------------------------------------------------------------------------------------------
def test_the_first_event_is_the_session():
    driver = Driver(instructions="Be brief.")
    assert_order(driver.events, "session.created")
    assert driver.events[0]["session"]["instructions"] == "Be brief."


def test_an_update_answers_with_the_whole_session():
    driver = Driver()
    events = driver.updates(audio={"output": {"voice": "marin"}})
    assert_order(events, "session.updated")
    assert events[0]["session"]["audio"]["output"]["voice"] == "marin"
    assert events[0]["session"]["audio"]["input"]["turn_detection"]["interrupt_response"] is True


def test_a_refused_update_changes_nothing_and_names_the_event():
    driver = Driver()
    session = {"type": "realtime", "instructions": "new", "audio": {"output": {"speed": 7}}}
    events = driver.says("session.update", event_id="mine", session=session)
    assert_error(events, "invalid_value", "session.audio.output.speed")
    assert events[0]["error"]["event_id"] == "mine"
    assert driver.updates()[0]["session"]["instructions"] == ""


def test_how_the_user_is_heard_is_echoed_as_it_was_asked_for():
    transcription = {
        **{"model": "gpt-live-transcribe", "language": "de", "prompt": "Boats.", "delay": "low"},
        **{"keywords": ["bilge", "keel"], "languages": ["de", "en"]},
    }
    noise = {"type": "far_field", "strength": 0.5}
    logprobs = ["item.input_audio_transcription.logprobs"]
    driver = Driver()
    hearing = {"transcription": transcription, "noise_reduction": noise}
    session = driver.updates(include=logprobs, audio={"input": hearing})[0]["session"]
    assert session["audio"]["input"]["transcription"] == transcription
    assert session["audio"]["input"]["noise_reduction"] == noise
    assert session["include"] == logprobs
    again = driver.updates(audio={"input": {"noise_reduction": {"type": "far_field"}}})[0]["session"]
    assert again["audio"]["input"]["noise_reduction"] == noise, "what isn't named stays"
    heard = driver.speaks() + driver.recognises("Hello.")
    assert one(heard, "conversation.item.input_audio_transcription.completed")["transcript"] == "Hello."


# --- typed turns ----------------------------------------------------------------------------------------------------
def test_a_text_turn():
    driver = Driver(**TEXT_ONLY)
    assert_order(driver.types_in("Hello"), CREATED_ITEM)
    driver.new()
    driver.asks()
    driver.writes("Hi ")
    driver.writes("there.")
    driver.finishes()
    events = driver.new()
    assert_order(events, OPENED, ["response.output_text.delta"] * 2, CLOSED_TEXT)
    assert_ended(events, "completed")
    assert done(events)["output"][0]["content"] == [{"type": "output_text", "text": "Hi there."}]
    assert one(events, "response.content_part.done")["part"] == {"type": "text", "text": "Hi there."}
    assert done(events)["usage"]["output_token_details"] == {"text_tokens": 20, "audio_tokens": 0}
    assert driver.believes() == ["user: Hello", "assistant: Hi there."]


def test_an_answer_aloud():
    driver = Driver()
    driver.types_in("Hello")
    driver.new()
    driver.asks()
    driver.answers("Hi there.")
    events = driver.new()
    assert_order(events, OPENED, WORD, SOUND, SOUND, CLOSED_AUDIO)
    assert_ended(events, "completed")
    assert done(events)["output"][0]["content"] == [{"type": "output_audio", "transcript": "Hi there."}]
    assert one(events, "response.content_part.done")["part"] == {"type": "audio", "transcript": "Hi there."}
    assert done(events)["usage"]["output_token_details"] == {"text_tokens": 20, "audio_tokens": 2 * WORD_MS // 50}
    assert driver.believes() == ["user: Hello", "assistant: Hi there."]


def test_an_answer_without_a_word_has_no_output():
    driver = Driver()
    driver.types_in("Hello")
    driver.new()
    driver.asks()
    driver.finishes()
    events = driver.new()
    assert_order(events, "response.created", "response.done")
    assert done(events)["output"] == []


def test_items_go_where_they_are_put():
    driver = Driver()
    first = driver.types_in("one")[0]["item"]["id"]
    item = {"type": "message", "role": "user", "id": "mine", "content": [{"type": "input_text", "text": "zero"}]}
    events = driver.says("conversation.item.create", previous_item_id="root", item=item)
    assert [event["previous_item_id"] for event in events] == [None, None]
    other = {**item, "id": "other", "content": [{"type": "input_text", "text": "half"}]}
    events = driver.says("conversation.item.create", previous_item_id="mine", item=other)
    assert [event["previous_item_id"] for event in events] == ["mine", "mine"]
    assert driver.types_in("two")[0]["previous_item_id"] == first
    assert driver.believes() == ["user: zero", "user: half", "user: one", "user: two"]
    unknown = driver.says("conversation.item.create", previous_item_id="nobody", item={**item, "id": "x"})
    assert_error(unknown, "item_create_invalid_previous_item_id", "previous_item_id")
    assert_error(driver.says("conversation.item.create", item=item), "invalid_value", "item.id")
    assert len(driver.believes()) == 4


@pytest.mark.parametrize(
    ("role", "part", "param"),
    [
        ("assistant", {"type": "output_audio", "transcript": "x"}, "item.content[0].type"),
        ("assistant", {"type": "input_text", "text": "x"}, "item.content[0].type"),
        ("user", {"type": "output_text", "text": "x"}, "item.content[0].type"),
        ("system", {"type": "input_audio", "audio": "AAAA"}, "item.content[0].type"),
        ("user", {"type": "input_audio"}, "item.content[0].audio"),
        ("user", None, "item.content"),
    ],
)
def test_what_cannot_stand_in_a_conversation_is_refused(role, part, param):
    driver = Driver()
    item = {"type": "message", "role": role, "content": [part] if part else []}
    assert_error(driver.says("conversation.item.create", item=item), "invalid_value", param)
    assert_error(driver.asks(input=[item]), "invalid_value", param.replace("item", "response.input[0]", 1))
    assert driver.believes() == []


def test_an_item_is_retrieved_and_deleted():
    driver = Driver()
    item_id = driver.types_in("Hello")[0]["item"]["id"]
    assert retrieved(driver, item_id)["content"] == [{"type": "input_text", "text": "Hello"}]
    assert driver.says("conversation.item.delete", item_id=item_id)[0]["item_id"] == item_id
    assert driver.believes() == []
    assert_error(driver.says("conversation.item.retrieve", item_id=item_id), "item_retrieve_invalid_item_id", "item_id")
    assert_error(driver.says("conversation.item.delete", item_id=item_id), "item_delete_invalid_item_id", "item_id")


def test_a_deleted_item_may_come_again_under_its_id():
    """The Agents SDKs replace a changed item that way."""
    driver = Driver()
    item_id = driver.types_in("Hello")[0]["item"]["id"]
    driver.says("conversation.item.delete", item_id=item_id)
    item = {"type": "message", "role": "user", "id": item_id, "content": [{"type": "input_text", "text": "Bye"}]}
    assert_order(driver.says("conversation.item.create", item=item), CREATED_ITEM)
    assert driver.believes() == ["user: Bye"]


def test_an_item_deleted_while_it_is_spoken_is_not_finished():
    driver = Driver()
    driver.asks()
    item_id = spoken(driver.writes("Hi there. "))
    driver.says("conversation.item.delete", item_id=item_id)
    driver.new()
    driver.finishes()
    driver.voices()
    events = driver.new()
    assert "conversation.item.done" not in kinds(events)
    assert_ended(events, "completed")
    assert driver.believes() == []


def test_a_full_conversation_refuses_what_the_client_creates_but_still_listens_and_answers():
    driver = Driver()
    hello = Message(role="user", content=[InputText(text="Hello")])
    for _ in range(MAX_ITEMS):
        driver.conversation.step(inputs.ClientSent(ItemCreate(item=hello)), driver.now)
    assert_error(driver.types_in("one more"), "invalid_value")
    driver.new()
    driver.speaks()
    driver.recognises("Hello")
    driver.answers("Hi.")
    assert_ended(driver.new(), "completed")


# --- spoken turns ---------------------------------------------------------------------------------------------------
def test_a_spoken_turn_is_answered():
    driver = Driver()
    driver.new()
    driver.hears(500)
    driver.speaks(1000)
    events = driver.new()
    assert_order(events, TURN, "response.created")
    started = one(events, "input_audio_buffer.speech_started")
    stopped = one(events, "input_audio_buffer.speech_stopped")
    committed = one(events, "input_audio_buffer.committed")
    # Speech begins in the window that ends at 512 ms and is padded by 300; the turn ends 500 ms after its last window.
    assert started["audio_start_ms"] == 480 - 300
    assert stopped["audio_end_ms"] == 1504 + 512
    assert {started["item_id"], stopped["item_id"], committed["item_id"]} == {events[3]["item"]["id"]}
    assert events[3]["item"]["content"] == [{"type": "input_audio", "transcript": None}]
    assert events[4]["item"]["status"] == "completed"
    assert driver.last(do.OpenUtterance) == do.OpenUtterance(started["item_id"], 180)
    assert driver.last(do.FinishUtterance) == do.FinishUtterance(started["item_id"])
    assert not [wish for wish in driver.wishes if isinstance(wish, do.Generate)], "asked before the words are known"
    assert driver.recognises("What is it?") == []
    assert driver.last(do.Generate).context[0].content[0].transcript == "What is it?"
    driver.answers("A test.")
    assert_ended(driver.new(), "completed")
    assert heard_bytes(driver, started["item_id"]) == (2016 - 180) * 48


def test_usage_counts_what_was_heard():
    driver = Driver()
    driver.speaks(1000)
    driver.recognises("What is it?")
    driver.answers("A test.")
    usage = done(driver.events)["usage"]
    assert usage["input_token_details"]["text_tokens"] == 100
    assert usage["input_token_details"]["audio_tokens"] == 15
    assert usage["input_token_details"]["cached_tokens"] == 5


def test_a_click_is_no_turn():
    driver = Driver()
    driver.hears(512)
    driver.new()
    driver.hears(30, speech=True)
    driver.hears(500)
    assert driver.new() == []


def test_a_short_pause_does_not_end_the_turn():
    driver = Driver()
    driver.new()
    driver.hears(600, speech=True)
    driver.hears(300)
    driver.hears(600, speech=True)
    assert_order(driver.new(), "input_audio_buffer.speech_started")


def test_the_detector_believes_a_threshold_so_low_that_nothing_lies_below_it():
    driver = Driver(audio={"input": {"turn_detection": {"threshold": 0.1}}})
    driver.new()
    driver.speaks()
    assert_order(driver.new(), TURN, "response.created")


def test_a_turn_that_never_ends_is_committed_after_a_minute():
    driver = Driver(audio={"input": {"turn_detection": {"create_response": False}}})
    driver.new()
    size = 48 * 1000
    for _ in range(61):
        driver.says("input_audio_buffer.append", audio=b"\x01" * size)
    events = driver.new()
    assert_order(events, TURN, "input_audio_buffer.speech_started")
    assert one(events, "input_audio_buffer.speech_stopped")["audio_end_ms"] == pytest.approx(60_000, abs=40)


def test_without_create_response_a_turn_is_only_committed():
    driver = Driver(audio={"input": {"turn_detection": {"create_response": False}}})
    driver.new()
    driver.speaks()
    assert_order(driver.new(), TURN)
    driver.recognises("Hello")
    assert driver.new() == []
    assert_order(driver.asks(), "response.created")
    assert driver.last(do.Generate).context[0].content[0].transcript == "Hello"


def test_a_response_waits_for_the_words_that_it_answers():
    driver = Driver(**MANUAL)
    driver.hears(500, speech=True)
    driver.says("input_audio_buffer.commit")
    first = driver.last(do.FinishUtterance).item_id
    driver.hears(500, speech=True)
    driver.says("input_audio_buffer.commit")
    second = driver.last(do.FinishUtterance).item_id
    driver.asks()
    driver.recognises("second", second)
    assert not [wish for wish in driver.wishes if isinstance(wish, do.Generate)]
    driver.recognises("first", first)
    assert [item.content[0].transcript for item in driver.last(do.Generate).context] == ["first", "second"]


def test_a_noise_is_not_answered():
    driver = Driver()
    driver.new()
    driver.speaks()
    driver.recognises("")
    events = driver.new()
    assert_order(events, TURN, "response.created", "response.done")
    assert_ended(events, "completed")
    assert done(events)["output"] == []


def test_a_noise_after_a_question_does_not_swallow_the_answer():
    driver = Driver()
    driver.speaks()
    question = driver.last(do.FinishUtterance).item_id
    driver.speaks()
    noise = driver.last(do.FinishUtterance).item_id
    driver.recognises("What is it?", question)
    driver.recognises("", noise)
    driver.answers("A test.")
    assert driver.events[-1]["response"]["status"] == "completed"
    assert driver.believes() == ["user: What is it?", "user:", "assistant: A test."]


def test_a_noise_after_an_answer_is_not_answered():
    driver = Driver()
    driver.speaks()
    driver.recognises("What is it?")
    driver.answers("A test.")
    driver.speaks()
    driver.recognises("")
    assert driver.events[-1]["response"]["output"] == []


def test_a_turn_that_could_not_be_recognised_fails():
    driver = Driver()
    driver.new()
    driver.speaks()
    driver.fails_to_recognise("The recogniser broke.")
    events = driver.new()
    assert_order(events, TURN, "response.created", "response.done")
    assert_ended(events, "failed")
    error = done(events)["status_details"]["error"]
    assert (error["type"], error["message"]) == ("server_error", "The recogniser broke.")


def test_a_turn_deleted_before_it_was_recognised_keeps_nobody_waiting():
    driver = Driver()
    driver.speaks()
    item_id = driver.last(do.FinishUtterance).item_id
    driver.says("conversation.item.delete", item_id=item_id)
    item = {"type": "message", "role": "user", "id": item_id, "content": [{"type": "input_text", "text": "Typed"}]}
    driver.says("conversation.item.create", item=item)
    driver.recognises("Hello", item_id)
    driver.answers("Hi.")
    assert_ended(driver.events, "completed")
    assert driver.believes() == ["user: Typed", "assistant: Hi."]


# --- transcription --------------------------------------------------------------------------------------------------
def test_the_client_reads_along_if_it_wants():
    driver = Driver(**TRANSCRIBED)
    driver.speaks(1000)
    item_id = driver.last(do.FinishUtterance).item_id
    driver.new()
    driver.step(inputs.PartlyRecognised(item_id, "What"))
    driver.step(inputs.PartlyRecognised(item_id, "Watt is"))
    driver.step(inputs.PartlyRecognised(item_id, "What is"))
    driver.recognises("What is it?")
    events = driver.new()
    prefix = "conversation.item.input_audio_transcription."
    assert_order(events, [prefix + "delta"] * 3, prefix + "completed")
    assert "".join(event["delta"] for event in events[:3]) == "What is it?"
    assert events[3]["transcript"] == "What is it?"
    assert events[3]["usage"]["input_token_details"]["audio_tokens"] == 15
    assert retrieved(driver, item_id)["content"][0]["transcript"] == "What is it?"


def test_without_transcription_nothing_is_said_of_it():
    driver = Driver()
    driver.speaks()
    item_id = driver.last(do.FinishUtterance).item_id
    driver.new()
    driver.step(inputs.PartlyRecognised(item_id, "What"))
    driver.recognises("What is it?")
    assert driver.new() == []


def test_a_failed_transcription_is_told():
    driver = Driver(audio={"input": {"turn_detection": None, "transcription": {"model": "any"}}})
    driver.hears(500, speech=True)
    driver.says("input_audio_buffer.commit")
    driver.new()
    driver.fails_to_recognise("The recogniser broke.")
    events = driver.new()
    assert_order(events, "conversation.item.input_audio_transcription.failed")
    assert events[0]["error"]["message"] == "The recogniser broke."


# --- the input buffer -----------------------------------------------------------------------------------------------
def test_a_manual_commit():
    driver = Driver(**MANUAL)
    driver.new()
    driver.hears(300, speech=True)
    assert driver.new() == []
    events = driver.says("input_audio_buffer.commit")
    assert_order(events, COMMITTED)
    assert events[0]["previous_item_id"] is None
    assert heard_bytes(driver, events[0]["item_id"]) == 300 * 48
    driver.recognises("Hello")
    driver.asks()
    driver.answers("Hi.")
    assert driver.believes() == ["user: Hello", "assistant: Hi."]


def test_a_commit_needs_a_tenth_of_a_second():
    driver = Driver(**MANUAL)
    events = driver.says("input_audio_buffer.commit")
    assert_error(events, "input_audio_buffer_commit_empty")
    driver.says("input_audio_buffer.append", audio=b"\x01\x01" * 1200)
    events = driver.says("input_audio_buffer.commit")
    assert_error(events, "input_audio_buffer_commit_empty")
    assert events[0]["error"]["message"] == (
        "Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, "
        "but buffer only has 50.00ms of audio."
    )
    driver.hears(50, speech=True)
    assert_order(driver.says("input_audio_buffer.commit"), COMMITTED)


def test_a_cleared_buffer_is_gone_but_its_time_has_passed():
    driver = Driver(**MANUAL)
    driver.hears(500, speech=True)
    assert_order(driver.says("input_audio_buffer.clear"), "input_audio_buffer.cleared")
    assert isinstance(driver.wishes[-1], do.CancelUtterance)
    assert_error(driver.says("input_audio_buffer.commit"), "input_audio_buffer_commit_empty")
    driver.hears(200, speech=True)
    assert driver.last(do.OpenUtterance).start_ms == 500
    assert heard_bytes(driver, driver.says("input_audio_buffer.commit")[0]["item_id"]) == 200 * 48


def test_the_buffer_has_an_end():
    driver = Driver(**MANUAL)
    minute = b"\x01" * (60_000 * 48)
    for _ in range(5):
        assert driver.says("input_audio_buffer.append", audio=minute) == []
    assert_error(driver.says("input_audio_buffer.append", audio=minute), "input_audio_buffer_full", "audio")


def test_a_commit_in_the_middle_of_speech_uses_the_announced_item():
    driver = Driver()
    driver.new()
    driver.hears(800, speech=True)
    started = one(driver.new(), "input_audio_buffer.speech_started")
    events = driver.says("input_audio_buffer.commit")
    assert_order(events, COMMITTED)
    assert events[0]["item_id"] == started["item_id"]
    driver.hears(600)
    assert driver.new()[len(events) :] == [], "the turn was over"


def test_a_clear_in_the_middle_of_speech_ends_the_turn_without_a_word():
    driver = Driver()
    driver.hears(800, speech=True)
    driver.new()
    driver.says("input_audio_buffer.clear")
    driver.hears(600)
    assert_order(driver.new(), "input_audio_buffer.cleared")


def test_the_announced_item_cannot_be_taken_by_the_client():
    driver = Driver()
    driver.hears(800, speech=True)
    item_id = one(driver.events, "input_audio_buffer.speech_started")["item_id"]
    item = {"type": "message", "role": "user", "id": item_id, "content": [{"type": "input_text", "text": "x"}]}
    assert_error(driver.says("conversation.item.create", item=item), "invalid_value", "item.id")
    driver.new()
    driver.hears(600)
    assert "input_audio_buffer.committed" in kinds(driver.new())


def test_ids_that_the_client_guessed_are_passed_over():
    driver = Driver()
    guessed = [f"item_t{number:04x}" for number in range(1, 12)]
    for item_id in guessed:
        item = {"type": "message", "role": "user", "id": item_id, "content": [{"type": "input_text", "text": "x"}]}
        driver.says("conversation.item.create", item=item)
    driver.speaks()
    driver.recognises("Hello")
    driver.answers("Hi.")
    assert_ended(driver.events, "completed")


@pytest.mark.parametrize("kind", ["audio/pcmu", "audio/pcma"])
def test_telephone_audio_keeps_time(kind):
    driver = Driver(audio={"input": {"format": {"type": kind}}, "output": {"format": {"type": kind}}})
    driver.hears(500)
    driver.speaks(1000)
    assert one(driver.events, "input_audio_buffer.speech_started")["audio_start_ms"] == 180
    assert one(driver.events, "input_audio_buffer.speech_stopped")["audio_end_ms"] == 2016
    item_id = driver.last(do.FinishUtterance).item_id
    assert heard_bytes(driver, item_id) == (2016 - 180) * 8
    driver.recognises("What is it?")
    driver.answers("A test.")
    assert [len(sound(event)) for event in driver.events if event["type"] == SOUND] == [WORD_MS * 8] * 2
    assert done(driver.events)["usage"]["output_token_details"]["audio_tokens"] == 2 * WORD_MS // 50
    assert done(driver.events)["usage"]["input_token_details"]["audio_tokens"] == 18
    answer = spoken(driver.events)
    assert_order(
        driver.says("conversation.item.truncate", item_id=answer, content_index=0, audio_end_ms=200),
        "conversation.item.truncated",
    )
    assert heard_bytes(driver, answer) == 200 * 8
    assert driver.believes()[-1] == "assistant: A"


def test_a_new_format_drops_the_buffer_and_time_goes_on():
    driver = Driver(**MANUAL)
    driver.hears(500, speech=True)
    driver.says("input_audio_buffer.commit")
    first = driver.last(do.FinishUtterance).item_id
    driver.hears(300, speech=True)
    driver.updates(audio={"input": {"format": {"type": "audio/pcmu"}}})
    assert [type(wish) for wish in driver.wishes[-2:]] == [do.CancelUtterance, do.ResetAudio]
    assert_error(driver.says("input_audio_buffer.commit"), "input_audio_buffer_commit_empty")
    driver.hears(1000, speech=True)
    assert driver.last(do.OpenUtterance).start_ms == 800
    driver.says("input_audio_buffer.commit")
    driver.recognises("old", first)
    driver.recognises("new")
    driver.asks()
    driver.finishes()
    assert done(driver.events)["usage"]["input_token_details"]["audio_tokens"] == 5 + 10
    assert heard_bytes(driver, first) == 500 * 48


def test_turn_detection_may_be_switched_off_in_the_middle_of_a_turn():
    driver = Driver()
    driver.hears(800, speech=True)
    driver.new()
    driver.updates(audio={"input": {"turn_detection": None}})
    driver.hears(600)
    assert_order(driver.new(), "session.updated")
    assert_order(driver.says("input_audio_buffer.commit"), COMMITTED)


# --- functions ------------------------------------------------------------------------------------------------------
CALLED = ["response.output_item.added", "conversation.item.added", "response.function_call_arguments.delta"]
CALL_CLOSED = ["response.function_call_arguments.done", "response.output_item.done", "conversation.item.done"]


def test_a_function_call_and_the_answer_to_its_output():
    driver = Driver(tools=[{"type": "function", "name": "look"}], **TEXT_ONLY)
    driver.types_in("Look!")
    driver.new()
    driver.asks()
    driver.calls("look", '{"query":', call_id="call_7")
    driver.calls("", '"x"}')
    driver.finishes("tool_calls")
    events = driver.new()
    assert_order(
        events,
        "response.created",
        CALLED,
        "response.function_call_arguments.delta",
        CALL_CLOSED,
        "response.done",
    )
    ready = one(events, "response.function_call_arguments.done")
    assert (ready["call_id"], ready["name"], ready["arguments"]) == ("call_7", "look", '{"query":"x"}')
    assert events[1]["item"]["arguments"] == ""
    call = done(events)["output"][0]
    assert (call["status"], call["arguments"]) == ("completed", '{"query":"x"}')
    item = {"type": "function_call_output", "call_id": "call_7", "output": "found"}
    assert_order(driver.says("conversation.item.create", item=item), CREATED_ITEM)
    driver.asks()
    driver.answers("It is there.")
    assert driver.believes() == [
        "user: Look!",
        'call look({"query":"x"})',
        "output found",
        "assistant: It is there.",
    ]


def test_parallel_calls_after_a_word():
    driver = Driver()
    driver.asks()
    driver.writes("One moment. ")
    driver.calls("look", "{}", index=0, call_id="a")
    driver.calls("find", "{}", index=1, call_id="b")
    driver.finishes("tool_calls")
    driver.voices()
    events = driver.events
    places = {e["item"]["id"]: e["output_index"] for e in events if e["type"] == "response.output_item.added"}
    assert list(places.values()) == [0, 1, 2]
    output = done(events)["output"]
    assert [item["id"] for item in output] == list(places)
    assert [item.get("name") for item in output] == [None, "look", "find"]
    assert_ended(events, "completed")


CALL_DONE = ["response.function_call_arguments.done", "response.output_item.done", "conversation.item.done"]


def test_a_call_is_done_as_soon_as_the_model_goes_on():
    """Its tool may run while the model still writes the next one."""
    driver = Driver(**TEXT_ONLY)
    driver.asks()
    driver.calls("look", "{", index=0, call_id="a")
    driver.writes("\n")
    assert CALL_DONE[0] not in kinds(driver.calls("", "}", index=0))
    delta = "response.function_call_arguments.delta"
    assert_order(driver.calls("find", "{}", index=1, call_id="b"), CALL_DONE, OPENED[1:3], delta)
    assert_order(driver.writes("One moment."), CALL_DONE, "response.output_text.delta")
    ended = driver.finishes("tool_calls")
    assert_order(ended, CLOSED_TEXT)
    calls = [item for item in done(ended)["output"] if item["type"] == "function_call"]
    assert [(item["call_id"], item["arguments"], item["status"]) for item in calls] == [
        ("a", "{}", "completed"),
        ("b", "{}", "completed"),
    ]


def test_a_model_that_goes_back_to_a_call_that_may_be_running_fails():
    driver = Driver(**TEXT_ONLY)
    driver.asks()
    driver.calls("look", '{"a": 1}', index=0)
    driver.calls("find", "{}", index=1)
    events = driver.calls("", "}", index=0)
    assert done(events)["status_details"]["error"]["code"] == "engine_error"


def test_calls_that_the_model_numbers_anew_get_ids_of_their_own():
    driver = Driver(**TEXT_ONLY)
    for _ in range(2):
        driver.asks()
        driver.calls("look", "{}", index=0, call_id="0")
        driver.calls("look", "{}", index=1, call_id="0")
        driver.finishes("tool_calls")
    ids = [event["call_id"] for event in driver.events if event["type"] == "response.function_call_arguments.done"]
    assert len(set(ids)) == 4


def test_a_call_that_was_cut_off_is_not_to_be_run():
    driver = Driver(**TEXT_ONLY)
    driver.asks()
    driver.calls("look", "{}", index=0)
    driver.calls("look", '{"query": "unfin', index=1)
    driver.finishes("length")
    events = driver.events
    assert_ended(events, "incomplete", "max_output_tokens")
    assert [item["status"] for item in done(events)["output"]] == ["completed", "incomplete"]
    assert kinds(events).count("response.function_call_arguments.done") == 1


# --- other ends -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("finish", "reason"), [("length", "max_output_tokens"), ("content_filter", "content_filter")])
def test_an_answer_that_was_cut_short_by_the_model(finish, reason):
    driver = Driver()
    driver.asks(max_output_tokens=7)
    assert driver.last(do.Generate).max_output_tokens == 7
    driver.writes("one two three")
    driver.finishes(finish)
    driver.voices()
    events = driver.events
    assert_ended(events, "incomplete", reason)
    assert done(events)["max_output_tokens"] == 7
    assert done(events)["output"][0]["status"] == "incomplete"
    assert driver.believes() == ["assistant: one two three"]


def test_an_engine_that_fails_fails_the_response_and_the_session_lives():
    driver = Driver()
    driver.asks()
    driver.writes("one two three four. ")
    driver.voices(words=2)
    driver.new()
    driver.breaks()
    events = driver.new()
    assert_order(events, CLOSED_AUDIO)
    assert_ended(events, "failed")
    assert done(events)["status_details"]["error"] == {
        "type": "server_error",
        "code": "engine_error",
        "message": "It broke.",
    }
    assert done(events)["usage"]["total_tokens"] == 0
    assert driver.believes() == ["assistant: one two"], "what wasn't sent wasn't said"
    driver.asks()
    driver.answers("five.")
    assert_ended(driver.new(), "completed")


def test_a_failure_after_the_end_is_nobody_s():
    driver = Driver(**TEXT_ONLY)
    driver.asks()
    driver.answers("Hi.")
    assert driver.breaks() == []


# --- responses beside each other ------------------------------------------------------------------------------------
def test_there_is_one_response_in_the_conversation_at_a_time():
    driver = Driver()
    driver.asks()
    active = driver.asked
    events = driver.says("response.create", event_id="second")
    assert_error(events, "conversation_already_has_active_response")
    assert active in events[0]["error"]["message"]
    assert events[0]["error"]["event_id"] == "second"
    driver.answers("Hi.")
    assert_ended(driver.events, "completed")


def test_responses_outside_the_conversation_run_in_parallel_and_leave_no_trace():
    driver = Driver()
    driver.types_in("Hello")
    driver.asks()
    main = driver.asked
    driver.new()
    sides = []
    for topic in ("a", "b"):
        driver.asks(conversation="none", metadata={"topic": topic}, **TEXT_ONLY)
        sides.append(driver.asked)
    for side in sides:
        driver.writes(f"for {side}", side)
    driver.hears(200, speech=True)
    for side in sides:
        driver.finishes(response_id=side)
    events = driver.new()
    ends = {e["response"]["id"]: e["response"] for e in events if e["type"] == "response.done"}
    assert ends[main]["status"] == "cancelled"
    assert [ends[side]["status"] for side in sides] == ["completed"] * 2
    assert [ends[side]["metadata"] for side in sides] == [{"topic": "a"}, {"topic": "b"}]
    assert [ends[side]["conversation_id"] for side in sides] == [None] * 2
    assert "conversation.item.added" not in kinds(events)
    assert driver.believes() == ["user: Hello"]


def test_responses_outside_the_conversation_are_limited():
    driver = Driver(**TEXT_ONLY)
    answers = [driver.asks(conversation="none") for _ in range(9)]
    assert [kinds(events)[0] for events in answers] == ["response.created"] * 8 + ["error"]


def test_input_replaces_the_conversation_for_one_response():
    driver = Driver(**TEXT_ONLY)
    driver.types_in("Hello")
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Only this"}]}
    driver.asks(input=[item], instructions="Other.", tools=[{"type": "function", "name": "f"}], tool_choice="required")
    wish = driver.last(do.Generate)
    assert [part.text for part in wish.context[0].content] == ["Only this"]
    assert (wish.instructions, wish.tool_choice, [tool.name for tool in wish.tools]) == ("Other.", "required", ["f"])
    driver.answers("Done.")
    assert driver.believes() == ["user: Hello", "assistant: Done."]
    driver.asks(input=[])
    assert driver.last(do.Generate).context == ()
    driver.finishes()


def test_an_update_holds_from_the_next_response_on():
    driver = Driver()
    driver.asks()
    driver.writes("one two. ")
    driver.updates(output_modalities=["text"], instructions="New.", audio={"output": {"voice": "marin"}})
    driver.finishes()
    driver.voices()
    assert {wish.voice for wish in driver.wishes if isinstance(wish, do.Speak)} == {"alloy"}
    first = done(driver.new())
    assert (first["output_modalities"], first["output"][0]["content"][0]["type"]) == (["audio"], "output_audio")
    driver.asks()
    assert driver.last(do.Generate).instructions == "New."
    driver.answers("three.")
    assert done(driver.new())["output"][0]["content"][0]["type"] == "output_text"


def test_one_response_may_have_its_own_voice():
    driver = Driver()
    driver.asks(audio={"output": {"voice": "marin", "format": {"type": "audio/pcmu"}}})
    driver.answers("one.")
    wish = driver.last(do.Speak)
    assert (wish.voice, wish.format.__struct_config__.tag) == ("marin", "audio/pcmu")
    shown = done(driver.events)["audio"]["output"]
    assert (shown["voice"], shown["format"]["type"]) == ("marin", "audio/pcmu")


def test_the_voice_is_asked_clause_by_clause_before_the_model_is_done():
    driver = Driver()
    driver.asks()
    driver.writes("It is the first of three things that you asked for, and")
    assert [wish.text for wish in driver.wishes if isinstance(wish, do.Speak)] == [
        "It is the first of three things that you asked for, "
    ]


def test_clearing_the_output_buffer_is_not_for_this_transport():
    assert_error(Driver().says("output_audio_buffer.clear"), "invalid_value", "type")


def test_calls_that_the_model_writes_at_the_same_time():
    driver = Driver(**TEXT_ONLY)
    driver.asks()
    driver.calls("look", '{"a": ', index=0)
    driver.calls("find", '{"b"', index=1)
    driver.calls("", "1}", index=0)
    driver.calls("", ": 2}", index=1)
    driver.finishes("tool_calls")
    assert_ended(driver.events, "completed")
    output = done(driver.events)["output"]
    assert [(call["name"], call["arguments"]) for call in output] == [("look", '{"a": 1}'), ("find", '{"b": 2}')]
