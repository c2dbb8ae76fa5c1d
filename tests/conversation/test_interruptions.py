"""The user cuts in, the client cancels or truncates: what is said, heard and believed afterwards."""

import pytest

from tests.conversation.driver import Driver
from tests.conversation.expect import (
    CLOSED_AUDIO,
    CLOSED_TEXT,
    SOUND,
    TEXT_ONLY,
    TURN,
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


# --- barge-in -------------------------------------------------------------------------------------------------------
def test_speech_cuts_the_answer_and_the_model_remembers_what_was_played():
    driver = Driver(lead_ms=500)
    driver.types_in("Tell me.")
    driver.asks()
    driver.writes("one two three four five six seven eight nine ten.")
    driver.finishes()
    driver.voices()
    driver.passes(1000)
    driver.new()
    driver.hears(300, speech=True)
    events = driver.new()
    assert_order(events, "input_audio_buffer.speech_started", CLOSED_AUDIO)
    assert_ended(events, "cancelled", "turn_detected")
    assert one(events, "response.output_item.done")["item"]["status"] == "incomplete"
    assert isinstance(driver.last(do.Release), do.Release)
    assert driver.believes()[-1] == "assistant: one two three four five"
    driver.passes(5000)
    driver.voices()
    assert SOUND not in kinds(driver.new()), "nothing follows the end"


def test_what_the_client_says_it_played_is_believed():
    driver = Driver(lead_ms=500)
    driver.types_in("Tell me.")
    driver.asks()
    driver.writes("one two three four five six seven eight nine ten.")
    driver.finishes()
    driver.voices()
    driver.passes(1000)
    driver.hears(300, speech=True)
    answer = spoken(driver.events)
    for wanted, words in ((1_200, "one two three four five six"), (450, "one two")):
        driver.says("conversation.item.truncate", item_id=answer, content_index=0, audio_end_ms=wanted)
        assert driver.believes()[-1] == f"assistant: {words}"
        assert retrieved(driver, answer)["content"][0]["transcript"] == words
        assert heard_bytes(driver, answer) == wanted * 48
    events = driver.says("conversation.item.truncate", item_id=answer, content_index=0, audio_end_ms=800)
    assert_error(events, "invalid_value", "audio_end_ms")


def test_audio_leaves_only_a_little_ahead_of_its_playout():
    driver = Driver(lead_ms=500)
    driver.asks()
    driver.writes("one two three four five six seven eight nine ten.")
    driver.finishes()
    driver.new()
    driver.voices()
    counts = [kinds(driver.new()).count(SOUND)]
    for _ in range(8):
        driver.passes(200)
        counts.append(kinds(driver.new()).count(SOUND))
    assert counts == [3, 1, 1, 1, 1, 1, 1, 1, 0]
    assert_ended(driver.events, "completed")


def test_speech_after_the_answer_was_sent_but_not_played_shortens_what_was_said():
    driver = Driver(lead_ms=1000)
    driver.types_in("Tell me.")
    driver.asks()
    driver.answers("one two three four.")
    assert_ended(driver.new(), "completed")
    driver.passes(500)
    driver.hears(300, speech=True)
    assert_order(driver.new(), "input_audio_buffer.speech_started")
    assert driver.believes()[-1] == "assistant: one two"


def test_an_answer_is_played_after_the_one_before_it():
    """An answer that follows at once isn't heard before what the client still has to play."""
    driver = Driver(lead_ms=1000)
    driver.asks()
    driver.answers("one two three four five.")
    driver.asks()
    driver.answers("six seven.")
    driver.passes(900)
    driver.hears(300, speech=True)
    assert driver.believes() == ["assistant: one two three four", "assistant:"]


def test_an_answer_after_a_cut_one_is_played_at_once():
    driver = Driver(lead_ms=1000)
    driver.asks()
    driver.answers("one two three four five.")
    driver.passes(300)
    driver.speaks()
    driver.recognises("Stop.")
    driver.answers("six seven eight.")
    driver.passes(400)
    driver.hears(300, speech=True)
    assert driver.believes() == ["assistant: one", "user: Stop.", "assistant: six seven"]


def test_without_pacing_all_that_was_sent_was_heard():
    driver = Driver(lead_ms=None)
    driver.asks()
    driver.writes("one two three four five six seven eight nine ten.")
    driver.finishes()
    driver.voices(words=4)
    driver.says("response.cancel")
    assert driver.believes() == ["assistant: one two three four"]


def test_speech_that_must_not_interrupt_does_not():
    driver = Driver(audio={"input": {"turn_detection": {"interrupt_response": False}}})
    driver.asks()
    driver.writes("one two three. ")
    driver.new()
    driver.speaks()
    assert_order(driver.new(), TURN)
    driver.recognises("Hello")
    driver.finishes()
    driver.voices()
    assert_ended(driver.new(), "completed")


def test_speech_cuts_a_response_that_has_not_begun_to_speak():
    driver = Driver()
    driver.speaks()
    driver.new()
    driver.hears(200, speech=True)
    events = driver.new()
    assert_order(events, "input_audio_buffer.speech_started", "response.done")
    assert_ended(events, "cancelled", "turn_detected")
    driver.hears(600)
    assert_order(driver.new(), TURN[1:], "response.created")


# --- cancel ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("by_id", [False, True])
def test_the_client_cancels(by_id):
    driver = Driver(**TEXT_ONLY)
    driver.asks()
    driver.writes("one two")
    driver.new()
    events = driver.says("response.cancel", **({"response_id": driver.asked} if by_id else {}))
    assert_order(events, CLOSED_TEXT)
    assert_ended(events, "cancelled", "client_cancelled")
    assert one(events, "response.output_item.done")["item"]["status"] == "incomplete"
    assert done(events)["usage"]["total_tokens"] == 1
    assert driver.writes(" three") + driver.finishes() == []
    assert driver.believes() == ["assistant: one two"]


def test_a_cancel_without_anything_to_cancel_is_an_error():
    driver = Driver(**TEXT_ONLY)
    assert_error(driver.says("response.cancel"), "response_cancel_not_active")
    driver.asks(conversation="none")
    assert_error(driver.says("response.cancel"), "response_cancel_not_active")
    assert_error(driver.says("response.cancel", response_id="nobody"), "response_cancel_not_active")


def test_a_cut_answer_costs_what_the_model_counted():
    driver = Driver()
    driver.asks()
    driver.writes("one two three.")
    driver.finishes()
    driver.voices(words=2)
    driver.says("response.cancel")
    usage = done(driver.events)["usage"]
    assert usage["input_token_details"]["text_tokens"] == 100
    assert usage["output_token_details"] == {"text_tokens": 20, "audio_tokens": 8}


# --- truncation -----------------------------------------------------------------------------------------------------
def spoken_answer(text="one two three four. five six."):
    driver = Driver()
    driver.asks()
    driver.answers(text)
    driver.new()
    return driver, spoken(driver.events)


@pytest.mark.parametrize(
    ("milliseconds", "heard"),
    [
        (0, ""),
        (149, ""),
        (150, "one"),
        (349, "one"),
        (350, "one two"),
        (799, "one two three four. "),
        (800, "one two three four. "),
        (949, "one two three four. "),
        (950, "one two three four. five"),
        (1200, "one two three four. five six."),
    ],
)
def test_truncation_to_the_millisecond(milliseconds, heard):
    driver, answer = spoken_answer()
    events = driver.says("conversation.item.truncate", item_id=answer, content_index=0, audio_end_ms=milliseconds)
    assert_order(events, "conversation.item.truncated")
    assert events[0]["audio_end_ms"] == milliseconds
    assert retrieved(driver, answer)["content"][0]["transcript"] == heard
    assert heard_bytes(driver, answer) == milliseconds * 48
    assert driver.believes() == [f"assistant: {heard}".strip()]


def test_clients_may_round_up_by_20_ms():
    driver, answer = spoken_answer()
    for milliseconds in (1220, 1201, 1200):
        driver.says("conversation.item.truncate", item_id=answer, content_index=0, audio_end_ms=milliseconds)
        assert driver.new()[0]["audio_end_ms"] == milliseconds
    assert driver.believes() == ["assistant: one two three four. five six."]
    events = driver.says("conversation.item.truncate", item_id=answer, content_index=0, audio_end_ms=1221)
    assert_error(events, "invalid_value", "audio_end_ms")
    assert events[0]["error"]["message"] == "Audio content of 1200ms is already shorter than 1221ms"


def test_what_was_played_to_its_end_stays_whole_without_word_times():
    driver = Driver()
    driver.asks()
    driver.writes("one two three four.")
    driver.finishes()
    wish = driver.last(do.Speak)
    driver.step(inputs.AudioChunk(wish.response_id, wish.clause, b"\x02" * 48_000))
    driver.step(inputs.ClauseFinished(wish.response_id, wish.clause))
    answer = spoken(driver.events)
    driver.says("conversation.item.truncate", item_id=answer, content_index=0, audio_end_ms=1000)
    assert driver.believes() == ["assistant: one two three four."]
    driver.says("conversation.item.truncate", item_id=answer, content_index=0, audio_end_ms=500)
    assert driver.believes() == ["assistant: one two"]


def test_only_what_the_assistant_said_aloud_can_be_truncated():
    driver = Driver(**TEXT_ONLY)
    user = driver.types_in("Hello")[0]["item"]["id"]
    driver.asks()
    driver.answers("Hi.")
    written = spoken(driver.events)

    def truncate(item_id, index=0):
        return driver.says("conversation.item.truncate", item_id=item_id, content_index=index, audio_end_ms=0)

    assert_error(truncate("nobody"), "item_truncate_invalid_item_id", "item_id")
    assert_error(truncate(user), "unsupported_content_type", "item_id")
    assert_error(truncate(written), "unsupported_content_type", "item_id")
    driver, answer = spoken_answer()
    assert_error(truncate(answer, 1), "invalid_value", "content_index")
    assert driver.believes() == ["assistant: one two three four. five six."]


def test_an_answer_may_be_truncated_while_it_is_spoken():
    driver = Driver()
    driver.asks()
    driver.writes("one two three four. ")
    driver.voices()
    answer = spoken(driver.events)
    driver.says("conversation.item.truncate", item_id=answer, content_index=0, audio_end_ms=400)
    assert driver.believes() == ["assistant: one two"]
    driver.writes("five six.")
    driver.finishes()
    driver.voices()
    assert driver.believes() == ["assistant: one two"]
    assert retrieved(driver, answer)["content"][0]["transcript"] == "one two"
    assert heard_bytes(driver, answer) == 400 * 48
    events = driver.says("conversation.item.truncate", item_id=answer, content_index=0, audio_end_ms=1000)
    assert_error(events, "invalid_value", "audio_end_ms")
