"""When a turn ends under ``semantic_vad``: after a short silence if it seems complete, else after a long one."""

import pytest

from tests.conversation.driver import Driver
from tests.conversation.expect import TURN, assert_order, kinds, one
from vasi.conversation import effects as do
from vasi.conversation import inputs

STOPPED = "input_audio_buffer.speech_stopped"


def semantic(eagerness="auto", **audio):
    detection = {"type": "semantic_vad", "eagerness": eagerness}
    return Driver(audio={"input": {"turn_detection": detection, **audio}})


def paused(driver, silence=200):
    """The user has said something for 992 ms and falls silent; the wish for a judgement."""
    driver.hears(992, speech=True)
    driver.hears(silence)
    return driver.last(do.DetectEndOfTurn)


def judges(driver, completeness, wish=None):
    wish = wish or driver.last(do.DetectEndOfTurn)
    return driver.step(inputs.TurnJudged(wish.item_id, wish.pause_ms, completeness))


def asked(driver):
    return [wish for wish in driver.wishes if isinstance(wish, do.DetectEndOfTurn)]


def test_a_complete_turn_ends_at_once():
    driver = semantic()
    driver.hears(512)
    driver.new()
    wish = paused(driver)
    item_id = one(driver.events, "input_audio_buffer.speech_started")["item_id"]
    assert wish == do.DetectEndOfTurn(item_id, start_ms=212, pause_ms=1504, end_ms=1504 + 192, words="")
    events = judges(driver, 0.9)
    assert_order(events, TURN[1:], "response.created")
    assert one(events, STOPPED)["audio_end_ms"] == 1504 + 192
    driver.recognises("What is it?")
    assert driver.last(do.Generate).context[0].content[0].transcript == "What is it?"


@pytest.mark.parametrize(("eagerness", "longest"), [("high", 800), ("auto", 1500), ("medium", 1500), ("low", 3000)])
def test_an_unfinished_turn_is_waited_for_as_long_as_the_eagerness_says(eagerness, longest):
    driver = semantic(eagerness)
    judges(driver, 0.1, paused(driver))
    driver.hears(4000)
    assert longest <= one(driver.events, STOPPED)["audio_end_ms"] - 992 < longest + 32


@pytest.mark.parametrize("eagerness", ["high", "auto", "low"])
def test_the_less_eager_the_surer_it_must_be(eagerness):
    ended = []
    for completeness in (0.34, 0.35, 0.49, 0.5, 0.69, 0.7):
        driver = semantic(eagerness)
        paused(driver)
        if STOPPED in kinds(judges(driver, completeness)):
            ended.append(completeness)
    assert min(ended) == {"high": 0.35, "auto": 0.5, "low": 0.7}[eagerness]


def test_a_judge_that_never_answers_loses_no_turn():
    driver = semantic()
    paused(driver, 2000)
    assert one(driver.events, STOPPED)["audio_end_ms"] == 992 + 1504
    assert len(asked(driver)) == 1, "a judge that is slow isn't asked again"


def test_a_judgement_of_a_pause_that_is_over_is_not_believed():
    driver = semantic()
    first = paused(driver)
    driver.hears(320, speech=True)
    assert judges(driver, 1.0, first) == []
    driver.hears(240)
    second = driver.last(do.DetectEndOfTurn)
    assert second != first
    assert judges(driver, 1.0, first) == [], "the pause that it was about is over"
    assert STOPPED in kinds(judges(driver, 1.0, second))
    driver.new()
    driver.hears(640, speech=True)
    driver.hears(240)
    assert judges(driver, 1.0, second) == [], "it was about another turn"


def test_a_longer_silence_alone_is_no_reason_to_judge_again():
    driver = semantic()
    judges(driver, 0.2, paused(driver))
    driver.hears(1000)
    assert len(asked(driver)) == 1


