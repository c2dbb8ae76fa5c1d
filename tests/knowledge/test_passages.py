"""How documents are cut."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vasi.knowledge.fulltext import sections
from vasi.knowledge.parse.blocks import Block
from vasi.knowledge.passages import OVERLAP, passages
from vasi.knowledge.units import WHOLE_WORDS, WORDS, weigh
from vasi.storage.ports import Passage

SENTENCE = "The {} boat leaves the north pier at a quarter past seven in the morning."


def text_of(blocks: list[Block]) -> str:
    return "\n\n".join(block.text for block in blocks)


def test_offsets_point_into_the_whole_text() -> None:
    blocks = [
        Block("Manual", "heading", 1),
        Block("Boats", "heading", 2),
        Block(" ".join(SENTENCE.format(number) for number in range(30))),
        Block("Crew", "heading", 2),
        Block("Two people."),
        Block("Empty", "heading", 1),
    ]
    found = passages(blocks)
    whole = text_of(blocks)
    assert all(whole[one.start : one.end] == one.text for one in found)
    assert {one.heading for one in found} == {"Manual > Boats", "Manual > Crew", "Empty"}
    assert found[-1].text == "Empty"


def test_passages_have_the_size_and_overlap_they_aim_at() -> None:
    found = passages([Block(" ".join(SENTENCE.format(number) for number in range(100)))])
    sizes = [len(one.text.split()) for one in found]
    assert all(WORDS * 0.7 <= size <= WORDS + 40 for size in sizes)
    for before, after in pairwise(found):
        shared = before.end - after.start
        assert shared > 0
        assert len(before.text[-shared:].split()) <= OVERLAP
        assert after.text.startswith("The ")
        assert before.text.endswith(".")


def test_no_passage_crosses_a_page() -> None:
    found = passages([Block(f"Page {page} is short.", page=page) for page in (1, 1, 2, 3)])
    assert [(one.page, one.text) for one in found] == [
        (1, "Page 1 is short.\n\nPage 1 is short."),
        (2, "Page 2 is short."),
        (3, "Page 3 is short."),
    ]


def test_rows_stay_whole_and_long_ones_are_cut_at_cells() -> None:
    rows = [Block(f"Name: Person {number}; City: Town {number}; Age: {number}", "row") for number in range(60)]
    found = passages(rows)
    assert all(line.startswith("Name: Person") for one in found for line in one.text.split("\n\n"))
    assert sum(len(one.text.split("\n\n")) for one in found) == 60
    wide = passages([Block("; ".join(f"Column {number}: some words of value {number}" for number in range(80)), "row")])
    assert len(wide) > 1
    assert all(one.text.startswith("Column ") for one in wide)


def test_a_heading_alone_can_be_found() -> None:
    assert [one.text for one in passages([Block("Only a title", "heading", 1, 1)])] == ["Only a title"]


def test_a_long_heading_is_never_cut() -> None:
    heading = "On the duties of whoever keeps the keys of the boat house, " * 5 + "and of his deputy"
    assert 250 < len(heading) < 320
    for text in (heading[-290:], heading + " " + heading):
        found = passages([Block(text, "heading", 1), Block(SENTENCE.format("Heron"))])
        assert text in "\n\n".join([found[0].heading, *(one.text for one in found)])


def test_a_heading_belongs_to_its_fields() -> None:
    blocks = [
        Block("Register", "heading", 1),
        Block("Boat 9", "heading", 2),
        Block("Owner: Ines\nBerth: B21\nInsurance: none"),
        Block("Rules", "heading", 2),
        Block(" ".join(SENTENCE.format(number) for number in range(5))),
    ]
    found = passages(blocks)
    assert found[0].text == "Boat 9\n\nOwner: Ines\nBerth: B21\nInsurance: none"
    assert found[0].heading == "Register > Boat 9"
    assert found[1].text.startswith("The 0 boat")
    assert all(text_of(blocks)[one.start : one.end] == one.text for one in found)


@pytest.mark.parametrize("value", ["Total: 1,234.50 euros", "Due on 3 May 2027", "USD 99.00"])
def test_a_value_that_is_set_as_a_heading_is_text_too(value: str) -> None:
    blocks = [Block("Invoice", "heading", 1), Block(value, "heading", 2), Block(SENTENCE.format("old ") * 8)]
    assert passages(blocks)[0].text.startswith(f"{value}\n\nThe old")


def _items(count: int, words: int) -> list[str]:
    return [f"- item {number} {'word ' * words}end" for number in range(count)]


def test_a_list_stays_with_what_leads_to_it() -> None:
    before = Block(" ".join(SENTENCE.format(number) for number in range(6)))
    needed = Block("\n".join(["You need:", *_items(6, 12)]))
    found = passages([before, needed])
    assert len(found) == 2
    assert found[0].text == before.text
    assert found[1].text.endswith(needed.text)
    apart = passages([before, Block("Bring to the pier:"), Block("\n".join(_items(6, 12)))])
    assert "Bring to the pier:\n\n- item 0" in apart[1].text


def test_a_long_list_is_cut_between_items_only() -> None:
    lines = ["All of these are forbidden:", *_items(40, 10)]
    found = passages([Block("\n".join(lines))])
    assert len(found) > 3
    assert [line for one in found for line in one.text.split("\n")] == lines
    assert found[0].text.startswith("All of these are forbidden:\n- item 0")
    assert all(weigh(one.text) <= WORDS + 40 for one in found)


def test_fields_are_cut_between_lines_and_code_stays_whole() -> None:
    fields = Block("\n".join(f"Field {number}: value of some words" for number in range(60)))
    assert all(one.text.startswith("Field ") for one in passages([fields]))
    code = "\n".join(["def sail(boat):", *["    boat.turn(port)  # and wait"] * 20, "", "    return boat. Then"])
    text = " ".join(SENTENCE.format(number) for number in range(6))
    found = passages([Block(text), Block(code, "code"), Block(text)])
    assert weigh(code) < WHOLE_WORDS
    assert any(code in one.text for one in found)


def test_rows_know_their_table() -> None:
    blocks = [
        Block("Fees", "heading", 1),
        Block("Below are the fees."),
        Block("Table 1: Sauna", caption="Table 1: Sauna"),
        Block("Guest: Adult; Fee: 9", "row", caption="Table 1: Sauna"),
        Block("Guest: Adult; Fee: 4", "row", caption="Table 2: Pool"),
        Block("That is all."),
    ]
    assert [(one.heading, one.text) for one in passages(blocks)] == [
        ("Fees", "Below are the fees."),
        ("Fees > Table 1: Sauna", "Table 1: Sauna\n\nGuest: Adult; Fee: 9"),
        ("Fees > Table 2: Pool", "Guest: Adult; Fee: 4"),
        ("Fees", "That is all."),
    ]


def test_the_whole_text_shows_each_heading_once() -> None:
    blocks = [
        Block("Manual", "heading", 1),
        Block("Crew", "heading", 2),
        Block("Two people, one cook"),
        Block("Lists", "heading", 2),
        Block("\n".join(["All of these:", *_items(40, 10)])),
    ]
    stored = [
        Passage(str(at), "document", "d", "boats.md", one.text, one.heading, one.page, one.start, one.end)
        for at, one in enumerate(passages(blocks))
    ]
    shown = sections(stored)
    assert [(one.heading, one.text) for one in shown] == [
        ("Manual", "Crew\n\nTwo people, one cook"),
        ("Manual > Lists", blocks[-1].text),
    ]


def test_10_mb_in_one_line_take_linear_time() -> None:
    for text in ("word " * 2_000_000, "x" * 10_000_000, "Ends here. " * 45_000):
        started = time.perf_counter()
        found = passages([Block(text.strip())])
        assert time.perf_counter() - started < 30
        assert max(len(one.text) for one in found) < 3_000


@given(
    st.lists(
        st.builds(
            Block,
            st.text("ab .\n;:-1", min_size=1, max_size=400).filter(str.strip).map(str.strip),
            st.sampled_from(["text", "row", "heading", "code"]),
            st.just(0),
            st.sampled_from([None, 1, 2]),
        ),
        max_size=8,
    )
)
def test_nothing_is_lost(made: list[Block]) -> None:
    blocks = [Block(one.text, one.kind, 1 if one.kind == "heading" else 0, one.page) for one in made]
    whole = text_of(blocks)
    covered = bytearray(len(whole))
    for one in passages(blocks):
        assert whole[one.start : one.end] == one.text
        covered[one.start : one.end] = b"\1" * (one.end - one.start)
    at = 0
    for block in blocks:
        if block.kind != "heading":
            lost = [block.text[i] for i in range(len(block.text)) if not covered[at + i]]
            assert not "".join(lost).strip()
        at += len(block.text) + 2
