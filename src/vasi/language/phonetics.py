"""How a text sounds: words as phones, phones folded into classes, and the n-grams that texts are compared by.

A recogniser that mishears "copay" as "co pay" or "deductible" as "the duck tibial" still gets most sounds right.
Folding merges the phones that are confused with each other, and n-grams that run across the borders of words tell what
was cut up wrongly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from vasi.language.letters import sound_out
from vasi.language.numerals import spoken
from vasi.language.terms import content_words

VERSION = "3"
"""Changes whenever a word would sound otherwise: indexes made before are rebuilt."""

GRAM = 4
"""Sounds in an n-gram."""

CLASSES: dict[str, str] = {
    "P": "p", "B": "p",
    "T": "t", "D": "t",
    "K": "k", "G": "k",
    "F": "f", "V": "f",
    "TH": "d", "DH": "d",
    "S": "s", "Z": "s",
    "SH": "c", "ZH": "c",
    "CH": "j", "JH": "j",
    "M": "m", "N": "n", "NG": "n",
    "L": "l", "R": "r", "ER": "r", "W": "w", "Y": "y", "HH": "h",
    "IY": "i", "IH": "i", "EY": "e", "EH": "e", "AE": "e",
    "AA": "a", "AO": "a", "AH": "a", "AY": "a", "AW": "a",
    "OW": "o", "OY": "o", "UH": "o", "UW": "o",
}  # fmt: skip
"""ARPABET phone (without stress) to the letter of its class."""

_LETTER_NAMES = {
    "b": "B IY", "c": "S IY", "d": "D IY", "f": "EH F", "g": "JH IY", "h": "EY CH", "j": "JH EY", "k": "K EY",
    "l": "EH L", "m": "EH M", "n": "EH N", "p": "P IY", "q": "K Y UW", "r": "AA R", "s": "EH S", "t": "T IY",
    "v": "V IY", "w": "D AH B AH L Y UW", "x": "EH K S", "z": "Z IY",
}  # fmt: skip


class Dictionary(Protocol):
    """A pronouncing dictionary: any mapping of lower-case words to phones will do."""

    def get(self, word: str, /) -> Sequence[str] | None:
        """ARPABET phones of ``word``, with or without stress marks; None if unknown."""
        ...


def phones(word: str, dictionary: Dictionary | None = None) -> tuple[str, ...]:
    """ARPABET phones of one word, without stress: from ``dictionary`` if it's there, else by rule.

    A word without a vowel is spelled out (``nfl``).
    """
    known = dictionary.get(word) if dictionary else None
    if known is not None:
        return tuple(phone.rstrip("012") for phone in known)
    if all(letter in _LETTER_NAMES for letter in word):
        return tuple(phone for letter in word for phone in _LETTER_NAMES[letter].split())
    return sound_out(word)


def sounds(word: str, dictionary: Dictionary | None = None) -> str:
    """The classes of the sounds of one word; a sound said twice in a row counts once."""
    folded = ""
    for phone in phones(word, dictionary):
        letter = CLASSES[phone]
        if not folded.endswith(letter):
            folded += letter
    return folded


def word_sounds(text: str, sounds_of: Callable[[str], str] = sounds) -> list[str]:
    """The sounds of each content word of a text, in order, without those that are silent.

    Numbers sound as they are spoken.

    Args:
        text: any text.
        sounds_of: ``sounds`` with a dictionary or a cache of the caller's.
    """
    return [folded for word in content_words(spoken(text)) if (folded := sounds_of(word))]


def sound_terms(text: str) -> list[str]:
    """What texts are compared by: n-grams of their sounds, and the sounds of each word as a whole.

    The n-grams run across the borders of the content words, in order, repeated ones included (``kope``); whole words
    follow with a leading ``0`` (``0kope``), so that homophones weigh more than chance likeness. All terms are ASCII
    letters and digits.
    """
    whole = word_sounds(text)
    run: list[str] = []
    last = ""
    for folded in whole:
        run.append(folded[1:] if folded[0] == last else folded)
        last = folded[-1]
    joined = "".join(run)
    return [joined[at : at + GRAM] for at in range(len(joined) - GRAM + 1)] + ["0" + folded for folded in whole]
