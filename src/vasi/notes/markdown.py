"""Plain text written so that Markdown shows it as it is."""

from __future__ import annotations

import re

_MARKS = re.compile(r"[\\`*\[\]<>~|&]|(?<![^\W_])_|_(?![^\W_])")
_BLOCK = re.compile(r"^([ \t]*)([#>+=-]|\d{1,9}(?=[.)](?:\s|$)))", re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


def as_markdown(text: str) -> str:
    """``text`` with its marks escaped and its lines kept: read as Markdown it says what it said."""
    text = _MARKS.sub(lambda mark: f"\\{mark.group()}", text)
    text = _BLOCK.sub(_escaped, text)
    text = _INDENT.sub(lambda blank: "&nbsp;" * len(blank.group().expandtabs(4)), text)
    return re.sub(r"(?<=[^\n])\n(?=[^\n])", "\\\n", text)


def _escaped(begin: re.Match[str]) -> str:
    indent, mark = begin.groups()
    return f"{indent}{mark}\\" if mark.isdigit() else f"{indent}\\{mark}"
