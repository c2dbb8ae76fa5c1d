"""Compound files (OLE2), as old Office files and mails of Outlook are: a file system in a file."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from vasi.errors import DocumentError

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER: Final = struct.Struct("<8s16xHHHHH6xIIIIIIIIII")
_ENTRY: Final = struct.Struct("<64sHBBIII16x4x8x8xIQ")
_END: Final = 0xFFFF_FFFA
"""Sector numbers from here on mean something else."""
_ENTRY_SIZE: Final = 128
_MOST_ENTRIES: Final = 50_000
_STORAGE: Final = 1
_STREAM: Final = 2
_ROOT: Final = 5


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


class Compound:
    """The streams of a compound file, by path ("ObjectPool/1/Contents"). Chains that go in circles are cut.

    Raises:
        DocumentError: it is damaged.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._read_header()
            self._entries = self._read_directory()
        except (struct.error, IndexError, ValueError) as error:
            raise DocumentError("is damaged: open and save it anew, then add it.") from error
        self._paths: dict[str, _Entry] = {}
        self._root = next((entry for entry in self._entries if entry.kind == _ROOT), None)
        if self._root is None:
            raise DocumentError("is damaged: open and save it anew, then add it.")
        self._walk()
        self._mini: bytes | None = None

    @property
    def paths(self) -> frozenset[str]:
        """Of all streams and storages."""
        return frozenset(self._paths)

    def __contains__(self, path: str) -> bool:
        return path in self._paths

    def children(self, path: str) -> list[str]:
        """The names directly below ``path``; "" is the root."""
        prefix = f"{path}/" if path else ""
        return [
            name[len(prefix) :] for name in self._paths if name.startswith(prefix) and "/" not in name[len(prefix) :]
        ]

    def read(self, path: str) -> bytes | None:
        """The stream at ``path``; None if there is none."""
        entry = self._paths.get(path)
        if entry is None or entry.kind != _STREAM:
            return None
        if entry.size >= self._mini_cutoff:
            return self._chain(entry.start, entry.size)
        if self._mini is None:
            assert self._root is not None
            self._mini = self._chain(self._root.start, len(self._data))
        return self._chain_mini(entry.start, entry.size)

    # --- tables ---
    def _read_header(self) -> None:
        fields = _HEADER.unpack_from(self._data)
        magic, _, _, _, shift, mini_shift = fields[:6]
        _, fat_count, directory, _, cutoff, mini_start, mini_count, difat, difat_count = fields[6:15]
        if magic != MAGIC or shift not in (9, 12) or mini_shift != 6:
            raise ValueError("header")
        self._size = 1 << shift
        self._mini_cutoff = cutoff
        self._directory = directory
        sectors = list(struct.unpack_from("<109I", self._data, 76))
        seen: set[int] = set()
        per = self._size // 4
        while difat < _END and difat not in seen and len(seen) <= difat_count + 1:
            seen.add(difat)
            numbers = struct.unpack(f"<{per}I", self._sector(difat).ljust(self._size, b"\xff"))
            sectors += numbers[:-1]
            difat = numbers[-1]
        self._fat: list[int] = []
        for number in sectors[: max(fat_count, 1)]:
            if number < _END:
                sector = self._sector(number).ljust(self._size, b"\xff")
                self._fat += struct.unpack(f"<{per}I", sector)
        minis = self._chain(mini_start, mini_count * self._size)
        self._mini_fat = list(struct.unpack(f"<{len(minis) // 4}I", minis[: len(minis) // 4 * 4]))

    def _read_directory(self) -> list[_Entry]:
        data = self._chain(self._directory, _MOST_ENTRIES * _ENTRY_SIZE)
        entries: list[_Entry] = []
        for at in range(0, len(data) - _ENTRY_SIZE + 1, _ENTRY_SIZE):
            name, length, kind, _, left, right, child, start, size = _ENTRY.unpack_from(data, at)
            text = name[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace").replace("/", "_")
            if self._size == 512:
                size &= 0xFFFF_FFFF
            entries.append(_Entry(text, kind, left, right, child, start, min(size, len(self._data))))
        return entries

    def _walk(self) -> None:
        """Name the entries by their paths; each belongs to one place."""
        assert self._root is not None
        seen: set[int] = set()
        waiting = [(self._root.child, "")]
        while waiting:
            number, prefix = waiting.pop()
            if number >= len(self._entries) or number in seen:
                continue
            seen.add(number)
            entry = self._entries[number]
            waiting += [(entry.left, prefix), (entry.right, prefix)]
            if entry.kind in (_STORAGE, _STREAM):
                self._paths[prefix + entry.name] = entry
            if entry.kind == _STORAGE and prefix.count("/") < 20:
                waiting.append((entry.child, f"{prefix}{entry.name}/"))

    # --- chains ---
    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._data[start : start + self._size]

    def _chain(self, start: int, size: int) -> bytes:
        parts: list[bytes] = []
        total = 0
        seen: set[int] = set()
        while start < len(self._fat) and start not in seen and total < size:
            seen.add(start)
            part = self._sector(start)
            parts.append(part)
            total += len(part)
            start = self._fat[start]
        return b"".join(parts)[:size]

    def _chain_mini(self, start: int, size: int) -> bytes:
        assert self._mini is not None
        parts: list[bytes] = []
        seen: set[int] = set()
        while start < len(self._mini_fat) and start not in seen and len(seen) * 64 < size:
            seen.add(start)
            parts.append(self._mini[start * 64 : start * 64 + 64])
            start = self._mini_fat[start]
        return b"".join(parts)[:size]
