"""How words and numbers sound."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vasi.language.letters import sound_out
from vasi.language.numerals import cardinal, ordinal, spoken
from vasi.language.phonetics import CLASSES, phones, sound_terms, sounds


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1000", "one thousand"),
        ("1,000", "one thousand"),
        ("$35", "thirty five dollars"),
        ("$2.50", "two dollars fifty cents"),
        ("$2.00", "two dollars"),
        ("£1.5 million", "one point five million pounds"),
        ("35%", "thirty five percent"),
        ("3.14", "three point one four"),
        ("in 2026", "in twenty twenty six"),
        ("in 1905", "in nineteen oh five"),
        ("2,026 pages", "two thousand twenty six pages"),
        ("in 1900", "in nineteen hundred"),
        ("2005", "two thousand five"),
        ("1,900", "one thousand nine hundred"),
        ("$1500", "one thousand five hundred dollars"),
        ("30 °C", "thirty degrees C"),
        ("1234567", "one two three four five six seven"),
        ("9:30", "nine thirty"),
        ("10:00 or 9:05", "ten or nine oh five"),
        ("the 1st, 22nd and 30th", "the first , twenty second and thirtieth"),
        ("0800", "zero eight zero zero"),
        ("24/7", "twenty four / seven"),
        ("12,500,001", "twelve million five hundred thousand one"),
        ("no numbers", "no numbers"),
        ("٣", "٣"),
    ],
)
def test_numbers_are_said(written: str, said: str) -> None:
    assert spoken(written).split() == said.split()


def test_cardinals_and_ordinals() -> None:
    assert [cardinal(n) for n in (0, 13, 20, 21, 100, 110, 1_000_000)] == [
        "zero",
        "thirteen",
        "twenty",
        "twenty one",
        "one hundred",
        "one hundred ten",
        "one million",
    ]
    assert [ordinal(n) for n in (1, 2, 3, 5, 9, 12, 20, 100, 101)] == [
        "first",
        "second",
        "third",
        "fifth",
        "ninth",
        "twelfth",
        "twentieth",
        "one hundredth",
        "one hundred first",
    ]


@given(st.text(alphabet=st.characters(codec="utf-8")) | st.from_regex(r"[$€£]?\d{1,20}([.,]\d+)*(st|th|%)?"))
def test_no_digit_is_left_unsaid(text: str) -> None:
    assert not re.search(r"[0-9]", spoken(text))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("copay", "K OW P EY"),
        ("ship", "SH IH P"),
        ("knife", "N AY F"),
        ("phone", "F OW N"),
        ("night", "N AY T"),
        ("nation", "N EY SH AH N"),
        ("judge", "JH AH JH"),
        ("quick", "K W IH K"),
        ("writing", "R AY T IH NG"),
        ("check", "CH EH K"),
        ("city", "S IH T IY"),
        ("blessed", "B L EH S T"),
        ("wanted", "W AA N T IH D"),
        ("café", "K AE F EY"),
        ("o'clock", "AA K L AA K"),
    ],
)
def test_letters_become_sounds(word: str, expected: str) -> None:
    assert " ".join(sound_out(word)) == expected


def test_a_dictionary_comes_before_the_rules() -> None:
    dictionary = {"contoso": ["K", "AH0", "N", "T", "OW1", "S", "OW0"]}
    assert phones("contoso", dictionary) == ("K", "AH", "N", "T", "OW", "S", "OW")
    assert phones("ship", dictionary) == phones("ship") == ("SH", "IH", "P")


def test_words_without_vowels_are_spelled() -> None:
    assert phones("nfl") == ("EH", "N", "EH", "F", "EH", "L")


@pytest.mark.parametrize(
    ("one", "other"),
    [("knight", "night"), ("phish", "fish"), ("cot", "caught"), ("bat", "pad"), ("ladder", "latter"), ("cee", "sea")],
)
def test_what_is_confused_folds_together(one: str, other: str) -> None:
    assert sounds(one) == sounds(other) != ""


def test_there_are_about_twenty_classes() -> None:
    assert len(set(CLASSES.values())) == 19


def test_grams_run_across_words() -> None:
    assert set(sound_terms("co pay")) & set(sound_terms("copay")) == {"kope"}
    assert sound_terms("the copay") == ["kope", "0kope"]  # stop words are silent
    assert sound_terms("tea") == ["0ti"]
    assert sound_terms("") == sound_terms("?!") == []


def test_written_and_spoken_numbers_sound_alike() -> None:
    assert sound_terms("$35") == sound_terms("thirty five dollars")
    assert sound_terms("1,000 dollars") == sound_terms("$1000") == sound_terms("one thousand dollars")


@given(st.text())
def test_sounds_of_any_text_are_safe_terms(text: str) -> None:
    assert all(re.fullmatch(r"0?[a-z]+", term) for term in sound_terms(text))
