"""Random histories of documents and notes, compared with a dict."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from tests.contract.conftest import ANALYSER, OPENERS, index, problems
from vasi.errors import NotFoundError
from vasi.storage.ports import NewDocument, NewPassage, Note, Store
from vasi.storage.terms import Analyser

T = TypeVar("T")

NOUNS = ("walnut", "almond", "chestnut", "raisin", "pepper", "ginger")
owners = st.sampled_from(("anna", "ben"))
texts = st.lists(st.sampled_from(NOUNS), min_size=1, max_size=4).map(" ".join)
sources = st.sampled_from(("/a.md", "/b.md"))


class Histories(RuleBasedStateMachine):
    """Two owners put, replace and remove; the store is closed and opened again now and then."""

    opener: Callable[[Path, Analyser], Awaitable[Store]]
    notes = Bundle("notes")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.runner = asyncio.Runner()
        self.store = self.run(type(self).opener(Path(self.folder.name), ANALYSER))
        self.at = datetime(2026, 1, 1, tzinfo=UTC)
        self.model_documents: dict[tuple[str, str], list[str]] = {}
        self.model_notes: dict[tuple[str, str], Note] = {}

    def run(self, work: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await work

        return self.runner.run(awaited())

    def tick(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    @rule(owner=owners, source=sources, passages=st.lists(texts, max_size=3))
    def put_document(self, owner: str, source: str, passages: list[str]) -> None:
        given = NewDocument(source, source[1:], "d", "text/plain", 1)
        stored = self.run(self.store.put_document(owner, given, [NewPassage(text) for text in passages]))
        assert stored.passages == len(passages)
        self.model_documents[owner, source] = passages

    @rule(owner=owners, source=sources)
    def remove_document(self, owner: str, source: str) -> None:
        document = self.run(self.store.document_by_source(owner, source))
        assert (document is not None) == ((owner, source) in self.model_documents)
        if document is not None:
            self.run(self.store.remove_document(owner, document.id))
            del self.model_documents[owner, source]

    @rule(target=notes, owner=owners, text=texts)
    def add_note(self, owner: str, text: str) -> tuple[str, str]:
        note = self.run(self.store.add_note(owner, text, at=self.tick()))
        self.model_notes[owner, note.id] = note
        return owner, note.id

    @rule(key=notes, text=texts)
    def update_note(self, key: tuple[str, str], text: str) -> None:
        note = self.run(self.store.update_note(*key, text, at=self.tick()))
        assert (note.text, note.created_at) == (text, self.model_notes[key].created_at)
        self.model_notes[key] = note

    @rule(key=consumes(notes))
    def remove_note(self, key: tuple[str, str]) -> None:
        assert self.run(self.store.remove_note(*key)) == self.model_notes.pop(key)

    @rule(target=notes, key=consumes(notes))
    def meddle(self, key: tuple[str, str]) -> object:
        """What the other owner tries with it has no effect."""
        stranger = "ben" if key[0] == "anna" else "anna"
        with pytest.raises(NotFoundError):
            self.run(self.store.remove_note(stranger, key[1]))
        with pytest.raises(NotFoundError):
            self.run(self.store.update_note(stranger, key[1], "mine", at=self.tick()))
        return multiple(key)

    @rule()
    def reopen(self) -> None:
        self.run(self.store.close())
        self.store = self.run(type(self).opener(Path(self.folder.name), ANALYSER))

    @invariant()
    def is_as_the_model(self) -> None:
        for owner in ("anna", "ben"):
            notes = [note for (whose, _), note in self.model_notes.items() if whose == owner]
            passages = [t for (whose, _), given in self.model_documents.items() if whose == owner for t in given]
            assert self.run(self.store.notes(owner)) == sorted(notes, key=lambda n: n.created_at, reverse=True)
            assert sorted(self.run(self.store.texts(owner))) == sorted(passages + [note.text for note in notes])
            seen = self.run(index(self.store).look_up(owner, NOUNS))
            assert seen.total == len(passages) + len(notes)
            for noun in NOUNS:
                expected = sorted(t for t in [*passages, *(note.text for note in notes)] if noun in t.split())
                assert seen.frequency[noun] == len(expected)
                hits = self.run(index(self.store).search_words(owner, [noun], 1_000))
                found = self.run(self.store.passages(owner, [hit.passage_id for hit in hits]))
                assert sorted(passage.text for passage in found) == expected

    def teardown(self) -> None:
        try:
            assert self.run(problems(self.store)) == []
        finally:
            self.run(self.store.close())
            self.runner.close()
            self.folder.cleanup()


@pytest.mark.parametrize("name", sorted(OPENERS))
def test_any_history_is_kept(name: str) -> None:
    case = type("Case", (Histories,), {"opener": staticmethod(OPENERS[name])}).TestCase
    case.settings = settings(
        max_examples=8,
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    case().runTest()
