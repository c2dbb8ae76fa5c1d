"""Letters as phrases are compared by: without accents, vowel signs and variants of spelling, each with its place."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LEFT_OUT = re.compile("[\u0300-\u036f\u0640\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Combining accents, Arabic vowel signs and lengthening, marks of direction."""
_ARABIC = str.maketrans("أإآٱىةؤئ", "ااااي" + "هوي")
_JAPANESE = r"\u3000-\u303f\u3041-\u30ff\u3400-\u9fff\uff01-\uff60"
_GAP = re.compile(rf"(?<=[{_JAPANESE}])\s+(?=[{_JAPANESE}])")
"""A recogniser's space between Japanese words, which people don't write."""
_CHUNK = re.compile(r"\s+|\S")


@lru_cache(maxsize=4_096)
def folded_letter(letter: str) -> str:
    """One letter for ``letter``: "é" is "e", "أ" is "ا", "＃" is "#", "’" is "'"."""
    if letter.isascii():
        return letter
    if letter in "’‘ʼ":
        return "'"
    letter = letter.translate(_ARABIC)
    base = unicodedata.normalize("NFKD", letter)[:1] or letter
    if base.isascii() and not base.isspace():
        return base
    narrow = unicodedata.normalize("NFKC", letter)
    return narrow if len(narrow) == 1 else letter


def fold_letters(text: str) -> str:
    """``text`` letter by letter, of the same length; what isn't compared stays."""
    return text if text.isascii() else "".join(map(folded_letter, text))


def fold_text(text: str) -> str:
    """``text`` as it's compared: perhaps shorter."""
    return _LEFT_OUT.sub("", fold_letters(text))


def without_signs(text: str) -> str:
    """``text`` without vowel signs and marks of direction, otherwise as it is."""
    return text if text.isascii() else _LEFT_OUT.sub("", text)


def fold_words(text: str) -> str:
    """``text`` in lower case, folded, without vowel signs: for words that are looked up."""
    return fold_text(text).lower()


def fold_pattern(pattern: str) -> str:
    """A pattern for folded text; ß may be written ss."""
    return pattern if pattern.isascii() else fold_text(pattern).replace("ß", "(?:ß|ss)")


def evened(utterance: str) -> tuple[str, list[int]]:
    """``utterance`` folded, with single spaces, and where each character, and the end, came from."""
    gaps = {found.start() for found in _GAP.finditer(utterance)}
    written: list[str] = []
    origins: list[int] = []
    for found in _CHUNK.finditer(utterance):
        letter = found[0]
        if letter.isspace():
            if written and found.end() < len(utterance) and found.start() not in gaps:
                written.append(" ")
                origins.append(found.start())
        elif not _LEFT_OUT.match(letter):
            written.append(folded_letter(letter))
            origins.append(found.start())
    return "".join(written), [*origins, len(utterance)]
