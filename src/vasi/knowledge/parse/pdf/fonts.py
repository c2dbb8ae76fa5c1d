"""The fonts that words are set in."""

from __future__ import annotations

import ctypes
import re
from functools import lru_cache
from typing import Any, cast

import pypdfium2.raw  # pyright: ignore[reportMissingTypeStubs]

from vasi.knowledge.parse.pdf.words import Word

_RAW = cast(Any, pypdfium2.raw)

_BOLD = re.compile("bold|black|heavy|demi|medi(?!um)|cmbx|sfbx|[-,]bd", re.IGNORECASE)
_SUBSET = re.compile("[A-Z]{6}[+]")


class Fonts:
    """Names of the fonts of one text page, which has to be open."""

    def __init__(self, text_page: Any) -> None:
        self._page = text_page.raw
        self._name = ctypes.create_string_buffer(128)

    def name(self, word: Word) -> str:
        """The font that ``word`` begins in, without the mark of a subset; "" for what isn't the page's own text."""
        if word.index < 0:
            return ""
        length: int = _RAW.FPDFText_GetFontInfo(self._page, word.index, self._name, len(self._name), None)
        return _without_subset(self._name.value) if 0 < length <= len(self._name) else ""

    def is_bold(self, word: Word) -> bool:
        """Whether ``word`` begins in bold type."""
        return is_bold(self.name(word))


@lru_cache(1_000)
def is_bold(font: str) -> bool:
    """Whether a font is a bold one, by its name."""
    return _BOLD.search(font) is not None


@lru_cache(1_000)
def _without_subset(name: bytes) -> str:
    return _SUBSET.sub("", name.decode("utf-8", "replace"))
