"""Characters of symbol fonts, which have places of their own there."""

from __future__ import annotations

from typing import Final

_SYMBOL: Final = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "αβχδεφγηιϕκλμνοπθρστυϖωξψζΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ",
        strict=True,
    )
) | {
    "\xa3": "≤", "\xb3": "≥", "\xb1": "±", "\xb4": "×", "\xb8": "÷", "\xb9": "≠", "\xbb": "≈", "\xa5": "∞", "\xae": "→",
    "\xac": "←", "\xad": "↑", "\xaf": "↓", "\xb0": "°", "\xd7": "⋅", "\xb7": "•", "\xe5": "∑", "\xd6": "√", "\xde": "⇒",
    "\xa2": "′", "\xb2": "″", "\xce": "∈", "\xc7": "∩", "\xc8": "∪", "\xb6": "∂", "\xd1": "∇", "\xf2": "∫", "\xa0": "€",
}  # fmt: skip
_WINGDINGS: Final = {
    "\xfc": "✓", "\xfb": "✗", "\xfe": "☑", "\xfd": "☒", "\xa8": "☐", "\x6f": "☐", "\x71": "☐", "\xa7": "▪", "\x6c": "●",
    "\x6e": "■", "\xd8": "➢", "\xe0": "→", "\xdf": "←", "\xe8": "➔", "\xf0": "⇨", "\xf3": "⇔", "\x4a": "☺", "\x28": "☎",
    "\x2a": "✉", "\x2b": "✉", "\x29": "✆",
}  # fmt: skip
_WINGDINGS_2: Final = {"P": "✓", "O": "✗", "R": "☑", "Q": "☒", "T": "☒", "S": "☑", "\xa3": "☐", "\x2a": "☐"}
_FONTS: Final = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2}


def symbol(font: str, code: str) -> str:
    """What a ``w:sym`` shows: the character of ``font`` at the hexadecimal ``code``; "" if that isn't known."""
    try:
        at = int(code, 16)
    except ValueError:
        return ""
    if at > 0x10FFFF or 0xD800 <= at <= 0xDFFF:
        return ""
    letter = chr(at - 0xF000 if 0xF000 <= at <= 0xF0FF else at)
    if (characters := _FONTS.get(font.lower())) is not None:
        return characters.get(letter, letter if font.lower() == "symbol" and letter.isascii() else "")
    return letter if letter.isprintable() else ""
