"""The distinct words of a text, roughly: what tells whether a text speaks of something at all."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")
_JAPANESE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]")
_LONGEST = 4
"""Characters of a Japanese word that is looked for."""


def words_in(text: str) -> frozenset[str]:
    """The words of ``text``; of Japanese, which has no spaces, each stretch that may be one."""
    found = set(_WORD.findall(text))
    for word in [word for word in found if _JAPANESE.search(word)]:
        for length in range(1, _LONGEST + 1):
            found.update(word[at : at + length] for at in range(len(word) - length + 1))
    return frozenset(found)
