"""Passages get vectors in the background, and are found by their meaning."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from vasi.errors import EngineError
from vasi.knowledge import Knowledge
from vasi.knowledge.embed import BATCH, RETRY_S, VectorBackfill
from vasi.knowledge.index import Index
from vasi.storage.ports import NewDocument, NewPassage, Vector
from vasi.storage.sqlite import SqliteStore
from vasi.testing.settings import reading_limits


class Topics:
    """An ``Embedder`` that knows two topics; ``broken`` makes it fail."""

    model = "topics"
    threshold = 0.5
    contrast = 1.0
    multilingual = False
    broken = False

    async def start(self) -> None:
        """Nothing to load."""

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> list[Vector]:
        if self.broken:
            raise EngineError("It is broken.")
        sea = ("boat", "ship", "vessel", "heron")
        rows = [[1.0, 0.0] if any(word in text.lower() for word in sea) else [0.0, 1.0] for text in texts]
        return [np.asarray(row, np.float32) for row in rows]

    async def close(self) -> None:
        """Nothing to close."""


async def test_what_means_the_same_is_found_once_vectors_are_made(
    store: SqliteStore, index: Index, folder: Path
) -> None:
    (folder / "boat.txt").write_text("The Heron leaves at nine.")
    topics = Topics()
    knowledge = Knowledge(store, index, limits=reading_limits(), embedder=topics)
    await knowledge.add("ann", [folder])
    await knowledge.vectors_ready("ann")
    found = await knowledge.search("ann", "vessel departure")
    assert found.found
    assert found.passages[0].passage.document == "boat.txt"
    await store.add_note("ann", "My ship sails tomorrow.", at=datetime(2026, 1, 1, tzinfo=UTC))
    await knowledge.search("ann", "anything")
    await knowledge.vectors_ready("ann")
    notes = await knowledge.search("ann", "vessel departure", kinds=("note",))
    assert [one.passage.text for one in notes.passages] == ["My ship sails tomorrow."]
    await knowledge.close()


async def test_what_is_near_in_meaning_is_no_answer_about_another_name_or_year(
    store: SqliteStore, index: Index, folder: Path
) -> None:
    (folder / "boat.txt").write_text("The Heron leaves at nine.")
    knowledge = Knowledge(store, index, limits=reading_limits(), embedder=Topics())
    await knowledge.add("ann", [folder])
    await knowledge.vectors_ready("ann")
    assert (await knowledge.search("ann", "When does the Heron set sail?")).found
    for question in ("When does the ship Walrus set sail?", "When did the ship set sail in 2031?"):
        assert not (await knowledge.search("ann", question)).found
    await knowledge.close()


async def test_search_goes_on_without_a_broken_embedder(store: SqliteStore, index: Index, folder: Path) -> None:
    topics = Topics()
    topics.broken = True
    knowledge = Knowledge(store, index, limits=reading_limits(), embedder=topics)
    await knowledge.add("ann", [folder])
    await knowledge.vectors_ready("ann")
    assert (await knowledge.search("ann", "When does the gym open?")).found
    assert await store.without_vectors("ann", "topics", 10)
    await knowledge.close()
    assert len(asyncio.all_tasks()) == 1


# --- learning in the background -------------------------------------------------------------------------------------
class Counting(Topics):
    """Notes what it was asked for; holds each piece of work until ``go`` is set."""

    def __init__(self, model: str = "topics") -> None:
        self.model = model
        self.texts: list[str] = []
        self.go = asyncio.Event()
        self.go.set()

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> list[Vector]:
        await self.go.wait()
        if not query:
            self.texts += texts
        return await super().embed(texts, query=query)


async def _stored(store: SqliteStore, count: int) -> None:
    passages = [NewPassage(f"The boat number {number} leaves.") for number in range(count)]
    await store.put_document("ann", NewDocument("/boats", "boats.txt", "0", "text/plain", 1), passages)


async def test_what_was_learned_is_kept_and_a_new_start_goes_on_with_the_rest(store: SqliteStore) -> None:
    await _stored(store, 40)
    first = Counting()
    vectors = VectorBackfill(store, first)
    vectors.request("ann")
    while len(first.texts) < BATCH:
        await asyncio.sleep(0)
    first.go.clear()  # the second piece of work doesn't come to its end
    while not (await store.count_vectors("ann", "topics"))[0]:
        await asyncio.sleep(0.01)
    await vectors.close()
    kept = await store.count_vectors("ann", "topics")
    assert 0 < kept[0] < kept[1] == 40
    second = Counting()
    again = VectorBackfill(store, second)
    again.request("ann")
    await again.ready("ann")
    assert len(second.texts) == 40 - kept[0]
    assert await store.count_vectors("ann", "topics") == (40, 40)
    learned = await again.learned("ann")
    assert learned is not None
    assert learned.whole


async def test_another_model_learns_anew_and_its_vectors_are_never_mixed(store: SqliteStore) -> None:
    await _stored(store, 3)
    for model in ("old", "new"):
        vectors = VectorBackfill(store, Counting(model))
        vectors.request("ann")
        await vectors.ready("ann")
    assert await store.count_vectors("ann", "old") == (0, 3)
    assert await store.count_vectors("ann", "new") == (3, 3)


async def test_after_a_failure_it_is_tried_again_later_and_not_with_each_question(store: SqliteStore) -> None:
    await _stored(store, 3)
    now = 0.0
    topics = Counting()
    topics.broken = True
    vectors = VectorBackfill(store, topics, clock=lambda: now)
    for _ in range(3):
        vectors.request("ann")
        await vectors.ready("ann")
    assert len(topics.texts) == 3
    learned = await vectors.learned("ann")
    assert learned is not None
    assert (learned.done, learned.total, learned.problem) == (0, 3, "It is broken.")
    now, topics.broken = RETRY_S + 1, False
    vectors.request("ann")
    await vectors.ready("ann")
    learned = await vectors.learned("ann")
    assert learned is not None
    assert (learned.done, learned.problem) == (3, "")


async def test_the_nearest_of_a_few_learned_passages_does_not_outdo_what_words_find(
    store: SqliteStore, index: Index
) -> None:
    passages = [NewPassage(f"Bread of the sort {number} is baked at noon.") for number in range(20)]
    await store.put_document("ann", NewDocument("/bread", "bread.txt", "0", "text/plain", 1), passages)
    (first,) = await store.without_vectors("ann", "topics", 1)
    await store.put_vectors("ann", "topics", {first.id: np.asarray([0.4, 0.9], np.float32)})
    topics = Topics()
    knowledge = Knowledge(store, index, limits=reading_limits(), embedder=topics)
    topics.broken = True  # nothing more is learned
    await knowledge.search("ann", "bread")
    topics.broken = False
    found = await knowledge.search("ann", "boat of the sort 7", limit=1)
    assert "7" in found.passages[0].passage.text
    await knowledge.close()


class AcrossLanguages(Topics):
    """Knows what the words of two languages mean."""

    multilingual = True
    contrast = 0.02  # too little to outdo words that count
    meanings = (("ferry", "fähre"), ("bread", "brot"), ("mast", "mast"))

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> list[Vector]:
        rows = [[float(any(word in text.lower() for word in words)) for words in self.meanings] for text in texts]
        return [np.asarray(row, np.float32) / max(1e-6, float(np.linalg.norm(row))) for row in rows]


async def test_a_question_in_another_language_is_answered_by_meaning(store: SqliteStore, index: Index) -> None:
    # "Nummer 7" stands in a passage about something else, where it says nothing.
    texts = ["The ferry leaves at nine.", *(f"Bread is baked, Nummer {number}." for number in range(9))]
    passages = [NewPassage(text) for text in texts]
    await store.put_document("ann", NewDocument("/all", "all.txt", "0", "text/plain", 1), passages)
    knowledge = Knowledge(store, index, limits=reading_limits(), embedder=AcrossLanguages())
    await knowledge.search("ann", "ferry")
    await knowledge.vectors_ready("ann")
    found = await knowledge.search("ann", "Wann legt morgens die große Fähre mit der Nummer 7 nach Norden ab?")
    assert found.passages[0].passage.text == texts[0]
    assert found.found
    await knowledge.close()


async def test_words_still_come_first_where_they_say_enough(store: SqliteStore, index: Index) -> None:
    texts = ["The ferry called Heron leaves at nine.", *(f"The ferry called Gull {n} stays." for n in range(9))]
    await store.put_document(
        "ann", NewDocument("/all", "all.txt", "0", "text/plain", 1), [NewPassage(text) for text in texts]
    )
    knowledge = Knowledge(store, index, limits=reading_limits(), embedder=AcrossLanguages())
    await knowledge.search("ann", "ferry")
    await knowledge.vectors_ready("ann")
    found = await knowledge.search("ann", "When does the Heron leave?")
    assert "Heron" in found.passages[0].passage.text
    await knowledge.close()
