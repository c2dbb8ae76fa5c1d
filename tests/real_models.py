"""Real models for tests, out of the Python environment: ``scripts/models.py test`` brings them there.

A test that needs one skips where it isn't, and says how to get it.
"""

from pathlib import Path

import pytest

from vasi.engines.models.catalogue import catalogue
from vasi.engines.models.folders import environment_root, find


def model_folder(name: str) -> Path | None:
    """The folder of the model ``name``; None if it isn't in this environment."""
    return find(catalogue().get(name), environment_root())


def needs_model(*names: str) -> pytest.MarkDecorator:
    """Skip the test, or the module, unless all of these models are here."""
    missing = [name for name in names if model_folder(name) is None]
    option = " --kokoro" if "kokoro-int8" in missing else ""
    return pytest.mark.skipif(
        bool(missing),
        reason=f"{', '.join(missing)} isn't in this environment: .venv/bin/python scripts/models.py test{option}",
    )
