"""Tool calls that a model writes as text, where its server doesn't take them out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Any, cast

_OPEN, _CLOSE = "<tool_call>", "</tool_call>"
_LONGEST_CALL = 64 * 1024
"""Characters between the tags; of a longer one the rest is dropped as well."""


@dataclass(frozen=True, slots=True)
class WrittenCall:
    """A call of an offered function; ``arguments`` are JSON."""

    name: str
    arguments: str


class TextCallFilter:
    """Takes ``<tool_call>...</tool_call>`` out of streamed text, also where a tag is split over pieces.

    What stands between the tags is never text: it's a call if it is one JSON object with the name of an offered
    function and arguments, else it's dropped.
    """

    def __init__(self, functions: Set[str]) -> None:
        """``functions`` are the names of those that were offered."""
        self._functions = functions
        self._held = ""
        self._inside = False
        self._too_long = False
        self.dropped = False
        """Something between tags was no call."""

    def feed(self, piece: str) -> Iterator[str | WrittenCall]:
        """The text and the calls that ``piece`` completes, in order."""
        self._held += piece
        while True:
            tag = _CLOSE if self._inside else _OPEN
            before, found, after = self._held.partition(tag)
            if not found:
                break
            self._held = after
            if self._inside:
                yield from self._read(before)
            elif before:
                yield before
            self._inside = not self._inside
        if self._inside:
            if len(self._held) > _LONGEST_CALL:
                self._too_long = True
                self._held = self._held[-len(_CLOSE) :]
            return
        keep = _begun(self._held)
        text, self._held = self._held[: len(self._held) - keep], self._held[len(self._held) - keep :]
        if text:
            yield text

    def finish(self) -> Iterator[str | WrittenCall]:
        """The text is complete: what was held back. A model may leave out the last closing tag."""
        held, self._held = self._held, ""
        if self._inside:
            yield from self._read(held)
        elif held:
            yield held

    def _read(self, text: str) -> Iterator[WrittenCall]:
        call = None if self._too_long else _call(text, self._functions)
        self._too_long = False
        self.dropped |= call is None
        if call is not None:
            yield call


def _call(text: str, functions: Set[str]) -> WrittenCall | None:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict):
        return None
    fields = cast("dict[str, Any]", given)
    name = fields.get("name")
    arguments = fields.get("arguments", fields.get("parameters", {}))
    if not isinstance(name, str) or name not in functions or not isinstance(arguments, dict | str | None):
        return None
    return WrittenCall(name, arguments if isinstance(arguments, str) else json.dumps(arguments or {}))


def _begun(text: str) -> int:
    """How many characters at the end may be the beginning of an opening tag."""
    at = text.rfind("<", max(0, len(text) - len(_OPEN)))
    return len(text) - at if at >= 0 and _OPEN.startswith(text[at:]) else 0
