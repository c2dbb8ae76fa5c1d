"""Words without their accents."""

from __future__ import annotations

import unicodedata

_LIGATURES = str.maketrans({"ς": "σ", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})


def fold(word: str) -> str:
    """``word`` without its accents and ligatures: ``café`` is ``cafe``, ``straße`` is ``strasse``.

    Vowel signs of other scripts stay.
    """
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word.translate(_LIGATURES))
    return unicodedata.normalize("NFC", "".join(part for part in parts if not "\u0300" <= part <= "\u036f"))
