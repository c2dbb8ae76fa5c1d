"""Equations of Office files as text in one line: ``(a+b)/c``, ``x^2``, ``√(y)``."""

from __future__ import annotations

from typing import Final

from vasi.knowledge.parse.ooxml import Element, attribute, child, local_name

_PROPERTIES: Final = frozenset({"rPr", "ctrlPr", "fPr", "sSupPr", "sSubPr", "radPr", "dPr", "naryPr", "oMathParaPr"})


def linear(element: Element | None) -> str:
    """The text of an ``m:oMath`` or a part of it."""
    if element is None:
        return ""
    match local_name(element):
        case "t":
            return element.text or ""
        case "f":
            return f"{_grouped(child(element, 'num'))}/{_grouped(child(element, 'den'))}"
        case "sSup":
            return f"{linear(child(element, 'e'))}^{_grouped(child(element, 'sup'))}"
        case "sSub":
            return f"{linear(child(element, 'e'))}_{_grouped(child(element, 'sub'))}"
        case "sSubSup":
            base, below, above = (child(element, name) for name in ("e", "sub", "sup"))
            return f"{linear(base)}_{_grouped(below)}^{_grouped(above)}"
        case "rad":
            degree = linear(child(element, "deg"))
            return f"{degree if degree != '2' else ''}√({linear(child(element, 'e'))})"
        case "d":
            opening = attribute(child(element, "dPr", "begChr"), "val")
            closing = attribute(child(element, "dPr", "endChr"), "val")
            inner = "|".join(linear(part) for part in element if local_name(part) == "e")
            return f"{'(' if opening is None else opening}{inner}{')' if closing is None else closing}"
        case "nary":
            sign = attribute(child(element, "naryPr", "chr"), "val") or "∫"
            below, above = linear(child(element, "sub")), linear(child(element, "sup"))
            limits = (f"_({below})" if below else "") + (f"^({above})" if above else "")
            return f"{sign}{limits} {linear(child(element, 'e'))}"
        case name if name in _PROPERTIES:
            return ""
        case _:
            return "".join(linear(part) for part in element)


def _grouped(element: Element | None) -> str:
    text = linear(element).strip()
    return text if text.isalnum() or len(text) < 2 else f"({text})"
