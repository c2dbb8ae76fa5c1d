"""PDF through PDFium."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, cast

import pypdfium2  # pyright: ignore[reportMissingTypeStubs]
import pypdfium2.raw  # pyright: ignore[reportMissingTypeStubs]

from vasi.errors import DocumentError
from vasi.knowledge.parse.blocks import Block, Parsed, clean
from vasi.knowledge.parse.hyphens import WordJoiner

_RAW = cast(Any, pypdfium2.raw)

_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BULLET = re.compile(r"(?:[-•‣▪●◦–*o]|\(?\d{1,2}[.)])\s")
_LARGER = 1.14
"""A line in type this much larger than the body's is a heading."""
_LONGEST_HEADING = 110
_LONGEST_BOLD_HEADING = 60
_RUNNING_LINE_PAGES = 4


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    size: float
    """Height of its first character in points."""
    bold: bool
    """Whether a short line is set in bold type; not looked up for long ones."""


def parse(data: bytes, pages: int, characters: int) -> Parsed:
    """The text of the first ``pages`` pages, until ``characters`` are read.

    Raises:
        DocumentError: damaged, or protected by a password.
    """
    document = _open(data)
    try:
        total = len(document)
        read: list[list[_Line]] = []
        scanned: list[int] = []
        length = 0
        for number in range(min(total, pages)):
            lines, has_image = _page(document, number)
            if not lines and has_image:
                scanned.append(number + 1)
            read.append(lines)
            length += sum(len(line.text) for line in lines)
            if length > characters:
                break
        title = cast("dict[str, str]", document.get_metadata_dict(skip_empty=True)).get("Title", "")
    finally:
        document.close()
    warnings: list[str] = []
    if len(read) < total:
        warnings.append(f"Only the first {len(read):,} of its {total:,} pages were read.")
    if scanned:
        warnings.append(_scanned(scanned))
    return Parsed(_blocks(read), clean(title), total, warnings)


def _open(data: bytes) -> Any:
    try:
        return cast(Any, pypdfium2.PdfDocument(data))
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise DocumentError("is protected by a password: save a copy without it and add that.") from error
        raise DocumentError("is a damaged PDF: open and save it anew, then add it.") from error


