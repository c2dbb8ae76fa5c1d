"""CSV and TSV: every row carries the names of its columns."""

from __future__ import annotations

import csv
import io
import re

from vasi.errors import DocumentError
from vasi.knowledge.parse.blocks import Parsed
from vasi.knowledge.parse.grid import Cell
from vasi.knowledge.parse.sheet import sheet

_SAMPLE = 8_192
_DECLARED = re.compile(r"\ufeff?sep=([^\w\s\"]|\t)\r?\n", re.IGNORECASE)
"""How a file for Excel says what divides its cells."""
_LONGEST_CELL = 1_000_000


def parse(text: str) -> Parsed:
    """The tables in ``text``.

    Raises:
        DocumentError: it isn't a table.
    """
    csv.field_size_limit(_LONGEST_CELL)
    declared = _DECLARED.match(text)
    text = text[declared.end() :] if declared else text
    delimiter = declared.group(1) if declared else _delimiter(text[:_SAMPLE])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [[Cell(text) for text in cells] for cells in reader]
    except csv.Error as error:
        raise DocumentError(f"is a damaged table near line {reader.line_num} ({error}).") from error
    return Parsed(sheet(rows))


def _delimiter(sample: str) -> str:
    """The delimiter that parts most lines alike; a comma when in doubt."""
    lines = [line for line in sample.splitlines()[:-1] or [sample] if line.strip()]

    def parted(mark: str) -> tuple[int, int]:
        counts = [count for line in lines if (count := line.count(mark))]
        return len(counts), max(map(counts.count, set(counts)), default=0)

    return max(",;\t|", key=parted)
