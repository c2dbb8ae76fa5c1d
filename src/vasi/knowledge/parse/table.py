"""CSV and TSV: every row carries the names of its columns."""

from __future__ import annotations

import csv
import io

from vasi.errors import DocumentError
from vasi.knowledge.parse.blocks import Block, Parsed, row

_SAMPLE = 8_192
_LONGEST_CELL = 1_000_000


def parse(text: str) -> Parsed:
    """The rows of ``text``; its first row names the columns.

    Raises:
        DocumentError: it isn't a table.
    """
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text[:_SAMPLE]))
    try:
        rows = [cells for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise DocumentError(f"is a damaged table near line {reader.line_num} ({error}).") from error
    if len(rows) == 1:
        return Parsed([Block(line)] if (line := row([], rows[0])) else [])
    return Parsed([Block(line, "row") for cells in rows[1:] if (line := row(rows[0], cells))])


def _delimiter(sample: str) -> str:
    """The most frequent delimiter of the first line; a comma when in doubt."""
    first = next((line for line in sample.splitlines() if line.strip()), "")
    return max(",;\t|", key=first.count)
