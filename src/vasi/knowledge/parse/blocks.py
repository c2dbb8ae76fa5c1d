"""What every parser gives: the blocks of a document, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from textwrap import dedent
from typing import Final, Literal, TypeAlias

from vasi.language.printable import CONTROL, INVISIBLE

BlockKind: TypeAlias = Literal["heading", "text", "row", "code"]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document.

    Attributes:
        text: cleaned, not empty. A "row" is one table row as ``column: value; column: value``;
            "code" has the line ends and indentation that it stands with.
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


STRUCK_OUT: Final = "Text that is struck out wasn't read."
HIDDEN: Final = "Hidden text wasn't read."
"""What parsers warn of where they leave such text out, which no longer holds or isn't shown."""

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


def clean_code(text: str) -> str:
    """Like ``clean``, but lines keep the spaces that they begin with and hold."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    lines = [CONTROL.sub(" ", INVISIBLE.sub("", line)).rstrip() for line in text.split("\n")]
    return _BLANK_LINES.sub("\n\n", dedent("\n".join(lines)).strip("\n"))


_ITEM = re.compile(
    r"(?:[-•–*] |\(?(?:\d{1,3}|[A-Za-z]|[ivxlc]{1,6})[.)]\s"
    r"|\d{1,3}\.(?:[0-9A-Za-z]{1,3}\.){0,4}[0-9A-Za-z]{0,3}\s)"
)
_LONGEST_LIST = 4_000
"""Characters from which on the items of a list begin another block."""


def is_item(line: str) -> bool:
    """Does a line begin with the bullet, number or letter of a list item?"""
    return _ITEM.match(line) is not None


def add_item(blocks: list[Block], item: str, page: int | None = None) -> None:
    """Add the ``item`` of a list, which begins with its bullet or number.

    The items of one list are one block, and so is the line that leads to them ("You need:").
    """
    last = blocks[-1] if blocks else None
    if last is not None and last.kind == "text" and last.page == page and len(last.text) < _LONGEST_LIST:
        *_, line = last.text.rsplit("\n", 1)
        if line.endswith((":", "：")) or is_item(line) or is_item(last.text):
            blocks[-1] = Block(f"{last.text}\n{item}", page=page, caption=last.caption)
            return
    blocks.append(Block(item, page=page))


def join_lists(blocks: Iterable[Block]) -> list[Block]:
    """``blocks`` with each list, given as a block of its own, in one with the line that leads to it."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if (
            last is not None
            and block.kind == last.kind == "text"
            and last.text.endswith((":", "："))
            and is_item(block.text)
            and (last.page, last.caption) == (block.page, block.caption)
        ):
            joined[-1] = Block(f"{last.text}\n{block.text}", page=last.page, caption=last.caption)
        else:
            joined.append(block)
    return joined
