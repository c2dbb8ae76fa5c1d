"""Nobody speaks after an answer: what ``idle_timeout_ms`` brings about, and what keeps it from doing so."""

import pytest

from tests.conversation.driver import WORD_MS, Driver
from tests.conversation.test_flows import (
    COMMITTED,
    OPENED,
    SOUND,
    TURN,
    WORD,
    assert_order,
    done,
    kinds,
    one,
    retrieved,
)

TIMEOUT = "input_audio_buffer.timeout_triggered"
IDLE_MS = 5000


def patient(**session):
    """A session that answers a silence of five seconds, with an answer of two words behind it."""
    driver = Driver(lead_ms=1000, audio={"input": {"turn_detection": {"idle_timeout_ms": IDLE_MS}}}, **session)
    driver.types_in("Hello")
    driver.asks()
    driver.answers("one two.")
    driver.new()
    return driver


def test_a_silence_after_the_answer_is_a_turn_that_is_answered():
    driver = patient()
    driver.hears(IDLE_MS)
    assert driver.passes(2 * WORD_MS + IDLE_MS - 1) == []
    events = driver.passes(1)
    assert_order(events, TIMEOUT, COMMITTED, "response.created")
    item_id = events[0]["item_id"]
    assert [one(events, kind)["item_id"] for kind in (TIMEOUT, COMMITTED[0])] == [item_id] * 2
    assert (events[0]["audio_start_ms"], events[0]["audio_end_ms"]) == (0, IDLE_MS)
    assert retrieved(driver, item_id)["content"][0]["transcript"] is None
    driver.new()
    driver.answers("Still there?")
    assert_order(driver.new(), OPENED[1:], WORD, [SOUND] * 2, kinds(driver.events)[-6:])


def test_it_counts_from_the_end_of_the_playout():
    driver = patient()
    driver.asks()
    driver.answers("one two three four.")
    driver.passes(1)
    assert TIMEOUT not in kinds(driver.passes(6 * WORD_MS + IDLE_MS - 2))
    assert TIMEOUT in kinds(driver.passes(1))


def test_it_comes_once_for_each_answer():
    driver = patient()
    assert kinds(driver.passes(60_000)).count(TIMEOUT) == 1
    driver.finishes()
    assert kinds(driver.passes(60_000)).count(TIMEOUT) == 1


def test_an_answer_that_failed_is_not_tried_again():
    driver = patient()
    driver.passes(60_000)
    driver.breaks()
    assert driver.passes(60_000) == []


def test_a_call_that_the_client_must_answer_is_waited_for():
    driver = patient()
    driver.asks()
    driver.calls("look", "{}")
    driver.finishes("tool_calls")
    assert driver.passes(60_000) == []


@pytest.mark.parametrize("create", [True, False])
def test_speech_is_no_silence(create):
    driver = patient()
    detection = {"idle_timeout_ms": IDLE_MS, "create_response": create}
    driver.updates(audio={"input": {"turn_detection": detection}})
    driver.asks()
    driver.answers("one.")
    driver.new()
    driver.passes(IDLE_MS)
    driver.paced = True
    driver.hears(30_000, speech=True)
    driver.hears(600)
    driver.passes(60_000)
    assert_order(driver.new(), TURN, ["response.created"] if create else [])


def test_it_is_off_unless_asked_for_and_can_be_turned_off():
    driver = Driver()
    driver.asks()
    driver.answers("one.")
    assert driver.passes(60_000) == []
    driver = patient()
    driver.updates(audio={"input": {"turn_detection": {"idle_timeout_ms": None}}})
    assert driver.passes(60_000) == []


def test_audio_goes_on_in_time_while_a_silence_is_counted():
    """Both wishes to be woken are kept."""
    driver = patient()
    driver.asks(conversation="none")
    driver.writes("a b c d e f g h i j k l m n o p q r s t.", driver.asked)
    driver.finishes()
    driver.voices()
    events = driver.passes(10 * WORD_MS)
    assert kinds(events).count(SOUND) >= 1
    driver.passes(60_000)
    assert done([event for event in driver.new() if event["type"] == "response.done"][:1])["status"] == "completed"
