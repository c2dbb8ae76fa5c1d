"""One range of bytes of a file that is read as a stream (RFC 9110, 14.1.2)."""

from __future__ import annotations

import re

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class Unsatisfiable(Exception):
    """The range lies behind the end of the file."""


def byte_range(header: str | None, size: int) -> tuple[int, int] | None:
    """Offsets ``start:end`` of what a header ``Range`` asks for.

    Args:
        header: its value.
        size: bytes of the whole file.

    Returns:
        None for the whole file: without a header, and where it's malformed or asks for several ranges, as may be.

    Raises:
        Unsatisfiable: to be answered with 416.
    """
    match = _RANGE.fullmatch(header or "")
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:  # the last so many bytes
        start, end = max(0, size - int(match[2])), size
    else:
        start, end = int(match[1]), min(size, int(match[2]) + 1) if match[2] else size
        if match[2] and int(match[2]) < start:
            return None
    if start >= size or start >= end:
        raise Unsatisfiable
    return start, end
