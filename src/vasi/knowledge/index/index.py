"""Searching the passages of an owner by words and by sounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from vasi.knowledge.index.analyser import TextAnalyser, word_term
from vasi.knowledge.index.bm25 import Budget, affordable, best
from vasi.language.terms import words as words_of
from vasi.storage.ports import Hit, Passage, PassageStore
from vasi.storage.terms import BOTH_KINDS, Field, Kind, TermStatistics, TermStore

MAX_HITS = 1_000
_MAX_POSTINGS = 40_000
_WORD_BUDGET = Budget(terms=24, postings=_MAX_POSTINGS, frequency=_MAX_POSTINGS)
_MAX_SOUNDS = 12
_TELLING = 10
_FEW = 50
"""Sounds that are in more than a tenth of the owner's passages, and in more than a few, cost much and tell nothing."""


class IndexStore(PassageStore, TermStore, Protocol):
    """What the index needs of a store."""


@dataclass(frozen=True, slots=True)
class LookUp:
    """What the index says to a question.

    Attributes:
        total: the owner's number of passages.
        frequency: for each asked word in how many of them its stem stands.
        words: what was found by words, best first.
        sounds: what was found by sounds, best first.
        passages: of both, each once, in their order.
    """

    total: int
    frequency: Mapping[str, int]
    words: Sequence[Hit] = ()
    sounds: Sequence[Hit] = ()
    passages: Sequence[Passage] = ()


class Index:
    """Finds and ranks passages by their terms.

    Args:
        store: keeps passages and their terms.
        analyser: the one that ``store`` makes terms with.
    """

    def __init__(self, store: IndexStore, analyser: TextAnalyser) -> None:
        self._store = store
        self._analyser = analyser

    async def look_up(
        self,
        owner: str,
        words: Sequence[str],
        *,
        word_limit: int = 0,
        sound_limit: int = 0,
        kinds: Sequence[Kind] = BOTH_KINDS,
    ) -> LookUp:
        """How common ``words`` are, and what is found by words and by sounds, with the passages.

        Args:
            owner: whose passages.
            words: of a question.
            word_limit: most passages found by words.
            sound_limit: most passages found by sounds.
            kinds: what is searched.
        """
        asked = {word: _terms_of(word) for word in dict.fromkeys(words)}
        found_by: dict[Field, Sequence[str]] = {
            "words": self._analyser.word_terms(words) if word_limit > 0 else [],
            "sounds": self._analyser.sound_terms(words) if sound_limit > 0 else [],
        }
        counted = [*found_by["words"], *(term for terms in asked.values() for term in terms)]
        statistics = await self._store.term_statistics(
            owner, {"words": list(dict.fromkeys(counted)), "sounds": found_by["sounds"]}
        )
        hits = await self._hits(owner, found_by, statistics, {"words": word_limit, "sounds": sound_limit}, kinds)
        ids = list(dict.fromkeys(hit.passage_id for hit in (*hits["words"], *hits["sounds"])))
        frequency = statistics.fields["words"].frequency
        return LookUp(
            statistics.passages,
            {word: min((frequency[term] for term in terms), default=0) for word, terms in asked.items()},
            hits["words"],
            hits["sounds"],
            await self._store.passages(owner, ids) if ids else [],
        )

    async def search_words(
        self, owner: str, words: Sequence[str], limit: int, kinds: Sequence[Kind] = BOTH_KINDS
    ) -> list[Hit]:
        """The passages with any of ``words`` in text or heading, best first by BM25 over stems."""
        return await self._search(owner, "words", self._analyser.word_terms(words), limit, kinds)

    async def search_sounds(
        self, owner: str, words: Sequence[str], limit: int, kinds: Sequence[Kind] = BOTH_KINDS
    ) -> list[Hit]:
        """The passages that sound like ``words``, best first by BM25 over n-grams of sounds."""
        return await self._search(owner, "sounds", self._analyser.sound_terms(words), limit, kinds)

    async def _search(
        self, owner: str, field: Field, terms: Sequence[str], limit: int, kinds: Sequence[Kind]
    ) -> list[Hit]:
        if limit < 1 or not terms or not kinds:
            return []
        statistics = await self._store.term_statistics(owner, {field: terms})
        return (await self._hits(owner, {field: terms}, statistics, {field: limit}, kinds))[field]

    async def _hits(
        self,
        owner: str,
        asked: Mapping[Field, Sequence[str]],
        statistics: TermStatistics,
        limits: Mapping[Field, int],
        kinds: Sequence[Kind],
    ) -> dict[Field, list[Hit]]:
        chosen: dict[Field, Sequence[str]] = {
            field: affordable(terms, statistics.fields[field], _budget(field, statistics.passages))
            for field, terms in asked.items()
            if terms and limits[field] > 0 and kinds
        }
        hits: dict[Field, list[Hit]] = {field: [] for field in asked}
        if any(chosen.values()):
            where = await self._store.occurrences(owner, chosen, kinds)
            for field, terms in chosen.items():
                limit = min(limits[field], MAX_HITS)
                hits[field] = best(terms, where[field], statistics.fields[field], statistics.passages, limit)
        return hits


def _budget(field: Field, passages: int) -> Budget:
    if field == "words":
        return _WORD_BUDGET
    return Budget(terms=_MAX_SOUNDS, postings=_MAX_POSTINGS, frequency=max(passages // _TELLING, _FEW))


def _terms_of(word: str) -> list[str]:
    return [word_term(one) for one in words_of(word)]
