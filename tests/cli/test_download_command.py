"""``vasi download``, with files from a folder and a server of the tests' own."""

import hashlib

import msgspec
import pytest

from tests.cli.test_library_commands import vasi
from tests.fakes.file_server import CONTENT, file_server
from vasi.engines import models as models_package
from vasi.engines.models import catalogue, folders, recommended
from vasi.engines.models.catalogue import Catalogue, Model, ModelFile

__all__ = ["vasi"]


def small(name, part, languages, content=CONTENT, *, url="", cores=1, recommended=()):
    file = ModelFile(path=f"{name}.bin", bytes=len(content), sha256=hashlib.sha256(content).hexdigest(), url=url)
    about = f"{name} does it."
    return Model(
        name, about, part, "onnxruntime", languages, "MIT", "https://example.org", cores, 1, (file,), recommended
    )


@pytest.fixture
def server():
    with file_server() as running:
        yield running


@pytest.fixture
def models(server, monkeypatch, tmp_path):
    """A catalogue of small models on the server, and an environment that has none."""
    listed = Catalogue(
        (
            small("ears", "stt", ("en", "de"), url=f"{server.address}/whole/file", recommended=("en", "de")),
            small("voice-en", "tts", ("en",), url=f"{server.address}/whole/file", recommended=("en",)),
            small("voice-de", "tts", ("de",), url=f"{server.address}/404/file", recommended=("de",)),
            small("giant", "tts", ("ja",), url=f"{server.address}/whole/file", cores=10_000, recommended=("ja",)),
            *(msgspec.structs.replace(model, recommended=()) for model in catalogue()),
        )
    )
    for package in (models_package, folders, recommended):
        monkeypatch.setattr(package, "catalogue", lambda: listed)
    monkeypatch.setattr("sys.prefix", str(tmp_path / "environment"))
    return listed


def test_without_a_name_it_brings_what_the_machine_should_have(vasi, models, tmp_path):
    run = vasi("download", "--yes")
    assert (run.code, run.err) == (0, "")
    assert (tmp_path / "data" / "models" / "ears" / "ears.bin").read_bytes() == CONTENT
    assert (tmp_path / "data" / "models" / "voice-en").is_dir()
    assert not (tmp_path / "data" / "models" / "voice-de").exists()
    assert "MIT" in run.out
    assert "All of it is here." in vasi("download").out


def test_what_fails_is_told_and_the_rest_is_brought(vasi, models, tmp_path):
    run = vasi("download", "--language", "de", "--yes")
    assert run.code == 1
    assert run.err.count("\n") == 1
    assert "voice-de can't be fetched" in run.err
    assert "answers 404" in run.err
    assert (tmp_path / "data" / "models" / "ears").is_dir()


def test_a_language_without_a_voice_that_fits_is_told(vasi, models):
    run = vasi("download", "--language", "ja", "--yes")
    assert "no model that speaks 'ja'" in run.err
    assert "giant would be too slow" in run.err


def test_the_list_fetches_nothing(vasi, models, server):
    run = vasi("download", "--list")
    assert run.code == 0
    assert [line.split("\t")[0] for line in run.out.splitlines()][:4] == ["ears", "voice-en", "voice-de", "giant"]
    assert server.asked == []


def test_a_mistyped_name_is_wrong_usage(vasi, models, server):
    run = vasi("download", "ear")
    assert run.code == 2
    assert "Did you mean ears?" in run.err
    assert server.asked == []


def test_nothing_is_fetched_where_nobody_agrees(vasi, models, server):
    run = vasi("download")
    assert run.code == 2
    assert "--yes" in run.err
    assert server.asked == []


def test_whoever_names_a_model_needs_no_more_words(vasi, models):
    assert vasi("download", "ears").code == 0


def test_files_of_a_folder_need_no_network(vasi, models, server, tmp_path):
    (tmp_path / "stick").mkdir()
    (tmp_path / "stick" / "ears.bin").write_bytes(CONTENT)
    assert vasi("download", "ears", "--from", str(tmp_path / "stick")).code == 0
    assert server.asked == []
    assert vasi("download", "ears", "--from", str(tmp_path / "nowhere")).code == 2


def test_the_doctor_names_what_is_missing_and_the_one_command(vasi, models):
    run = vasi("doctor")
    assert "Missing: ears" in run.out
    assert "ears, voice-en (1 MB) come with: vasi download\n" in run.out
    vasi("download", "ears")
    (ears,) = (model for model in vasi("doctor", "--json").json()["models"] if model["name"] == "ears")
    assert (ears["here"], ears["recommended"]) == (True, True)
    assert "Models: ears" in vasi("doctor").out


def test_the_judge_without_weights_says_how_to_get_a_better_one(vasi):
    run = vasi("doctor", "--json", "-s", "engines.turn=cues")
    (part,) = (part for part in run.json()["engines"] if part["part"] == "turn")
    assert part["engine"] == "cues"
    assert "vasi download smart-turn" in part["better"]


def test_configured_weights_that_are_missing_stop_it_with_one_sentence(vasi, tmp_path):
    run = vasi("doctor", "-s", f"turn.weights={tmp_path / 'gone.onnx'}")
    assert run.code == 1
    assert "turn.weights" in run.err
