"""Rich Text Format: text as it is shown, deleted and hidden parts left out."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace
from typing import Final

from vasi.errors import DocumentError
from vasi.knowledge.parse import html
from vasi.knowledge.parse.blocks import STRUCK_OUT, Block, Parsed, clean
from vasi.knowledge.parse.grid import Cell
from vasi.knowledge.parse.table import records

_TOKEN: Final = re.compile(
    rb"\\(?:([a-zA-Z]{1,40})(-?\d{1,12})? ?|'([0-9a-fA-F]{2})|([^a-zA-Z]))|([{}])|([\r\n]+)|([^\\{}\r\n]+)", re.DOTALL
)
_SKIPPED: Final = frozenset(
    {
        "fonttbl", "colortbl", "pict", "object", "objdata", "themedata", "colorschememapping", "datastore",
        "latentstyles", "listtable", "listoverridetable", "rsidtbl", "generator", "xmlnstbl", "wgrffmtfilter",
        "fldinst", "bkmkstart", "bkmkend", "nonshppict", "shpinst", "sp", "template", "operator", "private",
        "revtbl", "mmathPr", "filetbl", "atnid", "atnref", "atndate", "atnicn", "atrfstart", "atrfend",
        "pnseclvl", "annotationref", "author", "company", "manager", "category", "doccomm", "hlinkbase",
        "userprops", "oldcprops", "background", "tc", "xe", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc",
        "aftncn", "ftncn", "docvar", "password", "passwordhash", "mhtmltag", "falt", "panose", "blipuid",
        "creatim", "revtim", "printim", "buptim", "upr",
    }
)  # fmt: skip
"""Destinations that hold no text of the document."""
_DESTINATIONS: Final = {
    "stylesheet": "styles", "footnote": "footnote", "annotation": "annotation", "info": "info", "listtext": "list",
    "pntext": "list", "header": "header", "headerf": "header", "headerl": "header", "headerr": "header",
    "footer": "header", "footerf": "header", "footerl": "header", "footerr": "header",
}  # fmt: skip
"""Where the text of such groups goes."""
_UNREAD: Final = frozenset({"skip", "fonts", "info", "styles"})
_CHARACTERS: Final = {
    "tab": "\t", "emdash": "—", "endash": "–", "emspace": " ", "enspace": " ", "qmspace": " ", "bullet": "•",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "line": "\n", "softline": "\n", "lbr": "\n",
}  # fmt: skip
_CHARSETS: Final = {
    0: "cp1252", 77: "mac-roman", 78: "cp932", 79: "cp949", 80: "gb18030", 81: "big5hkscs", 128: "cp932", 129: "cp949",
    130: "johab", 134: "gb18030", 136: "big5hkscs", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255",
    178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
_HEADING: Final = re.compile(
    r"(?:heading|Überschrift|titre|título|titolo|kop|rubrik|заголовок|标题|見出し) ?(\d)", re.IGNORECASE
)
_DEEPEST: Final = 2_000


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits and may change for itself.

    Attributes:
        destination: where text goes: "body", "footnote", "annotation", "header", "title", "list" (the number of an
            item), "stylesheet" (the name of a style), or one of ``_UNREAD``.
        encoding: of bytes, by the font.
        replacement: bytes that follow a Unicode character for readers that know none.
        hidden: it isn't shown, or was deleted.
        struck: it's struck out.
    """

    destination: str = "body"
    encoding: str = ""
    replacement: int = 1
    hidden: bool = False
    struck: bool = False


@dataclass(frozen=True, slots=True)
class _Paragraph:
    style: int = 0
    outline: int | None = None
    in_table: bool = False


