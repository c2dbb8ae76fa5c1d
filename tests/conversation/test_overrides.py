"""What one response may have of its own, and what its end says of its cost."""

from tests.conversation.driver import Driver
from tests.conversation.expect import MANUAL, TEXT_ONLY, assert_error, assert_order, done, retrieved
from vasi.conversation import effects as do
from vasi.conversation.history import MAX_SHOWN

LAMP = {"type": "function", "name": "light_lamp"}
BELL = {"type": "function", "name": "ring_bell"}


def test_a_voice_of_one_s_own_for_one_response():
    driver = Driver()
    driver.asks(audio={"output": {"voice": {"id": "voice_1"}}})
    driver.answers("one.")
    assert driver.last(do.Speak).voice == "voice_1"
    assert done(driver.events)["audio"]["output"]["voice"] == "voice_1"


def test_only_a_tool_that_there_is_can_be_insisted_on():
    driver = Driver(tools=[LAMP], **TEXT_ONLY)
    lamp, bell = ({"type": "function", "name": tool["name"]} for tool in (LAMP, BELL))
    assert_error(driver.asks(tool_choice=bell), "invalid_value", "response.tool_choice")
    driver.asks(tool_choice=lamp)
    assert driver.last(do.Generate).tool_choice.name == "light_lamp"
    driver.finishes()
    driver.asks(tools=[BELL], tool_choice=bell)
    assert driver.last(do.Generate).tool_choice.name == "ring_bell"
    driver.finishes()


def test_a_session_that_insists_on_a_tool_that_is_gone_insists_on_none():
    driver = Driver(tools=[LAMP], tool_choice={"type": "function", "name": "light_lamp"}, **TEXT_ONLY)
    driver.asks(tools=[])
    assert driver.last(do.Generate).tool_choice == "auto"
    driver.finishes()


def test_a_cancelled_response_tells_what_it_cost_by_estimate():
    driver = Driver(instructions="Be brief and friendly.", **TEXT_ONLY)
    driver.types_in("Tell me all about the lake and the mountains around it.")
    driver.asks()
    driver.writes("The lake is deep and cold. ")
    driver.says("response.cancel")
    usage = done(driver.events)["usage"]
    assert usage["input_token_details"]["text_tokens"] > 10
    assert usage["output_token_details"]["text_tokens"] == len("The lake is deep and cold. ") // 4
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]


def test_sound_too_long_for_one_frame_is_not_shown():
    """Some clients hang up on a frame of more than 8 MiB."""
    driver = Driver(**MANUAL)
    for milliseconds in (1000, MAX_SHOWN // 48 + 1000):
        driver.hears(milliseconds)
        item_id = driver.says("input_audio_buffer.commit")[0]["item_id"]
        (part,) = retrieved(driver, item_id)["content"]
        assert ("audio" in part) == (milliseconds == 1000)
        assert part["type"] == "input_audio"


def test_an_unknown_tool_choice_creates_nothing():
    driver = Driver(**TEXT_ONLY)
    driver.asks(tool_choice={"type": "function", "name": "none"})
    assert_order(driver.events[1:], "error")
