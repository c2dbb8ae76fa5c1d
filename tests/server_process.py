"""A real ``vasi serve`` in a process of its own, for tests that talk to it over sockets."""

from __future__ import annotations

import os
import re
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import basic_engines, oversight

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ROOT / "examples" / "documents"
QUESTIONS = ROOT / "examples" / "questions"
STARTS_WITHIN_S = 90


@dataclass
class ServerProcess:
    """A server and where it is."""

    process: subprocess.Popen[str]
    port: int
    data: Path
    log: Path
    secure: bool = False

    @property
    def http(self) -> str:
        return f"http{'s' if self.secure else ''}://127.0.0.1:{self.port}"

    @property
    def ws(self) -> str:
        return f"ws{'s' if self.secure else ''}://127.0.0.1:{self.port}/v1/realtime"

    @property
    def certificate(self) -> Path:
        """The one that the server made, where it serves TLS."""
        return self.data / "tls" / "certificate.pem"

    def trust(self) -> ssl.SSLContext | None:
        """What a client needs to trust it."""
        return ssl.create_default_context(cafile=self.certificate) if self.secure else None

    def wait_ready(self) -> None:
        """Wait until it can answer."""
        end = time.monotonic() + STARTS_WITHIN_S
        while True:
            try:
                with urllib.request.urlopen(f"{self.http}/readyz", timeout=5, context=self.trust()) as reply:
                    if reply.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                pass
            if self.process.poll() is not None:
                raise AssertionError(f"The server ended with {self.process.returncode}.")
            if time.monotonic() > end:
                raise AssertionError("The server did not get ready.")
            time.sleep(0.05)

    def kill(self) -> None:
        """As if the power went."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)


def read(data: Path, folder: Path) -> None:
    """Have a folder read to its end; a server that is told ``--docs`` answers while it still reads."""
    command = [sys.executable, "-c", "from vasi.cli import main; main()", "add", str(folder), "--data", str(data)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)


@contextmanager
def serving(
    data: Path, *arguments: str, ready: bool = True, environment: Mapping[str, str] | None = None
) -> Iterator[ServerProcess]:
    """Run ``vasi serve`` on a free port over ``data``; it's stopped in the end, and must stop by itself.

    Args:
        data: its data folder.
        arguments: of the command.
        ready: wait until it can answer.
        environment: settings beside those that all tests have.
    """
    complaints = data.parent / f"{data.name}.complaints"
    foreign = ("VASI_", "AZURE_", "OPENAI_")
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
    log = (data.parent / f"{data.name}.log").open("a")
    process = subprocess.Popen(
        [*oversight.program(), "serve", "--port", "0", "--data", str(data), *arguments],
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        env={**inherited, **basic_engines.ENVIRONMENT, **oversight.environment(complaints), **(environment or {})},
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    address = re.search(r"http(s?)://\S+:(\d+)", first)
    assert address is not None, f"no address in {first!r}: {(data.parent / f'{data.name}.log').read_text()}"
    server = ServerProcess(process, int(address[2]), data, Path(log.name), secure=bool(address[1]))
    try:
        if ready:
            server.wait_ready()
        yield server
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)
                raise AssertionError("The server did not stop within 15 s of being asked to.") from None
        process.stdout.close()
        log.close()
    oversight.assert_none(complaints)
