"""What every store promises of the bin, of conversations and of the log of changes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.contract.conftest import problems
from tests.contract.test_store_contract import ANNA, BEN, NOON, document, found, heard
from vasi.errors import NotFoundError
from vasi.protocol.items import FunctionCall, InputAudio, InputText, Item, Message, OutputAudio, OutputText
from vasi.storage.ports import NewDocument, NewPassage, NoteOrigin, Store
from vasi.storage.recorded import Cited, CitedSpan, RecordedItem


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def said(item_id: str, text: str | None, minutes: int = 0) -> RecordedItem:
    content = [InputAudio(transcript=text)]
    return RecordedItem(Message(id=item_id, role="user", content=list(content), status="completed"), at(minutes))


def answered(item_id: str, text: str, minutes: int = 0, citations: tuple[CitedSpan, ...] = ()) -> RecordedItem:
    content = [OutputAudio(transcript=text)]
    item = Message(id=item_id, role="assistant", content=list(content), status="completed")
    return RecordedItem(item, at(minutes), citations)


async def order(store: Store, conversation: str = "conv_1", owner: str = ANNA) -> list[str]:
    return [str(one.item.id) for one in await store.conversation_items(owner, conversation)]


# --- documents --------------------------------------------------------------------------------------------------------
async def test_a_document_can_take_the_place_of_another(store: Store) -> None:
    first = await store.put_document(ANNA, document("/a.md"), [NewPassage("old walnut")])
    given = document("upload:1", name="b.md", original="ab" * 32, replaces=first.id)
    second = await store.put_document(ANNA, given, [NewPassage("fresh almond")])
    assert (second.id, second.source, second.name, second.original) == (first.id, "upload:1", "b.md", "ab" * 32)
    assert second.added_at == first.added_at
    assert second.updated_at >= first.updated_at
    assert await store.documents(ANNA) == [second]
    assert await store.document(ANNA, first.id) == second
    assert await found(store, ANNA, "walnut") == []
    other = await store.put_document(ANNA, document("/c.md"), [NewPassage("a raisin")])
    merged = await store.put_document(ANNA, document("/c.md", replaces=first.id), [NewPassage("two raisins")])
    assert (merged.id, await store.documents(ANNA)) == (first.id, [merged]), "a source is there once"
    assert merged.id != other.id


async def test_nobody_replaces_what_is_not_theirs(store: Store) -> None:
    theirs = await store.put_document(BEN, document("/a.md"), [NewPassage("walnut")])
    for wanted in (theirs.id, "doc_none"):
        with pytest.raises(NotFoundError):
            await store.put_document(ANNA, document("/b.md", replaces=wanted), [NewPassage("almond")])
        with pytest.raises(NotFoundError):
            await store.document(ANNA, wanted)
        with pytest.raises(NotFoundError):
            await store.document_passages(ANNA, wanted)
    assert await store.documents(ANNA) == []
    assert await store.documents(BEN) == [theirs]


async def test_documents_are_found_by_their_content_and_their_file(store: Store) -> None:
    def new(source: str, digest: str, original: str | None) -> NewDocument:
        return NewDocument(source, source, digest, "text/plain", 1, original=original)

    first = await store.put_document(ANNA, new("upload:1", "d1", "f1"), [])
    second = await store.put_document(ANNA, new("upload:2", "d1", "f2"), [])
    await store.put_document(ANNA, new("/c", "d2", None), [])
    await store.put_document(BEN, new("upload:1", "d1", "f1"), [])
    assert await store.documents_by_digest(ANNA, "d1") == [first, second]
    assert await store.documents_by_digest(ANNA, "d3") == []
    assert await store.documents_by_original(ANNA, "f2") == [second]
    assert await store.documents_by_original(ANNA, "d1") == []
    await store.remove_document(ANNA, first.id)
    assert await store.documents_by_original(ANNA, "f1") == []


async def test_notes_are_found_by_their_ids(store: Store) -> None:
    notes = [await store.add_note(ANNA, text, at=NOON) for text in ("plum", "fig", "oat")]
    theirs = await store.add_note(BEN, "nut", at=NOON)
    await store.bin_note(ANNA, notes[1].id, at=NOON)
    ids = [notes[2].id, theirs.id, notes[1].id, "note_none", notes[0].id]
    assert await store.notes_by_id(ANNA, ids) == [notes[2], notes[0]]
    assert await store.notes_by_id("nobody", ids) == []


async def test_the_passages_of_a_document_are_in_its_order(store: Store) -> None:
    given = [NewPassage(f"page {n}", page=n, start=n * 10, end=n * 10 + 6) for n in range(1, 4)]
    stored = await store.put_document(ANNA, document(), given)
    await store.put_document(ANNA, document("/other.md"), [NewPassage("another")])
    passages = await store.document_passages(ANNA, stored.id)
    assert [(p.page, p.start, p.text, p.source_id) for p in passages] == [
        (n, n * 10, f"page {n}", stored.id) for n in range(1, 4)
    ]


async def test_a_passage_is_given_with_its_neighbours_of_the_same_document(store: Store) -> None:
    await store.put_document(ANNA, document("/before.md"), [NewPassage("before")])
    given = [NewPassage(f"part {n}", start=n * 10, end=n * 10 + 6) for n in range(5)]
    stored = await store.put_document(ANNA, document(), given)
    await store.put_document(ANNA, document("/other.md"), [NewPassage("another")])
    passages = await store.document_passages(ANNA, stored.id)
    around = await store.passages_around(ANNA, passages[1].id, 3, 2)
    assert [passage.text for passage in around] == ["part 0", "part 1", "part 2", "part 3"]
    assert await store.passages_around(BEN, passages[1].id, 3, 2) == []
    assert await store.passages_around(ANNA, "no such passage", 3, 2) == []
    note = await store.add_note(ANNA, "Buy walnuts", at=NOON)
    (passage,) = [one for one in await store.without_vectors(ANNA, "m", 100) if one.source_id == note.id]
    assert await store.passages_around(ANNA, passage.id, 3, 2) == []


# --- notes ------------------------------------------------------------------------------------------------------------
async def test_a_note_keeps_its_tags_its_pin_and_its_origin(store: Store) -> None:
    origin = NoteOrigin("conv_1", "item_7")
    note = await store.add_note(ANNA, "Buy walnuts", at=NOON, tags=("shop", "über"), pinned=True, origin=origin)
    assert (note.tags, note.pinned, note.origin) == (("shop", "über"), True, origin)
    assert await store.note(ANNA, note.id) == note
    plain = await store.add_note(ANNA, "Call Ben", at=NOON)
    assert (plain.tags, plain.pinned, plain.origin) == ((), False, None)
    assert await store.notes(ANNA, tag="über") == await store.notes(ANNA, tag="ÜBER") == [note]
    assert await store.notes(ANNA, tag="ü") == []
    assert await found(store, ANNA, "shop") == ["Buy walnuts"], "a note is found by its tags too"


async def test_what_is_not_given_stays_as_it_was(store: Store) -> None:
    note = await store.add_note(ANNA, "Buy walnuts", at=NOON, tags=("shop",), pinned=True)
    changed = await store.update_note(ANNA, note.id, tags=("market",), at=at(1))
    assert (changed.text, changed.tags, changed.pinned) == ("Buy walnuts", ("market",), True)
    assert (await found(store, ANNA, "shop"), await found(store, ANNA, "market")) == ([], ["Buy walnuts"])
    changed = await store.update_note(ANNA, note.id, pinned=False, at=at(2))
    assert (changed.text, changed.tags, changed.pinned, changed.updated_at) == (
        "Buy walnuts", ("market",), False, at(2)
    )  # fmt: skip
    changed = await store.update_note(ANNA, note.id, "Buy almonds", tags=(), at=at(3))
    assert (changed.text, changed.tags) == ("Buy almonds", ())


async def test_a_note_in_the_bin_is_nowhere_else(store: Store) -> None:
    note = await store.add_note(ANNA, "Buy a walnut cake", at=NOON, tags=("shop",))
    assert await store.bin_note(ANNA, note.id, at=at(1)) == note
    assert await store.notes(ANNA) == []
    assert await store.notes(ANNA, tag="shop") == []
    assert await found(store, ANNA, "walnut") == []
    assert await heard(store, ANNA, "walnut") == []
    assert await store.texts(ANNA) == []
    assert await problems(store) == []
    for gone in (
        store.note(ANNA, note.id),
        store.update_note(ANNA, note.id, "x", at=NOON),
        store.remove_note(ANNA, note.id),
        store.bin_note(ANNA, note.id, at=NOON),
        store.restore_note(BEN, note.id),
    ):
        with pytest.raises(NotFoundError):
            await gone


async def test_a_note_comes_back_from_the_bin_as_it_was(store: Store) -> None:
    note = await store.add_note(ANNA, "Buy a walnut cake", at=NOON, tags=("shop",), pinned=True)
    before = await store.revisions()
    await store.bin_note(ANNA, note.id, at=at(1))
    assert (await store.revisions())[ANNA] != before[ANNA]
    assert await store.restore_note(ANNA, note.id) == note
    assert await store.notes(ANNA) == [note]
    assert await found(store, ANNA, "walnut") == ["Buy a walnut cake"]
    assert await problems(store) == []
    with pytest.raises(NotFoundError):
        await store.restore_note(ANNA, note.id)


async def test_the_bin_is_emptied_of_what_is_old(store: Store) -> None:
    old, young, kept = [await store.add_note(ANNA, f"walnut {n}", at=NOON) for n in range(3)]
    theirs = await store.add_note(BEN, "almond", at=NOON)
    await store.bin_note(ANNA, old.id, at=at(1))
    await store.bin_note(ANNA, young.id, at=at(5))
    await store.bin_note(BEN, theirs.id, at=at(1))
    assert await store.empty_bin(ANNA, before=at(5)) == 1
    with pytest.raises(NotFoundError):
        await store.restore_note(ANNA, old.id)
    assert await store.restore_note(ANNA, young.id) == young
    assert await store.restore_note(BEN, theirs.id) == theirs
    assert {note.id for note in await store.notes(ANNA)} == {young.id, kept.id}
    assert sorted(await store.owners()) == [ANNA, BEN]


async def test_a_change_of_a_note_can_be_taken_back(store: Store) -> None:
    note = await store.add_note(ANNA, "The walnut cake is in the shed", at=NOON, tags=("shop",))
    changed = await store.update_note(ANNA, note.id, "The milk is in the fridge", at=at(1))
    await store.update_note(ANNA, note.id, tags=("fridge",), at=at(2))
    assert await store.update_note(ANNA, note.id, pinned=True, at=at(3)), "that isn't a change of words"
    assert await found(store, ANNA, "walnut") == []
    with pytest.raises(NotFoundError):
        await store.revert_note(BEN, note.id)
    assert (await store.revert_note(ANNA, note.id)) == replace(changed, pinned=True)
    reverted = await store.revert_note(ANNA, note.id)
    assert reverted == replace(note, pinned=True)
    assert await store.notes(ANNA) == [reverted]
    assert await found(store, ANNA, "walnut") == [note.text]
    assert await found(store, ANNA, "milk") == []
    assert await problems(store) == []
    with pytest.raises(NotFoundError):
        await store.revert_note(ANNA, note.id)


async def test_restoring_brings_back_what_was_removed_and_not_what_it_said_before(store: Store) -> None:
    note = await store.add_note(ANNA, "first", at=NOON)
    changed = await store.update_note(ANNA, note.id, "second", at=at(1))
    await store.bin_note(ANNA, note.id, at=at(2))
    with pytest.raises(NotFoundError):
        await store.revert_note(ANNA, note.id)
    assert await store.restore_note(ANNA, note.id) == changed
    with pytest.raises(NotFoundError):
        await store.restore_note(ANNA, note.id)
    assert await store.revert_note(ANNA, note.id) == note


async def test_what_a_note_said_is_erased_with_the_bin(store: Store) -> None:
    note = await store.add_note(ANNA, "first", at=NOON)
    theirs = await store.add_note(BEN, "first", at=NOON)
    for owner, of in ((ANNA, note), (BEN, theirs)):
        await store.update_note(owner, of.id, "second", at=at(1))
        await store.update_note(owner, of.id, "third", at=at(5))
    assert await store.empty_bin(ANNA, before=at(5)) == 0
    assert (await store.revert_note(ANNA, note.id)).text == "second"
    with pytest.raises(NotFoundError):
        await store.revert_note(ANNA, note.id)
    assert [(await store.revert_note(BEN, theirs.id)).text for _ in range(2)] == ["second", "first"]


# --- conversations ----------------------------------------------------------------------------------------------------
async def test_a_conversation_comes_back_in_order(open_store: Callable[[], Awaitable[Store]]) -> None:
    store = await open_store()
    begun = await store.begin_conversation(ANNA, "conv_1", at=NOON)
    assert (begun.id, begun.title, begun.turns, begun.preview) == ("conv_1", "", 0, "")
    cited = Cited("p3", "plan.pdf", 4, "document", "doc_1", 20, 90, "The plan begins")
    spans = (CitedSpan(0, 0, 11, (cited, Cited("p9", "Notes", None, "note", "note_1"))),)
    call = RecordedItem(FunctionCall(id="c", name="ring", arguments="{}", call_id="call_1"), at(2))
    given = [said("a", "How long\n is the  lunch break?", 1), call, answered("b", "Forty five minutes.", 3, spans)]
    before = None
    for recorded in given:
        await store.put_item(ANNA, "conv_1", recorded, after=before, at=recorded.created_at)
        before = recorded.item.id if isinstance(recorded.item.id, str) else None
    again = await open_store()
    assert list(await again.conversation_items(ANNA, "conv_1")) == given
    assert list(await again.conversation_items(ANNA, "conv_1", limit=1)) == given[-1:]
    kept = await again.conversation(ANNA, "conv_1")
    assert (kept.title, kept.turns, kept.preview) == ("How long is the lunch break?", 1, "Forty five minutes.")
    assert (kept.created_at, kept.updated_at) == (NOON, at(3))


async def test_a_citation_is_found_by_the_id_of_its_passage_until_the_document_is_removed(store: Store) -> None:
    kept = await store.put_document(ANNA, NewDocument("/b", "b.md", "d", "text/markdown", 1), [])
    gone = await store.put_document(ANNA, NewDocument("/a", "a.md", "d", "text/markdown", 1), [NewPassage("plum")])
    cited = [
        Cited("p3", "a.md", None, "document", gone.id, 0, 4, "plum"),
        Cited("p4", "b.md", 2, "document", kept.id, 7, 9, 'a "fig"'),
        Cited('p"5', "Notes", None, "note", "note_1"),
    ]
    await store.begin_conversation(ANNA, "conv_1", at=NOON)
    item = Message(id="item_1", role="assistant", content=[OutputText(text="Hello there")])
    await store.put_item(ANNA, "conv_1", RecordedItem(item, NOON, (CitedSpan(0, 0, 5, tuple(cited)),)), at=NOON)
    for one in cited:
        assert await store.cited(ANNA, one.id) == one
        assert await store.cited(BEN, one.id) is None
    assert await store.cited(ANNA, "p") is None
    await store.put_document(ANNA, NewDocument("/a", "a.md", "e", "text/markdown", 1), [NewPassage("prune")])
    assert await store.cited(ANNA, "p3") == cited[0]
    await store.remove_document(ANNA, gone.id)
    assert await store.cited(ANNA, "p3") == Cited("p3", "a.md", None, "document", gone.id, 0, 4, "")
    assert await store.cited(ANNA, "p4") == cited[1]
    await store.remove_conversation(ANNA, "conv_1")
    assert await store.cited(ANNA, "p4") is None


async def test_an_item_is_put_in_its_place(store: Store) -> None:
    await store.begin_conversation(ANNA, "conv_1", at=NOON)
    for item_id, after in [("b", None), ("d", "b"), ("c", "b"), ("a", None), ("e", "gone"), ("c2", "c")]:
        await store.put_item(ANNA, "conv_1", said(item_id, item_id), after=after, at=NOON)
    assert await order(store) == ["a", "b", "c", "c2", "d", "e"]
    await store.put_item(ANNA, "conv_1", said("b", "what was heard", 9), after="e", at=at(9))
    items = await store.conversation_items(ANNA, "conv_1")
    assert [str(one.item.id) for one in items] == ["a", "b", "c", "c2", "d", "e"], "a change moves nothing"
    assert items[1] == said("b", "what was heard", 0), "it was said when it was said"
    await store.remove_item(ANNA, "conv_1", "c2")
    await store.remove_item(ANNA, "conv_1", "never there")
    assert await order(store) == ["a", "b", "c", "d", "e"]


async def test_the_title_is_the_first_question_or_the_users_own(store: Store) -> None:
    await store.begin_conversation(ANNA, "conv_1", at=NOON)
    await store.put_item(ANNA, "conv_1", answered("g", "Good morning."), at=NOON)
    await store.put_item(ANNA, "conv_1", said("a", None), after="g", at=NOON)
    assert (await store.conversation(ANNA, "conv_1")).title == "", "nothing is known of what was said"
    await store.put_item(ANNA, "conv_1", said("a", "walnut " * 30), after="g", at=NOON)
    title = (await store.conversation(ANNA, "conv_1")).title
    assert title.startswith("walnut walnut")
    assert len(title) < 90
    renamed = await store.rename_conversation(ANNA, "conv_1", "Nuts", at=at(2))
    assert (renamed.title, renamed.updated_at) == ("Nuts", at(2))
    await store.put_item(ANNA, "conv_1", said("b", "And almonds?"), after="a", at=at(3))
    assert (await store.conversation(ANNA, "conv_1")).title == "Nuts"


async def test_conversations_are_listed_searched_and_paged(store: Store) -> None:
    for n, words in enumerate(("walnut trees", "almond 100% pie", "raisin_bread and walnut")):
        await store.begin_conversation(ANNA, f"conv_{n}", at=at(n))
        await store.put_item(ANNA, f"conv_{n}", said("a", f"Tell me of {words}", n), at=at(n))
        await store.put_item(ANNA, f"conv_{n}", answered("b", "I know nothing.", n), after="a", at=at(n))

    async def listed(**wanted: object) -> list[str]:
        return [one.id for one in await store.conversations(ANNA, **wanted)]  # type: ignore[arg-type]

    assert await listed() == ["conv_2", "conv_1", "conv_0"]
    assert await listed(limit=1) == ["conv_2"]
    assert await listed(before="conv_2", limit=1) == ["conv_1"]
    assert await listed(before="conv_0") == []
    assert await listed(before="conv_none") == []
    assert await listed(query="WALNUT") == ["conv_2", "conv_0"]
    assert await listed(query="bread walnut") == ["conv_2"]
    assert await listed(query="nothing", before="conv_1") == ["conv_0"]
    assert await listed(query="100%") == ["conv_1"]
    assert await listed(query="_") == ["conv_2"]
    assert await listed(query="%") == ["conv_1"]
    (hit,) = await store.conversations(ANNA, query="almond")
    assert hit.preview == "Tell me of almond 100% pie", "a search shows what it found"


async def test_a_removed_conversation_is_gone_and_its_notes_stay(store: Store) -> None:
    await store.begin_conversation(ANNA, "conv_1", at=NOON)
    await store.put_item(ANNA, "conv_1", said("a", "Take a note"), at=NOON)
    note = await store.add_note(ANNA, "Buy walnuts", at=NOON, origin=NoteOrigin("conv_1", "a"))
    await store.remove_conversation(ANNA, "conv_1")
    assert await store.conversations(ANNA) == []
    assert (await store.note(ANNA, note.id)).origin is None
    for gone in (
        store.conversation(ANNA, "conv_1"),
        store.conversation_items(ANNA, "conv_1"),
        store.put_item(ANNA, "conv_1", said("b", "Hello?"), at=NOON),
        store.remove_item(ANNA, "conv_1", "a"),
        store.remove_conversation(ANNA, "conv_1"),
    ):
        with pytest.raises(NotFoundError):
            await gone
    await store.begin_conversation(ANNA, "conv_1", at=NOON)
    assert await order(store) == [], "nothing of the old one comes back"


async def test_nobody_reaches_another_owners_conversations(store: Store) -> None:
    await store.begin_conversation(BEN, "conv_1", at=NOON)
    await store.put_item(BEN, "conv_1", said("a", "Ben's walnut"), at=NOON)
    for stranger in (ANNA, "nobody"):
        assert await store.conversations(stranger) == []
        assert await store.conversations(stranger, query="walnut", before="conv_1") == []
        for attempt in (
            store.conversation(stranger, "conv_1"),
            store.conversation_items(stranger, "conv_1"),
            store.rename_conversation(stranger, "conv_1", "mine", at=NOON),
            store.remove_conversation(stranger, "conv_1"),
            store.put_item(stranger, "conv_1", said("b", "mine"), at=NOON),
            store.remove_item(stranger, "conv_1", "a"),
        ):
            with pytest.raises(NotFoundError):
                await attempt
    assert await order(store, owner=BEN) == ["a"]
    assert (await store.conversation(BEN, "conv_1")).title == "Ben's walnut"


async def test_items_of_every_kind_are_kept_without_loss(store: Store) -> None:
    await store.begin_conversation(ANNA, "conv_1", at=NOON)
    message: Item = Message(
        id="m", object="realtime.item", role="system", status="completed", content=[InputText(text="“Grüße”\n\0")]
    )
    await store.put_item(ANNA, "conv_1", RecordedItem(message, at(1)), at=NOON)
    assert [one.item for one in await store.conversation_items(ANNA, "conv_1")] == [message]
    assert (await store.conversation(ANNA, "conv_1")).turns == 0


# --- changes ----------------------------------------------------------------------------------------------------------
async def test_every_change_is_logged_once_and_in_order(open_store: Callable[[], Awaitable[Store]]) -> None:
    store, watcher = await open_store(), await open_store()
    assert await watcher.latest_change(ANNA) == 0
    seen = 0

    async def new() -> list[tuple[str, str, str]]:
        nonlocal seen
        fresh = await watcher.changes(ANNA, seen)
        assert fresh is not None
        assert [one.seq for one in fresh] == sorted({one.seq for one in fresh})
        assert all(one.seq > seen for one in fresh)
        seen = await watcher.latest_change(ANNA)
        return [(one.kind, one.action, one.id) for one in fresh]

    doc = (await store.put_document(ANNA, document(), [NewPassage("one"), NewPassage("two")])).id
    assert await new() == [("document", "added", doc)]
    await store.put_document(ANNA, document(digest="d2"), [NewPassage("three")])
    await store.remove_document(ANNA, doc)
    assert await new() == [("document", "updated", doc), ("document", "removed", doc)]
    note = (await store.add_note(ANNA, "walnut", at=NOON)).id
    await store.update_note(ANNA, note, pinned=True, at=NOON)
    await store.bin_note(ANNA, note, at=NOON)
    await store.restore_note(ANNA, note)
    actions = ["added", "updated", "removed", "added"]
    assert await new() == [("note", action, note) for action in actions]
    await store.bin_note(ANNA, note, at=NOON)
    await store.empty_bin(ANNA, before=at(1))
    assert await new() == [("note", "removed", note)]
    hard = (await store.add_note(ANNA, "almond", at=NOON)).id
    await store.remove_note(ANNA, hard)
    assert await new() == [("note", "added", hard), ("note", "removed", hard)]
    await store.begin_conversation(ANNA, "conv_1", at=NOON)
    await store.put_item(ANNA, "conv_1", said("a", "x"), at=NOON)
    await store.rename_conversation(ANNA, "conv_1", "y", at=NOON)
    await store.remove_conversation(ANNA, "conv_1")
    assert await new() == [("conversation", action, "conv_1") for action in ["updated"] * 3 + ["removed"]]
    await store.add_note(BEN, "ben's", at=NOON)
    assert await new() == []
    assert await watcher.changes(BEN, seen) != []


async def test_a_place_that_the_log_never_had_is_told(store: Store) -> None:
    await store.add_note(ANNA, "walnut", at=datetime.now(UTC))
    assert await store.changes(ANNA, 10_000) is None
