import asyncio

import numpy as np
import pytest

from tests.shared_data import SPEECH
from vasi.engines.basic.cues import CueTurnAnalyzer
from vasi.engines.basic.prosody import fall
from vasi.engines.ports import HEARING_RATE
from vasi.media import wav

PAUSE = np.zeros(HEARING_RATE // 5, np.int16)


@pytest.fixture
async def analyzer():
    made = CueTurnAnalyzer()
    await made.start()
    yield made
    await made.stop()


def voice(*notes):
    """Syllables of a harmonic sound: (Hz at its begin, Hz at its end, loudness) of each, 0.3 s long."""
    sound = []
    for begin, end, loudness in notes:
        phase = np.cumsum(np.linspace(begin, end, 4800)) * 2 * np.pi / HEARING_RATE
        sound += [sum(np.sin(k * phase) / k for k in range(1, 8)) * loudness, np.zeros(800)]
    return np.concatenate([*sound, PAUSE]).astype(np.int16)


LEVEL = ((180, 180, 4000),) * 4


def test_what_sinks_in_pitch_and_loudness_is_heard_as_a_fall():
    fallen = fall(voice(*LEVEL, (170, 130, 1300)))
    assert fallen.pitch_semitones < -2.5
    assert fallen.loudness_db < -6


def test_what_breaks_off_at_full_voice_is_not():
    broken = fall(voice(*LEVEL, (180, 200, 4000)))
    assert broken.pitch_semitones > 0.5
    assert broken.loudness_db > -4


def test_the_fall_is_relative_to_the_speaker_and_the_microphone():
    high = fall(voice(*((260, 260, 12000),) * 4, (260, 220, 6000)))
    low = fall(voice(*((104, 104, 1200),) * 4, (104, 88, 600)))
    assert high.pitch_semitones == pytest.approx(low.pitch_semitones, abs=0.6)
    assert high.loudness_db == pytest.approx(low.loudness_db, abs=1.0)


@pytest.mark.parametrize("seconds", [0, 0.001, 0.03, 0.1, 2])
def test_silence_says_nothing(seconds):
    assert fall(np.zeros(int(seconds * HEARING_RATE), np.int16)) is None


def test_noise_says_nothing():
    assert fall(np.random.default_rng(1).normal(0, 1000, 32_000).astype(np.int16)) is None


async def test_words_that_hang_in_the_air_outweigh_a_falling_voice(analyzer):
    fallen = voice(*LEVEL, (170, 130, 1300))
    assert await analyzer.completeness(fallen, "what is the deductible of the plan") > 0.8
    assert await analyzer.completeness(fallen, "i would like to know um") < 0.5


async def test_a_voice_that_breaks_off_outweighs_words_that_could_be_whole(analyzer):
    assert await analyzer.completeness(voice(*LEVEL, (180, 200, 4000)), "the child almost hurt") < 0.3


async def test_without_sound_the_words_decide_and_without_both_nothing_can_be_told(analyzer):
    assert await analyzer.completeness(PAUSE, "tell me about the") < 0.1
    assert await analyzer.completeness(PAUSE, "stop") > 0.7
    assert await analyzer.completeness(PAUSE, "") == pytest.approx(0.5)


async def test_the_loop_goes_on_while_it_judges(analyzer):
    judging = asyncio.create_task(analyzer.completeness(voice(*LEVEL * 6), "so"))
    turns = 0
    while not judging.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 3


async def test_real_sentences_sound_more_complete_than_their_beginnings(analyzer):
    """Without words, which would help."""
    if not SPEECH.is_dir():
        pytest.skip("the labelled recordings aren't here")
    ends, breaks = [], []
    for path in sorted(SPEECH.glob("harvard_*.wav")):
        samples = wav.read(path.read_bytes(), HEARING_RATE)
        ends.append(await analyzer.completeness(np.concatenate([samples, PAUSE]), ""))
        for share in (0.3, 0.45, 0.6, 0.75):
            broken = samples[: int(share * samples.size)]
            breaks.append(await analyzer.completeness(np.concatenate([broken, PAUSE]), ""))
    assert len(ends) >= 5
    assert np.mean(np.array(ends)[:, np.newaxis] > breaks) > 0.75
    assert np.median(ends) > 0.5 > np.median(breaks)
