"""HTML: what a reader sees of a page; scripts, styles and hidden parts are left out.

lxml builds the tree, closing what a page leaves open as browsers do. It's walked without recursion, but for
the cells of tables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from lxml import etree as _etree  # pyright: ignore
from lxml.html import defs as _defs  # pyright: ignore

from vasi.knowledge.parse.blocks import STRUCK_OUT, Block, Parsed, clean, clean_code, join_lists
from vasi.knowledge.parse.grid import Cell
from vasi.knowledge.parse.list_numbers import format_number
from vasi.knowledge.parse.table import records

# lxml has no stubs.
etree = cast(Any, _etree)
HTML_TAGS = _defs.tags
"""The names of all elements."""


_UNSEEN: Final = frozenset(
    {
        "script", "style", "template", "noscript", "svg", "iframe", "object", "nav", "rt", "rp", "annotation",
        "annotation-xml",
    }
)  # fmt: skip
_BLOCKS: Final = frozenset(
    {
        "p", "div", "section", "article", "main", "header", "footer", "aside", "ul", "ol", "dl", "blockquote",
        "caption", "figure", "figcaption", "form", "fieldset", "address", "hr", "details", "summary", "body", "html",
        "legend", "table", "thead", "tbody", "tfoot", "tr", "td", "th",
    }
)  # fmt: skip
_WHOLE: Final = frozenset({"html", "body"})
"""Pages that hide all of it show it again by a script."""
_STRUCK: Final = frozenset({"del", "s", "strike"})
_STRIKING = re.compile(r"text-decoration(?:-line)?\s*+:[^;]{0,40}line-through")
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_HIDING = re.compile(
    r"display\s*+:\s*+none|visibility\s*+:\s*+hidden|font-size\s*+:\s*+0(?![.\d])|opacity\s*+:\s*+0(?![.\d])"
)
_END = re.compile(r"</(?:body|html)\s*+>", re.IGNORECASE)
"""What stands behind it is shown by browsers, and lost by lxml."""
_SPACES = re.compile(r"\s+")
_DEEPEST_TABLE: Final = 4
"""Tables within tables; what is deeper is text of its cell."""
_FORMATS: Final = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_SHOWN_INPUTS: Final = frozenset(
    {"text", "email", "number", "date", "time", "datetime-local", "month", "week", "tel", "url", "search"}
)
_JOINTS: Final = {"msup": "^", "msub": "_", "mfrac": "/", "munder": "_", "mover": "^"}
"""What stands between the two parts of such a piece of MathML."""


def parse(text: str) -> Parsed:
    """The blocks of an HTML page, or of a piece of one."""
    root, warnings = tree(text)
    parsed = blocks(root)
    return replace(parsed, warnings=[*warnings, *parsed.warnings])


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
    title = clean(reader.title).replace("\n", " ")
    return Parsed(join_lists(reader.blocks), title=title, warnings=sorted(reader.omitted))


class _Reader:
    """Gathers the visible text into blocks."""

    def __init__(self, depth: int = 0, omitted: set[str] | None = None) -> None:
        """Args:
        depth: tables that it reads a cell of; in a cell all is one text.
        omitted: gets the warnings of what is left out.
        """
        self.blocks: list[Block] = []
        self.omitted = set[str]() if omitted is None else omitted
        self.title = ""
        self._depth = depth
        self._parts: list[str] = []
        self._level = 0
        self._in_title = False
        self._pre = 0
        self._lists: list[_List] = []
        self._has_items = False
        """What was gathered is a list."""
        self._in_term = False
        self._after_term = False
        """A definition has begun, and nothing of it has been read."""

    def read(self, root: Any) -> None:
        """All of a tree."""
        walk = etree.iterwalk(root, events=("start", "end"))
        skipped: Any = None
        for event, element in walk:
            tag = element.tag if isinstance(element.tag, str) else ""  # else it's an entity or the like
            if event == "start":
                unseen = tag in _UNSEEN or (tag not in _WHOLE and element is not root and _is_hidden(element))
                if _is_struck(tag, element) and "".join(element.itertext()).strip():
                    self.omitted.add(STRUCK_OUT)
                    unseen = True
                if unseen or self._reads_whole(tag, element):
                    walk.skip_subtree()
                    skipped = element
                else:
                    self._start(tag, element)
                    self._add(element.text)
            else:
                if element is skipped:
                    skipped = None
                else:
                    self._end(tag)
                if element is not root:
                    self._add(element.tail)
        self._end_block()

    def _reads_whole(self, tag: str, element: Any) -> bool:
        """Is it read here, with all that is in it?"""
        match tag:
            case "table" if self._depth < _DEEPEST_TABLE and not _arranges(element):
                if self._depth:
                    self._add(f" {' '.join(block.text for block in self._table(element))} ")
                else:
                    self._end_block()
                    self.blocks += self._table(element)
            case "input":
                self._add(_input(element))
            case "select":
                options = list(element.iter("option"))
                chosen = [one for one in options if "selected" in one.attrib] or options[:1]
                self._add(f" {', '.join(''.join(one.itertext()).strip() for one in chosen)} ")
            case "sup" if "reference" in (element.get("class") or ""):
                pass  # the mark of a note
            case _:
                return False
        return True

    def _start(self, tag: str, element: Any) -> None:
        joint = _JOINTS.get(element.getparent().tag) if element.getparent() is not None else None
        if tag == "title" and not self.title:
            self._in_title = True
        elif tag in _HEADINGS and not self._depth:
            self._end_block()
            self._level = _HEADINGS[tag]
        elif tag == "br":
            self._parts.append("\n")
        elif tag in {"ul", "ol"}:
            self._open_list(tag, element)
        elif tag == "li":
            self._open_item(element)
        elif tag == "dt":
            self._parts.append("\n")
            self._in_term = True
        elif tag == "dd":
            self._open_definition()
        elif tag == "pre":
            self._boundary()
            self._pre += 1
        elif tag == "sup" and self._parts and self._parts[-1][-1:].isdigit():
            if (element.text or "").strip().isdigit():
                self._parts.append("^")
        elif joint is not None and element.getprevious() is not None:
            self._parts.append(joint)
        elif tag in _BLOCKS or tag in _HEADINGS:
            self._boundary()

    def _end(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        elif tag in _HEADINGS and not self._depth:
            self._end_block()
        elif tag in {"ul", "ol"}:
            if self._lists:
                self._lists.pop()
            self._boundary(in_list=bool(self._lists))
        elif tag == "pre":
            self._end_block()
            self._pre = max(0, self._pre - 1)
        elif tag in _BLOCKS or tag in _HEADINGS:
            self._boundary()

    def _add(self, text: str | None) -> None:
        if not text:
            return
        if self._in_title:
            self.title += text
        else:
            self._after_term &= text.isspace()
            self._parts.append(text if self._pre else _SPACES.sub(" ", text))

    def _end_block(self) -> None:
        """What was gathered is one block."""
        text = "".join(self._parts)
        text, is_code = (clean_code(text), "\n" in text.strip()) if self._pre else (clean(text), False)
        self._parts.clear()
        level, self._level = self._level, 0
        if self._has_items:
            text = text.replace("\n\n", "\n")
        self._after_term = self._has_items = False
        if not text:
            return
        if level:
            text = text.replace("\n", " ")
        self.blocks.append(Block(text, "heading" if level else "code" if is_code else "text", level))

    def _boundary(self, *, in_list: bool = False) -> None:
        """A paragraph begins or ends: another block, unless it's in a cell or begins an item."""
        if self._depth:
            self._parts.append(" ")
        elif self._lists or in_list or self._after_term:
            if self._parts and self._parts[-1] != self._marker and not self._after_term:
                self._parts.append("\n")
        else:
            self._end_block()

    # --- lists --------------------------------------------------------------------------------------------------------
    @property
    def _marker(self) -> str:
        """What the item that is open begins with."""
        return self._lists[-1].marker if self._lists else ""

    def _open_list(self, tag: str, element: Any) -> None:
        self._boundary(in_list=bool(self._lists))
        start = _whole_number(element.get("start"), 1)
        step = -1 if "reversed" in element.attrib else 1
        if step < 0 and element.get("start") is None:
            start = sum(1 for _ in element.iterchildren("li"))
        form = _FORMATS.get(element.get("type") or "", "decimal") if tag == "ol" else ""
        self._lists.append(_List(start, step, form))

    def _open_item(self, element: Any) -> None:
        # Items of one list stay one block: they're read together.
        self._has_items = True
        if not self._lists:
            self._lists.append(_List(1, 1, ""))
        last = self._lists[-1]
        number = _whole_number(element.get("value"), last.number)
        last.number = number + last.step
        last.marker = f"{format_number(number, last.form)}. " if last.form else "- "
        if not self._depth:
            self._parts += ["\n", last.marker]
        elif any(part.strip() for part in reversed(self._parts)):
            self._parts.append(", ")

    def _open_definition(self) -> None:
        if self._in_term:
            while self._parts and self._parts[-1].isspace() and self._parts[-1] != "\n":
                self._parts.pop()
            term = self._parts.pop().rstrip() if self._parts else ""
            self._parts.append(f"{term.removesuffix(':')}: " if term else "\n")
            self._in_term = False
        else:
            self._parts.append("\n")
        self._after_term = True

    # --- tables -------------------------------------------------------------------------------------------------------
    def _table(self, element: Any) -> list[Block]:
        caption = ""
        parts: dict[str, list[list[Cell]]] = {"thead": [], "tbody": [], "tfoot": []}
        for child in element:
            if child.tag == "caption" and not _is_hidden(child):
                caption = self._cell_text(child)
            elif child.tag in parts and not _is_hidden(child):
                rows = [row for row in child.iterchildren("tr") if not _is_hidden(row)]
                parts[child.tag] += [self._row(row, child.tag) for row in rows]
            elif child.tag == "tr" and not _is_hidden(child):
                parts["tbody"].append(self._row(child, "tbody"))
        return records([*parts["thead"], *parts["tbody"], *parts["tfoot"]], None, caption)

    def _row(self, row: Any, part: str) -> list[Cell]:
        return [
            Cell(
                "" if _is_hidden(cell) else self._cell_text(cell),
                _whole_number(cell.get("colspan"), 1),
                _whole_number(cell.get("rowspan"), 1) or 65_000,
                is_header=cell.tag == "th" or part == "thead",
            )
            for cell in row.iterchildren("td", "th")
        ]

    def _cell_text(self, element: Any) -> str:
        reader = _Reader(self._depth + 1, self.omitted)
        reader.read(element)
        return "\n".join(block.text for block in reader.blocks)


