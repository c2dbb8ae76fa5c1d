"""ZIP archives: what may be unpacked (Office files are such archives, and a small one may hold a huge file), and the
documents that an archive of people's own holds.
"""

from __future__ import annotations

import io
import posixpath
import stat
import zipfile
import zlib
from collections.abc import Iterator

import msgspec

from vasi.errors import DocumentError
from vasi.knowledge.parse import encodings

_RATIO = 150
"""Text packs 5 to 20 times; thousands of times is made on purpose."""
_RATIO_FROM = 5_000_000
_ENTRIES = 10_000
_MEMBERS = 1_000
"""Documents that are read of one archive."""
_EMPTY = b"PK\x05\x06"
"""What an archive without files begins with."""
_UTF_8 = 0x800
"""A flag of entries whose names are in UTF-8."""
_PROTECTED = "is protected by a password: save a copy without it and add that."
_FOREIGN = frozenset({"__MACOSX", "node_modules", "__pycache__", "site-packages"})


class Member(msgspec.Struct, frozen=True, array_like=True):
    """A file in an archive: ``path`` as it is shown, the ``number`` of its entry, its ``size`` in bytes."""

    path: str
    number: int
    size: int


class Contents(msgspec.Struct, frozen=True, tag="contents"):
    """What an archive holds.

    Attributes:
        members: its files.
        left_out: paths of what is hidden, a link, or no one's own.
        protected: paths of files that can't be unpacked without a password.
    """

    members: list[Member]
    left_out: list[str]
    protected: list[str] = []


def entries(data: bytes, unpacked_bytes: int) -> frozenset[str] | None:
    """The names inside the archive ``data``; None if it isn't an archive.

    Raises:
        DocumentError: unpacked it would be larger than ``unpacked_bytes``, or far larger than its file, or an entry of
            it is protected by a password.
    """
    infos = _infos(data, unpacked_bytes)
    if infos is not None and any(_is_protected(info) for info in infos):
        raise DocumentError(_PROTECTED)
    return names(data, unpacked_bytes)


def names(data: bytes, unpacked_bytes: int) -> frozenset[str] | None:
    """As ``entries``, with those that are protected."""
    infos = _infos(data, unpacked_bytes)
    return None if infos is None else frozenset(info.filename for info in infos)


def _is_protected(info: zipfile.ZipInfo) -> bool:
    return bool(info.flag_bits & 1)


def _infos(data: bytes, unpacked_bytes: int) -> list[zipfile.ZipInfo] | None:
    """The entries of the archive ``data``; None if it isn't one.

    The sizes are those that the archive declares; reading an entry stops there, so they hold.

    Raises:
        DocumentError: it would be too large.
    """
    if not data.startswith((b"PK\x03\x04", _EMPTY)):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        return None
    total = sum(info.file_size for info in infos)
    if total > unpacked_bytes or len(infos) > _ENTRIES or total > max(_RATIO_FROM, _RATIO * len(data)):
        raise DocumentError(f"would unpack to {total / 1e6:,.0f} MB, which looks like a zip bomb: it was not opened.")
    return infos


def contents(data: bytes, unpacked_bytes: int) -> Contents:
    """The files in the archive ``data``, by path.

    Raises:
        DocumentError: it is damaged, too large, or protected as a whole. The message goes on after its name.
    """
    infos = _infos(data, unpacked_bytes)
    if infos is None:
        raise DocumentError("is a damaged ZIP archive: make it anew and add that.")
    members: list[Member] = []
    left_out: list[str] = []
    protected: list[str] = []
    seen: set[str] = set()
    for number, info in enumerate(infos):
        path = _path_of(info)
        if info.is_dir() or not path or path in seen:
            continue
        seen.add(path)
        # What a link leads to isn't in the archive.
        is_link = stat.S_ISLNK(info.external_attr >> 16)
        if is_link or any(part.startswith(".") or part in _FOREIGN for part in path.split("/")):
            left_out.append(path)
        elif _is_protected(info):
            protected.append(path)
        else:
            members.append(Member(path, number, info.file_size))
    if protected and not members:
        raise DocumentError(_PROTECTED)
    if len(members) > _MEMBERS:
        raise DocumentError(f"holds {len(members):,} files; the limit is {_MEMBERS:,}: unpack it and add the folder.")
    return Contents(sorted(members, key=lambda one: one.path), left_out, sorted(protected))


def unpack(data: bytes, number: int, file_bytes: int) -> bytes:
    """The content of the entry ``number``.

    Raises:
        DocumentError: it is damaged or too large. The message goes on after its name.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            info = archive.infolist()[number]
            if info.file_size > file_bytes:
                size = info.file_size / 1e6
                raise DocumentError(f"is too large ({size:,.0f} MB; the limit is {file_bytes / 1e6:,.0f} MB).")
            with archive.open(info) as entry:
                return entry.read(file_bytes)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, IndexError, zlib.error) as error:
        raise DocumentError("is damaged within its archive: make the archive anew.") from error
    except (NotImplementedError, RuntimeError) as error:
        raise DocumentError("is packed in a way that isn't read: unpack the archive and add the folder.") from error


def _path_of(info: zipfile.ZipInfo) -> str:
    """The path of an entry, without what leads out of the archive; "" if nothing is left."""
    name = info.filename
    if not info.flag_bits & _UTF_8 and not name.isascii():
        try:
            name = encodings.decode(name.encode("cp437")).text
        except (DocumentError, UnicodeEncodeError):
            name = info.filename
    return "/".join(_parts(name))


def _parts(name: str) -> Iterator[str]:
    for part in posixpath.normpath(name.replace("\\", "/")).split("/"):
        cleaned = "".join(character for character in part if character.isprintable()).strip()
        if cleaned not in ("", ".", ".."):
            yield cleaned
