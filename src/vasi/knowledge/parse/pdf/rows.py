"""Words that stand on one line of the page, and what they read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from msgspec import structs

from vasi.knowledge.parse.pdf.fonts import Fonts, is_bold
from vasi.knowledge.parse.pdf.words import Word, is_right_to_left

_SAME_LINE = 0.3
"""How far apart two baselines of one line may be, as a part of the type's height."""
_SMALL = 0.85
"""Type that much lower than its neighbours' may be a mark above or below the line."""
_RAISED = 0.08
_SPACED_LETTERS = 4
_UNITS = frozenset(["m", "cm", "mm", "km", "dm", "ft", "in", "yd", "s", "x", "n", "r", "R", "c"])
"""What a raised number belongs to: "m²" is no footnote."""
_POWERS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_REFERENCE = re.compile(r"[(\[]?\d{1,3}(?:[,–-]\d{1,3})*[)\]]?[,.;:]?")
_LATIN = re.compile(r"[A-Za-z]")


_LEADER = re.compile(r"[.·…_]{1,400}")
_FEWEST_LEADERS = 3
_LONG_LEADER = 5


@dataclass(frozen=True, slots=True)
class Row:
    """Words of one baseline, from left to right, however far they stand apart.

    Attributes:
        words: at least one.
        baseline: that most of them stand on.
        height: of most of its type.
    """

    words: list[Word]
    baseline: float
    height: float

    @property
    def left(self) -> float:
        return self.words[0].left

    @property
    def right(self) -> float:
        return max(word.right for word in self.words)

    @property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words)


@dataclass(frozen=True, slots=True)
class Segment:
    """Words of a row with ordinary spaces between them."""

    words: list[Word]
    left: float
    right: float
    text: str


def rows(words: Iterable[Word]) -> list[Row]:
    """``words`` by line, from top to bottom. Marks above or below a line belong to it."""
    groups: list[list[Word]] = []
    base = height = 0.0
    for word in sorted(words, key=lambda word: (word.baseline, word.left)):
        if groups and word.baseline - base <= _SAME_LINE * min(height, word.height):
            groups[-1].append(word)
            continue
        groups.append([word])
        base, height = word.baseline, word.height
    _attach_marks(groups)
    return [_row(group) for group in groups if group]


def _row(group: list[Word]) -> Row:
    group.sort(key=lambda word: word.left)
    height = _typical_height(group)
    tall = [word for word in group if word.height > height * _SMALL]
    return Row(group, median(word.baseline for word in tall or group), height)


def _typical_height(group: Sequence[Word]) -> float:
    if len({word.height for word in group}) == 1:
        return group[0].height
    letters: dict[float, int] = {}
    for word in group:
        height = round(word.height, 1)
        letters[height] = letters.get(height, 0) + len(word.text)
    return max(letters, key=lambda height: (letters[height], height))


def _attach_marks(groups: list[list[Word]]) -> None:
    """Move small words that stand right behind a word of the line below or above into its group."""
    heights = [word.height for group in groups for word in group]
    if not heights or min(heights) > max(heights) * _SMALL:
        return
    for at, group in enumerate(groups):
        for other in (at + 1, at - 1):
            if not 0 <= other < len(groups) or not groups[other]:
                continue
            tall = max(word.height for word in groups[other])
            if min(word.height for word in group) > tall * _SMALL or groups[other][0].top > group[-1].bottom:
                continue
            stay: list[Word] = []
            for word in group:
                (groups[other] if _is_beside(word, groups[other]) else stay).append(word)
            group[:] = stay
            if not group:
                break


def _is_beside(mark: Word, words: Sequence[Word]) -> bool:
    middle = (mark.top + mark.bottom) / 2
    return any(
        mark.height < word.height * _SMALL
        and word.top < middle < word.bottom
        and (
            -word.height * 0.1 < mark.left - word.right < word.height * 0.3
            or -word.height * 0.1 < word.left - mark.right < word.height * 0.5
        )
        for word in words
    )


def leaders(row: Row) -> list[Word]:
    """The dots that lead the eye from one end of a row to the other, as in a table of contents."""
    dots = [word for word in row.words if word.text[0] in ".·…_" and _LEADER.fullmatch(word.text)]
    return dots if len(dots) >= _FEWEST_LEADERS or any(len(word.text) >= _LONG_LEADER for word in dots) else []


def segments(row: Row, gap: float) -> list[Segment]:
    """A row, divided where words stand further apart than ``gap``. Dots that lead the eye to a single number divide
    nothing; in front of several they are left out.
    """
    words = row.words
    if dots := leaders(row):
        words = [structs.replace(word, text=word.text.rstrip(".") or ".") for word in words if word not in dots]
        behind = [word for word in words if word.left > dots[-1].left]
        if len(behind) < 2 or len(_divided(behind, gap)) < 2:
            return [_segment(row.words, row)]
    return [_segment(group, row) for group in _divided(words, gap)]


def _divided(words: Sequence[Word], gap: float) -> list[list[Word]]:
    groups: list[list[Word]] = []
    right = 0.0
    for word in words:
        if groups and word.left - right <= gap:
            groups[-1].append(word)
        else:
            groups.append([word])
        right = max(right, word.right)
    return groups


def _segment(words: list[Word], row: Row) -> Segment:
    return Segment(words, words[0].left, max(word.right for word in words), read(words, row.baseline, row.height))


