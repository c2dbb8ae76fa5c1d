"""Records compared with another one, and counted by a column."""

from __future__ import annotations

import pytest

from vasi.knowledge.records import read_records
from vasi.knowledge.selection import FoundRecords, ask
from vasi.language.aggregates import asked_aggregate
from vasi.storage.ports import Passage

TENTS = """Tent: Alder; Beds: 4; Rent: 70 crowns; Meadow: North
Tent: Beech; Beds: 2; Rent: 40 crowns; Meadow: South
Tent: Cherry; Beds: 8; Rent: 120 crowns; Meadow: North
Tent: Damson; Beds: 6; Rent: 90 crowns; Meadow: North"""
SALES = """Month: May; Lamps sold: 30; Ropes sold: 12
Month: June; Lamps sold: 44; Ropes sold: 20
Month: July; Lamps sold: 51; Ropes sold: 18"""
ZELTE = """Zelt: Ahorn; Betten: 4; Miete: 70 Euro; Wiese: Nord
Zelt: Buche; Betten: 2; Miete: 40 Euro; Wiese: Süd
Zelt: Eiche; Betten: 8; Miete: 120 Euro; Wiese: Nord"""


def answer(text: str, name: str, question: str) -> FoundRecords | None:
    asked = asked_aggregate(question)
    assert asked is not None
    return ask(asked, read_records([Passage("p", "document", "d", name, text.replace("\n", "\n\n"))]))


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Which tents are cheaper than the Damson tent?", ["Alder", "Beech"]),
        ("Which tents have more beds than the Alder tent?", ["Cherry", "Damson"]),
        ("Which tents are cheaper than Alder?", ["Beech"]),
        ("Which tents have fewer beds than Alder?", ["Beech"]),
    ],
)
def test_what_is_more_or_less_than_another_record(question: str, names: list[str]) -> None:
    found = answer(TENTS, "tents.csv", question)
    assert found is not None
    assert [record.name for record in found.records] == names


def test_in_german_too() -> None:
    found = answer(ZELTE, "zelte.csv", "Welche Zelte sind billiger als das Zelt Eiche?")
    assert found is not None
    assert [record.name for record in found.records] == ["Ahorn", "Buche"]


@pytest.mark.parametrize(
    "question", ["Which tents are cheaper than the Walnut tent?", "Which tents are older than the Alder tent?"]
)
def test_what_no_record_or_column_tells_is_not_answered(question: str) -> None:
    assert answer(TENTS, "tents.csv", question) is None


@pytest.mark.parametrize(
    "question",
    ["How many tents are there on each meadow?", "How many tents per meadow?", "How many tents for every meadow?"],
)
def test_records_are_counted_by_a_column(question: str) -> None:
    found = answer(TENTS, "tents.csv", question)
    assert found is not None
    assert found.outcome == "grouped"
    assert found.groups == (("North", 3), ("South", 1))


def test_a_column_that_is_named_whole_is_summed() -> None:
    found = answer(SALES, "sales.csv", "How many lamps were sold?")
    assert found is not None
    assert (found.outcome, found.value) == ("total", 125)
