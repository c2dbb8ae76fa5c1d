"""What runs in the process that makes models (``vasi.workers.run``).

Two requests: ``READ`` the texts, which answers with the words that no dictionary has, then ``BUILD`` with their phones.
A process of its own because counting 200,000 words would hold Python's global lock, and to give back the memory.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from vasi.engines.basic.pocketsphinx import background, corpus, language_model, ngrams, pronunciations
from vasi.engines.basic.pocketsphinx.corpus import Corpus
from vasi.engines.stt.requests import READ

MOST_WORDS = 30_000
"""Words beyond those of general English that a model may have; the rarest of the documents are left out."""


class Builder:
    """One model in the making."""

    def __init__(self) -> None:
        self._corpus = Corpus((), frozenset())
        self._wanted: list[str] = []
        self._background = background.load()
        self._cmu = pronunciations.cmu_dictionary()

    def answer(self, kind: int, payload: bytes) -> bytes:
        """Do one request."""
        if kind == READ:
            return json.dumps(self._read(json.loads(payload))).encode()
        request = json.loads(payload)
        self._build(Path(request["model"]), request["spoken"])
        return b""

    def _read(self, texts: Iterable[str]) -> list[str]:
        self._corpus = corpus.read(texts)
        known = set(self._background.words)
        counts = self._corpus.counts()
        self._wanted = [word for word, _ in counts.most_common() if word not in known][:MOST_WORDS]
        return [word for word in self._wanted if word not in self._cmu and not self._derived(word)]

    def _derived(self, word: str) -> tuple[str, ...]:
        return pronunciations.derived(word, self._cmu, self._corpus.acronyms)

    def _build(self, model: Path, spoken: Mapping[str, Sequence[str]]) -> None:
        dictionary = {word: self._cmu[word] for word in self._background.words if word in self._cmu}
        for word in self._wanted:
            phones = self._cmu.get(word) or self._derived(word) or (" ".join(spoken.get(word, ())),)
            if phones[0]:
                dictionary[word] = phones
        self._cmu = {}  # some 30 MB that the arithmetic doesn't need
        mixed = language_model.build(self._background, self._corpus, dictionary.keys())
        pronunciations.write_dictionary(dictionary, model.with_name(f"{model.name}.dict"))
        ngrams.write_trie(mixed, model.with_name(f"{model.name}.lm"))


def create_handler() -> Callable[[int, bytes], bytes]:
    """Answers ``READ`` and ``BUILD``."""
    return Builder().answer
