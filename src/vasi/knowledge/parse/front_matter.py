"""Front matter: the lines of YAML between ``---`` that a Markdown file may begin with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from vasi.knowledge.parse.blocks import clean

_FRONT_MATTER = re.compile(r"---[ \t]*+\n(.{0,20000}?)\n(?:---|\.\.\.)[ \t]*+(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"([ \t]*+)([A-Za-z_][\w .-]{0,60}+):(?:[ \t]++(.*+)|\Z)")
_ITEM = re.compile(r"[ \t]*+-(?:[ \t]++(.*+)|\Z)")
_BLOCK_SCALARS: Final = frozenset({"|", ">", "|-", ">-", "|+", ">+"})
_MAX_VALUE: Final = 1_000


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What it says: names and values, in its order; ``end`` is where the text begins."""

    fields: tuple[tuple[str, str], ...]
    end: int

    @property
    def title(self) -> str:
        """Of the document; "" if there is none."""
        return next((value for name, value in self.fields if name.lower() == "title"), "")


def read(text: str) -> FrontMatter:
    """The front matter of ``text``, empty if there is none.

    Only what such lines usually hold is read: values in one line, lists, and values below a name. Lines between two
    rules that aren't all of this kind are text.
    """
    match = _FRONT_MATTER.match(text)
    if match is None:
        return FrontMatter((), 0)
    values: dict[str, list[str]] = {}
    parent = name = ""
    for line in match.group(1).split("\n"):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if field := _FIELD.fullmatch(line):
            indent, key, value = field.group(1), field.group(2), (field.group(3) or "").strip()
            name = f"{parent} {key}" if indent and parent else key
            if not indent:
                parent = key
            values[name] = [] if value in _BLOCK_SCALARS else _list(value)
        elif name and (item := _ITEM.fullmatch(line)):
            values[name].append(_scalar(item.group(1) or ""))
        elif name and line[0] in " \t":
            values[name].append(_scalar(line))
        else:
            return FrontMatter((), 0)
    fields = ((_shown(name), clean(", ".join(filter(None, value)))[:_MAX_VALUE]) for name, value in values.items())
    return FrontMatter(tuple((name, value) for name, value in fields if value), match.end())


def _list(value: str) -> list[str]:
    """The items of ``[a, b]``; else ``value`` alone."""
    inner = value.removeprefix("[").removesuffix("]")
    return [_scalar(value)] if len(inner) != len(value) - 2 else [_scalar(item) for item in inner.split(",")]


def _scalar(value: str) -> str:
    value = value.strip()
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value


def _shown(name: str) -> str:
    words = re.sub(r"[\s_.-]+", " ", name).strip()
    return words[:1].upper() + words[1:]
