"""Small compound files (OLE2) by the books: old Word, Excel and PowerPoint files, and a mail of Outlook."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.knowledge.office_files import HEADING, SENTENCE, TABLE

_FREE, _END, _FAT = 0xFFFF_FFFF, 0xFFFF_FFFE, 0xFFFF_FFFD


@dataclass
class _Node:
    name: str
    kind: int
    data: bytes = b""
    children: list[_Node] = field(default_factory=list)
    number: int = 0
    start: int = _END


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file with these streams, by path."""
    root = _Node("Root Entry", 5)
    for path, data in streams.items():
        *folders, name = path.split("/")
        parent = root
        for folder in folders:
            found = next((one for one in parent.children if one.name == folder), None)
            if found is None:
                parent.children.append(found := _Node(folder, 1))
            parent = found
        parent.children.append(_Node(name, 2, data))
    nodes: list[_Node] = []
    _number(root, nodes)
    sectors: list[bytes] = []
    fat: list[int] = []

    def store(data: bytes) -> int:
        pieces = [data[at : at + 512].ljust(512, b"\0") for at in range(0, len(data), 512)]
        if not pieces:
            return _END
        start = len(sectors)
        sectors.extend(pieces)
        fat.extend([*range(start + 1, start + len(pieces)), _END])
        return start

    mini = b""
    mini_fat: list[int] = []
    for node in nodes:
        if node.kind == 2 and len(node.data) >= 4096:
            node.start = store(node.data)
        elif node.kind == 2 and node.data:
            node.start = len(mini) // 64
            count = -(-len(node.data) // 64)
            mini_fat += [*range(node.start + 1, node.start + count), _END]
            mini += node.data.ljust(count * 64, b"\0")
    root.start, root.data = store(mini), mini
    mini_start = store(struct.pack(f"<{len(mini_fat)}I", *mini_fat)) if mini_fat else _END
    directory = b"".join(_entry(node) for node in nodes)
    directory_start = store(directory.ljust(-(-len(directory) // 512) * 512, b"\0"))
    tables = 1
    while (len(fat) + tables) > tables * 128:
        tables += 1
    places = list(range(len(sectors), len(sectors) + tables))
    fat += [_FAT] * tables
    fat += [_FREE] * (tables * 128 - len(fat))
    sectors += [struct.pack("<128I", *fat[at * 128 : at * 128 + 128]) for at in range(tables)]
    mini_count = -(-len(mini_fat) * 4 // 512)
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, tables,
        directory_start, 0, 4096, mini_start, mini_count, _END, 0,
    )  # fmt: skip
    header += struct.pack("<109I", *[*places, *[_FREE] * (109 - len(places))])
    return header + b"".join(sectors)


def _number(node: _Node, nodes: list[_Node]) -> None:
    node.number = len(nodes)
    nodes.append(node)
    for child in node.children:
        _number(child, nodes)


def _entry(node: _Node) -> bytes:
    name = node.name.encode("utf-16-le") + b"\0\0"
    # Siblings hang on each other's right side.
    child = node.children[0].number if node.children else _FREE
    right = getattr(node, "right", _FREE)
    for one, following in zip(node.children, node.children[1:], strict=False):
        one.right = following.number  # type: ignore[attr-defined]
    size = len(node.data) if node.kind != 1 else 0
    return struct.pack("<64sHBBIII16x4x8x8xIQ", name, len(name), node.kind, 1, _FREE, right, child, node.start, size)


# --- Excel ------------------------------------------------------------------------------------------------------------
def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _wide(text: str, count: str = "H") -> bytes:
    return struct.pack(f"<{count}B", len(text), 1) + text.encode("utf-16-le")


STRUCK_STYLE = 3
"""Of cells of ``xls`` whose text is struck out."""


def xls_text(row: int, column: int, text: str, style: int = 0) -> bytes:
    """A cell with a text of its own."""
    return _record(0x204, struct.pack("<HHH", row, column, style) + _wide(text))


def xls_hidden_row(row: int) -> bytes:
    return _record(0x208, struct.pack("<HHHHHHBBH", row, 0, 1, 255, 0, 0, 0x20, 1, 0))


def xls_hidden_columns(first: int, last: int) -> bytes:
    return _record(0x7D, struct.pack("<HHHHBBH", first, last, 2_000, 0, 1, 0, 0))


def xls(*more: bytes) -> bytes:
    """A BIFF 8 workbook with formats, shared strings over two records, merged cells and a hidden sheet.

    ``more`` are records of the first sheet.
    """
    table = [row[:2] for row in TABLE]
    strings = [SENTENCE, *(cell for row in table for cell in row), "Price", "Deck", "Ünïcode"]
    packed = b"".join(_wide(text) for text in strings)
    # Cut within the last string: what follows says anew how wide its characters are.
    cut = len(packed) - 6
    shared = _record(0xFC, struct.pack("<II", len(strings), len(strings)) + packed[:cut])
    shared += _record(0x3C, b"\1" + packed[cut:])

    def text(row: int, column: int, value: str) -> bytes:
        return _record(0xFD, struct.pack("<HHHI", row, column, 0, strings.index(value)))

    rk = struct.unpack("<Q", struct.pack("<d", 1250.0))[0] >> 32 & 0xFFFF_FFFC
    hundredths = 90050 << 2 | 3
    body = [text(0, 0, SENTENCE)]
    body += [text(at, column, cell) for at, row in enumerate(table, 3) for column, cell in enumerate(row)]
    body += [text(3, 2, "Price")]
    body += [
        _record(0x27E, struct.pack("<HHHI", 4, 2, 1, rk)),
        _record(0x27E, struct.pack("<HHHI", 5, 2, 1, hundredths)),
    ]
    body += [_record(0x06, struct.pack("<HHH", 7, 0, 0) + b"\0" * 6 + b"\xff\xff" + bytes(8))]
    body += [_record(0x207, _wide("Made by a formula"))]
    body += [_record(0x203, struct.pack("<HHHd", 8, 0, 2, 45446.0))]
    body += [text(9, 0, "Ünïcode")]
    body += [_record(0x205, struct.pack("<HHHBB", 10, 0, 0, 1, 0)), *more]
    first = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + b"".join(body) + _record(0x0A, b"")
    second = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + text(0, 0, "Deck") + _record(0x0A, b"")

    def head(places: Sequence[int]) -> bytes:
        formats = _record(0x41E, struct.pack("<H", 170) + _wide('#,##0.00 "EUR"'))
        formats += _record(0x41E, struct.pack("<H", 171) + _wide("d. mmmm yyyy"))
        styles = b"".join(_record(0x31, struct.pack("<HH10x", 200, flags) + _wide("Arial", "B")) for flags in (0, 8))
        fonts = ((0, 0), (0, 170), (0, 171), (1, 0))
        styles += b"".join(_record(0xE0, struct.pack("<HH16x", font, number)) for font, number in fonts)
        sheets = _record(0x85, struct.pack("<IBB", places[0], 0, 0) + _wide(HEADING, "B"))
        sheets += _record(0x85, struct.pack("<IBB", places[1], 1, 0) + _wide("Wages", "B"))
        start = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + _record(0x42, struct.pack("<H", 1200))
        return start + formats + styles + sheets + shared + _record(0x0A, b"")

    size = len(head([0, 0]))
    return compound({"Workbook": (head([size, size + len(first)]) + first + second).ljust(4096, b"\0")})


# --- Word -------------------------------------------------------------------------------------------------------------
VANISH, STRIKE, DOUBLE_STRIKE = 0x083C, 0x0837, 0x2A53


def doc(left_out: int = VANISH) -> bytes:
    """A Word 97 document in two pieces (one of them of single bytes), with a heading, a table and text that is left
    out, by the property ``left_out``.
    """
    paragraphs: list[tuple[str, bytes]] = [
        (f"{HEADING}\r", struct.pack("<H", 1)),
        (f"{SENTENCE}\r", struct.pack("<H", 0)),
        ("See \x13 HYPERLINK x \x14the link\x15.\r", struct.pack("<H", 0)),
        ("secret \r", struct.pack("<H", 0)),
    ]
    in_table = struct.pack("<HHB", 0, 0x2416, 1)
    for row in TABLE:
        paragraphs += [(f"{cell}\x07", in_table) for cell in row]
        paragraphs += [("\x07", in_table + struct.pack("<HB", 0x2417, 1))]
    paragraphs += [("Bring a torch\r", struct.pack("<HHH", 0, 0x460B, 1)), ("Größe € 5\r", struct.pack("<H", 0))]
    text = "".join(one for one, _ in paragraphs)
    split = text.index("Bring")
    start = 0x800
    narrow = text[:split].encode("cp1252")
    data = bytearray(start) + narrow + text[split:].encode("utf-16-le")
    beyond = len(data)
    data += bytes(-len(data) % 512)

    def place(at: int) -> int:
        return start + at if at <= split else start + split + 2 * (at - split)

    # Paragraphs: one page with their places, and what is set for each.
    ends = [0]
    for one, _ in paragraphs:
        ends.append(ends[-1] + len(one))
    page = bytearray(512)
    page[511] = len(paragraphs)
    struct.pack_into(f"<{len(ends)}I", page, 0, *map(place, ends))
    free = 510
    for number, (_, properties) in enumerate(paragraphs):
        packed = properties + b"\0" * (1 - len(properties) % 2)
        free = (free - len(packed) - 1) // 2 * 2
        page[free : free + 1 + len(packed)] = bytes([(len(packed) + 1) // 2]) + packed
        page[4 * len(ends) + 13 * number] = free // 2
    paragraph_page = len(data) // 512
    data += page
    hidden = text.index("secret"), text.index("secret") + 7
    page = bytearray(512)
    page[511] = 3
    struct.pack_into("<4I", page, 0, start, place(hidden[0]), place(hidden[1]), beyond)
    page[16:19] = bytes([0, 250, 0])
    page[500:504] = bytes([3]) + struct.pack("<HB", left_out, 1)
    character_page = len(data) // 512
    data += page
    table = bytearray(b"\0" * 16)
    styles = len(table)
    table += struct.pack("<HHH", 4, 2, 10)
    table += struct.pack("<HHH", 4, 0, 0xFFF0) + struct.pack("<HHH", 4, 1, 0xFFF0)
    pieces = len(table)
    table += struct.pack("<BI3I", 2, 12 + 16, 0, split, len(text))
    table += struct.pack("<HIH", 0, start * 2 | 0x4000_0000, 0) + struct.pack("<HIH", 0, start + split, 0)
    characters_at = len(table)
    table += struct.pack("<III", start, beyond, character_page)
    paragraphs_at = len(table)
    table += struct.pack("<III", start, beyond, paragraph_page)
    struct.pack_into("<HH", data, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", data, 0x0A, 0x0200)
    struct.pack_into("<i", data, 0x4C, len(text))
    for at, where, size in (
        (0x00A2, styles, pieces - styles),
        (0x00FA, characters_at, 12),
        (0x0102, paragraphs_at, 12),
        (0x01A2, pieces, characters_at - pieces),
    ):
        struct.pack_into("<II", data, at, where, size)
    return compound({"WordDocument": bytes(data).ljust(4096, b"\0"), "1Table": bytes(table).ljust(4096, b"\0")})


# --- PowerPoint -------------------------------------------------------------------------------------------------------
def _atom(kind: int, body: bytes, *, instance: int = 0, is_container: bool = False) -> bytes:
    return struct.pack("<HHI", instance << 4 | (15 if is_container else 0), kind, len(body)) + body


def _box(text: str, kind: int) -> bytes:
    said = _atom(0x0F9F, struct.pack("<I", kind)) + _atom(0x0FA0, text.encode("utf-16-le"))
    return _atom(0xF00D, said, is_container=True)


def ppt() -> bytes:
    """A presentation of one slide with a table and notes, saved twice."""
    cells = b"".join(
        _atom(
            0xF004,
            _atom(0xF00F, struct.pack("<iiii", 100 * column, 50 * row, 0, 0)) + _box(cell, 4),
            is_container=True,
        )
        for row, line in enumerate(TABLE)
        for column, cell in enumerate(line)
    )
    table = _atom(0xF003, cells, is_container=True)
    slide_atom = _atom(0x03EF, struct.pack("<I8xII", 0, 0, 256 + 1))
    drawing = _atom(0xF002, table + _atom(0xF004, _box(SENTENCE, 4), is_container=True), is_container=True)
    slide = _atom(0x03EE, slide_atom + _atom(0x040C, drawing, is_container=True), is_container=True)
    notes = _atom(0x03F0, _atom(0x040C, _box("Smile.", 2), is_container=True), is_container=True)

    def persist(reference: int, identifier: int) -> bytes:
        return _atom(0x03F3, struct.pack("<IIiII", reference, 0, 0, identifier, 0))

    title = _atom(0x0F9F, struct.pack("<I", 0)) + _atom(0x0FA8, HEADING.encode("latin-1"))
    slides = _atom(0x0FF0, persist(2, 256) + title, is_container=True)
    noted = _atom(0x0FF0, persist(3, 257), instance=2, is_container=True)
    document = _atom(0x03E8, slides + noted, is_container=True)
    old = _atom(0x03EE, _atom(0x040C, _box("Outdated.", 4), is_container=True), is_container=True)
    data = document + old + notes
    places = {1: 0, 2: len(document), 3: len(document) + len(old)}

    def directory(entries: Mapping[int, int]) -> bytes:
        return _atom(0x1772, b"".join(struct.pack("<II", 1 << 20 | number, at) for number, at in entries.items()))

    first = len(data)
    data += directory(places)
    edit = len(data)
    data += _atom(0x0FF5, struct.pack("<IIIIIII", 256, 0, 0, first, 1, 4, 0))
    newer = len(data)
    data += slide
    second = len(data)
    data += directory({2: newer})
    last = len(data)
    data += _atom(0x0FF5, struct.pack("<IIIIIII", 256, 0, edit, second, 1, 4, 0))
    user = _atom(0x0FF6, struct.pack("<III", 20, 0xE391C05F, last) + bytes(8))
    return compound({"PowerPoint Document": data.ljust(4096, b"\0"), "Current User": user})


# --- Outlook ----------------------------------------------------------------------------------------------------------
def msg(*, body: str = "", page: str = "", rich: bytes = b"", attachments: Mapping[str, bytes] | None = None) -> bytes:
    """A mail with what is attached; another mail is attached as well."""
    sent = 133_933_266_000_000_000  # 2 June 2025, 08:30 UTC
    streams: dict[str, bytes] = {
        **{f"__nameid_version1.0/__substg1.0_000{number}0102": b"" for number in (2, 3, 4)},
        "__properties_version1.0": bytes(32) + struct.pack("<IIQ", 0x0039_0040, 6, sent),
        **_strings(
            "", {"001A": "IPM.Note", "0037": "Harbour", "0C1A": "Jürgen", "5D01": "j@example.org", "0E04": "Ana"}
        ),
    }
    if body:
        streams |= _strings("", {"1000": body})
    if page:
        streams["__substg1.0_10130102"] = page.encode()
    if rich:
        streams["__substg1.0_10090102"] = struct.pack("<II4sI", len(rich) + 12, len(rich), b"MELA", 0) + rich
    for number, (name, data) in enumerate((attachments or {}).items()):
        prefix = f"__attach_version1.0_#{number:08X}/"
        streams |= _strings(prefix, {"3707": name})
        streams[f"{prefix}__substg1.0_37010102"] = data
        streams[f"{prefix}__properties_version1.0"] = bytes(8) + struct.pack("<IIQ", 0x3705_0003, 6, 1)
    prefix = f"__attach_version1.0_#{len(attachments or {}):08X}/"
    inner = f"{prefix}__substg1.0_3701000D/"
    streams |= _strings(prefix, {"3001": "The bridge"})
    streams[f"{prefix}__properties_version1.0"] = bytes(8) + struct.pack("<IIQ", 0x3705_0003, 6, 5)
    streams |= _strings(inner, {"0037": "The bridge", "1000": "It is closed on Monday."})
    streams[f"{inner}__properties_version1.0"] = bytes(24)
    return compound(streams)


def _strings(prefix: str, values: Mapping[str, str]) -> dict[str, bytes]:
    return {f"{prefix}__substg1.0_{key}001F": value.encode("utf-16-le") for key, value in values.items()}
