"""What every store promises of readings over several owners: as if all were one, and nothing of anybody else's."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from tests.contract.conftest import index, problems
from tests.contract.test_store_contract import ANNA, BEN, NOON, document, unit
from vasi.errors import ClientError, NotFoundError
from vasi.protocol.items import InputText, Message
from vasi.storage.collections import Collection
from vasi.storage.owners import collection_owner
from vasi.storage.ports import NewPassage, Passage, Store
from vasi.storage.recorded import Cited, CitedSpan, RecordedItem

CLUB, BOARD, SECRET = (collection_owner(f"col_{name}") for name in ("club", "board", "secret"))
READER = (ANNA, CLUB, BOARD)
TEXTS = [
    "The boat needs a new anchor before May.",
    "An anchor holds the boat, and the anchor chain holds the anchor.",
    "Members pay forty euros a year.",
    "The board meets on Mondays about the boat.",
    "Paint the boathouse green.",
    "The kestrel anchor is stored in the boathouse.",
    "Forty members may sail at once.",
    "Nobody sails on Mondays.",
    "The anchorage is north of the pier.",
]


def collection(name: str, *groups: str) -> Collection:
    return Collection(f"col_{name.lower()}", name, not groups, groups, NOON)


async def shared(store: Store) -> None:
    """Every text in a document of its own, in turn of Anna, the club and the board; all of the same are Ben's."""
    await store.add_collection(collection("Club"))
    await store.add_collection(collection("Board", "board"))
    await store.add_collection(collection("Secret", "spies"))
    await store.put_document(SECRET, document("/secret"), [NewPassage("The anchor is made of gold.")])
    for number, text in enumerate(TEXTS):
        for owner in (READER[number % 3], BEN):
            await store.put_document(owner, document(f"/{number}"), [NewPassage(text, "Notes of the sailing club")])


async def texts_of(store: Store, owners: str | tuple[str, ...], ids: list[str]) -> list[str]:
    return [passage.text for passage in await store.passages(owners, ids)]


@pytest.mark.parametrize("spoken", [False, True])
@pytest.mark.parametrize(
    "asked",
    [["anchor"], ["boat", "anchor", "Mondays"], ["forty", "members"], ["ankor", "boathouse"], ["sailing"], ["anchors"]],
)
async def test_several_owners_are_searched_as_if_they_were_one(store: Store, asked: list[str], spoken: bool) -> None:
    await shared(store)
    found = {
        owners: await index(store).look_up(owners, asked, word_limit=20, sound_limit=20 * spoken)
        for owners in (READER, BEN)
    }
    split, whole = found[READER], found[BEN]
    assert (split.total, split.frequency) == (whole.total, whole.frequency)
    assert whole.words
    for one, other in ((split.words, whole.words), (split.sounds, whole.sounds)):
        assert [hit.score for hit in one] == pytest.approx([hit.score for hit in other])
        ids = [hit.passage_id for hit in one], [hit.passage_id for hit in other]
        assert await texts_of(store, READER, ids[0]) == await texts_of(store, BEN, ids[1])


async def test_vectors_of_several_owners_are_compared_as_if_they_were_ones(store: Store) -> None:
    await shared(store)
    rng = np.random.default_rng(7)
    vectors = {text: unit(*rng.normal(size=8)) for text in TEXTS}
    for owner in (*READER, BEN):
        passages = await store.without_vectors(owner, "m", 100)
        await store.put_vectors(owner, "m", {one.id: vectors[one.text] for one in passages})
    asked = unit(*rng.normal(size=8))
    split, whole = [await store.search_vectors(owners, "m", asked, 5) for owners in (READER, BEN)]
    assert [hit.score for hit in split] == pytest.approx([hit.score for hit in whole])
    texts = [
        await texts_of(store, owners, [hit.passage_id for hit in hits])
        for owners, hits in ((READER, split), (BEN, whole))
    ]
    assert texts[0] == texts[1]
    assert await store.count_vectors(READER, "m") == (len(TEXTS), len(TEXTS))


