"""PowerPoint files: a slide is a page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, cast

from pptx import Presentation

from vasi.knowledge.parse.blocks import Block, Parsed, clean
from vasi.knowledge.parse.table import table

_DEEPEST_GROUP = 20


def parse(data: bytes, pages: int) -> Parsed:
    """The first ``pages`` slides of a PPTX: titles, texts, tables and the speaker's notes."""
    presentation = cast(Any, Presentation(io.BytesIO(data)))
    blocks: list[Block] = []
    warnings: list[str] = []
    slides = list(presentation.slides)
    for number, slide in enumerate(slides[:pages], 1):
        blocks += _slide(slide, number)
    if len(slides) > pages:
        warnings.append(f"Only the first {pages:,} of its {len(slides):,} slides were read.")
    return Parsed(blocks, clean(presentation.core_properties.title or ""), min(len(slides), pages), warnings)


def _slide(slide: Any, number: int) -> list[Block]:
    blocks: list[Block] = []
    title = slide.shapes.title
    if title is not None and (text := clean(title.text_frame.text).replace("\n", " ")):
        blocks.append(Block(text, "heading", 1, number))
    for shape in _shapes(slide.shapes, 0):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if getattr(shape, "has_table", False) and shape.has_table:
            blocks += table([[cell.text for cell in line.cells] for line in shape.table.rows], number)
        elif shape.has_text_frame and (text := _frame(shape.text_frame)):
            blocks.append(Block(text, page=number))
    if slide.has_notes_slide:
        frame = slide.notes_slide.notes_text_frame
        if frame is not None and (text := clean(frame.text)):
            blocks.append(Block(text, page=number))
    return blocks


def _shapes(shapes: Any, depth: int) -> Iterator[Any]:
    for shape in shapes:
        if hasattr(shape, "shapes"):
            if depth < _DEEPEST_GROUP:
                yield from _shapes(shape.shapes, depth + 1)
        else:
            yield shape


def _frame(frame: Any) -> str:
    lines = [text for paragraph in frame.paragraphs if (text := clean(paragraph.text))]
    return "\n".join(f"- {line}" for line in lines) if len(lines) > 1 else "".join(lines)
