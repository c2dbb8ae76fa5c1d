"""EPUB books: their chapters in reading order."""

from __future__ import annotations

import posixpath
from typing import Any, Final

from vasi.errors import DocumentError
from vasi.knowledge.parse import encodings, html
from vasi.knowledge.parse.blocks import Block, Parsed, clean
from vasi.knowledge.parse.package import Package, resolve

_CONTAINER: Final = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OPF: Final = "{http://www.idpf.org/2007/opf}"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_PAGES: Final = frozenset({"application/xhtml+xml", "text/html", "application/html+xml"})
_FIELDS: Final = {
    "title": "Title",
    "creator": "Author",
    "publisher": "Publisher",
    "date": "Date",
    "language": "Language",
}
_FONTS: Final = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
"""How fonts are obfuscated, which protects no text."""


def parse(data: bytes, characters: int) -> Parsed:
    """The chapters of a book, up to about so many characters.

    Raises:
        DocumentError: it is damaged, or protected against copying.
    """
    package = Package(data)
    if _is_protected(package):
        raise DocumentError("is protected against copying (DRM): vasi can't read it.")
    name = _package_name(package)
    root = package.part(name)
    if root is None:
        raise DocumentError("is damaged (it has no table of its parts): get it anew and add that.")
    folder = posixpath.dirname(name)
    parts = {
        item.get("id"): (resolve(folder, item.get("href", "")), item.get("media-type", ""), item.get("properties", ""))
        for item in root.iter(f"{_OPF}item")
    }
    fields, title = _fields(root)
    blocks: list[Block] = [Block(fields)] if fields else []
    warnings = package.warnings
    size = 0
    for reference in root.iter(f"{_OPF}itemref"):
        path, kind, properties = parts.get(reference.get("idref"), ("", "", ""))
        if kind not in _PAGES or "nav" in properties.split():
            continue
        page = package.read(path)
        if page is None:
            warnings.append(f"Its part {path} is missing.")
            continue
        blocks += html.parse(encodings.decode(page).text).blocks
        size += len(page)
        if size > characters * 4:
            warnings.append("Only its beginning was read: it is too large.")
            break
    return Parsed(blocks, title, warnings=warnings)


def _package_name(package: Package) -> str:
    container = package.part("META-INF/container.xml")
    found = container.find(f".//{_CONTAINER}rootfile") if container is not None else None
    if found is not None:
        return resolve("", found.get("full-path", ""))
    return next((name for name in package.names if name.endswith(".opf")), "")


def _is_protected(package: Package) -> bool:
    encryption = package.part("META-INF/encryption.xml")
    if encryption is None:
        return "META-INF/rights.xml" in package.names
    methods = {one.get("Algorithm") for one in encryption.iter("{http://www.w3.org/2001/04/xmlenc#}EncryptionMethod")}
    return not methods <= _FONTS


def _fields(root: Any) -> tuple[str, str]:
    """What the book says of itself, one field a line, and its title."""
    lines: list[str] = []
    title = ""
    for name, label in _FIELDS.items():
        values = [clean(one.text or "").replace("\n", " ") for one in root.iter(f"{_DC}{name}")]
        values = [value for value in values if value]
        if name == "title" and values:
            title = values[0]
        if values:
            lines.append(f"{label}: {', '.join(values)}")
    return "\n".join(lines), title
