"""Questions that are spoken over an answer which mustn't be interrupted are answered after it."""

import pytest

from tests.conversation.driver import Driver
from tests.conversation.expect import done, kinds
from vasi.conversation import effects as do

KEEPS_ON = {"audio": {"input": {"turn_detection": {"type": "server_vad", "interrupt_response": False}}}}
ANSWER = "one two three four five six."


def answering(*, written: bool = True) -> Driver:
    driver = Driver(**KEEPS_ON)
    driver.types_in("Count.")
    driver.asks()
    if written:
        driver.writes(ANSWER)
    return driver


def requests(driver: Driver) -> list[do.Generate]:
    return [wish for wish in driver.wishes if isinstance(wish, do.Generate)]


def said(request: do.Generate) -> list[str]:
    parts = [item.content[0] for item in request.context]
    return [getattr(part, "text", None) or getattr(part, "transcript", None) for part in parts]


@pytest.mark.parametrize("written", [True, False])
def test_a_question_over_an_answer_is_answered_after_it(written):
    driver = answering(written=written)
    driver.speaks()
    driver.recognises("And then?")
    assert len(requests(driver)) == 1
    if not written:
        driver.writes(ANSWER)
    driver.finishes()
    driver.voices()
    assert kinds(driver.events).count("response.created") == 2
    assert said(requests(driver)[-1])[-1] == "And then?"
    driver.new()
    driver.answers("seven.")
    assert done(driver.new())["status"] == "completed"
    assert len(requests(driver)) == 2


def test_its_words_may_come_after_the_answer():
    driver = answering()
    driver.speaks()
    driver.finishes()
    driver.voices()
    assert len(requests(driver)) == 1
    driver.recognises("And then?")
    assert said(requests(driver)[-1])[-1] == "And then?"


def test_several_questions_get_one_answer():
    driver = answering()
    for words in ("And then?", "How far?"):
        driver.speaks()
        driver.recognises(words)
    driver.finishes()
    driver.voices()
    assert len(requests(driver)) == 2
    assert said(requests(driver)[-1])[-2:] == ["And then?", "How far?"]


@pytest.mark.parametrize("late", [True, False])
@pytest.mark.parametrize("words", ["", "Uh huh."])
def test_a_noise_over_an_answer_gets_none(words, late):
    driver = answering()
    driver.speaks()
    if not late:
        driver.recognises(words)
    driver.finishes()
    driver.voices()
    if late:
        driver.recognises(words)
    assert len(requests(driver)) == 1
    assert kinds(driver.events).count("response.done") == kinds(driver.events).count("response.created")


def test_a_response_that_was_told_of_it_is_its_answer():
    driver = answering()
    driver.speaks()
    driver.recognises("And then?")
    driver.calls("look", "{}")
    driver.finishes("tool_calls")
    driver.voices()
    assert len(requests(driver)) == 1, "the client goes on when it has run the function"
    driver.asks()
    driver.answers("seven.")
    assert len(requests(driver)) == 2


def test_an_answer_that_is_cancelled_makes_way_for_the_question():
    driver = answering()
    driver.speaks()
    driver.recognises("And then?")
    driver.says("response.cancel")
    assert said(requests(driver)[-1])[-1] == "And then?"


def test_a_deleted_question_is_not_answered():
    driver = answering()
    driver.speaks()
    driver.recognises("And then?")
    item_id = driver.last(do.FinishUtterance).item_id
    driver.says("conversation.item.delete", item_id=item_id)
    driver.finishes()
    driver.voices()
    assert len(requests(driver)) == 1
