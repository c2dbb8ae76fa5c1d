"""Where long audio is parted."""

import numpy as np
import pytest

from vasi.engines.ports import HEARING_RATE
from vasi.engines.stt.whisper.cuts import LONGEST_SECONDS, cut


def speech(seconds, quiet=()):
    """Loud noise with quiet places of 400 ms, each at its second and as loud as told."""
    samples = np.random.default_rng(1).normal(0, 3000, int(seconds * HEARING_RATE))
    for at, level in quiet:
        samples[int(at * HEARING_RATE) : int((at + 0.4) * HEARING_RATE)] *= level
    return samples.astype(np.int16)


@pytest.mark.parametrize("at", [13.0, 20.0, 27.0])
def test_it_is_parted_in_the_middle_of_a_pause(at):
    assert at + 0.1 <= cut(speech(40, [(at, 0.01)])) / HEARING_RATE <= at + 0.3


def test_a_deep_pause_is_better_than_a_shallow_one_and_one_too_early_or_late_is_none():
    samples = speech(60, [(5, 0.0), (15, 0.1), (22, 0.01), (LONGEST_SECONDS + 1, 0.0)])
    assert 22.1 <= cut(samples) / HEARING_RATE <= 22.3


def test_without_a_pause_it_is_parted_all_the_same():
    assert 12 <= cut(speech(40)) / HEARING_RATE <= LONGEST_SECONDS
