"""From text to the terms that it is found by, and from a question to the terms that are looked up."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache, partial

from vasi.knowledge.index.pronunciation import CmuDictionary, find_dictionary
from vasi.language import phonetics, stemming
from vasi.language.acronyms import definitions
from vasi.language.detection import detect, passage_language
from vasi.language.stop_words import STOP_WORDS_OF, Language
from vasi.language.terms import stem, without_stop_words, words
from vasi.storage.terms import Terms

_VERSION = "5"
"""Changes whenever the same text would give other terms; the versions of stems and sounds stand for those."""
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
        return f"{_VERSION} {stemming.VERSION} {phonetics.VERSION} {pronounced}"

    def terms(self, heading: str, text: str) -> Terms:
        """The terms of a passage: stems by its language, and the sounds of its words; takes about a millisecond."""
        language = passage_language(text, heading)
        parts = [part for part in (heading, text) if part]
        defined = (definition_term(key) for part in parts for one in definitions(part) for key in one.keys)
        return Terms(
            Counter(itertools.chain((word_term(word, language) for part in parts for word in words(part)), defined)),
            Counter(itertools.chain.from_iterable(self._sounds(part) for part in parts)),
        )

    def word_terms(self, asked: Iterable[str]) -> list[tuple[str, ...]]:
        """The terms to look up among the words: for each content word its stems in all languages, without doubles.

        A question is short, and its words may stand in documents of another language: in which one a passage was
        analysed isn't asked.
        """
        texts = list(asked)
        language = detect(" ".join(texts))
        found = without_stop_words((word for text in texts for word in words(text)), language)
        return list(dict.fromkeys(map(alternatives, found)))[:_WORDS_ASKED]

    def heard(self, asked: Iterable[str]) -> list[str]:
        """The sounds of the words that were heard, in order."""
        run = " ".join(itertools.islice(asked, _WORDS_HEARD))
        return self._sounds(run[:_CHARACTERS_HEARD])

    def _sounds(self, text: str) -> list[str]:
        return [term[:_TERM_CHARACTERS] for term in phonetics.word_sounds(text, self._sounds_of)]


def definition_term(key: str) -> str:
    """The term of a passage that says what an acronym stands for, by one of the ``keys`` of that definition."""
    return f"={key}"[:_TERM_CHARACTERS]


def word_term(word: str, language: Language) -> str:
    """The term of one word of ``vasi.language.terms.words``: its stem; of "don't" and "3.5" two, joined by a dot."""
    return stem(word, language).replace(" ", ".")[:_TERM_CHARACTERS] or word[:_TERM_CHARACTERS]


@lru_cache(maxsize=_WORDS_CACHED)
def alternatives(word: str) -> tuple[str, ...]:
    """The terms that may stand for a word, whatever the language of the passage; the English one first."""
    return tuple(dict.fromkeys(word_term(word, language) for language in STOP_WORDS_OF))
