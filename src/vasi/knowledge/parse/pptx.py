"""PowerPoint files: a slide is a page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, Final, cast

from pptx import Presentation

from vasi.errors import DocumentError
from vasi.knowledge.parse import drawing
from vasi.knowledge.parse.blocks import STRUCK_OUT, Block, Parsed, add_item, clean
from vasi.knowledge.parse.grid import Cell
from vasi.knowledge.parse.list_numbers import format_number
from vasi.knowledge.parse.ooxml import Element, attribute, child, children, etree, local_name, number
from vasi.knowledge.parse.package import parse_xml
from vasi.knowledge.parse.table import records

_DEEPEST_GROUP: Final = 20
_LONGEST_TITLE: Final = 250
_UNSEEN: Final = frozenset({"sldNum", "dt", "ftr", "hdr"})
"""Placeholders that repeat the number, the date and the same words on each slide."""
_FORMATS: Final = {"alphaLc": "lowerLetter", "alphaUc": "upperLetter", "romanLc": "lowerRoman", "romanUc": "upperRoman"}


def parse(data: bytes, pages: int) -> Parsed:
    """The first ``pages`` slides of a PPTX: titles, texts, tables, charts, diagrams and the speaker's notes."""
    presentation = cast(Any, Presentation(io.BytesIO(data)))
    blocks: list[Block] = []
    warnings: list[str] = []
    hidden: list[str] = []
    damaged: list[str] = []
    slides = list(presentation.slides)
    for page, slide in enumerate(slides[:pages], 1):
        if slide.element.get("show") in {"0", "false"}:
            hidden.append(str(page))
        try:
            blocks += _Slide(slide, page).read()
        except (KeyError, ValueError, AttributeError, etree.XMLSyntaxError, DocumentError):
            damaged.append(str(page))
    if len(slides) > pages:
        warnings.append(f"Only the first {pages:,} of its {len(slides):,} slides were read.")
    if hidden:
        warnings.append(f"Slides that are hidden were read as well: {', '.join(hidden[:20])}.")
    if any(_is_struck(properties) for slide in slides[:pages] for properties in _run_properties(slide.element)):
        warnings.append(STRUCK_OUT)
    if damaged:
        warnings.append(f"Slides are damaged and weren't read: {', '.join(damaged[:20])}. Open and save it anew.")
    return Parsed(blocks, clean(presentation.core_properties.title or ""), min(len(slides), pages), warnings)


