"""What every store promises of preferences, of what comes from elsewhere, and of removing everything of an owner."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.contract.conftest import problems
from tests.contract.test_app_contract import answered, said
from tests.contract.test_store_contract import ANNA, BEN, NOON, document, everything, found
from vasi.errors import NotFoundError
from vasi.storage.ports import NewPassage, Note, NoteOrigin, Store
from vasi.storage.recorded import Conversation
from vasi.storage.spending import Spent

LATER = datetime(2026, 3, 9, 8, 30, tzinfo=UTC)


async def test_preferences_are_each_owners(store: Store) -> None:
    assert await store.preferences(ANNA) == {}
    await store.put_preferences(ANNA, {"theme": "dark", "größe": [1.5, None]})
    await store.put_preferences(BEN, {"theme": "light"})
    assert await store.preferences(ANNA) == {"theme": "dark", "größe": [1.5, None]}
    await store.put_preferences(ANNA, {})
    assert await store.preferences(ANNA) == {}
    assert await store.preferences(BEN) == {"theme": "light"}


async def test_a_note_of_elsewhere_keeps_its_id_and_times(store: Store) -> None:
    note = Note("note_0a", "Buy a walnut cake", NOON, LATER, ("shop",), True, NoteOrigin("conv_1", "item_1"))
    assert await store.put_note(ANNA, note)
    assert await store.note(ANNA, "note_0a") == note
    assert await found(store, ANNA, "walnut") == ["Buy a walnut cake"]
    for owner in (ANNA, BEN):
        assert not await store.put_note(owner, Note("note_0a", "Another one", NOON, NOON))
    assert await store.note(ANNA, "note_0a") == note
    assert await store.notes(BEN) == []
    assert await problems(store) == []


async def test_a_conversation_of_elsewhere_keeps_its_id_and_order(store: Store) -> None:
    talk = Conversation("conv_0a", "Cakes", NOON, LATER)
    items = [said("item_1", "Which cake?"), answered("item_2", "The walnut one."), said("item_3", "Thanks.")]
    assert await store.put_conversation(ANNA, talk, items)
    kept = await store.conversation(ANNA, "conv_0a")
    assert (kept.title, kept.created_at, kept.updated_at, kept.turns) == ("Cakes", NOON, LATER, 2)
    assert list(await store.conversation_items(ANNA, "conv_0a")) == items
    for owner in (ANNA, BEN):
        assert not await store.put_conversation(owner, Conversation("conv_0a", "Mine", NOON, NOON), items[:1])
    assert list(await store.conversation_items(ANNA, "conv_0a")) == items
    assert await store.conversations(BEN) == []


async def test_a_document_of_elsewhere_keeps_its_id_unless_somebody_has_it(store: Store) -> None:
    given = document("upload:1", name="a.md", id="doc_0a", added_at=LATER)
    kept = await store.put_document(ANNA, given, [NewPassage("fresh almond")])
    assert (kept.id, kept.added_at) == ("doc_0a", LATER)
    other = await store.put_document(BEN, given, [NewPassage("stale almond")])
    assert other.id != "doc_0a"
    assert [one.text for one in await store.document_passages(ANNA, "doc_0a")] == ["fresh almond"]
    assert await store.document(ANNA, "doc_0a") == kept


async def test_everything_of_an_owner_is_removed_and_nothing_else(store: Store) -> None:
    for owner in (ANNA, BEN):
        await store.put_document(owner, document("/a.md"), [NewPassage(f"walnut {n}") for n in range(700)])
        await store.add_note(owner, "almond", at=NOON)
        gone = await store.add_note(owner, "hazel", at=NOON)
        await store.bin_note(owner, gone.id, at=NOON)
        for number in range(25):
            await store.begin_conversation(owner, f"conv_{owner}{number}", at=NOON)
        await store.put_item(owner, f"conv_{owner}1", said("item_1", "cake"), at=NOON)
        await store.put_preferences(owner, {"theme": "dark"})
        await store.spend(owner, date(2026, 3, 4), Spent(5, 1.0))
    theirs = await store.documents(BEN), await store.notes(BEN), await store.conversations(BEN)
    await store.remove_owner(ANNA)
    assert await store.removals() == [ANNA]
    assert await store.owners() == [BEN]
    assert (await store.documents(ANNA), await store.notes(ANNA), await store.conversations(ANNA)) == ([], [], [])
    assert (await store.preferences(ANNA), await everything(store, ANNA)) == ({}, [])
    assert await store.spent(ANNA, date(2026, 3, 4)) == Spent()
    assert await found(store, ANNA, "walnut") == []
    for refused in (
        store.add_note(ANNA, "late", at=NOON),
        store.put_preferences(ANNA, {}),
        store.begin_conversation(ANNA, "conv_late", at=NOON),
        store.put_document(ANNA, document("/late.md"), []),
        store.spend(ANNA, date(2026, 3, 4), Spent(1)),
    ):
        with pytest.raises(NotFoundError):
            await refused
    await store.remove_owner(ANNA)  # once more does no harm
    await store.finish_removal(ANNA)
    assert await store.removals() == []
    await store.add_note(ANNA, "back", at=NOON)
    assert (await store.documents(BEN), await store.notes(BEN), await store.conversations(BEN)) == theirs
    assert len(await found(store, BEN, "walnut")) == 20
    assert await problems(store) == []
