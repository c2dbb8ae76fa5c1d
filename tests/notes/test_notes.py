"""Notes as people use them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from vasi.errors import ClientError, LimitError, NotFoundError
from vasi.knowledge.index import Index, TextAnalyser
from vasi.notes import Notes
from vasi.storage.sqlite import SqliteStore

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture
async def notes(tmp_path: Path) -> AsyncIterator[Notes]:
    analyser = TextAnalyser()
    store = SqliteStore(tmp_path / "vasi.db", analyser)
    await store.open()
    yield Notes(store, Index(store, analyser))
    await store.close()


@pytest.fixture
async def pinboard(notes: Notes) -> Notes:
    for hour, text in enumerate(
        (
            "Dentist on Monday at nine",
            "Buy walnuts and almonds for the cake",
            "Ask Tailspin about the invoice of March",
            "The dentist wants to see the insurance card",
        )
    ):
        await notes.add("anna", text, NOON + timedelta(hours=hour))
    await notes.add("ben", "Ben's dentist is Dr Walnut", NOON)
    return notes


async def test_what_was_written_down_is_listed_and_found(notes: Notes) -> None:
    note = await notes.add("anna", "  Call the plumber.\r\nUrgent! ", NOON)
    assert note.text == "Call the plumber.\nUrgent!"
    assert await notes.list("anna") == [note]
    assert await notes.search("anna", "plumbers") == [note]
    changed = await notes.update("anna", note.id, "Call the baker", NOON + timedelta(hours=1))
    assert await notes.search("anna", "who is the baker?") == [changed]
    assert await notes.search("anna", "plumber") == []
    assert await notes.remove("anna", note.id) == changed
    assert await notes.list("anna") == []


async def test_lists_and_searches_are_limited(pinboard: Notes) -> None:
    assert [note.text[:3] for note in await pinboard.list("anna", limit=2)] == ["The", "Ask"]
    assert len(await pinboard.list("anna", since=NOON + timedelta(hours=1), until=NOON + timedelta(hours=3))) == 2
    assert len(await pinboard.search("anna", "dentist", limit=1)) == 1
    assert await pinboard.search("anna", "") == []


@pytest.mark.parametrize("text", ["", "   \n\t", "\x00\x07\u202e", "\ufeff"])
async def test_an_empty_note_is_refused(notes: Notes, text: str) -> None:
    with pytest.raises(ClientError, match="can't be empty") as refused:
        await notes.add("anna", text, NOON)
    assert refused.value.code == "empty_note"
    assert await notes.list("anna") == []


async def test_the_longest_note_is_kept_and_a_longer_one_refused(notes: Notes) -> None:
    note = await notes.add("anna", "x" * 10_000, NOON)
    assert len(note.text) == 10_000
    for attempt in (notes.add("anna", "x" * 10_001, NOON), notes.update("anna", note.id, "x" * 10_001, NOON)):
        with pytest.raises(LimitError, match="10,000 characters"):
            await attempt
    assert await notes.list("anna") == [note]


async def test_control_characters_are_taken_out(notes: Notes) -> None:
    note = await notes.add("anna", "a\x00b\x1b[31mc\u202ed\te\nf\ud800g", NOON)
    assert note.text == "ab[31mcd\te\nfg"


@pytest.mark.parametrize(("misheard", "expected"), [("wall nuts", "Buy"), ("tale spin", "Ask")])
async def test_a_misheard_search_finds_what_sounds_like_it(pinboard: Notes, misheard: str, expected: str) -> None:
    found = await pinboard.search("anna", misheard)
    assert [note.text.split()[0] for note in found] == [expected]


async def test_what_sounds_like_nothing_finds_nothing(pinboard: Notes) -> None:
    assert await pinboard.search("anna", "helicopter maintenance") == []


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("the note about the cake", "Buy"),
        ("my walnut note", "Buy"),
        ("the one about the invoice", "Ask"),
        ("the dentist note about monday", "Dentist"),
        ("the note that says insurance", "The"),
        ("the last note", "The"),
        ("my latest one", "The"),
    ],
)
async def test_a_reference_means_one_note(pinboard: Notes, reference: str, expected: str) -> None:
    match await pinboard.resolve("anna", reference):
        case list() as several:
            pytest.fail(f"Ambiguous: {several}")
        case note:
            assert note.text.split()[0] == expected


@pytest.mark.parametrize("reference", ["buy milk", "Buy milk.", "the note about buy milk", "fisch again"])
async def test_a_note_that_says_exactly_that_is_meant(notes: Notes, reference: str) -> None:
    for text in ("Buy milk and eggs", "Buy milk", "Buy oat milk", "Fisch again", "Fisch again and again on Friday"):
        await notes.add("anna", text, NOON)
    found = await notes.resolve("anna", reference)
    assert not isinstance(found, list)
    assert found.text in {"Buy milk", "Fisch again"}


async def test_two_notes_that_say_the_same_are_both_meant(notes: Notes) -> None:
    for text in ("Buy milk", "Buy milk", "Buy milk and eggs"):
        await notes.add("anna", text, NOON)
    found = await notes.resolve("anna", "buy milk")
    assert isinstance(found, list)
    assert [note.text for note in found] == ["Buy milk", "Buy milk"]


async def test_an_ambiguous_reference_returns_the_candidates(pinboard: Notes) -> None:
    found = await pinboard.resolve("anna", "the note about the dentist")
    assert isinstance(found, list)
    assert {note.text.split()[0] for note in found} == {"Dentist", "The"}
    everything = await pinboard.resolve("anna", "my note")
    assert isinstance(everything, list)
    assert len(everything) == 4


async def test_a_reference_to_nothing_finds_nothing(pinboard: Notes) -> None:
    for reference in ("the note about the helicopter", "note_0123456789abcdef", "", "Ben's note"):
        found = await pinboard.resolve("nobody", reference)
        assert found == []
    assert await pinboard.resolve("anna", "the note about helicopters") == []


async def test_an_id_means_its_owners_note_only(pinboard: Notes) -> None:
    (note,) = await pinboard.list("ben")
    assert await pinboard.resolve("ben", f" {note.id} ") == note
    assert await pinboard.resolve("anna", note.id) == []
    with pytest.raises(NotFoundError):
        await pinboard.remove("anna", note.id)


async def test_export(pinboard: Notes) -> None:
    markdown = await pinboard.export("anna", "markdown")
    assert markdown.startswith("# Notes\n\n## 2026-03-04 12:00 UTC\n\nDentist on Monday at nine\n\n## 2026-03-04 13:00")
    assert "Ben" not in markdown
    exported = json.loads(await pinboard.export("anna", "json"))
    assert [note["text"].split()[0] for note in exported] == ["Dentist", "Buy", "Ask", "The"]
    assert exported[0]["created_at"] == "2026-03-04T12:00:00+00:00"
    assert json.loads(await pinboard.export("nobody", "json")) == []


# --- tags, pins, the bin ----------------------------------------------------------------------------------------------
async def test_tags_are_tidied_and_searched(notes: Notes) -> None:
    note = await notes.add("anna", "Buy walnuts", NOON, tags=["#Shop", " on  Monday ", "shop", ""], pinned=True)
    assert (note.tags, note.pinned) == (("shop", "on Monday"), True)
    other = await notes.add("anna", "Walnuts are nuts", NOON)
    assert await notes.list("anna", tag="shop") == [note]
    assert set(await notes.search("anna", "walnuts")) == {note, other}
    assert await notes.search("anna", "walnuts", tag="shop") == [note]
    assert await notes.search("anna", "monday") == [note]
    assert "Tags: shop, on Monday" in await notes.export("anna", "markdown")
    assert json.loads(await notes.export("anna", "json"))[0]["tags"] == ["shop", "on Monday"]


@pytest.mark.parametrize("tags", [["x" * 41], [str(n) for n in range(21)]])
async def test_too_many_or_too_long_tags_are_refused(notes: Notes, tags: list[str]) -> None:
    with pytest.raises(LimitError) as refused:
        await notes.add("anna", "x", NOON, tags=tags)
    assert refused.value.param == "tags"
    note = await notes.add("anna", "x", NOON)
    with pytest.raises(LimitError):
        await notes.update("anna", note.id, None, NOON, tags=tags)
    assert await notes.list("anna") == [note]


async def test_a_removal_is_taken_back_or_erased(notes: Notes) -> None:
    first, second = [await notes.add("anna", text, NOON) for text in ("walnuts", "almonds")]
    await notes.bin("anna", first.id, NOON)
    await notes.bin("anna", second.id, NOON + timedelta(minutes=5))
    assert await notes.list("anna") == []
    await notes.empty_bins(NOON + timedelta(minutes=5))
    with pytest.raises(NotFoundError, match="erased by now"):
        await notes.restore("anna", first.id, NOON)
    assert await notes.restore("anna", second.id, NOON) == second
