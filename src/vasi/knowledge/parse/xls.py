"""Old Excel workbooks (XLS, BIFF 5 and 8): every visible sheet as it's shown."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from vasi.errors import DocumentError
from vasi.knowledge.parse.blocks import Parsed
from vasi.knowledge.parse.compound import Compound
from vasi.knowledge.parse.number_format import BUILT_IN, show
from vasi.knowledge.parse.workbook import Sheet, Workbook, blocks_of
from vasi.knowledge.parse.workbook import place as called

_BOF: Final = 0x809
_EOF: Final = 0x0A
_CONTINUE: Final = 0x3C
_ERRORS: Final = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
_WORKSHEET: Final = 0
_NO_FONT: Final = 4
"""A number that no font has."""


@dataclass(frozen=True, slots=True)
class _Record:
    """A record with those that continue it, each a piece."""

    kind: int
    pieces: list[bytes]

    @property
    def data(self) -> bytes:
        return self.pieces[0]


@dataclass(slots=True)
class _Book:
    """What its sheets have in common. ``sheets`` are name, place in the stream, and whether it's hidden."""

    is_old: bool = False
    encoding: str = "cp1252"
    since_1904: bool = False
    strings: list[str] = field(default_factory=list[str])
    formats: dict[int, str] = field(default_factory=lambda: dict(BUILT_IN))
    styles: list[int] = field(default_factory=list[int])
    fonts: list[bool] = field(default_factory=list[bool])
    """Whether each strikes its text out."""
    struck: set[int] = field(default_factory=set[int])
    """The styles whose text is struck out."""
    has_struck: bool = False
    sheets: list[tuple[str, int, bool]] = field(default_factory=list[tuple[str, int, bool]])


def parse(file: Compound, characters: int) -> Parsed:
    """The sheets of a workbook, up to about so many characters.

    Raises:
        DocumentError: it is damaged, or protected by a password.
    """
    data = file.read("Workbook") or file.read("WORKBOOK") or file.read("Book") or file.read("BOOK") or b""
    try:
        book = _read_globals(data)
        workbook = Workbook(characters)
        for name, at, is_hidden in book.sheets:
            if is_hidden:
                workbook.hidden.append(name)
            else:
                workbook.add(_SheetReader(book, name).read(data, at, workbook.room))
        workbook.has_struck = book.has_struck
    except (struct.error, IndexError) as error:
        raise DocumentError("is damaged: open and save it anew, then add it.") from error
    return blocks_of(workbook)


def _records(data: bytes, at: int) -> Iterator[_Record]:
    """The records from ``at`` to the end of that part of the stream."""
    waiting: _Record | None = None
    depth = 0
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        body = data[at + 4 : at + 4 + size]
        at += 4 + size
        if kind == _CONTINUE and waiting is not None:
            waiting.pieces.append(body)
            continue
        if waiting is not None:
            yield waiting
        waiting = _Record(kind, [body])
        depth += (kind == _BOF) - (kind == _EOF)
        if kind == _EOF and depth <= 0:
            break
    if waiting is not None:
        yield waiting


def _read_globals(data: bytes) -> _Book:
    book = _Book()
    for record in _records(data, 0):
        body = record.data
        match record.kind:
            case 0x809:
                book.is_old = struct.unpack_from("<H", body)[0] < 0x600
            case 0x2F:
                raise DocumentError("is protected by a password: save a copy without it and add that.")
            case 0x42:
                page = struct.unpack_from("<H", body)[0]
                book.encoding = {1200: "utf-16-le", 32768: "mac-roman", 32769: "cp1252"}.get(page, f"cp{page}")
            case 0x22:
                book.since_1904 = body[:1] == b"\1"
            case 0x41E:
                number = struct.unpack_from("<H", body)[0]
                book.formats[number] = _short_text(book, body, 2) if book.is_old else _text(body, 2)
            case 0x31:
                book.fonts.append(body[2] & 0x08 != 0)
                if len(book.fonts) == _NO_FONT:
                    book.fonts.append(False)
            case 0xE0:
                font, number = struct.unpack_from("<HH", body)
                if font < len(book.fonts) and book.fonts[font]:
                    book.struck.add(len(book.styles))
                book.styles.append(number)
            case 0x85:
                at, is_hidden, kind = struct.unpack_from("<IBB", body)
                if kind == _WORKSHEET:
                    name = _short_text(book, body, 6) if book.is_old else _text(body, 6, is_short=True)
                    book.sheets.append((name, at, is_hidden & 3 != 0))
            case 0xFC:
                book.strings = _shared_strings(record.pieces)
            case _:
                pass
    if not book.sheets:
        raise DocumentError("is damaged or too old (before Excel 5): open and save it as XLSX, then add that.")
    return book


