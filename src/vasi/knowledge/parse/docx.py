"""Word documents."""

from __future__ import annotations

import io
import re
from typing import Any, cast

from docx import Document as open_document
from docx.table import Table
from docx.text.paragraph import Paragraph

from vasi.knowledge.parse.blocks import Block, Parsed, clean
from vasi.knowledge.parse.table import table

_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)


def parse(data: bytes) -> Parsed:
    """The paragraphs, headings, lists and tables of a DOCX, in reading order."""
    document = open_document(io.BytesIO(data))
    blocks: list[Block] = []
    for item in document.iter_inner_content():
        match item:
            case Paragraph():
                _paragraph(blocks, item)
            case Table():
                blocks += table(_rows(item))
    return Parsed(blocks, title=clean(document.core_properties.title or ""))


def _paragraph(blocks: list[Block], paragraph: Paragraph) -> None:
    text = clean(paragraph.text)
    if not text:
        return
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    if heading := _HEADING.match(style):
        blocks.append(Block(text.replace("\n", " "), "heading", int(heading.group(1)) + 1))
    elif style == "Title":
        blocks.append(Block(text.replace("\n", " "), "heading", 1))
    elif style.startswith("List") or _is_numbered(paragraph):
        _item(blocks, f"- {text}")
    else:
        blocks.append(Block(text))


def _item(blocks: list[Block], item: str) -> None:
    """Items of one list are one block."""
    if blocks and blocks[-1].kind == "text" and blocks[-1].text.startswith("- ") and len(blocks[-1].text) < 1_000:
        blocks[-1] = Block(f"{blocks[-1].text}\n{item}")
    else:
        blocks.append(Block(item))


def _is_numbered(paragraph: Paragraph) -> bool:
    properties = cast(Any, paragraph)._p.pPr
    return properties is not None and properties.numPr is not None


def _rows(source: Table) -> list[list[str]]:
    rows: list[list[str]] = []
    for line in source.rows:
        cells: list[str] = []
        before: Any = None
        for cell in line.cells:
            # A merged cell is given once for each column that it covers.
            element = cast(Any, cell)._tc
            cells.append("" if element is before else cell.text)
            before = element
        rows.append(cells)
    return rows
