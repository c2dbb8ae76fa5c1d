"""Office files: a ZIP archive of XML parts that refer to each other.

Elements and attributes are told by their local names, which are the same in the transitional and the strict dialect.
Entities aren't expanded, nothing is fetched, and libxml2 stops at a depth of 256.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, cast

from lxml import etree as _etree  # pyright: ignore

# lxml has no stubs.
etree = cast(Any, _etree)
Element: TypeAlias = Any

_NO: Final = frozenset({"0", "false", "off", "none"})


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: ``kind`` is the last word of its type, ``target`` a part, or an address outside."""

    kind: str
    target: str
    is_external: bool


class Package:
    """The parts of an Office file, each read when it's asked for.

    Attributes:
        warnings: about parts that are damaged.
    """

    def __init__(self, data: bytes) -> None:
        """Open it. Raises ``zipfile.BadZipFile``."""
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._names = {name.lower(): name for name in self._archive.namelist()}
        self.warnings: list[str] = []

    def data(self, name: str) -> bytes | None:
        """The bytes of a part; None if it isn't there or can't be read."""
        actual = self._names.get(name.lower())
        if actual is None:
            return None
        try:
            return self._archive.read(actual)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, RuntimeError, zlib.error):
            self._warn(name)
            return None

    def part(self, name: str) -> Element | None:
        """The root of an XML part; None if it isn't there or can't be read. Of a damaged one, what can be read."""
        data = self.data(name)
        if not data:
            return None
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True, remove_pis=True
        )
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError):
            root = None
        if root is None or any(error.level >= etree.ErrorLevels.FATAL for error in parser.error_log):
            self._warn(name)
        return root

    def relations(self, name: str) -> dict[str, Relation]:
        """What the part ``name`` refers to, by the ids that it uses; the package itself is ""."""
        folder, file = posixpath.split(name)
        root = self.part(posixpath.join(folder, "_rels", f"{file}.rels"))
        found: dict[str, Relation] = {}
        for element in children(root, "Relationship"):
            target = element.get("Target") or ""
            is_external = (element.get("TargetMode") or "").lower() == "external"
            if not is_external:
                target = posixpath.normpath(posixpath.join(folder, target)) if target[:1] != "/" else target[1:]
            kind = (element.get("Type") or "").rpartition("/")[2]
            found[element.get("Id") or ""] = Relation(kind, target, is_external)
        return found

    def title(self) -> str:
        """What its properties say; "" if they don't."""
        for relation in self.relations("").values():
            if relation.kind == "core-properties":
                return next((element.text or "" for element in children(self.part(relation.target), "title")), "")
        return ""

    def _warn(self, name: str) -> None:
        warning = f"A part of it ({name}) is damaged, and what couldn't be read is missing: open and save it anew."
        if warning not in self.warnings:
            self.warnings.append(warning)


def local_name(element: Element) -> str:
    """The name of an element without its namespace; "" for what is none."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element | None, name: str) -> str | None:
    """An attribute by its local name; None if there is none."""
    if element is None:
        return None
    value = element.get(name)
    if value is None:
        value = next((value for key, value in element.items() if key.rpartition("}")[2] == name), None)
    return value


def children(element: Element | None, *names: str) -> Iterator[Element]:
    """The children with one of these local names."""
    if element is not None:
        yield from (child for child in element if local_name(child) in names)


def child(element: Element | None, *path: str) -> Element | None:
    """The first element at a path of local names."""
    for name in path:
        element = next(children(element, name), None)
    return element


def number(element: Element | None, name: str = "val") -> int | None:
    """An attribute as a whole number; None if it is none."""
    try:
        return int(float(attribute(element, name) or ""))
    except (ValueError, OverflowError):
        return None


def is_on(element: Element | None) -> bool | None:
    """Is a property set that may be given without a value? None if it isn't given."""
    return None if element is None else (attribute(element, "val") or "").lower() not in _NO
