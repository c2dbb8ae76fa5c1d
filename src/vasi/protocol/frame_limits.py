"""What a client's frame may hold at most, found before anything of it is decoded.

To decode a frame takes time that all sessions wait for. Sound and pictures are large and cheap; everything else is
refused by its size, or by the number of its parts, which are counted as fast as memory can be read.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import msgspec

from vasi.errors import ClientError

EVENT_CHARACTERS = 1024 * 1024
"""Of an event that carries neither sound nor pictures."""
SCHEMA_BYTES = 64 * 1024
"""Of the JSON Schema of one tool."""
_UNCOUNTED = 16 * 1024
_MOST_CONTAINERS = 20_000
_MOST_VALUES = 100_000
_LARGE = frozenset({"input_audio_buffer.append", "conversation.item.create"})
_EVENT_ID = r'"event_id"\s{0,9}:\s{0,9}"([^"\\]{1,512}+)"'
_BEGINNING = re.compile(
    rf'\s{{0,9}}\{{\s{{0,9}}(?:{_EVENT_ID}\s{{0,9}},\s{{0,9}})?"type"\s{{0,9}}:\s{{0,9}}"([\w.]{{1,64}}+)"'
    rf"(?:\s{{0,9}},\s{{0,9}}{_EVENT_ID})?"
)
_END = re.compile(rf",\s{{0,9}}{_EVENT_ID}\s{{0,9}}\}}\s{{0,9}}\Z")
_LONGEST_END = 600


class _Type(msgspec.Struct):
    type: object = None


class _Peeked(NamedTuple):
    type: str | None
    event_id: str | None


_decoder = msgspec.json.Decoder(_Type)


def is_large(frame: str | bytes) -> bool:
    """Whether ``frame`` is longer than most events may be, so that it's not to be decoded without need."""
    return len(frame) > EVENT_CHARACTERS


def require_decodable(frame: str | bytes) -> None:
    """Whether ``frame`` may be decoded on the event loop: raises ``ClientError`` if it holds too much."""
    if len(frame) <= _UNCOUNTED:
        return
    if is_large(frame):
        kind = _peek(frame).type or _type(frame)
        if kind not in _LARGE:
            name = f"'{kind}'" if isinstance(kind, str) and len(kind) <= 64 else "This event"
            text = f"{name} has more than {EVENT_CHARACTERS // 1024} KiB; send a smaller one."
            raise ClientError(text, code="event_too_large")
    if _count(frame, "{[") > _MOST_CONTAINERS or _count(frame, ",") > _MOST_VALUES:
        raise ClientError("The event holds too many values; send a smaller one.", code="event_too_large")


def event_id_of_large(frame: str | bytes) -> str | None:
    """The ``event_id`` of a large frame if it stands at its beginning or end."""
    if (found := _peek(frame).event_id) is not None:
        return found
    end = _END.search(_text(frame[-_LONGEST_END:]))
    return end[1] if end else None


def _peek(frame: str | bytes) -> _Peeked:
    found = _BEGINNING.match(_text(frame[:1_300]))
    return _Peeked(found[2], found[1] or found[3]) if found else _Peeked(None, None)


def _type(frame: str | bytes) -> object:
    try:
        return _decoder.decode(frame).type
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def _count(frame: str | bytes, marks: str) -> int:
    if isinstance(frame, bytes):
        return sum(frame.count(mark.encode()) for mark in marks)
    return sum(frame.count(mark) for mark in marks)


def _text(piece: str | bytes) -> str:
    return piece if isinstance(piece, str) else piece.decode("utf-8", "replace")
