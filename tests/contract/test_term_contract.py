"""What every store promises of terms: exact counts, of one owner's passages, whatever the terms look like."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.conftest import OPENERS, problems
from vasi.storage.ports import NewDocument, NewPassage, Store
from vasi.storage.terms import Field, Kind, Terms

ANNA, BEN = "anna", "ben"
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


class BySpace:
    """The words of a text are its parts between spaces, the sounds are the words backwards."""

    version = "by space"

    def terms(self, heading: str, text: str) -> Terms:
        words = f"{heading} {text}".split(" ")
        counts = {word: words.count(word) for word in words if word}
        return Terms(counts, {word[::-1]: count for word, count in counts.items()})


@pytest.fixture(params=sorted(OPENERS))
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    store = await OPENERS[request.param](tmp_path, BySpace())
    yield store
    await store.close()


async def put(store: Store, owner: str, *texts: str, source: str = "/a") -> None:
    document = NewDocument(source, source[1:], "d", "text/plain", 1)
    await store.put_document(owner, document, [NewPassage(text) for text in texts])


async def where(
    store: Store, owner: str, field: Field, term: str, kinds: Sequence[Kind] = ("document", "note")
) -> dict[str, tuple[int, int]]:
    """Of each passage with a term how often it stands there, and how many terms the passage has."""
    found = (await store.occurrences(owner, {field: [term]}, kinds))[field]
    postings = found.postings[term]
    texts = [passage.text for passage in await store.passages(owner, found.passage_ids)]
    assert len(texts) == len(found.passage_ids) == len(found.lengths)
    return {
        texts[row]: (count, int(found.lengths[row]))
        for row, count in zip(postings.rows.tolist(), postings.counts.tolist(), strict=True)
    }


async def test_terms_are_counted_by_passage_and_field(store: Store) -> None:
    await put(store, ANNA, "fig fig nut", "nut", "oat")
    assert await where(store, ANNA, "words", "fig") == {"fig fig nut": (2, 3)}
    assert await where(store, ANNA, "words", "nut") == {"fig fig nut": (1, 3), "nut": (1, 1)}
    assert await where(store, ANNA, "sounds", "gif") == {"fig fig nut": (2, 3)}
    assert await where(store, ANNA, "sounds", "fig") == {}
    assert await where(store, ANNA, "words", "fi") == {}


async def test_several_terms_and_fields_at_once(store: Store) -> None:
    await put(store, ANNA, "fig fig nut", "nut oat", "oat")
    found = await store.occurrences(ANNA, {"words": ["oat", "fig", "none"], "sounds": ["tun"]})
    words = found["words"]
    assert [one.text for one in await store.passages(ANNA, words.passage_ids)] == ["fig fig nut", "nut oat", "oat"]
    assert words.lengths.tolist() == [3, 2, 1]
    assert {term: one.rows.tolist() for term, one in words.postings.items()} == {"oat": [1, 2], "fig": [0], "none": []}
    assert words.postings["fig"].counts.tolist() == [2]
    assert len(found["sounds"].passage_ids) == 2


async def test_statistics_are_those_of_the_owner(store: Store) -> None:
    await put(store, ANNA, "fig fig nut", "nut", "oat oat")
    await store.add_note(ANNA, "nut", at=NOON)
    await put(store, BEN, *["fig fig fig fig"] * 9)
    for _ in range(2):  # also when it's remembered
        seen = await store.term_statistics(ANNA, {"words": ["fig", "nut", "none"], "sounds": ["gif"]})
        assert seen.passages == 4
        assert seen.fields["words"].mean_length == (3 + 1 + 2 + 1) / 4
        assert seen.fields["words"].frequency == {"fig": 1, "nut": 3, "none": 0}
        assert seen.fields["sounds"].frequency == {"gif": 1}
    nobody = await store.term_statistics("nobody", {"words": ["fig"]})
    assert (nobody.passages, nobody.fields["words"].frequency) == (0, {"fig": 0})
    assert await where(store, "nobody", "words", "fig") == {}


async def test_statistics_follow_every_change(store: Store) -> None:
    async def seen() -> tuple[int, float, int]:
        counted = await store.term_statistics(ANNA, {"words": ["fig"]})
        assert len(await where(store, ANNA, "words", "fig")) == counted.fields["words"].frequency["fig"]
        return counted.passages, counted.fields["words"].mean_length, counted.fields["words"].frequency["fig"]

    await put(store, ANNA, "fig nut", "nut nut")
    assert await seen() == (2, 2.0, 1)
    await put(store, ANNA, "nut fig", "fig fig")
    assert await seen() == (2, 2.0, 2)
    note = await store.add_note(ANNA, "fig fig fig fig fig", at=NOON)
    assert await seen() == (3, 3.0, 3)
    await store.update_note(ANNA, note.id, "oat oat", at=NOON)
    assert await seen() == (3, 2.0, 2)
    await store.bin_note(ANNA, note.id, at=NOON)
    assert await seen() == (2, 2.0, 2)
    await store.restore_note(ANNA, note.id)
    assert await seen() == (3, 2.0, 2)
    (document,) = await store.documents(ANNA)
    await store.remove_document(ANNA, document.id)
    assert await seen() == (1, 2.0, 0)


async def test_kinds_limit_where_terms_are_looked_for(store: Store) -> None:
    await put(store, ANNA, "fig fig nut")
    await store.add_note(ANNA, "a fig", at=NOON)
    assert await where(store, ANNA, "words", "fig", ("note",)) == {"a fig": (1, 2)}
    assert await where(store, ANNA, "words", "fig", ("document",)) == {"fig fig nut": (2, 3)}
    assert await where(store, ANNA, "words", "fig", ()) == {}


async def test_the_vocabulary_is_that_of_the_owner(store: Store) -> None:
    await put(store, ANNA, "fig fig nut", "nut a!2 a% é", "oat")
    await put(store, BEN, "pear fig")
    seen = await store.vocabulary(ANNA, "sounds")
    assert seen is not None
    assert list(seen.terms) == sorted(["gif", "tun", "2!a", "%a", "é", "tao"])
    for prefix, terms in {"n": ["nut"], "fi": ["fig"], "a!": ["a!2"], "pear": [], "zz": []}.items():
        begun = await store.vocabulary(ANNA, "words", prefix=prefix)
        assert begun is not None
        assert list(begun.terms) == terms
    nobody = await store.vocabulary("nobody", "words")
    assert nobody is not None
    assert list(nobody.terms) == []


async def test_the_vocabulary_is_read_anew_when_it_changed(store: Store) -> None:
    async def read(known: str) -> tuple[str, list[str]]:
        seen = await store.vocabulary(ANNA, "words", known)
        assert seen is not None
        assert seen.revision != known
        assert await store.vocabulary(ANNA, "words", seen.revision) is None
        return seen.revision, list(seen.terms)

    await put(store, ANNA, "fig nut")
    revision, terms = await read("")
    await put(store, BEN, "pear", source="/b")
    assert await store.vocabulary(ANNA, "words", revision) is None, "others' words are none of hers"
    note = await store.add_note(ANNA, "oat", at=NOON)
    revision, terms = await read(revision)
    assert terms == ["fig", "nut", "oat"]
    await store.remove_note(ANNA, note.id)
    revision, terms = await read(revision)
    assert terms == ["fig", "nut"]
    (document,) = await store.documents(ANNA)
    await store.remove_document(ANNA, document.id)
    assert (await read(revision))[1] == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Z", "Cc")), min_size=1, max_size=5), min_size=2))
async def test_no_term_is_syntax_and_none_is_taken_for_another(store: Store, terms: list[str]) -> None:
    await put(store, ANNA, *[f"{term} {term}" for term in terms], source="/terms")
    for term in terms:
        assert await where(store, ANNA, "words", term) == {f"{term} {term}": (2, 2)}


ODD_TERMS = ('"', '"a"', "a!2", "a!", "!", "%21", "a%", "7wfig", "A", "a", "*", "a*", "a_OR_b", "a-b", "é", "\0", "~")


@pytest.mark.parametrize("term", ODD_TERMS)
async def test_odd_terms_are_terms_like_others(store: Store, term: str) -> None:
    await put(store, ANNA, "fig", "a a", "b")
    before = len(await where(store, ANNA, "words", term))
    await put(store, ANNA, term, source="/odd")
    assert len(await where(store, ANNA, "words", term)) == (2 if term == "a" else 1)
    assert before == (1 if term == "a" else 0)
    assert await problems(store) == []