class _SheetReader:
    """Takes in the records of one sheet."""

    def __init__(self, book: _Book, name: str) -> None:
        self._book = book
        self.sheet = Sheet(name)
        self._size = 0
        self._result: tuple[int, int] | None = None
        """Where the result of a formula goes that the next record holds."""
        self._noted: dict[int, tuple[int, int]] = {}
        self._object = 0
        self._is_filtered = False
        self._drawn: list[tuple[int, str]] = []
        """The number of each note and text box, and what it says."""

    def read(self, data: bytes, at: int, room: int) -> Sheet:
        """The sheet that begins at ``at``, up to so many characters."""
        depth = 0
        for record in _records(data, at):
            depth += (record.kind == _BOF) - (record.kind == _EOF)
            if depth > 1:
                continue  # a chart within the sheet
            if not (self._value(record) or self._formula(record)):
                self._other(record)
            if self._size > room:
                self.sheet.is_cut = True
                break
        if self._is_filtered:
            self.sheet.filter()
        for number, text in self._drawn:
            if text and (place := self._noted.get(number)) is not None:
                self.sheet.notes.append((called(*place), text))
            elif text:
                self.sheet.texts.append(text)
        return self.sheet

    def _put(self, row: int, column: int, text: str, style: int = 0) -> None:
        if text and style in self._book.struck:
            self._book.has_struck = True
        elif text:
            self.sheet.put(row, column, text)
            self._size += len(text)

    def _value(self, record: _Record) -> bool:
        """Cells that hold a value."""
        body = record.data
        match record.kind:
            case 0xFD:  # a shared string
                row, column, style, number = struct.unpack_from("<HHHI", body)
                self._put(row, column, self._book.strings[number] if number < len(self._book.strings) else "", style)
            case 0x204 | 0xD6:  # a string of its own
                row, column, style = struct.unpack_from("<HHH", body)
                self._put(row, column, _long_text(self._book, body, 6), style)
            case 0x203:
                row, column, style, value = struct.unpack_from("<HHHd", body)
                self._put(row, column, _number(self._book, style, value), style)
            case 0x27E:
                row, column, style, value = struct.unpack_from("<HHHI", body)
                self._put(row, column, _number(self._book, style, _rk(value)), style)
            case 0xBD:  # several numbers in a row
                row, column = struct.unpack_from("<HH", body)
                for place in range(4, len(body) - 7, 6):
                    style, value = struct.unpack_from("<HI", body, place)
                    self._put(row, column, _number(self._book, style, _rk(value)), style)
                    column += 1
            case 0x205:
                row, column, _, value, is_error = struct.unpack_from("<HHHBB", body)
                self._put(row, column, _ERRORS.get(value, "") if is_error else "TRUE" if value else "FALSE")
            case _:
                return False
        return True

    def _formula(self, record: _Record) -> bool:
        """Cells that hold a formula, by their results."""
        body = record.data
        match record.kind:
            case 0x06 | 0x206 | 0x406:
                row, column, style = struct.unpack_from("<HHH", body)
                if body[12:14] != b"\xff\xff":
                    text = _number(self._book, style, struct.unpack_from("<d", body, 6)[0])
                else:
                    kind, value = body[6], body[8]
                    self._result = (row, column) if kind == 0 else None
                    text = {1: "TRUE" if value else "FALSE", 2: _ERRORS.get(value, "")}.get(kind, "")
                self._put(row, column, text)
            case 0x207 if self._result is not None:
                self._put(*self._result, _long_text(self._book, body, 0))
                self._result = None
            case _:
                return False
        return True

    def _other(self, record: _Record) -> None:
        """Merged cells, notes and text boxes, and what is hidden."""
        body = record.data
        match record.kind:
            case 0xE5:
                for place in range(2, len(body) - 7, 8):
                    top, bottom, left, right = struct.unpack_from("<HHHH", body, place)
                    self.sheet.span(top, left, bottom, right)
            case 0x208 if body[12] & 0x20:
                self.sheet.hide_row(struct.unpack_from("<H", body)[0], is_folded=body[12] & 0x07 != 0)
            case 0x7D if body[8] & 0x01:
                first, last = struct.unpack_from("<HH", body)
                self.sheet.hide_columns(first, last, is_folded=body[9] & 0x07 != 0)
            case 0x9B:
                self._is_filtered = True
            case 0x5D if not self._book.is_old and len(body) >= 8:
                self._object = struct.unpack_from("<H", body, 6)[0]
            case 0x1C if not self._book.is_old:
                row, column, _, number = struct.unpack_from("<HHHH", body)
                self._noted[number] = (row, column)
            case 0x1B6 if len(record.pieces) > 1:
                self._drawn.append((self._object, _drawn_text(record.pieces)))
            case _:
                pass


