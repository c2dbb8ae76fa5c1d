"""HTML: what a reader sees of a page; scripts, styles and hidden parts are left out.

lxml builds the tree, closing what a page leaves open as browsers do. It's walked once, without recursion.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, cast

from lxml import etree as _etree  # pyright: ignore
from lxml.html import defs as _defs  # pyright: ignore

from vasi.knowledge.parse.blocks import Block, Parsed, clean
from vasi.knowledge.parse.table import table

# lxml has no stubs.
etree = cast(Any, _etree)
HTML_TAGS = _defs.tags
"""The names of all elements."""


_UNSEEN: Final = frozenset(
    {"script", "style", "template", "noscript", "svg", "math", "iframe", "object", "select", "nav"}
)
_BLOCKS: Final = frozenset(
    {
        "p", "div", "section", "article", "main", "header", "footer", "aside", "ul", "ol", "dl", "dt", "dd",
        "blockquote", "caption",
        "figure", "figcaption", "form", "fieldset", "address", "pre", "hr", "details", "summary", "body", "html",
    }
)  # fmt: skip
_WHOLE: Final = frozenset({"html", "body"})
"""Pages that hide all of it show it again by a script."""
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_HIDING = re.compile(
    r"display\s*+:\s*+none|visibility\s*+:\s*+hidden|font-size\s*+:\s*+0(?![.\d])|opacity\s*+:\s*+0(?![.\d])"
)
_END = re.compile(r"</(?:body|html)\s*+>", re.IGNORECASE)
"""What stands behind it is shown by browsers, and lost by lxml."""
_SPACES = re.compile(r"\s+")


def parse(text: str) -> Parsed:
    """The blocks of an HTML page, or of a piece of one."""
    root, warnings = tree(text)
    return replace(blocks(root), warnings=warnings)


def tree(text: str) -> tuple[Any | None, list[str]]:
    """The elements of a page, None if there are none, and what there is to say about it."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    data = _END.sub("", text.replace("\0", "")).encode("utf-8", "replace")
    root = etree.fromstring(data, parser) if data.strip() else None
    deep = any("depth" in str(error.message) for error in parser.error_log)
    return root, ["It is nested so deeply that only a part of it was read."] if deep else []


def blocks(root: Any | None) -> Parsed:
    """The blocks in an element of a page, and the page's title if that is in it."""
    reader = _Reader()
    if root is not None:
        reader.read(root)
    return Parsed(reader.blocks, title=clean(reader.title).replace("\n", " "))


class _Reader:
    """Gathers the visible text into blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.title = ""
        self._parts: list[str] = []
        self._level = 0
        self._in_title = False
        self._pre = 0
        self._rows: list[list[str]] | None = None
        self._in_cell = False
        self._tables = 0

    def read(self, root: Any) -> None:
        """All of a tree."""
        walk = etree.iterwalk(root, events=("start", "end"))
        skipped: Any = None
        for event, element in walk:
            tag = element.tag if isinstance(element.tag, str) else ""  # else it's an entity or the like
            if event == "start":
                if tag in _UNSEEN or (tag not in _WHOLE and _is_hidden(element.attrib)):
                    walk.skip_subtree()
                    skipped = element
                    continue
                self._start(tag)
                self._add(element.text)
            else:
                if element is skipped:
                    skipped = None
                else:
                    self._end(tag)
                if element is not root:
                    self._add(element.tail)
        self._end_block()

    def _start(self, tag: str) -> None:
        if tag == "title" and not self.title:
            self._in_title = True
        elif tag in _HEADINGS:
            self._end_block()
            self._level = _HEADINGS[tag]
        elif tag == "br":
            self._parts.append("\n")
        elif tag == "li":
            # Items of one list stay one block: they're read together.
            self._parts.append(" " if self._in_cell else "\n- ")
        elif tag in {"table", "tr", "td", "th"}:
            self._open_table(tag)
        elif tag in _BLOCKS:
            self._pre += tag == "pre"
            self._boundary()

    def _end(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        elif tag in _HEADINGS:
            self._end_block()
        elif tag in {"table", "td", "th"}:
            self._close_table(tag)
        elif tag in _BLOCKS:
            self._pre -= tag == "pre"
            self._boundary()

    def _add(self, text: str | None) -> None:
        if not text:
            return
        if self._in_title:
            self.title += text
        else:
            self._parts.append(text if self._pre else _SPACES.sub(" ", text))

    def _end_block(self) -> None:
        """What was gathered is one block."""
        text = clean("".join(self._parts))
        self._parts.clear()
        level, self._level = self._level, 0
        if not text:
            return
        if level:
            text = text.replace("\n", " ")
        self.blocks.append(Block(text, "heading" if level else "text", level))

    def _boundary(self) -> None:
        if self._in_cell:
            self._parts.append(" ")
        else:
            self._end_block()

    def _open_table(self, tag: str) -> None:
        if tag == "table":
            self._tables += 1
            if self._tables == 1:
                self._end_block()
                self._rows = []
                return
        if self._tables > 1:
            self._parts.append(" ")  # a table in a cell is text of it
        elif self._tables == 1 and self._rows is not None:
            self._end_cell()
            if tag == "tr":
                self._rows.append([])
            else:
                self._end_block()
                if not self._rows:
                    self._rows.append([])
                self._in_cell = True

    def _close_table(self, tag: str) -> None:
        if tag == "table":
            self._tables = max(0, self._tables - 1)
        if self._tables > (tag != "table"):
            self._parts.append(" ")
            return
        self._end_cell()
        if tag == "table" and self._rows is not None:
            self.blocks += table(self._rows)
            self._rows = None

    def _end_cell(self) -> None:
        if self._in_cell and self._rows:
            self._rows[-1].append("".join(self._parts))
            self._parts.clear()
        self._in_cell = False


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    if "hidden" in attributes or attributes.get("aria-hidden", "").lower() == "true":
        return True
    return _HIDING.search(attributes.get("style", "").lower()) is not None
