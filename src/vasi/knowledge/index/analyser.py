"""From text to the terms that it is found by, and from a question to the terms that are looked up."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache, partial

from vasi.knowledge.index.pronunciation import CmuDictionary, find_dictionary
from vasi.language import phonetics
from vasi.language.terms import stem, without_stop_words, words
from vasi.storage.terms import Terms

_VERSION = "2"
"""Changes whenever the same text would give other words as terms; ``phonetics.VERSION`` stands for the sounds."""
_TERM_CHARACTERS = 64
"""Longer words are known by their beginning."""
_WORDS_CACHED = 20_000
_WORDS_ASKED = 256
_WORDS_HEARD = 40
_CHARACTERS_HEARD = 400


class TextAnalyser:
    """Makes the terms of passages and questions; implements ``vasi.storage.terms.Analyser``.

    Args:
        dictionary: finds pronunciations, which make the sounds better; called once, when they are first needed.
    """

    def __init__(self, dictionary: Callable[[], CmuDictionary | None] = find_dictionary) -> None:
        self._find_dictionary = dictionary

    @cached_property
    def _dictionary(self) -> CmuDictionary | None:
        return self._find_dictionary()

    @cached_property
    def _sounds_of(self) -> Callable[[str], str]:
        return lru_cache(_WORDS_CACHED)(partial(phonetics.sounds, dictionary=self._dictionary))

    @property
    def version(self) -> str:
        """Two analysers of the same version make the same terms of the same text."""
        pronounced = self._dictionary.version if self._dictionary else "rules"
        return f"{_VERSION} {phonetics.VERSION} {pronounced}"

    def terms(self, heading: str, text: str) -> Terms:
        """The terms of a passage; takes one to three milliseconds."""
        parts = [part for part in (heading, text) if part]
        return Terms(
            Counter(word_term(word) for part in parts for word in words(part)),
            Counter(itertools.chain.from_iterable(self._sounds(part) for part in parts)),
        )

    def word_terms(self, asked: Iterable[str]) -> list[str]:
        """The terms to look up among the words, without those of stop words and doubles."""
        found = without_stop_words(word for text in asked for word in words(text))
        return list(dict.fromkeys(map(word_term, found)))[:_WORDS_ASKED]

    def sound_terms(self, asked: Iterable[str]) -> list[str]:
        """The terms to look up among the sounds, without doubles."""
        run = " ".join(itertools.islice(asked, _WORDS_HEARD))
        return list(dict.fromkeys(self._sounds(run[:_CHARACTERS_HEARD])))

    def _sounds(self, text: str) -> list[str]:
        return [term[:_TERM_CHARACTERS] for term in phonetics.sound_terms(text, self._sounds_of)]


def word_term(word: str) -> str:
    """The term of one word of ``vasi.language.terms.words``: its stem; of "don't" and "3.5" two, joined by a dot."""
    return stem(word).replace(" ", ".")[:_TERM_CHARACTERS] or word[:_TERM_CHARACTERS]
