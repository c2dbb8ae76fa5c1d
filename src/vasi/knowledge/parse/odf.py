"""OpenDocument files: texts (ODT), sheets (ODS) and slides (ODP), packed or as one flat XML file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final, Literal, TypeAlias

from vasi.errors import DocumentError
from vasi.knowledge.parse.blocks import STRUCK_OUT, Block, Parsed, clean
from vasi.knowledge.parse.grid import MAX_COLUMNS, Cell
from vasi.knowledge.parse.limits import ReadingLimits
from vasi.knowledge.parse.package import Package, parse_xml
from vasi.knowledge.parse.table import records
from vasi.knowledge.parse.workbook import Sheet, Workbook, blocks_of
from vasi.knowledge.parse.workbook import place as called

OdfKind: TypeAlias = Literal["text", "spreadsheet", "presentation"]

_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW: Final = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_STYLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_PRESENTATION: Final = "{urn:oasis:names:tc:opendocument:xmlns:presentation:1.0}"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_SKIPPED: Final = frozenset(
    {
        f"{_TEXT}tracked-changes", f"{_TEXT}sequence-decls", f"{_TEXT}index-title-template", f"{_OFFICE}forms",
        f"{_TEXT}bibliography-source", f"{_OFFICE}annotation-end", f"{_OFFICE}scripts", f"{_TEXT}note-citation",
        f"{_TEXT}table-of-content-source", f"{_TEXT}alphabetical-index-source", f"{_TEXT}variable-decls",
        f"{_TEXT}user-field-decls", f"{_TEXT}ruby-text", f"{_TABLE}shapes",
    }
)  # fmt: skip
_SHAPES: Final = tuple(f"{_DRAW}{name}" for name in ("text-box", "custom-shape", "rect", "ellipse"))
_MOST_REPEATED: Final = 1_000
"""Times that a row or cell that says something may be repeated by a number."""
_MOST_COPIES: Final = 50
"""Cells of a text's table that may be repeated by a number."""
_MOST_SPACES: Final = 100


def parse(data: bytes, kind: OdfKind, limits: ReadingLimits) -> Parsed:
    """The blocks of an OpenDocument file.

    Raises:
        DocumentError: it is damaged, or protected by a password.
    """
    if data.startswith(b"PK"):
        package = Package(data)
        manifest = package.read("META-INF/manifest.xml") or b""
        if b"encryption-data" in manifest:
            raise DocumentError("is protected by a password: save a copy without it and add that.")
        content, styles, meta = (package.part(name) for name in ("content.xml", "styles.xml", "meta.xml"))
        warnings = package.warnings
    else:
        root, is_whole = parse_xml(data)
        content = styles = meta = root
        warnings = [] if is_whole else ["It is damaged, and what couldn't be read is missing: open and save it anew."]
    body = None if content is None else content.find(f"{_OFFICE}body/{_OFFICE}{kind}")
    if body is None:
        raise DocumentError("is damaged (it has no content): open and save it anew, then add it.")
    title = clean(meta.findtext(f".//{_DC}title", "") or "") if meta is not None else ""
    match kind:
        case "spreadsheet":
            parsed = _spreadsheet(body, content, title, limits.characters)
        case "presentation":
            parsed = _presentation(body, title, limits.pages)
        case "text":
            reader = _Reader(content, styles)
            reader.read(body)
            warnings += [STRUCK_OUT] if reader.has_struck else []
            parsed = Parsed([*_repeated(styles, reader), *reader.blocks], title)
    return replace(parsed, warnings=[*warnings, *parsed.warnings])


