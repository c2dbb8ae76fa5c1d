"""Mails that Outlook saves (MSG)."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta
from email import message_from_string, policy
from typing import Final

from vasi.errors import DocumentError
from vasi.knowledge.parse import encodings, mail, rtf, text
from vasi.knowledge.parse.blocks import Block, Parsed, clean
from vasi.knowledge.parse.compound import Compound
from vasi.knowledge.parse.dates import show_moment
from vasi.knowledge.parse.limits import ReadingLimits

_SUBJECT: Final = "0037"
_BODY: Final = "1000"
_PAGE: Final = "1013"
_RTF: Final = "1009"
_TRANSPORT: Final = "007D"
_NAMES: Final = {"From": ("0C1A", "0042"), "To": ("0E04",), "Cc": ("0E03",)}
_ADDRESS: Final = ("5D01", "0C1F")
_SENT: Final = (0x0039_0040, 0x0E06_0040)
_ATTACHMENT_NAME: Final = ("3707", "3704", "3001")
_EPOCH: Final = datetime(1601, 1, 1, tzinfo=UTC)
_CODE_PAGE: Final = 0x3FFD_0003
_MOST_TEXT: Final = 50_000_000


def parse(file: Compound, limits: ReadingLimits, depth: int = 0, folder: str = "") -> Parsed:
    """A mail, its headers as fields, with what is attached; ``folder`` is where it stands within the file."""
    message = _Message(file, folder)
    fields: list[tuple[str, str]] = []
    if subject := message.text(_SUBJECT):
        fields.append(("Subject", subject))
    for label, ids in _NAMES.items():
        value = next((found for one in ids if (found := message.text(one))), "")
        if label == "From" and value:
            address = next((found for one in _ADDRESS if "@" in (found := message.text(one))), "")
            value = f"{value} <{address}>" if address and address != value else value
        if value:
            fields.append((label, value))
    if date := message.date():
        fields.append(("Date", date))
    attachments: list[mail.Attachment] = []
    inner: list[tuple[str, str]] = []
    for name in file.children(folder):
        if name.startswith("__attach_version1.0_"):
            _attachment(_Message(file, f"{folder}/{name}".lstrip("/")), attachments, inner)
    parsed = mail.compose(fields, message.body(limits), attachments, limits, depth)
    for name, place in inner:
        _add_inner(parsed, file, limits, depth, name, place)
    return parsed


def _attachment(attached: _Message, attachments: list[mail.Attachment], inner: list[tuple[str, str]]) -> None:
    name = next((found for one in _ATTACHMENT_NAME if (found := attached.text(one))), "attachment")
    data = attached.binary("3701")
    if data is not None:
        is_shown = bool(attached.text("3712")) and name.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".bmp"))
        attachments.append(mail.Attachment(name, data, is_shown))
    elif (place := f"{attached.folder}/__substg1.0_3701000D") in attached.file:
        inner.append((name, place))


def _add_inner(parsed: Parsed, file: Compound, limits: ReadingLimits, depth: int, name: str, place: str) -> None:
    """A mail that is attached stands in the same file."""
    if depth >= mail.DEEPEST:
        parsed.warnings.append(f"Its attachment {name} wasn't read: it is a mail in a mail in a mail.")
        return
    within = parse(file, limits, depth + 1, place)
    parsed.blocks.append(Block(f"Attachment: {clean(name)}", "heading", 1))
    parsed.blocks.extend(mail.lower(within.blocks))
    parsed.warnings.extend(f"Its attachment {name}: {warning}" for warning in within.warnings)


class _Message:
    """The properties of a mail or of an attachment."""

    def __init__(self, file: Compound, folder: str) -> None:
        self.file = file
        self.folder = folder
        self._prefix = f"{folder}/" if folder else ""
        data = file.read(f"{self._prefix}__properties_version1.0") or b""
        # How long the head is depends on what it belongs to; entries are of 16 bytes.
        head = 32 if not folder else 24 if folder.endswith("000D") else 8
        self._fixed = {
            struct.unpack_from("<I", data, at)[0]: data[at + 8 : at + 16] for at in range(head, len(data) - 15, 16)
        }

    def text(self, identifier: str) -> str:
        """A property in one line; "" if there is none."""
        return clean(self._string(identifier)).replace("\n", " ")

    def _string(self, identifier: str) -> str:
        if (wide := self.file.read(f"{self._prefix}__substg1.0_{identifier}001F")) is not None:
            return wide.decode("utf-16-le", "replace")
        narrow = self.file.read(f"{self._prefix}__substg1.0_{identifier}001E")
        return "" if narrow is None else self._decode(narrow)

    def _decode(self, data: bytes) -> str:
        page = struct.unpack_from("<I", self._fixed.get(_CODE_PAGE, bytes(4)))[0]
        try:
            return encodings.decode(data, f"cp{page}" if page and page != 65001 else None).text
        except DocumentError:
            return data.decode("cp1252", "replace")

    def binary(self, identifier: str) -> bytes | None:
        """A property of bytes."""
        return self.file.read(f"{self._prefix}__substg1.0_{identifier}0102")

    def date(self) -> str:
        """When it was sent; "" if that isn't known."""
        headers = self._string(_TRANSPORT)
        if headers and (date := mail.date_of(message_from_string(headers, policy=policy.compat32))):
            return date
        for key in _SENT:
            if value := struct.unpack("<Q", self._fixed.get(key, bytes(8)))[0]:
                try:
                    moment = _EPOCH + timedelta(microseconds=value // 10)
                except OverflowError:
                    continue
                return f"{show_moment(moment)} UTC"
        return ""

    def body(self, limits: ReadingLimits) -> list[Block]:
        """What it says: its page, its rich text or its plain text, whichever shows most."""
        plain = self._string(_BODY)[: limits.characters]
        page = self.binary(_PAGE)
        source = self._decode(page) if page else self._string(_PAGE)
        if source.strip():
            return mail.body(plain, source[: limits.characters * 4])
        packed = self.binary(_RTF)
        if packed and (unpacked := _unpack(packed)):
            blocks = rtf.parse(unpacked).blocks
            if any(block.kind == "row" for block in blocks) or not plain.strip():
                return blocks
        return text.parse(plain).blocks if plain.strip() else []


_START: Final = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    + b"\r\n"
    + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
"""What the dictionary of packed rich text begins with."""


def _unpack(data: bytes) -> bytes:
    """Rich text as mails hold it, packed by a dictionary of the last 4096 bytes; what is damaged is cut off."""
    if len(data) < 16:
        return b""
    _, size, magic = struct.unpack_from("<II4s", data)
    if magic == b"MELA":
        return data[16 : 16 + size]
    if magic != b"LZFu":
        return b""
    window = bytearray(_START.ljust(4096, b" "))
    place = len(_START)
    out = bytearray()
    at = 16
    while at < len(data) and len(out) < min(size, _MOST_TEXT):
        control = data[at]
        at += 1
        for bit in range(8):
            if at >= len(data):
                break
            if control >> bit & 1:
                if at + 1 >= len(data):
                    return bytes(out)
                reference = data[at] << 8 | data[at + 1]
                at += 2
                offset, length = reference >> 4, (reference & 15) + 2
                if offset == place:
                    return bytes(out)
                for step in range(length):
                    byte = window[(offset + step) % 4096]
                    out.append(byte)
                    window[place] = byte
                    place = (place + 1) % 4096
            else:
                out.append(data[at])
                window[place] = data[at]
                place = (place + 1) % 4096
                at += 1
    return bytes(out)
