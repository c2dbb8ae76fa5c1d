"""Recordings and question sets beside the checkout (``../shared``), which aren't part of the project.

Tests that use them skip where they aren't, so everybody else runs the rest: continuous integration runs the modules
that import this one once more from a clone that has nothing beside it.
"""

from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared"
SPEECH = SHARED / "speech"
RETRIEVAL = SHARED / "retrieval"
