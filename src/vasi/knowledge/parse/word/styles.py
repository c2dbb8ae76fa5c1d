"""Styles: what they say of a paragraph, with what they are based on."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from vasi.knowledge.parse.ooxml import Element, attribute, child, children, is_on, number

_LONGEST_CHAIN: Final = 20
_HEADING = re.compile(
    r"(?:heading|überschrift|titre|título|titolo|kop|rubrik|overskrift|otsikko|nagłówek|nadpis|címsor|заголовок"
    r"|başlık|見出し|标题|標題|제목)\s?(\d)",
    re.IGNORECASE,
)
_TITLES: Final = frozenset(["title", "titel", "titre", "título", "titolo", "tytuł", "название", "表題", "标题", "제목"])
_DEFAULT_SIZE: Final = 20
"""Half points, where a document says nothing."""
_BODY_LEVEL: Final = 9
"""The outline level of what is no heading."""


@dataclass(frozen=True, slots=True)
class Style:
    """What a style, or a paragraph by itself, says. None: nothing.

    Attributes:
        name: in lower case; of the style itself.
        outline: level of a heading, 0 is the outermost; 9 for body text.
        numbering: id of the list that it belongs to; 0 takes it out of a list.
        level: in that list, from 0.
        bold: whether its text is.
        hidden: whether its text is.
        struck: whether its text is struck out.
        size: of its text, in half points.
    """

    name: str = ""
    outline: int | None = None
    numbering: int | None = None
    level: int | None = None
    bold: bool | None = None
    hidden: bool | None = None
    struck: bool | None = None
    size: int | None = None

    def over(self, base: Style) -> Style:
        """What holds where this is based on ``base``."""
        return Style(
            self.name,
            base.outline if self.outline is None else self.outline,
            base.numbering if self.numbering is None else self.numbering,
            base.level if self.level is None else self.level,
            base.bold if self.bold is None else self.bold,
            base.hidden if self.hidden is None else self.hidden,
            base.struck if self.struck is None else self.struck,
            base.size if self.size is None else self.size,
        )


def read_properties(paragraph: Element | None, run: Element | None, name: str = "") -> Style:
    """What paragraph and run properties (``pPr``, ``rPr``) say by themselves."""
    listed = child(paragraph, "numPr")
    return Style(
        name,
        number(child(paragraph, "outlineLvl")),
        number(child(listed, "numId")),
        number(child(listed, "ilvl")),
        is_on(child(run, "b")),
        is_on(child(run, "vanish")),
        is_on(child(run, "strike")) or is_on(child(run, "dstrike")),
        number(child(run, "sz")),
    )


class Styles:
    """The styles of a document."""

    def __init__(self, root: Element | None) -> None:
        self._own: dict[str, Style] = {}
        self._bases: dict[str, str] = {}
        self._headed: set[str] = set()
        self._resolved: dict[str, Style] = {}
        self.default = ""
        """Id of the style of paragraphs that name none."""
        for element in children(root, "style"):
            self._read(element)
        document = child(root, "docDefaults", "rPrDefault", "rPr")
        self._document = Style(size=_DEFAULT_SIZE)
        self._document = read_properties(None, document).over(self._document)

    def _read(self, element: Element) -> None:
        style_id = attribute(element, "styleId") or ""
        name = (attribute(child(element, "name"), "val") or "").lower()
        self._own[style_id] = read_properties(child(element, "pPr"), child(element, "rPr"), name)
        self._bases[style_id] = attribute(child(element, "basedOn"), "val") or ""
        if attribute(element, "type") == "paragraph" and attribute(element, "default") in {"1", "true", "on"}:
            self.default = style_id
        if attribute(element, "type") == "table":
            first = [part for part in children(element, "tblStylePr") if attribute(part, "type") == "firstRow"]
            if any(child(part, "rPr", "b") is not None or child(part, "tcPr", "shd") is not None for part in first):
                self._headed.add(style_id)

    def resolve(self, style_id: str) -> Style:
        """What the style says, with all that it is based on; the document's defaults if there is none."""
        if (known := self._resolved.get(style_id)) is not None:
            return known
        chain: list[str] = []
        at = style_id
        while at in self._own and at not in chain and len(chain) < _LONGEST_CHAIN:
            chain.append(at)
            at = self._bases[at]
        style = self._document
        for each in reversed(chain):
            own = self._own[each]
            outline = own.outline if own.outline is not None else _outline_of(own.name)
            style = replace(own, outline=outline).over(style)
        self._resolved[style_id] = style
        return style

    def run(self, style_id: str) -> Style:
        """What the character style says by itself, without the document's defaults."""
        return self._own.get(style_id, Style())

    def marks_first_row(self, table_style: str) -> bool:
        """Does the style of a table set its first row apart?"""
        return table_style in self._headed


def _outline_of(name: str) -> int | None:
    """The level of a heading by the name of its style, in the languages that programs give them in."""
    if match := _HEADING.fullmatch(name):
        return max(0, int(match.group(1)) - 1)
    return None


def heading_level(style: Style) -> int:
    """The level (from 1) of a block in this style; 0 if it's no heading. Titles are above all headings."""
    if style.name in _TITLES:
        return 1
    if style.outline is None or not 0 <= style.outline < _BODY_LEVEL:
        return 0
    return min(style.outline + 2, 10)
