"""Where Smart Turn's weights are: in the file that is configured, downloaded, or kept in the Python environment."""

from __future__ import annotations

from pathlib import Path

from vasi.config import Settings
from vasi.engines.models.folders import data_root, environment_root, folder
from vasi.errors import ConfigError

MODEL = "smart-turn"
"""What the catalogue of models calls it."""
_FILE = "smart-turn.onnx"


def find(settings: Settings) -> Path | None:
    """The ONNX file to load; None if there is none. Raises ``ConfigError`` if the configured one doesn't exist."""
    configured = settings.turn.weights
    if configured is not None:
        path = configured.expanduser()
        if not path.is_file():
            raise ConfigError(f"turn.weights is {path}, but there is no such file.", param="turn.weights")
        return path
    place = folder(settings, MODEL)
    if place is not None:
        return place / _FILE
    # Data folders of earlier versions have it without a folder of its own.
    earlier = (root / _FILE for root in (data_root(settings), environment_root()))
    return next((path for path in earlier if path.is_file()), None)