class _Slide:
    """Reads one slide."""

    def __init__(self, slide: Any, page: int) -> None:
        self._slide = slide
        self._page = page
        self._blocks: list[Block] = []

    def read(self) -> list[Block]:
        """Its title, what is on it from top to bottom as it's stacked, and the notes."""
        title = self._slide.shapes.title
        if (
            title is not None
            and title.has_text_frame
            and (text := clean(_text(title.text_frame._txBody)).replace("\n", " "))
        ):
            is_heading = len(text) <= _LONGEST_TITLE
            self._blocks.append(Block(text, "heading" if is_heading else "text", int(is_heading), self._page))
        for shape in _shapes(self._slide.shapes, 0):
            if title is None or shape.shape_id != title.shape_id:
                self._read_shape(shape)
        self._read_comments()
        if self._slide.has_notes_slide and (frame := self._slide.notes_slide.notes_text_frame) is not None:
            self._read_frame(frame._txBody)
        return self._blocks

    def _read_shape(self, shape: Any) -> None:
        kind = next((place.get("type") for place in shape.element.iter() if local_name(place) == "ph"), None)
        if kind in _UNSEEN:
            return
        if getattr(shape, "has_table", False) and shape.has_table:
            self._read_table(shape.table._tbl)
        elif getattr(shape, "has_chart", False) and shape.has_chart:
            self._blocks += drawing.chart(shape.chart._chartSpace, self._page)
        elif shape.has_text_frame:
            self._read_frame(shape.text_frame._txBody, is_list=shape.is_placeholder and kind != "subTitle")
        else:
            self._read_diagram(shape.element)

    def _read_diagram(self, element: Element) -> None:
        for part in element.iter():
            if local_name(part) != "relIds":
                continue
            related = self._slide.part.rels.get(attribute(part, "dm") or "")
            if related is not None and not related.is_external:
                root, _ = parse_xml(related.target_part.blob)
                self._blocks += drawing.diagram(root, self._page)

    def _read_comments(self) -> None:
        """What people have noted on the slide, in either of the two forms that there are."""
        for related in self._slide.part.rels.values():
            if related.is_external or related.reltype.rpartition("/")[2].lower() != "comments":
                continue
            root, _ = parse_xml(related.target_part.blob)
            for comment in () if root is None else root.iter():
                if local_name(comment) in {"cm", "reply"}:
                    body = _body_text(child(comment, "txBody"))
                    text = body or "".join(part.text or "" for part in children(comment, "text"))
                    if text := clean(text):
                        self._blocks.append(Block(f"Comment: {text}", page=self._page))

    def _read_frame(self, body: Element, *, is_list: bool = False) -> None:
        """A box of text; ``is_list``: its paragraphs have bullets unless they say otherwise."""
        shown: list[tuple[Element, str]] = []
        for paragraph in children(body, "p"):
            if text := clean(_text(paragraph)):
                shown.append((paragraph, text))
        counts: dict[int, int] = {}
        blocks: list[Block] = []
        was_item = True
        for paragraph, text in shown:
            label = _label(paragraph, counts, is_list=is_list) if len(shown) > 1 else ""
            if label:
                add_item(blocks, f"{label} {text}", self._page)
            elif was_item:
                blocks.append(Block(text, page=self._page))
            else:
                blocks[-1] = Block(f"{blocks[-1].text}\n{text}", page=self._page)
            was_item = bool(label)
        self._blocks += blocks

    def _read_table(self, table: Element) -> None:
        is_headed = attribute(child(table, "tblPr"), "firstRow") in {"1", "true"}
        rows = [
            [
                Cell(_body_text(child(cell, "txBody")), number(cell, "gridSpan") or 1, number(cell, "rowSpan") or 1)
                for cell in children(row, "tc")
                # What a cell covers is given as cells of its own.
                if attribute(cell, "hMerge") not in {"1", "true"} and attribute(cell, "vMerge") not in {"1", "true"}
            ]
            for row in children(table, "tr")
        ]
        self._blocks += records(rows, self._page, is_headed=is_headed)


def _shapes(shapes: Any, depth: int) -> Iterator[Any]:
    for shape in shapes:
        if hasattr(shape, "shapes"):
            if depth < _DEEPEST_GROUP:
                yield from _shapes(shape.shapes, depth + 1)
        else:
            yield shape


def _label(paragraph: Element, counts: dict[int, int], *, is_list: bool) -> str:
    """The bullet or number of a paragraph; "" if it has none. ``counts`` are of the numbers, by level."""
    properties = child(paragraph, "pPr")
    level = number(properties, "lvl") or 0
    for deeper in [one for one in counts if one > level]:
        del counts[deeper]
    numbered = child(properties, "buAutoNum")
    if numbered is None:
        counts.pop(level, None)
        if child(properties, "buNone") is not None:
            return ""
        return "-" if is_list or child(properties, "buChar") is not None else ""
    counts[level] = counts.get(level, (number(numbered, "startAt") or 1) - 1) + 1
    form = attribute(numbered, "type") or ""
    style = next((style for name, style in _FORMATS.items() if form.startswith(name)), "decimal")
    return f"{format_number(counts[level], style)}{')' if 'Paren' in form else '.'}"


def _run_properties(slide: Element) -> Iterator[Element]:
    """Of all runs on a slide."""
    return (element for element in slide.iter() if local_name(element) == "rPr")


def _is_struck(properties: Element | None) -> bool:
    return (attribute(properties, "strike") or "noStrike") != "noStrike"


def _body_text(body: Element | None) -> str:
    return "\n".join(filter(None, (clean(_text(paragraph)) for paragraph in children(body, "p"))))


def _text(element: Element) -> str:
    """The text of paragraphs, with what fields show; line breaks are newlines."""
    parts: list[str] = []
    for part in element.iter():
        match local_name(part):
            case "t" if not _is_struck(child(part.getparent(), "rPr")):
                parts.append(part.text or "")
            case "br":
                parts.append("\n")
            case "p" if parts:
                parts.append("\n")
            case _:
                pass
    return "".join(parts)
