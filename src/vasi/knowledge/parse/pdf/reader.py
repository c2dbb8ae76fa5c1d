"""A whole PDF: its pages one after the other, then what only the whole document tells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import pypdfium2  # pyright: ignore[reportMissingTypeStubs]

from vasi.errors import DocumentError
from vasi.knowledge.parse.blocks import STRUCK_OUT, Block, Parsed, clean
from vasi.knowledge.parse.hyphens import WordJoiner
from vasi.knowledge.parse.pdf.page import Page, read_page
from vasi.knowledge.parse.pdf.paragraphs import blocks, words_of
from vasi.knowledge.parse.pdf.running import drop_running
from vasi.knowledge.parse.pdf.typography import measure

_RAW = cast(Any, pypdfium2.raw)

_MEANINGLESS_TITLES = frozenset(["untitled", "(untitled)", "anonymous", "(anonymous)", "unnamed", "title", "document"])
_PRODUCERS = ("microsoft word - ", "microsoft powerpoint - ", "microsoft excel - ", "untitled-", "document1")
_FILE_NAMES = (".pdf", ".doc", ".docx", ".indd", ".qxd", ".tex", ".dvi", ".ps", ".ppt", ".pptx", ".xls", ".xlsx",
               ".rtf", ".txt", ".htm", ".html", ".odt")  # fmt: skip
_LONGEST_TITLE = 200


def parse(data: bytes, pages: int, characters: int) -> Parsed:
    """The text of the first ``pages`` pages, until ``characters`` are read.

    Raises:
        DocumentError: damaged, or protected by a password.
    """
    document = _open(data)
    try:
        total = len(document)
        form = _form(document)
        is_xfa = document.get_formtype() == _RAW.FORMTYPE_XFA_FULL
        read: list[Page] = []
        damaged: list[int] = []
        length = 0
        for number in range(min(total, pages)):
            page = _read_page(document, number, form)
            if page is None:
                damaged.append(number + 1)
            read.append(page or Page())
            length += read[-1].characters
            if length > characters:
                break
        title = clean(cast("dict[str, str]", document.get_metadata_dict(skip_empty=True)).get("Title", ""))
    finally:
        document.close()
    warnings: list[str] = []
    if len(read) < total:
        warnings.append(f"Only the first {len(read):,} of its {total:,} pages were read.")
    warnings += _warnings(read, damaged, is_xfa=is_xfa)
    if any(page.has_struck for page in read):
        warnings.append(STRUCK_OUT)
    read = drop_running(read)
    found = blocks(read, measure(read), WordJoiner(words_of(read)))
    return Parsed(found, _title(title, found), total, warnings)


def _open(data: bytes) -> Any:
    try:
        return cast(Any, pypdfium2.PdfDocument(data))
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise DocumentError("is protected by a password: save a copy without it and add that.") from error
        raise DocumentError("is a damaged PDF: open and save it anew, then add it.") from error


def _form(document: Any) -> Any:
    """PDFium's form environment, which knows what fields hold; None if the document has no fields."""
    if document.get_formtype() == _RAW.FORMTYPE_NONE:
        return None
    document.init_forms()
    return document.formenv


def _read_page(document: Any, number: int, form: Any) -> Page | None:
    """What a page says; None if it is damaged."""
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return None
    try:
        return read_page(page, form)
    except pypdfium2.PdfiumError:
        return None
    finally:
        page.close()


def _warnings(pages: Sequence[Page], damaged: Sequence[int], *, is_xfa: bool) -> list[str]:
    """What isn't read, and what to do about it."""
    found: list[str] = []
    if scans := [number for number, page in enumerate(pages, 1) if page.is_scan]:
        verb = "has" if len(scans) == 1 else "have"
        found.append(f"{_pages(scans)} {verb} no text (scanned?): run OCR on the file and add the result.")
    if unmapped := [number for number, page in enumerate(pages, 1) if page.is_unmapped]:
        verb = "has" if len(unmapped) == 1 else "have"
        found.append(
            f"{_pages(unmapped)} {verb} characters that can't be told (a broken character map): "
            "run OCR on the file and add the result."
        )
    if damaged:
        verb = "is" if len(damaged) == 1 else "are"
        found.append(f"{_pages(damaged)} {verb} damaged and left out: open and save the file anew, then add it.")
    if is_xfa:
        found.append("It is an XFA form, of which only the page for other viewers was read: print it to a new PDF.")
    return found


def _pages(numbers: Sequence[int]) -> str:
    """The subject of a sentence about pages."""
    ranges: list[str] = []
    start = previous = numbers[0]
    for number in [*numbers[1:], 0]:
        if number != previous + 1:
            ranges.append(str(start) if start == previous else f"{start}-{previous}")
            start = number
        previous = number
    return f"Page {ranges[0]}" if len(numbers) == 1 else f"Pages {', '.join(ranges)}"


def _title(given: str, found: Sequence[Block]) -> str:
    """The title that the file names; where that says nothing, the first page's first heading if it is a large one."""
    name = given.lower()
    if name and name not in _MEANINGLESS_TITLES and not name.startswith(_PRODUCERS) and not name.endswith(_FILE_NAMES):
        return given
    first = next((block for block in found if block.kind == "heading"), None)
    if first and first.page == 1 and first.level == 1 and len(first.text) <= _LONGEST_TITLE:
        return first.text
    return ""
