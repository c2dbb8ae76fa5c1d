"""Which words may have been said, from how they sounded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vasi.knowledge.index.vocabulary import SoundVocabulary
from vasi.language.phonetics import CLASSES, sounds

_WORDS = "deductible copay reimbursement insurance boat berth harbour invoice payment kayak attention ten tea"
SAID = {sounds(word): word for word in _WORDS.split()}
VOCABULARY = SoundVocabulary(sorted(SAID))


def meant(*heard: str) -> list[dict[str, float]]:
    return [{SAID[word]: weight for word, weight in one.items()} for one in VOCABULARY.meant([*map(sounds, heard)])]


def test_what_was_heard_rightly_is_meant_most() -> None:
    (said,) = meant("invoice")
    assert max(said, key=lambda word: said[word]) == "invoice"
    assert said["invoice"] == 1.0
    assert meant("tea") == [{"tea": 1.0}]


@pytest.mark.parametrize(
    ("heard", "word"),
    [
        ("deductable", "deductible"),
        ("duck tibial", "deductible"),
        ("co pay", "copay"),
        ("re embers meant", "reimbursement"),
        ("in voice", "invoice"),
        ("pavement", "payment"),
    ],
)
def test_what_was_misheard_or_cut_up_wrongly_is_found(heard: str, word: str) -> None:
    assert word in {one for place in meant(*heard.split()) for one in place}


def test_the_place_is_that_of_the_word() -> None:
    first, second, third = meant("boat", "zebra", "insurance")
    assert "boat" in first
    assert second == {}
    assert "insurance" in third


def test_a_short_word_inside_a_longer_one_counts_little() -> None:
    (said,) = meant("attention")
    assert said["attention"] == 1.0
    assert said.get("ten", 0.0) < 0.3


def test_what_sounds_otherwise_is_not_meant() -> None:
    assert meant("zebra", "giraffe") == [{}, {}]
    assert SoundVocabulary(()).meant(["kope"]) == [{}]
    assert VOCABULARY.meant([]) == []
    assert VOCABULARY.meant([""]) == [{}]


_SOUNDS = st.text("".join(sorted(set(CLASSES.values()))), max_size=12)


@given(st.lists(_SOUNDS.filter(bool), max_size=20, unique=True), st.lists(_SOUNDS, max_size=6))
def test_any_sounds_are_answered_by_words_of_the_vocabulary(words: list[str], heard: list[str]) -> None:
    found = SoundVocabulary(sorted(words)).meant(heard)
    assert len(found) == len(heard)
    for place, one in zip(heard, found, strict=True):
        assert set(one) <= set(words)
        assert all(0 < weight <= 1 for weight in one.values())
        assert (place in words) == (one.get(place) == 1.0) or not place
