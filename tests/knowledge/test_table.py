"""Tables as records: what belongs to which column, whatever the table looks like."""

from __future__ import annotations

import time

import pytest

from vasi.knowledge.parse import delimited
from vasi.knowledge.parse.blocks import Block
from vasi.knowledge.parse.grid import Cell
from vasi.knowledge.parse.table import records, table


def texts(blocks: list[Block]) -> list[str]:
    return [block.text for block in blocks]


def drawn(lines: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in lines.strip().split("\n")]


def wide(text: str, columns: int) -> Cell:
    return Cell(text, columns=columns)


def tall(text: str, rows: int) -> Cell:
    return Cell(text, rows=rows)


# --- spans ----------------------------------------------------------------------------------------------------------
def test_a_cell_over_two_columns_belongs_to_both() -> None:
    rows = [
        [Cell("Court"), Cell("Morning"), Cell("Evening")],
        [Cell("Squash"), Cell("8 euros"), Cell("12 euros")],
        [Cell("Tennis"), wide("15 euros all day", 2)],
    ]
    assert texts(records(rows)) == [
        "Court: Squash; Morning: 8 euros; Evening: 12 euros",
        "Court: Tennis; Morning: 15 euros all day; Evening: 15 euros all day",
    ]


def test_a_label_over_several_rows_belongs_to_each() -> None:
    rows = [
        [Cell("Line"), Cell("Direction"), Cell("First bus")],
        [tall("14", 2), Cell("Harbour"), Cell("05:10")],
        [Cell("Airport"), Cell("05:25")],
        [Cell("15"), Cell("Zoo"), Cell("06:00")],
    ]
    assert texts(records(rows))[1] == "Line: 14; Direction: Airport; First bus: 05:25"


def test_header_rows_are_joined() -> None:
    rows = [
        [tall("Ward", 2), wide("Visitors", 2), tall("Beds", 2)],
        [Cell("Weekday"), Cell("Weekend")],
        [Cell("North"), Cell("14:00"), Cell("10:00"), Cell("30")],
        [Cell("South"), Cell("15:00"), Cell("11:00"), Cell("24")],
    ]
    assert texts(records(rows))[0] == "Ward: North; Visitors Weekday: 14:00; Visitors Weekend: 10:00; Beds: 30"


def test_names_that_a_sheet_writes_once_reach_to_the_right() -> None:
    lines = "|2023||2024|\nItem|Qty|Sum|Qty|Sum\nRope|3|30|4|40\nTar|1|10|2|20"
    assert texts(table(drawn(lines)))[1] == "Item: Tar; 2023 Qty: 1; 2023 Sum: 10; 2024 Qty: 2; 2024 Sum: 20"


def test_units_below_the_names_are_part_of_them() -> None:
    lines = "Boat|Length|Weight\n|(m)|(kg)\nHeron|9.2|1200\nTern|7|800"
    assert texts(table(drawn(lines)))[0] == "Boat: Heron; Length (m): 9.2; Weight (kg): 1200"


@pytest.mark.parametrize("far", [10**9, 65_000])
def test_spans_without_end_are_cut(far: int) -> None:
    started = time.perf_counter()
    blocks = records([[Cell("a" * 500, far, far), Cell("b")], *([Cell(str(at))] for at in range(3_000))])
    assert sum(len(block.text) for block in blocks) < 20_000_000
    assert time.perf_counter() - started < 10


def test_a_long_text_beside_many_rows_is_not_repeated_whole() -> None:
    rows = [[Cell("Note"), Cell("Number")], [tall("word " * 50_000, 1_000), Cell("0")]]
    rows += [[Cell(str(at))] for at in range(1, 1_000)]
    assert sum(len(block.text) for block in records(rows)) < 1_000_000


# --- rows with one cell ---------------------------------------------------------------------------------------------
def test_title_rows_are_the_caption_of_all_rows() -> None:
    rows = [
        [wide("Entrance fees from May", 3)],
        [Cell("Visitor"), Cell("Day"), Cell("Year")],
        [Cell("Adult"), Cell("9 euros"), Cell("60 euros")],
        [Cell("Child"), Cell("4 euros"), Cell("25 euros")],
        [wide("Children under six pay nothing.", 3)],
    ]
    caption = "Entrance fees from May"
    assert records(rows) == [
        Block(caption, caption=caption),
        Block("Visitor: Adult; Day: 9 euros; Year: 60 euros", "row", caption=caption),
        Block("Visitor: Child; Day: 4 euros; Year: 25 euros", "row", caption=caption),
        Block("Children under six pay nothing.", caption=caption),
    ]


