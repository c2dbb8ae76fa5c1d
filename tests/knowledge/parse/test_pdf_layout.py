"""Where PDF text stands on the page decides in which order it is read."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.knowledge.parse.pdfs import Page, pdf
from vasi.knowledge.parse.blocks import Block
from vasi.knowledge.parse.pdf import parse

LEFT = [
    "The north gate opens at six and",
    "closes at ten at night. Bicycles",
    "are kept behind the boiler house,",
    "next to the old well.",
]
MIDDLE = [
    "The canteen serves soup on every",
    "day and fish on Fridays. Guests",
    "pay five euros for a meal, which",
    "they fetch themselves.",
]
RIGHT = [
    "Parcels are taken in by the porter",
    "until noon. Large ones go to the",
    "yard, where Mr Hahn signs for",
    "them with a green pen.",
]

Draw = Callable[[Page, float, Sequence[tuple[float, Sequence[str]]]], Page]


def read(*pages: Page) -> list[Block]:
    return parse(pdf(pages), 100, 1_000_000).blocks


def texts(*pages: Page) -> list[str]:
    return [block.text for block in read(*pages)]


def by_row(page: Page, top: float, columns: Sequence[tuple[float, Sequence[str]]]) -> Page:
    for at in range(max(len(lines) for _, lines in columns)):
        for x, lines in columns:
            if at < len(lines):
                page.text(x, top - 14 * at, lines[at])
    return page


def by_column(page: Page, top: float, columns: Sequence[tuple[float, Sequence[str]]]) -> Page:
    for x, lines in columns:
        page.lines(x, top, lines)
    return page


@pytest.mark.parametrize("draw", [by_row, by_column])
@pytest.mark.parametrize("xs", [(60, 330), (40, 225, 410)])
def test_columns_are_read_one_after_the_other(draw: Draw, xs: tuple[float, ...]) -> None:
    columns = list(zip(xs, (LEFT, MIDDLE, RIGHT), strict=False))
    assert texts(draw(Page(), 700, columns)) == [" ".join(lines) for _, lines in columns]


def test_full_width_text_stands_between_columns() -> None:
    wide = "All of this was agreed upon at the meeting of the house in the long and dark winter of last year."
    page = by_row(Page(), 700, [(60, LEFT), (330, MIDDLE)]).text(60, 620, wide)
    by_row(page, 580, [(60, RIGHT), (330, LEFT)])
    assert texts(page) == [" ".join(LEFT), " ".join(MIDDLE), wide, " ".join(RIGHT), " ".join(LEFT)]


def test_columns_need_not_share_their_lines() -> None:
    page = Page().lines(60, 700, LEFT * 2, step=13).lines(330, 694, MIDDLE * 2, step=15.5)
    assert " ".join(texts(page)) == " ".join([*LEFT * 2, *MIDDLE * 2])


def test_a_paragraph_goes_on_in_the_next_column() -> None:
    right = ["and so it goes on until the end of", *RIGHT]
    page = by_row(Page(), 700, [(60, [*LEFT[:3], "next to the old well in the yard"]), (330, right)])
    assert texts(page) == [" ".join([*LEFT[:3], "next to the old well in the yard", *right])]


def test_a_turned_page_is_read_upright() -> None:
    page = Page(rotate=90)
    for at, (left, right) in enumerate(zip(LEFT, MIDDLE, strict=True)):
        page.turned(100 + at * 14, 60, left).turned(100 + at * 14, 330, right)
    assert texts(page) == [" ".join(LEFT), " ".join(MIDDLE)]


def test_text_that_is_turned_comes_after_the_rest() -> None:
    assert texts(Page().turned(30, 300, "Printed in May").lines(60, 700, LEFT)) == [" ".join(LEFT), "Printed in May"]


@pytest.mark.parametrize(
    ("before", "mark", "after", "expected"),
    [
        ("The annual fee is 75", "2", "euros per household.", "The annual fee is 75 euros per household."),
        ("The hall has 120 m", "2", "and a stage.", "The hall has 120 m² and a stage."),
        ("It opens on the 1", "st", "of May.", "It opens on the 1st of May."),
    ],
)
def test_marks_above_the_line(before: str, mark: str, after: str, expected: str) -> None:
    width = {"The annual fee is 75": 100, "The hall has 120 m": 94, "It opens on the 1": 83.5}[before]
    page = Page().text(60, 700, before).text(60 + width, 704, mark, 6).text(60 + width + 10, 700, after)
    assert texts(page.text(60, 672, "It was agreed upon in the autumn, by all of those who were there.")) == [
        expected,
        "It was agreed upon in the autumn, by all of those who were there.",
    ]


def test_letters_that_are_set_apart() -> None:
    page = Page().text(60, 700, "INVOICE", spacing=8)
    assert texts(page.text(60, 650, "For three boats.")) == ["INVOICE", "For three boats."]


def test_ligatures_are_letters() -> None:
    codes = {ord("a"): "\ufb03", ord("b"): "\ufb01"}
    page = Page().text(60, 700, "The e").text(90, 700, "a", font="F3").text(100, 700, "ciency")
    assert "e" in parse(pdf([page], to_unicode=codes), 10, 1_000).blocks[0].text
    assert "ffi" in parse(pdf([page], to_unicode=codes), 10, 1_000).blocks[0].text


def test_right_to_left() -> None:
    codes = {ord("a") + at: letter for at, letter in enumerate("שלוםעכבר")}
    # Drawn from left to right, as they are seen: the last letter first.
    page = Page().text(60, 700, "hgf", font="F3").text(90, 700, "Python").text(140, 700, "dcba", font="F3")
    (block,) = parse(pdf([page], to_unicode=codes), 10, 1_000).blocks
    assert block.text == "שלום Python כבר"


@given(
    words=st.lists(
        st.tuples(st.integers(0, 7), st.integers(0, 30), st.sampled_from([8, 11, 16])),
        unique_by=lambda word: (word[0], word[1]),
        min_size=1,
        max_size=60,
    )
)
@settings(max_examples=40, deadline=None)
def test_every_word_of_a_page_is_read_once(words: list[tuple[int, int, int]]) -> None:
    page = Page()
    names = [f"w{chr(97 + at // 26)}{chr(97 + at % 26)}x" for at in range(len(words))]
    for name, (column, line, size) in zip(names, words, strict=True):
        page.text(40 + column * 68, 740 - line * 22, name, size)
    # Cells of a table are told with the names of their columns, which so come again.
    found = " ".join(block.text for block in read(page) if block.kind != "row").replace("\n", " ").split()
    assert sorted(found) == sorted(names)


def test_a_page_with_thousands_of_words_and_rules_takes_no_minute() -> None:
    page = Page()
    for at in range(3_000):
        page.text(at * 37 % 600, at * 0.26, "x", 4).rule(at % 600, 10, at % 600, 700).rule(10, at % 780, 600, at % 780)
    started = time.process_time()
    # A few lie upon each other, and are taken for one that is drawn twice.
    assert sum(text.count("x") for text in texts(page)) > 2_900
    assert time.process_time() - started < 20
