"""Make the sample documents and the recorded questions in examples/ again.

    python scripts/make_examples.py [documents] [recordings]

PDF, DOCX and PPTX are set from the texts in scripts/example_texts/; Markdown, HTML, text and CSV are
written by hand in examples/documents/ and left alone. Recordings are the questions of
examples/questions/questions.json that name a voice, spoken by flite.

Needs reportlab, python-docx and python-pptx for the documents and the program flite for the recordings.
The same texts give the same bytes: every date in the files is fixed.
"""

from __future__ import annotations

import datetime
import html
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TEXTS = ROOT / "scripts" / "example_texts"
DOCUMENTS = ROOT / "examples" / "documents"
QUESTIONS = ROOT / "examples" / "questions"

MADE = datetime.datetime(2026, 3, 1, 9, 0, 0)  # noqa: DTZ001 - office formats store a naive date
AUTHOR = "Harrow Bay Cooperative"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title of the document (or of a slide)."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; kind is "body", "subtitle" or "note" (a speaker's note on a slide)."""

    text: str
    kind: str = "body"


@dataclass(frozen=True, slots=True)
class Items:
    """A list of one-line items."""

    texts: tuple[str, ...]
    numbered: bool


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first row is the head."""

    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | Items | Table


def blocks(source: str) -> Iterator[Block]:
    """The blocks of a text in the small part of Markdown that the sources use."""
    for chunk in source.split("\n\n"):
        lines = [line for line in chunk.splitlines() if line.strip()]
        while lines:
            first = lines[0]
            if first.startswith("#"):
                marks, _, title = lines.pop(0).partition(" ")
                yield Heading(len(marks), title)
            elif first.startswith("> "):
                yield Paragraph(lines.pop(0)[2:], "subtitle")
            elif first.startswith("note: "):
                yield Paragraph(lines.pop(0)[6:], "note")
            elif first.startswith("|"):
                rows = [_cells(line) for line in _leading(lines, lambda line: line.startswith("|"))]
                yield Table((rows[0], *rows[2:]))  # the second row is the rule
            elif first.startswith("- "):
                found = _leading(lines, lambda line: line.startswith("- "))
                yield Items(tuple(line[2:] for line in found), numbered=False)
            elif first[0].isdigit() and ". " in first[:4]:
                found = _leading(lines, lambda line: line[0].isdigit())
                yield Items(tuple(line.partition(". ")[2] for line in found), numbered=True)
            else:
                yield Paragraph(" ".join(lines))
                lines = []


def _leading(lines: list[str], belongs: Callable[[str], bool]) -> list[str]:
    taken: list[str] = []
    while lines and belongs(lines[0]):
        taken.append(lines.pop(0))
    return taken


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def make_pdf(source: Path, target: Path) -> None:
    """An A5 booklet: cover, contents, a new page for every chapter, a running head and page numbers."""
    from reportlab import rl_config
    from reportlab.lib import colors, pagesizes, units
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import (
        BaseDocTemplate,
        Frame,
        ListFlowable,
        ListItem,
        PageBreak,
        PageTemplate,
        Spacer,
    )
    from reportlab.platypus import Paragraph as Flowing
    from reportlab.platypus import Table as Grid
    from reportlab.platypus.tableofcontents import TableOfContents

    rl_config.useA85 = 0  # plain deflate: a quarter smaller
    body = ParagraphStyle("body", fontName="Times-Roman", fontSize=11.5, leading=15.5, spaceAfter=7)
    cell = ParagraphStyle("cell", parent=body, fontSize=9.5, leading=12, spaceAfter=0)
    styles = {
        1: ParagraphStyle("title", parent=body, fontName="Helvetica-Bold", fontSize=24, leading=30, spaceAfter=12),
        2: ParagraphStyle("chapter", parent=body, fontName="Helvetica-Bold", fontSize=16, leading=20, spaceAfter=8),
        3: ParagraphStyle(
            "section", parent=body, fontName="Helvetica-Bold", fontSize=11.5, spaceBefore=6, keepWithNext=1
        ),
    }
    parsed = list(blocks(source.read_text(encoding="utf-8")))
    title = next(block.text for block in parsed if isinstance(block, Heading))

    class Booklet(BaseDocTemplate):
        def afterFlowable(self, flowable: Any) -> None:
            if getattr(flowable, "style", None) is styles[2]:
                text = flowable.getPlainText()
                self.canv.bookmarkPage(text)
                self.canv.addOutlineEntry(text, text, 0)
                self.notify("TOCEntry", (0, text, self.page, text))

    def furniture(canvas: Any, document: Any) -> None:
        if document.page == 1:
            return
        canvas.setFont("Helvetica", 8)
        canvas.drawString(document.leftMargin, document.pagesize[1] - 12 * units.mm, title)
        canvas.drawCentredString(document.pagesize[0] / 2, 10 * units.mm, f"Page {document.page}")

    grid = [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.grey),
        ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    contents = TableOfContents(levelStyles=[ParagraphStyle("entry", parent=body, spaceAfter=2)])
    story: list[Any] = []
    for block in parsed:
        match block:
            case Heading(level, text):
                if level == 1:
                    story.append(Spacer(0, 150))
                elif level == 2:
                    story.append(PageBreak())
                story.append(Flowing(html.escape(text), styles[level]))
            case Paragraph(text, "subtitle"):
                story += [
                    Flowing(html.escape(text), body),
                    PageBreak(),
                    Flowing("Contents", styles[3]),
                    contents,
                ]
            case Paragraph(text):
                story.append(Flowing(html.escape(text), body))
            case Items(texts, numbered):
                entries = [ListItem(Flowing(html.escape(text), body)) for text in texts]
                kind = {"bulletType": "1", "bulletFormat": "%s."} if numbered else {"bulletType": "bullet"}
                story.append(ListFlowable(entries, **kind))
            case Table(rows):
                cells = [[Flowing(html.escape(text), cell) for text in row] for row in rows]
                story += [Grid(cells, style=grid, repeatRows=1, hAlign="LEFT"), Spacer(0, 8)]
    booklet = Booklet(
        str(target),
        pagesize=pagesizes.A5,
        leftMargin=18 * units.mm,
        rightMargin=18 * units.mm,
        topMargin=18 * units.mm,
        bottomMargin=18 * units.mm,
        title=title,
        author=AUTHOR,
        invariant=1,
    )
    frame = Frame(booklet.leftMargin, booklet.bottomMargin, booklet.width, booklet.height, 0, 0, 0, 0)
    booklet.addPageTemplates(PageTemplate(frames=[frame], onPage=furniture))
    booklet.multiBuild(story)


def make_docx(source: Path, target: Path) -> None:
    """A Word document with real heading styles, lists and tables."""
    import docx

    document = docx.Document()
    _date(document.core_properties)
    for block in blocks(source.read_text(encoding="utf-8")):
        match block:
            case Heading(level, text):
                document.add_heading(text, level - 1)
            case Paragraph(text, "subtitle"):
                document.add_paragraph(text, style="Subtitle")
            case Paragraph(text):
                document.add_paragraph(text)
            case Items(texts, numbered):
                for text in texts:
                    document.add_paragraph(text, style="List Number" if numbered else "List Bullet")
            case Table(rows):
                table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
                _fill(table, rows)
                document.add_paragraph()
    _save_office(document, target)


def make_pptx(source: Path, target: Path) -> None:
    """A deck: the first heading is the title slide, every further one a slide."""
    import pptx
    from pptx.util import Inches

    deck = pptx.Presentation()
    _date(deck.core_properties)
    slide: Any = None
    for block in blocks(source.read_text(encoding="utf-8")):
        match block:
            case Heading(_, text):
                slide = deck.slides.add_slide(deck.slide_layouts[0 if slide is None else 1])
                slide.shapes.title.text = text
            case Paragraph(text, "subtitle"):
                slide.placeholders[1].text = text
            case Paragraph(text, "note"):
                slide.notes_slide.notes_text_frame.text = text
            case Paragraph(text):
                raise ValueError(f"{source.name}: a slide holds items or a table, not: {text[:40]}")
            case Items(texts, numbered):
                numbers = [f"{place}. " if numbered else "" for place in range(1, len(texts) + 1)]
                lines = [number + text for number, text in zip(numbers, texts, strict=True)]
                slide.placeholders[1].text_frame.text = "\n".join(lines)
            case Table(rows):
                placeholder = slide.placeholders[1]
                placeholder.element.getparent().remove(placeholder.element)
                place = (Inches(0.5), Inches(1.8), Inches(9), Inches(0.5) * len(rows))
                _fill(slide.shapes.add_table(len(rows), len(rows[0]), *place).table, rows)
    _save_office(deck, target)


def _fill(table: Any, rows: tuple[tuple[str, ...], ...]) -> None:
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text


def _date(properties: Any) -> None:
    properties.author = properties.last_modified_by = AUTHOR
    properties.created = properties.modified = MADE
    properties.revision = 1


def _save_office(document: Any, target: Path) -> None:
    """Save with the entries of the zip archive dated as the document, so that the bytes do not change."""
    raw = BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as loose, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as fixed:
        for name in loose.namelist():
            entry = zipfile.ZipInfo(name, MADE.timetuple()[:6])
            fixed.writestr(entry, loose.read(name), zipfile.ZIP_DEFLATED)


MADE_FROM_TEXTS: dict[str, Callable[[Path, Path], None]] = {
    "workshop-safety-manual.pdf": make_pdf,
    "ferry-crew-manual.pdf": make_pdf,
    "orchard-guide.pdf": make_pdf,
    "membership-terms.docx": make_docx,
    "annual-meeting-minutes.docx": make_docx,
    "rescue-training.pptx": make_pptx,
}


def make_documents() -> None:
    """Set every document that has a text in scripts/example_texts/."""
    for name, make in MADE_FROM_TEXTS.items():
        target = DOCUMENTS / name
        make((TEXTS / name).with_suffix(".md"), target)
        print(f"{target.relative_to(ROOT)}  {target.stat().st_size / 1024:.0f} KiB")


def make_recordings() -> None:
    """Speak every question that names a voice: 16 kHz mono, 16 bits."""
    flite = shutil.which("flite")
    if flite is None:
        raise SystemExit("The program flite is missing. Install it first (Debian: apt install flite).")
    for question in json.loads((QUESTIONS / "questions.json").read_text(encoding="utf-8")):
        if question["wav"] is not None:
            target = QUESTIONS / question["wav"]
            command = [flite, "-voice", question["voice"], "-t", question["question"], "-o", str(target)]
            subprocess.run(command, check=True)
            print(f"{target.relative_to(ROOT)}  {question['question']}")


def main(parts: list[str]) -> None:
    """Make the named parts, or all."""
    known = {"documents": make_documents, "recordings": make_recordings}
    unknown = [part for part in parts if part not in known]
    if unknown:
        raise SystemExit(f"Unknown part {unknown[0]!r}: choose from {', '.join(known)}.")
    try:
        for part in parts or known:
            known[part]()
    except ImportError as error:
        raise SystemExit(
            f"{error.name} is missing. Run `pip install reportlab python-docx python-pptx` first."
        ) from error


if __name__ == "__main__":
    main(sys.argv[1:])
