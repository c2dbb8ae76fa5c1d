from pathlib import Path

import numpy as np
import pytest

from vasi.engines.basic.energy import EnergyVad
from vasi.engines.ports import HEARING_RATE, VAD_WINDOW
from vasi.media import wav

QUESTIONS = sorted((Path(__file__).parents[3] / "examples" / "questions").glob("*.wav"))[:6]
SECONDS = np.arange(4 * HEARING_RATE) / HEARING_RATE
NOISE = np.random.default_rng(7).standard_normal(SECONDS.size)


def probabilities(stream, samples):
    whole = samples[: samples.size // VAD_WINDOW * VAD_WINDOW].astype(np.int16)
    return np.array([stream.probability(window) for window in whole.reshape(-1, VAD_WINDOW)])


@pytest.mark.parametrize("hiss", [0, 20, 60])
@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_stands_out_from_the_room(path, hiss):
    question = wav.read(path.read_bytes(), HEARING_RATE)
    quiet = np.zeros(HEARING_RATE)
    sound = np.concatenate([quiet, question, quiet])
    sound = sound + hiss * np.random.default_rng(1).standard_normal(sound.size)
    heard = probabilities(EnergyVad().open(), np.clip(sound, -32_768, 32_767)) > 0.5
    before, during, after = heard[:30], heard[32 : 31 + question.size // VAD_WINDOW], heard[-12:]
    assert not before.any()
    assert during.mean() > 0.5
    assert not after.any()


@pytest.mark.parametrize(
    "sound",
    [
        pytest.param(np.zeros(SECONDS.size), id="silence"),
        pytest.param(NOISE * 1_000, id="noise"),
        pytest.param(8_000 * np.sin(2 * np.pi * 440 * SECONDS), id="tone"),
        pytest.param(np.full(SECONDS.size, 9_000), id="dc"),
    ],
)
def test_what_is_steady_is_background(sound):
    assert probabilities(EnergyVad().open(), sound).max() < 0.5


def test_a_fan_that_starts_is_background_after_three_seconds():
    stream = EnergyVad().open()
    probabilities(stream, NOISE * 5)
    assert probabilities(stream, NOISE * 1_000)[3 * HEARING_RATE // VAD_WINDOW :].max() < 0.5


def test_after_a_reset_a_stream_is_new():
    stream = EnergyVad().open()
    first = probabilities(stream, NOISE * 300)
    probabilities(stream, np.zeros(HEARING_RATE))
    stream.reset()
    assert np.array_equal(probabilities(stream, NOISE * 300), first)


def test_a_window_has_512_samples():
    with pytest.raises(ValueError, match="512 samples, not 100"):
        EnergyVad().open().probability(np.zeros(100, dtype=np.int16))
