"""Old Word documents (DOC, Word 97 to 2003): text as it is shown, deleted and hidden parts left out."""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vasi.errors import DocumentError
from vasi.knowledge.parse.blocks import STRUCK_OUT, Block, Parsed, clean
from vasi.knowledge.parse.compound import Compound
from vasi.knowledge.parse.grid import Cell
from vasi.knowledge.parse.table import records

_MAGIC: Final = 0xA5EC
_WORD_97: Final = 0x00C1
_PAGE: Final = 512
_ENCRYPTED: Final = 0x0100
_TABLE_1: Final = 0x0200
_OPERANDS: Final = (1, 1, 2, 4, 2, 2, 0, 3)
"""Bytes of a property by the three highest bits of its code; 0 where the first byte tells."""
_VANISH: Final = 0x083C
_DELETED: Final = 0x0800
_STRUCK: Final = frozenset({0x0837, 0x2A53})
_IN_TABLE: Final = 0x2416
_ROW_END: Final = 0x2417
_OUTLINE: Final = 0x2640
_LIST: Final = 0x460B
_DEFINE_TABLE: Final = 0xD608
_TITLE: Final = 62
_PARAGRAPH: Final = re.compile(r"[^\r\x07\x0c]*[\r\x07\x0c]?")
_UNSHOWN: Final = dict.fromkeys([*range(1, 7), 8, 0x1F, 0x13, 0x14, 0x15], "") | {0x0B: "\n", 0x1E: "-", 0x0E: "\n"}


@dataclass(frozen=True, slots=True)
class _Properties:
    """Of a paragraph; ``level`` is 1 to 9 for headings, 0 for others."""

    level: int = 0
    in_table: bool = False
    is_row_end: bool = False
    is_item: bool = False


def parse(file: Compound) -> Parsed:
    """The blocks of a document.

    Raises:
        DocumentError: it is damaged, too old, or protected by a password.
    """
    data = file.read("WordDocument") or b""
    try:
        magic, version = struct.unpack_from("<HH", data)
        flags = struct.unpack_from("<H", data, 0x0A)[0]
        if magic != _MAGIC or version < _WORD_97:
            raise DocumentError("is of a Word before Word 97: open and save it as DOCX, then add that.")
        if flags & _ENCRYPTED:
            raise DocumentError("is protected by a password: save a copy without it and add that.")
        table = file.read("1Table" if flags & _TABLE_1 else "0Table") or b""
        return _Document(data, table).read()
    except (struct.error, IndexError) as error:
        raise DocumentError("is damaged: open and save it anew, then add it.") from error


