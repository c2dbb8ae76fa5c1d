"""Strings that make a regular expression work hard, made from the expression's own structure.

A repeat that can be left in several ways, or begun at many places, costs more than linear time when what follows it
doesn't fit. So each repeat is filled with thousands of what it takes, behind what leads to it, and before what the
expression doesn't expect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from re import _constants as op  # pyright: ignore[reportAttributeAccessIssue]
from re import _parser as parser  # pyright: ignore[reportAttributeAccessIssue]
from typing import Any

_POOL = "aA1 \n\t.,;:-<>()[]\"'?!*_|#/\\=&$%{}`~@^+\u00e9\u4f60\u2019\ufffe\x00"
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d",
    op.CATEGORY_NOT_DIGIT: r"\D",
    op.CATEGORY_SPACE: r"\s",
    op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w",
    op.CATEGORY_NOT_WORD: r"\W",
}
_SUFFIXES = ("", "\x00", "a", " ", "\n", "1", "!")
_MANY = 16
"""Repetitions from which on a repeat is worth filling."""
_MOST_STRINGS = 300


class PumpedString:
    """``head``, as many ``unit`` as fit, ``tail``."""

    def __init__(self, head: str, unit: str, tail: str) -> None:
        self.head, self.unit, self.tail = head, unit, tail

    def of_length(self, characters: int) -> str:
        room = characters - len(self.head) - len(self.tail)
        return self.head + self.unit * max(1, room // len(self.unit)) + self.tail

    def __repr__(self) -> str:
        return f"{self.head!r} + {self.unit!r} * n + {self.tail!r}"


def pumped_strings(pattern: re.Pattern[Any]) -> list[PumpedString]:
    """The strings to try ``pattern`` with, at most 300."""
    text = pattern.pattern
    source = text.decode("latin-1") if isinstance(text, bytes) else text
    tree = parser.parse(source, pattern.flags & ~re.UNICODE)
    seen: dict[tuple[str, str, str], PumpedString] = {}
    for head, units in _repeats(list(tree), ""):
        for unit in units:
            for suffix in _SUFFIXES:
                _add(seen, head, unit, suffix)
            if head:
                _add(seen, "", head + unit, "")
                _add(seen, "", head + unit, "\x00")
    for whole in islice(_samples(list(tree)), 12):  # what fits, again and again; and all but its end
        _add(seen, "", whole, "")
        _add(seen, "", whole[:-1], "")
    for head in dict.fromkeys(_prefixes(list(tree), "")):
        _add(seen, "", head, "")
    for character in _POOL:
        _add(seen, "", character, "")
    strings = list(seen.values())
    return strings if len(strings) <= _MOST_STRINGS else strings[:: -(-len(strings) // _MOST_STRINGS)]


def _add(seen: dict[tuple[str, str, str], PumpedString], head: str, unit: str, tail: str) -> None:
    if unit and len(head) + len(unit) < 500:
        seen.setdefault((head, unit, tail), PumpedString(head, unit, tail))


def _repeats(sequence: list[Any], head: str) -> Iterator[tuple[str, list[str]]]:
    """Each repeat that may be long, anywhere in ``sequence``: what leads to it, and what it may be filled with."""
    for kind, value in sequence:
        if kind in _REPEATS:
            _, most, body = value
            if most >= _MANY:
                yield head, _fillings(list(body))
            yield from _repeats(list(body), head)
        else:
            for inner in _inside(kind, value):
                yield from _repeats(inner, head)
        head += next(_samples([(kind, value)]), "")


def _prefixes(sequence: list[Any], head: str) -> Iterator[str]:
    """What has been read when each part of ``sequence`` is reached."""
    for kind, value in sequence:
        for inner in _inside(kind, value):
            yield from _prefixes(inner, head)
        head += next(_samples([(kind, value)]), "")
        yield head


def _inside(kind: Any, value: Any) -> list[list[Any]]:
    """The sequences within a part of an expression."""
    if kind in _REPEATS:
        return [list(value[2])]
    if kind is op.SUBPATTERN:
        return [list(value[-1])]
    if kind is op.ATOMIC_GROUP:
        return [list(value)]
    if kind is op.BRANCH:
        return [list(branch) for branch in value[1]]
    if kind in (op.ASSERT, op.ASSERT_NOT):
        return [list(value[1])]
    if kind is op.GROUPREF_EXISTS:
        return [list(part) for part in value[1:] if part is not None]
    return []


def _fillings(body: list[Any]) -> list[str]:
    """Texts that a repeat of ``body`` takes, one after the other."""
    return list(dict.fromkeys(islice((text for text in _samples(body) if text), 14)))


def _samples(sequence: list[Any]) -> Iterator[str]:
    """Texts that fit ``sequence``, different in each part that may differ; the first is a short one."""
    options = [list(islice(_options(kind, value), 14)) or [""] for kind, value in sequence]
    first = [texts[0] for texts in options]
    yield "".join(first)
    for index, texts in enumerate(options):
        for text in texts[1:]:
            yield "".join([*first[:index], text, *first[index + 1 :]])


def _options(kind: Any, value: Any) -> Iterator[str]:
    if kind is op.LITERAL:
        yield chr(value)
    elif kind is op.ANY:
        yield from "a1 <\"'"
    elif kind in (op.NOT_LITERAL, op.IN):
        yield from _characters([(op.NEGATE, None), (op.LITERAL, value)] if kind is op.NOT_LITERAL else value)
    elif kind is op.BRANCH:
        for branch in value[1]:
            yield from islice(_samples(list(branch)), 3)
    elif kind in (op.SUBPATTERN, op.ATOMIC_GROUP):
        yield from _samples(list(value[-1] if kind is op.SUBPATTERN else value))
    elif kind in _REPEATS:
        least, most, body = value
        times = max(least, min(1, most))
        for text in _samples(list(body)):
            yield text * times
        if least == 0:
            yield ""
    else:
        yield ""


def _characters(members: list[Any]) -> Iterator[str]:
    """Characters of a set: such of the pool, of the set's own literals, and ends of its ranges."""
    own = [chr(value) for kind, value in members if kind is op.LITERAL]
    own += [chr(value[0]) for kind, value in members if kind is op.RANGE]
    for character in dict.fromkeys([*_POOL[:4], *own, *_POOL[4:]]):
        if _is_member(character, members):
            yield character


def _is_member(character: str, members: list[Any]) -> bool:
    code, inside, negated = ord(character), False, False
    for kind, value in members:
        if kind is op.NEGATE:
            negated = True
        elif kind is op.LITERAL:
            inside = inside or code == value
        elif kind is op.RANGE:
            inside = inside or value[0] <= code <= value[1]
        elif kind is op.CATEGORY:
            inside = inside or re.match(_CATEGORIES[value], character) is not None
    return inside != negated
