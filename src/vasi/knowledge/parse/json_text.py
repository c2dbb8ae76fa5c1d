"""JSON: objects as fields, lists of objects as records; also one value a line (JSON Lines)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, cast

from vasi.errors import DocumentError
from vasi.knowledge.parse.blocks import Block, Parsed, clean
from vasi.knowledge.parse.grid import Cell
from vasi.knowledge.parse.table import records

_DEEPEST: Final = 40
_MOST_COLUMNS: Final = 200
_LINES: Final = 60
"""Fields of one block."""
_NAMED: Final = 10
"""Damaged lines that are named."""


def parse(text: str) -> Parsed:
    """The values of a JSON text, under headings that are the names of objects.

    Raises:
        DocumentError: it isn't JSON, or is nested too deeply.
    """
    blocks: list[Block] = []
    value, warnings = _load(text)
    _add(blocks, value, 1)
    return Parsed(blocks, warnings=warnings)


def _load(text: str) -> tuple[Any, list[str]]:
    """The value of a JSON text, or the list of those of JSON Lines; and what of it couldn't be read."""
    try:
        return json.loads(text), []
    except RecursionError as error:
        raise DocumentError("is nested too deeply to be read.") from error
    except json.JSONDecodeError as error:
        values, broken = _load_lines(text)
        if len(values) <= len(broken):
            where = f"line {error.lineno}, column {error.colno}"
            message = f"is damaged JSON ({error.msg.lower()} at {where}): mend it and add it again."
            raise DocumentError(message) from error
        return values, [_broken_lines(broken)] if broken else []


def _load_lines(text: str) -> tuple[list[Any], list[int]]:
    """The values of the lines that are objects or lists, and the numbers of the lines that are none."""
    values: list[Any] = []
    broken: list[int] = []
    for at, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (json.JSONDecodeError, RecursionError):
            value = None
        if isinstance(value, dict | list):
            values.append(value)
        else:
            broken.append(at)
    return values, broken


def _broken_lines(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:_NAMED]))
    more = f" and {len(numbers) - _NAMED} more" if len(numbers) > _NAMED else ""
    if len(numbers) == 1:
        return f"Its line {shown} is damaged JSON and wasn't read: mend it and add it again."
    return f"Its lines {shown}{more} are damaged JSON and weren't read: mend them and add it again."


def _add(blocks: list[Block], value: Any, level: int) -> None:
    if level > _DEEPEST:
        raise DocumentError("is nested too deeply to be read.")
    if isinstance(value, dict):
        _object(blocks, cast("dict[str, Any]", value), level)
    elif isinstance(value, list):
        _list(blocks, cast("list[Any]", value), level)
    elif text := _scalar(value):
        blocks.append(Block(text))


def _object(blocks: list[Block], value: dict[str, Any], level: int) -> None:
    """Plain values first, as fields; what is nested follows under its name."""
    lines: list[str] = []
    nested: list[tuple[str, Any]] = []
    for key, one in value.items():
        name = _name(key)
        if (text := _flat(one)) is None:
            nested.append((name, one))
        elif text:
            lines.append(f"{name}: {text}")
    blocks += [Block("\n".join(lines[at : at + _LINES])) for at in range(0, len(lines), _LINES)]
    for name, one in nested:
        start = len(blocks)
        if name:
            blocks.append(Block(name, "heading", min(level, 10)))
        _add(blocks, one, level + 1)
        if len(blocks) == start + 1 and name:
            blocks.pop()  # it says nothing


def _list(blocks: list[Block], values: list[Any], level: int) -> None:
    if values and all(isinstance(value, dict) for value in values):
        _records(blocks, cast("list[dict[str, Any]]", values), level)
    elif values and all(isinstance(value, list) for value in values):
        rows = [[_flat(cell) for cell in cast("list[Any]", row)] for row in values]
        if all(cell is not None for row in rows for cell in row):
            blocks += records([[Cell(cell or "") for cell in row] for row in rows])
        else:
            for value in values:
                _add(blocks, value, level + 1)
    else:
        for value in values:
            _add(blocks, value, level + 1)


def _records(blocks: list[Block], values: list[dict[str, Any]], level: int) -> None:
    """Objects in a list: one row each, what they nest beside its name; what is too deep for a row is an object."""
    rows: list[dict[str, str]] = []
    for value in values:
        row = dict(_cells(value, ""))
        if len(row) > _MOST_COLUMNS or any(_holds_records(one) for one in value.values()):
            break
        rows.append(row)
    if len(rows) < len(values):
        for value in values:
            key, title = next(((key, text) for key in _TITLES if (text := _scalar(value.get(key)))), ("", ""))
            if title:
                title = f"{_name(key)} {title}" if title.isdigit() else title
                blocks.append(Block(title.replace("\n", " "), "heading", min(level, 10)))
            _object(blocks, value, level + 1)
        return
    columns = list(dict.fromkeys(key for row in rows for key in row))
    if len(rows) == 1 or len(columns) == 1 or len(columns) > _MOST_COLUMNS:
        for value in values:
            _object(blocks, value, level)
        return
    cells = [[Cell(column, is_header=True) for column in columns]]
    cells += [[Cell(row.get(column, "")) for column in columns] for row in rows]
    blocks += records(cells, is_headed=True)


_TITLES: Final = ("title", "name", "id", "label", "key")


def _cells(value: dict[str, Any], prefix: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    for key, one in value.items():
        name = f"{prefix} {_name(key)}".strip()
        if isinstance(one, dict) and depth < 4:
            yield from _cells(cast("dict[str, Any]", one), name, depth + 1)
        elif text := _flat(one):
            yield name, text


def _holds_records(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_holds_records(one) for one in cast("dict[str, Any]", value).values())
    return isinstance(value, list) and any(isinstance(one, dict | list) for one in cast("list[Any]", value))


def _flat(value: Any) -> str | None:
    """A plain value, or a list of such, as text; None for what is nested."""
    if isinstance(value, dict):
        return None if value else ""
    if isinstance(value, list):
        items = cast("list[Any]", value)
        if any(isinstance(one, dict | list) for one in items):
            return None
        return ", ".join(text for one in items if (text := _scalar(one)))
    return _scalar(value)


def _scalar(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return clean(value)
        case int() | float():
            return str(value)
        case _:
            return ""


def _name(key: str) -> str:
    """A key as words: "dueDate" and "due_date" are "due date"."""
    words = clean(key).replace("_", " ").replace("\n", " ")
    parts: list[str] = []
    for before, letter in zip(" " + words, words, strict=False):
        parts.append(f" {letter.lower()}" if letter.isupper() and before.islower() else letter)
    return "".join(parts).strip()
