"""From paragraphs to blocks: headings, lists, lines that tabs divide into columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from vasi.knowledge.parse.blocks import Block, add_item, clean, is_item
from vasi.knowledge.parse.table import table
from vasi.knowledge.parse.word.numbering import BULLET

_LONGEST_HEADING: Final = 100
_LARGER: Final = 1.15
"""Type this much larger than the body's is a heading's."""
_BOLD_LEVEL: Final = 9
"""Of paragraphs that are headings by their look alone, below all that are so by their style."""
_LONGEST_ITEM: Final = 600
"""Characters of a paragraph with a typed number that is an item of a list."""
_TYPED_BULLET = re.compile(r"[•·‣▪◦–●○■□➢*-] ")
_NAMED = re.compile(
    r"(?:§|article|artikel|artigo|artículo|articolo|art\.|section|abschnitt|sección|sezione|chapter|kapitel|chapitre"
    r"|capítulo|capitolo|title|título|part|teil|partie|parte|annex|anhang|anlage|annexe|anexo|allegato|appendix"
    r"|schedule|exhibit) [^\s.]{1,20}(?: [^\n.]{1,60})?",
    re.IGNORECASE,
)
"""What the parts of laws and contracts are called: "Article 5", "§ 3 Term", "Artigo Primeiro"."""
_TABS = re.compile(r"\t+")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph that shows something.

    Attributes:
        text: with tabs and newlines.
        level: of a heading, from 1; 0 for all else.
        label: number or bullet of a list item; None outside lists.
        is_bold: all of it is.
        size: in half points, 0 if that isn't known.
        is_caption: it's set as the caption of a table or figure.
    """

    text: str
    level: int = 0
    label: str | None = None
    is_bold: bool = False
    size: int = 0
    is_caption: bool = False

    def labelled(self) -> str:
        """Its clean text, behind its number or bullet."""
        text = clean(self.text)
        return f"{self.label} {text}" if self.label else text


Item: TypeAlias = Paragraph | Block


def assemble(items: Sequence[Item]) -> list[Block]:
    """The blocks of a story."""
    levels = _levels_by_look(items)
    blocks: list[Block] = []
    tabbed: list[list[str]] = []
    for at, item in enumerate(items):
        columns = _columns(item)
        if tabbed and len(columns) != len(tabbed[0]):
            blocks += _tabbed(tabbed)
            tabbed = []
        if columns:
            tabbed.append(columns)
        elif isinstance(item, Block):
            blocks.append(item)
        elif level := item.level or levels.get(at, 0):
            blocks.append(Block(item.labelled().replace("\n", " "), "heading", level))
        elif item.label:
            add_item(blocks, item.labelled())
        elif text := item.labelled():
            _add_text(blocks, text)
    return blocks + _tabbed(tabbed)


def _add_text(blocks: list[Block], text: str) -> None:
    """A paragraph; one that begins with a typed bullet or number is an item of a list."""
    if (bullet := _TYPED_BULLET.match(text)) is not None:
        add_item(blocks, f"- {text[bullet.end() :]}")
    elif is_item(text) and len(text) < _LONGEST_ITEM:
        add_item(blocks, text)
    else:
        blocks.append(Block(text))


def _columns(item: Item) -> list[str]:
    """What tabs in a line divide; [] if none do."""
    if isinstance(item, Block) or item.level or item.label is not None or "\n" in item.text.strip():
        return []
    columns = [column.strip() for column in _TABS.split(item.text.strip())]
    if is_item(f"{columns[0]} ") or _TYPED_BULLET.match(f"{columns[0]} "):
        return []
    return columns if 1 < len(columns) <= 12 and all(columns) else []


def _tabbed(lines: list[list[str]]) -> list[Block]:
    """Lines that are divided alike are a table; one alone is a field or a text."""
    if len(lines) > 1:
        return table(lines)
    return [Block(clean(" ".join(columns))) for columns in lines]


def _levels_by_look(items: Sequence[Item]) -> dict[int, int]:
    """The levels of paragraphs that are headings without being so by their style: short, bold or large ones."""
    paragraphs = [item for item in items if isinstance(item, Paragraph) and not item.level]
    letters = Counter[int]()
    for item in paragraphs:
        letters[item.size] += len(item.text)
    total = letters.total()
    body = letters.most_common(1)[0][0] if letters else 0
    bold = sum(len(item.text) for item in paragraphs if item.is_bold)
    large = sum(count for size, count in letters.items() if size > body * _LARGER)
    heads: dict[int, int] = {}
    for at, item in enumerate(items):
        if isinstance(item, Paragraph) and _may_head(item):
            if body and item.size > body * _LARGER and large * 2 < total:
                heads[at] = item.size
            elif item.is_bold and bold * 3 < total:
                heads[at] = 0
            elif _NAMED.fullmatch(item.text.strip()):
                heads[at] = -1
    for at in reversed(sorted(heads)):
        # A heading has something to stand over.
        below = items[at + 1] if at + 1 < len(items) else None
        if below is None or (isinstance(below, Paragraph) and (below.level or (below.is_bold and at + 1 not in heads))):
            del heads[at]
    styled = any(isinstance(item, Paragraph) and item.level for item in items)
    sizes = sorted({size for size in heads.values() if size > 0}, reverse=True)
    ranks = {size: _BOLD_LEVEL - 1 if styled else min(rank, _BOLD_LEVEL - 1) for rank, size in enumerate(sizes, 2)}
    return {at: ranks.get(size, _BOLD_LEVEL - min(size, 0)) for at, size in heads.items()}


def _may_head(item: Paragraph) -> bool:
    text = item.text.strip()
    return (
        not item.level
        and not item.is_caption
        and item.label in {None, ""}
        and 1 < len(text) <= _LONGEST_HEADING
        and text[-1] not in ".,;!"
        and ": " not in text
        and "\t" not in text
        and "\n" not in text
        and sum(letter.isalpha() for letter in text) * 2 > len(text)
    )


def cell_text(items: Sequence[Item]) -> str:
    """The paragraphs of a cell in one line; what isn't a sentence is parted by a comma."""
    text = ""
    for item in items:
        line = clean(item.text) if isinstance(item, Block) or item.label == BULLET else item.labelled()
        if line:
            text += ("" if not text else " " if text[-1] in ".,:;!?-–/(" else ", ") + line
    return text
