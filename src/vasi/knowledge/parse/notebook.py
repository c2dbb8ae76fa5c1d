"""Jupyter notebooks: their text, code and what the code printed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, cast

from vasi.errors import DocumentError
from vasi.knowledge.parse import html, markdown
from vasi.knowledge.parse.blocks import Block, Parsed, clean

_MOST_OUTPUT: Final = 20_000
"""Characters of one output."""


def parse(text: str) -> Parsed:
    """The cells of a notebook.

    Raises:
        DocumentError: it isn't one.
    """
    try:
        notebook = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise DocumentError("is a damaged notebook: open and save it anew, then add it.") from error
    cells = _cells(notebook)
    blocks: list[Block] = []
    for cell in cells:
        source = _joined(cell.get("source", cell.get("input")))
        match cell.get("cell_type"):
            case "markdown":
                blocks += markdown.parse(source).blocks
            case "heading":
                if heading := clean(source).replace("\n", " "):
                    blocks.append(Block(heading, "heading", min(max(_level(cell.get("level")), 1), 10)))
            case _:
                if code := clean(source):
                    blocks.append(Block(code))
                blocks += _outputs(cell.get("outputs"))
    return Parsed(blocks, _title(notebook, blocks))


def is_notebook(text: str) -> bool:
    """Whether JSON that begins with ``text`` looks like a notebook."""
    return '"cells"' in text and ('"nbformat"' in text or '"cell_type"' in text)


def _cells(notebook: Any) -> list[dict[str, Any]]:
    found: Any = None
    if isinstance(notebook, dict):
        fields = cast("dict[str, Any]", notebook)
        found = fields.get("cells")
        if found is None and isinstance(sheets := fields.get("worksheets"), list):  # version 3
            found = [
                cell
                for sheet in cast("list[Any]", sheets)
                if isinstance(sheet, dict)
                for cell in cast("dict[str, Any]", sheet).get("cells", [])
            ]
    if not isinstance(found, list):
        raise DocumentError("isn't a notebook: it has no cells.")
    return [cast("dict[str, Any]", cell) for cell in cast("list[Any]", found) if isinstance(cell, dict)]


def _outputs(outputs: Any) -> Iterator[Block]:
    for output in cast("list[Any]", outputs) if isinstance(outputs, list) else []:
        if not isinstance(output, dict):
            continue
        fields = cast("dict[str, Any]", output)
        data = cast("dict[str, Any]", fields.get("data")) if isinstance(fields.get("data"), dict) else fields
        page = _joined(data.get("text/html"))
        if "<table" in page.lower():
            yield from html.parse(page[: 10 * _MOST_OUTPUT]).blocks
        elif markup := _joined(data.get("text/markdown")):
            yield from markdown.parse(markup[:_MOST_OUTPUT]).blocks
        elif fields.get("output_type") == "error":
            name = f"{fields.get('ename', 'Error')}: {fields.get('evalue', '')}"
            yield Block(clean(name[:1_000]) or "Error")
        elif text := clean(_joined(data.get("text/plain", fields.get("text")))[:_MOST_OUTPUT]):
            yield Block(text)


def _title(notebook: Any, blocks: list[Block]) -> str:
    metadata = notebook.get("metadata")
    title = cast("dict[str, Any]", metadata).get("title") if isinstance(metadata, dict) else None
    if isinstance(title, str):
        return clean(title).replace("\n", " ")
    return blocks[0].text if blocks and blocks[0].kind == "heading" else ""


def _joined(value: Any) -> str:
    if isinstance(value, list):
        return "".join(one for one in cast("list[Any]", value) if isinstance(one, str))
    return value if isinstance(value, str) else ""


def _level(value: Any) -> int:
    return value if isinstance(value, int) else 1
