"""The words of a page with their places, from PDFium's characters.

PDFium tells where each character stands; asking for every one would take most of the reading time. A word of letters
is known by its first and its last one; only where digits, signs or sizes make it doubtful are all of them looked at.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import msgspec
import pypdfium2.raw  # pyright: ignore[reportMissingTypeStubs]

_RAW = cast(Any, pypdfium2.raw)
_BOX = _RAW.FPDFText_GetLooseCharBox

_WORD = re.compile("[^\\s\ufffe]+\ufffe?|\ufffe")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")
_HEBREW = re.compile("[\u0590-\u05ff\ufb1d-\ufb4f]")
_LIGATURES = re.compile("[\ufb00-\ufb06\ufb13-\ufb17\ufb1d-\ufdff\ufe70-\ufefc]")
_UNMAPPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd\ufff0-\uffff\U000f0000-\U0010ffff]")
_COMBINING = {
    "`": "\u0300", "\u00b4": "\u0301", "\u02c6": "\u0302", "\u02dc": "\u0303", "\u00af": "\u0304",
    "\u02d8": "\u0306", "\u02d9": "\u0307", "\u00a8": "\u0308", "\u02da": "\u030a", "\u02dd": "\u030b",
    "\u02c7": "\u030c", "\u00b8": "\u0327", "\u02db": "\u0328",
}  # fmt: skip
_ACCENT = re.compile(f"[{''.join(_COMBINING)}]")
_ACCENTED = re.compile(f"({_ACCENT.pattern})([^\\W\\d_])")
_COPY = 0.12
"""Two equal words that are less than this part of the type's height apart are one."""
_GAP = 0.45
"""A gap between two characters, as a part of the type's height, that ends a word though no space stands there."""
_PUNCTUATION = str.maketrans("", "", ".,;:!?()'\"-\u2019\u201c\u201d\ufffe")
"""What a word may have beside its letters without a second look."""
_WIDEST = 1.1
"""Width of a character, as a part of the height, that needs a second look: text is hardly ever set wider."""
_FEWEST_VOWELS = 0.25
"""Part of the Latin letters of a text; in all languages that are written with them it is larger."""
_SAMPLE = 60
"""Words of a page that are looked at for whether their letters are known."""
_SLANT = 0.08
"""Radians by which text may be out of the upright before it counts as slanted."""
PLACEHOLDER = "\ufffc"
"""The text of a word that stands for something that is no text, as wide as that is."""
SLANTED = 4
"""The direction of text that is set in none of the four right ones: stamps across the page."""


class Word(msgspec.Struct, frozen=True, gc=False):
    """Characters between two spaces. A page has many, and structs are made faster than dataclasses.

    Attributes:
        text: as it is read, not empty.
        left: in points, in a frame in which the text runs from left to right; may be negative.
        right: the end of its last character.
        top: downwards from an origin that all words of one direction on a page share.
        bottom: below its descenders.
        baseline: where it stands.
        index: PDFium's of its first character; -1 for what isn't part of the page's own text.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    baseline: float
    index: int = -1

    @property
    def height(self) -> float:
        """From the descenders to the ascenders of its type: a measure of the size of the type."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class PageWords:
    """What is written on a page.

    Attributes:
        words: by direction: 0 upright on the unrotated page, 1 to 3 turned by 90, 180, 270 degrees, or ``SLANTED``.
        characters: that are no white space.
        unmapped: those of them that PDFium can't tell the meaning of.
    """

    words: dict[int, list[Word]]
    characters: int
    unmapped: int

    @property
    def direction(self) -> int:
        """The direction of most of the text."""
        upright = {one: sum(len(word.text) for word in words) for one, words in self.words.items() if one != SLANTED}
        return max(upright, key=upright.__getitem__, default=0)


