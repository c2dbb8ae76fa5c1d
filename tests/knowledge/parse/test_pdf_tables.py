"""Tables of PDFs: ruled, or only aligned."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.knowledge.parse.pdfs import Page, pdf
from vasi.knowledge.parse.blocks import Block
from vasi.knowledge.parse.pdf import parse

PRICES = [
    ("Article", "Stock", "Place", "Price"),
    ("Hose 20 m", "14", "A 3", "42.00"),
    ("Valve DN 50", "", "B 1", "19.90"),
    ("Pump", "3", "", "880.00"),
    ("Gasket set", "120", "C 9", "6.50"),
]
RECORDS = [
    "Article: Hose 20 m; Stock: 14; Place: A 3; Price: 42.00",
    "Article: Valve DN 50; Place: B 1; Price: 19.90",
    "Article: Pump; Stock: 3; Price: 880.00",
    "Article: Gasket set; Stock: 120; Place: C 9; Price: 6.50",
]
XS = (60, 200, 300, 400)
PROSE = "The stock of the workshop is counted twice a year, in spring and in autumn, by two people together."

LONGER = [
    "Whoever takes something out writes it down at once, with the day, and tells the treasurer when little is left,",
    "so that nobody stands before an empty shelf on a Saturday night in November, far from any shop that is open.",
]


def read(*pages: Page) -> list[Block]:
    return parse(pdf(pages), 100, 1_000_000).blocks


def rows_of(*pages: Page) -> list[str]:
    return [block.text for block in read(*pages) if block.kind == "row"]


def draw(page: Page, rows: Sequence[Sequence[str]], xs: Sequence[float], top: float, step: float = 18) -> Page:
    for at, cells in enumerate(rows):
        for x, cell in zip(xs, cells, strict=True):
            if cell:
                page.text(x, top - at * step, cell)
    return page


def grid(page: Page, xs: Sequence[float], ys: Sequence[float]) -> Page:
    for x in xs:
        page.rule(x, ys[0], x, ys[-1])
    for y in ys:
        page.rule(xs[0], y, xs[-1], y)
    return page


def test_an_aligned_table_becomes_records_between_the_text_around_it() -> None:
    page = draw(Page().text(60, 740, PROSE), PRICES, XS, 700).text(60, 590, PROSE)
    assert [(block.kind, block.text) for block in read(page)] == [
        ("text", PROSE),
        *(("row", record) for record in RECORDS),
        ("text", PROSE),
    ]


def test_a_table_drawn_column_by_column_is_the_same() -> None:
    page = Page()
    for x, cells in zip(XS, zip(*PRICES, strict=True), strict=True):
        for at, cell in enumerate(cells):
            page.text(x, 700 - at * 18, cell)
    assert rows_of(page) == RECORDS


def test_a_ruled_table_has_its_wrapped_cells_whole() -> None:
    page = grid(Page(), (55, 195, 395, 500), (715, 690, 645, 600))
    page.text(60, 698, "Case").text(200, 698, "What is done").text(400, 698, "Who")
    page.text(60, 675, "Fire").lines(200, 675, ["Ring the bell, then leave the", "building by the nearest door."])
    page.text(400, 675, "Everybody").text(60, 630, "Water").lines(
        200, 630, ["Close the main valve in the", "cel-", "lar."]
    )
    page.text(400, 630, "Mr Hahn")
    assert rows_of(page) == [
        "Case: Fire; What is done: Ring the bell, then leave the building by the nearest door.; Who: Everybody",
        "Case: Water; What is done: Close the main valve in the cellar.; Who: Mr Hahn",
    ]


def test_a_cell_that_spans_columns_names_both() -> None:
    page = grid(Page(), (55, 150), (715, 690, 665, 640, 615))
    page.rule(250, 690, 250, 615).rule(350, 715, 350, 615)
    for y in (715, 690, 665, 640, 615):
        page.rule(150, y, 350, y)
    page.text(200, 698, "Opening").text(60, 673, "Day").text(160, 673, "from").text(260, 673, "until")
    page.text(60, 648, "Monday").text(160, 648, "9:00").text(260, 648, "17:00")
    page.text(60, 623, "Friday").text(160, 623, "10:00").text(260, 623, "12:30")
    assert rows_of(page) == [
        "Day: Monday; Opening from: 9:00; Opening until: 17:00",
        "Day: Friday; Opening from: 10:00; Opening until: 12:30",
    ]


def test_rows_without_rules_between_them_are_rows() -> None:
    page = grid(Page(), (55, 195, 295, 395), (715, 695, 600))
    draw(page, [("Duck", "Number", "Price")], (60, 200, 300), 700)
    draw(page, [("yellow", "5", "2.00"), ("pink", "4", "15.00"), ("blue", "6", "5.00")], (60, 200, 300), 680, 16)
    assert rows_of(page) == [
        "Duck: yellow; Number: 5; Price: 2.00",
        "Duck: pink; Number: 4; Price: 15.00",
        "Duck: blue; Number: 6; Price: 5.00",
    ]


def test_bookings_of_several_lines_are_one_record_each() -> None:
    page = draw(Page(), [("Date", "Text", "Amount")], (60, 150, 450), 700)
    for at, (date, lines, amount) in enumerate(
        [
            ("01.12.14", ["FEE", "Quarterly statement"], "-2.50"),
            ("02.12.14", ["DEBIT", "Harbour office", "Berth 12"], "-18.60"),
            ("08.12.14", ["TRANSFER", "Reinhold Zwack"], "150.00"),
        ]
    ):
        page.text(60, 670 - at * 60, date).lines(150, 670 - at * 60, lines, step=13).text(450, 670 - at * 60, amount)
    assert rows_of(page) == [
        "Date: 01.12.14; Text: FEE Quarterly statement; Amount: -2.50",
        "Date: 02.12.14; Text: DEBIT Harbour office Berth 12; Amount: -18.60",
        "Date: 08.12.14; Text: TRANSFER Reinhold Zwack; Amount: 150.00",
    ]


def test_names_over_groups_of_columns() -> None:
    page = Page().text(215, 730, "Women").text(355, 730, "Men")
    xs = (60, 190, 260, 330, 400)
    draw(page, [("Offence", "2009", "2010", "2009", "2010")], xs, 715)
    draw(page, [("Theft", "10.1", "9.5", "33.0", "31.2"), ("Arson", "0.4", "0.3", "1.1", "0.9")], xs, 697, 16)
    draw(page, [("Fraud", "7.4", "7.9", "8.8", "9.1")], xs, 665)
    assert rows_of(page) == [
        "Offence: Theft; Women 2009: 10.1; Women 2010: 9.5; Men 2009: 33.0; Men 2010: 31.2",
        "Offence: Arson; Women 2009: 0.4; Women 2010: 0.3; Men 2009: 1.1; Men 2010: 0.9",
        "Offence: Fraud; Women 2009: 7.4; Women 2010: 7.9; Men 2009: 8.8; Men 2010: 9.1",
    ]


def test_labels_and_values_side_by_side_are_fields() -> None:
    page = Page()
    fields = [
        ("Insured", "Gabriel Diaz", "Year", "2022"),
        ("Claim", "SF-1008", "Make", "Jeep"),
        ("Phone", "4711", "Trim", "Ltd"),
    ]
    for at, (label, value, other, behind) in enumerate(fields):
        y = 700 - at * 16
        page.text(60, y, label, font="F2").text(140, y, value).text(300, y, other, font="F2").text(360, y, behind)
    assert [block.text for block in read(page)] == [
        "Insured: Gabriel Diaz\nClaim: SF-1008\nPhone: 4711",
        "Year: 2022\nMake: Jeep\nTrim: Ltd",
    ]


@pytest.mark.parametrize(
    "lines",
    [
        [("•", "Gym memberships"), ("•", "Yoga classes"), ("•", "Sports team fees"), ("•", "Health retreats")],
        [("1.", "Close the valve"), ("2.", "Open the drain"), ("3.", "Wait an hour"), ("4.", "Fill it again")],
    ],
)
def test_a_list_is_no_table(lines: list[tuple[str, str]]) -> None:
    assert rows_of(draw(Page(), lines, (60, 90), 700, 15)) == []


def test_a_table_of_contents_is_no_table() -> None:
    page = Page()
    for at, (title, number) in enumerate(
        [("Introduction", "1"), ("Ropes and knots", "12"), ("Weather", "40"), ("Index", "77")]
    ):
        page.text(60, 700 - at * 16, title).text(180, 700 - at * 16, ". " * 40).text(500, 700 - at * 16, number)
    blocks = read(page)
    assert [block.text for block in blocks] == [
        "Introduction … 1",
        "Ropes and knots … 12",
        "Weather … 40",
        "Index … 77",
    ]


def test_justified_text_is_no_table() -> None:
    words = f"{PROSE} {' '.join(LONGER)}".split() * 2
    page = Page()
    for at in range(12):
        line = words[at * 7 : at * 7 + 7]
        widths = [len(word) * 5.2 for word in line]
        gap = (400 - sum(widths)) / 6
        x = 60.0
        for word, width in zip(line, widths, strict=True):
            page.text(round(x, 1), 700 - at * 13, word)
            x += width + gap
    assert rows_of(page) == []


def test_boxes_around_text_are_no_table() -> None:
    page = grid(Page(), (50, 300, 560), (720, 500))
    page.lines(
        60, 700, ["The north gate opens at six and", "closes at ten at night. Bicycles", "are kept behind the house."]
    )
    page.lines(
        310, 700, ["The canteen serves soup on every", "day and fish on Fridays. Guests", "pay five euros for a meal."]
    )
    assert rows_of(page) == []


def test_a_table_beside_a_column_of_text() -> None:
    text = [
        "The stock of the workshop is",
        "counted twice a year, in spring",
        "and in autumn, by two of the",
        "members, who sign the list and",
        "hand it to the treasurer, who",
        "keeps it for ten years at least.",
    ]
    page = Page().lines(60, 700, text, step=13)
    grid(page, (300, 420, 480, 540), (712, 690, 668, 646))
    draw(
        page,
        [("Article", "Stock", "Price"), ("Hose", "14", "42.00"), ("Pump", "3", "880.00")],
        (305, 425, 485),
        696,
        22,
    )
    blocks = read(page)
    assert " ".join(text) in [block.text for block in blocks]
    assert rows_of(page) == ["Article: Hose; Stock: 14; Price: 42.00", "Article: Pump; Stock: 3; Price: 880.00"]


@pytest.mark.parametrize("is_ruled", [True, False])
@pytest.mark.parametrize("is_repeated", [True, False])
def test_a_table_that_goes_on_on_the_next_page_keeps_the_names_of_its_columns(
    is_ruled: bool, is_repeated: bool
) -> None:
    more = [("Rope 30 m", "7", "A 4", "55.00"), ("Anchor", "2", "D 1", "120.00"), ("Buoy", "9", "D 2", "18.50")]
    first = draw(Page().text(60, 760, PROSE), PRICES, XS, 140)
    second = draw(Page(), [PRICES[0], *more] if is_repeated else more, XS, 780).text(60, 640, PROSE)
    if is_ruled:
        grid(first, [56, 196, 296, 396, 470], [154 - 18 * at for at in range(6)])
        grid(second, [56, 196, 296, 396, 470], [794 - 18 * at for at in range(5 if is_repeated else 4)])
    goes_on = [
        "Article: Rope 30 m; Stock: 7; Place: A 4; Price: 55.00",
        "Article: Anchor; Stock: 2; Place: D 1; Price: 120.00",
        "Article: Buoy; Stock: 9; Place: D 2; Price: 18.50",
    ]
    found = [block for block in read(first, second) if block.kind == "row"]
    assert [block.text for block in found] == RECORDS + goes_on
    assert [block.page for block in found] == [1] * 4 + [2] * 3


def test_another_table_on_the_next_page_keeps_its_own_names() -> None:
    first = draw(Page().text(60, 760, PROSE), PRICES, XS, 140)
    other = [("Guest", "Nights", "Pier", "Sum"), ("Mia", "3", "A 1", "45.00"), ("Bo", "2", "B 7", "30.00")]
    second = draw(Page(), [*other, ("Eva", "5", "C 2", "75.00")], XS, 780)
    assert rows_of(first, second)[4:] == [
        "Guest: Mia; Nights: 3; Pier: A 1; Sum: 45.00",
        "Guest: Bo; Nights: 2; Pier: B 7; Sum: 30.00",
        "Guest: Eva; Nights: 5; Pier: C 2; Sum: 75.00",
    ]
