"""The documents in an archive: which of its files are read, and what is said of the others."""

from __future__ import annotations

from pathlib import PurePath

from vasi.knowledge.parse.archive import Contents, Member
from vasi.knowledge.parse.readers import ARCHIVE_SUFFIX, readable_suffixes


def is_archive_name(name: str) -> bool:
    """Does a file's name say that it's an archive of documents?"""
    return PurePath(name).suffix.lower() == ARCHIVE_SUFFIX


def divide(contents: Contents) -> tuple[list[Member], list[Member]]:
    """The files of an archive that are read, and those that aren't for their kind."""
    readable = readable_suffixes() - {ARCHIVE_SUFFIX}
    read = [member for member in contents.members if PurePath(member.path).suffix.lower() in readable]
    return read, [member for member in contents.members if PurePath(member.path).suffix.lower() not in readable]


def kind_of_unread(name: str) -> str:
    """What the file ``name`` and its like are called together."""
    suffix = PurePath(name).suffix.lower()
    if suffix == ARCHIVE_SUFFIX:
        return "archives in archives"
    return f"{suffix} files" if suffix else "files without an ending"


def explain_unread(name: str) -> str:
    """Why a file of this name isn't read, in one sentence."""
    if is_archive_name(name):
        return f"{name} is an archive in an archive: unpack it and add the folder."
    return f"{name} isn't a kind of document that vasi reads."


def explain_protected(name: str) -> str:
    """Why the file of this name isn't unpacked, in one sentence."""
    return f"{name} is protected by a password within its archive: add a copy without it."
