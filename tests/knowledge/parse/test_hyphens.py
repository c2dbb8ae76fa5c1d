"""Words that were broken at the end of a line."""

from __future__ import annotations

import pytest

from vasi.knowledge.parse.hyphens import WordJoiner

ENGLISH = frozenset(
    [
        "well",
        "known",
        "water",
        "proof",
        "waterproof",
        "insurance",
        "cutting",
        "edge",
        "over",
        "all",
        "overall",
        "mental",
    ]
)


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("contri", "bution", "contribution"),
        ("environ", "mental,", "environmental,"),
        ("water", "proof", "waterproof"),
        ("well", "known.", "well-known."),
        ("cutting", "edge", "cutting-edge"),
        ("Haupt", "straße", "Hauptstraße"),
        ("CONTRI", "BUTION", "CONTRIBUTION"),
        ("Huggins", "Daines", "Huggins-Daines"),
        ("2023", "0379;", "2023-0379;"),
        ("COVID", "19", "COVID-19"),
        ("Ein", "und Ausgang", "Ein- und Ausgang"),
        ("www.lake", "house.example", "www.lake-house.example"),
        ("fuel", "pumps", "fuel-pumps"),
        ("state-of", "the", "state-of-the"),
        ("(over", "all)", "(overall)"),
    ],
)
def test_a_hyphen_stays_only_if_it_belongs_to_the_word(first: str, second: str, joined: str) -> None:
    words = WordJoiner(["fuel-pumps", "state", "of-the"], ENGLISH.__contains__)
    assert words.join(first, second) == joined


def test_the_documents_own_words_come_before_the_dictionary() -> None:
    assert WordJoiner(["well-known"], ["wellknown"].__contains__).join("well", "known") == "well-known"
    assert WordJoiner(["wellknown"], ENGLISH.__contains__).join("well", "known") == "wellknown"


@pytest.mark.parametrize(
    ("first", "second", "mended"),
    [("insur", "ance", "insurance"), ("cutting", "edge", "cutting-edge"), ("water", "proof", "water-proof")],
)
def test_a_soft_hyphen_within_a_line_goes(first: str, second: str, mended: str) -> None:
    assert WordJoiner([], ENGLISH.__contains__).mend(first, second) == mended


def test_lines_become_a_paragraph() -> None:
    joiner = WordJoiner([], ENGLISH.__contains__)
    assert joiner.join_lines(["We pay insur-", "ance -", "cutting\u2010", "edge water\ufffe", "proof."]) == (
        "We pay insurance - cutting-edge waterproof."
    )
