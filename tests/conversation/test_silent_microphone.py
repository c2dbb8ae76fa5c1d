"""A client that stops sending in mid-sentence, muted for example: the turn ends, and what comes later is another."""

import pytest

from tests.conversation.driver import Driver
from tests.conversation.expect import TURN, assert_order, kinds, one
from vasi.conversation import effects as do
from vasi.conversation import inputs
from vasi.conversation.listening import LATE_MS, NO_AUDIO_MS
from vasi.conversation.tables import Cue, Phase, TransitionError, Turn, TurnCue, phase_after, turn_after

STARTED, STOPPED = "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped"
DETECTIONS = [{"type": "server_vad"}, {"type": "semantic_vad", "eagerness": "low"}]


def microphone(detection, **audio):
    driver = Driver(audio={"input": {"turn_detection": detection, **audio}})
    driver.paced = True
    return driver


@pytest.mark.parametrize("detection", DETECTIONS, ids=lambda each: each["type"])
def test_the_turn_ends_two_seconds_after_the_last_frame(detection):
    driver = microphone(detection)
    driver.hears(1000, speech=True)
    assert driver.passes(NO_AUDIO_MS) == []
    events = driver.passes(100)
    assert_order(events, TURN[1:], "response.created")
    assert one(events, STOPPED)["audio_end_ms"] == 1000
    driver.recognises("Where is the assembly point")
    assert driver.last(do.Generate).context[0].content[0].transcript == "Where is the assembly point"


@pytest.mark.parametrize("detection", DETECTIONS, ids=lambda each: each["type"])
def test_speech_that_comes_later_is_a_turn_of_its_own(detection):
    driver = microphone(detection)
    driver.hears(1000, speech=True)
    driver.passes(NO_AUDIO_MS + 100)
    driver.recognises("Where is")
    driver.answers("Where is what?")
    driver.passes(5000)
    first = one(driver.new(), STARTED)["item_id"]
    driver.hears(1000, speech=True)
    driver.hears(4000)
    events = driver.new()
    assert one(events, STARTED)["item_id"] != first
    assert one(events, STARTED)["audio_start_ms"] >= 1000
    assert one(events, STOPPED)["item_id"] == one(events, STARTED)["item_id"]


def test_the_vad_and_the_resampler_begin_anew_after_the_gap():
    driver = microphone({"type": "server_vad"})
    driver.hears(1000, speech=True)
    driver.passes(NO_AUDIO_MS + 100)
    finish, forget = driver.wishes.index(driver.last(do.FinishUtterance)), driver.wishes.index(do.ResetAudio())
    assert finish < forget


@pytest.mark.parametrize("stall_ms", [300, 1000, 1900])
def test_a_network_that_stalls_cuts_nobody(stall_ms):
    driver = microphone({"type": "server_vad"})
    for _ in range(5):
        driver.hears(400, speech=True)
        driver.passes(stall_ms)
        driver.paced = False  # what was held up comes at once
        driver.hears(stall_ms // 20 * 20, speech=True)
        driver.paced = True
    assert kinds(driver.events).count(STARTED) == 1
    assert STOPPED not in kinds(driver.events)


def test_a_client_slower_than_real_time_cuts_nobody():
    driver = microphone({"type": "server_vad"})
    driver.paced = False
    for _ in range(60):
        driver.hears(20, speech=True)
        driver.passes(500)
    assert STOPPED not in kinds(driver.events)


def test_pieces_of_some_seconds_cut_nobody():
    driver = microphone({"type": "server_vad"})
    for _ in range(5):
        driver.passes(4000)
        driver.says("input_audio_buffer.append", audio=b"\x01" * 48 * 4000)
    assert STOPPED not in kinds(driver.events)


def test_a_recording_sent_at_once_ends_with_its_last_word():
    driver = microphone({"type": "server_vad"})
    driver.paced = False
    driver.hears(5000, speech=True)
    assert one(driver.passes(NO_AUDIO_MS + 100), STOPPED)["audio_end_ms"] == 5000


def test_a_server_that_was_held_up_reads_what_came_meanwhile_first():
    driver = microphone({"type": "server_vad"})
    driver.hears(1000, speech=True)
    driver.now += NO_AUDIO_MS + LATE_MS + 1000
    driver.wake_at = None
    assert kinds(driver.step(inputs.TimerFired())) == []
    driver.paced = False
    driver.hears(2000, speech=True)
    driver.passes(LATE_MS + 100)
    assert STOPPED not in kinds(driver.events)
    assert STOPPED in kinds(driver.passes(NO_AUDIO_MS))


def test_without_turn_detection_the_client_says_when():
    driver = microphone(None)
    driver.hears(1000, speech=True)
    assert driver.passes(600_000) == []
    assert one(driver.says("input_audio_buffer.commit"), "input_audio_buffer.committed")


def test_a_response_is_not_created_where_the_client_wants_none():
    driver = microphone({"type": "server_vad", "create_response": False})
    driver.hears(1000, speech=True)
    events = driver.passes(NO_AUDIO_MS + 100)
    assert STOPPED in kinds(events)
    assert "response.created" not in kinds(events)


def test_a_microphone_costs_one_timer_a_turn_not_one_a_frame():
    driver = microphone({"type": "server_vad"})
    driver.hears(500, speech=True)
    driver.paced = False
    begun, set_at = driver.wake_at, []
    for _ in range(50):
        driver.hears(20, speech=True)
        set_at.append(driver.wake_at)
    assert set(set_at) == {begun}


def test_a_transition_that_there_is_not_is_named():
    with pytest.raises(TransitionError, match="Turn SILENT can't take SILENCE, only SPEECH, ONSET, COMMIT, CLEAR"):
        turn_after(Turn.SILENT, TurnCue.SILENCE)
    with pytest.raises(TransitionError, match="Phase ENDED can't take SENT, only nothing"):
        phase_after(Phase.ENDED, Cue.SENT)
