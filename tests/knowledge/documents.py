"""Makes small documents of every kind, sound and broken ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import docx
import pptx

Line = tuple[str, int, bool]
"""Text, size in points, bold."""


def pdf(pages: Sequence[Sequence[Line]], *, image_pages: Sequence[int] = (), encrypted: bool = False) -> bytes:
    """A PDF with these lines on its pages; ``image_pages`` (0-based) show an image as well."""
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>",
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>"
        b"\nstream\n\x80\nendstream",
    ]
    kids: list[int] = []
    for number, lines in enumerate(pages):
        content, y = b"", 760
        for text, size, bold in lines:
            escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode("cp1252")
            content += b"BT /%s %d Tf 60 %d Td (%s) Tj ET\n" % (b"F2" if bold else b"F1", size, y, escaped)
            y -= size + 6
        if number in image_pages:
            content += b"q 400 0 0 400 60 100 cm /Im Do Q\n"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font "
            b"<< /F1 3 0 R /F2 4 0 R >> /XObject << /Im 5 0 R >> >> >>" % len(objects)
        )
        kids.append(len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    out = b"%PDF-1.4\n"
    offsets: list[int] = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"/Size %d /Root 1 0 R" % (len(objects) + 1)
    if encrypted:
        key = b"<" + b"ab" * 32 + b">"
        trailer += b" /ID [<%s> <%s>]" % (b"00" * 16, b"00" * 16)
        trailer += b" /Encrypt << /Filter /Standard /V 1 /R 2 /O %s /U %s /P -4 >>" % (key, key)
    return out + b"trailer << %s >>\nstartxref\n%d\n%%%%EOF\n" % (trailer, table)


def body(*lines: str) -> list[Line]:
    """Lines of plain 11 point type."""
    return [(line, 11, False) for line in lines]


def word() -> bytes:
    """A DOCX with headings, a list and a table."""
    document = docx.Document()
    document.add_heading("Handbook", 0)
    document.add_heading("Leave", 1)
    document.add_paragraph("Everybody has thirty days of leave.")
    document.add_paragraph("Ask your lead", style="List Bullet")
    document.add_paragraph("Write it down", style="List Bullet")
    document.add_heading("Fees", 2)
    table = document.add_table(rows=3, cols=2)
    for at, text in enumerate(["Kind", "Fee", "Full", "90 crowns", "Youth", "25 crowns"]):
        table.cell(at // 2, at % 2).text = text
    return _saved(document)


def slides() -> bytes:
    """A PPTX of two slides; the second has notes."""
    presentation = pptx.Presentation()
    for number, title in enumerate(["The boats", "The crew"]):
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = f"First point {number}\nSecond point {number}"
        if number:
            slide.notes_slide.notes_text_frame.text = "Mention the whistle."
    return _saved(presentation)


def bomb() -> bytes:
    """A DOCX of 400 kB that unpacks to 400 MB."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("word/document.xml", "w", force_zip64=True) as entry,
    ):
        for _ in range(400):
            entry.write(b" " * 1_000_000)
    return packed.getvalue()


def _saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()
