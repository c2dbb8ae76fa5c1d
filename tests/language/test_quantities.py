"""Quantities, dates and times are read in the spellings that people use."""

from __future__ import annotations

import pytest

from vasi.language.number_words import with_digits
from vasi.language.quantities import Date, date, decimal_of, number, quantity, time_of_day
from vasi.language.terms import stem, words


@pytest.mark.parametrize(
    ("text", "value"), [("9.2", 9.2), ("1,234.50", 1234.5), ("1.234,50", 1234.5), ("12,5", 12.5), ("1'200", 1200)]
)
def test_numbers_are_read_in_either_spelling(text: str, value: float) -> None:
    assert number(text) == value


def test_a_column_tells_which_mark_its_decimals_have() -> None:
    assert decimal_of(["1.250", "12,50"], "en") == ","
    assert decimal_of(["1.250", "3.5"], "de") == "."
    assert number("1.250", decimal_of(["1.250"], "de")) == 1250
    assert number("1.250", decimal_of(["1.250"], "en")) == 1.25


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.5 kg", "1500 g"),
        ("90 min", "1.5 hours"),
        ("2 km", "2000 metres"),
        ("3 Wochen", "21 days"),
        ("€5", "5 euros"),
    ],
)
def test_units_compare(one: str, other: str) -> None:
    first, second = quantity(one), quantity(other)
    assert first is not None
    assert second is not None
    assert (first.kind, first.value) == (second.kind, second.value)


def test_what_is_measured_otherwise_does_not() -> None:
    kinds = [found.kind for text in ("5 euros", "5 dollars", "5 m", "5") if (found := quantity(text))]
    assert len(set(kinds)) == 4


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("03.05.2018", Date(2018, 5, 3)),
        ("4. Oktober 2023", Date(2023, 10, 4)),
        ("Mar 3, 2024", Date(2024, 3, 3)),
        ("12 de marzo de 2024", Date(2024, 3, 12)),
        ("5/13/2024", Date(2024, 5, 13)),
        ("May 2024", Date(2024, 5)),
        ("1998", Date(1998)),
    ],
)
def test_dates_are_read(text: str, day: Date) -> None:
    found = date(text)
    assert found is not None
    assert found[0] == day


def test_a_verb_is_no_month() -> None:
    assert date("dogs may swim") is None


@pytest.mark.parametrize(("text", "minutes"), [("08:15", 495), ("7.30 pm", 1170), ("18 Uhr", 1080), ("noon", 720)])
def test_times_are_read(text: str, minutes: int) -> None:
    found = time_of_day(text)
    assert found is not None
    assert found[0] == minutes


def test_numbers_in_words_are_numbers() -> None:
    assert with_digits("twenty-five of vingt et un, treinta y cinco, noventa e dois") == "25 of 21, 35, 92"
    assert words("Twenty-five chairs") == ["25", "chairs"]
    assert stem("fünfundzwanzig", "de") == stem("ventiquattro", "it").replace("4", "5") == "25"
