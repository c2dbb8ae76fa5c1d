"""The numbers of list items, in the formats that Word names and HTML has as well."""

from __future__ import annotations

from typing import Final

_ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def format_number(count: int, style: str) -> str:
    """``count`` in one of Word's formats; decimal where it isn't known."""
    match style:
        case "none":
            return ""
        case "decimalZero":
            return f"{count:02}"
        case "lowerLetter" | "upperLetter" if 0 < count <= 26 * 30:
            letters = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
            return letters if style == "lowerLetter" else letters.upper()
        case "lowerRoman" | "upperRoman" if 0 < count < 4_000:
            return _roman(count) if style == "lowerRoman" else _roman(count).upper()
        case "ordinal":
            ending = "th" if 10 < count % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
            return f"{count}{ending}"
        case _:
            return str(count)


def _roman(count: int) -> str:
    numerals = ""
    for value, numeral in _ROMAN:
        numerals += numeral * (count // value)
        count %= value
    return numerals