class _Reader:
    """Gathers the blocks of a text."""

    def __init__(self, *trees: Any, page: int | None = None) -> None:
        self.blocks: list[Block] = []
        self.page = page
        self.has_struck = False
        """Text was left out because it's struck out."""
        self._list_kinds = _list_kinds(trees)
        self._struck = _struck_styles(trees)
        self._notes: list[str] = []

    def read(self, parent: Any) -> None:
        """All that ``parent`` holds, then its foot- and endnotes."""
        self._flow(parent)
        self.flush_notes()

    def flush_notes(self) -> None:
        """The notes on what was read so far."""
        notes, self._notes = self._notes, []
        self.blocks += [Block(note, page=self.page) for note in notes]

    def _flow(self, parent: Any) -> None:
        for element in parent:
            tag = element.tag
            if not isinstance(tag, str) or tag in _SKIPPED:
                continue
            if tag == f"{_TEXT}h":
                self._heading(element)
            elif tag == f"{_TEXT}p":
                self._paragraph(element)
            elif tag == f"{_TEXT}list":
                self._list(element)
            elif tag == f"{_TABLE}table":
                self.blocks += records(rows_of(element, self.inline), self.page, is_headed=_has_header(element))
            elif tag == f"{_TEXT}section" and element.get(f"{_TEXT}display") == "none":
                continue
            else:
                self._flow(element)

    def _heading(self, element: Any) -> None:
        if text := clean(self.inline(element)).replace("\n", " "):
            level = _number(element.get(f"{_TEXT}outline-level"), 1)
            self.blocks.append(Block(text, "heading", min(max(level, 1), 10), self.page))
        self._frames(element)

    def _paragraph(self, element: Any) -> None:
        if text := clean(self.inline(element)):
            self.blocks.append(Block(text, page=self.page))
        self._frames(element)

    def _frames(self, element: Any) -> None:
        """Text boxes and shapes that are anchored in a paragraph follow it."""
        for shape in element.iter(*_SHAPES):
            self._flow(shape)

    def _list(self, element: Any) -> None:
        """All items of a list are one block, together with the line that leads to them."""
        lines = list(self._items(element, 1, ""))
        for heading in element.iter(f"{_TEXT}h"):
            self._heading(heading)
        text = clean("\n".join(lines))
        if not text:
            return
        before = self.blocks[-1] if self.blocks else None
        if before is not None and before.kind == "text" and before.text.endswith((":", "：")):
            self.blocks[-1] = Block(f"{before.text}\n{text}", page=self.page)
        else:
            self.blocks.append(Block(text, page=self.page))

    def _items(self, element: Any, level: int, style: str) -> Iterator[str]:
        style = element.get(f"{_TEXT}style-name", style)
        number = 0
        for item in element:
            if item.tag not in (f"{_TEXT}list-item", f"{_TEXT}list-header"):
                continue
            number = _number(item.get(f"{_TEXT}start-value"), number + 1)
            mark = f"{number}. " if self._list_kinds.get((style, level)) else "- "
            if item.tag == f"{_TEXT}list-header":
                mark = ""
            for part in item:
                if part.tag == f"{_TEXT}list":
                    if level < 20:
                        yield from self._items(part, level + 1, style)
                elif part.tag == f"{_TEXT}p" and (text := clean(self.inline(part)).replace("\n", " ")):
                    yield f"{mark}{text}"
                    mark = ""

    def inline(self, element: Any) -> str:
        """The text of a paragraph; its notes are kept for later."""
        parts: list[str] = []
        self._gather(element, parts)
        return "".join(parts)

    def _gather(self, element: Any, parts: list[str]) -> None:
        if self.is_struck(element, f"{_TEXT}style-name"):
            return
        parts.append(_squeeze(element.text))
        for child in element:
            tag = child.tag
            if tag == f"{_TEXT}s":
                parts.append(" " * min(_number(child.get(f"{_TEXT}c"), 1), _MOST_SPACES))
            elif tag == f"{_TEXT}tab":
                parts.append("\t")
            elif tag == f"{_TEXT}line-break":
                parts.append("\n")
            elif tag == f"{_TEXT}note":
                self._note(child)
            elif tag == f"{_OFFICE}annotation":
                self._comment(child)
            elif isinstance(tag, str) and tag not in _SKIPPED and tag not in (f"{_DRAW}frame", f"{_DRAW}custom-shape"):
                self._gather(child, parts)
                if tag in (f"{_TEXT}p", f"{_TEXT}h", f"{_TEXT}list-item"):
                    parts.append("\n")
            parts.append(_squeeze(child.tail))

    def is_struck(self, element: Any, attribute: str) -> bool:
        """Is the text of ``element`` struck out by the style that its ``attribute`` names?"""
        is_struck = element.get(attribute) in self._struck and bool("".join(element.itertext()).strip())
        self.has_struck |= is_struck
        return is_struck

    def _note(self, element: Any) -> None:
        body = element.find(f"{_TEXT}note-body")
        if body is not None and (text := clean(self.inline(body))):
            mark = element.findtext(f"{_TEXT}note-citation", "")
            self._notes.append(f"[{mark}] {text}" if mark else text)

    def _comment(self, element: Any) -> None:
        author = clean(element.findtext(f"{_DC}creator", "") or "")
        if text := clean("\n".join(self.inline(one) for one in element.iter(f"{_TEXT}p"))):
            self._notes.append(f"Comment by {author}: {text}" if author else f"Comment: {text}")


