"""What a document may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """Limits on what is read; whoever goes past one gets a ``DocumentError`` or, for parts left out, a warning.

    Attributes:
        file_bytes: larger files aren't opened.
        pages: pages and slides beyond it aren't read.
        characters: text beyond it isn't read.
        seconds: wall time of parsing one file.
        memory_bytes: address space of the child process (POSIX).
        unpacked_bytes: size of everything inside a DOCX or PPTX when unpacked.
        files: files that one folder may hold.
    """

    file_bytes: int
    pages: int
    characters: int = 5_000_000
    seconds: float = 60.0
    memory_bytes: int = 1_000_000_000
    unpacked_bytes: int = 200_000_000
    files: int = 50_000
