"""Charts and diagrams of Office files: the numbers and words that are drawn."""

from __future__ import annotations

from typing import Final

from vasi.knowledge.parse.blocks import Block, clean
from vasi.knowledge.parse.grid import Cell
from vasi.knowledge.parse.ooxml import Element, attribute, child, children, local_name, number
from vasi.knowledge.parse.table import records

_MOST_POINTS: Final = 2_000
"""Points of a series that are read."""
_MOST_SERIES: Final = 50
_UNSEEN_POINTS: Final = frozenset({"pres", "parTrans", "sibTrans", "doc"})


def chart(root: Element | None, page: int | None = None) -> list[Block]:
    """The table that the part ``chart`` draws, under its title."""
    title = " ".join(filter(None, map(text_of, children(child(root, "chart", "title", "tx", "rich"), "p"))))
    names: list[str] = []
    columns: list[dict[int, str]] = []
    categories: dict[int, str] = {}
    area = child(root, "chart", "plotArea")
    for plot in () if area is None else area:
        for series in list(children(plot, "ser"))[: _MOST_SERIES - len(names)]:
            named = _points(child(series, "tx")) or {0: text_of(child(series, "tx"))}
            names.append(" ".join(named.values()))
            columns.append(_points(child(series, "val")) or _points(child(series, "yVal")))
            categories = categories or _points(child(series, "cat")) or _points(child(series, "xVal"))
    places = sorted({at for column in columns for at in column})
    rows = [[Cell("", is_header=True), *(Cell(name, is_header=True) for name in names)]] if any(names) else []
    rows += [[Cell(categories.get(at, "")), *(Cell(column.get(at, "")) for column in columns)] for at in places]
    return records(rows, page, title)


def _points(source: Element | None) -> dict[int, str]:
    """The values that a chart keeps of its data, by their places; several levels of names are joined."""
    found: dict[int, str] = {}
    if source is None:
        return found
    for cache in source.iter():
        if local_name(cache) not in {"strCache", "numCache", "strLit", "numLit", "lvl"}:
            continue
        code = child(cache, "formatCode")
        is_percent = code is not None and "%" in (code.text or "")
        for point in list(children(cache, "pt"))[:_MOST_POINTS]:
            at = number(point, "idx") or 0
            value = child(point, "v")
            text = _shown((value.text if value is not None else "") or "", is_percent=is_percent)
            found[at] = f"{text}, {found[at]}" if at in found else text
    return found


def _shown(value: str, *, is_percent: bool) -> str:
    try:
        amount = float(value)
    except ValueError:
        return value.strip()
    return f"{amount * 100:.6g}%" if is_percent else f"{amount:.10g}"


def diagram(root: Element | None, page: int | None = None) -> list[Block]:
    """The texts of a SmartArt diagram's data, as a list."""
    texts: list[str] = []
    for point in children(child(root, "ptLst"), "pt"):
        if (attribute(point, "type") or "node") not in _UNSEEN_POINTS:
            text = " ".join(filter(None, map(text_of, children(child(point, "t"), "p"))))
            texts += [text] if text else []
    items = [text for each in texts if (text := clean(each).replace("\n", " "))]
    return [Block("\n".join(f"- {item}" for item in items), page=page)] if items else []


def text_of(element: Element | None) -> str:
    """The text below a DrawingML element, which has no paragraphs in it."""
    if element is None:
        return ""
    return "".join(part.text or "" if local_name(part) != "br" else " " for part in element.iter() if _has_text(part))


def _has_text(element: Element) -> bool:
    return local_name(element) in {"t", "br", "v"}
