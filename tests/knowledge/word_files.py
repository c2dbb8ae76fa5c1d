"""Makes Word documents of raw WordprocessingML, for what no library writes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from vasi.knowledge.parse.word import document

_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def root(name: str, content: str) -> str:
    """An XML part whose outermost element is ``name``."""
    return f"<{name} {_NAMESPACES}>{content}</{name}>"


def docx(body: str, parts: Mapping[str, str] | None = None) -> bytes:
    """A DOCX; ``parts`` by ``kind`` or ``kind:file`` of the relation (``footnotes``, ``header:header2``)."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        main = f'<Relationship Id="r1" Type="{_TYPE}/officeDocument" Target="word/document.xml"/>'
        archive.writestr("_rels/.rels", f"<Relationships>{main}</Relationships>")
        archive.writestr("word/document.xml", root("w:document", f"<w:body>{body}</w:body>"))
        relations = ""
        for name, content in (parts or {}).items():
            kind, _, file = name.partition(":")
            file = file or kind
            relations += f'<Relationship Id="{file}" Type="{_TYPE}/{kind}" Target="{file}.xml"/>'
            archive.writestr(f"word/{file}.xml", content)
        archive.writestr("word/_rels/document.xml.rels", f"<Relationships>{relations}</Relationships>")
    return packed.getvalue()


def run(text: str, properties: str = "") -> str:
    """A run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(content: str, properties: str = "") -> str:
    """A paragraph of ``content``, which is text or runs."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{content if content[:1] == '<' else run(content)}</w:p>"


def style(name: str) -> str:
    """The property that gives a paragraph a style."""
    return f'<w:pStyle w:val="{name}"/>'


def cell(content: str, properties: str = "") -> str:
    """A cell of ``content``, which is text, paragraphs or tables."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content if content[:1] == '<' else paragraph(content)}</w:tc>"


def table(*rows: list[str], properties: str = "") -> str:
    """A table; cells are texts or elements."""
    made = "".join(f"<w:tr>{''.join(map(_as_cell, cells))}</w:tr>" for cells in rows)
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr>{made}</w:tbl>"


def _as_cell(content: str) -> str:
    return content if content.startswith(("<w:tc>", "<w:sdt>")) else cell(content)


def read(body: str, parts: Mapping[str, str] | None = None) -> list[str]:
    """The texts of the blocks of such a document; headings behind their level, as ``#2 text``."""
    blocks = document.parse(docx(body, parts)).blocks
    return [f"#{block.level} {block.text}" if block.kind == "heading" else block.text for block in blocks]
