"""What runs in the child process that opens what people upload (``vasi.workers.run``).

Whatever a file does here (crash, hang, eat memory), only this process dies of it.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from vasi.errors import DocumentError
from vasi.knowledge.parse import archive, formats, readers
from vasi.knowledge.parse.archive import Contents
from vasi.knowledge.parse.blocks import Parsed
from vasi.knowledge.parse.limits import ReadingLimits

Answer = TypeVar("Answer")
PARSER_VERSIONS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15")
"""The last one is part of every digest: a new parser reads unchanged files anew. Add one when passages would differ."""


READ: Final = 1
"""Payload: JSON of a ``Request``; answer: JSON of a ``Reply``."""
LIST: Final = 2
"""What an archive holds. Payload: JSON of a ``Request``; answer: JSON of ``Contents``, ``NoArchive`` or ``Failure``."""
UNPACK: Final = 3
"""Payload: JSON of a ``Request`` with ``entry``; answer: ``UNPACKED`` and the bytes, or JSON of a ``Failure``."""
UNPACKED: Final = b"\0"


class Request(msgspec.Struct, frozen=True):
    """Read the file ``path``, called ``name``, or the ``entry`` of an archive that is there."""

    path: str
    name: str
    limits: ReadingLimits
    entry: int = 0


class PassageRecord(msgspec.Struct, frozen=True, array_like=True):
    """A ``NewPassage`` on the wire."""

    text: str
    heading: str
    page: int | None
    start: int
    end: int


class Reading(msgspec.Struct, frozen=True, tag="reading"):
    """What was read."""

    digest: str
    media_type: str
    size: int
    pages: int | None
    title: str
    warnings: list[str]
    passages: list[PassageRecord]


class Failure(msgspec.Struct, frozen=True, tag="failure"):
    """Why the file can't be read, in one sentence."""

    message: str


class NoArchive(msgspec.Struct, frozen=True, tag="no_archive"):
    """The file is no archive, but a document by itself."""


Reply = Reading | Failure
Listing = Contents | NoArchive | Failure


def digest(data: bytes) -> str:
    """Hex SHA-256 of ``data`` and of the parser's version."""
    return hashlib.sha256(PARSER_VERSIONS[-1].encode() + b"\0" + data).hexdigest()


def is_unchanged(path: Path, known: str) -> bool:
    """Does a regular file hold what had the digest ``known``, by this parser or an older one? Raises ``OSError``."""
    hashes = [hashlib.sha256(version.encode() + b"\0") for version in PARSER_VERSIONS]
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("not a regular file")
        while piece := file.read(1_000_000):
            for each in hashes:
                each.update(piece)
    return known in [each.hexdigest() for each in hashes]


def load(path: str, limits: ReadingLimits) -> bytes:
    """The bytes of a regular file.

    Raises:
        DocumentError: it isn't there, isn't a file, may not be read, or is too large; it goes on after the name.
    """
    try:
        # A FIFO must not make us wait for its writer.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError as error:
        raise DocumentError("doesn't exist: check the path.") from error
    except PermissionError as error:
        raise DocumentError("may not be read by this user: change its permissions.") from error
    except OSError as error:
        raise DocumentError(f"can't be opened ({error.strerror or error}).") from error
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise DocumentError("isn't a regular file.")
    with os.fdopen(descriptor, "rb") as file:
        if status.st_size > limits.file_bytes:
            raise DocumentError(_too_large(status.st_size, limits))
        data = file.read(limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        raise DocumentError(_too_large(len(data), limits))
    return data


def _too_large(size: int, limits: ReadingLimits) -> str:
    return (
        f"is too large ({size / 1e6:,.0f} MB; the limit is {limits.file_bytes / 1e6:,.0f} MB): "
        "split it and add the parts."
    )


def read(request: Request) -> Reading:
    """Read one file into passages.

    Raises:
        DocumentError: it can't be read; the message is a whole sentence.
    """
    from vasi.knowledge.passages import passages

    try:
        data = load(request.path, request.limits)
        reader = readers.choose(request.name, data, request.limits)
        parsed = reader.parse(data, request.limits)
        warnings = list(parsed.warnings)
        if (note := formats.mismatch(request.name, reader.media_type)) is not None:
            warnings.insert(0, note)
        blocks = parsed.blocks
        total = 0
        for at, block in enumerate(blocks):
            total += len(block.text)
            if total > request.limits.characters:
                blocks = blocks[: at + 1]
                warnings.append(f"Only its first {request.limits.characters:,} characters were read.")
                break
        split = passages(blocks)
        if not split:
            raise DocumentError(_no_text(parsed))
    except DocumentError as error:
        raise DocumentError(f"{request.name} {error.message}") from error
    return Reading(
        digest=digest(data),
        media_type=reader.media_type,
        size=len(data),
        pages=parsed.pages,
        title=parsed.title[:300],
        warnings=warnings,
        passages=[PassageRecord(one.text, one.heading, one.page, one.start, one.end) for one in split],
    )


def _no_text(parsed: Parsed) -> str:
    if any("scanned" in warning for warning in parsed.warnings):
        return "has no text, its pages look scanned: run OCR on it and add the result."
    return "has no text in it."


def list_members(request: Request) -> Contents | NoArchive:
    """What the archive holds. Raises ``DocumentError`` with a whole sentence."""
    try:
        data = load(request.path, request.limits)
        if not readers.is_archive(request.name, data, request.limits):
            return NoArchive()
        return archive.contents(data, request.limits.unpacked_bytes)
    except DocumentError as error:
        raise DocumentError(f"{request.name} {error.message}") from error


def unpack(request: Request) -> bytes:
    """An entry of an archive. Raises ``DocumentError`` with a whole sentence."""
    try:
        return archive.unpack(load(request.path, request.limits), request.entry, request.limits.file_bytes)
    except DocumentError as error:
        raise DocumentError(f"{request.name} {error.message}") from error


def _answer(request: Request, work: Callable[[Request], Answer]) -> Answer | Failure:
    try:
        return work(request)
    except DocumentError as error:
        return Failure(error.message)
    except MemoryError:
        return Failure(f"{request.name} needs too much memory to read: split it and add the parts.")
    except Exception as error:  # parsers raise anything on damaged files
        return Failure(f"{request.name} is damaged ({type(error).__name__}): open and save it anew, then add it.")


def create_handler() -> Callable[[int, bytes], bytes]:
    """Answers the requests of this module."""
    decoder = msgspec.json.Decoder(Request)

    def handle(kind: int, payload: bytes) -> bytes:
        request = decoder.decode(payload)
        if kind == UNPACK:
            unpacked = _answer(request, unpack)
            return UNPACKED + unpacked if isinstance(unpacked, bytes) else msgspec.json.encode(unpacked)
        return msgspec.json.encode(_answer(request, list_members if kind == LIST else read))

    return handle
