"""Builds the app into ``src/vasi/web/dist``, unless what lies there was made of the very same sources."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
DIST = ROOT / "src" / "vasi" / "web" / "dist"
STAMP = DIST / ".stamp"
NODE = (20, 19)
SKIPPED = {"node_modules", "screenshots"}


class CannotBuild(Exception):
    """Says why, and what to do."""


def fingerprint() -> str:
    """Of all sources that the app is built from."""
    digest = hashlib.sha256()
    for path in sorted(FRONTEND.rglob("*")):
        if path.is_file() and not SKIPPED.intersection(path.relative_to(FRONTEND).parts):
            digest.update(path.relative_to(FRONTEND).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def built() -> bool:
    """Whether the app is there, made of these sources; where there are no sources, whether it is there."""
    if not FRONTEND.is_dir():
        return (DIST / "index.html").is_file()
    return STAMP.is_file() and STAMP.read_text() == fingerprint()


def build() -> None:
    """Make the app. Raises ``CannotBuild``."""
    if built():
        return
    install()
    wanted = fingerprint()
    _npm("run", "build", "--silent")
    STAMP.write_text(wanted)


def install() -> None:
    """Fetch what the app is built with, unless it's there. Raises ``CannotBuild``."""
    lock = FRONTEND / "package-lock.json"
    stamp = FRONTEND / "node_modules" / ".stamp"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    print("Fetching what the app is built with (the first time this takes about a minute) ...", file=sys.stderr)
    _npm("ci", "--loglevel=error", "--no-audit", "--no-fund")
    stamp.write_text(wanted)


def _npm(*arguments: str) -> None:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        raise CannotBuild("The app is built with Node.js 20.19 or newer, and there is no npm here: install Node.js.")
    found = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if tuple(int(part) for part in found.lstrip("v").split(".")[:2]) < NODE:
        raise CannotBuild(f"The app is built with Node.js 20.19 or newer, and this is {found}: install a newer one.")
    done = subprocess.run([npm, *arguments], cwd=FRONTEND, capture_output=True, text=True)
    if done.returncode != 0:
        raise CannotBuild(f"npm {arguments[0]} failed:\n{done.stdout}{done.stderr}".rstrip())


if __name__ == "__main__":
    try:
        build()
    except CannotBuild as problem:
        sys.exit(str(problem))
