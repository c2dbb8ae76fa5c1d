"""About how much memory an event takes: what is kept of events has limits in bytes."""

from __future__ import annotations

from typing import Any, cast

from msgspec import Struct
from msgspec.structs import astuple

_FIELD = 8
"""Bytes of a number, a flag or nothing."""


def approximate_bytes(value: object) -> int:
    """About how many bytes ``value``, an event or a part of one, takes: mostly those of its texts and sound."""
    if isinstance(value, str | bytes):
        return len(value) + _FIELD
    if isinstance(value, Struct):
        return sum(map(approximate_bytes, astuple(value)), _FIELD)
    if isinstance(value, dict):
        entries = cast("dict[Any, Any]", value).items()
        return sum((approximate_bytes(name) + approximate_bytes(entry) for name, entry in entries), _FIELD)
    if isinstance(value, list | tuple):
        return sum(map(approximate_bytes, cast("list[Any]", value)), _FIELD)
    return _FIELD