def _number(book: _Book, style: int, value: float) -> str:
    number = book.styles[style] if style < len(book.styles) else 0
    return show(value, book.formats.get(number, "General"), since_1904=book.since_1904)


def _rk(value: int) -> float:
    """A number in 30 bits: of a whole one, or the first of a float; maybe times a hundred."""
    if value & 2:
        number = float((value >> 2) - (1 << 30 if value & 0x8000_0000 else 0))
    else:
        number = struct.unpack("<d", struct.pack("<Q", (value & 0xFFFF_FFFC) << 32))[0]
    return number / 100 if value & 1 else number


# --- strings ----------------------------------------------------------------------------------------------------------
def _text(body: bytes, at: int, *, is_short: bool = False) -> str:
    count = body[at] if is_short else struct.unpack_from("<H", body, at)[0]
    at += 1 if is_short else 2
    flags = body[at]
    at += 1 + (2 if flags & 8 else 0) + (4 if flags & 4 else 0)
    if flags & 1:
        return body[at : at + 2 * count].decode("utf-16-le", "replace")
    return body[at : at + count].decode("latin-1")


def _short_text(book: _Book, body: bytes, at: int) -> str:
    return _bytes_text(book, body[at + 1 : at + 1 + body[at]])


def _long_text(book: _Book, body: bytes, at: int) -> str:
    if not book.is_old:
        return _text(body, at)
    count = struct.unpack_from("<H", body, at)[0]
    return _bytes_text(book, body[at + 2 : at + 2 + count])


def _bytes_text(book: _Book, data: bytes) -> str:
    try:
        return data.decode(book.encoding, "replace")
    except LookupError:
        return data.decode("cp1252", "replace")


def _drawn_text(pieces: list[bytes]) -> str:
    """The text of a note or text box: its characters stand in the next piece, behind a byte that says how."""
    count = struct.unpack_from("<H", pieces[0], 10)[0] if len(pieces[0]) >= 12 else 0
    text = ""
    for piece in pieces[1:]:
        if len(text) >= count or not piece:
            break
        text += piece[1:].decode("utf-16-le", "replace") if piece[0] & 1 else piece[1:].decode("latin-1")
    return text[:count].replace("\r", "\n").strip()


def _shared_strings(pieces: list[bytes]) -> list[str]:
    """The strings of the whole book. One may go on in the next piece, which says anew how wide its characters are."""
    reader = _Pieces(pieces)
    reader.skip(4)
    (total,) = struct.unpack("<I", reader.take(4))
    strings: list[str] = []
    while len(strings) < total and not reader.is_at_end:
        count, flags = struct.unpack("<HB", reader.take(3))
        runs = struct.unpack("<H", reader.take(2))[0] if flags & 8 else 0
        extra = struct.unpack("<I", reader.take(4))[0] if flags & 4 else 0
        strings.append(reader.characters(count, is_wide=bool(flags & 1)))
        reader.skip(4 * runs + extra)
    return strings


class _Pieces:
    """Reads on through pieces."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces
        self._piece = 0
        self._at = 0

    @property
    def is_at_end(self) -> bool:
        self._next()
        return self._piece >= len(self._pieces)

    def _next(self) -> None:
        while self._piece < len(self._pieces) and self._at >= len(self._pieces[self._piece]):
            self._piece += 1
            self._at = 0

    def take(self, count: int) -> bytes:
        """The next bytes. Raises ``struct.error`` through its caller if there are too few."""
        parts = b""
        while len(parts) < count and not self.is_at_end:
            part = self._pieces[self._piece][self._at : self._at + count - len(parts)]
            self._at += len(part)
            parts += part
        return parts

    def skip(self, count: int) -> None:
        while count > 0 and not self.is_at_end:
            step = min(count, len(self._pieces[self._piece]) - self._at)
            self._at += step
            count -= step

    def characters(self, count: int, *, is_wide: bool) -> str:
        parts: list[str] = []
        while count > 0 and self._piece < len(self._pieces):
            piece = self._pieces[self._piece]
            if self._at >= len(piece):
                self._piece, self._at = self._piece + 1, 1
                if self._piece < len(self._pieces) and self._pieces[self._piece]:
                    is_wide = bool(self._pieces[self._piece][0] & 1)
                continue
            width = 2 if is_wide else 1
            data = piece[self._at : self._at + count * width]
            self._at += len(data)
            parts.append(data.decode("utf-16-le" if is_wide else "latin-1", "replace"))
            count -= max(1, len(data) // width)
        return "".join(parts)
