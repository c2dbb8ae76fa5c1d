"""Words that a producer broke at the end of a line: which hyphens belong to the word, and which to the line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from vasi.knowledge.index.pronunciation import CmuDictionary

HYPHENS: Final = "-\u2010\u00ad\ufffe"
"""What stands at a broken line's end; U+FFFE is how PDFium writes a hyphen that it takes for one."""
_HYPHENATED = re.compile(r"(?<![\w-])([^\W\d_]{3,30}+)-([^\W\d_]{3,30}+)(?![\w-])")
_UNSPACED = re.compile("[\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff]")
"""Chinese and Japanese."""
_SHORTEST = 3
"""Letters of what is looked up as a word by itself: nearly all shorter rows of letters are words somewhere."""
_CONJUNCTIONS = frozenset(
    ["and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o", "u", "e", "ed", "och", "og", "eller", "en", "of"]
)
"""After a hyphen these don't go on with its word: "Ein- und Ausgang", "one- or two-sided"."""
_HYPHENATED_FIRST = frozenset(
    [
        "all",
        "cross",
        "cutting",
        "ex",
        "full",
        "half",
        "high",
        "long",
        "low",
        "mid",
        "multi",
        "non",
        "part",
        "self",
        "short",
        "so",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
        "well",
        "year",
    ]
)
"""What begins compounds that are written with a hyphen, for where no dictionary is at hand."""
_HYPHENATED_SECOND = frozenset(
    [
        "aware",
        "based",
        "called",
        "driven",
        "edge",
        "effective",
        "known",
        "like",
        "oriented",
        "related",
        "specific",
        "style",
        "wide",
    ]
)


class WordJoiner:
    """Puts words together again. The document's own words decide first, then an English dictionary, then the hyphen
    goes: nearly all that stand at a line's end are the line's.

    Args:
        words: the document's words in any case, hyphenated ones whole; not what stands at ends of lines.
        is_word: whether a word in lower case is in a dictionary.
    """

    def __init__(self, words: Iterable[str], is_word: Callable[[str], bool] | None = None) -> None:
        self._words = Counter(word.lower() for word in words)
        self._is_word = is_word or is_english_word

    def join(self, first: str, second: str) -> str:
        """What ``first``, a hyphen, a line's end and ``second`` were before they were broken.

        ``first`` is what stands before the hyphen since the last space, ``second`` what comes after it.
        """
        left, right = _last_letters(first), _first_letters(second)
        if right.lower() in _CONJUNCTIONS:
            return f"{first}- {second}"
        if not left or not right or right[:1].isupper() != left.isupper() or _is_address(first):
            return f"{first}-{second}"
        return f"{first}-{second}" if self._keeps_hyphen(left.lower(), right.lower()) else f"{first}{second}"

    def join_lines(self, lines: Iterable[str]) -> str:
        """The lines of a paragraph as one, words that were broken between them whole again."""
        pieces: list[str] = []
        for line in lines:
            before = pieces[-1] if pieces else ""
            if not before or before[-1] not in HYPHENS or before[-2:-1].isspace() or len(before) == 1:
                pieces += [" ", line] if pieces and not _is_unspaced(before, line) else [line]
                continue
            start, space, first = before[:-1].rpartition(" ")
            second, rest_space, rest = line.partition(" ")
            pieces[-1] = start + space
            pieces.append(self.join(first, second) + rest_space + rest)
        return "".join(pieces)

    def mend_line(self, line: str) -> str:
        """``line`` without the soft hyphens that its producer left in as hyphens."""
        return _HYPHENATED.sub(lambda match: self.mend(match[1], match[2]), line)

    def mend(self, first: str, second: str) -> str:
        """``first-second`` as it stands within a line, without the hyphen if that only marks where it may be broken.

        Some producers leave the soft hyphens of their source, which are shown as hyphens.
        """
        left, right = first.lower(), second.lower()
        is_whole = (
            len(left) >= _SHORTEST
            and len(right) >= _SHORTEST
            and second.islower()
            and self._is_known(left + right)
            and not (self._is_word(left) and self._is_word(right))
            and self._words[f"{left}-{right}"] <= 1
        )
        return f"{first}{second}" if is_whole else f"{first}-{second}"

    def _keeps_hyphen(self, left: str, right: str) -> bool:
        if self._words[f"{left}-{right}"]:
            return True
        if self._is_known(left + right):
            return False
        if left in _HYPHENATED_FIRST or (right in _HYPHENATED_SECOND and self._is_known(left)):
            return True
        return len(left) >= _SHORTEST and len(right) >= _SHORTEST and self._is_word(left) and self._is_word(right)

    def _is_known(self, word: str) -> bool:
        return bool(self._words[word]) or self._is_word(word)


def _is_unspaced(before: str, line: str) -> bool:
    """Whether a line goes on in a script that has no spaces between its words."""
    return bool(before and line and _UNSPACED.match(before[-1]) and _UNSPACED.match(line[0]))


def _last_letters(text: str) -> str:
    at = len(text)
    while at and text[at - 1].isalpha():
        at -= 1
    # What follows a digit or another hyphen is no word by itself.
    return "" if at and text[at - 1].isdigit() else text[at:]


def _first_letters(text: str) -> str:
    at = 0
    while at < len(text) and text[at].isalpha():
        at += 1
    return text[:at]


def _is_address(text: str) -> bool:
    return "/" in text or "@" in text or "." in text


@lru_cache(10_000)
def is_english_word(word: str) -> bool:
    """Whether ``word`` (lower case) is in the pronouncing dictionary; False for all where there is none."""
    dictionary = _english_dictionary()
    return dictionary is not None and word.isascii() and dictionary.get(word) is not None


@cache
def _english_dictionary() -> CmuDictionary | None:
    from vasi.knowledge.index.pronunciation import find_dictionary

    return find_dictionary()
