"""Formats that are ZIP archives of XML parts (Office Open XML, OpenDocument, EPUB): their parts, read with care."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from typing import IO, Any, Final, cast
from urllib.parse import unquote

from lxml import etree as _etree  # pyright: ignore

from vasi.errors import DocumentError

# lxml has no stubs.
etree = cast(Any, _etree)

_ENTITY: Final = re.compile(rb"<!ENTITY\s")
_PROLOGUE: Final = 4_096
_TARGETS: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def parse_xml(data: bytes) -> Any:
    """The root element of ``data``; entities that it declares are refused, nothing outside of it is loaded.

    Raises:
        DocumentError: it is damaged, nested too deeply, or declares entities.
    """
    if _ENTITY.search(data, 0, _PROLOGUE):
        raise DocumentError("declares XML entities, which sound documents don't: it was not opened.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        message = "is nested too deeply to be read" if "depth" in str(error) else "is damaged (its XML can't be read)"
        raise DocumentError(f"{message}: open and save it anew, then add it.") from error


class Package:
    """The parts of such an archive. Its size was checked before (``archive.entries``).

    Raises:
        DocumentError: it is damaged.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise DocumentError("is damaged: open and save it anew, then add it.") from error
        self.names = frozenset(self._archive.namelist())

    def read(self, name: str) -> bytes | None:
        """The part ``name``; None if there is none.

        Raises:
            DocumentError: it is damaged.
        """
        if name not in self.names:
            return None
        try:
            return self._archive.read(name)
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, zlib.error) as error:
            raise DocumentError(f"is damaged (its part {name} can't be unpacked): save it anew.") from error

    def open(self, name: str) -> IO[bytes]:
        """The part ``name``, to be read piece by piece. Raises ``KeyError`` if there is none."""
        return self._archive.open(name)

    def xml(self, name: str) -> Any:
        """The root element of the part ``name``; None if there is none. Raises as ``parse_xml``."""
        data = self.read(name)
        return None if data is None else parse_xml(data)

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """What the part ``name`` of an Office file refers to: by id the kind (the end of its type) and the part."""
        folder, base = posixpath.split(name)
        root = self.xml(posixpath.join(folder, "_rels", f"{base}.rels"))
        if root is None:
            return {}
        return {
            one.get("Id", ""): (one.get("Type", "").rpartition("/")[2], resolve(folder, one.get("Target", "")))
            for one in root.iter(_TARGETS)
            if one.get("TargetMode") != "External"
        }


def resolve(folder: str, target: str) -> str:
    """The name of the part that ``target``, relative to ``folder``, leads to."""
    path = unquote(target.partition("#")[0])
    return posixpath.normpath(path.lstrip("/") if path.startswith("/") else posixpath.join(folder, path))
