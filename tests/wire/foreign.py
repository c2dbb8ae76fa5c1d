"""Clients that others wrote and that need packages of their own: each in an environment of its own, made once.

``clients/NAME.in`` names what a user of that client would install, ``clients/NAME.txt`` everything that comes with it:

    uv pip compile --universal --python-version 3.11 --no-header --no-emit-index-url --no-annotate NAME.in -o NAME.txt

``clients/NAME_client.py`` is the program that runs there.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest
from uv import find_uv_bin

from tests.wire.program import ClientProgram, running

Name = Literal["livekit", "pipecat", "semantic_kernel", "litellm"]
FOLDER = Path(__file__).parent / "clients"
ENVIRONMENTS = Path(sys.prefix) / "share" / "vasi" / "clients"
INSTALLS_WITHIN_S = 110
FOREIGN = ("VASI_", "AZURE_", "OPENAI_", "LIVEKIT_", "LITELLM_", "PYTHON")


@cache
def environment_of(name: Name) -> Path:
    """The environment of a client; without it the test is skipped, but never on CI."""
    pins = FOLDER / f"{name}.txt"
    home = ENVIRONMENTS / name
    wanted = hashlib.sha256(pins.read_bytes() + f"{sys.version} {home}".encode()).hexdigest()
    stamp = home / ".installed-from"
    ENVIRONMENTS.mkdir(parents=True, exist_ok=True)
    with (ENVIRONMENTS / f"{name}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # another process of the same run may be at it
        if stamp.exists() and stamp.read_text() == wanted:
            return home
        shutil.rmtree(home, ignore_errors=True)
        venv.create(home, symlinks=True)
        command = [find_uv_bin(), "pip", "install", "--no-deps", "--python", str(home / "bin" / "python")]
        try:
            subprocess.run(
                [*command, "--requirement", str(pins)],
                capture_output=True,
                text=True,
                check=True,
                timeout=INSTALLS_WITHIN_S,
            )
        except subprocess.SubprocessError as error:
            _missing(f"{name} can't be installed: {getattr(error, 'stderr', None) or error}")
        stamp.write_text(wanted)
    return home


def _missing(why: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


def clean_environment() -> dict[str, str]:
    """The environment of a process without anybody's settings of servers and keys."""
    return {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)}


@asynccontextmanager
async def foreign_client(name: Name, **config: Any) -> AsyncIterator[ClientProgram]:
    """Run the program of a client with ``config``; it must have nothing to complain about, not even a warning."""
    python = environment_of(name) / "bin" / "python"
    command = (str(python), str(FOLDER / f"{name}_client.py"), json.dumps(config))
    # Pipecat shows its version otherwise.
    environment = clean_environment() | {"LOGURU_LEVEL": "WARNING"}
    async with running(ClientProgram, *command, folder=FOLDER, environment=environment, quiet=True) as client:
        yield client
