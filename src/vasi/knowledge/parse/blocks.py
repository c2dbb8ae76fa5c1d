"""What every parser gives: the blocks of a document, in reading order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from vasi.language.printable import CONTROL, INVISIBLE

BlockKind: TypeAlias = Literal["heading", "text", "row"]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document.

    Attributes:
        text: cleaned, not empty. A "row" is one table row as ``column: value; column: value``.
        kind: what it is.
        level: 1 to 10 for headings, 1 is the outermost; 0 for all else.
        page: 1-based page or slide it stands on; None where the format has no pages.
    """

    text: str
    kind: BlockKind = "text"
    level: int = 0
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A whole document. ``warnings`` are sentences for the user; ``pages`` is None where the format has none."""

    blocks: list[Block]
    title: str = ""
    pages: int | None = None
    warnings: list[str] = field(default_factory=list[str])


_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n ?")
_BLANK_LINES = re.compile(r"\n{3,}")


def clean(text: str) -> str:
    """``text`` without invisible and control characters, with single spaces and at most one blank line in a row."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").replace("\u2028", "\n")
    text = CONTROL.sub(" ", INVISIBLE.sub("", text))
    return _BLANK_LINES.sub("\n\n", _LINES.sub("\n", _SPACES.sub(" ", text))).strip()


_LONGEST_NAME = 300
"""Characters of a column's name: it's repeated with each cell."""


def row(columns: list[str], cells: list[str]) -> str:
    """One table row that can be read by itself: each cell with the name of its column; "" if it is empty."""
    parts: list[str] = []
    for at, cell in enumerate(cells):
        value = clean(cell).replace("\n", " ")
        if not value:
            continue
        name = clean(columns[at][:_LONGEST_NAME]).replace("\n", " ") if at < len(columns) else ""
        parts.append(f"{name}: {value}" if name and name != value else value)
    return "; ".join(parts)


def table(rows: list[list[str]], page: int | None = None) -> list[Block]:
    """The rows of a table whose first row names its columns; a single row or column is plain text."""
    rows = [cells for cells in rows if any(cell.strip() for cell in cells)]
    if not rows:
        return []
    if len(rows) == 1 or max(map(len, rows)) == 1:
        return [Block(text, page=page) for cells in rows if (text := clean(" ".join(cells)))]
    columns = rows[0]
    return [Block(text, "row", page=page) for cells in rows[1:] if (text := row(columns, cells))]
