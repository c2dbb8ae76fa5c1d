"""What is heard in place of what was lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vasi.media.concealment import SILENT_MS, Concealment
from vasi.media.pcm import Samples

RATE = 48_000
FRAME = RATE // 50


def voice(frames: int, hertz: float = 150.0) -> Samples:
    """A voiced sound: a fundamental and some harmonics."""
    at = np.arange(frames * FRAME) / RATE
    wave = sum(np.sin(2 * np.pi * hertz * k * at) / k for k in range(1, 6))
    return (5_000 * np.asarray(wave)).astype(np.int16)


def rms(sound: Samples) -> float:
    return float(np.sqrt(np.mean(sound.astype(np.float64) ** 2)))


@pytest.mark.parametrize("hertz", [90.0, 150.0, 220.0, 330.0])
def test_a_lost_frame_of_a_voice_goes_on_as_it_was(hertz: float):
    sound = voice(10, hertz)
    concealment = Concealment(RATE)
    for place in range(8):
        concealment.heard(sound[place * FRAME : (place + 1) * FRAME])
    made, real = concealment.lost(FRAME), sound[8 * FRAME : 9 * FRAME]
    assert rms(made[: FRAME // 2] - real[: FRAME // 2]) < 0.25 * rms(real)
    assert abs(int(made[0]) - int(sound[8 * FRAME - 1])) < 3_000, "no click"


def test_silence_follows_if_nothing_comes():
    concealment = Concealment(RATE)
    concealment.heard(voice(5))
    made = np.concatenate([concealment.lost(FRAME) for _ in range(6)])
    assert rms(made[: RATE // 100]) > 1_000
    assert not made[SILENT_MS * RATE // 1000 :].any()


def test_the_voice_takes_over_again_without_a_click():
    sound = voice(12)
    concealment = Concealment(RATE)
    before = [concealment.heard(sound[n * FRAME : (n + 1) * FRAME]) for n in range(8)]
    made = concealment.lost(FRAME)
    after = concealment.heard(sound[9 * FRAME : 10 * FRAME])
    whole = np.concatenate([*before, made, after]).astype(np.int32)
    real = np.abs(np.diff(sound.astype(np.int32))).max()
    assert np.abs(np.diff(whole)).max() < 3 * real


@given(st.lists(st.tuples(st.sampled_from(["heard", "lost", "silent"]), st.integers(0, 2_000)), max_size=30))
def test_every_sample_has_its_place(steps: list[tuple[str, int]]):
    concealment = Concealment(RATE)
    noise = np.random.default_rng(3)
    for step, count in steps:
        match step:
            case "heard":
                out = concealment.heard(noise.integers(-32_768, 32_767, count).astype(np.int16))
            case "lost":
                out = concealment.lost(count)
            case _:
                out = concealment.silent(count)
        assert len(out) == count
        assert out.dtype == np.int16