def turn(direction: int, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
    """A box of the page as left, top, right, bottom of the frame in which text of this direction is upright."""
    match direction:
        case 1:
            return bottom, left, top, right
        case 2:
            return -right, bottom, -left, top
        case 3:
            return -top, -right, -bottom, -left
        case _:
            return left, -top, right, -bottom


def read_words(text_page: Any) -> PageWords:
    """The words of a page, in PDFium's order."""
    text: str = text_page.get_text_range()
    characters = _Characters(text_page, len(text))
    found: dict[int, list[Word]] = {}
    position = 0
    for line in text.split("\r\n"):
        direction = -1
        for match in _WORD.finditer(line):
            start, end = position + match.start(), position + match.end()
            if direction < 0:
                direction = characters.direction(start)
            words = found.setdefault(direction, [])
            words += characters.words(match.group(), start, end, direction)
        position += len(line) + 2
    found = {direction: _without_copies(words) for direction, words in found.items()}
    if _ACCENT.search(text):
        found = {direction: list(_accented(words)) for direction, words in found.items()}
    visible = sum(len(word.text) for words in found.values() for word in words)
    unmapped = len(_UNMAPPED.findall(text.replace("\ufffe", "-").replace("\r\n", "")))
    if not _is_plausible(text):
        unmapped = max(unmapped, int(visible * characters.guessed(found)))
    return PageWords(found, visible, unmapped)


def _is_plausible(text: str) -> bool:
    """Whether letters come in the proportions of some language; letters that are guessed wrong don't."""
    latin = [letter for letter in text.lower() if "a" <= letter <= "z"]
    known = sum(1 for letter in text if letter.isalnum() or letter.isspace())
    vowels = sum(1 for letter in latin if letter in "aeiou")
    return known >= len(text) * 0.6 and vowels >= len(latin) * _FEWEST_VOWELS


class _Characters:
    """Where the characters of one text page stand."""

    def __init__(self, text_page: Any, length: int) -> None:
        self._page = text_page.raw
        self._rectangle = _RAW.FS_RECTF()
        self._box = ctypes.byref(self._rectangle)
        self._x = ctypes.c_double()
        self._y = ctypes.c_double()
        self._origin = (ctypes.byref(self._x), ctypes.byref(self._y))
        # Else some characters take two units of UTF-16, or none.
        self._is_plain = text_page.count_chars() == length
        self._level = (-1, 0.0, 0.0)
        self._level_baseline = 0.0

    def direction(self, at: int) -> int:
        angle: float = _RAW.FPDFText_GetCharAngle(self._page, self.index(at))
        if angle <= 0:
            return 0
        turns = angle / (math.pi / 2)
        nearest = round(turns)
        # PDFium counts clockwise.
        return -nearest % 4 if abs(turns - nearest) < _SLANT else SLANTED

    def words(self, text: str, start: int, end: int, direction: int) -> Iterator[Word]:
        """The word at ``start:end`` of the page's text; several where PDFium saw one in what stands apart."""
        left, right, top, bottom = self._place(start, direction)
        height = bottom - top
        if end - start > 1:
            last_left, last_right, last_top, last_bottom = self._place(end - 1, direction)
            right, left = max(right, last_right), min(left, last_left)
            is_sound = (
                text.translate(_PUNCTUATION).isalpha()
                and abs(last_bottom - bottom) + abs(last_top - top) < height * 0.1
                and right - left < (end - start) * height * _WIDEST
                and not _ARABIC.search(text)
            )
            if not is_sound and direction != SLANTED:
                characters: list[Word] = []
                for at in range(start, end):
                    place = self._place(at, direction)
                    baseline = self._baseline(at, direction, place)
                    characters.append(Word(text[at - start], *place, baseline, self.index(at)))
                yield from _joined(characters)
                return
        baseline = self._baseline(start, direction, (left, right, top, bottom))
        yield Word(_expand(text), left, right, top, bottom, baseline, self.index(start))

    def guessed(self, found: dict[int, list[Word]]) -> float:
        """The part of the words whose letters PDFium has guessed from their codes, of a sample."""
        words = [word for words in found.values() for word in words]
        sample = words[:: max(1, len(words) // _SAMPLE)]
        errors = sum(1 for word in sample if _RAW.FPDFText_HasUnicodeMapError(self._page, word.index) == 1)
        return errors / max(1, len(sample))

    def index(self, at: int) -> int:
        """PDFium's index of the character ``at`` of the text."""
        return at if self._is_plain else max(0, _RAW.FPDFText_GetCharIndexFromTextIndex(self._page, at))

    def _place(self, at: int, direction: int) -> tuple[float, float, float, float]:
        """Left, right, top and bottom of a character."""
        if not _BOX(self._page, at if self._is_plain else self.index(at), self._box):
            return 0.0, 0.0, 0.0, 0.0
        box = self._rectangle
        if direction in {0, SLANTED}:
            return box.left, box.right, -box.top, -box.bottom
        left, top, right, bottom = turn(direction, box.left, box.bottom, box.right, box.top)
        return left, right, top, bottom

    def _baseline(self, at: int, direction: int, place: tuple[float, float, float, float]) -> float:
        """Where a character stands; not asked anew if it lies between the same two heights as the one before."""
        if self._level != (direction, place[2], place[3]):
            _RAW.FPDFText_GetCharOrigin(self._page, self.index(at), *self._origin)
            x, y = self._x.value, self._y.value
            self._level = (direction, place[2], place[3])
            self._level_baseline = {1: x, 2: y, 3: -x}.get(direction, -y)
        return self._level_baseline


def _joined(characters: list[Word]) -> Iterator[Word]:
    """Words out of single characters: those that stand side by side in one size, on one line."""
    group: list[Word] = []
    for one in characters:
        if group and not _belong(group[-1], one):
            yield _word(group)
            group = []
        group.append(one)
    if group:
        yield _word(group)


def _belong(before: Word, one: Word) -> bool:
    height = max(before.height, one.height)
    if abs(before.height - one.height) > height * 0.15 and abs(before.baseline - one.baseline) > height * 0.05:
        return False
    if abs(before.baseline - one.baseline) > height * 0.3:
        return False
    gap = max(one.left - before.right, before.left - one.right)
    # Marks stand upon their letter, and signs without a width anywhere.
    return gap < height * _GAP or one.right <= one.left


def _word(group: list[Word]) -> Word:
    first = group[0]
    return Word(
        _expand(_ordered(group)),
        min(one.left for one in group),
        max(one.right for one in group),
        min(one.top for one in group),
        max(one.bottom for one in group),
        first.baseline,
        first.index,
    )


def _ordered(group: list[Word]) -> str:
    """The text of characters; of a ligature that is one glyph with several Arabic letters they come backwards."""
    text = [one.text for one in group]
    start = 0
    for at in range(1, len(group) + 1):
        if at < len(group) and group[at].left == group[start].left and group[at].right == group[start].right:
            continue
        if at - start > 1 and all(_ARABIC.match(one) and not unicodedata.combining(one) for one in text[start:at]):
            text[start:at] = reversed(text[start:at])
        start = at
    return "".join(text)


def _expand(text: str) -> str:
    """``text`` with ligatures and forms of display as the letters that they show, and a hyphen for PDFium's own."""
    if text.isascii():
        return text
    if text[-1] == "\ufffe":
        text = f"{text[:-1]}-"
    return _LIGATURES.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)


def _without_copies(words: list[Word]) -> list[Word]:
    """``words`` without those that were drawn again, slightly beside themselves, to look bold."""
    places: dict[str, list[tuple[float, float]]] = {}
    kept: list[Word] = []
    for word in words:
        near = word.height * _COPY
        same = places.setdefault(word.text, [])
        for left, baseline in same:
            if -near < word.left - left < near and -near < word.baseline - baseline < near:
                break
        else:
            same.append((word.left, word.baseline))
            kept.append(word)
    return kept


def _accented(words: list[Word]) -> Iterator[Word]:
    """``words`` with the accents that were drawn as signs of their own on the letters that follow them."""
    before: Word | None = None
    for word in words:
        if before is not None and _is_torn(before, word):
            text = before.text + word.text
            left, right = min(before.left, word.left), max(before.right, word.right)
            top, bottom = min(before.top, word.top), max(before.bottom, word.bottom)
            before = Word(text, left, right, top, bottom, word.baseline, before.index)
            continue
        if before is not None:
            yield _composed(before)
        before = word
    if before is not None:
        yield _composed(before)


def _is_torn(before: Word, word: Word) -> bool:
    """Whether a space was seen between two parts of a word only because an accent stands out of its turn there."""
    if abs(word.baseline - before.baseline) > word.height * 0.1:
        return False
    if _ACCENT.match(before.text[-1]) and word.text[0].isalpha():
        return word.left < before.right - word.height * 0.05
    if _ACCENT.match(word.text[0]) and len(word.text) > 1 and before.text[-1].isalpha():
        return word.left - before.right < word.height * 0.14
    return False


def _composed(word: Word) -> Word:
    text = _ACCENTED.sub(lambda match: unicodedata.normalize("NFC", match[2] + _COMBINING[match[1]]), word.text)
    return msgspec.structs.replace(word, text=text) if text != word.text else word


def is_right_to_left(text: str) -> bool:
    """Whether ``text`` has letters that are read from right to left."""
    return _ARABIC.search(text) is not None or _HEBREW.search(text) is not None
