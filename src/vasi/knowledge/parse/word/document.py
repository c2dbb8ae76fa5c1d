"""The stories of a Word document (body, notes, headers, text boxes) as blocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from vasi.errors import DocumentError
from vasi.knowledge.parse import drawing
from vasi.knowledge.parse.blocks import Block, Parsed, clean
from vasi.knowledge.parse.blocks import row as row_text
from vasi.knowledge.parse.grid import Cell
from vasi.knowledge.parse.ooxml import (
    Element,
    attribute,
    child,
    children,
    is_on,
    local_name,
)
from vasi.knowledge.parse.package import Package, Relation
from vasi.knowledge.parse.table import lines_beside, records
from vasi.knowledge.parse.word import tables
from vasi.knowledge.parse.word.lines import Line, LineReader
from vasi.knowledge.parse.word.numbering import BULLET, Numbering
from vasi.knowledge.parse.word.paragraphs import Item, Paragraph, assemble, cell_text
from vasi.knowledge.parse.word.styles import Style, Styles, heading_level, read_properties

_DEEPEST: Final = 30
"""Tables, text boxes and content controls within each other."""
_WRAPPERS: Final = frozenset({"customXml", "ins", "moveTo", "smartTag", "body", "sdtContent"})
_DRAWN: Final = frozenset({"txbxContent", "chart", "relIds"})
_PAGE_WORDS: Final = 4
"""Words beside the number of a page that say nothing else ("Page 3 of 9")."""
_CELL_WORDS: Final = 60
"""Words of a cell, on average, from which a table only arranges text on a page."""


def parse(data: bytes) -> Parsed:
    """What a DOCX shows, in reading order: headers and footers once, notes behind what refers to them.

    Raises:
        DocumentError: there is no document in it.
    """
    package = Package(data)
    main = package.related("", "officeDocument") or "word/document.xml"
    root = package.part(main)
    body = child(root, "body")
    if body is None:
        raise DocumentError("is a damaged Word document: open and save it anew, then add it.")
    document = _Document(package, main)
    items = document.read_story(body)
    edges = document.read_edges(body)
    return Parsed(assemble(edges) + assemble(items), clean(package.title()), warnings=document.warnings())


class _Document:
    """Reads stories; knows the styles, lists and notes of the document."""

    def __init__(self, package: Package, main: str) -> None:
        self._package = package
        self._relations = package.relations(main)
        self._styles = Styles(self._related("styles"))
        self._numbering = Numbering(self._related("numbering"))
        self._settings = self._related("settings")
        self._notes = {kind: _by_id(self._related(f"{kind}s"), kind) for kind in ("footnote", "endnote", "comment")}
        self._omitted: set[str] = set()
        self._stack: list[dict[str, Relation]] = []
        self._unread: dict[str, int] = {}
        self._too_deep = False

    def warnings(self) -> list[str]:
        """What couldn't be read."""
        found = [*self._package.warnings, *sorted(self._omitted)]
        if self._too_deep:
            found.append("It is nested so deeply that only a part of it was read.")
        if count := self._unread.get("aFChunk", 0) + self._unread.get("subDocument", 0):
            found.append(f"It embeds other documents ({count}), which weren't read: add them as well.")
        return found

    def _related(self, kind: str) -> Element | None:
        target = next((one.target for one in self._relations.values() if one.kind == kind), None)
        return None if target is None else self._package.part(target)

    # --- stories ------------------------------------------------------------------------------------------------------
    def read_story(self, container: Element) -> list[Item]:
        """The paragraphs and tables of the body, a note, or a header."""
        return _Story(self, self.line_reader(container)).read(container, 0)

    def line_reader(self, story: Element) -> LineReader:
        """Reads the paragraphs of ``story``."""
        return LineReader(self._styles, story, self._omitted)

    def read_edges(self, body: Element) -> list[Item]:
        """Headers and footers, each text once, without the numbers of pages."""
        seen: set[str] = set()
        items: list[Item] = []
        shown = {"default"} | ({"even"} if is_on(child(self._settings, "evenAndOddHeaders")) else set[str]())
        references: list[tuple[str, str]] = []
        for section in body.iter():
            if local_name(section) != "sectPr":
                continue
            kinds = shown | ({"first"} if is_on(child(section, "titlePg")) else set[str]())
            for reference in children(section, "headerReference", "footerReference"):
                if (attribute(reference, "type") or "default") in kinds:
                    references.append((local_name(reference), attribute(reference, "id") or ""))
        for _, relation_id in sorted(dict.fromkeys(references), reverse=True):  # headers first
            relation = self._relations.get(relation_id)
            root = None if relation is None or relation.is_external else self._package.part(relation.target)
            if root is None or relation is None:
                continue
            before, self._relations = self._relations, self._package.relations(relation.target)
            for item in self.read_story(root):
                if item.text not in seen:
                    seen.add(item.text)
                    items.append(replace(item, level=0) if isinstance(item, Paragraph) else item)
            self._relations = before
        return items

    def note(self, kind: str, note_id: str) -> list[Item]:
        """What a foot- or endnote or a comment says, once."""
        element = self._notes[kind].pop(note_id, None)
        if element is None:
            return []
        lines = [text for item in self.read_story(element) if (text := clean(item.text))]
        if lines and kind == "comment":
            author = clean(attribute(element, "author") or "")
            lines[0] = f"Comment by {author}: {lines[0]}" if author else f"Comment: {lines[0]}"
        return [Block("\n".join(lines))] if lines else []

    def drawn(self, element: Element, depth: int, story: _Story) -> list[Item]:
        """What stands in text boxes, charts and diagrams."""
        items: list[Item] = []
        for part in element.iter():
            match local_name(part):
                case "txbxContent" if not _is_within(part, element, "txbxContent"):
                    items += story.within(part).read(part, depth + 1)
                case "chart" if (root := self._drawn_part(attribute(part, "id"))) is not None:
                    items += drawing.chart(root)
                case "relIds" if (root := self._drawn_part(attribute(part, "dm"))) is not None:
                    items += drawing.diagram(root)
                case _:
                    pass
        return items

    def _drawn_part(self, relation_id: str | None) -> Element | None:
        relation = self._relations.get(relation_id or "")
        return None if relation is None or relation.is_external else self._package.part(relation.target)

    def count_unread(self, kind: str) -> None:
        """Something can't be read."""
        self._unread[kind] = self._unread.get(kind, 0) + 1

    def stop(self) -> None:
        """It's nested too deeply."""
        self._too_deep = True

    # --- paragraphs ---------------------------------------------------------------------------------------------------
    def style_of(self, paragraph: Element) -> tuple[Style, str]:
        """What holds for a paragraph, and the id of its style."""
        properties = child(paragraph, "pPr")
        style_id = attribute(child(properties, "pStyle"), "val") or self._styles.default
        style = self._styles.resolve(style_id)
        return read_properties(properties, None, style.name).over(style), style_id

    def named(self, style_id: str) -> Style:
        """A style as it stands."""
        return self._styles.resolve(style_id)

    def label_of(self, style: Style, style_id: str) -> str | None:
        """The number or bullet of the next paragraph in this style; None outside lists."""
        if not style.numbering:
            name = self._styles.resolve(style_id).name
            return BULLET if style.numbering is None and name.startswith("list bullet") else None
        level = style.level
        if level is None:
            level = self._numbering.style_level(style.numbering, style_id)
        return self._numbering.label(style.numbering, level)

    def is_headed(self, table: Element) -> bool:
        """Is the first row of ``table`` set apart by its style?"""
        return tables.is_headed(table) and self._styles.marks_first_row(tables.style_of(table))