@dataclass(slots=True)
class _List:
    """A list that is open: the number of its next item, and what its items begin with."""

    number: int
    step: int
    form: str
    marker: str = ""


def _whole_number(value: str | None, default: int) -> int:
    """An attribute as a number; ``default`` where it is none."""
    value = (value or "").strip()
    return int(value) if len(value) < 7 and value.removeprefix("-").isdecimal() else default


def _input(element: Any) -> str:
    """What a field of a form shows."""
    kind = (element.get("type") or "text").lower()
    if kind in {"checkbox", "radio"}:
        return " ☒ " if "checked" in element.attrib else " ☐ "
    return f" {element.get('value') or ''} " if kind in _SHOWN_INPUTS else ""


def _arranges(table: Any) -> bool:
    """Does a table only put things side by side, as pages and mails of old do?"""
    if (table.get("role") or "").lower() in {"presentation", "none"}:
        return True
    cells = holds_others = 0
    for element in table.iterdescendants("th", "td", "table", *_HEADINGS):
        if element.tag == "th":
            return False
        cells += element.tag == "td"
        holds_others += element.tag != "td"
        if holds_others:
            return True
    return cells < 2


def _is_struck(tag: str, element: Any) -> bool:
    return tag in _STRUCK or _STRIKING.search(element.attrib.get("style", "").lower()) is not None


def _is_hidden(element: Any) -> bool:
    attributes = element.attrib
    if "hidden" in attributes or attributes.get("aria-hidden", "").lower() == "true":
        return True
    if _HIDING.search(attributes.get("style", "").lower()) is None:
        return False
    # Formulas are hidden behind pictures of them.
    return element.tag == "math" or element.tag != "span" or next(element.iterdescendants("math"), None) is None
