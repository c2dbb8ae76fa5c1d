"""What the server asks of the process that makes vectors."""

from __future__ import annotations

from typing import Final

import msgspec

from vasi.engines.embedder.manifest import Manifest

LOAD: Final = 0
"""Only have the model ready; the payload is a ``Work`` without texts."""
ENCODE: Final = 1
"""The payload is a ``Work``, the answer is ``float32[n, d]``."""


class Work(msgspec.Struct, frozen=True):
    """Texts, and the model that turns them into vectors."""

    folder: str
    manifest: Manifest
    threads: int
    texts: list[str]
    query: bool