def read(words: Sequence[Word], baseline: float, height: float) -> str:
    """What words of one line say, in the order in which they are read."""
    plain = " ".join([word.text for word in words])
    if _is_spaced(words, plain):
        return "".join(_spaced(words))
    is_plain = all(word.height == height and word.index >= 0 for word in words)
    if is_plain and not is_right_to_left(plain):
        return plain
    text = ""
    for word in _reading_order(words):
        if word.index < 0 and text and text[-1] not in ":?":
            text += ":"
        if not text:
            text = word.text
        elif is_mark(word, baseline, height):
            text = _with_mark(text, word, is_raised=word.baseline < baseline)
        else:
            text += f" {word.text}"
    return text


def is_mark(word: Word, baseline: float, height: float) -> bool:
    """Whether ``word`` stands above or below a line in small type."""
    return word.height < height * _SMALL and abs(word.baseline - baseline) > height * _RAISED


def _with_mark(text: str, mark: Word, *, is_raised: bool) -> str:
    """``text`` with what stands raised or lowered behind it; the number of a footnote would change the number."""
    if not is_raised or not _REFERENCE.fullmatch(mark.text):
        return f"{text}{mark.text}"
    before = text[text.rfind(" ") + 1 :]
    digits = mark.text.strip("()[],.;:")
    stop = mark.text[-1] if mark.text[-1] in ",.;:" else ""
    if before.strip("([") in _UNITS and digits in {"2", "3"}:
        return f"{text}{digits.translate(_POWERS)}{stop}"
    if before == "10" or before.endswith("×10"):
        return f"{text}^{mark.text}"
    return f"{text}{stop}"


def _reading_order(words: Sequence[Word]) -> Iterable[Word]:
    """From left to right; from right to left where most is written so, but for what is in Latin letters there."""
    backward = [word for word in words if is_right_to_left(word.text)]
    if sum(len(word.text) for word in backward) * 2 <= sum(len(word.text) for word in words if word.text.isalpha()):
        return words
    ordered: list[Word] = []
    latin: list[Word] = []
    for word in sorted(words, key=lambda word: -word.right):
        if _LATIN.search(word.text) and not is_right_to_left(word.text):
            latin.insert(0, word)
            continue
        ordered += [*latin, word]
        latin = []
    return [*ordered, *latin]


def _is_spaced(words: Sequence[Word], text: str) -> bool:
    """Whether letters are set apart for emphasis: "T O T A L"."""
    if len(text) > len(words) * 3:
        return False
    single = sum(1 for word in words if len(word.text) == 1 and word.text.isalpha())
    return single >= _SPACED_LETTERS and single >= len(words) * 0.8


def _spaced(words: Sequence[Word]) -> Iterator[str]:
    gaps = [word.left - before.right for before, word in pairwise(words)]
    wide = median(gaps) * 1.7
    yield words[0].text
    for gap, word in zip(gaps, words[1:], strict=True):
        yield f" {word.text}" if gap > wide else word.text


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text of one column.

    Attributes:
        text: not empty.
        left: where it begins, in points.
        text_left: where its second word begins; what a list item is indented to.
        right: where it ends.
        top: from the top downwards.
        bottom: below its descenders.
        height: of its type.
        font: what it begins in.
        is_bold: whether it is set in bold; not looked up for long lines.
        has_gap: whether parts of it stand far apart.
    """

    text: str
    left: float
    text_left: float
    right: float
    top: float
    bottom: float
    height: float
    font: str
    is_bold: bool
    has_gap: bool = False


def _has_bullet(row: Row) -> bool:
    """Whether a sign stands apart in front of a row, whatever letter of a symbol font it is."""
    if len(row.words) < 2:
        return False
    sign, first = row.words[:2]
    is_sign = len(sign.text) == 1 and not sign.text.isalnum() and sign.text not in _MEANINGFUL
    return is_sign and row.height * _BULLET_GAP < first.left - sign.right < row.height * 3


_MEANINGFUL = frozenset("$€£¥§¶#&@%+=~<>/|\"'“„«»(){}[].,:;_✓✔✗✘☐☑☒")
_BULLET_GAP = 0.45


def _has_gap(row: Row) -> bool:
    gap = row.height * _WIDE_GAP
    return any(word.left - before.right > gap for before, word in pairwise(row.words)) and not leaders(row)


_LONGEST_BOLD = 100
_WIDE_GAP = 1.6
"""What justified lines hardly ever have between two words, as a part of the type's height."""


def line(row: Row, fonts: Fonts) -> Line | None:
    """``row`` read from its beginning to its end; None if nothing of it can be read."""
    text = read(row.words, row.baseline, row.height)
    if not text.strip():
        return None
    if _has_bullet(row):
        text = f"•{text[1:]}"
    font = fonts.name(row.words[0])
    bold = len(text) <= _LONGEST_BOLD and is_bold(font) and is_bold(fonts.name(row.words[-1]))
    second = row.words[1].left if len(row.words) > 1 else row.left
    tall = [word for word in row.words if word.height >= row.height * _SMALL] or row.words
    top, bottom = min(word.top for word in tall), max(word.bottom for word in tall)
    return Line(text, row.left, second, row.right, top, bottom, row.height, font, bold, _has_gap(row))
