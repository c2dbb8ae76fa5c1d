"""Somebody may be cutting in: what is passed over, what is held, and that the assistant never stays mute."""

import pytest

from tests.conversation.driver import WORD_MS, Driver
from tests.conversation.expect import (
    CLOSED_AUDIO,
    COMMITTED,
    SOUND,
    TURN,
    assert_ended,
    assert_order,
    done,
    kinds,
    one,
    spoken,
)
from vasi.conversation import effects as do
from vasi.conversation import inputs

STARTED = "input_audio_buffer.speech_started"
HOLD, RESUME = "vasi.output_audio.hold", "vasi.output_audio.resume"
ACTIVITY = {"include": ["vasi.activity"]}
NUMBERS = "one two three four five six seven eight nine ten eleven twelve."


def speaking(lead_ms=500, **session):
    """An answer of 2.4 s of which 1 s was played; from then on the clock runs with the microphone."""
    driver = Driver(lead_ms=lead_ms, **session)
    driver.types_in("Count.")
    driver.asks()
    driver.answers(NUMBERS)
    driver.hears(1000)
    driver.passes(1000)
    driver.paced = True
    driver.new()
    return driver


def without_sound(events):
    return [event for event in events if event["type"] != SOUND]


# --- clients that stop when speech starts ---------------------------------------------------------------------------
@pytest.mark.parametrize("noise_ms", [64, 120, 225])
def test_a_short_sound_is_passed_over_while_the_assistant_speaks(noise_ms):
    driver = speaking()
    driver.hears(noise_ms, speech=True)
    driver.hears(4000)
    events = driver.new()
    assert_order(without_sound(events), CLOSED_AUDIO)
    assert_ended(events, "completed")
    assert isinstance(driver.last(do.CancelUtterance), do.CancelUtterance)
    assert driver.believes() == ["user: Count.", f"assistant: {NUMBERS}"], "it leaves no item"


def test_speech_that_lasts_cuts_the_answer_and_none_of_it_is_lost():
    driver = speaking()
    driver.hears(240, speech=True)
    assert without_sound(driver.new()) == []
    driver.hears(60, speech=True)
    events = driver.new()
    assert_order(events, STARTED, CLOSED_AUDIO)
    assert_ended(events, "cancelled", "turn_detected")
    # It began in the window that ends at 1024 ms, with 300 ms of padding.
    assert one(events, STARTED)["audio_start_ms"] == 992 - 300
    assert driver.last(do.OpenUtterance).start_ms == 992 - 300
    driver.hears(600)
    assert_order(driver.new(), TURN[1:], "response.created")


def test_the_wait_for_a_confirmation_is_a_setting():
    for wait, needed in ((0, 64), (100, 128), (500, 512)):
        driver = speaking(barge_in_ms=wait)
        driver.hears(24)  # up to a window's edge
        driver.hears(needed - 20, speech=True)
        assert STARTED not in kinds(driver.new())
        driver.hears(20, speech=True)
        assert STARTED in kinds(driver.new())


def test_speech_while_it_is_silent_starts_at_once():
    driver = speaking()
    driver.hears(3000)
    driver.new()
    driver.hears(100, speech=True)
    assert_order(driver.new(), STARTED)


def test_a_word_confirms_what_a_noise_does_not():
    driver = speaking()
    driver.hears(120, speech=True)
    utterance = driver.last(do.OpenUtterance).item_id
    for noise in ("uh", "uh huh", "okay yeah"):
        assert driver.step(inputs.PartlyRecognised(utterance, noise)) == []
    events = driver.step(inputs.PartlyRecognised(utterance, "okay stop"))
    assert_order(events, STARTED, CLOSED_AUDIO)


def test_a_recognised_backchannel_has_longer():
    driver = speaking()
    driver.hears(120, speech=True)
    driver.step(inputs.PartlyRecognised(driver.last(do.OpenUtterance).item_id, "uh huh"))
    driver.hears(400, speech=True)
    driver.hears(400)
    assert STARTED not in kinds(driver.new())
    driver.hears(120, speech=True)
    driver.step(inputs.PartlyRecognised(driver.last(do.OpenUtterance).item_id, "okay"))
    driver.hears(700, speech=True)
    assert STARTED in kinds(driver.new())


def test_who_speaks_into_the_end_of_an_answer_is_heard():
    """It would be over before the wait for a confirmation is."""
    driver = speaking()
    driver.hears(1300)
    driver.new()
    driver.hears(100, speech=True)
    assert STARTED in kinds(driver.new())


def test_while_it_waits_no_audio_leaves():
    driver = speaking()
    driver.hears(64, speech=True)
    driver.new()
    driver.hears(160, speech=True)
    assert driver.new() == []
    driver.hears(240)
    assert SOUND in kinds(driver.new())


def test_stock_clients_see_nothing_of_the_extension():
    driver = speaking()
    driver.hears(120, speech=True)
    driver.hears(1000)
    assert not [kind for kind in kinds(driver.events) if kind.startswith("vasi.")]


# --- clients that pause ---------------------------------------------------------------------------------------------
def test_the_first_speech_holds_the_output_and_a_false_alarm_resumes_it():
    driver = speaking(**ACTIVITY)
    answer = spoken(driver.events)
    driver.hears(24)
    driver.new()
    driver.hears(64, speech=True)
    events = driver.new()
    assert_order(events, HOLD)
    assert (events[0]["item_id"], events[0]["audio_end_ms"]) == (answer, 1000 + 24 + 64)
    driver.hears(120, speech=True)
    driver.hears(180)
    assert driver.new() == []
    driver.hears(20)
    assert kinds(driver.new())[0] == RESUME
    driver.hears(2000)
    events = driver.new()
    assert_ended(events, "completed")
    assert driver.believes()[-1] == f"assistant: {NUMBERS}"


