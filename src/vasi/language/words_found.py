"""The distinct words of a text, roughly: what tells whether a text speaks of something at all."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")
_JAPANESE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]")
_LONGEST = 4
"""Characters of a Japanese word that is looked for."""


_JAPANESE_WORD = 2
"""Characters, on the average."""


def word_count(text: str) -> int:
    """About how many words ``text`` has."""
    found = _WORD.findall(text)
    return sum(max(1, len(word) // _JAPANESE_WORD) if _JAPANESE.search(word) else 1 for word in found)


def words_in(text: str) -> frozenset[str]:
    """The words of ``text``; of Japanese, which has no spaces, each stretch that may be one."""
    found = set(_WORD.findall(text))
    for word in [word for word in found if _JAPANESE.search(word)]:
        for length in range(1, _LONGEST + 1):
            found.update(word[at : at + length] for at in range(len(word) - length + 1))
    return frozenset(found)
