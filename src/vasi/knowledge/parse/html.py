"""HTML: what a reader sees of a page; scripts, styles and hidden parts are left out."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from vasi.knowledge.parse.blocks import Block, Parsed, clean, table

_UNSEEN = frozenset({"script", "style", "template", "noscript", "svg", "math", "iframe", "object", "select", "nav"})
_BLOCKS = frozenset(
    {
        "p", "div", "section", "article", "main", "header", "footer", "aside", "ul", "ol", "dl", "dt", "dd",
        "blockquote", "caption",
        "figure", "figcaption", "form", "fieldset", "address", "pre", "hr", "details", "summary", "body", "html",
    }
)  # fmt: skip
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])")


def parse(text: str) -> Parsed:
    """The blocks of an HTML page."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.end_block()
    return Parsed(reader.blocks, title=clean(reader.title).replace("\n", " "))


class _Reader(HTMLParser):
    """Gathers the visible text into blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.title = ""
        self._parts: list[str] = []
        self._level = 0
        self._unseen = ""
        self._unseen_depth = 0
        self._in_title = False
        self._in_pre = False
        self._rows: list[list[str]] | None = None
        self._in_cell = False
        self._tables = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unseen:
            self._unseen_depth += tag == self._unseen
            return
        if tag not in _VOID and (tag in _UNSEEN or _is_hidden(dict(attrs))):
            self._unseen, self._unseen_depth = tag, 1
            return
        if tag == "title" and not self.title:
            self._in_title = True
        elif tag in _HEADINGS:
            self.end_block()
            self._level = _HEADINGS[tag]
        elif tag == "br":
            self._parts.append("\n")
        elif tag == "li":
            self._item()
        elif tag in {"table", "tr", "td", "th"}:
            self._open_table(tag)
        elif tag in _BLOCKS:
            self._in_pre = tag == "pre"
            self._boundary()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            self._unseen_depth -= tag == self._unseen
            if not self._unseen_depth:
                self._unseen = ""
            return
        if tag == "title":
            self._in_title = False
        elif tag in _HEADINGS:
            self.end_block()
        elif tag in {"table", "td", "th"}:
            self._close_table(tag)
        elif tag in _BLOCKS:
            self._in_pre = False
            self._boundary()

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if self._in_title:
            self.title += data
        else:
            self._parts.append(data if self._in_pre else re.sub(r"\s+", " ", data))

    def end_block(self) -> None:
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
            self.end_block()

    def _item(self) -> None:
        if self._in_cell:
            self._parts.append(" ")
        else:
            # Items of one list stay one block: they're read together.
            self._parts.append("\n- ")

    def _open_table(self, tag: str) -> None:
        if tag == "table":
            self._tables += 1
            if self._tables == 1:
                self.end_block()
                self._rows = []
        elif self._tables == 1 and self._rows is not None:
            self._end_cell()
            if tag == "tr":
                self._rows.append([])
            else:
                self.end_block()
                if not self._rows:
                    self._rows.append([])
                self._in_cell = True

    def _close_table(self, tag: str) -> None:
        if tag == "table":
            self._tables = max(0, self._tables - 1)
        if self._tables > (tag != "table"):
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


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    if "hidden" in attributes or (attributes.get("aria-hidden") or "").lower() == "true":
        return True
    return _HIDING.search((attributes.get("style") or "").lower()) is not None
