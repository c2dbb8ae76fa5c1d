"""How documents are cut."""

from __future__ import annotations

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from vasi.knowledge.parse.blocks import Block
from vasi.knowledge.passages import OVERLAP, WORDS, passages

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
            st.text("ab .\n;:", min_size=1, max_size=400).filter(str.strip).map(str.strip),
            st.sampled_from(["text", "row", "heading"]),
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