def rows_of(table: Any, inline: Any) -> list[list[Cell]]:
    """The rows of a table, cells that others cover left out."""
    rows: list[list[Cell]] = []
    for row in _table_rows(table):
        cells: list[Cell] = []
        for cell in row:
            if cell.tag == f"{_TABLE}table-cell":
                columns = _number(cell.get(f"{_TABLE}number-columns-spanned"), 1)
                height = _number(cell.get(f"{_TABLE}number-rows-spanned"), 1)
                repeated = min(_number(cell.get(f"{_TABLE}number-columns-repeated"), 1), _MOST_COPIES)
                cells += [Cell(inline(cell), columns, height)] * repeated
        rows.append(cells)
    return rows


def _table_rows(table: Any) -> Iterator[Any]:
    """The rows of a table, not those of tables in its cells."""
    for child in table:
        if child.tag == f"{_TABLE}table-row":
            yield child
        elif child.tag in (f"{_TABLE}table-header-rows", f"{_TABLE}table-rows", f"{_TABLE}table-row-group"):
            yield from _table_rows(child)


def _has_header(table: Any) -> bool:
    return table.find(f"{_TABLE}table-header-rows") is not None


def _list_kinds(trees: tuple[Any, ...]) -> dict[tuple[str, int], bool]:
    """By list style and level: whether its items are numbered."""
    kinds: dict[tuple[str, int], bool] = {}
    for tree in trees:
        if tree is None:
            continue
        for style in tree.iter(f"{_TEXT}list-style"):
            name = style.get(f"{_STYLE}name", "")
            for level in style:
                is_number = level.tag == f"{_TEXT}list-level-style-number"
                numbered = is_number and bool(level.get(f"{_STYLE}num-format", ""))
                kinds[name, _number(level.get(f"{_TEXT}level"), 1)] = numbered
    return kinds


def _struck_styles(trees: tuple[Any, ...]) -> frozenset[str]:
    """The styles whose text is struck out."""
    return frozenset(
        style.get(f"{_STYLE}name", "")
        for tree in trees
        if tree is not None
        for style in tree.iter(f"{_STYLE}style")
        for properties in style.iterfind(f"{_STYLE}text-properties")
        if properties.get(f"{_STYLE}text-line-through-style", "none") != "none"
        or properties.get(f"{_STYLE}text-line-through-type", "none") != "none"
    )


def _repeated(styles: Any, reader: _Reader) -> list[Block]:
    """What stands in the headers and footers of pages, once."""
    if styles is None:
        return []
    texts: dict[str, None] = {}
    for page in styles.iter(f"{_STYLE}master-page"):
        for part in page:
            if part.tag not in (f"{_STYLE}header", f"{_STYLE}footer", f"{_STYLE}header-first", f"{_STYLE}footer-first"):
                continue
            lines = [clean(reader.inline(line)) for line in part.iter(f"{_TEXT}p")]
            if (text := "\n".join(filter(None, lines))) and not text.isdigit():
                texts[text] = None
    return [Block(text) for text in texts]


# --- sheets -----------------------------------------------------------------------------------------------------------
def _spreadsheet(body: Any, content: Any, title: str, characters: int) -> Parsed:
    hidden = {
        style.get(f"{_STYLE}name")
        for style in content.iter(f"{_STYLE}style")
        for one in style.iter(f"{_STYLE}table-properties")
        if one.get(f"{_TABLE}display") == "false"
    }
    workbook = Workbook(characters)
    reader = _Reader(content)
    for table in body.iterfind(f"{_TABLE}table"):
        name = table.get(f"{_TABLE}name", "")
        if table.get(f"{_TABLE}style-name") in hidden:
            workbook.hidden.append(name)
        else:
            workbook.add(_sheet(table, name, workbook.room, reader))
    workbook.has_struck = reader.has_struck
    return blocks_of(workbook, title)


def _sheet(table: Any, name: str, room: int, reader: _Reader) -> Sheet:
    sheet = Sheet(name)
    number = 0
    for first, last in _hidden_columns(table):
        sheet.hide_columns(first, last, is_folded=False)
    for row in _table_rows(table):
        repeated = _number(row.get(f"{_TABLE}number-rows-repeated"), 1)
        if (visibility := row.get(f"{_TABLE}visibility", "visible")) != "visible":
            is_folded = visibility == "filter" or row.getparent().tag == f"{_TABLE}table-row-group"
            for at in range(number, number + min(repeated, _MOST_REPEATED)):
                sheet.hide_row(at, is_folded=is_folded)
        cells = list(_sheet_cells(row, reader))
        sheet.notes += _comments(row, number, reader)
        for at in range(number, number + min(repeated, _MOST_REPEATED) if cells else number):
            for column, rows, columns, text in cells:
                sheet.put(at, column, text)
                if rows > 1 or columns > 1:
                    sheet.span(at, column, at + rows - 1, column + columns - 1)
                room -= len(text)
            if room < 0:
                sheet.is_cut = True
                return sheet
        number += repeated
    boxes = _Reader()
    for shape in table.iter(*_SHAPES):
        boxes.read(shape)
    sheet.texts += [block.text for block in boxes.blocks]
    return sheet


