"""Plain text: paragraphs, lists, columns of text, and what stands there as a heading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Final

from vasi.knowledge.parse.blocks import Block, Parsed, add_item, clean, is_item, join_lists
from vasi.knowledge.parse.hyphens import WordJoiner
from vasi.knowledge.parse.table import table
from vasi.knowledge.parse.values import kind_of

_PARAGRAPH = re.compile(r"\n(?:[ \t]*+\n)++")
_RULE = re.compile(r"[ \t]*+(?:={3,}+|-{3,}+|~{3,}+|\^{3,}+|\*{3,}+|_{3,}+|#{3,}+)[ \t]*+")
_TABLE_RULE = re.compile(r"[ \t|+:=-]{3,}+")
_LEVELS: Final = {"=": 1, "*": 1, "#": 1, "-": 2, "_": 2, "~": 3, "^": 4}
_LONGEST_HEADING: Final = 120
_BULLET = re.compile(r"[-*•·‣▪◦–+o][ \t]+(?=\S)")
_NUMBERED = re.compile(r"(\d{1,3}(?:\.\d{1,3}){0,4})\.?[ \t]+(?=[^\W\d_a-z])")
_GAP = re.compile(r"[ ]{2,}+\t*+|\t++")
_FEWEST_ROWS: Final = 2
_LONGEST_ITEM: Final = 400
"""Characters of a paragraph that goes on with the list above it."""
_WORD = re.compile(r"[^\W\d_]{1,60}+(?:-[^\W\d_]{1,60}+)*+")
_BROKEN = re.compile(r"[^\W\d_][-\u2010\u00ad]$")


def parse(text: str) -> Parsed:
    """The paragraphs of ``text``."""
    return Parsed(join_lists(_Reader(text.replace("\r\n", "\n").replace("\r", "\n")).read()))


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._blocks: list[Block] = []

    def read(self) -> list[Block]:
        """All of the text."""
        paragraphs = [lines for part in _PARAGRAPH.split(self._text) if (lines := _lines(part))]
        for at, lines in enumerate(paragraphs):
            after = paragraphs[at + 1] if at + 1 < len(paragraphs) else None
            self._read_paragraph(lines, after)
        return self._blocks

    def _read_paragraph(self, lines: list[str], after: list[str] | None) -> None:
        if len(lines) > 2 and _RULE.fullmatch(lines[0]) and _RULE.fullmatch(lines[2]):
            lines = lines[1:]
        if len(lines) > 1 and len(lines[0].strip()) <= _LONGEST_HEADING and _underlines(lines[1], lines[0]):
            self._add(lines[0], _LEVELS[lines[1].strip()[0]])
            lines = lines[2:]
        elif len(lines) == 1 and (level := _level(lines[0], after)):
            self._add(lines[0], level)
            return
        if rows := _columns(lines):
            self._blocks += table(rows)
            return
        self._add("\n".join(self._joined([line for line in lines if not _RULE.fullmatch(line)])))

    def _add(self, text: str, level: int = 0) -> None:
        cleaned = clean(text)
        if not level and is_item(cleaned) and len(cleaned) < _LONGEST_ITEM:
            add_item(self._blocks, cleaned)
        elif cleaned:
            self._blocks.append(Block(cleaned, "heading" if level else "text", level))

    def _joined(self, lines: Sequence[str]) -> list[str]:
        """The lines of a paragraph: those of one list item are one line, and words broken between two are whole."""
        joined: list[str] = []
        indent: int | None = None
        """Of the text of the item that is open."""
        for line in lines:
            text = line.strip()
            depth = _indent(line)
            if bullet := _BULLET.match(text):
                joined.append(f"- {text[bullet.end() :]}")
                indent = depth
            elif is_item(text):
                joined.append(text)
                indent = depth
            elif joined and _BROKEN.search(joined[-1]) and text[:1].islower():
                joined[-1] = self._joiner.join_lines([joined[-1], text])
            elif indent is not None and depth > indent:
                joined[-1] = f"{joined[-1]} {text}"
            else:
                joined.append(text)
                indent = None
        return joined

    @cached_property
    def _joiner(self) -> WordJoiner:
        return WordJoiner(match.group() for match in _WORD.finditer(self._text))


def _lines(paragraph: str) -> list[str]:
    lines = paragraph.strip("\n").split("\n")
    return lines if any(line.strip() for line in lines) else []


def _underlines(rule: str, heading: str) -> bool:
    """Is ``rule`` a line below ``heading``, which isn't one itself?"""
    return bool(_RULE.fullmatch(rule)) and not _RULE.fullmatch(heading)


def _level(line: str, after: list[str] | None) -> int:
    """The level of a line that stands alone, if it is a heading: in capitals, or numbered and with text below it."""
    text = line.strip()
    if 3 < len(text) <= 60 and text.isupper() and text[-1] not in ".!?,;":
        return 2
    numbered = _NUMBERED.match(text)
    if numbered is None or after is None or len(text) > 80 or text[-1] in ".!?,;:":
        return 0
    depth = numbered.group(1).count(".")
    following = _NUMBERED.match(after[0].strip())
    if following is not None and following.group(1).count(".") <= depth and _indent(after[0]) <= _indent(line):
        return 0  # items of a list may stand apart as well
    return depth + 2


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _columns(lines: Sequence[str]) -> list[list[str]]:
    """The rows of lines that gaps or bars divide alike; [] if they are no table."""
    lines = [line for line in lines if not _TABLE_RULE.fullmatch(line)]
    if len(lines) < _FEWEST_ROWS or any(_BULLET.match(line.strip()) for line in lines):
        return []
    if all(line.count("|") == lines[0].count("|") > 0 for line in lines):
        return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    rows = [_GAP.split(line.strip()) for line in lines]
    if len(rows[0]) < 2 or any(len(row) != len(rows[0]) for row in rows):
        return []
    return rows if any("\t" in line for line in lines) or _are_aligned(lines, rows) else []


def _are_aligned(lines: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Does each column but the first begin at one place, or hold numbers that end at one? Justified text doesn't."""
    places = [
        [match.span() for match in _GAP.finditer(line.rstrip()) if match.start() > _indent(line)] for line in lines
    ]
    for column in range(1, len(rows[0])):
        starts = {gaps[column - 1][1] for gaps in places}
        ends = {
            gaps[column][0] if column < len(gaps) else len(line.rstrip())
            for line, gaps in zip(lines[1:], places[1:], strict=True)
        }
        are_values = all(kind_of(row[column]) not in {"text", "code"} for row in rows[1:])
        if len(starts) > 1 and not (are_values and len(ends) == 1):
            return False
    return True