def _page(document: Any, number: int) -> tuple[list[_Line], bool]:
    """The lines of a page, and whether it holds an image; a page that can't be read is an empty one."""
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return [], False
    text_page: Any = None
    try:
        text_page = page.get_textpage()
        lines = _lines(text_page)
        has_image = not lines and any(True for _ in page.get_objects(filter=[_RAW.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    except pypdfium2.PdfiumError:
        return [], False
    finally:
        if text_page is not None:
            text_page.close()
        page.close()
    return lines, has_image


def _lines(text_page: Any) -> list[_Line]:
    text: str = text_page.get_text_range()
    lines: list[_Line] = []
    position = 0
    for raw in text.split("\r\n"):
        if raw.strip():
            first = position + len(raw) - len(raw.lstrip())
            lines.append(_line(text_page, raw, first))
        position += len(raw) + 2
    return lines


def _line(text_page: Any, text: str, first: int) -> _Line:
    char: int = _RAW.FPDFText_GetCharIndexFromTextIndex(text_page, first)
    box = _RAW.FS_RECTF()
    if char < 0 or not _RAW.FPDFText_GetLooseCharBox(text_page, char, box):
        return _Line(text, 0.0, bold=False)
    short = len(text) <= _LONGEST_BOLD_HEADING and text.rstrip()[-1:] not in {".", ",", ";", ":"}
    return _Line(text, round(abs(box.top - box.bottom), 1), bold=short and _is_bold(text_page, char))


def _is_bold(text_page: Any, char: int) -> bool:
    name = ctypes.create_string_buffer(128)
    length: int = _RAW.FPDFText_GetFontInfo(text_page, char, name, len(name), None)
    return 0 < length <= len(name) and re.search(rb"bold|black|heavy", name.value.lower()) is not None


def _scanned(pages: list[int]) -> str:
    """One sentence about pages without text."""
    ranges: list[str] = []
    start = previous = pages[0]
    for page in [*pages[1:], 0]:
        if page != previous + 1:
            ranges.append(str(start) if start == previous else f"{start}-{previous}")
            start = page
        previous = page
    if len(pages) == 1:
        return f"Page {ranges[0]} has no text (scanned?)."
    return f"Pages {', '.join(ranges)} have no text (scanned?)."


@dataclass(frozen=True, slots=True)
class _Typography:
    """How the document sets its headings (level by size of type, level of bold lines), and its words."""

    levels: dict[float, int]
    bold_level: int
    words: WordJoiner

    def level(self, line: _Line) -> int:
        """The level of a heading; 0 if ``line`` is none."""
        if len(line.text) > _LONGEST_HEADING or not any(letter.isalpha() for letter in line.text):
            return 0
        return self.levels.get(line.size, self.bold_level if line.bold else 0)


# --- from lines to blocks ---------------------------------------------------------------------------------------
def _blocks(pages: list[list[_Line]]) -> list[Block]:
    running_lines = _running_lines(pages)
    sizes = Counter[float]()
    vocabulary: list[str] = []
    for page in pages:
        for line in page:
            sizes[line.size] += len(line.text)
            vocabulary += _WORDS.findall(line.text) if "\ufffe" not in line.text else []
    body = max(sizes, key=sizes.__getitem__, default=0.0)
    larger = sorted((size for size in sizes if size > body * _LARGER), reverse=True)
    levels = {size: min(level, 6) for level, size in enumerate(larger, 1)}
    letters = sum(sizes.values())
    bold = sum(len(line.text) for page in pages for line in page if line.bold)
    if bold * 5 > letters:
        # Bold is no mark of a heading where so much is bold.
        pages = [[replace(line, bold=False) for line in page] for page in pages]
    typography = _Typography(levels, len(set(levels.values())) + 1, WordJoiner(vocabulary))
    blocks: list[Block] = []
    for number, page in enumerate(pages, 1):
        lines = [line for line in page if line.size in levels or _pattern(line.text) not in running_lines]
        blocks += _page_blocks(lines, number, typography)
    return blocks


def _pattern(line: str) -> str:
    return re.sub(r"\d+", "#", line.strip())


def _running_lines(pages: list[list[_Line]]) -> set[str]:
    """Running headers and footers: first and last lines that recur on most pages, whatever numbers they hold."""
    if len(pages) < _RUNNING_LINE_PAGES:
        return set()
    seen = Counter[str]()
    for page in pages:
        edge = 2 if len(page) > 4 else 1
        seen.update({_pattern(line.text) for line in (*page[:edge], *page[-edge:])})
    return {line for line, count in seen.items() if count > len(pages) * 0.5}


def _page_blocks(lines: list[_Line], number: int, typography: _Typography) -> list[Block]:
    blocks: list[Block] = []
    paragraph: list[str] = []
    full = sorted(len(line.text) for line in lines)[len(lines) * 9 // 10] if lines else 0

    def end() -> None:
        if text := clean(_rejoin("\r\n".join(paragraph), typography.words)).replace("\n", " "):
            blocks.append(Block(text, page=number))
        paragraph.clear()

    for line in lines:
        if level := typography.level(line):
            end()
            heading = clean(_rejoin(line.text, typography.words))
            before = blocks[-1] if blocks else None
            if before and before.kind == "heading" and before.level == level:
                blocks[-1] = Block(f"{before.text} {heading}", "heading", level, number)
            else:
                blocks.append(Block(heading, "heading", level, number))
            continue
        if paragraph and _begins(paragraph[-1], line.text, full):
            end()
        paragraph.append(line.text)
    end()
    return blocks


def _begins(before: str, line: str, full: int) -> bool:
    """Whether ``line`` begins a new paragraph after ``before``, on a page where a full line has ``full`` characters."""
    stripped = line.strip()
    if _BULLET.match(stripped):
        return True
    ended = before.rstrip()[-1:] in {".", "!", "?", ":"}
    return len(before.rstrip()) < full * 0.75 and (ended or stripped[:1].isupper() or stripped[:1].isdigit())


def _rejoin(text: str, words: WordJoiner) -> str:
    """Undo the hyphens of line ends, and the soft ones that are shown within lines."""
    return words.mend_line(words.join_lines(text.replace("\ufffe", "\ufffe\r\n").splitlines()))
