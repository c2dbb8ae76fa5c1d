"""Audio in which there is nothing to recognise."""

import numpy as np

from vasi.engines.ports import HEARING_RATE
from vasi.engines.stt.silence import audible


def noise(level, seconds=1.0):
    return np.random.default_rng(1).normal(0, level, int(seconds * HEARING_RATE)).astype(np.int16)


def test_silence_the_hiss_of_a_microphone_and_a_click_hold_no_word():
    assert not audible(np.zeros(0, np.int16))
    assert not audible(noise(6))
    assert not audible(noise(3000, 0.05))


def test_a_low_voice_is_audible():
    assert audible(noise(40, 0.2))
    assert audible(np.full(HEARING_RATE, -32_768, np.int16))
