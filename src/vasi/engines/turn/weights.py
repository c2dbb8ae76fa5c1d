"""Where Smart Turn's weights are: in the file that is configured, downloaded, or inside an installed package."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from vasi.config import Settings
from vasi.errors import ConfigError

LARGEST = 64_000_000
"""Bytes; the weights are 8.7 MB."""
_CARRIER = "pipecat"
_FILES = "audio/turn/smart_turn/data/smart-turn-v3*-cpu.onnx"


def find(settings: Settings) -> Path | None:
    """The ONNX file to load; None if there is none. Raises ``ConfigError`` if the configured one doesn't exist."""
    configured = settings.turn.weights
    if configured is not None:
        path = configured.expanduser()
        if not path.is_file():
            raise ConfigError(f"turn.weights is {path}, but there is no such file.", param="turn.weights")
        return path
    downloaded = home(settings)
    return downloaded if downloaded.is_file() else _packed()


def home(settings: Settings) -> Path:
    """Where ``vasi download`` puts it."""
    return settings.data / "models" / "smart-turn.onnx"


def _packed() -> Path | None:
    """The newest in pipecat-ai's wheel, which is looked into but not imported."""
    spec = importlib.util.find_spec(_CARRIER)
    folders = (spec.submodule_search_locations or ()) if spec else ()
    return max((path for folder in folders for path in Path(folder).glob(_FILES)), default=None)