class _Table:
    """The rows of a table, as their cells end."""

    def __init__(self) -> None:
        self.rows: list[list[Cell]] = []
        self._texts: list[str] = []
        self._merges: list[tuple[bool, bool]] = []
        """By cell of the row: whether it goes on with the one to its left, and with the one above."""
        self._across = self._down = False
        self._above: dict[int, tuple[int, int]] = {}
        """By column: row and number of the cell above."""

    def define_row(self) -> None:
        self._merges = []
        self._across = self._down = False

    def define_cell(self, word: str) -> None:
        match word:
            case "clmrg":
                self._across = True
            case "clvmrg":
                self._down = True
            case "cellx":
                self._merges.append((self._across, self._down))
                self._across = self._down = False
            case _:
                pass

    def end_cell(self, text: str) -> None:
        self._texts.append(text)

    def end_row(self) -> None:
        if not self._texts:
            return
        row: list[Cell] = []
        above: dict[int, tuple[int, int]] = {}
        for column, text in enumerate(self._texts):
            across, down = self._merges[column] if column < len(self._merges) else (False, False)
            if across and row:
                row[-1] = replace(row[-1], columns=row[-1].columns + 1, text=f"{row[-1].text} {text}".strip())
            elif down and column in self._above:
                at, number = above[column] = self._above[column]
                cell = self.rows[at][number]
                self.rows[at][number] = replace(cell, rows=len(self.rows) - at + 1)
            else:
                above[column] = (len(self.rows), len(row))
                row.append(Cell(text))
        self._above = above
        self.rows.append(row)
        self._texts = []


def parse(data: bytes) -> Parsed:
    """The blocks of an RTF document.

    Raises:
        DocumentError: it is nested too deeply.
    """
    reader = _Reader()
    reader.read(data)
    return Parsed(
        reader.blocks, clean(reader.title).replace("\n", " "), warnings=[STRUCK_OUT] if reader.has_struck else []
    )


