"""Makes small PDFs with text, rules and fields at given places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

PAGE_WIDTH, PAGE_HEIGHT = 612, 792


@dataclass
class Page:
    """What is drawn on one page, in order; y counts from the bottom."""

    content: list[str] = field(default_factory=list[str])
    annotations: list[str] = field(default_factory=list[str])
    rotate: int = 0

    def text(self, x: float, y: float, text: str, size: float = 11, font: str = "F1", spacing: float = 0) -> Page:
        """Draw ``text`` from x, y; fonts: F1 Helvetica, F2 its bold, F3 one whose codes ``ToUnicode`` maps."""
        self.content.append(f"BT /{font} {size} Tf {spacing} Tc {x} {y} Td ({_escaped(text)}) Tj ET")
        return self

    def raw(self, operators: str) -> Page:
        """Draw what these operators do; font F4 has glyph numbers for codes, and no map to characters."""
        self.content.append(operators)
        return self

    def lines(self, x: float, y: float, lines: Sequence[str], size: float = 11, step: float = 14) -> Page:
        for at, line in enumerate(lines):
            self.text(x, y - at * step, line, size)
        return self

    def turned(self, x: float, y: float, text: str, size: float = 11) -> Page:
        """Draw ``text`` upwards."""
        self.content.append(f"BT /F1 {size} Tf 0 1 -1 0 {x} {y} Tm ({_escaped(text)}) Tj ET")
        return self

    def rule(self, x: float, y: float, to_x: float, to_y: float) -> Page:
        self.content.append(f"0.5 w {x} {y} m {to_x} {to_y} l S")
        return self

    def box(self, x: float, y: float, width: float, height: float) -> Page:
        self.content.append(f"0.9 g {x} {y} {width} {height} re f 0 g")
        return self

    def field(self, x: float, y: float, width: float, entries: str, height: float = 15) -> Page:
        """A form field: ``entries`` are those of its dictionary."""
        self.annotations.append(
            f"/Type /Annot /Subtype /Widget /F 4 /Rect [{x} {y} {x + width} {y + height}] "
            f"/DA (/Helv 11 Tf 0 g) {entries}"
        )
        return self

    def note(self, kind: str, x: float, y: float, text: str) -> Page:
        self.annotations.append(
            f"/Type /Annot /Subtype /{kind} /F 4 /Rect [{x} {y} {x + 200} {y + 20}] /Contents ({_escaped(text)})"
        )
        return self


def pdf(
    pages: Sequence[Page], *, title: str = "", to_unicode: dict[int, str] | None = None, catalog: str = ""
) -> bytes:
    """A PDF of these pages."""
    objects: list[bytes] = [b""] * 9
    objects[2] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    objects[3] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>"
    objects[4] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>"
    objects[6] = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+Harbour /Encoding /Identity-H /DescendantFonts [8 0 R] >>"
    )
    objects[7] = (
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /ABCDEF+Harbour /FontDescriptor 9 0 R /DW 600 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
    )
    objects[8] = (
        b"<< /Type /FontDescriptor /FontName /ABCDEF+Harbour /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 "
        b"/Ascent 900 /Descent -200 /CapHeight 700 /StemV 80 >>"
    )
    objects[5] = _stream(_cmap(to_unicode or {}))
    kids: list[int] = []
    fields: list[int] = []
    for page in pages:
        objects.append(_stream("\n".join(page.content).encode("cp1252")))
        content = len(objects)
        own: list[int] = []
        for annotation in page.annotations:
            objects.append(f"<< {annotation} >>".encode("cp1252"))
            own.append(len(objects))
            if "/Widget" in annotation:
                fields.append(len(objects))
        references = " ".join(f"{one} 0 R" for one in own)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE_WIDTH} {PAGE_HEIGHT}] /Rotate {page.rotate} "
            f"/Contents {content} 0 R /Annots [{references}] "
            "/Resources << /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R /F4 7 0 R >> >> >>".encode()
        )
        kids.append(len(objects))
    form = " ".join(f"{one} 0 R" for one in fields)
    acro = f"/AcroForm << /Fields [{form}] /DR << /Font << /Helv 3 0 R >> >> >>" if fields else ""
    objects[0] = f"<< /Type /Catalog /Pages 2 0 R {acro} {catalog} >>".encode()
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>".encode()
    objects.append(f"<< /Title ({_escaped(title)}) >>".encode("cp1252"))
    out = b"%PDF-1.7\n"
    offsets: list[int] = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"<< /Size %d /Root 1 0 R /Info %d 0 R >>" % (len(objects) + 1, len(objects))
    return out + b"trailer %s\nstartxref\n%d\n%%%%EOF\n" % (trailer, table)


def _stream(data: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _cmap(to_unicode: dict[int, str]) -> bytes:
    entries = "\n".join(f"<{code:02x}> <{text.encode('utf-16-be').hex()}>" for code, text in sorted(to_unicode.items()))
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Test def "
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(to_unicode)} beginbfchar\n{entries}\nendbfchar\nendcmap end end"
    ).encode()
