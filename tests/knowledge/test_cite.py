"""Which passages a spoken sentence rests on."""

from __future__ import annotations

import pytest

from vasi.knowledge.cite import CitablePassage, cite

PASSAGES = [
    CitablePassage(
        "p1",
        "The Kestrel takes thirty passengers and four bicycles and travels at seven knots.",
        "Ferry",
        "crew.md",
        "a",
    ),
    CitablePassage(
        "p2", "The Heron takes 48 passengers and ten bicycles. Her usual speed is nine knots.", "Ferry", "crew.md", "a"
    ),
    CitablePassage(
        "p3", "The household fee is 150 crowns a year. It is due on the first of March.", "Fees", "fee-list.pdf", "b"
    ),
]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The Kestrel takes 30 passengers.", ["p1"]),
        ("According to the crew manual, the Heron can take 48 passengers.", ["p2"]),
        ("A household pays a fee of one hundred fifty crowns each year.", ["p3"]),
        ("I could not find that in your documents.", []),
        ("You're welcome!", []),
        ("Sure, one moment.", []),
        ("The household fee is 90 crowns.", []),
        ("", []),
    ],
)
def test_citations(sentence: str, expected: list[str]) -> None:
    assert cite(sentence, PASSAGES) == expected


def test_nothing_to_cite() -> None:
    assert cite("The Heron is fast.", []) == []


@pytest.mark.parametrize(
    "sentence", ["That is from the fee list, page 3.", "It stands in the fee list, pages 1 and 3.", "In the fee list."]
)
def test_what_names_a_source_rests_on_nothing(sentence: str) -> None:
    assert cite(sentence, PASSAGES) == []


@pytest.mark.parametrize(
    "sentence",
    ["I could not find that in your documents.", "I found nothing about the fee of a second household on the Kestrel."],
)
def test_what_says_that_it_is_not_there_rests_on_nothing(sentence: str) -> None:
    assert cite(sentence, PASSAGES, found=False) == []
    assert cite("The household fee is 150 crowns a year.", PASSAGES, found=False) == ["p3"]


def test_of_passages_that_overlap_one_is_cited() -> None:
    first = CitablePassage("q1", "Ring the bell twice. Then wait for the green lamp.", source_id="c", start=0, end=50)
    second = CitablePassage("q2", "Then wait for the green lamp. Close the gate.", source_id="c", start=21, end=66)
    elsewhere = CitablePassage("q3", "Then wait for the green lamp.", source_id="d", start=21, end=50)
    assert cite("Then wait for the green lamp.", [first, second, elsewhere]) == ["q1", "q3"]


def test_what_stands_word_for_word_in_one_passage_rests_on_that_alone() -> None:
    quoted = CitablePassage("q1", "The pool opens at nine and closes at seven in winter.", source_id="c", end=50)
    similar = CitablePassage("q2", "In winter the pool closes at seven and opens at nine.", source_id="d", end=50)
    assert cite("The pool opens at nine and closes at seven in winter.", [similar, quoted]) == ["q1"]
