"""Which format a file has, by its content and its name."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from enum import StrEnum
from pathlib import PurePath

from vasi.errors import DocumentError
from vasi.knowledge.parse.compound import MAGIC as COMPOUND
from vasi.knowledge.parse.compound import Compound
from vasi.knowledge.parse.encodings import is_text


class Format(StrEnum):
    """A format that can be read; the value is its media type."""

    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    DOC = "application/msword"
    XLS = "application/vnd.ms-excel"
    PPT = "application/vnd.ms-powerpoint"
    MSG = "application/vnd.ms-outlook"
    ODT = "application/vnd.oasis.opendocument.text"
    ODS = "application/vnd.oasis.opendocument.spreadsheet"
    ODP = "application/vnd.oasis.opendocument.presentation"
    RTF = "application/rtf"
    EPUB = "application/epub+zip"
    ZIP = "application/zip"
    HTML = "text/html"
    WEB_PAGE = "text/html; charset=utf-8"
    """A page that was fetched: only its main part is read."""
    EML = "message/rfc822"
    CALENDAR = "text/calendar"
    CONTACTS = "text/vcard"
    NOTEBOOK = "application/x-ipynb+json"
    JSON = "application/json"
    RST = "text/x-rst"
    LATEX = "application/x-latex"
    MARKDOWN = "text/markdown"
    CSV = "text/csv"
    TEXT = "text/plain"


_SUFFIXES = {
    ".pdf": Format.PDF,
    ".docx": Format.DOCX,
    ".pptx": Format.PPTX,
    ".xlsx": Format.XLSX,
    ".xlsm": Format.XLSX,
    ".doc": Format.DOC,
    ".dot": Format.DOC,
    ".xls": Format.XLS,
    ".xlt": Format.XLS,
    ".ppt": Format.PPT,
    ".pps": Format.PPT,
    ".msg": Format.MSG,
    ".odt": Format.ODT,
    ".ott": Format.ODT,
    ".fodt": Format.ODT,
    ".ods": Format.ODS,
    ".ots": Format.ODS,
    ".fods": Format.ODS,
    ".odp": Format.ODP,
    ".otp": Format.ODP,
    ".fodp": Format.ODP,
    ".rtf": Format.RTF,
    ".epub": Format.EPUB,
    ".zip": Format.ZIP,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".webpage": Format.WEB_PAGE,
    ".eml": Format.EML,
    ".ics": Format.CALENDAR,
    ".ical": Format.CALENDAR,
    ".vcf": Format.CONTACTS,
    ".vcard": Format.CONTACTS,
    ".ipynb": Format.NOTEBOOK,
    ".json": Format.JSON,
    ".jsonl": Format.JSON,
    ".ndjson": Format.JSON,
    ".rst": Format.RST,
    ".tex": Format.LATEX,
    ".latex": Format.LATEX,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".txt": Format.TEXT,
    ".text": Format.TEXT,
    ".log": Format.TEXT,
}
READABLE = (
    "PDF, Word, Excel, PowerPoint, OpenDocument, RTF, EPUB, HTML, mails, calendars, contacts, Markdown, LaTeX, JSON, "
    "CSV, text and ZIP archives of these"
)
_NAMES = {
    Format.PDF: "a PDF",
    Format.DOCX: "a Word document",
    Format.PPTX: "a PowerPoint file",
    Format.XLSX: "an Excel file",
    Format.DOC: "an old Word document",
    Format.XLS: "an old Excel file",
    Format.PPT: "an old PowerPoint file",
    Format.MSG: "a mail of Outlook",
    Format.ODT: "an OpenDocument text",
    Format.ODS: "an OpenDocument sheet",
    Format.ODP: "an OpenDocument presentation",
    Format.RTF: "an RTF document",
    Format.EPUB: "an EPUB book",
    Format.ZIP: "a ZIP archive",
    Format.HTML: "an HTML page",
    Format.WEB_PAGE: "a web page",
    Format.EML: "a mail",
    Format.CALENDAR: "a calendar",
    Format.CONTACTS: "contacts",
    Format.NOTEBOOK: "a notebook",
    Format.JSON: "JSON",
    Format.RST: "a reStructuredText",
    Format.LATEX: "a LaTeX text",
    Format.MARKDOWN: "a Markdown text",
    Format.CSV: "a table",
    Format.TEXT: "a text",
}
_PACKED = frozenset(
    {
        Format.PDF, Format.DOCX, Format.PPTX, Format.XLSX, Format.DOC, Format.XLS, Format.PPT, Format.MSG, Format.ODT,
        Format.ODS, Format.ODP, Format.RTF, Format.EPUB, Format.ZIP,
    }
)  # fmt: skip
"""Formats that show themselves: a file that doesn't look like it isn't one."""
_SHEETS = frozenset({Format.XLSX, Format.XLS, Format.ODS})
_OPEN_DOCUMENT = {"text": Format.ODT, "spreadsheet": Format.ODS, "presentation": Format.ODP}

_STREAMS = {
    "__properties_version1.0": Format.MSG,
    "powerpoint document": Format.PPT,
    "worddocument": Format.DOC,
    "workbook": Format.XLS,
    "book": Format.XLS,
}
"""What a compound file holds, in lower case, by which it is known."""

# What other files begin with: only to say what they are.
_MAGIC = (
    (b"\x7fELF", "a program"),
    (b"MZ", "a Windows program"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"RIFF", "a sound, video or WebP file"),
    (b"ID3", "an MP3 file"),
    (b"OggS", "an Ogg file"),
    (b"fLaC", "a FLAC file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"SQLite format 3", "a database"),
    (b"!BDN", "an Outlook mailbox (save its mails one by one)"),
    (b"%!PS", "a PostScript file (save it as PDF)"),
)
_HTML = re.compile(
    rb"\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_ODF = re.compile(rb"application/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)")
_NO_TEXT = "is an OpenDocument drawing, formula or the like: save it as PDF and add that"
_FLAT_ODF = re.compile(rb'office:mimetype="application/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)')
_BEGIN = re.compile(rb"\s*+(?:\xef\xbb\xbf)?BEGIN:V(CALENDAR|CARD)\s", re.IGNORECASE)
_MAIL = re.compile(
    rb"(?:(?:return-path|received|from|to|cc|subject|date|message-id|mime-version|delivered-to|dkim-signature|reply-to"
    rb"|content-type|sender|authentication-results|(?:x|arc)-[\w-]{1,40}): [^\r\n]{0,2000}\r?\n"
    rb"(?:[ \t][^\r\n]{0,2000}\r?\n)*+){3}",
    re.IGNORECASE,
)
"""Three headers of a mail, one after the other."""


def suffix_format(name: str) -> Format | None:
    """The format that the name of a file declares."""
    return _SUFFIXES.get(PurePath(name).suffix.lower())


def suffixes_of(format_: Format) -> tuple[str, ...]:
    """The suffixes (with dot, lower case) of the files of a format."""
    return tuple(suffix for suffix, of in _SUFFIXES.items() if of is format_)


def detect(name: str, data: bytes, entries: frozenset[str] | None) -> Format:
    """The format of the file ``name`` that holds ``data``.

    Content decides where it shows the format; among kinds of text the name does. A text under the name of another
    format is read as the text that it is: programs and people name files so.

    Args:
        name: file name.
        data: the whole content.
        entries: names inside, if it is a ZIP archive; None if it isn't.

    Raises:
        DocumentError: it can't be read, or isn't what its name says. The message goes on after the file's name, as
            all messages of the parsers do.
    """
    if not data:
        raise DocumentError("is empty.")
    declared = suffix_format(name)
    detected = _by_content(data, entries)
    if not isinstance(detected, Format):
        raise DocumentError(f"{detected}.")
    if detected in _PACKED:
        return detected
    if declared is not None and declared not in _PACKED and declared is not Format.TEXT:
        return declared
    if detected is Format.HTML:
        return detected
    return Format.CSV if declared in _SHEETS and _is_delimited(data) else _kind_of_text(data)


def mismatch(name: str, media_type: str) -> str | None:
    """A sentence for a file whose name says that it is something else than it is; None if it doesn't."""
    declared = suffix_format(name)
    detected = next((one for one in Format if one.value == media_type), None)
    if declared is None or detected is None or declared is detected or not {declared, detected} & _PACKED:
        return None
    return f"It is {_NAMES[detected]}, though its name says {_NAMES[declared]}."


