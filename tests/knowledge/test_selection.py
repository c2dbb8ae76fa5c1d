"""Conditions, cells and sums over tables: true to every row, and silent where the table doesn't say it."""

from __future__ import annotations

import pytest

from tests.knowledge.test_records import passages, told
from vasi.knowledge.records import read_records

TOOLS = passages(
    (
        "Hire",
        "Tool: T-7; Name: Chain saw; Day rate: 24.50 euros; In stock: 0; Maker: Lund & Co\n\n"
        "Tool: T-8; Name: Ladder; Day rate: 9.00 euros; In stock: 12; Maker: Lund & Co\n\n"
        "Tool: T-9; Name: Cement mixer; Day rate: 61.00 euros; In stock: 2; Maker: Brandt\n\n"
        "Tool: T-11; Name: Hand drill; Day rate: 11.25 euros; In stock: 0; Maker: Okoro\n\n"
        "Tool: Total; Day rate: 105.75 euros; In stock: 14",
    ),
    document="tools.csv",
)
CREW = passages(
    (
        "Besatzung",
        "Name: Ole Vik; Dienst: Maschine; Eintritt: 03.05.2018; Gehalt: 2.450,00 €; Schwimmer: ja\n\n"
        "Name: Ute Sand; Dienst: Küche; Eintritt: 14.11.2021; Gehalt: 2.100,50 €; Schwimmer: nein\n\n"
        "Name: Per Holm; Dienst: Küche; Eintritt: 30.06.2016; Gehalt: 1.980,00 €; Schwimmer: ja\n\n"
        "Name: Summe; Gehalt: 6.530,50 €",
    ),
    document="besatzung.ods",
)
BILLS = passages(
    (
        "",
        "Date: 2024-03-02; For: Fuel; Amount: 40.00\n\nDate: 2024-03-19; For: Fuel; Amount: 35.50\n\n"
        "Date: 2024-04-01; For: Paint; Amount: 18.00\n\nDate: 2023-03-09; For: Rope; Amount: 7.00",
    ),
    document="bills.csv",
)
MIXED = passages(
    ("Offers", "Offer: Mast; Cost: 900 euros\n\nOffer: Sail; Cost: 700 dollars\n\nOffer: Pump; Cost: on request"),
    document="offers.md",
)


def names(question: str, *documents: list) -> list[str] | None:  # type: ignore[type-arg]
    found = told(question, *documents)
    return None if found is None else [record.name for record in found.records]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which tools are out of stock?", ["Chain saw (T-7)", "Hand drill (T-11)"]),
        ("Which tools are in stock?", ["Ladder (T-8)", "Cement mixer (T-9)"]),
        ("Which tools cost less than 12 euros?", ["Ladder (T-8)", "Hand drill (T-11)"]),
        ("Which tools cost between 10 and 25 euros?", ["Chain saw (T-7)", "Hand drill (T-11)"]),
        ("Which tools are not from Lund & Co?", ["Cement mixer (T-9)", "Hand drill (T-11)"]),
        ("Which tools by Lund & Co are in stock?", ["Ladder (T-8)"]),
        ("How many tools are there?", ["Chain saw (T-7)", "Ladder (T-8)", "Cement mixer (T-9)", "Hand drill (T-11)"]),
        ("How much is T-9?", ["Cement mixer (T-9)"]),
        ("What is the day rate of the hand drill?", ["Hand drill (T-11)"]),
        ("Which tools cost more than 100 euros?", []),
        ("Which tools cost less than 12 dollars?", None),
        ("Which tools are red?", None),
        ("Which boats are out of stock?", None),
    ],
)
def test_conditions_hold_for_every_row_of_the_table(question: str, expected: list[str] | None) -> None:
    assert names(question, TOOLS) == expected


def test_the_cheapest_and_the_dearest_are_told() -> None:
    assert names("Which tool is the cheapest?", TOOLS)[0] == "Ladder (T-8)"  # type: ignore[index]
    assert names("What is the most expensive tool?", TOOLS)[0] == "Cement mixer (T-9)"  # type: ignore[index]
    assert names("Which is the cheapest tool that is out of stock?", TOOLS)[0] == "Hand drill (T-11)"  # type: ignore[index]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Wer trat vor 2020 ein?", None),
        ("Wer ist vor 2020 eingetreten?", ["Ole Vik", "Per Holm"]),
        ("Wer verdient mehr als 2.100,00 Euro?", ["Ole Vik", "Ute Sand"]),
        ("Wer arbeitet in der Küche?", ["Ute Sand", "Per Holm"]),
        ("Welche Mitarbeiter sind nicht in der Küche?", ["Ole Vik"]),
        ("Who earns less than 2,000 euros?", ["Per Holm"]),
    ],
)
def test_conditions_are_understood_in_the_language_of_the_table(question: str, expected: list[str] | None) -> None:
    assert names(question, CREW) == expected


def test_who_is_first_is_told_by_dates_and_who_has_most_by_numbers() -> None:
    assert names("Wer verdient am meisten?", CREW)[0] == "Ole Vik"  # type: ignore[index]
    assert names("Wer ist zuletzt eingetreten?", CREW)[0] == "Ute Sand"  # type: ignore[index]
    assert names("Who earns the least?", CREW)[0] == "Per Holm"  # type: ignore[index]


def test_rows_of_totals_are_no_records() -> None:
    (crew,) = read_records(CREW)
    assert [record.name for record in crew.records] == ["Ole Vik", "Ute Sand", "Per Holm"]
    found = told("What is the average Gehalt?", CREW)
    assert found is not None
    assert found.value == pytest.approx(2176.83, abs=0.01)


def test_what_was_spent_is_summed_under_its_conditions() -> None:
    found = told("How much did we spend on fuel in March 2024?", BILLS)
    assert found is not None
    assert (found.outcome, found.column, found.value) == ("total", "Amount", 75.5)
    assert told("How much did we spend on wine?", BILLS) is None


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("How much did we spend in March?", BILLS),  # of which year?
        ("What is the total cost of the offers?", MIXED),  # euros, dollars, and none
    ],
)
def test_what_can_not_be_summed_is_shown_instead(question: str, document: list) -> None:  # type: ignore[type-arg]
    found = told(question, document)
    assert found is not None
    assert (found.outcome, found.value) == ("unclear", None)
    assert len(found.records) == 3


def test_a_total_that_the_table_states_otherwise_is_not_made_up() -> None:
    table = passages(
        ("Harvest", "Plot: A; Sacks: 4\n\nPlot: B; Sacks: 5\n\nPlot: Total; Sacks: 12"), document="harvest.md"
    )
    found = told("How many sacks are there in total?", table)
    assert found is not None
    assert found.outcome == "unclear"


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("Is the ladder in stock?", "yes"),
        ("Is the chain saw in stock?", "no"),
        ("Is the chain saw out of stock?", "yes"),
        ("Does the ladder cost less than 10 euros?", "yes"),
        ("Does the ladder cost more than 10 euros?", "no"),
        ("Is the ladder painted?", None),
        ("Is the tractor in stock?", None),
    ],
)
def test_yes_and_no_are_told_by_the_row_that_is_named(question: str, outcome: str | None) -> None:
    found = told(question, TOOLS)
    assert (found.outcome if found else None) == outcome


def test_thousands_are_read_in_the_language_of_the_question() -> None:
    found = told("Wer verdient mehr als 2.400 Euro?", CREW)
    assert found is not None
    assert [record.name for record in found.records] == ["Ole Vik"]
