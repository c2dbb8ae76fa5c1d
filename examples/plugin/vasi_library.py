"""A plug-in for vasi: a reader of bibliographies (``.bib``) and a tool that tells when a borrowed book is due."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from vasi.knowledge.parse.blocks import Block, Parsed
from vasi.knowledge.parse.limits import ReadingLimits
from vasi.knowledge.parse.readers import DocumentReader
from vasi.tools.ports import Tool, ToolContext, ToolResult
from vasi.tools.providers import ToolParts, ToolProvider

ENTRY = re.compile(r"@(\w+)\{([^,\s]+),")
FIELD = re.compile(r"^\s*(\w+)\s*=\s*[{\"](.*?)[}\"],?\s*$", re.MULTILINE)


def parse(data: bytes, limits: ReadingLimits) -> Parsed:
    """One block for each entry."""
    text = data.decode("utf-8", "replace")[: limits.characters]
    starts = [match.start() for match in ENTRY.finditer(text)]
    blocks: list[Block] = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        fields = dict(FIELD.findall(text[start:end]))
        if fields:
            blocks.append(Block("; ".join(f"{name.lower()}: {value}" for name, value in fields.items())))
    return Parsed(blocks, title="Bibliography")


BIBTEX = DocumentReader("BibTeX", "application/x-bibtex", (".bib",), parse)


class LoanEnds:
    """``{"due": "2026-03-18"}``: the day by which a book that is borrowed today has to be back."""

    name = "loan_ends"
    description = "Tell by which day a book that the user borrows today must be back."
    parameters: Mapping[str, Any] = {"type": "object", "properties": {}}
    read_only = True

    def __init__(self, days: int) -> None:
        self._days = days

    async def run(self, context: ToolContext, arguments: str) -> ToolResult:
        """Count from the user's present day."""
        return ToolResult(json.dumps({"due": (context.now + timedelta(days=self._days)).date().isoformat()}))


def make(parts: ToolParts) -> Iterable[Tool]:
    """The table ``[plugins.library]`` says for how many ``days`` books are lent."""
    options = parts.settings.plugins.get("library", {})
    return [LoanEnds(int(options.get("days", 14)))]


LOANS = ToolProvider("library", make)
