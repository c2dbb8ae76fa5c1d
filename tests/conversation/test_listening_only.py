"""What a client gets whose session only listens."""

import pytest

from tests.conversation.driver import Driver
from tests.conversation.test_flows import COMMITTED, CREATED_ITEM, TURN, assert_error, assert_order, kinds, one
from vasi.conversation import effects as do

LISTENS = {"type": "transcription"}
TRANSCRIBED = "conversation.item.input_audio_transcription"


def test_the_session_has_only_what_listening_needs():
    session = Driver(**LISTENS).events[0]["session"]
    assert (session["type"], session["object"]) == ("transcription", "realtime.transcription_session")
    assert session["audio"]["input"]["transcription"] is not None


def test_what_was_said_is_written_down_and_never_answered():
    driver = Driver(**LISTENS)
    events = driver.speaks() + driver.recognises("Good morning.")
    assert_order(events, TURN, f"{TRANSCRIBED}.delta", f"{TRANSCRIBED}.completed")
    assert one(events, f"{TRANSCRIBED}.completed")["transcript"] == "Good morning."
    item_id = one(events, "input_audio_buffer.committed")["item_id"]
    retrieved = driver.says("conversation.item.retrieve", item_id=item_id)[0]["item"]
    assert retrieved["content"][0]["transcript"] == "Good morning."
    driver.passes(60_000)
    assert not [wish for wish in driver.wishes if isinstance(wish, do.Generate)]


def test_the_client_may_end_the_turns():
    driver = Driver(**LISTENS, audio={"input": {"turn_detection": None}})
    driver.hears(400, speech=True)
    assert_order(driver.says("input_audio_buffer.commit"), COMMITTED)
    assert kinds(driver.recognises("Two.")) == [f"{TRANSCRIBED}.delta", f"{TRANSCRIBED}.completed"]


def test_a_response_is_refused_and_the_session_goes_on():
    driver = Driver(**LISTENS)
    assert_error(driver.asks(), "invalid_value", "type")
    assert_error(driver.asks(conversation="none"), "invalid_value", "type")
    assert_order(driver.types_in("Hello"), CREATED_ITEM)
    assert_order(driver.speaks(), TURN)


def test_an_update_changes_how_it_listens():
    driver = Driver(**LISTENS)
    hearing = {"format": {"type": "audio/pcmu"}, "transcription": {"language": "de"}}
    events = driver.says("session.update", session={"type": "transcription", "audio": {"input": hearing}})
    assert_order(events, "session.updated")
    assert events[0]["session"]["audio"]["input"]["transcription"] == {"language": "de"}
    assert_order(driver.speaks(), TURN)


@pytest.mark.parametrize(
    ("session", "code", "param"),
    [
        ({"type": "realtime"}, "invalid_value", "session.type"),
        ({"instructions": "Be brief."}, "unknown_parameter", "session.instructions"),
        ({"audio": {"output": {"voice": "marin"}}}, "unknown_parameter", "session.audio.output"),
        ({"tools": []}, "unknown_parameter", "session.tools"),
    ],
)
def test_what_belongs_to_answers_is_refused(session, code, param):
    driver = Driver(**LISTENS)
    assert_error(driver.says("session.update", session=session), code, param)
