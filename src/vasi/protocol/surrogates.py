"""Halves of surrogate pairs in JSON text, as ``JSON.stringify`` writes a string that was cut within an emoji."""

from __future__ import annotations

import re

_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def without_half_pairs(frame: str | bytes) -> str | None:
    """``frame`` with U+FFFD in the place of each half; None if it has none."""
    text = frame if isinstance(frame, str) else frame.decode("utf-8", "replace")
    if "\\ud" not in text and "\\uD" not in text:
        return None
    whole = _ESCAPE.sub(lambda found: "\\ufffd" if found["half"] else found[0], text)
    return None if whole == text else whole
