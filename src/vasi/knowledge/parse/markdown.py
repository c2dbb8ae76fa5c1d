"""Markdown: headings, lists, tables and code; the marks of emphasis and links are taken off."""

from __future__ import annotations

import re

from vasi.knowledge.parse.blocks import Block, Parsed, clean, table

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t](.*+)")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*")
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+")
_RULE = re.compile(r" {0,3}(?:[-*_][ \t]*){3,}")
_TABLE_RULE = re.compile(r"[ \t:|]*+-[ \t:|-]*+")
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.{0,20000}?)\n---[ \t]*(?:\n|$)", re.DOTALL)
_TITLE = re.compile(r"^title:(.*+)$", re.MULTILINE | re.IGNORECASE)
_COMMENT = re.compile(r"<!--[^<]*(?:<(?!!--)[^<]*)*?-->")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,300}>")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\](?:\([^()\n]{0,1000}\)|\[[^\[\]\n]{0,200}\])")
_EMPHASIS = re.compile(r"(\*{1,3}|__)(?=\S)([^*_\n]{1,1000}?)(?<=\S)\1")
_CODE = re.compile(r"`{1,2}([^`\n]{1,500})`{1,2}")


def parse(text: str) -> Parsed:
    """The blocks of a Markdown ``text``."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    title = ""
    if front := _FRONT_MATTER.match(text):
        found = _TITLE.search(front.group(1))
        title = clean(found.group(1).strip(" \t").strip("\"'")) if found else ""
        text = text[front.end() :]
    reader = _Reader()
    for line in _COMMENT.sub("", text).split("\n"):
        reader.line(line)
    reader.end()
    return Parsed(reader.blocks, title=title)


class _Reader:
    """Gathers lines into blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._lines: list[str] = []
        self._fence = ""

    def line(self, line: str) -> None:
        fence = _FENCE.match(line)
        if self._fence:
            if fence and fence.group(1).startswith(self._fence):
                self._fence = ""
                self.end(raw=True)
            else:
                self._lines.append(line)
        elif fence:
            self.end()
            self._fence = fence.group(1)
        elif heading := _HEADING.fullmatch(line):
            self.end()
            self._heading(heading.group(2).rstrip(" \t").rstrip("#").strip(" \t"), len(heading.group(1)))
        elif len(self._lines) == 1 and not _ITEM.match(self._lines[0]) and _UNDERLINE.fullmatch(line):
            self._heading(self._lines.pop(), 1 if "=" in line else 2)
        elif not line.strip() or _RULE.fullmatch(line):
            self.end()
        else:
            if _ITEM.match(line) and self._lines and not _ITEM.match(self._lines[0]):
                self.end()
            self._lines.append(line.lstrip(" >") if line.lstrip().startswith(">") else line)

    def end(self, raw: bool = False) -> None:
        """The paragraph, table or list that was open is complete."""
        lines, self._lines = self._lines, []
        if len(lines) > 1 and "|" in lines[0] and _TABLE_RULE.fullmatch(lines[1]):
            self.blocks += table([_cells(line) for line in [lines[0], *lines[2:]]])
        elif text := clean("\n".join(lines if raw else map(_plain, lines))):
            self.blocks.append(Block(text))

    def _heading(self, text: str, level: int) -> None:
        if cleaned := clean(_plain(text)):
            self.blocks.append(Block(cleaned, "heading", level))


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|").removesuffix("|")
    return [_plain(cell.replace("\\|", "|").strip()) for cell in re.split(r"(?<!\\)\|", inner)]


def _plain(line: str) -> str:
    """``line`` as it reads, without marks."""
    line = _LINK.sub(r"\1", _CODE.sub(r"\1", line))
    for _ in range(2):
        line = _EMPHASIS.sub(r"\2", line)
    return _TAG.sub("", line)
