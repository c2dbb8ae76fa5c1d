"""What every store promises, whatever it is made of."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest

from tests.contract.conftest import index, problems
from vasi.errors import NotFoundError, StoreError
from vasi.knowledge.index import LookUp
from vasi.storage.ports import NewDocument, NewPassage, Passage, Store, Vector
from vasi.storage.terms import Kind

ANNA, BEN = "anna", "ben"
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def document(source: str = "/plan.md", **changes: object) -> NewDocument:
    fields: dict[str, object] = {
        "source": source, "name": source.removeprefix("/"), "digest": "d1", "media_type": "text/markdown", "size": 12,
    } | changes  # fmt: skip
    return NewDocument(**fields)  # type: ignore[arg-type]


def unit(*components: float) -> Vector:
    vector = np.array(components, np.float32)
    return vector / np.linalg.norm(vector)


async def found(store: Store, owner: str, *words: str, kinds: tuple[Kind, ...] = ("document", "note")) -> list[str]:
    """Texts of the passages with any of the words, best first."""
    hits = await index(store).search_words(owner, words, 20, kinds)
    return [passage.text for passage in await store.passages(owner, [hit.passage_id for hit in hits])]


async def heard(store: Store, owner: str, *words: str) -> list[str]:
    """Texts of the passages that sound like the words, best first."""
    hits = await index(store).search_sounds(owner, words, 20)
    return [passage.text for passage in await store.passages(owner, [hit.passage_id for hit in hits])]


async def everything(store: Store, owner: str) -> list[Passage]:
    return await store.without_vectors(owner, "no model", 10_000)


# --- documents --------------------------------------------------------------------------------------------------------
async def test_no_two_documents_of_an_owner_have_one_name(store: Store) -> None:
    sources = ("/a/x/report.md", "/b/x/report.md", "/b/y/Report.md", "upload:1", "upload:2")
    for source in sources:
        await store.put_document(ANNA, document(source, name="report.md"), [NewPassage(f"of {source}")])
    names = {one.source: one.name for one in await store.documents(ANNA)}
    wanted = ("report.md", "x/report.md", "y/report.md", "report (2).md", "report (3).md")
    assert tuple(names[source] for source in sources) == wanted
    shown = {passage.text: passage.document for passage in await everything(store, ANNA)}
    assert tuple(shown[f"of {source}"] for source in sources) == wanted, "citations tell them apart as well"
    await store.put_document(ANNA, document("/a/x/report.md", name="report.md"), [])
    assert (await store.put_document(BEN, document("/c/report.md", name="report.md"), [])).name == "report.md"
    kept = await store.document_by_source(ANNA, "/a/x/report.md")
    assert kept is not None
    assert kept.name == "report.md"
    replaced = await store.put_document(ANNA, document("upload:3", name="report.md", replaces=kept.id), [])
    assert replaced.name == "report.md"


async def test_a_document_comes_back_as_it_was_stored(store: Store) -> None:
    given = document(
        "/Grüße.pdf", media_type="application/pdf", size=99, pages=7, title="Über uns", warnings=("Page 3 is a scan.",)
    )
    before = datetime.now(UTC)
    stored = await store.put_document(ANNA, given, [NewPassage("one", "A > B", 2, 5, 8), NewPassage("two")])
    assert (stored.source, stored.name, stored.digest) == ("/Grüße.pdf", "Grüße.pdf", "d1")
    assert (stored.media_type, stored.size, stored.pages) == ("application/pdf", 99, 7)
    assert (stored.title, stored.warnings, stored.passages) == ("Über uns", ("Page 3 is a scan.",), 2)
    assert before - timedelta(seconds=1) <= stored.added_at <= datetime.now(UTC)
    assert await store.documents(ANNA) == [stored]
    assert await store.document_by_source(ANNA, "/Grüße.pdf") == stored
    passages = await everything(store, ANNA)
    assert [(p.text, p.heading, p.page, p.start, p.end) for p in passages] == [
        ("one", "A > B", 2, 5, 8),
        ("two", "", None, 0, 0),
    ]
    assert {(p.kind, p.source_id, p.document) for p in passages} == {("document", stored.id, "Grüße.pdf")}


async def test_documents_are_listed_by_name(store: Store) -> None:
    for name in ("beta.md", "Alpha.md", "gamma.md"):
        await store.put_document(ANNA, document(f"/{name}"), [])
    assert [d.name for d in await store.documents(ANNA)] == ["Alpha.md", "beta.md", "gamma.md"]
    assert await store.document_by_source(ANNA, "/delta.md") is None


async def test_the_same_source_again_replaces(store: Store) -> None:
    first = await store.put_document(ANNA, document(), [NewPassage("old walnut"), NewPassage("older walnut")])
    second = await store.put_document(ANNA, document(digest="d2", name="new.md"), [NewPassage("fresh almond")])
    assert second.id == first.id
    assert await store.documents(ANNA) == [second]
    assert (second.digest, second.name, second.passages) == ("d2", "new.md", 1)
    assert await found(store, ANNA, "walnut") == []
    assert await heard(store, ANNA, "walnut") == []
    assert await found(store, ANNA, "almond") == ["fresh almond"]
    assert await store.texts(ANNA) == ["fresh almond"]


async def test_a_removed_document_is_gone_at_once(store: Store) -> None:
    kept = await store.put_document(ANNA, document("/kept.md"), [NewPassage("walnut cake")])
    gone = await store.put_document(ANNA, document("/gone.md"), [NewPassage("walnut tree")])
    ids = [hit.passage_id for hit in await index(store).search_words(ANNA, ["tree"], 5)]
    await store.put_vectors(ANNA, "m", dict.fromkeys(ids, unit(1, 0)))
    await store.remove_document(ANNA, gone.id)
    assert await found(store, ANNA, "walnut") == ["walnut cake"]
    assert await heard(store, ANNA, "walnut") == ["walnut cake"]
    assert await store.search_vectors(ANNA, "m", unit(1, 0), 5) == []
    assert await store.passages(ANNA, ids) == []
    assert await store.documents(ANNA) == [kept]
    with pytest.raises(NotFoundError):
        await store.remove_document(ANNA, gone.id)


async def test_texts_are_those_of_documents_and_notes(store: Store) -> None:
    await store.put_document(ANNA, document(), [NewPassage("first"), NewPassage("second")])
    await store.add_note(ANNA, "third", at=NOON)
    assert sorted(await store.texts(ANNA)) == ["first", "second", "third"]


# --- search -----------------------------------------------------------------------------------------------------------
@pytest.fixture
async def shelf(store: Store) -> Store:
    """A few passages and notes of Anna."""
    await store.put_document(
        ANNA,
        document(),
        [
            NewPassage("You pay a copay of $35 for each visit to a specialist.", "Costs > Visits", 3),
            NewPassage("The deductible is 1,000 dollars a year; naïve members forget it.", "Costs > Deductible", 4),
            NewPassage("Employees are reimbursed for running shoes and gym fees.", "Fitness", 9),
        ],
    )
    await store.add_note(ANNA, "Call the dentist about the invoice.", at=NOON)
    return store


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("reimbursement",), "Employees"),  # another form of the word
        (("RUNNERS", "shoe"), "Employees"),
        (("fitness",), "Employees"),  # in the heading only
        (("1000",), "The deductible"),
        (("1,000",), "The deductible"),
        (("naive",), "The deductible"),
        (("What", "is", "the", "deductible?"), "The deductible"),
        (("dentist’s",), "Call"),
    ],
)
async def test_words_find_the_passage(shelf: Store, asked: tuple[str, ...], expected: str) -> None:
    texts = await found(shelf, ANNA, *asked)
    assert len(texts) == 1
    assert texts[0].startswith(expected)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("co", "pay"), "You pay a copay"),
        (("koe", "pay"), "You pay a copay"),
        (("thirty", "five", "dollars"), "You pay a copay"),
        (("deductable",), "The deductible"),
        (("the", "duck", "tibial"), "The deductible"),
        (("one", "thousand", "dollars"), "The deductible"),
        (("jim", "fees"), "Employees"),
        (("dennis", "invoice"), "Call"),
    ],
)
async def test_sounds_find_what_was_misheard(shelf: Store, asked: tuple[str, ...], expected: str) -> None:
    assert (await heard(shelf, ANNA, *asked))[0].startswith(expected)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("मुझे हिन्दी में उत्तर दो", "हिन्दी"),
        ("வணக்கம் தமிழ் உலகம்", "தமிழ்"),
        ("北京大学在北京", "北京"),
        ("Добрый день, Андрей", "андрей"),
        ("Ο Οδυσσεύς", "ΟΔΥΣΣΕΎΣ"),
        ("Ünïcödé façade", "facade"),
        ("𐌰𐌱𐌲 Gothic", "𐌰𐌱𐌲"),
    ],
)
async def test_words_of_other_scripts_find_the_passage(store: Store, text: str, asked: str) -> None:
    await store.put_document(ANNA, document(), [NewPassage(text), NewPassage("plain text"), NewPassage("more text")])
    assert await found(store, ANNA, asked) == [text]


async def test_more_and_rarer_words_come_first(store: Store) -> None:
    passages = [NewPassage(f"plan number{n}") for n in range(8)] + [NewPassage("plan walnut"), NewPassage("walnut")]
    await store.put_document(ANNA, document(), passages)
    hits = await index(store).search_words(ANNA, ["plan", "walnut"], 4)
    assert len(hits) == 4
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    texts = [passage.text for passage in await store.passages(ANNA, [hit.passage_id for hit in hits])]
    assert set(texts[:2]) == {"plan walnut", "walnut"}


async def test_kinds_limit_the_search(shelf: Store) -> None:
    await shelf.add_note(ANNA, "The copay was 40 dollars.", at=NOON)
    assert await found(shelf, ANNA, "copay", kinds=("note",)) == ["The copay was 40 dollars."]
    assert len(await found(shelf, ANNA, "copay", kinds=("document",))) == 1
    assert len(await found(shelf, ANNA, "copay")) == 2
    assert await found(shelf, ANNA, "copay", kinds=()) == []
    for kinds, expected in ((("note",), "note"), (("document",), "document")):
        hits = await index(shelf).search_sounds(ANNA, ["copay"], 10, kinds)  # type: ignore[arg-type]
        assert {p.kind for p in await shelf.passages(ANNA, [hit.passage_id for hit in hits])} == {expected}


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "!!!",
        '"',
        'copay" OR "dentist',
        "owner:x1",
        "owner : x2 AND text : dentist",
        "NOT copay",
        "NEAR(copay dentist, 2)",
        "cop*",
        "^copay",
        "{heading text} : copay",
        "copay) OR (owner : x2",
        "copay'; DROP TABLE notes; --",
        "\0copay",
        "🙂 𝔠𝔬𝔭𝔞𝔶",
        "x2 x2note x2document",
        "a" * 5_000,
        "\ud800",
    ],
)
async def test_no_query_is_syntax(shelf: Store, query: str) -> None:
    await shelf.add_note(BEN, "Ben's secret copay and dentist", at=NOON)
    for search in (index(shelf).search_words, index(shelf).search_sounds):
        for words in ([query], query.split()):
            hits = await search(ANNA, words, 50)
            passages = await shelf.passages(ANNA, [hit.passage_id for hit in hits])
            assert len(passages) == len(hits)
            assert not any("Ben" in passage.text for passage in passages)
    seen = await index(shelf).look_up(ANNA, [query])
    assert seen.total == 4
    assert seen.frequency[query] <= 4


async def test_a_page_long_question_is_answered(shelf: Store) -> None:
    asked = [f"word{n}" for n in range(100)] + ["copay"] + [f"more{n}" for n in range(100)]
    assert (await found(shelf, ANNA, *asked))[0].startswith("You pay a copay")
    assert (await heard(shelf, ANNA, "copay", *asked))[0].startswith("You pay a copay")
    for search in (index(shelf).search_words, index(shelf).search_sounds):
        await search(ANNA, [f"word{n}" for n in range(50_000)], 5)


async def test_limits_of_a_search(shelf: Store) -> None:
    for limit, expected in ((0, 0), (-1, 0), (1, 1), (1_000_000, 2)):
        assert len(await index(shelf).search_words(ANNA, ["copay", "deductible"], limit)) == expected


async def test_document_frequency_counts_stems(shelf: Store) -> None:
    seen = await index(shelf).look_up(ANNA, ["dollars", "costs", "Deductibles", "zebra", "35", "1,000"])
    assert seen.total == 4
    # "$35" is in dollars, too.
    assert seen.frequency == {"dollars": 2, "costs": 2, "Deductibles": 1, "zebra": 0, "35": 1, "1,000": 1}
    assert await index(shelf).look_up("nobody", ["dollars"], word_limit=5) == LookUp(0, {"dollars": 0}, [], [], [])


async def test_one_owner_alone_counts_as_among_others(store: Store) -> None:
    held = ["dollars", "Deductibles", "35", "1,000", "CAFÉ", "don't", "ﬁne"]
    await store.add_note(ANNA, " ".join(held), at=NOON)
    await store.add_note(ANNA, "a dollar", at=NOON)
    asked = [*held, "note", "document", "x1", "x1note", "donts", "cafe"]
    expected = dict.fromkeys(held, 1) | dict.fromkeys(asked[len(held) :], 0) | {"dollars": 2, "cafe": 1}
    assert (await index(store).look_up(ANNA, asked)).frequency == expected
    await store.add_note(BEN, " ".join(asked), at=NOON)
    assert (await index(store).look_up(ANNA, asked)).frequency == expected


async def test_a_look_up_is_both_searches_with_their_passages(shelf: Store) -> None:
    asked = ["copay", "dentist"]
    for word_limit, sound_limit in ((5, 5), (1, 0), (0, 3)):
        seen = await index(shelf).look_up(ANNA, asked, word_limit=word_limit, sound_limit=sound_limit)
        assert seen.words == await index(shelf).search_words(ANNA, asked, word_limit)
        assert seen.sounds == await index(shelf).search_sounds(ANNA, asked, sound_limit)
        ids = list(dict.fromkeys(hit.passage_id for hit in (*seen.words, *seen.sounds)))
        assert list(seen.passages) == await shelf.passages(ANNA, ids)
        assert ids
    notes = await index(shelf).look_up(ANNA, asked, word_limit=5, sound_limit=5, kinds=("note",))
    assert {passage.kind for passage in notes.passages} <= {"note"}


async def test_passages_keep_the_order_asked_for(shelf: Store) -> None:
    ids = [passage.id for passage in await everything(shelf, ANNA)]
    asked = [ids[2], "p999999999999", ids[0], "", "p-1", "p01", "x"]
    assert [passage.id for passage in await shelf.passages(ANNA, asked)] == [ids[2], ids[0]]


# --- vectors ----------------------------------------------------------------------------------------------------------
async def test_vectors_find_by_cosine(shelf: Store) -> None:
    waiting = await shelf.without_vectors(ANNA, "m", 10)
    assert len(waiting) == 4
    east, north, between, up = (unit(1, 0, 0), unit(0, 1, 0), unit(1, 1, 0.2), unit(0, 0, 1))
    vectors = dict(zip([p.id for p in waiting], (east, north, between, up), strict=True))
    await shelf.put_vectors(ANNA, "m", vectors)
    assert await shelf.without_vectors(ANNA, "m", 10) == []
    asked = unit(0.9, 0.3, 0.1)
    hits = await shelf.search_vectors(ANNA, "m", asked, 10)
    exact = {passage_id: float(vector @ asked) for passage_id, vector in vectors.items()}
    assert [hit.passage_id for hit in hits] == sorted(exact, key=lambda i: -exact[i])
    for hit in hits:
        assert hit.score == pytest.approx(exact[hit.passage_id], abs=0.01)
    notes = await shelf.search_vectors(ANNA, "m", asked, 10, ("note",))
    assert [p.kind for p in await shelf.passages(ANNA, [hit.passage_id for hit in notes])] == ["note"]
    assert len(await shelf.search_vectors(ANNA, "m", asked, 2)) == 2


async def test_each_model_has_its_own_vectors(shelf: Store) -> None:
    first, second, *_ = [passage.id for passage in await shelf.without_vectors(ANNA, "m", 10)]
    await shelf.put_vectors(ANNA, "m", {first: unit(1, 0), second: unit(0, 1)})
    await shelf.put_vectors(ANNA, "other", {first: unit(0, 1)})
    assert [hit.passage_id for hit in await shelf.search_vectors(ANNA, "other", unit(0, 1), 9)] == [first]
    assert second not in [passage.id for passage in await shelf.without_vectors(ANNA, "m", 10)]
    assert second in [passage.id for passage in await shelf.without_vectors(ANNA, "other", 10)]
    assert await shelf.search_vectors(ANNA, "m", unit(1, 0, 0), 9) == []  # of another dimension
    assert [await shelf.count_vectors(ANNA, model) for model in ("m", "other", "none")] == [(1, 4), (1, 4), (0, 4)]
    assert await shelf.count_vectors("nobody", "m") == (0, 0)


async def test_a_changed_vector_is_used_at_once(shelf: Store) -> None:
    (passage, *_) = await shelf.without_vectors(ANNA, "m", 1)
    await shelf.put_vectors(ANNA, "m", {passage.id: unit(1, 0)})
    (hit,) = await shelf.search_vectors(ANNA, "m", unit(0, 1), 1)
    assert hit.score == pytest.approx(0, abs=0.01)
    await shelf.put_vectors(ANNA, "m", {passage.id: unit(0, 1), "p999999999999": unit(0, 1)})
    (hit,) = await shelf.search_vectors(ANNA, "m", unit(0, 1), 5)
    assert hit.score == pytest.approx(1, abs=0.01)


async def test_a_vector_that_isnt_finite_is_refused(shelf: Store) -> None:
    first, second, *_ = [passage.id for passage in await shelf.without_vectors(ANNA, "m", 10)]
    with pytest.raises(StoreError):
        await shelf.put_vectors(ANNA, "m", {first: unit(1, 0), second: np.array([np.nan, 1], np.float32)})
    assert await shelf.search_vectors(ANNA, "m", unit(1, 0), 5) == []  # nothing of it was kept


# --- notes ------------------------------------------------------------------------------------------------------------
async def test_a_note_is_found_in_the_next_breath(store: Store) -> None:
    note = await store.add_note(ANNA, "Buy a walnut cake", at=NOON)
    assert (note.text, note.created_at, note.updated_at) == ("Buy a walnut cake", NOON, NOON)
    assert await store.note(ANNA, note.id) == note
    assert await found(store, ANNA, "walnuts") == ["Buy a walnut cake"]
    assert await heard(store, ANNA, "wall", "nut") == ["Buy a walnut cake"]
    (hit,) = await index(store).search_words(ANNA, ["walnut"], 5)
    (passage,) = await store.passages(ANNA, [hit.passage_id])
    assert (passage.kind, passage.source_id, passage.document) == ("note", note.id, "")


async def test_a_changed_note_is_found_by_its_new_words_only(store: Store) -> None:
    note = await store.add_note(ANNA, "Buy a walnut cake", at=NOON)
    (waiting,) = await store.without_vectors(ANNA, "m", 5)
    await store.put_vectors(ANNA, "m", {waiting.id: unit(1, 0)})
    later = NOON + timedelta(hours=1)
    changed = await store.update_note(ANNA, note.id, "Buy an almond pie", at=later)
    assert (changed.id, changed.text) == (note.id, "Buy an almond pie")
    assert (changed.created_at, changed.updated_at) == (NOON, later)
    assert await found(store, ANNA, "walnut") == []
    assert await heard(store, ANNA, "walnut") == []
    assert await found(store, ANNA, "almonds") == ["Buy an almond pie"]
    assert await store.search_vectors(ANNA, "m", unit(1, 0), 5) == []  # it was the vector of another text
    assert [p.text for p in await store.without_vectors(ANNA, "m", 5)] == ["Buy an almond pie"]


async def test_a_removed_note_is_gone_at_once(store: Store) -> None:
    note = await store.add_note(ANNA, "Buy a walnut cake", at=NOON)
    assert await store.remove_note(ANNA, note.id) == note
    assert await found(store, ANNA, "walnut") == []
    assert await heard(store, ANNA, "walnut") == []
    assert await store.notes(ANNA) == []
    for gone in (store.note(ANNA, note.id), store.remove_note(ANNA, note.id)):
        with pytest.raises(NotFoundError):
            await gone
    with pytest.raises(NotFoundError):
        await store.update_note(ANNA, note.id, "again", at=NOON)


async def test_notes_are_listed_newest_first_in_a_half_open_span(store: Store) -> None:
    hours = {n: await store.add_note(ANNA, f"hour {n}", at=NOON + timedelta(hours=n)) for n in (2, 0, 1, 3)}
    same = await store.add_note(ANNA, "hour 3 again", at=NOON + timedelta(hours=3))
    assert await store.notes(ANNA) == [same, hours[3], hours[2], hours[1], hours[0]]
    span = await store.notes(ANNA, since=NOON + timedelta(hours=1), until=NOON + timedelta(hours=3))
    assert span == [hours[2], hours[1]]
    assert await store.notes(ANNA, limit=1) == [same]
    assert await store.notes(ANNA, limit=0) == []
    assert await store.notes(ANNA, until=NOON) == []
    abroad = timezone(timedelta(hours=5))
    assert await store.notes(ANNA, since=(NOON + timedelta(hours=3)).astimezone(abroad)) == [same, hours[3]]


async def test_a_note_of_another_zone_is_the_same_moment(store: Store) -> None:
    at = datetime(2026, 3, 4, 17, 30, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    note = await store.add_note(ANNA, "x", at=at)
    assert note.created_at == at
    assert note.created_at.utcoffset() == timedelta(0)


# --- owners -----------------------------------------------------------------------------------------------------------
async def test_nobody_sees_anything_of_anyone_else(shelf: Store) -> None:
    theirs = await shelf.documents(ANNA)
    notes = await shelf.notes(ANNA)
    ids = [passage.id for passage in await everything(shelf, ANNA)]
    await shelf.put_vectors(ANNA, "m", dict.fromkeys(ids, unit(1, 0)))
    await shelf.put_document(BEN, document("/other.md"), [NewPassage("zebra")])  # Ben is known, and has other things
    for stranger in (BEN, "nobody", "", "ANNA", "anna ", "x1", "%"):
        assert [d.source for d in await shelf.documents(stranger)] == (["/other.md"] if stranger == BEN else [])
        assert await shelf.document_by_source(stranger, "/plan.md") is None
        assert await shelf.texts(stranger) == (["zebra"] if stranger == BEN else [])
        assert await shelf.passages(stranger, ids) == []
        for words in (["copay"], ["dentist"], ["deductible", "gym", "invoice"]):
            assert await index(shelf).search_words(stranger, words, 50) == []
            assert await index(shelf).search_sounds(stranger, words, 50) == []
            assert set((await index(shelf).look_up(stranger, words)).frequency.values()) == {0}
        assert await shelf.search_vectors(stranger, "m", unit(1, 0), 50) == []
        assert len(await shelf.without_vectors(stranger, "m", 50)) == (stranger == BEN)
        assert await shelf.notes(stranger) == []
        for forbidden in (
            shelf.note(stranger, notes[0].id),
            shelf.update_note(stranger, notes[0].id, "mine", at=NOON),
            shelf.remove_note(stranger, notes[0].id),
            shelf.remove_document(stranger, theirs[0].id),
        ):
            with pytest.raises(NotFoundError):
                await forbidden
        await shelf.put_vectors(stranger, "m", dict.fromkeys(ids, unit(0, 1)))
    assert await shelf.documents(ANNA) == theirs
    assert await shelf.notes(ANNA) == notes
    assert {round(hit.score) for hit in await shelf.search_vectors(ANNA, "m", unit(1, 0), 50)} == {1}
    assert await problems(shelf) == []


async def test_two_owners_may_have_the_same_source(store: Store) -> None:
    await store.put_document(ANNA, document(), [NewPassage("Anna's walnut")])
    await store.put_document(BEN, document(), [NewPassage("Ben's walnut")])
    (mine,) = await store.documents(BEN)
    await store.remove_document(BEN, mine.id)
    assert await found(store, ANNA, "walnut") == ["Anna's walnut"]
    assert await found(store, BEN, "walnut") == []


# --- the whole --------------------------------------------------------------------------------------------------------
async def test_everything_is_there_after_opening_again(open_store: Callable[[], Awaitable[Store]]) -> None:
    store = await open_store()
    stored = await store.put_document(ANNA, document(), [NewPassage("walnut")])
    note = await store.add_note(ANNA, "almond", at=NOON)
    (passage, _) = await everything(store, ANNA)
    await store.put_vectors(ANNA, "m", {passage.id: unit(1, 0)})
    await store.close()
    await store.close()
    store = await open_store()
    assert await store.documents(ANNA) == [stored]
    assert await store.notes(ANNA) == [note]
    assert sorted(await found(store, ANNA, "walnut", "almond")) == ["almond", "walnut"]
    assert [hit.passage_id for hit in await store.search_vectors(ANNA, "m", unit(1, 0), 5)] == [passage.id]
    assert await problems(store) == []


async def test_two_stores_see_each_others_changes(open_store: Callable[[], Awaitable[Store]]) -> None:
    one, other = await open_store(), await open_store()
    await one.put_document(ANNA, document(), [NewPassage("walnut")])
    (passage,) = await everything(other, ANNA)
    await one.put_vectors(ANNA, "m", {passage.id: unit(1, 0)})
    assert len(await other.search_vectors(ANNA, "m", unit(1, 0), 5)) == 1
    note = await other.add_note(ANNA, "almond", at=NOON)
    assert await found(one, ANNA, "almond") == ["almond"]
    await one.remove_note(ANNA, note.id)
    assert await found(other, ANNA, "almond") == []
    await one.put_vectors(ANNA, "m", {passage.id: unit(0, 1)})
    (hit,) = await other.search_vectors(ANNA, "m", unit(0, 1), 5)
    assert hit.score == pytest.approx(1, abs=0.01)


async def test_many_at_once(store: Store) -> None:
    async def use(number: int) -> None:
        owner = f"owner{number % 4}"
        note = await store.add_note(owner, f"note number{number}", at=NOON)
        assert await found(store, owner, f"number{number}") == [note.text]
        if number % 2:
            await store.remove_note(owner, note.id)

    await asyncio.gather(*(use(number) for number in range(40)))
    assert sum([len(await store.notes(f"owner{n}")) for n in range(4)]) == 20
    assert await problems(store) == []


async def test_a_closed_store_says_so(store: Store) -> None:
    await store.close()
    with pytest.raises(StoreError):
        await store.notes(ANNA)
    with pytest.raises(StoreError):
        await store.add_note(ANNA, "x", at=NOON)
