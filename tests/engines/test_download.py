import pytest

from tests.fakes.file_server import CONTENT, SHA256, file_server
from vasi.engines.download import download
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
