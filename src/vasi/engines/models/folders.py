"""Where models are kept: in the data folder, or in the Python environment, where they serve every data folder.

A model's folder holds its files and ``verified.json``, which names the SHA-256 that each of them had when it came. A
model whose catalogue entry changed since isn't there any more, until it's downloaded again.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from vasi.config import Settings
from vasi.engines.models.catalogue import Model, catalogue

RECEIPT = "verified.json"
"""The file that says what was verified, the last one to be written."""


def data_root(settings: Settings) -> Path:
    """The folder of models in the data folder, where ``vasi download`` puts them."""
    return settings.data / "models"


def environment_root() -> Path:
    """The folder of models in the Python environment, with which they go."""
    return Path(sys.prefix) / "share" / "vasi" / "models"


def folder(settings: Settings, name: str) -> Path | None:
    """The folder with all files of the model ``name``; None if it isn't there, or isn't whole.

    Raises:
        ConfigError: there is no model of that name.
    """
    return find(catalogue().get(name), data_root(settings), environment_root())


def find(model: Model, *roots: Path) -> Path | None:
    """The folder of ``model`` in the first of ``roots`` that has it whole."""
    return next((root / model.name for root in roots if is_whole(model, root / model.name)), None)


def is_whole(model: Model, place: Path) -> bool:
    """Whether ``place`` has all files of ``model``, as they were verified when they came. Looks at sizes alone."""
    verified = read_receipt(place)
    for file in model.files:
        sizes = [content.bytes for content in file.contents if content.sha256 == verified.get(file.path)]
        try:
            if not sizes or (place / file.path).stat().st_size != sizes[0]:
                return False
        except OSError:
            return False
    return True


def read_receipt(place: Path) -> Mapping[str, str]:
    """The SHA-256 of each file by its path; empty if nothing readable says so."""
    try:
        return msgspec.json.decode((place / RECEIPT).read_bytes(), type=dict[str, str])
    except (OSError, msgspec.DecodeError):
        return {}


def stamp(settings: Settings) -> frozenset[tuple[str, int]]:
    """Something else whenever a model came or went, in this process or another; cheap enough to be asked often."""
    found: set[tuple[str, int]] = set()
    for root in (data_root(settings), environment_root()):
        for receipt in root.glob(f"*/{RECEIPT}"):
            try:
                found.add((str(receipt), receipt.stat().st_mtime_ns))
            except OSError:  # it went meanwhile
                continue
    return frozenset(found)


def installed(settings: Settings, part: str) -> tuple[str, ...]:
    """The names of the models for ``part`` that are here."""
    return tuple(model.name for model in catalogue() if model.part == part and folder(settings, model.name) is not None)


def write_receipt(place: Path, verified: Mapping[str, str]) -> None:
    """Say what was verified. Raises ``OSError``."""
    (place / RECEIPT).write_bytes(msgspec.json.format(msgspec.json.encode(dict(verified)), indent=2))