class _Story:
    """Reads one story, or what is within one: a text box, a cell."""

    def __init__(self, document: _Document, lines: LineReader) -> None:
        self._document = document
        self._lines = lines
        self._is_cell = False
        self._prefix = ""
        """Of the next paragraph: a large initial, or a paragraph whose end was deleted."""

    def within(self, element: Element) -> _Story:
        """A reader for a story in this one."""
        return _Story(self._document, self._document.line_reader(element))

    def read(self, container: Element, depth: int) -> list[Item]:
        """The items of ``container``."""
        if depth > _DEEPEST:
            self._document.stop()
            return []
        items: list[Item] = []
        for element in container:
            match local_name(element):
                case "p":
                    items += self._read_paragraph(element, depth)
                case "tbl":
                    items += self._read_table(element, depth, _take_caption(items))
                case "sdt":
                    if not is_on(child(element, "sdtPr", "showingPlcHdr")):
                        for content in children(element, "sdtContent"):
                            items += self.read(content, depth + 1)
                case "AlternateContent":
                    for choice in list(children(element, "Choice", "Fallback"))[:1]:
                        items += self.read(choice, depth + 1)
                case "altChunk":
                    self._document.count_unread("aFChunk")
                case "subDoc":
                    self._document.count_unread("subDocument")
                case name if name in _WRAPPERS:
                    items += self.read(element, depth + 1)
                case _:
                    pass
        return items

    def _read_paragraph(self, element: Element, depth: int) -> list[Item]:
        style, style_id = self._document.style_of(element)
        line = self._lines.read(element, style)
        properties = child(element, "pPr")
        if child(properties, "rPr", "del") is not None or attribute(child(properties, "framePr"), "dropCap"):
            # It goes on in the next paragraph.
            self._prefix += line.text
            return [*self._beside(line, depth)]
        line.text, self._prefix = self._prefix + line.text, ""
        if self._is_cell and not line.text.strip():
            return [Paragraph(""), *self._beside(line, depth)]  # lines of cells may stand beside each other
        if line.has_struck and not line.text.strip():
            self._document.label_of(style, style_id)  # it takes a number all the same
        if not line.text.strip() or style.name.startswith("toc ") or _is_page_number(line):
            return [*self._beside(line, depth)]
        label = self._document.label_of(style, style_id)
        paragraph = Paragraph(
            line.text, heading_level(style), label, line.is_bold, line.size, is_caption=style.name == "caption"
        )
        return [paragraph, *self._beside(line, depth)]

    def _beside(self, line: Line, depth: int) -> list[Item]:
        """What belongs to a paragraph and isn't in its text."""
        items: list[Item] = []
        for element in line.drawings:
            items += self._document.drawn(element, depth, self)
        for kind, note_id in line.notes:
            items += self._document.note(kind, note_id)
        return items

    # --- tables -------------------------------------------------------------------------------------------------------
    def _read_table(self, element: Element, depth: int, caption: str) -> list[Item]:
        rows = tables.read_rows(element)
        outside, self._is_cell = self._is_cell, True
        read = [[[] if cell is None else self.read(cell.element, depth + 1) for cell in row] for row in rows]
        self._is_cell = outside
        filled = [(at, items) for row in read for at, items in enumerate(row) if any(item.text for item in items)]
        cells = [items for _, items in filled]
        if len({at for at, _ in filled}) < 2 or _arranges_text(cells):
            return [*([Paragraph(caption)] if caption else []), *(item for items in cells for item in items)]
        bold = [all(_is_bold(items) for items in row if any(item.text for item in items)) for row in read]
        first_is_bold = len(bold) > 1 and bold[0] and not any(bold[1:])
        table: list[list[Cell]] = []
        after: list[Item] = []
        name = ""
        """Of the first column, if the first row may name the columns."""
        for number_, (row, contents) in enumerate(zip(rows, read, strict=True)):
            line: list[Cell] = []
            label = key = ""
            written = [[item for item in items if isinstance(item, Paragraph)] for items in contents]
            lines = ["\n".join(item.text for item in items) for items in written]
            are_rows = bool(lines_beside(lines))
            for cell, items, text, paragraphs in zip(row, contents, lines, written, strict=True):
                text = text if are_rows else cell_text(paragraphs)
                after += _nested(items, label or text, key)
                label = label or text
                if number_ and text and not key:
                    # What the row is about belongs to each row of the tables in its other cells.
                    key = row_text([name], [text])
                if cell is None:
                    line.append(Cell(""))
                else:
                    is_header = cell.is_header or (first_is_bold and number_ == 0)
                    line.append(Cell(text, cell.columns, cell.rows, is_header))
            table.append(line)
            if not number_ and not after and all(cell.text for cell in line):
                name = line[0].text
        return [*records(table, None, caption, is_headed=self._document.is_headed(element)), *after]


