"""Which passages a spoken sentence rests on."""

from __future__ import annotations

import pytest

from vasi.knowledge.cite import cite

PASSAGES = {
    "p1": "Ferry\nThe Kestrel takes thirty passengers and four bicycles and travels at seven knots.",
    "p2": "Ferry\nThe Heron takes 48 passengers and ten bicycles. Her usual speed is nine knots.",
    "p3": "Fees\nThe household fee is 150 crowns a year. It is due on the first of March.",
}


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
    assert cite("The Heron is fast.", {}) == []
