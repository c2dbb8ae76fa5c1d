"""Old PowerPoint files (PPT, PowerPoint 97 to 2003): a slide is a page."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from vasi.errors import DocumentError
from vasi.knowledge.parse.blocks import Block, Parsed, clean
from vasi.knowledge.parse.compound import Compound
from vasi.knowledge.parse.grid import Cell
from vasi.knowledge.parse.table import records

_ENCRYPTED: Final = 0xF3D1_C4DF
_EDIT: Final = 0x0FF5
_DIRECTORY: Final = 0x1772
_DOCUMENT: Final = 0x03E8
_LIST: Final = 0x0FF0
_PERSIST: Final = 0x03F3
_TEXT_KIND: Final = 0x0F9F
_WIDE_TEXT: Final = 0x0FA0
_TEXT: Final = 0x0FA8
_OUTLINE_TEXT: Final = 0x0F9E
_SLIDE_ATOM: Final = 0x03EF
_GROUP: Final = 0xF003
_SHAPE: Final = 0xF004
_TEXT_BOX: Final = 0xF00D
_ANCHOR: Final = 0xF00F
_TITLES: Final = frozenset({0, 6})
_DEEPEST: Final = 40
_MOST_EDITS: Final = 1_000


@dataclass(frozen=True, slots=True)
class _Record:
    """A record: ``start`` and ``end`` of its content in the stream."""

    kind: int
    instance: int
    is_container: bool
    start: int
    end: int


@dataclass(slots=True)
class _Slide:
    """A slide as the list of all names it: its id, where it is, and what its outline says (kind, text)."""

    identifier: int
    reference: int
    texts: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])


def parse(file: Compound, pages: int) -> Parsed:
    """The first ``pages`` slides: titles, texts, tables and the speaker's notes.

    Raises:
        DocumentError: it is damaged, or protected by a password.
    """
    user = file.read("Current User") or b""
    data = file.read("PowerPoint Document") or b""
    try:
        return _Presentation(data, user).read(pages)
    except (struct.error, IndexError, KeyError) as error:
        raise DocumentError("is damaged: open and save it anew, then add it.") from error


class _Presentation:
    def __init__(self, data: bytes, user: bytes) -> None:
        self._data = data
        token, edit = struct.unpack_from("<II", user, 12)
        if token == _ENCRYPTED:
            raise DocumentError("is protected by a password: save a copy without it and add that.")
        self._places: dict[int, int] = {}
        self._document = self._read_edits(edit)

    def read(self, pages: int) -> Parsed:
        """The slides as blocks."""
        slides: list[_Slide] = []
        notes: dict[int, _Slide] = {}
        for record in self._children(self._record(self._places[self._document])):
            if record.kind == _LIST and record.instance == 0:
                slides = self._list(record)
            elif record.kind == _LIST and record.instance == 2:
                notes = {slide.identifier: slide for slide in self._list(record)}
        blocks: list[Block] = []
        for number, slide in enumerate(slides[:pages], 1):
            blocks += self._slide(slide, notes, number)
        warnings = [f"Only the first {pages:,} of its {len(slides):,} slides were read."] if len(slides) > pages else []
        title = next((block.text for block in blocks if block.kind == "heading"), "")
        return Parsed(blocks, title, min(len(slides), pages), warnings)

    def _read_edits(self, at: int) -> int:
        """Where everything is, by the last edit and those before it; returns the number of the document."""
        document = 0
        seen: set[int] = set()
        while at not in seen and len(seen) < _MOST_EDITS:
            seen.add(at)
            record = self._record(at)
            if record.kind != _EDIT:
                raise DocumentError("is damaged: open and save it anew, then add it.")
            before, directory, number = struct.unpack_from("<III", self._data, record.start + 8)
            document = document or number
            entries = self._record(directory)
            if entries.kind != _DIRECTORY:
                break
            place = entries.start
            while place + 4 <= entries.end:
                head = struct.unpack_from("<I", self._data, place)[0]
                first, count = head & 0xF_FFFF, head >> 20
                for step in range(count):
                    offset = struct.unpack_from("<I", self._data, place + 4 + 4 * step)[0]
                    self._places.setdefault(first + step, offset)
                place += 4 + 4 * count
            if before == 0:
                break
            at = before
        return document

    def _record(self, at: int) -> _Record:
        head, kind, size = struct.unpack_from("<HHI", self._data, at)
        return _Record(kind, head >> 4, head & 15 == 15, at + 8, min(at + 8 + size, len(self._data)))

    def _children(self, parent: _Record) -> Iterator[_Record]:
        at = parent.start
        while at + 8 <= parent.end:
            record = self._record(at)
            yield record
            at = max(record.end, at + 8)

    def _list(self, parent: _Record) -> list[_Slide]:
        slides: list[_Slide] = []
        kind = 4
        for record in self._children(parent):
            if record.kind == _PERSIST:
                reference, _, _, identifier = struct.unpack_from("<IIiI", self._data, record.start)
                slides.append(_Slide(identifier, reference))
            elif record.kind == _TEXT_KIND:
                kind = struct.unpack_from("<I", self._data, record.start)[0]
            elif record.kind in (_WIDE_TEXT, _TEXT) and slides:
                slides[-1].texts.append((kind, self._text(record)))
        return slides

    def _text(self, record: _Record) -> str:
        data = self._data[record.start : record.end]
        text = data.decode("utf-16-le", "replace") if record.kind == _WIDE_TEXT else data.decode("latin-1")
        return clean(text.replace("\r", "\n").replace("\x0b", "\n"))

    # --- slides ---
    def _slide(self, slide: _Slide, notes: dict[int, _Slide], number: int) -> Iterator[Block]:
        texts = list(slide.texts)
        tables: list[list[list[Cell]]] = []
        noted: list[tuple[int, str]] = []
        if (place := self._places.get(slide.reference)) is not None:
            container = self._record(place)
            boxes = list(self._boxes(container, tables, 0))
            # What a box takes from the outline stands there already.
            texts += [box for box in boxes if box not in texts]
            noted = self._notes(container, notes)
        titles = [text for kind, text in texts if kind in _TITLES and text]
        if titles:
            yield Block(titles[0].replace("\n", " "), "heading", 1, number)
        for kind, text in texts:
            if text and not (kind in _TITLES and text == titles[0]):
                lines = text.split("\n")
                yield Block("\n".join(f"- {line}" for line in lines) if len(lines) > 1 else text, page=number)
        for table in tables:
            yield from records(table, number)
        for _, text in noted:
            if text and not text.isdigit():
                yield Block(text, page=number)

    def _notes(self, slide: _Record, notes: dict[int, _Slide]) -> list[tuple[int, str]]:
        for record in self._children(slide):
            if record.kind == _SLIDE_ATOM:
                entry = notes.get(struct.unpack_from("<I", self._data, record.start + 16)[0])
                place = None if entry is None else self._places.get(entry.reference)
                if place is not None:
                    return [(kind, text) for kind, text in self._boxes(self._record(place), [], 0) if kind == 2]
        return []

    def _boxes(self, parent: _Record, tables: list[list[list[Cell]]], depth: int) -> Iterator[tuple[int, str]]:
        """The texts of shapes; a group of boxes in rows and columns is a table."""
        if depth > _DEEPEST:
            return
        for record in self._children(parent):
            if record.kind == _GROUP and (table := self._table(record)):
                tables.append(table)
            elif record.kind == _TEXT_BOX:
                yield from self._box(record)
            elif record.is_container:
                yield from self._boxes(record, tables, depth + 1)

    def _box(self, box: _Record) -> Iterator[tuple[int, str]]:
        kind = 4
        for record in self._children(box):
            if record.kind == _TEXT_KIND:
                kind = struct.unpack_from("<I", self._data, record.start)[0]
            elif record.kind in (_WIDE_TEXT, _TEXT):
                yield kind, self._text(record)

    def _table(self, group: _Record) -> list[list[Cell]]:
        """The cells of a group by their places; none if it isn't a full grid."""
        cells: dict[tuple[int, int], str] = {}
        for shape in self._children(group):
            if shape.kind == _GROUP:
                return []
            if shape.kind != _SHAPE:
                continue
            place: tuple[int, int] | None = None
            text: str | None = None
            for record in self._children(shape):
                if record.kind == _ANCHOR:
                    left, top = struct.unpack_from("<ii", self._data, record.start)
                    place = (top, left)
                elif record.kind == _TEXT_BOX:
                    text = "\n".join(text for _, text in self._box(record))
            if place is not None and text is not None:
                cells[place] = text
        rows = sorted({top for top, _ in cells})
        columns = sorted({left for _, left in cells})
        if len(rows) < 2 or len(columns) < 2 or len(cells) < 0.7 * len(rows) * len(columns):
            return []
        return [[Cell(cells.get((top, left), "")) for left in columns] for top in rows]
