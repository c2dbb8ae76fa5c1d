"""Searching the passages of an owner, or of a reader and their collections, by words and by sounds."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from vasi.knowledge.index.analyser import TextAnalyser, alternatives, definition_term
from vasi.knowledge.index.bm25 import Alternatives, Budget, affordable, best
from vasi.knowledge.index.vocabulary import SoundVocabulary, most_likely
from vasi.language.terms import words as words_of
from vasi.storage.owners import Owners, each_of
from vasi.storage.ports import Hit, Passage, PassageStore
from vasi.storage.terms import BOTH_KINDS, Field, FieldStatistics, Kind, TermStatistics, TermStore

MAX_HITS = 1_000
_MAX_POSTINGS = 40_000
_WORD_BUDGET = Budget(words=24, postings=_MAX_POSTINGS, frequency=_MAX_POSTINGS)
_MAX_SOUNDS = 16
_TELLING = 10
_FEW = 50
"""Sounds that are in more than a tenth of the owner's passages, and in more than a few, cost much and tell nothing."""
_SHORTEST_PREFIX = 5
_MAX_COMPOUNDS = 16
_COMPOUND = 0.6
"""A compound that begins with an asked word, which stands nowhere itself, serves so well."""
_DEFINING = 6
"""Passages that are looked at for what an acronym stands for."""
_MAX_VOCABULARY = 1_000_000
"""Words whose sounds are kept in memory, of all owners together."""


class IndexStore(PassageStore, TermStore, Protocol):
    """What the index needs of a store."""


