"""Lists and fields in plain text: "- item", "3. step", "Label: value"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from vasi.language.rows import is_row
from vasi.language.sentences import Span, sentences


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list: characters ``start:end`` of the text, its marker included.

    Attributes:
        text: without the marker, on one line.
        number: as shown, "3." or "b)"; "" for a bullet.
    """

    start: int
    end: int
    text: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list; ``lead_in`` is the sentence in front that announces it, None if there is none."""

    items: tuple[Item, ...]
    lead_in: Span | None = None

    @property
    def start(self) -> int:
        return self.lead_in.start if self.lead_in else self.items[0].start

    @property
    def end(self) -> int:
        return self.items[-1].end

    @property
    def ordered(self) -> bool:
        """Its items are numbered: their order matters."""
        return all(item.number for item in self.items)


@dataclass(frozen=True, slots=True)
class Field:
    """A short "Label: value"."""

    label: str
    value: str


BULLETS = "-*•‣▪◦–·●○■□➢❖"
_ITEM = re.compile(
    rf"[ \t]*(?:(?P<bullet>[{BULLETS}])|(?P<number>\(?(?:\d{{1,3}}|[A-Za-z]|[ivxIVX]{{2,5}})[.)]))[ \t]+(?=\S)"
)
_LINE = re.compile(r"[^\n]+")
_INLINE = re.compile(r"(?<=[.;:,!?)] )(?P<number>\(?(?:\d{1,2}|[a-z])[.)]) (?=\S)")
_LONGEST_LEAD_IN = 60  # words
_FIELD = re.compile(r"(?P<label>[^\W\d_][^:;.!?\n]{0,60}): (?P<value>[^\n]+)")
_LABEL_WORDS = 6
_VALUE_WORDS = 16


def item_lists(text: str) -> list[ItemList]:
    """The lists of ``text``, in order. An item may be alone where its list goes on in another text."""
    found: list[ItemList] = []
    items: list[Item] = []
    end = 0
    """Of the line before."""
    for line in _LINE.finditer(text):
        parted = "\n\n" in text[end : line.end()] if items else False
        marker = _ITEM.match(line[0])
        if marker and _begins_item(marker, items):
            if items and not _same_list(items[-1], marker["number"] or ""):
                _close(found, items, text)
            items.append(_item(line, marker))
        elif items and not parted and not marker:
            items[-1] = _longer(items[-1], line)
        else:
            _close(found, items, text)
        end = line.end()
    _close(found, items, text)
    return found


def _begins_item(marker: re.Match[str], items: list[Item]) -> bool:
    """A letter with a full stop is an initial as often as a marker: it has to follow "a."."""
    number = (marker["number"] or "").strip("().")
    if not number.isalpha() or (marker["number"] or "").endswith(")"):
        return True
    return number in "aAiI" or bool(items and items[-1].number)


def _same_list(last: Item, number: str) -> bool:
    if bool(last.number) != bool(number):
        return False
    value, before = _value(number), _value(last.number)
    return value is None or before is None or value > before


def _value(number: str) -> int | None:
    digits = number.strip("().")
    return int(digits) if digits.isdecimal() else None


def _item(line: re.Match[str], marker: re.Match[str]) -> Item:
    start = line.start() + len(line[0]) - len(line[0].lstrip())
    return Item(start, line.end(), line[0][marker.end() :].strip(), marker["number"] or "")


def _longer(item: Item, line: re.Match[str]) -> Item:
    """``item`` with a line that was wrapped."""
    return replace(item, end=line.end(), text=f"{item.text} {line[0].strip()}")


def _close(found: list[ItemList], items: list[Item], text: str) -> None:
    if items:
        whole = items if len(items) > 1 else _inline(items[0], text)
        found.append(ItemList(tuple(whole), _lead_in(text, items[0].start)))
        items.clear()


def _lead_in(text: str, start: int) -> Span | None:
    """The sentence before ``start`` if it announces what follows."""
    before = text[:start].rstrip()
    if not before or len(before.rsplit("\n\n", 1)[-1].split()) > 4 * _LONGEST_LEAD_IN:
        return None
    last = sentences(before)[-1]
    joined = "\n\n" not in text[last.end : start]
    if not last.text.endswith((":", "：")) and not (joined and not last.text.endswith((".", "!", "?", "。"))):
        return None
    return last if len(last.text.split()) <= _LONGEST_LEAD_IN else None


def _inline(item: Item, text: str) -> list[Item]:
    """``item`` as several where the rest of its list stands on the same line: "1. Look. 2. Ask. 3. Go."."""
    written = text[item.start : item.end]
    first = _ITEM.match(written)
    if first is None or _value(item.number) is None:
        return [item]
    marks = [(0, first.end(), item.number)]
    for found in _INLINE.finditer(written):
        if _value(found["number"]) == (_value(marks[-1][2]) or 0) + 1:
            marks.append((found.start("number"), found.end(), found["number"]))
    ends = [start for start, _, _ in marks[1:]] + [len(written)]
    return [
        Item(
            item.start + start,
            item.start + len(written[:end].rstrip()),
            " ".join(written[after:end].split()),
            number,
        )
        for (start, after, number), end in zip(marks, ends, strict=True)
    ]


def field(text: str) -> Field | None:
    """``text`` as a short field; None if it is none."""
    found = _FIELD.fullmatch(text.strip())
    if (
        found is None
        or is_row(text)
        or len(found["label"].split()) > _LABEL_WORDS
        or len(found["value"].split()) > _VALUE_WORDS
    ):
        return None
    return Field(found["label"].strip(), found["value"].strip().rstrip("."))


def begins_with_item(text: str) -> bool:
    """Whether ``text`` begins in the middle of a list, or with one."""
    return _ITEM.match(text) is not None


def ends_in_list(text: str) -> bool:
    """Whether ``text`` ends with an item or with what announces a list."""
    if text.rstrip().endswith((":", "：")):
        return True
    found = item_lists(text)
    return bool(found) and found[-1].end >= len(text.rstrip())
