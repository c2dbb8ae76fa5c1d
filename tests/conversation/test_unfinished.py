"""What is retrieved of an answer while it's written, and sound whose words are to be found first."""

from tests.conversation.driver import WORD_MS, Driver
from tests.conversation.expect import (
    CREATED_ITEM,
    TEXT_ONLY,
    TRANSCRIBED,
    assert_ended,
    assert_order,
    heard_bytes,
    kinds,
    one,
    retrieved,
    spoken,
)
from vasi.conversation import effects as do
from vasi.conversation import inputs


def test_an_answer_that_is_being_spoken_is_retrieved_as_far_as_it_is():
    driver = Driver()
    driver.asks()
    driver.writes("one two three. ")
    driver.voices(words=2)
    item = retrieved(driver, spoken(driver.events))
    assert (item["status"], item["content"][0]["transcript"]) == ("in_progress", "one two three. ")
    assert heard_bytes(driver, item["id"]) == 2 * WORD_MS * 48
    driver.says("conversation.item.truncate", item_id=item["id"], content_index=0, audio_end_ms=200)
    assert retrieved(driver, item["id"])["content"][0]["transcript"] == "one"
    assert heard_bytes(driver, item["id"]) == 200 * 48


def test_a_text_and_a_call_that_are_being_written_are_retrieved_as_far_as_they_are():
    driver = Driver(**TEXT_ONLY)
    driver.asks()
    text = spoken(driver.writes("one two"))
    call = one(driver.calls("look", '{"a"'), "response.output_item.added")["item"]["id"]
    assert retrieved(driver, text)["content"] == [{"type": "output_text", "text": "one two"}]
    assert retrieved(driver, call)["arguments"] == '{"a"'


# --- sound that the client puts into the conversation ---------------------------------------------------------------
def sounding(*parts):
    return {"type": "message", "role": "user", "content": list(parts)}


SOUND_PART = {"type": "input_audio", "audio": "AQID" * 4000}


def test_sound_in_an_item_is_recognised_before_it_is_answered():
    driver = Driver(**TRANSCRIBED)
    driver.new()
    driver.says("conversation.item.create", item=sounding({"type": "input_text", "text": "Listen:"}, SOUND_PART))
    assert_order(driver.new(), CREATED_ITEM)
    wish = driver.last(do.Recognise)
    assert (len(wish.audio), wish.format.__struct_config__.tag) == (12_000, "audio/pcm")
    driver.asks()
    assert not [wish for wish in driver.wishes if isinstance(wish, do.Generate)]
    events = driver.recognises("What is it?", wish.item_id)
    delta, completed = events[0], events[1]
    assert (delta["delta"], delta["content_index"]) == ("What is it?", 1)
    assert (completed["transcript"], completed["content_index"]) == ("What is it?", 1)
    assert driver.last(do.Generate).context[0].content[1].transcript == "What is it?"
    assert driver.believes() == ["user: Listen: What is it?"]


def test_sound_whose_words_the_client_knows_is_not_recognised():
    driver = Driver(**TRANSCRIBED)
    driver.says("conversation.item.create", item=sounding({**SOUND_PART, "transcript": "Hello."}))
    assert not [wish for wish in driver.wishes if isinstance(wish, do.Recognise)]
    driver.asks()
    assert driver.believes() == ["user: Hello."]


def test_sound_that_cannot_be_recognised_fails_what_waits_for_it():
    driver = Driver(**TRANSCRIBED)
    driver.says("conversation.item.create", item=sounding(SOUND_PART))
    driver.asks()
    driver.new()
    driver.step(inputs.NotRecognised(driver.last(do.Recognise).item_id, "It broke."))
    events = driver.new()
    assert kinds(events) == ["conversation.item.input_audio_transcription.failed", "response.done"]
    assert_ended(events, "failed")