def _hidden_columns(table: Any) -> Iterator[tuple[int, int]]:
    """The first and last of columns that are hidden side by side, those of closed groups left out."""
    at = 0
    for column in table.iter(f"{_TABLE}table-column"):
        repeated = max(1, _number(column.get(f"{_TABLE}number-columns-repeated"), 1))
        is_hidden = column.get(f"{_TABLE}visibility", "visible") != "visible"
        if is_hidden and column.getparent().tag != f"{_TABLE}table-column-group":
            yield at, at + repeated - 1
        at += repeated


def _comments(row: Any, number: int, reader: _Reader) -> Iterator[tuple[str, str]]:
    """The place and the text of what is noted on the cells of a row."""
    column = 0
    for cell in row:
        for note in cell.iterfind(f"{_OFFICE}annotation"):
            if text := clean(" ".join(reader.inline(one) for one in note.iter(f"{_TEXT}p"))):
                yield called(number, column), text
        column += max(1, _number(cell.get(f"{_TABLE}number-columns-repeated"), 1))


def _sheet_cells(row: Any, reader: _Reader) -> Iterator[tuple[int, int, int, str]]:
    """The cells of a row that say something: column, rows and columns covered, text."""
    column = 0
    for cell in row:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        repeated = max(1, _number(cell.get(f"{_TABLE}number-columns-repeated"), 1))
        lines = [clean(reader.inline(one)) for one in cell.iterfind(f"{_TEXT}p")]
        text = "\n".join(filter(None, lines))
        if text and cell.tag == f"{_TABLE}table-cell" and not reader.is_struck(cell, f"{_TABLE}style-name"):
            rows = _number(cell.get(f"{_TABLE}number-rows-spanned"), 1)
            columns = _number(cell.get(f"{_TABLE}number-columns-spanned"), 1)
            for at in range(column, min(column + repeated, MAX_COLUMNS)):
                yield at, rows, columns, text
        column += repeated


# --- slides -----------------------------------------------------------------------------------------------------------
def _presentation(body: Any, title: str, most: int) -> Parsed:
    pages = body.findall(f"{_DRAW}page")
    root = body.getroottree().getroot()
    reader = _Reader(root)
    hidden = {
        style.get(f"{_STYLE}name")
        for style in root.iter(f"{_STYLE}style")
        for one in style.iterfind(f"{_STYLE}drawing-page-properties")
        if one.get(f"{_PRESENTATION}visibility") == "hidden"
    }
    for number, page in enumerate(pages[:most], 1):
        reader.page = number
        for frame in page:
            if frame.get(f"{_PRESENTATION}class") == "title":
                lines = [clean(reader.inline(one)) for one in frame.iter(f"{_TEXT}p")]
                if text := clean(" ".join(lines)).replace("\n", " "):
                    reader.blocks.append(Block(text, "heading", 1, number))
        for frame in page:
            if frame.get(f"{_PRESENTATION}class") != "title" and frame.tag != f"{_PRESENTATION}notes":
                reader.read(frame)
        for notes in page.iterfind(f"{_PRESENTATION}notes"):
            reader.read(notes)
    warnings = [f"Only the first {most:,} of its {len(pages):,} slides were read."] if len(pages) > most else []
    unseen = [str(at) for at, page in enumerate(pages[:most], 1) if page.get(f"{_DRAW}style-name") in hidden]
    if unseen:
        warnings.append(f"Slides that are hidden were read as well: {', '.join(unseen[:20])}.")
    warnings += [STRUCK_OUT] if reader.has_struck else []
    return Parsed(reader.blocks, title, min(len(pages), most), warnings)


def _squeeze(text: str | None) -> str:
    """White space as OpenDocument has it: one space, however many there are."""
    return " ".join(text.split(" ")).replace("\n", " ").replace("\t", " ") if text else ""


def _number(text: str | None, default: int) -> int:
    try:
        return int(text or "")
    except ValueError:
        return default
