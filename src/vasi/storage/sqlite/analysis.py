"""From text to what the index holds of it, and from a question to what is looked up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from vasi.language import phonetics
from vasi.language.terms import without_stop_words, words
from vasi.storage.ports import NewPassage
from vasi.storage.sqlite.pronunciation import CmuDictionary

_WORDS_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Indexed:
    """A passage with the texts of its FTS5 columns: tokens with a space between."""

    passage: NewPassage
    heading: str
    text: str
    sounds: str


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
            " ".join(words(passage.heading)),
            " ".join(words(passage.text)),
            self.sounds(passage.heading, passage.text),
        )

    def sounds(self, heading: str, text: str) -> str:
        """The column of the sound index."""
        parts = (phonetics.sound_terms(part, self._sounds_of) for part in (heading, text) if part)
        return " ".join(term for terms in parts for term in terms)

    def word_terms(self, asked: Iterable[str]) -> list[str]:
        """What to look up in the word index, without stop words and doubles."""
        found = without_stop_words(word for text in asked for word in words(text))
        return list(dict.fromkeys(found))

    def sound_terms(self, asked: Sequence[str]) -> list[str]:
        """What to look up in the sound index, without doubles."""
        return list(dict.fromkeys(phonetics.sound_terms(" ".join(asked), self._sounds_of)))
