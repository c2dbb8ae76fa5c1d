"""What the server asks of the process that serves a GGUF file."""

from __future__ import annotations

from typing import Final

import msgspec

SERVE: Final = 0
"""The payload is ``Served``, the answer the address of the server."""


class Served(msgspec.Struct, frozen=True):
    """A model, and how it's served.

    Attributes:
        file: the GGUF file.
        api_key: what requests must come with.
        context: tokens that question, sources and answer may have together.
        threads: of the processor.
    """

    file: str
    api_key: str
    context: int
    threads: int
