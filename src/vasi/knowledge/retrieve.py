"""Finds the passages that bear on a question, and says whether they answer it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from vasi.errors import EngineError
from vasi.knowledge.embed import Embedder
from vasi.knowledge.evidence import Evidence, Question, placed, rank, understand, weigh
from vasi.knowledge.index import Index
from vasi.knowledge.judgement import relevance
from vasi.language.acronyms import asked_keys, definitions, replaced
from vasi.language.deciding import AskedWord, as_phrases, asked_words, stands_in
from vasi.language.detection import detect, passage_language
from vasi.language.speakable import spoken_name
from vasi.language.stop_words import Language
from vasi.language.terms import content_words, stem, words
from vasi.storage.owners import Owners
from vasi.storage.ports import Hit, Passage, PassageStore
from vasi.storage.terms import BOTH_KINDS, Kind

_log = logging.getLogger(__name__)

FOUND = 0.4
"""Relevance from which on a typed question counts as answered in the documents."""
FOUND_HEARD = 0.32
"""The same for a spoken one: what was misheard speaks for no passage."""
FAINT = 0.01
"""Passages less relevant than this aren't worth showing."""
BUDGET = 1_200
"""Characters for each passage that is asked for: five of them are 6,000, about 1,500 tokens of the model's."""
QUERY_CHARACTERS = 1_000
QUERY_WORDS = 40

_ENOUGH = 0.8
_LITTLE = 0.4
"""Of a question's words, by their weights, as the passage has that has most of them."""
_OTHER_FORMS = 2
"""Of a query that are looked up as well."""
_SURER = 0.1
"""What is looked up in another form is a second guess: so much more relevant has to be what answers it."""
_WORD_HITS = 16
_SOUND_HITS = 12
_VECTOR_HITS = 12
_VECTORS_COMPARED = 64
"""Passages whose nearness in meaning is asked for: the first ``_VECTOR_HITS`` are proposed, the others may be found by
their words as well."""
_MOSTLY = 0.9
"""Of the passages, that need vectors for their order to count."""


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage that was found; ``score`` is its relevance, 0 to 1."""

    passage: Passage
    score: float


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What was found, best first.

    Attributes:
        found: False where the documents most likely don't hold the answer.
        passages: where it isn't found, the nearest.
        missing: where it isn't found, the words of the query, as they were asked, that its nearest passage lacks.
        asked_as: the query with an acronym in place of what it stands for, or the other way round, where that found
            more; "" if it was looked up as it is.
    """

    found: bool
    passages: tuple[ScoredPassage, ...]
    missing: tuple[str, ...] = ()
    asked_as: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    """The answers of all indexes to one question."""

    words: Sequence[Hit]
    sounds: Sequence[Hit]
    vectors: Sequence[Hit]


class _Weighing:
    """Weighs passages against one query, each by its own language."""

    def __init__(self, query: str, frequency: Mapping[str, int], total: int) -> None:
        self._query = query
        self._frequency = frequency
        self._total = total
        self._questions: dict[Language, Question] = {}

    def question(self, language: Language) -> Question:
        """The query, as it is compared with passages of ``language``."""
        if language not in self._questions:
            self._questions[language] = understand(self._query, self._frequency, self._total, language)
        return self._questions[language]

    def weigh(self, passages: Sequence[Passage]) -> dict[str, Evidence]:
        """The evidence of each, by its id."""
        weighed: dict[str, Evidence] = {}
        for passage in passages:
            language = passage_language(passage.text, passage.heading)
            weighed[passage.id] = weigh(self.question(language), passage.text, title(passage), language)
        return weighed


@dataclass(frozen=True, slots=True)
class Examined:
    """What speaks for the passages that were proposed for a question.

    Attributes:
        question: with the weights of its words.
        language: of the question.
        passages: in no order.
        evidence: by the id of the passage, best first.
        nearness: similarity in meaning, less the one from which on the embedder's passages begin to answer, by the id
            of the passage; empty if there is no embedder for the language of the question.
    """

    question: Question
    language: Language
    passages: Sequence[Passage]
    evidence: Mapping[str, Evidence]
    nearness: Mapping[str, float]


