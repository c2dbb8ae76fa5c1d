"""The words that decide which answer is right."""

from __future__ import annotations

import pytest

from vasi.language.deciding import as_phrases, asked_words, stands_in
from vasi.language.terms import stems


def kinds(question: str) -> dict[str, str]:
    return {word.text: word.kind for word in asked_words(question)}


def test_names_numbers_and_codes_are_told_from_words() -> None:
    assert kinds("How much is the Alder lease for 2024 under KX-7?") == {
        "much": "word",
        "Alder": "name",
        "lease": "word",
        "2024": "number",
        "KX-7": "name",
    }
    assert kinds("Which ferry does Ida's brother take?")["Ida"] == "name"
    assert kinds("Ferries leave when?")["Ferries"] == "word"


@pytest.mark.parametrize(
    ("asked", "text", "there"),
    [
        ("30", "thirty days", True),
        ("1,500", "It weighs 1500 kilos", True),
        ("120", "one hundred twenty members", True),
        ("2024", "in 2023", False),
        ("lease", "All leases end in May.", True),
    ],
)
def test_a_word_stands_in_a_text_in_any_spelling(asked: str, text: str, there: bool) -> None:
    (word,) = asked_words(asked)
    assert stands_in(word, stems(text)) is there


def test_missing_words_side_by_side_are_one_phrase() -> None:
    asked = asked_words("Does the harbour club insure rowing boats in winter?")
    chosen = [word for word in asked if word.text in ("rowing", "boats", "winter")]
    assert as_phrases(chosen) == ("rowing boats", "winter")
    assert as_phrases(asked_words("the co-pay")) == ("co-pay",)