@dataclass(frozen=True, slots=True)
class LookUp:
    """What the index says to a question.

    Attributes:
        total: the owners' number of passages.
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
        self._vocabularies: OrderedDict[str, tuple[str, SoundVocabulary]] = OrderedDict()
        """By owner, with its revision; the one asked last at the end."""

    def forget(self, owner: str) -> None:
        """Let go of what is kept of the owner's words; it's read anew when they search."""
        self._vocabularies.pop(owner, None)

    async def look_up(
        self,
        owners: Owners,
        words: Sequence[str],
        *,
        word_limit: int = 0,
        sound_limit: int = 0,
        kinds: Sequence[Kind] = BOTH_KINDS,
    ) -> LookUp:
        """How common ``words`` are, and what is found by words and by sounds, with the passages.

        Args:
            owners: whose passages.
            words: of a question.
            word_limit: most passages found by words.
            sound_limit: most passages found by sounds.
            kinds: what is searched.
        """
        asked = {word: [alternatives(part) for part in words_of(word)] for word in dict.fromkeys(words)}
        queries: dict[Field, Sequence[Mapping[str, float]]] = {
            "words": self._written(words) if word_limit > 0 else [],
            "sounds": await self._heard(owners, words) if sound_limit > 0 else [],
        }
        counted = [*_terms(queries["words"]), *(term for parts in asked.values() for part in parts for term in part)]
        statistics = await self._store.term_statistics(
            owners, {"words": list(dict.fromkeys(counted)), "sounds": _terms(queries["sounds"])}
        )
        if compounds := await self._compounds(owners, queries["words"], statistics):
            queries["words"] = [*queries["words"], *compounds]
            more = await self._store.term_statistics(owners, {"words": _terms(queries["words"])})
            statistics = TermStatistics(more.passages, {**statistics.fields, "words": _joined(statistics, more)})
        hits = await self._hits(owners, queries, statistics, {"words": word_limit, "sounds": sound_limit}, kinds)
        ids = list(dict.fromkeys(hit.passage_id for hit in (*hits["words"], *hits["sounds"])))
        return LookUp(
            statistics.passages,
            {word: _frequency(parts, statistics) for word, parts in asked.items()},
            hits["words"],
            hits["sounds"],
            await self._store.passages(owners, ids) if ids else [],
        )

    async def defining(self, owners: Owners, keys: Sequence[str]) -> list[Passage]:
        """The passages that say what an acronym stands for that has one of ``keys`` (``vasi.language.acronyms``)."""
        asked: list[Mapping[str, float]] = [{definition_term(key): 1.0} for key in keys]
        hits = await self._search(owners, "words", asked, _DEFINING, BOTH_KINDS)
        return await self._store.passages(owners, [hit.passage_id for hit in hits]) if hits else []

    async def search_words(
        self, owners: Owners, words: Sequence[str], limit: int, kinds: Sequence[Kind] = BOTH_KINDS
    ) -> list[Hit]:
        """The passages with any of ``words`` in text or heading, best first by BM25 over stems."""
        return await self._search(owners, "words", self._written(words), limit, kinds)

    async def search_sounds(
        self, owners: Owners, words: Sequence[str], limit: int, kinds: Sequence[Kind] = BOTH_KINDS
    ) -> list[Hit]:
        """The passages with words that sound like ``words``, best first by BM25, the more alike the better."""
        if limit < 1 or not kinds:
            return []
        return await self._search(owners, "sounds", await self._heard(owners, words), limit, kinds)

    def _written(self, words: Sequence[str]) -> list[Mapping[str, float]]:
        return [dict.fromkeys(terms, 1.0) for terms in self._analyser.word_terms(words)]

    async def _compounds(
        self, owners: Owners, query: Sequence[Mapping[str, float]], statistics: TermStatistics
    ) -> list[Mapping[str, float]]:
        """For words that stand nowhere those that begin with them, as the compounds of German and Dutch do."""
        frequency = statistics.fields["words"].frequency
        found: list[Mapping[str, float]] = []
        for terms in query:
            shortest = min(terms, key=len)
            if any(frequency[term] for term in terms) or len(shortest) < _SHORTEST_PREFIX:
                continue
            longer: set[str] = set()
            for owner in each_of(owners):
                vocabulary = await self._store.vocabulary(owner, "words", prefix=shortest)
                longer.update(() if vocabulary is None else vocabulary.terms[:_MAX_COMPOUNDS])
            if longer:
                found.append(dict.fromkeys(sorted(longer)[:_MAX_COMPOUNDS], _COMPOUND))
        return found

    async def _heard(self, owners: Owners, words: Sequence[str]) -> list[Mapping[str, float]]:
        heard = self._analyser.heard(words)
        if not heard:
            return []
        meant: list[dict[str, float]] = [{} for _ in heard]
        for owner in each_of(owners):
            vocabulary = await self._vocabulary(owner)
            for known, more in zip(meant, await asyncio.to_thread(vocabulary.meant, heard), strict=True):
                known |= {word: max(likeness, known.get(word, 0.0)) for word, likeness in more.items()}
        return [most_likely(words) for words in meant if words]

    async def _vocabulary(self, owner: str) -> SoundVocabulary:
        revision, known = self._vocabularies.pop(owner, ("", SoundVocabulary(())))
        read = await self._store.vocabulary(owner, "sounds", revision)
        if read is not None:
            revision, known = read.revision, await asyncio.to_thread(SoundVocabulary, read.terms)
        self._vocabularies[owner] = (revision, known)
        while (
            len(self._vocabularies) > 1 and sum(len(each) for _, each in self._vocabularies.values()) > _MAX_VOCABULARY
        ):
            self._vocabularies.popitem(last=False)
        return known

    async def _search(
        self, owners: Owners, field: Field, query: Sequence[Mapping[str, float]], limit: int, kinds: Sequence[Kind]
    ) -> list[Hit]:
        if limit < 1 or not query or not kinds:
            return []
        statistics = await self._store.term_statistics(owners, {field: _terms(query)})
        return (await self._hits(owners, {field: query}, statistics, {field: limit}, kinds))[field]

    async def _hits(
        self,
        owners: Owners,
        queries: Mapping[Field, Sequence[Mapping[str, float]]],
        statistics: TermStatistics,
        limits: Mapping[Field, int],
        kinds: Sequence[Kind],
    ) -> dict[Field, list[Hit]]:
        chosen: dict[Field, list[Alternatives]] = {
            field: affordable(_counted(field, query, statistics), _budget(field, statistics.passages))
            for field, query in queries.items()
            if query and limits[field] > 0 and kinds
        }
        hits: dict[Field, list[Hit]] = {field: [] for field in queries}
        if any(chosen.values()):
            terms: dict[Field, Sequence[str]] = {
                field: list(dict.fromkeys(term for one in asked for term in one.frequency))
                for field, asked in chosen.items()
            }
            where = await self._store.occurrences(owners, terms, kinds)
            for field, asked in chosen.items():
                limit = min(limits[field], MAX_HITS)
                mean_length = statistics.fields[field].mean_length
                hits[field] = best(asked, where[field], mean_length, statistics.passages, limit)
        return hits


def _joined(one: TermStatistics, other: TermStatistics) -> FieldStatistics:
    first, second = one.fields["words"], other.fields["words"]
    return FieldStatistics(second.mean_length, {**first.frequency, **second.frequency})


def _terms(query: Sequence[Mapping[str, float]]) -> list[str]:
    return list(dict.fromkeys(term for one in query for term in one))


def _counted(field: Field, query: Sequence[Mapping[str, float]], statistics: TermStatistics) -> list[Alternatives]:
    """The query with how common its terms are; sounds that tell nothing are left out."""
    frequency = statistics.fields[field].frequency
    most = statistics.passages if field == "words" else max(statistics.passages // _TELLING, _FEW)
    return [
        Alternatives(one, {term: frequency[term] for term in one if 0 < frequency[term] <= most}, field == "words")
        for one in query
    ]


def _budget(field: Field, passages: int) -> Budget:
    if field == "words":
        return _WORD_BUDGET
    return Budget(words=_MAX_SOUNDS, postings=_MAX_POSTINGS, frequency=passages)


def _frequency(parts: Sequence[Sequence[str]], statistics: TermStatistics) -> int:
    """In how many passages a word stands at most: as often as the rarest of its parts does, in any of its forms."""
    frequency = statistics.fields["words"].frequency
    return min((min(sum(frequency[term] for term in part), statistics.passages) for part in parts), default=0)
