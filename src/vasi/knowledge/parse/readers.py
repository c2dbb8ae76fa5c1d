"""Which reader opens a file: those that packages add for its suffix (``vasi.plugins``), else a built-in one.

Readers run in a child process, which loads them anew; the parent only asks for their suffixes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from vasi import plugins
from vasi.errors import DocumentError
from vasi.knowledge.parse import archive, encodings, formats
from vasi.knowledge.parse.blocks import Parsed
from vasi.knowledge.parse.compound import Compound
from vasi.knowledge.parse.formats import Format
from vasi.knowledge.parse.limits import ReadingLimits


@dataclass(frozen=True, slots=True)
class DocumentReader:
    """What reads files of one format: what the group ``vasi.readers`` takes.

    Attributes:
        name: the format, in a word.
        media_type: of what it reads.
        suffixes: the endings of such files, with dot and in lower case.
        parse: turns the bytes of a file into blocks, within the limits. Raises ``DocumentError`` with a message that
            goes on after the file's name; whatever else it raises, the file counts as damaged.
    """

    name: str
    media_type: str
    suffixes: tuple[str, ...]
    parse: Callable[[bytes, ReadingLimits], Parsed]


# --- the built-in ones: each imports its library when the first file needs it, since all cost memory and time --------
def _pdf(data: bytes, limits: ReadingLimits) -> Parsed:
    from vasi.knowledge.parse import pdf

    return pdf.parse(data, limits.pages, limits.characters)


def _docx(data: bytes, _: ReadingLimits) -> Parsed:
    from vasi.knowledge.parse.word import document

    return document.parse(data)


def _pptx(data: bytes, limits: ReadingLimits) -> Parsed:
    from vasi.knowledge.parse import pptx

    return pptx.parse(data, limits.pages)


def _html(data: bytes, limits: ReadingLimits) -> Parsed:
    from vasi.knowledge.parse import html

    return _read_text(data, limits, html.parse)


def _rst(data: bytes, limits: ReadingLimits) -> Parsed:
    from vasi.knowledge.parse import rst

    return _read_text(data, limits, rst.parse)


def _latex(data: bytes, limits: ReadingLimits) -> Parsed:
    from vasi.knowledge.parse import latex

    return _read_text(data, limits, latex.parse)


def _web_page(data: bytes, limits: ReadingLimits) -> Parsed:
    from vasi.knowledge.parse import web_page

    return _read_text(data, limits, web_page.parse)


def _markdown(data: bytes, limits: ReadingLimits) -> Parsed:
    from vasi.knowledge.parse import markdown

    return _read_text(data, limits, markdown.parse)


def _csv(data: bytes, limits: ReadingLimits) -> Parsed:
    from vasi.knowledge.parse import delimited

    return _read_text(data, limits, delimited.parse)


def _xlsx(data: bytes, limits: ReadingLimits) -> Parsed:
    from vasi.knowledge.parse import xlsx

    return xlsx.parse(data, limits.characters)


def _doc(data: bytes, _: ReadingLimits) -> Parsed:
    from vasi.knowledge.parse import doc

    return doc.parse(Compound(data))


def _xls(data: bytes, limits: ReadingLimits) -> Parsed:
    from vasi.knowledge.parse import xls

    return xls.parse(Compound(data), limits.characters)


def _ppt(data: bytes, limits: ReadingLimits) -> Parsed:
    from vasi.knowledge.parse import ppt

    return ppt.parse(Compound(data), limits.pages)


def _msg(data: bytes, limits: ReadingLimits) -> Parsed:
    return _msg_within(data, limits, 0)


def _msg_within(data: bytes, limits: ReadingLimits, depth: int) -> Parsed:
    from vasi.knowledge.parse import msg

    return msg.parse(Compound(data), limits, depth)


def _odt(data: bytes, limits: ReadingLimits) -> Parsed:
    from vasi.knowledge.parse import odf

    return odf.parse(data, "text", limits)


def _ods(data: bytes, limits: ReadingLimits) -> Parsed:
    from vasi.knowledge.parse import odf

    return odf.parse(data, "spreadsheet", limits)


def _odp(data: bytes, limits: ReadingLimits) -> Parsed:
    from vasi.knowledge.parse import odf

    return odf.parse(data, "presentation", limits)


def _rtf(data: bytes, _: ReadingLimits) -> Parsed:
    from vasi.knowledge.parse import rtf

    return rtf.parse(data)


def _epub(data: bytes, limits: ReadingLimits) -> Parsed:
    from vasi.knowledge.parse import epub

    return epub.parse(data, limits.characters)


def _eml(data: bytes, limits: ReadingLimits) -> Parsed:
    from vasi.knowledge.parse import mail

    return mail.parse(data, limits)


def _calendar(data: bytes, limits: ReadingLimits) -> Parsed:
    from vasi.knowledge.parse import calendar

    return _read_text(data, limits, calendar.parse)


def _contacts(data: bytes, limits: ReadingLimits) -> Parsed:
    from vasi.knowledge.parse import contacts

    return _read_text(data, limits, contacts.parse)


def _json(data: bytes, limits: ReadingLimits) -> Parsed:
    from vasi.knowledge.parse import json_text

    return json_text.parse(_whole_text(data, limits))


def _notebook(data: bytes, limits: ReadingLimits) -> Parsed:
    from vasi.knowledge.parse import notebook

    return notebook.parse(_whole_text(data, limits))


def _text(data: bytes, limits: ReadingLimits) -> Parsed:
    from vasi.knowledge.parse.text import parse

    return _read_text(data, limits, parse)


def _read_text(data: bytes, limits: ReadingLimits, parse: Callable[[str], Parsed]) -> Parsed:
    decoded = encodings.decode(data)
    text = decoded.text
    warnings = list(decoded.warnings)
    if len(text) > limits.characters:
        text = text[: limits.characters]
        warnings.append(f"Only its first {limits.characters:,} characters were read.")
    parsed = parse(text)
    return Parsed(parsed.blocks, parsed.title, parsed.pages, [*warnings, *parsed.warnings])


def _whole_text(data: bytes, limits: ReadingLimits) -> str:
    """The text of what can't be cut anywhere. Raises ``DocumentError`` if it is too large for that."""
    text = encodings.decode(data).text
    if len(text) > limits.characters * 4:
        raise DocumentError("is too large to be read whole: split it and add the parts.")
    return text