def test_words_that_come_late_are_judged_with_the_same_sound():
    driver = semantic()
    first = paused(driver)
    judges(driver, 0.2, first)
    driver.hears(600)
    driver.step(inputs.PartlyRecognised(first.item_id, "what is it"))
    second = driver.last(do.DetectEndOfTurn)
    assert (second.start_ms, second.end_ms) == (first.start_ms, first.end_ms)
    assert STOPPED in kinds(judges(driver, 0.8))


def test_new_words_are_judged_with_the_old_ones():
    driver = semantic()
    wish = paused(driver)
    driver.step(inputs.PartlyRecognised(wish.item_id, "what is"))
    assert len(asked(driver)) == 1, "it waits for the answer"
    judges(driver, 0.2)
    assert driver.last(do.DetectEndOfTurn).words == "what is"
    judges(driver, 0.2)
    driver.step(inputs.PartlyRecognised(wish.item_id, "what is it"))
    assert driver.last(do.DetectEndOfTurn).words == "what is it"
    assert STOPPED in kinds(judges(driver, 0.8))


def test_a_pause_is_judged_a_few_times_at_most():
    driver = semantic()
    wish = paused(driver)
    for number in range(20):
        driver.step(inputs.PartlyRecognised(wish.item_id, f"{number}"))
        judges(driver, 0.2)
    assert len(asked(driver)) == 4


def test_words_of_one_turn_are_not_taken_for_the_next():
    driver = semantic()
    wish = paused(driver)
    driver.step(inputs.PartlyRecognised(wish.item_id, "what is"))
    judges(driver, 1.0)
    driver.hears(992, speech=True)
    driver.hears(240)
    assert driver.last(do.DetectEndOfTurn).words == ""


def test_server_vad_asks_nobody():
    driver = Driver()
    driver.speaks()
    assert asked(driver) == []
    assert STOPPED in kinds(driver.events)


def test_a_turn_committed_or_cleared_by_hand_is_not_judged_any_more():
    for event in ("input_audio_buffer.commit", "input_audio_buffer.clear"):
        driver = semantic()
        wish = paused(driver)
        driver.says(event)
        assert judges(driver, 1.0, wish) == []


# --- what the recogniser is told of pauses ----------------------------------------------------------------------------
def told(driver):
    return [type(wish).__name__ for wish in driver.wishes if isinstance(wish, do.PauseUtterance | do.ResumeUtterance)]


@pytest.mark.parametrize("detection", [{"type": "semantic_vad"}, {"type": "server_vad"}])
def test_the_recogniser_may_begin_when_the_user_seems_to_have_stopped(detection):
    driver = Driver(audio={"input": {"turn_detection": detection}})
    driver.hears(992, speech=True)
    driver.hears(128)
    assert not told(driver)
    driver.hears(64)
    item_id = one(driver.events, "input_audio_buffer.speech_started")["item_id"]
    assert driver.last(do.PauseUtterance) == do.PauseUtterance(item_id)
    driver.hears(128)
    assert told(driver) == ["PauseUtterance"]


def test_the_recogniser_is_told_of_each_pause_and_of_its_end():
    driver = semantic()
    for silence in (100, 200, 60, 400):
        driver.hears(480, speech=True)
        driver.hears(silence)
    driver.hears(480, speech=True)
    assert told(driver) == ["PauseUtterance", "ResumeUtterance"] * 2


def test_a_new_utterance_begins_without_a_pause():
    driver = semantic()
    judges(driver, 0.9, paused(driver))
    driver.hears(480, speech=True)
    assert told(driver) == ["PauseUtterance"]
    driver.hears(200)
    assert told(driver) == ["PauseUtterance"] * 2
    assert len({wish.item_id for wish in driver.wishes if isinstance(wish, do.PauseUtterance)}) == 2


def test_words_that_come_in_the_pause_are_judged_with_it():
    driver = semantic()
    judges(driver, 0.2, paused(driver))
    item_id = driver.last(do.PauseUtterance).item_id
    driver.step(inputs.PartlyRecognised(item_id, "What is it?"))
    assert driver.last(do.DetectEndOfTurn).words == "What is it?"
