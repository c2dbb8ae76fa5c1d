"""Audio may be cut anywhere: half a sample at the end of a piece waits for the next piece."""

import base64

from tests.conversation.driver import Driver
from tests.conversation.expect import MANUAL, kinds, retrieved
from vasi.conversation import effects as do

SOUND = bytes(range(1, 201)) * 48


def committed(driver: Driver) -> bytes:
    """The sound of the item that a commit makes."""
    driver.says("input_audio_buffer.commit")
    item = retrieved(driver, driver.last(do.FinishUtterance).item_id)
    return base64.b64decode(item["content"][0]["audio"])


def test_pieces_of_odd_length_are_one_sound():
    driver = Driver(**MANUAL)
    for start in range(0, len(SOUND), 333):
        driver.says("input_audio_buffer.append", audio=SOUND[start : start + 333])
    assert committed(driver) == SOUND
    assert "error" not in kinds(driver.events)


def test_half_a_sample_does_not_outlive_its_turn():
    driver = Driver(**MANUAL)
    driver.says("input_audio_buffer.append", audio=SOUND + b"\x07")
    assert committed(driver) == SOUND
    driver.says("input_audio_buffer.append", audio=SOUND + b"\x07")
    driver.says("input_audio_buffer.clear")
    driver.says("input_audio_buffer.append", audio=SOUND)
    assert committed(driver) == SOUND
    assert "error" not in kinds(driver.events)


def test_one_byte_is_no_turn_yet():
    driver = Driver(**MANUAL)
    assert driver.says("input_audio_buffer.append", audio=b"\x07") == []
    assert not [wish for wish in driver.wishes if isinstance(wish, do.OpenUtterance)]
