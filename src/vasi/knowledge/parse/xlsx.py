"""Excel workbooks (XLSX): every visible sheet as it's shown, its numbers and dates in their formats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from vasi.errors import DocumentError
from vasi.knowledge.parse.blocks import Parsed, clean
from vasi.knowledge.parse.number_format import BUILT_IN, show
from vasi.knowledge.parse.ooxml import etree
from vasi.knowledge.parse.package import Package
from vasi.knowledge.parse.workbook import Sheet, Workbook, blocks_of, column_number
from vasi.knowledge.parse.workbook import place as called

_MAIN: Final = (
    "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}",
    "{http://purl.oclc.org/ooxml/spreadsheetml/main}",
)
_RELATION: Final = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_DRAWN_TEXT: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
_DRAWN_PARAGRAPH: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}p"
_PLACE: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


def parse(data: bytes, characters: int) -> Parsed:
    """The sheets of a workbook, up to about so many characters.

    Raises:
        DocumentError: it is damaged.
    """
    package = Package(data)
    root = package.part("xl/workbook.xml")
    if root is None:
        raise DocumentError("is damaged or isn't an Excel file: open and save it anew, then add it.")
    related = package.relations("xl/workbook.xml")
    parts = {one.kind: one.target for one in related.values()}
    properties = _first(root, "workbookPr")
    book = _Book(
        package,
        *_shared_strings(package, parts.get("sharedStrings", "xl/sharedStrings.xml")),
        *_formats(package, parts.get("styles", "xl/styles.xml")),
        properties is not None and properties.get("date1904") in ("1", "true"),
    )
    workbook = Workbook(characters)
    for element in _all(root, "sheet"):
        name = element.get("name", "")
        relation = related.get(next((element.get(key) for key in _RELATION if element.get(key)), ""))
        if element.get("state", "visible") != "visible":
            workbook.hidden.append(name)
        elif relation is not None and package.has(relation.target) and relation.kind != "chartsheet":
            workbook.add(_sheet(book, name, relation.target, workbook.room))
    workbook.has_struck = book.has_struck
    parsed = blocks_of(workbook, clean(package.title()))
    return replace(parsed, warnings=[*package.warnings, *parsed.warnings])


@dataclass(slots=True)
class _Book:
    """What its sheets have in common; ``struck`` are the styles of cells whose text is struck out."""

    package: Package
    strings: list[str]
    has_struck: bool
    formats: list[str]
    struck: frozenset[int]
    since_1904: bool


def _sheet(book: _Book, name: str, part: str, room: int) -> Sheet:
    sheet = Sheet(name)
    row = -1
    try:
        with book.package.open(part) as stream:
            for _, element in etree.iterparse(
                stream, events=("end",), resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
            ):
                tag = _local(element)
                if tag == "row":
                    row = _number(element.get("r"), row + 2) - 1
                    if _is_set(element, "hidden"):
                        sheet.hide_row(row, is_folded=element.get("outlineLevel", "0") != "0")
                    room -= _row(book, sheet, row, element)
                    _forget(element)
                    if room < 0:
                        sheet.is_cut = True
                        break
                elif tag == "col" and _is_set(element, "hidden"):
                    first, last = _number(element.get("min"), 1) - 1, _number(element.get("max"), 1) - 1
                    sheet.hide_columns(first, last, is_folded=element.get("outlineLevel", "0") != "0")
                elif tag == "filterColumn":
                    sheet.filter()
                elif tag == "mergeCell":
                    sheet.merge(element.get("ref", ""))
                elif tag == "sheetData":
                    _forget(element)
    except etree.XMLSyntaxError as error:
        raise DocumentError(
            f"is damaged (its sheet {name} can't be read): open and save it anew, then add it."
        ) from error
    for relation in book.package.relations(part).values():
        match relation.kind:
            case "comments":
                sheet.notes += _comments(book.package, relation.target)
            case "threadedComment":
                sheet.notes += _threads(book.package, relation.target)
            case "table":
                _declare_table(book.package, relation.target, sheet)
            case "drawing":
                sheet.texts += _drawn(book.package, relation.target)
            case _:
                pass
    return sheet


def _row(book: _Book, sheet: Sheet, row: int, element: Any) -> int:
    """Take in the cells of a row; returns how many characters they have."""
    size = 0
    column = -1
    for cell in element:
        if _local(cell) != "c":
            continue
        place = _PLACE.fullmatch(cell.get("r", ""))
        column = column_number(place.group(1)) if place else column + 1
        if _number(cell.get("s"), 0) in book.struck:
            book.has_struck |= any(_local(child) in ("v", "is") for child in cell)
            continue
        if not any(_local(child) == "v" for child in cell) and any(_local(child) == "f" for child in cell):
            sheet.uncomputed.append(called(row, column))
        if text := _shown(book, cell):
            sheet.put(row, column, text)
            size += len(text)
    return size


def _shown(book: _Book, cell: Any) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(_texts(cell))
    value = next((child.text for child in cell if _local(child) == "v"), None)
    if not value:
        return ""
    match kind:
        case "s":
            at = _number(value, -1)
            return book.strings[at] if 0 <= at < len(book.strings) else ""
        case "b":
            return "TRUE" if value.strip() == "1" else "FALSE"
        case "str" | "d":
            return _unescape(value)
        case "e":
            return value
        case _:
            style = _number(cell.get("s"), 0)
            code = book.formats[style] if 0 <= style < len(book.formats) else "General"
            try:
                return show(float(value), code, since_1904=book.since_1904)
            except (ValueError, OverflowError):
                return value


def _shared_strings(package: Package, part: str) -> tuple[list[str], bool]:
    """The strings that cells refer to, and whether parts of some are struck out."""
    root = package.part(part)
    if root is None:
        return [], False
    return ["".join(_texts(item)) for item in root if _local(item) == "si"], any(map(_is_struck, _all(root, "r")))


def _texts(item: Any) -> Iterator[str]:
    """The text of a string in runs, without how it is pronounced."""
    for child in item:
        tag = _local(child)
        if tag == "t":
            yield _unescape(child.text or "")
        elif tag == "is" or (tag == "r" and not _is_struck(child)):
            yield from _texts(child)


def _is_struck(element: Any) -> bool:
    """Does the font of a run, or the font itself, strike its text out?"""
    return any(strike.get("val", "1") not in ("0", "false") for strike in _all(element, "strike"))


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match.group(1), 16)), text) if "_x" in text else text


def _formats(package: Package, part: str) -> tuple[list[str], frozenset[int]]:
    """The format code of each cell style, and the styles whose text is struck out."""
    root = package.part(part)
    if root is None:
        return [], frozenset()
    codes = dict(BUILT_IN)
    for one in _all(root, "numFmt"):
        codes[_number(one.get("numFmtId"), 0)] = one.get("formatCode", "General")
    styles = _first(root, "cellXfs")
    if styles is None:
        return [], frozenset()
    fonts = _first(root, "fonts")
    struck = {str(at) for at, font in enumerate(() if fonts is None else fonts) if _is_struck(font)}
    cells = [one for one in styles if _local(one) == "xf"]
    return (
        [codes.get(_number(one.get("numFmtId"), 0), "General") for one in cells],
        frozenset(at for at, one in enumerate(cells) if one.get("fontId") in struck),
    )


def _comments(package: Package, part: str) -> list[tuple[str, str]]:
    root = package.part(part)
    if root is None:
        return []
    texts = ((one.get("ref", ""), "".join(_texts(text))) for one in _all(root, "comment") for text in _all(one, "text"))
    # Those that are threads are kept twice, here for programs that don't know them.
    return [(at, clean(text).replace("\n", " ")) for at, text in texts if text.strip() and text[:9] != "[Threaded"]


def _threads(package: Package, part: str) -> list[tuple[str, str]]:
    """The comments that answer each other."""
    root = package.part(part)
    found: list[tuple[str, str]] = []
    for comment in () if root is None else root:
        text = next((child.text for child in comment if _local(child) == "text"), None)
        if text and (text := clean(text).replace("\n", " ")):
            found.append((comment.get("ref", ""), text))
    return found


def _declare_table(package: Package, part: str, sheet: Sheet) -> None:
    root = package.part(part)
    if root is None:
        return
    if _first(root, "filterColumn") is not None:
        sheet.filter()
    if root.get("headerRowCount", "1") != "0":
        sheet.declare_table(root.get("ref", ""))


def _drawn(package: Package, part: str) -> list[str]:
    """The paragraphs of text boxes."""
    root = package.part(part)
    if root is None:
        return []
    paragraphs = ("".join(text.text or "" for text in one.iter(_DRAWN_TEXT)) for one in root.iter(_DRAWN_PARAGRAPH))
    return [text for paragraph in paragraphs if (text := clean(paragraph))]


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _all(root: Any, tag: str) -> Iterator[Any]:
    return root.iter(*(space + tag for space in _MAIN))


def _first(root: Any, tag: str) -> Any:
    return next(iter(_all(root, tag)), None)


def _number(text: str | None, default: int) -> int:
    try:
        return int(text or "")
    except ValueError:
        return default


def _is_set(element: Any, name: str) -> bool:
    return element.get(name) in ("1", "true")


def _forget(element: Any) -> None:
    """Free what was read of the tree."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
