"""What every parser gives: the blocks of a document, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable
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
        caption: of the table that it belongs to; "" if that has none.
    """

    text: str
    kind: BlockKind = "text"
    level: int = 0
    page: int | None = None
    caption: str = ""


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


_NAME_SIGNS = re.compile(r"[:;] ")


def row(columns: list[str], cells: list[str]) -> str:
    """One table row that can be read by itself: each cell with the name of its column; "" if it is empty.

    ``"; "`` stands between cells only, and the first ``": "`` of a cell behind its column's name.
    """
    names = [column_name(clean(column)) for column in columns] + [""] * (len(cells) - len(columns))
    return join_cells(names, [clean(cell).replace("\n", " ") for cell in cells])


def column_name(text: str) -> str:
    """``text``, which is clean, as the name of a column."""
    return _NAME_SIGNS.sub(" ", text.replace("\n", " ")).rstrip(":;： ")


def join_cells(names: Iterable[str], values: Iterable[str]) -> str:
    """``row`` for what is clean and in one line, under names made by ``column_name``."""
    parts: list[str] = []
    for name, value in zip(names, values, strict=False):
        if value and (text := value.replace("; ", ", ").rstrip("; ")):
            parts.append(f"{name}: {text}" if name and name != text else text)
    return "; ".join(parts)
