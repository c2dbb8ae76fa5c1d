"""Acronyms and what they stand for, where a text says so: "Personal Protective Equipment (PPE)", "PPE: ...", rows of a
glossary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vasi.language.rows import cells, is_row
from vasi.language.stop_words import STOP_WORDS_OF
from vasi.language.terms import STOP_WORDS, stem, words

_ACRONYM = r"(?:[A-ZÄÖÜÉ][A-Za-z0-9ÄÖÜäöüÉé]{0,6}[A-ZÄÖÜ0-9]|[A-ZÄÖÜ]{2,8})s?"
_WORD = r"[^\W\d_][^\W_]*+(?:['’][^\W_]++)*+"
_BEHIND = re.compile(
    rf"(?<![\w'’])(?P<expansion>{_WORD}(?:[ -]{_WORD}){{1,9}}) ?\((?:[\"“]?)(?P<acronym>{_ACRONYM})[\"”]?\)"
)
_IN_BRACKETS = re.compile(rf"\b(?P<acronym>{_ACRONYM}) ?\((?P<expansion>{_WORD}(?:[ ,-]{{1,2}}{_WORD}){{1,9}})\)")
_LISTED = re.compile(
    rf"^(?:[-•*] )?\W{{0,3}}(?P<acronym>{_ACRONYM})\W{{0,3}}(?:[:=–—]|\s[-–—]|\bstands for\b|\bis short for\b|\bmeans\b"
    rf"|\bsteht für\b|\bbedeutet\b)\W{{1,3}}(?:the )?(?P<expansion>{_WORD}(?:[ -]{_WORD}){{1,9}})",
    re.MULTILINE,
)
_STOP_WORDS = frozenset[str]().union(*STOP_WORDS_OF.values())
"""No letter of an acronym needs to stand for one of them."""
_EXACT = re.compile(rf"(?:{_ACRONYM})")
_FEWEST_WORDS, _MOST_WORDS = 2, 8
_LONGEST_TEXT = 20_000
"""Characters that are looked at."""
_LETTERS_APART = 2
"""Words of an expansion that no letter stands for, for each letter of the acronym."""
_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_ASKS_MEANING = re.compile(
    r"\b(?:stands? for|means?|meaning|short for|abbreviat\w*|acronym\w*|spell\w* out|steht|bedeute\w*|abkürzung\w*"
    r"|signifi\w*|significa\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Definition:
    """What an ``acronym`` stands for, both as they are written."""

    acronym: str
    expansion: str

    @property
    def keys(self) -> tuple[str, str]:
        """What both are looked up by."""
        return key_of(self.acronym), key_of(self.expansion)


def definitions(text: str) -> list[Definition]:
    """The acronyms that ``text`` says the meaning of."""
    return list(dict.fromkeys(_found(text[:_LONGEST_TEXT])))


def key_of(text: str) -> str:
    """The stems of the telling words of ``text``, joined: the same for "safe working load" and "safe working loads"."""
    return ".".join(stem(word).replace(" ", ".") for word in words(text) if word not in STOP_WORDS)


def asked_keys(question: str) -> dict[str, tuple[int, int]]:
    """What in ``question`` may be an acronym or stand behind one, by its key: where it begins and ends.

    Where the meaning itself is asked for nothing is.
    """
    if _ASKS_MEANING.search(question):
        return {}
    tokens = list(_TOKEN.finditer(question))
    stop_words = STOP_WORDS_OF["en"]
    found: dict[str, tuple[int, int]] = {}
    for at, token in enumerate(tokens):
        if token[0].lower() in stop_words and not token[0].isupper():
            continue
        if len(token[0]) > 1:
            found.setdefault(key_of(token[0]), token.span())
        for end in range(at + 1, min(len(tokens), at + _MOST_WORDS)):
            if tokens[end][0].lower() not in stop_words:
                span = token.start(), tokens[end].end()
                found.setdefault(key_of(question[span[0] : span[1]]), span)
    return {key: span for key, span in found.items() if key}


def replaced(question: str, span: tuple[int, int], definition: Definition) -> str:
    """``question`` with the other form of ``definition`` in place of ``span``."""
    said = question[span[0] : span[1]]
    other = definition.expansion if key_of(said) == definition.keys[0] else definition.acronym
    return f"{question[: span[0]]}{other}{question[span[1] :]}"


def _found(text: str) -> Iterator[Definition]:
    for pattern in (_BEHIND, _IN_BRACKETS, _LISTED):
        for found in pattern.finditer(text):
            acronym = found["acronym"].removesuffix("s")
            expansion = _expansion(acronym, found["expansion"], from_end=pattern is _BEHIND)
            if expansion:
                yield Definition(acronym, expansion)
    for line in text.splitlines():
        if is_row(line):
            yield from _in_row([value.strip() for _, value in cells(line)])


def _in_row(values: list[str]) -> Iterator[Definition]:
    for acronym in values:
        if not _EXACT.fullmatch(acronym):
            continue
        for value in values:
            if value != acronym and (expansion := _expansion(acronym, value, from_end=False)):
                yield Definition(acronym, expansion)


def _expansion(acronym: str, text: str, *, from_end: bool) -> str:
    """The words of ``text``, at its end or its beginning, that the letters of ``acronym`` stand for; "" if none are.

    The first letter begins the first word, the others follow in order, most of them at the beginning of a word.
    """
    tokens = list(_TOKEN.finditer(text))
    letters = acronym.lower()
    if from_end:
        starts = range(len(tokens) - _FEWEST_WORDS, max(-1, len(tokens) - _MOST_WORDS - 1), -1)
        for start in starts:
            if _stands_for(letters, [token[0].lower() for token in tokens[start:]]):
                return text[tokens[start].start() : tokens[-1].end()]
        return ""
    ends = [end for end in range(_FEWEST_WORDS, min(len(tokens), _MOST_WORDS) + 1) if _ends_well(letters, tokens[:end])]
    whole = [end for end in ends if _telling(tokens[:end]) == len(letters)]
    if not ends:
        return ""
    return text[tokens[0].start() : tokens[(whole or ends)[0] - 1].end()]


def _ends_well(letters: str, tokens: list[re.Match[str]]) -> bool:
    said = [token[0].lower() for token in tokens]
    return said[-1] not in _STOP_WORDS and _stands_for(letters, said)


def _telling(tokens: list[re.Match[str]]) -> int:
    return sum(token[0].lower() not in _STOP_WORDS for token in tokens)


def _stands_for(letters: str, said: list[str]) -> bool:
    """Whether ``letters`` are those of the words ``said``: each word that tells something has one at its beginning."""
    if not said or said[0][:1] != letters[:1]:
        return False
    telling = [word for word in said if word not in _STOP_WORDS]
    if len(telling) > len(letters) or len(said) > _LETTERS_APART * len(letters):
        return False
    return _fits(letters, said)


def _fits(letters: str, said: list[str]) -> bool:
    """Whether the letters can be taken from the words in order: of each word its first and any behind it, of stop words
    maybe none.
    """
    if not letters:
        return all(word in _STOP_WORDS for word in said)
    if not said:
        return False
    word, rest = said[0], said[1:]
    if word in _STOP_WORDS and _fits(letters, rest):
        return True
    if word[0] != letters[0]:
        return False
    at, taken = 0, 0
    while taken < len(letters):
        at = word.find(letters[taken], at)
        if at < 0:
            break
        at, taken = at + 1, taken + 1
        if _fits(letters[taken:], rest):
            return True
    return False
