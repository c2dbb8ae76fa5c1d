"""About how much memory an event takes: what is kept of events has limits in bytes."""

from __future__ import annotations

from typing import Any, cast

from msgspec import Struct, json
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
        return _bytes_of_json(cast("dict[Any, Any]", value))
    if isinstance(value, list | tuple):
        return sum(map(approximate_bytes, cast("list[Any]", value)), _FIELD)
    return _FIELD


def _bytes_of_json(value: dict[Any, Any]) -> int:
    """A schema may have thousands of parts: written as JSON they are counted a hundred times as fast."""
    try:
        return len(json.encode(value)) + _FIELD
    except (TypeError, UnicodeEncodeError):
        return sum((approximate_bytes(name) + approximate_bytes(entry) for name, entry in value.items()), _FIELD)