def test_what_labels_a_group_of_rows_is_part_of_each() -> None:
    lines = "Item|Qty|Price\nFood||\nBread|2|3.00\nMilk|1|1.00\nDrinks||\nTea|1|2.00\nTotal||6.00"
    assert texts(table(drawn(lines))) == [
        "Item: Food, Bread; Qty: 2; Price: 3.00",
        "Item: Food, Milk; Qty: 1; Price: 1.00",
        "Item: Drinks, Tea; Qty: 1; Price: 2.00",
        "Item: Total; Price: 6.00",
    ]


def test_a_key_that_is_left_out_below_itself_is_filled_but_not_into_totals() -> None:
    lines = "Hall|Day|Price\nLarge|Weekday|100\n|Weekend|180\nSmall|Weekday|60\n|Total|340"
    assert texts(table(drawn(lines)))[1::2] == ["Hall: Large; Day: Weekend; Price: 180", "Day: Total; Price: 340"]


def test_names_that_are_repeated_on_the_next_page_are_left_out() -> None:
    lines = "Plot|Tenant|Rent\n1|Sato|20\n2|Mwangi|25\nPlot|Tenant|Rent\n3|Novak|25"
    assert texts(table(drawn(lines)))[2:] == ["Plot: 3; Tenant: Novak; Rent: 25"]


# --- tables without a row of names ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "lines",
    [
        "Applicant|Mira Sato\nMember since|3 May 2019\nLocker|C 17\nTelephone|030 555 019",
        "Serial number|AX-4471\nBuilt|1998\nEngine|diesel",
        "Owner:|Lena Brandt\nInsurance:|none\nBerth:|A14",
        "Name|Olga\nPhone|0221 555 014\nFax|0221 555 015\nMobile|0171 555 016",
    ],
)
def test_labels_and_values_are_fields(lines: str) -> None:
    expected = "\n".join(f"{label.rstrip(':')}: {value}" for label, value in drawn(lines))
    assert table(drawn(lines)) == [Block(expected)]


def test_fields_may_stand_in_pairs_side_by_side() -> None:
    lines = "Invoice no.|4711|Date|3 May 2024\nCustomer|Bo Lund|Due date|3 June 2024\nTotal|45.00 EUR|VAT|19%"
    assert table(drawn(lines))[0].text.split("\n")[2:4] == ["Customer: Bo Lund", "Due date: 3 June 2024"]


def test_a_row_over_both_columns_heads_the_fields_below_it() -> None:
    rows = [
        [wide("Applicant", 2)],
        [Cell("Name:"), Cell("Mira Sato")],
        [wide("Landlord", 2)],
        [Cell("Name:"), Cell("Jan Vos")],
    ]
    assert texts(records(rows)) == ["Applicant", "Name: Mira Sato", "Landlord\nName: Jan Vos"]


@pytest.mark.parametrize(
    ("lines", "first"),
    [
        ("Kind|Fee\nFull|90 crowns\nYouth|25 crowns", "Kind: Full; Fee: 90 crowns"),
        ("Name|Phone\nOlga|0221 555 014\nBo|0221 555 015", "Name: Olga; Phone: 0221 555 014"),
        ("Day|Hours\nMonday|9:00-17:00\nSaturday|10:00-13:00", "Day: Monday; Hours: 9:00-17:00"),
        ("City|2023\nOslo|709,000\nBergen|289,000", "City: Oslo; 2023: 709,000"),
        (
            "Term|Meaning\nMTTR|the mean time that it takes to repair something\nSLA|what the two sides agreed upon",
            "Term: MTTR; Meaning: the mean time that it takes to repair something",
        ),
    ],
)
def test_two_columns_with_names_are_no_fields(lines: str, first: str) -> None:
    assert texts(table(drawn(lines)))[0] == first


def test_values_above_values_of_the_same_kind_are_no_names() -> None:
    lines = "Anna Berg|12|Oslo\nBo Lund|14|Bergen\nCy Dahl|9|Voss"
    assert texts(table(drawn(lines)))[0] == "Anna Berg; 12; Oslo"


