"""The names in the owner's documents and notes: what a recogniser that takes hints is told to expect."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from vasi.language.terms import STOP_WORDS

MAX_CHARACTERS = 8_000_000
"""Characters of all texts that are looked at."""
_CAPITALISED = r"[A-ZÀ-ÖØ-Þ][\w'’-]*"
_NAME = re.compile(rf"(?<=[\w,;] ){_CAPITALISED}(?: {_CAPITALISED}){{0,3}}")
"""Capitalised words within a sentence."""
_WORD = re.compile(r"\b[a-zß-öø-ÿ][\w'’-]*")
_LEAST, _LONGEST = 3, 40


def names(texts: Iterable[str], most: int) -> tuple[str, ...]:
    """Up to ``most`` names, those first that more is said of; without words that are written small elsewhere."""
    found: Counter[str] = Counter()
    small: set[str] = set()
    left = MAX_CHARACTERS
    for text in texts:
        text = text[:left]
        left -= len(text)
        small.update(_WORD.findall(text))
        found.update(set(_NAME.findall(text)))
        if left <= 0:
            break

    def told(name: str) -> bool:
        words = name.lower().split()
        return _LEAST <= len(name) <= _LONGEST and not all(word in small or word in STOP_WORDS for word in words)

    ranked = sorted(found, key=lambda name: (-found[name], name))
    return tuple(name for name in ranked if told(name))[:most]