class _Reader:
    """Goes through the tokens once, with a stack of groups."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.title = ""
        self.has_struck = False
        """Text was left out because it's struck out."""
        self._encoding = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._styles: dict[int, str] = {}
        self._style_number = 0
        self._style_name = ""
        self._state = _State()
        self._stack: list[tuple[_State, _Paragraph]] = []
        self._bytes = bytearray()
        self._bytes_encoding = ""
        self._text: dict[str, list[str]] = {"body": [], "footnote": [], "annotation": [], "header": [], "title": []}
        self._notes: list[str] = []
        self._headers: dict[str, None] = {}
        self._paragraph = _Paragraph()
        self._list_mark = ""
        self._table = _Table()
        self._skip = 0
        self._ignorable = False
        self._high: int | None = None
        self._is_html = False

    def read(self, data: bytes) -> None:
        at = 0
        while (match := _TOKEN.match(data, at)) is not None:
            at = match.end()
            word, number, byte, symbol, brace, _, plain = match.groups()
            if brace is not None:
                self._flush()
                self._brace(brace)
            elif word is not None:
                if word == b"bin":
                    at += max(0, int(number or 0))
                elif word == b"u" and number is not None:
                    self._unicode(int(number))
                else:
                    self._flush()
                    self._word(word.decode("ascii"), int(number) if number else None)
            elif byte is not None:
                self._byte(bytes([int(byte, 16)]))
            elif symbol is not None:
                self._flush()
                self._symbol(symbol)
            elif plain is not None:
                self._ignorable = False
                self._plain(plain)
        self._flush()
        if self._is_html:
            self.blocks = html.parse(self._take("body")).blocks
            return
        self._end_paragraph()
        self._end_table()
        self.blocks[:0] = [Block(text) for text in self._headers]
        self.blocks += [Block(note) for note in self._notes]

    # --- groups ---
    def _brace(self, brace: bytes) -> None:
        self._skip = 0
        if brace == b"{":
            if len(self._stack) > _DEEPEST:
                raise DocumentError("is nested too deeply to be read: open and save it anew, then add it.")
            self._stack.append((self._state, self._paragraph))
            if self._state.destination == "styles":
                self._state = replace(self._state, destination="stylesheet")
            self._ignorable = False
            return
        ended = self._state
        self._state, before = self._stack.pop() if self._stack else (_State(), _Paragraph())
        if ended.destination not in ("body", "list"):
            self._paragraph = before
        if ended.destination == self._state.destination:
            return
        match ended.destination:
            case "stylesheet":
                self._end_style()
            case "footnote" | "annotation":
                label = "Comment: " if ended.destination == "annotation" else ""
                if text := clean(self._take(ended.destination)):
                    self._notes.append(label + text)
            case "header":
                text = clean(self._take("header"))
                if text and not text.isdigit():
                    self._headers[text] = None
            case "title":
                self.title = self.title or self._take("title")
            case "list":
                self._list_mark = clean(self._take("list"))
            case _:
                pass

    def _take(self, destination: str) -> str:
        parts = self._text.pop(destination, [])
        return "".join(parts)

    def _end_style(self) -> None:
        name = self._take("stylesheet").strip().rstrip(";")
        if name:
            self._styles[self._style_number] = name
        self._style_number = 0

    # --- characters ---
    def _plain(self, data: bytes) -> None:
        if self._skip:
            skipped = min(self._skip, len(data))
            self._skip -= skipped
            data = data[skipped:]
        if data:
            self._bytes += data
            self._bytes_encoding = self._state.encoding or self._encoding

    def _byte(self, data: bytes) -> None:
        if self._skip:
            self._skip -= 1
            return
        self._bytes += data
        self._bytes_encoding = self._state.encoding or self._encoding

    def _flush(self) -> None:
        """Decode the bytes that have come together: characters may be of several."""
        if self._bytes:
            data = bytes(self._bytes)
            self._bytes.clear()
            self._put(data.decode(self._bytes_encoding or "cp1252", "replace"))

    def _unicode(self, number: int) -> None:
        self._flush()
        code = number & 0xFFFF if number < 0 else number
        self._skip = self._state.replacement
        if 0xD800 <= code < 0xDC00:
            self._high = code
            return
        if 0xDC00 <= code < 0xE000:
            code = 0xFFFD if self._high is None else 0x10000 + ((self._high - 0xD800) << 10) + (code - 0xDC00)
        self._high = None
        if 0xF000 <= code <= 0xF0FF:
            code -= 0xF000  # signs of symbol fonts
        self._put(chr(code) if 0 < code < 0x110000 else "")

    def _symbol(self, symbol: bytes) -> None:
        self._skip = 0
        match symbol:
            case b"*":
                self._ignorable = True
            case b"~":
                self._put("\u00a0")
            case b"_":
                self._put("-")
            case b"\\" | b"{" | b"}":
                self._put(symbol.decode())
            case b"\r" | b"\n":
                self._end_line()
            case _:
                pass

    def _put(self, text: str) -> None:
        state = self._state
        if state.destination in _UNREAD or state.hidden:
            return
        if state.struck:
            self.has_struck |= not text.isspace()
            return
        self._text.setdefault(state.destination, []).append(text)

    # --- control words ---
    def _word(self, word: str, number: int | None) -> None:
        self._skip = 0
        ignorable, self._ignorable = self._ignorable, False
        if word in _CHARACTERS:
            self._put(_CHARACTERS[word])
        elif word in _SKIPPED:
            self._state = replace(self._state, destination="fonts" if word == "fonttbl" else "skip")
        elif not (self._format(word, number) or self._structure(word, number) or self._enter(word)) and ignorable:
            self._state = replace(self._state, destination="skip")

    def _format(self, word: str, number: int | None) -> bool:
        """Words about characters."""
        match word:
            case "ansicpg" if number:
                self._encoding = _codec(f"cp{number}") or self._encoding
            case "mac":
                self._encoding = "mac-roman"
            case "pc" | "pca":
                self._encoding = "cp437" if word == "pc" else "cp850"
            case "f" if number is not None:
                self._font = number
                self._state = replace(self._state, encoding=self._fonts.get(number, ""))
            case "fcharset" if number is not None:
                self._fonts[self._font] = "" if number == 1 else _CHARSETS.get(number, "")
            case "cpg" if number is not None and self._state.destination == "fonts":
                self._fonts[self._font] = _codec(f"cp{number}") or self._fonts.get(self._font, "")
            case "uc" if number is not None:
                self._state = replace(self._state, replacement=max(0, min(number, 16)))
            case "v" | "deleted" | "htmlrtf":
                self._state = replace(self._state, hidden=number != 0)
            case "strike" | "striked":
                self._state = replace(self._state, struck=number != 0)
            case "plain":
                self._state = replace(self._state, hidden=False, struck=False, encoding="")
            case "fromhtml":
                self._is_html = True
            case _:
                return False
        return True

    def _structure(self, word: str, number: int | None) -> bool:
        """Words about paragraphs and tables."""
        match word:
            case "par" | "sect" | "page" | "column":
                self._end_line()
            case "pard":
                self._paragraph = _Paragraph()
            case "intbl":
                self._paragraph = replace(self._paragraph, in_table=True)
            case "s" if number is not None:
                if self._state.destination == "stylesheet":
                    self._style_number = number
                else:
                    self._paragraph = replace(self._paragraph, style=number)
            case "cs" | "ds" | "ts":
                if self._state.destination == "stylesheet":
                    self._style_number = -1  # of characters, sections and tables
            case "outlinelevel" if number is not None:
                self._paragraph = replace(self._paragraph, outline=number)
            case "trowd":
                self._table.define_row()
            case "cellx" | "clmrg" | "clvmrg":
                self._table.define_cell(word)
            case "cell":
                self._end_cell()
            case "row":
                self._table.end_row()
            case "nestcell" | "nestrow":
                self._put("\n")
            case _:
                return False
        return True

    def _enter(self, word: str) -> bool:
        """Words that say where the text of a group goes."""
        destination = _DESTINATIONS.get(word)
        match word:
            case "title":
                destination = "title" if self._state.destination == "info" else None
            case "htmltag":
                destination = "body" if self._is_html else "skip"
            case "shptxt" | "fldrslt" | "result":
                destination = "body" if self._state.destination == "skip" else self._state.destination
            case _:
                pass
        if destination is None:
            return False
        self._state = replace(self._state, destination=destination)
        return True

    # --- paragraphs and tables ---
    def _end_line(self) -> None:
        if self._state.destination == "body" and not self._is_html:
            self._end_paragraph()
        else:
            self._put("\n")

    def _end_paragraph(self) -> None:
        text = clean(self._take("body"))
        mark, self._list_mark = self._list_mark, ""
        if self._paragraph.in_table:
            if text:
                self._text["body"] = [text, "\n"]
            return
        self._end_table()
        if not text:
            return
        if level := self._level():
            self.blocks.append(Block(f"{mark} {text}".strip().replace("\n", " "), "heading", level))
        elif mark:
            self._item(text.replace("\n", " "), mark if mark[-1] in ".)" and len(mark) < 8 else "-")
        else:
            self.blocks.append(Block(text))

    def _level(self) -> int:
        if self._paragraph.outline is not None and self._paragraph.outline < 9:
            return self._paragraph.outline + 1
        name = self._styles.get(self._paragraph.style, "")
        if match := _HEADING.match(name):
            return int(match.group(1)) or 1
        return 1 if name.lower() in ("title", "titel", "titre") else 0

    def _item(self, text: str, mark: str) -> None:
        """Items of one list are one block, with the line that leads to them."""
        before = self.blocks[-1] if self.blocks else None
        line = f"{mark} {text}"
        if before is not None and before.kind == "text" and (before.text.endswith(":") or self._is_list(before.text)):
            self.blocks[-1] = Block(f"{before.text}\n{line}")
        else:
            self.blocks.append(Block(line))

    @staticmethod
    def _is_list(text: str) -> bool:
        last = text.rpartition("\n")[2]
        return last.startswith("- ") or (last.partition(" ")[0][-1:] in (".", ")") and len(last.partition(" ")[0]) < 8)

    def _end_cell(self) -> None:
        text = clean(self._take("body"))
        mark, self._list_mark = self._list_mark, ""
        self._table.end_cell(f"{mark} {text}".strip())

    def _end_table(self) -> None:
        self._table.end_row()
        if self._table.rows:
            self.blocks += records(self._table.rows)
        self._table = _Table()


def _codec(name: str) -> str | None:
    name = {"cp65001": "utf-8", "cp10000": "mac-roman", "cp936": "gb18030", "cp950": "big5hkscs"}.get(name, name)
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None
