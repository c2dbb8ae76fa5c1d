"""``vasi download``, from a server on this machine."""

import pytest

from tests.cli.test_library_commands import vasi
from tests.fakes.file_server import CONTENT, SHA256, file_server

__all__ = ["vasi"]


@pytest.fixture(scope="module")
def server():
    with file_server() as address:
        yield address


def from_server(server, sha256):
    return ("-s", f"turn.weights_url={server}/file", "-s", f"turn.weights_sha256={sha256}")


def test_downloaded_weights_are_used_from_then_on(vasi, server, tmp_path):
    run = vasi("download", "smart-turn", *from_server(server, SHA256))
    assert (run.code, run.err) == (0, "")
    kept = tmp_path / "data" / "models" / "smart-turn.onnx"
    assert str(kept) in run.out
    assert kept.read_bytes() == CONTENT
    (part,) = (part for part in vasi("doctor", "--json").json()["engines"] if part["part"] == "turn")
    assert (part["engine"], part["better"]) == ("smart-turn", "")


def test_a_file_that_is_not_the_expected_one_is_not_kept(vasi, server, tmp_path):
    run = vasi("download", "smart-turn", *from_server(server, "0" * 64))
    assert run.code == 1
    assert "isn't the expected file" in run.err
    assert len(run.err.splitlines()) == 1
    assert list((tmp_path / "data" / "models").iterdir()) == []


def test_there_is_nothing_else_to_download(vasi):
    assert vasi("download", "whisper").code == 2


def test_the_judge_without_weights_says_how_to_get_a_better_one(vasi):
    (part,) = (
        part for part in vasi("doctor", "--json", "-s", "engines.turn=cues").json()["engines"] if part["part"] == "turn"
    )
    assert part["engine"] == "cues"
    assert "vasi download smart-turn" in part["better"]


def test_configured_weights_that_are_missing_stop_it_with_one_sentence(vasi, tmp_path):
    run = vasi("doctor", "-s", f"turn.weights={tmp_path / 'gone.onnx'}")
    assert run.code == 1
    assert "turn.weights" in run.err
