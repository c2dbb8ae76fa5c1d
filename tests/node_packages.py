"""Programs of Node that tests run: their packages are installed once for each lock file."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

OLDEST = (20, 19)
INSTALLS_WITHIN_S = 300


@cache
def install(folder: Path) -> None:
    """Install what ``folder`` needs; without Node the test is skipped, but never on CI."""
    stamp = folder / "node_modules" / ".installed-from"
    lock = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        _missing(folder, "node and npm are not installed")
        return
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if tuple(int(part) for part in version.strip("v \n").split(".")[:2]) < OLDEST:
        _missing(folder, f"node is {version.strip()}, and {'.'.join(map(str, OLDEST))} is needed")
    with (folder / "package-lock.json").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # another process of the same run may be at it
        if stamp.exists() and stamp.read_text() == lock:
            return
        command = [npm, "ci", "--no-audit", "--no-fund"]
        try:
            subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=INSTALLS_WITHIN_S)
        except subprocess.SubprocessError as error:
            _missing(folder, f"npm failed: {getattr(error, 'stderr', None) or error}")
        stamp.write_text(lock)


def _missing(folder: Path, why: str) -> None:
    text = f"{why}; install Node 20.19 or newer and run: npm --prefix {os.path.relpath(folder)} ci"
    if os.environ.get("CI"):
        pytest.fail(text)
    pytest.skip(text)
