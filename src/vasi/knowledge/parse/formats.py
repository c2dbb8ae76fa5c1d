"""Which format a file has, by its content and its name."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePath

from vasi.errors import DocumentError
from vasi.knowledge.parse.encodings import is_text


class Format(StrEnum):
    """A format that can be read; the value is its media type."""

    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    HTML = "text/html"
    WEB_PAGE = "text/html; charset=utf-8"
    """A page that was fetched: only its main part is read."""
    MARKDOWN = "text/markdown"
    CSV = "text/csv"
    TEXT = "text/plain"


_SUFFIXES = {
    ".pdf": Format.PDF,
    ".docx": Format.DOCX,
    ".pptx": Format.PPTX,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".webpage": Format.WEB_PAGE,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".txt": Format.TEXT,
    ".text": Format.TEXT,
    ".rst": Format.TEXT,
    ".log": Format.TEXT,
}
READABLE = "PDF, DOCX, PPTX, HTML, Markdown, CSV and text"
_NAMES = {
    Format.PDF: "a PDF",
    Format.DOCX: "a Word document",
    Format.PPTX: "a PowerPoint file",
    Format.HTML: "an HTML page",
    Format.WEB_PAGE: "a web page",
    Format.MARKDOWN: "a Markdown text",
    Format.CSV: "a table",
    Format.TEXT: "a text",
}
_PACKED = frozenset({Format.PDF, Format.DOCX, Format.PPTX})

# What other files begin with: only to say what they are.
_MAGIC = (
    (b"\x7fELF", "a program"),
    (b"MZ", "a Windows program"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
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
    (b"{\\rtf", "an RTF document"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(
    rb"\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)


def suffix_format(name: str) -> Format | None:
    """The format that the name of a file declares."""
    return _SUFFIXES.get(PurePath(name).suffix.lower())


def suffixes_of(format_: Format) -> tuple[str, ...]:
    """The suffixes (with dot, lower case) of the files of a format."""
    return tuple(suffix for suffix, of in _SUFFIXES.items() if of is format_)


def detect(name: str, data: bytes, entries: frozenset[str] | None) -> Format:
    """The format of the file ``name`` that holds ``data``.

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
    if isinstance(detected, Format) and detected in _PACKED:
        if declared is not None and declared != detected:
            raise DocumentError(f"is {_NAMES[detected]}, not {_NAMES[declared]}: rename it and add it again.")
        return detected
    if data.startswith(_OLD_OFFICE):
        raise DocumentError("is an old or password-protected Office file: save it as PDF, DOCX or PPTX and add that.")
    if not isinstance(detected, Format):
        raise DocumentError(f"is {detected}; vasi reads {READABLE}.")
    if declared is not None and declared in _PACKED:
        raise DocumentError(f"is damaged or isn't {_NAMES[declared]}: open and save it anew, then add it.")
    if declared is not None:
        return declared
    return Format.HTML if detected is Format.HTML else Format.TEXT


def _by_content(data: bytes, entries: frozenset[str] | None) -> Format | str:
    """The format by content; or, for what can't be read, what it is ("a PNG image")."""
    if b"%PDF-" in data[:1024]:
        return Format.PDF
    if entries is not None:
        if "word/document.xml" in entries:
            return Format.DOCX
        return Format.PPTX if "ppt/presentation.xml" in entries else "a ZIP archive"
    if data.startswith(b"PK\x03\x04"):
        return "a damaged ZIP archive or Office file"
    for magic, what in _MAGIC:
        if data.startswith(magic) and (len(magic) > 2 or b"\0" in data[:1024]):
            return what
    if not is_text(data):
        return "not a text"
    return Format.HTML if _HTML.match(data[:4096]) else Format.TEXT
