"""Corrections, replacements and additions, as people say them."""

# ruff: noqa: E501 - a row of a table reads better on one line

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vasi.language.edits import appended, corrected, replaced, with_topic
from vasi.language.lists import ListItem, ListText, parted, read_list


@pytest.mark.parametrize(
    ("text", "correction", "expected"),
    [
        ("dentist on Thursday at nine", "Friday", "dentist on Friday at nine"),
        ("dentist on Thursday at nine", "on Friday!", "dentist on Friday at nine"),
        ("dentist Thursday at nine", "Friday at ten", "dentist Friday at ten"),
        ("dentist Thursday at 9:30", "at 10:15", "dentist Thursday at 10:15"),
        ("meeting on Thursday", "the 3rd of May", "meeting on 3rd of May"),
        ("pay 25 euros to Ann", "30", "pay 30 euros to Ann"),
        ("the milk is in the shed", "in the fridge", "the milk is in the fridge"),
        ("buy milk", "oat milk", "buy oat milk"),
        ("call Tom about the car", "Tim", "call Tim about the car"),
        ("the key is with Ann", "Bob", "the key is with Bob"),
        ("buy milk", "the meeting is at four", "the meeting is at four"),
    ],
)
def test_a_correction_replaces_what_it_corrects(text: str, correction: str, expected: str) -> None:
    assert corrected(text, correction) == expected


def test_words_are_replaced_whole_wherever_they_stand() -> None:
    assert replaced("Tom likes tomatoes, TOM's are red", "tom", "Tim") == "Tim likes tomatoes, TOM's are red"
    assert replaced("the old  shed and the old shed", "old shed", "barn") == "the barn and the barn"
    assert replaced("nothing", "some", "x") is None
    assert replaced("x", "", "y") is None


def test_what_is_added_stands_behind() -> None:
    assert appended("dentist friday.", "bring the card") == "dentist friday; bring the card"
    assert appended("one\ntwo", "three") == "one\ntwo\nthree"
    assert appended("shopping: bread, eggs", "milk and tea") == "shopping: bread, eggs, milk, tea"


def test_the_topic_stays() -> None:
    assert with_topic("dentist", "it is Friday at nine.") == "dentist: it is Friday at nine."
    assert with_topic("dentist", "the dentists are away") == "the dentists are away"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("shopping list: bread, two eggs and milk.", ListText("shopping list", (ListItem("bread"), ListItem("two eggs"), ListItem("milk")), True)),
        ("To do:\n- [x] call Tom\n- [ ] write", ListText("To do", (ListItem("call Tom", True), ListItem("write")))),
        ("# Packing\n1. tent\n2. rope", ListText("Packing", (ListItem("tent"), ListItem("rope")))),
        ("buy milk", None),
        ("one\ntwo\nthree", None),
    ],
)  # fmt: skip
def test_lists_are_read(text: str, expected: ListText | None) -> None:
    assert read_list(text) == expected


_ITEMS = st.lists(st.from_regex(r"[a-z]{1,8}( [a-z]{1,8})?", fullmatch=True).filter(lambda t: not {"and", "y", "et", "und", "plus"} & set(t.split())), min_size=1, max_size=6)  # fmt: skip


@given(_ITEMS, st.booleans(), st.data())
def test_a_list_that_is_written_is_read_again(items: list[str], inline: bool, data: st.DataObject) -> None:
    done = () if inline else tuple(data.draw(st.sets(st.sampled_from(items))))
    plain = [item for item in items if parted(item) == [item]]
    written = ListText("Shopping list", tuple(ListItem(item, item in done) for item in plain), inline and bool(plain))
    assert read_list(str(written)) == written


@given(st.text(max_size=80), st.text(max_size=30))
def test_any_text_can_be_edited(text: str, other: str) -> None:
    assert isinstance(corrected(text, other), str)
    assert isinstance(appended(text, other), str)
    replaced(text, other, "x")
    if (items := read_list(text)) is not None:
        assert isinstance(str(items.with_items(parted(other))), str)
