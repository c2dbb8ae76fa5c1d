"""The program as a user runs it: help, mistakes and exit codes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests import basic_engines
from tests.server_process import serving
from vasi.cli.program import program

COMMANDS = ["ask", "talk", "serve", "add", "sources", "remove", "search", "notes", "doctor", "backup", "check", "copy"]


def vasi(
    *arguments: str, data: Path, environ: dict[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("VASI_")}
    return subprocess.run(
        [sys.executable, "-c", "from vasi.cli import main; main()", *arguments],
        env={**inherited, **basic_engines.ENVIRONMENT, "VASI_DATA": str(data), "COLUMNS": "100", **(environ or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=cwd,
    )


def refusal(run: subprocess.CompletedProcess[str], code: int = 1) -> str:
    """The one sentence on stderr."""
    assert run.returncode == code, (run.stdout, run.stderr)
    assert run.stdout == ""
    assert "Traceback" not in run.stderr
    return run.stderr


def test_help_names_every_command(tmp_path: Path) -> None:
    run = vasi("--help", data=tmp_path)
    assert run.returncode == 0
    assert [command for command in COMMANDS if f" {command} " not in run.stdout] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_teaches_itself_by_examples(command: str) -> None:
    run = CliRunner().invoke(program, [command, "--help"])
    assert run.exit_code == 0
    assert f"vasi {command}" in run.stdout.split("For example:")[1]


def test_help_loads_nothing_heavy() -> None:
    heavy = ("numpy", "pydantic", "openai", "websockets", "uvicorn", "starlette", "asyncio.runners", "vasi.config")
    code = f"import sys, vasi.cli.program; print([name for name in {heavy!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip().replace("'asyncio.runners'", "") == "[]"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask"], "QUESTION or --wav"),
        (["ask", "x", "--wav", "y.wav"], "QUESTION or --wav"),
        (["ask", " "], "empty"),
        (["ask", "x", "--url", "ws://h", "--docs", "d"], "--docs"),
        (["ask", "x", "--silent", "--out", "a.wav"], "--silent"),
        (["ask", "x", "--docs", ""], "--docs is empty"),
        (["ask", "--wav=", "x"], "--wav is empty"),
        (["check", "--data", ""], "--data is empty"),
        (["notes", "list", "-s", ""], "-s is empty"),
        (["backup", ""], "argument is empty"),
        (["remove", "x.pdf", ""], "argument is empty"),
        (["search"], "QUERY"),
        (["sarch"], "sarch"),
        (["serve", "--port", "x"], "--port"),
    ],
)
def test_wrong_usage_is_2(arguments: list[str], words: str) -> None:
    run = CliRunner().invoke(program, arguments)
    assert (run.exit_code, run.stdout) == (2, "")
    assert words in run.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask", "--wav", "none.wav"], "none.wav: there is no such file"),
        (["ask", "--wav", "/dev/zero"], "/dev/zero: that is no file"),
        (["ask", "--url", "ws://127.0.0.1:1", "x"], "vasi serve"),
        (["ask", "--docs", "none.pdf", "x"], "none.pdf doesn't exist"),
        (["serve", "--docs", "none", "--port", "0"], "none doesn't exist"),
        (["ask", "--url", "gopher://x", "x"], "isn't an address"),
        (["serve", "--host", "0.0.0.0"], "--insecure"),
        (["serve", "--host", "no.such.host.invalid", "--insecure"], "--host"),
        (["check", "-s", "port"], "--set port=VALUE"),
        (["check", "-s", "prot=1"], 'did you mean "port"'),
        (["check", "--config", "none.toml"], "none.toml doesn't exist"),
        (["backup", "/no/such/folder/x.db"], "no folder /no/such/folder"),
    ],
)
def test_a_mistake_is_one_sentence_with_its_remedy(tmp_path: Path, arguments: list[str], words: str) -> None:
    sentence = refusal(vasi(*arguments, data=tmp_path, cwd=tmp_path))
    assert words in sentence
    assert len(sentence.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty"), (b"hello, this is text", "isn't a WAV file"), (b"RIFF\x00\x00\x00\x00WAVE", "ends before")],
)
def test_a_wrong_recording_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "bad.wav"
    path.write_bytes(content)
    sentence = refusal(vasi("ask", "--wav", str(path), data=tmp_path))
    assert str(path) in sentence
    assert words in sentence


def test_a_pipe_is_no_recording(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    assert "that is no file" in refusal(vasi("ask", "--wav", "pipe.wav", data=tmp_path, cwd=tmp_path))


def test_a_huge_recording_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "huge.wav").open("wb") as huge:
        huge.truncate(4_000_000_000)
    assert "larger than 500 MB" in refusal(vasi("ask", "--wav", "huge.wav", data=tmp_path, cwd=tmp_path))


def test_a_bad_file_in_a_folder_does_not_keep_from_asking(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "broken.pdf").write_bytes(b"%PDF-1.7 nothing more")
    (docs / "pump.md").write_text("The pump is reset with the red key.", encoding="utf-8")
    run = vasi("ask", "--silent", "--docs", str(docs), "How is the pump reset?", data=tmp_path / "data")
    assert run.returncode == 0, run.stderr
    assert "red key" in run.stdout
    assert "broken.pdf" in run.stderr
    named = vasi("ask", "--silent", "--docs", str(docs / "broken.pdf"), "x", data=tmp_path / "data")
    assert "broken.pdf" in refusal(named)


def test_a_busy_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        sentence = refusal(vasi("serve", "--port", port, data=tmp_path))
    assert f"port {port}" in sentence
    assert "--port" in sentence


def test_no_colour_in_a_pipe(tmp_path: Path) -> None:
    assert "\x1b" not in vasi("check", "-s", "prot=1", data=tmp_path).stderr
    coloured = vasi("check", "-s", "prot=1", data=tmp_path, environ={"FORCE_COLOR": "1"}).stderr
    assert "\x1b" in coloured
    plain = vasi("check", "-s", "prot=1", data=tmp_path, environ={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stderr
    assert "\x1b[31m" not in plain
    assert "\x1b[1;31m" not in plain


@pytest.mark.skipif(sys.platform == "win32", reason="signals are different there")
def test_ctrl_c_is_130(tmp_path: Path) -> None:
    """A server that accepts and then says nothing keeps ``ask`` waiting until it's interrupted."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(30)
        address = f"ws://127.0.0.1:{silent.getsockname()[1]}"
        program = subprocess.Popen(
            [sys.executable, "-c", "from vasi.cli import main; main()", "ask", "--url", address, "x"],
            env={**os.environ, "VASI_DATA": str(tmp_path)},
            stderr=subprocess.PIPE,
            text=True,
        )
        connection, _ = silent.accept()
        with connection:
            program.send_signal(signal.SIGINT)
            _, stderr = program.communicate(timeout=30)
    assert program.returncode == 130
    assert "Traceback" not in stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals are different there")
def test_a_server_in_the_background_ignores_the_ctrl_c_of_another(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell starts what it doesn't wait for
    try:
        with serving(tmp_path / "data") as server:
            server.process.send_signal(signal.SIGINT)
            with pytest.raises(subprocess.TimeoutExpired):
                server.process.wait(1)
            server.wait_ready()
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are different there")
@pytest.mark.parametrize("module", ["typer", "pydantic", "vasi.app"])
def test_ctrl_c_during_start_up_is_130(tmp_path: Path, module: str) -> None:
    interrupted = f"""
import os, signal, sys
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "{module}":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
from vasi.cli import main
main()
"""
    run = subprocess.run(
        [sys.executable, "-c", interrupted, "ask", "--silent", "x"],
        env={**os.environ, "VASI_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr.strip()) == (130, "", "")
