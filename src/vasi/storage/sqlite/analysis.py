"""From text to what the index holds of it, and from a question to what is looked up."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache, partial

from vasi.language import phonetics
from vasi.language.terms import fold, without_stop_words, words
from vasi.storage.ports import NewPassage
from vasi.storage.sqlite.pronunciation import CmuDictionary

_WORDS_KEPT = 20_000
_WORDS_ASKED = 256
_WORDS_HEARD = 40
_CHARACTERS_HEARD = 400


@dataclass(frozen=True, slots=True)
class Indexed:
    """A passage with the words of its FTS5 columns (a space between) and the terms of its sounds."""

    passage: NewPassage
    heading: str
    text: str
    sounds: tuple[str, ...]


class Analyser:
    """Makes the words and sounds of passages and questions. ``dictionary`` betters the sounds."""

    def __init__(self, dictionary: CmuDictionary | None = None) -> None:
        self._sounds_of = lru_cache(_WORDS_KEPT)(partial(phonetics.sounds, dictionary=dictionary))
        self.version = f"{phonetics.VERSION} {dictionary.version if dictionary else 'rules'}"
        """Two analysers of the same version hear the same text alike."""

    def index(self, passage: NewPassage) -> Indexed:
        """What the index will hold of a passage; takes about a millisecond."""
        return Indexed(
            passage,
            " ".join(map(fold, words(passage.heading))),
            " ".join(map(fold, words(passage.text))),
            self.sounds(passage.heading, passage.text),
        )

    def sounds(self, heading: str, text: str) -> tuple[str, ...]:
        """Terms of the sound index, not yet owned."""
        parts = (phonetics.sound_terms(part, self._sounds_of) for part in (heading, text) if part)
        return tuple(term for terms in parts for term in terms)

    def word_terms(self, asked: Iterable[str]) -> list[str]:
        """What to look up in the word index, without stop words and doubles."""
        found = without_stop_words(word for text in asked for word in words(text))
        return list(dict.fromkeys(map(fold, found)))[:_WORDS_ASKED]

    def sound_terms(self, asked: Iterable[str]) -> list[str]:
        """What to look up in the sound index, without doubles."""
        run = " ".join(itertools.islice(asked, _WORDS_HEARD))
        return list(dict.fromkeys(phonetics.sound_terms(run[:_CHARACTERS_HEARD], self._sounds_of)))
