"""Fetching weights: from one address, to one file, whose checksum is known beforehand."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import httpx2

from vasi.errors import EngineError

_SECONDS = 30.0
"""For a connection, and for each piece of the file."""


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


def _fetch(url: str, write: Callable[[bytes], object], largest: int, progress: Callable[[int, int], None]) -> str:
    """Hand the body of ``url`` to ``write`` piece by piece; its SHA-256."""
    digest, came = hashlib.sha256(), 0
    try:
        with httpx2.stream("GET", url, follow_redirects=True, timeout=_SECONDS) as answer:
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