async def test_only_those_owners_who_are_asked_for_are_read(store: Store) -> None:
    await shared(store)
    (secret,) = await store.documents(SECRET)
    (hidden,) = await store.document_passages(SECRET, secret.id)
    for owners in (READER, ANNA, (ANNA,), (ANNA, CLUB), "nobody", ("nobody", CLUB)):
        assert secret not in await store.documents(owners)
        assert await store.passages(owners, [hidden.id]) == []
        assert await store.passages_around(owners, hidden.id, 1, 1) == []
        assert "The anchor is made of gold." not in await store.texts(owners)
        with pytest.raises(NotFoundError):
            await store.document(owners, secret.id)
        with pytest.raises(NotFoundError):
            await store.document_passages(owners, secret.id)
        hits = await index(store).look_up(owners, ["gold", "anchor"], word_limit=50, sound_limit=50)
        assert hidden.id not in {passage.id for passage in hits.passages}
        assert hits.frequency["gold"] == 0
        assert secret.id not in {change.id for change in await store.changes(owners, 0) or ()}


async def test_what_is_shared_says_in_which_collection_it_is(store: Store) -> None:
    await shared(store)
    documents = {one.source: one.collection for one in await store.documents(READER)}
    names = {source: None if found is None else found.name for source, found in documents.items()}
    assert [names[f"/{number}"] for number in range(6)] == [None, "Club", "Board", None, "Club", "Board"]
    hits = await index(store).look_up(READER, ["anchor", "members"], word_limit=50)
    passages: dict[str, Passage] = {passage.text: passage for passage in hits.passages}
    assert passages[TEXTS[0]].collection is None
    found = passages[TEXTS[1]].collection
    assert found is not None
    assert (found.id, found.name, found.owner) == ("col_club", "Club", CLUB)
    renamed = await store.change_collection("col_club", name="Members")
    assert renamed.documents == 3
    (again,) = await store.passages(READER, [passages[TEXTS[1]].id])
    assert again.collection is not None
    assert again.collection.name == "Members"


async def test_collections_are_seen_by_everybody_or_by_their_groups(store: Store) -> None:
    await shared(store)
    assert [one.name for one in await store.collections()] == ["Board", "Club", "Secret"]
    for groups, seen in (
        ((), ["Club"]),
        (("board",), ["Board", "Club"]),
        (("spies", "board", "x"), ["Board", "Club", "Secret"]),
    ):
        assert [one.name for one in await store.collections_of(groups)] == seen
    await store.change_collection("col_board", everyone=True, groups=())
    await store.change_collection("col_club", everyone=False, groups=("sailors",))
    assert [one.name for one in await store.collections_of(())] == ["Board"]
    with pytest.raises(ClientError, match="already"):
        await store.add_collection(Collection("col_x", "CLUB", True, (), NOON))
    with pytest.raises(ClientError, match="already"):
        await store.change_collection("col_board", name="club")
    for gone in (
        store.collection("col_x"),
        store.change_collection("col_x", name="y"),
        store.close_collection("col_x"),
    ):
        with pytest.raises(NotFoundError):
            await gone
    assert await problems(store) == []


async def test_nobody_keeps_what_shared_documents_said_when_they_are_removed(store: Store) -> None:
    await shared(store)
    first, second = (await store.documents(CLUB))[:2]
    for owner in (ANNA, BEN):
        await store.begin_conversation(owner, f"conv_{owner}", at=NOON)
        for document_of in (first, second):
            (passage,) = await store.document_passages(CLUB, document_of.id)
            cited = Cited(passage.id, "x", source_id=document_of.id, end=9, excerpt=passage.text)
            said = Message(id=f"item_{document_of.id}", role="user", content=[InputText(text="?")], status="completed")
            item = RecordedItem(said, NOON, (CitedSpan(0, 0, 1, (cited,)),))
            await store.put_item(owner, f"conv_{owner}", item, at=NOON)

    async def excerpts(owner: str) -> set[str]:
        items = await store.conversation_items(owner, f"conv_{owner}")
        return {passage.excerpt for item in items for span in item.citations for passage in span.passages}

    assert "" not in await excerpts(BEN)
    await store.remove_document(CLUB, first.id)
    kept = (await store.document_passages(CLUB, second.id))[0].text
    assert await asyncio.gather(excerpts(ANNA), excerpts(BEN)) == [{"", kept}, {"", kept}]
    await store.close_collection("col_club")
    assert await asyncio.gather(excerpts(ANNA), excerpts(BEN)) == [{""}, {""}]
    assert await store.collections_of(()) == []
