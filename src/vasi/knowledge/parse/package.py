"""Formats that are ZIP archives of XML parts (Office Open XML, OpenDocument, EPUB): their parts, read with care."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, Any, Final
from urllib.parse import unquote

from vasi.errors import DocumentError
from vasi.knowledge.parse.ooxml import Element, children, etree

_ENTITY: Final = re.compile(rb"<!ENTITY\s")
_PROLOGUE: Final = 4_096


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: ``kind`` is the last word of its type, ``target`` a part, or an address outside."""

    kind: str
    target: str
    is_external: bool


def parse_xml(data: bytes) -> tuple[Element | None, bool]:
    """The root element of what can be read of ``data``, and whether that is all of it; nothing outside is loaded.

    Raises:
        DocumentError: it is nested too deeply, or declares entities.
    """
    if _ENTITY.search(data, 0, _PROLOGUE):
        raise DocumentError("declares XML entities, which sound documents don't: it was not opened.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    errors: list[Any] = [error for error in parser.error_log if error.level >= etree.ErrorLevels.FATAL]
    if any("depth" in error.message for error in errors):
        raise DocumentError("is nested too deeply to be read: open and save it anew, then add it.")
    return root, root is not None and not errors


class Package:
    """The parts of such an archive, each read when it's asked for. Its size was checked before (``archive.entries``).

    Attributes:
        names: of its parts.
        warnings: about parts that are damaged.

    Raises:
        DocumentError: it is damaged.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise DocumentError("is damaged: open and save it anew, then add it.") from error
        self.names = frozenset(self._archive.namelist())
        self.warnings: list[str] = []
        self._actual = {name.lower(): name for name in self.names}

    def has(self, name: str) -> bool:
        """Is there a part ``name``? Small and capital letters are the same."""
        return name.lower() in self._actual

    def read(self, name: str) -> bytes | None:
        """The bytes of the part ``name``; None if it isn't there or can't be unpacked."""
        if not self.has(name):
            return None
        try:
            return self._archive.read(self._actual[name.lower()])
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, RuntimeError, zlib.error):
            self.warn(name)
            return None

    def open(self, name: str) -> IO[bytes]:
        """The part ``name``, to be read piece by piece. Raises ``KeyError`` if there is none."""
        return self._archive.open(self._actual[name.lower()])

    def part(self, name: str) -> Element | None:
        """The root of an XML part; None if it isn't there or can't be read. Of a damaged one, what can be read.

        Raises:
            DocumentError: as ``parse_xml``.
        """
        data = self.read(name)
        if not data:
            return None
        root, is_whole = parse_xml(data)
        if not is_whole:
            self.warn(name)
        return root

    def relations(self, name: str) -> dict[str, Relation]:
        """What the part ``name`` of an Office file refers to, by the ids that it uses; the package itself is ""."""
        folder, file = posixpath.split(name)
        root = self.part(posixpath.join(folder, "_rels", f"{file}.rels"))
        found: dict[str, Relation] = {}
        for element in children(root, "Relationship"):
            target = element.get("Target") or ""
            is_external = (element.get("TargetMode") or "").lower() == "external"
            kind = (element.get("Type") or "").rpartition("/")[2]
            where = target if is_external else resolve(folder, target)
            found[element.get("Id") or ""] = Relation(kind, where, is_external)
        return found

    def related(self, name: str, kind: str) -> str | None:
        """The part of a ``kind`` that the part ``name`` refers to; None if there is none."""
        found = (one.target for one in self.relations(name).values() if one.kind == kind and not one.is_external)
        return next(found, None)

    def title(self) -> str:
        """What the properties of an Office file say; "" if they don't."""
        core = self.related("", "core-properties")
        return next((one.text or "" for one in children(self.part(core), "title")), "") if core else ""

    def warn(self, name: str) -> None:
        """The part ``name`` can't be read whole."""
        warning = f"A part of it ({name}) is damaged, and what couldn't be read is missing: open and save it anew."
        if warning not in self.warnings:
            self.warnings.append(warning)


def resolve(folder: str, target: str) -> str:
    """The name of the part that ``target``, relative to ``folder``, leads to."""
    path = unquote(target.partition("#")[0])
    return posixpath.normpath(path.lstrip("/") if path.startswith("/") else posixpath.join(folder, path))
