"""How words are spoken: the CMU dictionary, and for the rest letters, word parts and whatever ``Pronounce`` knows.

A pronunciation is a string of ARPABET phones without stress marks, parted by blanks: "K AH N T OW S OW".
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

Pronounce: TypeAlias = Callable[[Sequence[str]], Mapping[str, Sequence[str]]]
"""Phones of words that the dictionary doesn't have; words that it can't speak may be left out."""

_PHONES = "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH"
PHONES: Final = frozenset(_PHONES.split())

_HISSING = frozenset({"S", "Z", "SH", "ZH", "CH", "JH"})
_VOICELESS = frozenset({"P", "T", "K", "F", "TH"})


def model_folder() -> Path:
    """The US English models that ship with PocketSphinx."""
    # Not above: the server imports this module, whether or not PocketSphinx is installed.
    import pocketsphinx  # pyright: ignore[reportMissingTypeStubs]

    sphinx: Any = pocketsphinx
    return Path(sphinx.get_model_path()) / "en-us"


def cmu_dictionary(path: Path | None = None) -> dict[str, tuple[str, ...]]:
    """Every word of the CMU dictionary (lower case) with its pronunciations, the commonest first."""
    found: dict[str, tuple[str, ...]] = {}
    with (path or model_folder() / "cmudict-en-us.dict").open(encoding="utf-8") as lines:
        for line in lines:
            word, _, phones = line.strip().partition(" ")
            word = word.partition("(")[0]
            if word and phones:
                found[word] = (*found.get(word, ()), phones)
    return found


def derived(word: str, dictionary: Mapping[str, tuple[str, ...]], acronyms: Collection[str]) -> tuple[str, ...]:
    """Pronunciations that follow from the dictionary: letters, possessives, plurals, closed compounds; else ()."""
    if word in acronyms:
        return (spelt(word, dictionary),)
    for ending in ("'s", "s'", "s"):
        if word.endswith(ending) and (stems := dictionary.get(word.removesuffix(ending))):
            return tuple(_with_s(stem) for stem in stems)
    for cut in range(4, len(word) - 3):
        if (left := dictionary.get(word[:cut])) and (right := dictionary.get(word[cut:])):
            return (f"{left[0]} {right[0]}",)
    return ()


def spelt(word: str, dictionary: Mapping[str, tuple[str, ...]]) -> str:
    """``word`` letter by letter: "pto" is P IY T IY OW."""
    # The dictionary has the name of each letter with a full stop behind it, except that of N.
    return " ".join(dictionary.get(f"{letter}.", ("EH N",))[0] for letter in word)


def known_phones(phones: Sequence[str]) -> Sequence[str]:
    """``phones``, or none at all if PocketSphinx couldn't load them."""
    return phones if all(phone in PHONES for phone in phones) else ()


def write_dictionary(words: Mapping[str, tuple[str, ...]], path: Path) -> None:
    """Write a dictionary that PocketSphinx can load.

    Raises:
        OSError: the file can't be written.
    """
    with path.open("w", encoding="utf-8") as lines:
        for word in sorted(words):
            for number, phones in enumerate(dict.fromkeys(words[word]), start=1):
                lines.write(f"{word}{f'({number})' if number > 1 else ''} {phones}\n")


def _with_s(phones: str) -> str:
    last = phones.rpartition(" ")[2]
    if last in _HISSING:
        return f"{phones} IH Z"
    return f"{phones} S" if last in _VOICELESS else f"{phones} Z"