def test_years_above_amounts_are_names() -> None:
    lines = "|2023|2024\nRevenue|5,000|6,000\nProfit|1,100|1,300"
    assert texts(table(drawn(lines)))[0] == "Revenue; 2023: 5,000; 2024: 6,000"


def test_things_side_by_side_with_their_properties_below_are_turned() -> None:
    lines = "|Basic|Pro\nPrice|$10|$20\nStorage|5 GB|50 GB\nSupport|e-mail only|telephone"
    assert texts(table(drawn(lines))) == [
        "Basic; Price: $10; Storage: 5 GB; Support: e-mail only",
        "Pro; Price: $20; Storage: 50 GB; Support: telephone",
    ]


def test_marks_decide_where_a_format_has_them() -> None:
    named = [[Cell("City", is_header=True), Cell("Twin", is_header=True)], [Cell("Kiel"), Cell("Vaasa")]]
    assert texts(records(named)) == ["City: Kiel; Twin: Vaasa"]
    labelled = [[Cell("City", is_header=True), Cell("Kiel")], [Cell("Twin", is_header=True), Cell("Vaasa")]]
    assert texts(records(labelled)) == ["City: Kiel\nTwin: Vaasa"]


def test_cells_that_arrange_a_page_are_text() -> None:
    left, right = "The left column tells a story. " * 30, "The right column tells another one. " * 30
    assert texts(table([[left, right]])) == [left.strip(), right.strip()]


def test_what_parts_cells_stands_between_cells_only() -> None:
    lines = "Room|Notes: open\nB1|blinds; lamp: new;\nB2|none"
    assert texts(records([[Cell(text) for text in row] for row in drawn(lines)], is_headed=True)) == [
        "Room: B1; Notes open: blinds, lamp: new",
        "Room: B2; Notes open: none",
    ]


def test_empty_columns_and_tables_are_nothing() -> None:
    assert texts(table(drawn("Kind||Fee|\nFull||90|\nYouth||25|"))) == ["Kind: Full; Fee: 90", "Kind: Youth; Fee: 25"]
    assert table([["", " "], []]) == []
    assert texts(table([["left", "right"]])) == ["left right"]


# --- CSV ------------------------------------------------------------------------------------------------------------
def test_csv_with_titles_and_several_tables() -> None:
    parsed = delimited.parse(
        "Regatta 2024,,\nAs of: 3 May,,\n\nBoat,Class,Points\nTern,A,12\nGull,B,9\n\n"
        "Sailor,Born,Boat\nIda,1990,Tern\nOve,1984,Gull\n\nSource: the harbour office.,,\n"
    )
    assert [(block.caption, block.text) for block in parsed.blocks] == [
        ("Regatta 2024, As of: 3 May", "Regatta 2024\nAs of: 3 May"),
        ("Regatta 2024, As of: 3 May", "Boat: Tern; Class: A; Points: 12"),
        ("Regatta 2024, As of: 3 May", "Boat: Gull; Class: B; Points: 9"),
        ("", "Sailor: Ida; Born: 1990; Boat: Tern"),
        ("", "Sailor: Ove; Born: 1984; Boat: Gull"),
        ("", "Source: the harbour office."),
    ]


@pytest.mark.parametrize(
    ("source", "first"),
    [
        ("1,Anna,2024-01-01\n2,Bo,2024-02-01\n", "1; Anna; 2024-01-01"),
        ("country;capital\nFrance;Paris\nSpain;Madrid\n", "country: France; capital: Paris"),
        ("Name;Bo\nPhone;0221 1234\nCity;Oslo\n", "Name: Bo\nPhone: 0221 1234\nCity: Oslo"),
        ("Prices, as of May\nKind;Fee\nFull;90\nYouth;25\n", "Prices, as of May"),
    ],
)
def test_csv_by_what_stands_in_it(source: str, first: str) -> None:
    assert delimited.parse(source).blocks[0].text == first


def test_50_000_rows_take_a_moment() -> None:
    source = "id,name,amount\n" + "".join(f"{at},Person {at},{at * 3}.50\n" for at in range(50_000))
    started = time.perf_counter()
    assert len(delimited.parse(source).blocks) == 50_000
    assert time.perf_counter() - started < 20