def _by_content(data: bytes, entries: frozenset[str] | None) -> Format | str:
    """The format by content; or, for what can't be read, what to say of it ("is a PNG image; vasi reads PDF")."""
    if b"%PDF-" in data[:1024]:
        return Format.PDF
    if entries is not None:
        return _packed(data, entries)
    if data.startswith(COMPOUND):
        return _compound(data)
    if data.startswith(b"PK\x03\x04"):
        return _refuse("a damaged ZIP archive or Office file")
    if data.lstrip()[:5] == b"{\\rtf":
        return Format.RTF
    for magic, what in _MAGIC:
        if data.startswith(magic) and (len(magic) > 2 or b"\0" in data[:1024]):
            return _refuse(what)
    if not is_text(data):
        return _refuse("not a text")
    if b"<office:document" in data[:4_096] and (flat := _FLAT_ODF.search(data, 0, 16_384)) is not None:
        return _OPEN_DOCUMENT[flat.group(1).decode()]
    return Format.HTML if _HTML.match(data[:4096]) else Format.TEXT


def _declared_type(data: bytes) -> bytes:
    """What an OpenDocument archive says that it is: in an entry of its own, which needn't be the first, or in the list
    of all entries.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = "mimetype" if "mimetype" in archive.namelist() else "META-INF/manifest.xml"
        try:
            with archive.open(entry) as file:
                return file.read(4_096)
        except (zipfile.BadZipFile, OSError, ValueError, zlib.error, EOFError):
            return b""


def _refuse(what: str) -> str:
    return f"is {what}; vasi reads {READABLE}"


def _packed(data: bytes, entries: frozenset[str]) -> Format | str:
    """What is a ZIP archive."""
    if "word/document.xml" in entries:
        return Format.DOCX
    if "ppt/presentation.xml" in entries:
        return Format.PPTX
    if "xl/workbook.xml" in entries:
        return Format.XLSX
    if "xl/workbook.bin" in entries:
        return "is a binary Excel file (XLSB): save it as XLSX and add that"
    if data[30:60].startswith(b"mimetypeapplication/epub") or "META-INF/container.xml" in entries:
        return Format.EPUB
    if "content.xml" in entries and "META-INF/manifest.xml" in entries:
        kind = _ODF.search(_declared_type(data))
        return _OPEN_DOCUMENT[kind.group(1).decode()] if kind else _NO_TEXT
    if "Index/Document.iwa" in entries or any(name.endswith(".iwa") for name in entries):
        return "is a file of Pages, Numbers or Keynote: export it as PDF, Word, Excel or PowerPoint and add that"
    return Format.ZIP


def _compound(data: bytes) -> Format | str:
    """What is a compound file, as Office used to write them."""
    try:
        names = {name.lower() for name in Compound(data).children("")}
    except DocumentError as error:
        return error.message.rstrip(".")
    if names & {"encryptedpackage", "encryptioninfo"}:
        return "is protected by a password: save a copy without it and add that"
    for name, format_ in _STREAMS.items():
        if name in names:
            return format_
    return "is an old Office file of a kind that isn't read: save it as PDF and add that"


def _is_delimited(data: bytes) -> bool:
    """Do most lines of a text hold the sign that parts the cells of a table?"""
    lines = [line for line in data[:8_192].splitlines()[:50] if line.strip()]
    return any(2 * sum(mark in line for line in lines) > len(lines) for mark in (b",", b";", b"\t", b"|"))


def _kind_of_text(data: bytes) -> Format:
    """Of a text without a telling name."""
    if (begun := _BEGIN.match(data)) is not None:
        return Format.CALENDAR if begun.group(1).upper() == b"CALENDAR" else Format.CONTACTS
    return Format.EML if _MAIL.match(data[:16_384]) else Format.TEXT