def test_a_pause_is_not_counted_as_playout():
    driver = speaking(**ACTIVITY)
    driver.hears(200, speech=True)
    driver.hears(400)
    assert kinds(driver.new()).count(RESUME) == 1
    # Held from about 1.07 s for about 0.4 s; 1.3 s have been played when somebody cuts in.
    driver.hears(100)
    driver.hears(300, speech=True)
    events = driver.new()
    assert kinds(events)[:2] == [HOLD, STARTED] or kinds(events)[-len(CLOSED_AUDIO) - 1] == STARTED
    paused = one(events, HOLD)["audio_end_ms"]
    assert 1200 <= paused <= 1400
    words = NUMBERS.split()[: (paused - 150) // WORD_MS + 1]
    assert driver.believes()[-1] == "assistant: " + " ".join(words)


def test_a_microphone_that_falls_silent_does_not_hold_for_good():
    driver = speaking(**ACTIVITY)
    driver.hears(120, speech=True)
    assert kinds(driver.new())[-1] == HOLD
    assert kinds(driver.passes(900)) == []
    assert kinds(driver.passes(200))[0] == RESUME


@pytest.mark.parametrize("end", ["input_audio_buffer.clear", "input_audio_buffer.commit", "session.update"])
def test_every_hold_has_an_end(end):
    driver = speaking(**ACTIVITY)
    driver.hears(120, speech=True)
    driver.new()
    manual = {"session": {"type": "realtime", "audio": {"input": {"turn_detection": None}}}}
    events = driver.says(end, **(manual if end == "session.update" else {}))
    if end == "input_audio_buffer.commit":
        assert_order(events, STARTED, CLOSED_AUDIO, COMMITTED)
    else:
        assert RESUME in kinds(events)
        driver.passes(3000)
        assert_ended(driver.new(), "completed")


def test_a_held_answer_may_be_cancelled():
    driver = speaking(**ACTIVITY)
    driver.hears(120, speech=True)
    driver.new()
    assert_ended(driver.says("response.cancel"), "cancelled", "client_cancelled")
    driver.new()
    driver.hears(400)
    events = driver.new()
    assert_order(events, RESUME)


def test_the_client_says_what_it_has_played():
    driver = speaking(**ACTIVITY)
    answer = spoken(driver.events)
    assert driver.says("vasi.playout", item_id=answer, played_ms=600) == []
    driver.hears(100)
    driver.hears(64, speech=True)
    assert 700 <= one(driver.new(), HOLD)["audio_end_ms"] <= 800
    driver.says("vasi.playout", item_id=answer, played_ms=560)
    driver.hears(300, speech=True)
    assert driver.believes()[-1] == "assistant: one two three"
    driver.says("vasi.playout", item_id=answer, played_ms=760)
    assert driver.believes()[-1] == "assistant: one two three four", "it comes after the cut"
    driver.says("vasi.playout", item_id="nobody", played_ms=1)
    assert "error" not in kinds(driver.events)


def test_a_cancelled_answer_of_which_all_was_played_does_not_sound_again():
    driver = speaking(**ACTIVITY)
    answer = spoken(driver.events)
    driver.says("vasi.playout", item_id=answer, played_ms=0)
    driver.says("response.cancel")
    driver.says("vasi.playout", item_id=answer, played_ms=60_000)
    driver.new()
    driver.hears(300, speech=True)
    assert kinds(driver.new()) == ["input_audio_buffer.speech_started"], "nothing is to be held"


def test_what_was_played_is_known_without_pacing_if_the_client_says_it():
    driver = speaking(lead_ms=None, **ACTIVITY)
    driver.says("vasi.playout", item_id=spoken(driver.events), played_ms=300)
    driver.hears(300, speech=True)
    assert driver.believes()[-1] == "assistant: one two"


# --- after a false alarm --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("heard", ["", "Uh huh.", "but the"])
def test_an_answer_that_a_noise_has_cut_is_taken_up_again(heard):
    driver = speaking()
    driver.hears(400, speech=True)
    driver.hears(600)
    driver.new()
    driver.recognises(heard)
    wish = driver.last(do.Generate)
    assert wish.occasion == "noise"
    assert driver.believes()[:2] == ["user: Count.", "assistant: one two three four five six"]
    driver.answers("seven eight.")
    assert done(driver.new())["output"][0]["content"][0]["transcript"] == "seven eight."


def test_a_noise_after_it_was_taken_up_is_only_a_noise():
    driver = speaking()
    driver.hears(400, speech=True)
    driver.hears(600)
    driver.recognises("")
    driver.answers("seven.")
    driver.hears(3000)
    driver.new()
    driver.hears(400, speech=True)
    driver.hears(600)
    driver.recognises("")
    assert done(driver.new())["output"] == []


@pytest.mark.parametrize("heard", ["Stop.", "Yes.", "Okay.", "What is it?"])
def test_a_word_that_cut_the_answer_is_answered(heard):
    driver = speaking()
    driver.hears(400, speech=True)
    driver.hears(600)
    driver.recognises(heard)
    assert driver.last(do.Generate).occasion == "turn"


def test_a_silence_is_told_to_the_model():
    driver = Driver(audio={"input": {"turn_detection": {"idle_timeout_ms": 5000}}})
    driver.asks()
    driver.answers("one.")
    driver.passes(6000)
    assert driver.last(do.Generate).occasion == "silence"