def read_part(name: str, data: bytes, limits: ReadingLimits, depth: int) -> Parsed:
    """A document within another, such as what is attached to a mail; ``depth`` is 1 in the outermost.

    Raises:
        DocumentError: it can't be read. The message goes on after its name.
    """
    from vasi.knowledge.parse import mail

    reader = choose(name, data, limits)
    match reader.media_type:
        case Format.EML:
            return mail.parse(data, limits, depth)
        case Format.MSG:
            return _msg_within(data, limits, depth)
        case _:
            return reader.parse(data, limits)


_PARSERS = {
    Format.PDF: _pdf,
    Format.DOCX: _docx,
    Format.PPTX: _pptx,
    Format.XLSX: _xlsx,
    Format.DOC: _doc,
    Format.XLS: _xls,
    Format.PPT: _ppt,
    Format.MSG: _msg,
    Format.ODT: _odt,
    Format.ODS: _ods,
    Format.ODP: _odp,
    Format.RTF: _rtf,
    Format.EPUB: _epub,
    Format.EML: _eml,
    Format.CALENDAR: _calendar,
    Format.CONTACTS: _contacts,
    Format.NOTEBOOK: _notebook,
    Format.JSON: _json,
    Format.HTML: _html,
    Format.RST: _rst,
    Format.LATEX: _latex,
    Format.WEB_PAGE: _web_page,
    Format.MARKDOWN: _markdown,
    Format.CSV: _csv,
    Format.TEXT: _text,
}
BUILT_IN = tuple(
    DocumentReader(one.name.lower(), one.value, formats.suffixes_of(one), parse) for one, parse in _PARSERS.items()
)


ARCHIVE_SUFFIX = ".zip"
"""The ending of archives: each file in one is a document by itself (``archive``)."""


def readable_suffixes() -> frozenset[str]:
    """Suffixes (with dot, lower case) of the files that are read when a folder is added."""
    readers = plugins.load(plugins.READERS, DocumentReader)
    return frozenset(suffix for reader in readers for suffix in reader.suffixes) | {ARCHIVE_SUFFIX}


def is_archive(name: str, data: bytes, limits: ReadingLimits) -> bool:
    """Whether the file ``name`` is an archive of documents, and none itself.

    Raises:
        DocumentError: it can't be unpacked.
    """
    if PurePath(name).suffix.lower() != ARCHIVE_SUFFIX:
        return False
    return formats.detect(name, data, archive.names(data, limits.unpacked_bytes)) is Format.ZIP


def choose(name: str, data: bytes, limits: ReadingLimits) -> DocumentReader:
    """The reader for the file ``name`` that holds ``data``.

    Raises:
        DocumentError: none can read it, or it isn't what its name says. The message goes on after the file's name.
    """
    loaded = plugins.load(plugins.READERS, DocumentReader)
    suffix = PurePath(name).suffix.lower()
    for plugin in loaded.plugins:
        if plugin.package and data and suffix in plugin.value.suffixes:
            return plugin.value
    detected = formats.detect(name, data, archive.entries(data, limits.unpacked_bytes))
    if detected is Format.ZIP:
        raise DocumentError(
            "is an archive within something else, or isn't called .zip: unpack it and add what it holds."
        )
    return next(reader for reader in loaded if reader.media_type == detected.value)