class _Document:
    """The parts of a document: its text in pieces, and the properties of its stretches."""

    def __init__(self, data: bytes, table: bytes) -> None:
        self._data = data
        self._table = table
        self._lengths = struct.unpack_from("<8i", data, 0x4C)
        self._pieces = list(self._read_pieces())
        self._text = "".join(text for _, _, text in self._pieces)
        self._styles = self._read_styles()
        self._paragraphs = sorted(self._runs(0x0102, 13))
        self._has_struck = False
        self._hidden = self._read_hidden()

    def read(self) -> Parsed:
        main, footnotes, headers, _, comments, endnotes, boxes, _ = (max(0, length) for length in self._lengths)
        blocks = self._blocks(0, main)
        at = main
        for length, label in ((footnotes, ""), (headers, None), (comments, "Comment: "), (endnotes, ""), (boxes, "")):
            part = self._blocks(at, at + length)
            at += length
            if label is None:
                texts = dict.fromkeys(block.text for block in part if not block.text.strip(" -").isdigit())
                blocks[:0] = [Block(text) for text in texts]
            else:
                blocks += [Block(f"{label}{block.text}") if block.kind == "text" else block for block in part]
        title = next((block.text for block in blocks if block.kind == "heading" and block.level == 1), "")
        return Parsed(blocks, title, warnings=[STRUCK_OUT] if self._has_struck else [])

    # --- text ---
    def _read_pieces(self) -> Iterator[tuple[int, int, str]]:
        """Where each piece stands in the file, how many bytes its characters take, and its text."""
        at, size = struct.unpack_from("<II", self._data, 0x01A2)
        pieces = self._table[at : at + size]
        place = 0
        while place < len(pieces) and pieces[place] == 1:
            place += 3 + struct.unpack_from("<H", pieces, place + 1)[0]
        if place >= len(pieces) or pieces[place] != 2:
            raise DocumentError("is damaged: open and save it anew, then add it.")
        length = struct.unpack_from("<I", pieces, place + 1)[0]
        plc = pieces[place + 5 : place + 5 + length]
        count = (len(plc) - 4) // 12
        ends = struct.unpack_from(f"<{count + 1}I", plc)
        for number in range(count):
            start = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * number + 2)[0]
            characters = ends[number + 1] - ends[number]
            if not 0 <= characters <= len(self._data):
                raise DocumentError("is damaged: open and save it anew, then add it.")
            if start & 0x4000_0000:
                offset, width, encoding = (start & 0x3FFF_FFFF) // 2, 1, "cp1252"
            else:
                offset, width, encoding = start, 2, "utf-16-le"
            text = self._data[offset : offset + characters * width].decode(encoding, "replace")
            # Each unit is a place, also those of a pair.
            yield offset, width, "".join(one if one <= "\uffff" else one + "\0" for one in text).ljust(characters, "\0")

    def _place_of(self, at: int) -> int:
        """Where the character ``at`` stands in the file."""
        for offset, width, text in self._pieces:
            if at < len(text):
                return offset + at * width
            at -= len(text)
        return 0

    def _blocks(self, start: int, end: int) -> list[Block]:
        blocks: list[Block] = []
        rows: list[list[Cell]] = []
        cells: list[Cell] = []
        cell: list[str] = []
        for match in _PARAGRAPH.finditer(self._text, start, min(end, len(self._text))):
            raw = match.group()
            if not raw:
                continue
            properties = self._properties(match.end() - 1)
            text = self._shown(match.start(), match.end())
            if properties.in_table:
                if properties.is_row_end:
                    rows.append(cells)
                    cells = []
                else:
                    cell.append(f"- {text}" if properties.is_item and text else text)
                    if raw[-1] == "\x07":
                        cells.append(Cell("\n".join(filter(None, cell))))
                        cell = []
                continue
            if rows:
                blocks += records(rows)
                rows, cells, cell = [], [], []
            if text:
                _add(blocks, text, properties)
        return blocks + (records([*rows, cells]) if rows or cells else [])

    def _shown(self, start: int, end: int) -> str:
        """The text without fields' codes, and without characters that are hidden, deleted or struck out."""
        parts: list[str] = []
        codes: list[bool] = []
        """For each field that is open: whether its code is read, rather than its result."""
        for at in range(start, end):
            character = self._text[at]
            if character == "\x13":
                codes.append(True)
            elif character == "\x14" and codes:
                codes[-1] = False
            elif character == "\x15" and codes:
                codes.pop()
            elif not (self._hidden[at] or any(codes)):
                parts.append(character)
        return clean("".join(parts).translate(_UNSHOWN).replace("\x07", ""))

    # --- properties ---
    def _runs(self, plc_at: int, entry: int) -> Iterator[tuple[int, int, bytes]]:
        """Stretches of the file with the same properties: start, end, properties."""
        at, size = struct.unpack_from("<II", self._data, plc_at)
        plc = self._table[at : at + size]
        count = (len(plc) - 4) // 8
        for number in range(max(0, count)):
            page_number = struct.unpack_from("<I", plc, 4 * (count + 1) + 4 * number)[0] & 0x3F_FFFF
            page = self._data[page_number * _PAGE : (page_number + 1) * _PAGE]
            if len(page) < _PAGE:
                continue
            runs = page[-1]
            if 4 * (runs + 1) + entry * runs > _PAGE:
                continue
            places = struct.unpack_from(f"<{runs + 1}I", page)
            for run in range(runs):
                offset = page[4 * (runs + 1) + entry * run] * 2
                yield places[run], places[run + 1], _properties_at(page, offset, entry) if offset else b""

    def _read_hidden(self) -> bytearray:
        hidden = bytearray(len(self._text))
        ranges: list[tuple[int, int]] = []
        for start, end, properties in self._runs(0x00FA, 1):
            on = {code for code, value in _settings(properties) if value[:1] == b"\1"}
            if on & {_VANISH, _DELETED, *_STRUCK}:
                ranges.append((start, end))
                self._has_struck |= bool(on & _STRUCK)
        at = 0
        for offset, width, text in self._pieces:
            last = offset + len(text) * width
            for start, end in ranges:
                if start < last and end > offset:
                    first = at + max(0, (start - offset) // width)
                    beyond = at + min(len(text), (end - offset) // width)
                    hidden[first:beyond] = b"\1" * (beyond - first)
            at += len(text)
        return hidden

    def _properties(self, at: int) -> _Properties:
        """Of the paragraph that ends with the character ``at``."""
        place = self._place_of(at)
        number = bisect_right(self._paragraphs, (place, 1 << 40)) - 1
        if number < 0 or not self._paragraphs[number][0] <= place < self._paragraphs[number][1]:
            return _Properties()
        data = self._paragraphs[number][2]
        style = struct.unpack_from("<H", data)[0] if len(data) > 1 else 0
        level = self._styles.get(style, 0)
        settings = dict(_settings(data[2:]))
        if (outline := settings.get(_OUTLINE, b"\x09")[0]) < 9:
            level = outline + 1
        return _Properties(
            level,
            settings.get(_IN_TABLE, b"\0")[0] == 1,
            settings.get(_ROW_END, b"\0")[0] == 1,
            settings.get(_LIST, b"\0\0") not in (b"\0\0", b"\x01\xf8"),
        )

    def _read_styles(self) -> dict[int, int]:
        """By style: the level of its heading, its own or that of the one it's based on."""
        at, size = struct.unpack_from("<II", self._data, 0x00A2)
        sheet = self._table[at : at + size]
        if len(sheet) < 6:
            return {}
        head, count = struct.unpack_from("<HH", sheet)
        place = 2 + head
        kinds: list[tuple[int, int]] = []
        for _ in range(count):
            if place + 2 > len(sheet):
                break
            length = struct.unpack_from("<H", sheet, place)[0]
            if length >= 4:
                kind, base = struct.unpack_from("<HH", sheet, place + 2)
                kinds.append((kind & 0x0FFF, base >> 4))
            else:
                kinds.append((0xFFF, 0xFFF))
            place += 2 + length + length % 2
        return {style: level for style in range(len(kinds)) if (level := _level(kinds, style))}


def _level(kinds: list[tuple[int, int]], style: int) -> int:
    for _ in range(12):
        if style >= len(kinds):
            return 0
        kind, base = kinds[style]
        if 1 <= kind <= 9:
            return kind
        if kind == _TITLE:
            return 1
        style = base
    return 0


def _properties_at(page: bytes, offset: int, entry: int) -> bytes:
    if entry == 1:
        return page[offset + 1 : offset + 1 + page[offset]]
    if page[offset]:
        return page[offset + 1 : offset + page[offset] * 2]
    return page[offset + 2 : offset + 2 + page[offset + 1] * 2] if offset + 1 < _PAGE else b""


def _settings(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 2 < len(data):
        code = data[at] | data[at + 1] << 8
        at += 2
        size = _OPERANDS[code >> 13]
        if size == 0:
            if code == _DEFINE_TABLE:
                size = 1 + (data[at] | data[at + 1] << 8) if at + 1 < len(data) else 1
            else:
                size = 1 + data[at]
        yield code, data[at : at + size] or b"\0"
        at += size


def _add(blocks: list[Block], text: str, properties: _Properties) -> None:
    if properties.level:
        blocks.append(Block(text.replace("\n", " "), "heading", properties.level))
    elif properties.is_item:
        line = f"- {text}".replace("\n", " ")
        before = blocks[-1] if blocks else None
        last = before.text.rpartition("\n")[2] if before is not None and before.kind == "text" else ""
        if before is not None and last and (last.startswith("- ") or last.endswith(":")):
            blocks[-1] = Block(f"{before.text}\n{line}")
        else:
            blocks.append(Block(line))
    else:
        blocks.append(Block(text))