def _take_caption(items: list[Item]) -> str:
    """The caption that stands above a table; it's taken from ``items``."""
    if items and isinstance(items[-1], Paragraph) and items[-1].is_caption:
        caption = items.pop()
        return clean(caption.text).replace("\n", " ")
    return ""


def _arranges_text(cells: list[list[Item]]) -> bool:
    """Does a table only put text side by side, or a frame around it?"""
    paragraphs = [item for items in cells for item in items if isinstance(item, Paragraph)]
    words = sum(len(item.text.split()) for item in paragraphs)
    return any(item.level for item in paragraphs) or words > _CELL_WORDS * max(1, len(cells))


def _is_bold(items: list[Item]) -> bool:
    return all(isinstance(item, Paragraph) and item.is_bold for item in items if item.text)


def _nested(items: Iterable[Item], label: str, key: str) -> list[Item]:
    """The tables and notes in a cell.

    ``label``, which stands before them, is the caption of those that have none; ``key`` is the first cell of the row
    that they stand in, if that is another one.
    """
    blocks = [item for item in items if isinstance(item, Block)]
    is_table = any(block.kind == "row" for block in blocks)
    return [
        replace(
            block,
            caption=block.caption or label,
            text=f"{key}; {block.text}" if key and block.kind == "row" else block.text,
        )
        if is_table or "\n" in block.text
        else block
        for block in blocks
    ]


def _is_page_number(line: Line) -> bool:
    return line.has_page_number and len(line.text.split()) <= _PAGE_WORDS


def _by_id(root: Element | None, kind: str) -> dict[str, Element]:
    """The notes of a part; separators are none."""
    notes = children(root, kind)
    return {attribute(note, "id") or "": note for note in notes if attribute(note, "type") in {None, "normal"}}


def _is_within(element: Element, top: Element, name: str) -> bool:
    """Does an element stand in another one called ``name`` below ``top``?"""
    above = element.getparent()
    while above is not None and above is not top:
        if local_name(above) == name:
            return True
        above = above.getparent()
    return False
