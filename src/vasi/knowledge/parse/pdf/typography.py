"""How a document is set: the size of its text, and what its headings look like."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vasi.knowledge.parse.pdf.page import Page
from vasi.knowledge.parse.pdf.rows import Line

_LARGER = 1.14
"""Type this much larger than the text's is that of a heading."""
_SLIGHTLY_LARGER = 1.04
"""It needs less to stand out in a font of its own."""
_LONGEST_RUN = 3
"""Lines of a heading; what goes on longer in one size is text."""
_DEEPEST = 6
_LONGEST = 160
"""Characters of a heading in larger type."""
_LONGEST_BOLD = 90
_MUCH_BOLD = 0.3
"""Bold is no mark of a heading where this part of the text is bold."""
_MUCH_LARGE = 0.2
"""What makes up more than this part of a document isn't its headings."""
_SHORT_DOCUMENT = 600
"""Characters of what may be little more than headings."""
_AMOUNT = re.compile(r"[$€£¥%]|\d[.,]\d\d\b|\b(?:EUR|USD|GBP|CHF|euros?|dollars?)\b")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_FIELD = re.compile(r"([^:]{1,40}):\s+\S")
_NUMBERED = re.compile(r"(?:\S{1,20} )?(?:\d{1,4}|[IVXLC]{1,7}|[A-Z])\.?")


@dataclass(frozen=True, slots=True)
class Typography:
    """Sizes of a document's type.

    Attributes:
        body: height of the type of its text.
        font: of its text.
        levels: of headings, by height, 1 the largest.
        bold_level: of a bold line in the text's own size; 0 if bold marks no headings.
    """

    body: float
    font: str
    levels: dict[float, int]
    bold_level: int

    def level(self, line: Line) -> int:
        """The level of ``line`` as a heading; 0 if it doesn't look like one."""
        text = line.text
        if line.has_gap or not any(letter.isalpha() for letter in text):
            return 0
        level = self.levels.get(size(line), 0)
        if level:
            return level if len(text) <= _LONGEST else 0
        if len(text) > _LONGEST_BOLD or text[-1] in ".,;" or line.height < self.body * 0.85:
            return 0
        stands_out = line.font != self.font and line.height > self.body * _SLIGHTLY_LARGER and not text[0].islower()
        return self.bold_level if line.is_bold else self.bold_level or _DEEPEST if stands_out else 0


def size(line: Line) -> float:
    """The height of a line's type, so that lines of one size are equal."""
    return round(line.height * 2) / 2


def measure(pages: Iterable[Page]) -> Typography:
    """The typography of a document."""
    letters = Counter[float]()
    lines = Counter[float]()
    running = Counter[float]()
    fonts = Counter[str]()
    bold = 0
    for page in pages:
        for region in page.regions:
            for run in _runs([item for item in region.items if isinstance(item, Line)]):
                height = size(run[0])
                letters[height] += sum(len(line.text) for line in run)
                lines[height] += len(run)
                if len(run) > _LONGEST_RUN:
                    running[height] += len(run)
                for line in run:
                    fonts[line.font] += len(line.text)
                bold += sum(len(line.text) for line in run if line.is_bold)
    body = max(letters, key=letters.__getitem__, default=0.0)
    whole = sum(letters.values())
    larger = sorted(
        (
            height
            for height in lines
            if height > body * _LARGER
            and running[height] <= lines[height] * 0.5
            and (letters[height] <= _MUCH_LARGE * whole or whole < _SHORT_DOCUMENT)
        ),
        reverse=True,
    )
    levels = {height: min(level, _DEEPEST) for level, height in enumerate(larger, 1)}
    is_bold_common = bold > _MUCH_BOLD * max(1, whole)
    font = max(fonts, key=fonts.__getitem__, default="")
    return Typography(body, font, levels, 0 if is_bold_common else len(set(levels.values())) + 1)


def _runs(lines: Sequence[Line]) -> Iterable[Sequence[Line]]:
    start = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or size(lines[at]) != size(lines[start]):
            yield lines[start:at]
            start = at


def is_statement(text: str) -> bool:
    """Whether ``text`` says something by itself, however large it is set: an amount, a date, a field with its value."""
    field = _FIELD.match(text)
    if field and not _NUMBERED.fullmatch(field[1]):
        return True
    letters = sum(1 for letter in text if letter.isalpha())
    digits = sum(1 for letter in text if letter.isdigit())
    return digits > letters or bool(digits and (_AMOUNT.search(text) or _DATE.search(text)))
