"""Characters that show nothing, or make a display show something else than what stands there."""

from __future__ import annotations

import re

_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff"
"""What could steer a terminal or can't be written at all; tab and newline are text."""
_DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""What turns the direction of writing."""
_HIDDEN = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164"
    "\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff"
)
"""Zero-width characters and Unicode tags, which hide words from a search and carry instructions that no reader sees;
soft hyphens, which only mark where a word may be broken."""
_JOINERS = "\u200c\u200d\ufe00-\ufe0f"
"""Invisible as well, but they belong to the spelling of some languages' words, and of emoji."""

CONTROL = re.compile(f"[{_CONTROL}]")
INVISIBLE = re.compile(f"[{_DIRECTION}{_HIDDEN}{_JOINERS}]")
"""All that shows nothing, for a text that is only searched and read out."""
UNSAFE = re.compile(f"[{_CONTROL}{_DIRECTION}\u2028\u2029]")
"""What a terminal must not be sent."""
UNSPEAKABLE = re.compile(f"[{_CONTROL}{_DIRECTION}{_HIDDEN}\ue000-\uf8ff\U000f0000-\U0010ffff]")
"""What no voice can say: private characters, too."""
_UNPRINTABLE = re.compile(f"[{_CONTROL}{_DIRECTION}{_HIDDEN}]")


def printable(text: str) -> str:
    """``text`` without control, direction and hidden characters; tabs, newlines and joiners stay."""
    return _UNPRINTABLE.sub("", text)
