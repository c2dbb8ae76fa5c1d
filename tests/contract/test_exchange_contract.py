"""What every store promises of moving: from each into each, everything, the same, however often it's interrupted."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.contract.conftest import ANALYSER, OPENERS, index, problems
from vasi.errors import StoreError
from vasi.protocol.items import InputText, Message
from vasi.storage.accounts import ApiKey, BrowserSession, EphemeralSecret, Identity, Invitation, User, UserChanges
from vasi.storage.collections import Collection
from vasi.storage.exchange import TABLES, Exchange, copy
from vasi.storage.owners import collection_owner
from vasi.storage.ports import NewDocument, NewPassage, NoteOrigin, Store
from vasi.storage.recorded import Cited, CitedSpan, RecordedItem
from vasi.storage.spending import Spent

NOON = datetime(2026, 3, 4, 12, 0, 0, 123456, tzinfo=UTC)
PAIRS = list(itertools.product(sorted(OPENERS), repeat=2))
OPEN = tuple[Store, Store]


@pytest.fixture(params=PAIRS, ids=["-to-".join(pair) for pair in PAIRS])
async def stores(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Store, Store]]:
    opened: list[Store] = []
    for name, place in zip(request.param, ("source", "target"), strict=True):
        (tmp_path / place).mkdir()
        opened.append(await OPENERS[name](tmp_path / place, ANALYSER))
    yield opened[0], opened[1]
    for store in opened:
        await store.close()


async def fill(store: Store) -> None:
    """Something of everything that a store keeps, odd characters included."""
    for owner in ("anna", "ben", "o'brien %"):
        for number in range(7):
            texts = [
                NewPassage(f"Walnut {owner} {number} {page} \0 ü 𝔠", "A > B", page, page, 9) for page in range(number)
            ]
            given = NewDocument(f"/{number}", f"{number}.md", f"d{number}", "text/markdown", 1 << 33, title="\0")
            await store.put_document(owner, given, texts)
            note = await store.add_note(
                owner, f"almond {number}", at=NOON + timedelta(number), tags=("Ü", f"t{number}"), pinned=number == 2,
                origin=NoteOrigin("conv_x", "item_1") if number == 3 else None,
            )  # fmt: skip
            await store.update_note(owner, note.id, f"almond pie {number}", at=NOON + timedelta(10))
        await store.bin_note(owner, note.id, at=NOON + timedelta(20))
        passages = await store.without_vectors(owner, "m", 10)
        rows = np.random.default_rng(3).normal(size=(len(passages), 24)).astype(np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        await store.put_vectors(owner, "m", {one.id: row for one, row in zip(passages, rows, strict=True)})
        conversation = f"conv_{len(owner)}"
        await store.begin_conversation(owner, conversation, at=NOON)
        for number in range(3):
            cited = CitedSpan(0, 0, 1, (Cited(passages[0].id, "0.md", source_id=passages[0].source_id, excerpt="\0"),))
            said = Message(
                id=f"item_{number}", role="user", content=[InputText(text=f"said {number}\0")], status="completed"
            )
            await store.put_item(owner, conversation, RecordedItem(said, NOON, (cited,)), after=None, at=NOON)
        await store.spend(owner, NOON.date(), Spent(12, 0.1 + 0.2))
        await store.put_preferences(owner, {"voice": owner})
        user = User(f"user_{len(owner)}", owner, "", "user", ("g",), False, NOON)
        await store.find_or_add_user(Identity("https://issuer", owner, "t", "o"), user)
        await store.add_key(owner.encode(), ApiKey(f"key_{len(owner)}", user.id, "n", "h", ("read",), NOON, NOON))
        session = BrowserSession(f"session_{len(owner)}", user.id, NOON, NOON, NOON, tokens=b"\0\xff")
        await store.add_session(owner.encode(), session)
        await store.add_audit(NOON, user.id, "sign_in", user.id, "::1", "")
    await store.update_user("user_3", UserChanges(seen_at=NOON))
    await store.add_secret(b"s", EphemeralSecret("anna", "", "", b"{}", NOON + timedelta(99), None), at=NOON)
    await store.put_token("kind", b"t", b"content", NOON)
    await store.add_invitation(b"i", Invitation("inv_1", "", "user", ("g",), "", NOON, NOON))
    await store.add_collection(Collection("col_1", "Club ü", False, ("g", "ü"), NOON))
    await store.put_document(collection_owner("col_1"), NewDocument("/c", "c", "d", "x", 1), [NewPassage("anchor")])


async def seen(store: Store) -> dict[str, object]:
    """What a user of the store sees; ids of passages differ."""
    found: dict[str, object] = {"collections": await store.collections(), "users": await store.users()}
    for owner in await store.owners():
        notes = await store.notes(owner)
        conversations = await store.conversations(owner)
        hits = await index(store).search_words(owner, ["walnut", "almond", "anchor"], 100)
        near = await store.search_vectors(owner, "m", np.eye(24, dtype=np.float32)[0], 5)
        found[owner] = (
            await store.documents(owner), notes, conversations,
            [await store.conversation_items(owner, one.id) for one in conversations],
            await store.spent(owner, NOON.date()), await store.preferences(owner),
            await store.count_vectors(owner, "m"),
            [one.text for one in await store.passages(owner, [hit.passage_id for hit in hits])],
            [round(hit.score, 9) for hit in hits],
            [one.text for one in await store.passages(owner, [hit.passage_id for hit in near])],
        )  # fmt: skip
    return found


async def test_everything_is_moved_and_found_as_before(stores: OPEN) -> None:
    source, target = stores
    await fill(source)
    assert isinstance(source, Exchange)
    assert isinstance(target, Exchange)
    steps: list[tuple[str, int, int]] = []
    done = await copy(source, target, lambda *step: steps.append(step))
    assert await seen(target) == await seen(source)
    assert done.rows["passages"] == 3 * 21 + 3 * 6 + 1
    assert done.rows["vectors"] == 30
    assert {table.name for table in TABLES if not done.rows[table.name]} == {"removals"}
    assert {what for what, _, _ in steps} >= {"documents", "index of documents", "copy"}
    assert all(0 < part <= whole for _, part, whole in steps)
    assert await problems(target) == []
    (note,) = [one for one in await target.notes("anna") if one.text == "almond pie 2"]
    assert (await target.revert_note("anna", note.id)).text == "almond 2"
    assert (await target.add_audit(NOON, "", "x", "", "", "")).seq > 3
    with pytest.raises(StoreError, match="already"):
        await copy(source, target)


async def test_a_copy_that_was_interrupted_goes_on(stores: OPEN) -> None:
    source, target = stores
    await fill(source)
    assert isinstance(source, Exchange)
    assert isinstance(target, Exchange)
    for stop_at in ("notes", "users", "index of documents", "index of notes", "copy"):

        def stop(what: str, _done: int, _total: int, at: str = stop_at) -> None:
            if what == at:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            await copy(source, target, stop)
    first = (await source.notes("ben"))[0]
    await source.remove_note("ben", first.id)
    await source.update_note("ben", (await source.notes("ben"))[0].id, "changed", at=NOON)
    done = await copy(source, target)
    assert 0 < done.written < 20
    assert await seen(target) == await seen(source)
    assert await problems(target) == []


async def test_a_snapshot_is_of_one_moment(stores: OPEN) -> None:
    source, target = stores
    await fill(source)
    before = await seen(source)
    assert isinstance(source, Exchange)
    assert isinstance(target, Exchange)
    writing: list[asyncio.Task[object]] = []

    def write(what: str, _done: int, _total: int) -> None:
        if what == "owners" and not writing:
            writing.append(asyncio.create_task(source.add_note("carl", "late", at=NOON)))

    await copy(source, target, write)
    await asyncio.gather(*writing)
    assert await seen(target) == before
