"""Against the decision values and codes printed in ITU-T G.711, tables 1 and 2."""

import numpy as np
import pytest

from vasi.media import g711

ALL_CODES = bytes(range(256))
EVERY_SAMPLE = np.arange(-32_768, 32_768).astype(np.int16)

# (segment ends, step sizes) of the positive half, in units of 1/8159 (mu) and 1/4096 (A) of full scale.
MU_SEGMENTS = [(0, 1), (1, 2), (31, 4), (95, 8), (223, 16), (479, 32), (991, 64), (2015, 128), (4063, 256)]
A_SEGMENTS = [(0, 2), (64, 4), (128, 8), (256, 16), (512, 32), (1024, 64), (2048, 128)]


def mu_decisions():
    """Lower decision value of each of the 128 positive mu-law codes, loudest last."""
    values = [0, 1]
    for start, step in MU_SEGMENTS[1:]:
        count = 15 if start == 1 else 16
        values += [start + step * k for k in range(1, count + 1)]
    return values[:128]


def a_decisions():
    values = [0]
    for start, step in A_SEGMENTS:
        count = 32 if start == 0 else 16
        values += [start + step * k for k in range(1, count + 1)]
    return values[:128]


@pytest.mark.parametrize(
    ("sample", "code"),
    [(0, 0xFF), (-1, 0x7F), (4, 0xFE), (32_767, 0x80), (-32_768, 0x00), (8, 0xFE), (12, 0xFD), (1_000, 0xCE)],
)
def test_known_mulaw_codes(sample, code):
    assert g711.mulaw_encode(np.array([sample], dtype=np.int16)) == bytes([code])


@pytest.mark.parametrize(
    ("sample", "code"), [(0, 0xD5), (-1, 0x55), (32_767, 0xAA), (-32_768, 0x2A), (1_000, 0xFA), (-1_000, 0x7A)]
)
def test_known_alaw_codes(sample, code):
    assert g711.alaw_encode(np.array([sample], dtype=np.int16)) == bytes([code])


def test_every_code_survives_the_round_trip():
    assert g711.alaw_encode(g711.alaw_decode(ALL_CODES)) == ALL_CODES
    again = g711.mulaw_encode(g711.mulaw_decode(ALL_CODES))
    # Mu-law has two zeros, and a sample only one.
    assert [code for code in range(256) if again[code] != code] == [0x7F]
    assert again[0x7F] == 0xFF


def test_every_sample_lies_between_the_decision_values_of_its_mulaw_code():
    decisions = np.array(mu_decisions())
    positive = EVERY_SAMPLE[EVERY_SAMPLE >= 0]
    expected = np.searchsorted(decisions, np.minimum(positive >> 2, 8158), side="right") - 1
    codes = np.frombuffer(g711.mulaw_encode(positive), dtype=np.uint8)
    assert np.array_equal(0xFF - codes, expected)
    negative = np.frombuffer(g711.mulaw_encode(~positive), dtype=np.uint8)
    assert np.array_equal(negative, codes & 0x7F)


def test_every_sample_lies_between_the_decision_values_of_its_alaw_code():
    decisions = np.array(a_decisions())
    positive = EVERY_SAMPLE[EVERY_SAMPLE >= 0]
    expected = np.searchsorted(decisions, positive >> 3, side="right") - 1
    codes = np.frombuffer(g711.alaw_encode(positive), dtype=np.uint8)
    assert np.array_equal((codes ^ 0x55) - 0x80, expected)
    negative = np.frombuffer(g711.alaw_encode(~positive), dtype=np.uint8)
    assert np.array_equal(negative, codes ^ 0x80)


def test_what_comes_back_is_near_what_went_in():
    for encode, decode in ((g711.mulaw_encode, g711.mulaw_decode), (g711.alaw_encode, g711.alaw_decode)):
        error = np.abs(decode(encode(EVERY_SAMPLE)).astype(int) - EVERY_SAMPLE)
        assert (error <= np.maximum(16, np.abs(EVERY_SAMPLE.astype(int)) // 26)).all()