class Retriever:
    """Searches by words, by sounds and, if there is an ``embedder``, by meaning.

    All of them propose passages; what these say, and how near in meaning they are, puts them in order and tells whether
    they answer.
    """

    def __init__(self, store: PassageStore, index: Index, embedder: Embedder | None = None) -> None:
        self._store = store
        self._index = index
        self._embedder = embedder
        self._asking = 0
        """Questions whose vectors are being made."""
        self._idle = asyncio.Event()
        self._idle.set()

    async def search(
        self,
        owners: Owners,
        query: str,
        *,
        limit: int = 5,
        kinds: Sequence[Kind] = BOTH_KINDS,
        spoken: bool = False,
    ) -> Retrieval:
        """The best ``limit`` passages of ``owners`` for ``query``, in ``limit * BUDGET`` characters at most.

        An acronym that passages say the meaning of, or that meaning, is also looked up in its other form.

        Args:
            owners: whose passages.
            query: a question or some words; what is beyond ``QUERY_CHARACTERS`` is left out.
            limit: most passages to return.
            kinds: what is searched.
            spoken: the query was heard: what sounds alike counts as well.

        Raises:
            StoreError: the index can't be read.
        """
        query = query[:QUERY_CHARACTERS]
        result = await self._search(owners, query, limit, kinds, spoken=spoken)
        others, defining = await self._in_other_forms(owners, query)
        for other in others:
            found = await self._search(owners, other, limit, kinds, spoken=spoken)
            # In place of an acronym there are more words to be found, which says nothing by itself; and what says what
            # it stands for has all of those words.
            shorter = len(other) < len(query)
            likelier = _best(found) > _best(result) or (_first(result) in defining and _first(found) not in defining)
            surely = _best(found) >= (FOUND_HEARD if spoken else FOUND) + _SURER
            if found.found and ((not result.found and surely) or (shorter and likelier)):
                result = replace(found, asked_as=other)
        return result

    async def _search(
        self, owners: Owners, query: str, limit: int, kinds: Sequence[Kind], *, spoken: bool
    ) -> Retrieval:
        examined = await self.examine(owners, query, limit=limit, kinds=kinds, spoken=spoken)
        if examined is None:
            return Retrieval(False, ())
        by_id = {passage.id: passage for passage in examined.passages}
        scored = [
            ScoredPassage(by_id[key], self._relevance(examined, by_id[key], spoken=spoken)) for key in examined.evidence
        ]
        result = _budgeted(scored, limit, FOUND_HEARD if spoken else FOUND)
        return result if result.found else replace(result, missing=_missing(query, result.passages))

    async def idle(self) -> None:
        """Return when no search asks the embedder anything."""
        await self._idle.wait()

    async def _in_other_forms(self, owners: Owners, query: str) -> tuple[Sequence[str], frozenset[str]]:
        """``query`` with an acronym for what it stands for, or the other way round, and the ids of the passages of
        the owners that say so.
        """
        asked = asked_keys(query)
        if not asked:
            return (), frozenset()
        found: dict[str, None] = {}
        defining = await self._index.defining(owners, list(asked))
        for passage in defining:
            for one in definitions(f"{passage.heading}\n{passage.text}"):
                for key in one.keys:
                    if key in asked:
                        found.setdefault(replaced(query, asked[key], one))
        return list(found)[:_OTHER_FORMS], frozenset(passage.id for passage in defining)

    async def examine(
        self,
        owners: Owners,
        query: str,
        *,
        limit: int = 5,
        kinds: Sequence[Kind] = BOTH_KINDS,
        spoken: bool = False,
    ) -> Examined | None:
        """What ``search`` judges by; None for a query without words.

        Raises:
            StoreError: the index can't be read.
        """
        asked = list(dict.fromkeys(content_words(query)))[:QUERY_WORDS]
        if not asked or limit < 1:
            return None
        text, by_meaning = await asyncio.gather(
            self._index.look_up(
                owners,
                asked,
                word_limit=max(limit, _WORD_HITS),
                sound_limit=_SOUND_HITS if spoken else 0,
                kinds=kinds,
            ),
            self._by_meaning(owners, query, kinds),
        )
        weighing = _Weighing(query, text.frequency, text.total)
        found = _Found(text.words, text.sounds, by_meaning)
        passages = await self._with_others(owners, text.passages, by_meaning[:_VECTOR_HITS])
        evidence = await asyncio.to_thread(weighing.weigh, passages)
        if not spoken and all(one.covered < _ENOUGH for one in evidence.values()):
            # No passage holds so much of the question that searching by sound, the slowest way, would add nothing.
            by_sounds = await self._index.search_sounds(owners, asked, _SOUND_HITS, kinds)
            found = _Found(text.words, by_sounds, by_meaning)
            passages = await self._with_others(owners, passages, by_sounds)
            evidence |= await asyncio.to_thread(weighing.weigh, [one for one in passages if one.id not in evidence])
        scores = {hit.passage_id: hit.score for hit in found.words}
        heard = {hit.passage_id: place for place, hit in enumerate(found.sounds)}
        best = max(scores.values(), default=0.0)
        weighed = {key: placed(one, scores.get(key, 0.0), heard.get(key)) for key, one in evidence.items()}
        nearness = self._nearness(by_meaning, weighed)
        across = self._leads(weighed.values())
        ordered = sorted(weighed, key=lambda key: -rank(weighed[key], best, nearness.get(key), meaning_leads=across))
        return Examined(
            weighing.question(detect(query)),
            detect(query),
            passages,
            {key: weighed[key] for key in ordered},
            nearness,
        )

    async def _with_others(self, owners: Owners, passages: Sequence[Passage], hits: Sequence[Hit]) -> Sequence[Passage]:
        """``passages`` and those of ``hits`` that aren't among them."""
        here = {passage.id for passage in passages}
        others = [hit.passage_id for hit in hits if hit.passage_id not in here]
        return [*passages, *await self._store.passages(owners, others)] if others else passages

    async def _by_meaning(self, owners: Owners, query: str, kinds: Sequence[Kind]) -> list[Hit]:
        embedder = self._embedder
        if embedder is None or not _knows(embedder, detect(query)):
            return []
        self._asking += 1
        self._idle.clear()
        try:
            (vector,), (done, total) = await asyncio.gather(
                embedder.embed([query], query=True), self._store.count_vectors(owners, embedder.model)
            )
        except EngineError as error:
            # Words and sounds still answer.
            _log.warning("search goes on without vectors: %s", error)
            return []
        finally:
            self._asking -= 1
            if self._asking == 0:
                self._idle.set()
        hits = await self._store.search_vectors(owners, embedder.model, vector, _VECTORS_COMPARED, kinds)
        # The nearest of a few passages needn't be near at all.
        whole = done >= total * _MOSTLY
        return [hit for hit in hits if whole or hit.score >= embedder.threshold]

    def _leads(self, evidence: Iterable[Evidence]) -> bool:
        """Whether meaning says more than words: these say little, as those of another language, and it can."""
        covered = max((one.covered for one in evidence), default=0.0)
        return covered < _LITTLE and self._embedder is not None and self._embedder.multilingual

    def _nearness(self, hits: Sequence[Hit], passages: Iterable[str]) -> Mapping[str, float]:
        """Similarity in meaning, less the one from which on this embedder's passages begin to answer, on one scale.

        A passage that isn't among ``hits`` is no nearer than the last of them.
        """
        if self._embedder is None or not hits:
            return {}
        threshold, contrast = self._embedder.threshold, self._embedder.contrast
        known = {hit.passage_id: (hit.score - threshold) * contrast for hit in hits}
        farthest = min(known.values())
        return {key: known.get(key, farthest) for key in passages}

    def _relevance(self, examined: Examined, passage: Passage, *, spoken: bool) -> float:
        evidence, nearness = examined.evidence[passage.id], examined.nearness.get(passage.id)
        language = passage_language(passage.text, passage.heading)
        if nearness is None or self._embedder is None or not _knows(self._embedder, language):
            return relevance(examined.question, evidence, spoken=spoken)
        by_words = relevance(examined.question, evidence, spoken=spoken, nearness=nearness)
        if language == examined.language:
            return by_words
        # Of a question in another language hardly a word can stand in the passage.
        return max(by_words, 0.0, min(1.0, FOUND + nearness))


