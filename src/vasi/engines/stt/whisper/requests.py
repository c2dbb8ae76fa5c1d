"""What the process that decodes is told and asked (``vasi.workers.frames``). Imports nothing: both sides load it."""

from __future__ import annotations

from typing import Final

MODEL: Final = "WHISPER_MODEL"
"""Environment variable: JSON ``{"folder": path, "threads": number, "window_s": seconds of the shortest window}``."""
DECODE: Final = 1
"""Payload: JSON ``{"language": code or null, "among": [code, ...]}``, a newline, int16 little-endian of 16 kHz.

Answer: JSON of the fields of ``Decoded``.
"""
