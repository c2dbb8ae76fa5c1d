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
        _shared_strings(package, parts.get("sharedStrings", "xl/sharedStrings.xml")),
        _formats(package, parts.get("styles", "xl/styles.xml")),
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
    parsed = blocks_of(workbook, clean(package.title()))
    return replace(parsed, warnings=[*package.warnings, *parsed.warnings])


@dataclass(frozen=True, slots=True)
class _Book:
    """What its sheets have in common."""

    package: Package
    strings: list[str]
    formats: list[str]
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
                    room -= _row(book, sheet, row, element)
                    _forget(element)
                    if room < 0:
                        sheet.is_cut = True
                        break
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


def _shared_strings(package: Package, part: str) -> list[str]:
    root = package.part(part)
    return [] if root is None else ["".join(_texts(item)) for item in root if _local(item) == "si"]


def _texts(item: Any) -> Iterator[str]:
    """The text of a string in runs, without how it is pronounced."""
    for child in item:
        tag = _local(child)
        if tag == "t":
            yield _unescape(child.text or "")
        elif tag in ("r", "is"):
            yield from _texts(child)


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match.group(1), 16)), text) if "_x" in text else text


def _formats(package: Package, part: str) -> list[str]:
    """The format code of each cell style."""
    root = package.part(part)
    if root is None:
        return []
    codes = dict(BUILT_IN)
    for one in _all(root, "numFmt"):
        codes[_number(one.get("numFmtId"), 0)] = one.get("formatCode", "General")
    styles = _first(root, "cellXfs")
    if styles is None:
        return []
    return [codes.get(_number(one.get("numFmtId"), 0), "General") for one in styles if _local(one) == "xf"]


def _comments(package: Package, part: str) -> list[tuple[str, str]]:
    root = package.part(part)
    if root is None:
        return []
    return [
        (one.get("ref", ""), text)
        for one in _all(root, "comment")
        if (text := clean("".join(part for child in one for part in _texts(child))).replace("\n", " "))
    ]


def _declare_table(package: Package, part: str, sheet: Sheet) -> None:
    root = package.part(part)
    if root is not None and root.get("headerRowCount", "1") != "0":
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


def _forget(element: Any) -> None:
    """Free what was read of the tree."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
