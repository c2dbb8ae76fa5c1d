"""Plain text: paragraphs, and lines that are underlined as headings."""

from __future__ import annotations

import re

from vasi.knowledge.parse.blocks import Block, Parsed, clean

_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_UNDERLINE = re.compile(r"(?:={3,}|-{3,}|~{3,}|\^{3,})[ \t]*")
_LEVELS = {"=": 1, "-": 2, "~": 3, "^": 4}
_LONGEST_HEADING = 120


def parse(text: str) -> Parsed:
    """The paragraphs of ``text``."""
    blocks: list[Block] = []
    for paragraph in _PARAGRAPH.split(text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = paragraph.split("\n")
        if len(lines) > 1 and len(lines[0]) <= _LONGEST_HEADING and _UNDERLINE.fullmatch(lines[1]):
            _add(blocks, lines[0], _LEVELS[lines[1][0]])
            lines = lines[2:]
        elif len(lines) == 1 and _is_capitals(lines[0]):
            _add(blocks, lines[0], 2)
            continue
        _add(blocks, "\n".join(line for line in lines if not _UNDERLINE.fullmatch(line)))
    return Parsed(blocks)


def _add(blocks: list[Block], text: str, level: int = 0) -> None:
    if cleaned := clean(text):
        blocks.append(Block(cleaned, "heading" if level else "text", level))


def _is_capitals(line: str) -> bool:
    stripped = line.strip()
    return 3 < len(stripped) <= 60 and stripped.isupper() and stripped[-1] not in ".!?,;"