def _best(result: Retrieval) -> float:
    return max((one.score for one in result.passages), default=0.0)


def _first(result: Retrieval) -> str:
    return result.passages[0].passage.id if result.passages else ""


def _knows(embedder: Embedder, language: Language) -> bool:
    return embedder.multilingual or language == "en"


def _budgeted(scored: Sequence[ScoredPassage], limit: int, enough: float) -> Retrieval:
    kept: list[ScoredPassage] = []
    spent = 0
    for one in scored[:limit]:
        length = len(one.passage.text)
        if one.score < FAINT or (kept and spent + length > limit * BUDGET):
            continue
        kept.append(one)
        spent += length
    return Retrieval(any(one.score >= enough for one in kept), tuple(kept))


def _missing(query: str, passages: Sequence[ScoredPassage]) -> tuple[str, ...]:
    """What the passage that has the most words of ``query`` still lacks, but for light words."""
    lacking = [_lacking(query, one.passage) for one in passages]
    return as_phrases(min(lacking, key=len) if lacking else asked_words(query))


def _lacking(query: str, passage: Passage) -> list[AskedWord]:
    language = passage_language(passage.text, passage.heading)
    there = {stem(word, language) for word in words(f"{title(passage)} {passage.text}")}
    return [word for word in asked_words(query, language) if not word.light and not stands_in(word, there)]


def title(passage: Passage) -> str:
    """What stands above a passage: its headings, and the name of its document."""
    return f"{passage.heading} {spoken_name(passage.document)}" if passage.document else passage.heading
