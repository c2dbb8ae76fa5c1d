"""Headings, lists, running heads, forms and warnings of PDFs."""

from __future__ import annotations

import pytest

from tests.knowledge.parse.pdfs import Page, pdf
from vasi.knowledge.parse.blocks import Parsed
from vasi.knowledge.parse.pdf import parse

TEXT = [
    "The boats are taken out of the water in the last week of October, and each owner",
    "helps with the crane. Whoever can't come asks a neighbour in time and tells the",
    "harbour office, which keeps the list of all who help.",
]


def read(*pages: Page, title: str = "") -> Parsed:
    return parse(pdf(pages, title=title), 100, 1_000_000)


def shown(parsed: Parsed) -> list[str]:
    return [f"{'#' * block.level} {block.text}".strip() for block in parsed.blocks]


# --- headings -------------------------------------------------------------------------------------------------------
def test_what_is_large_is_a_heading_only_if_it_heads_something() -> None:
    page = (
        Page()
        .text(60, 740, "Winter storage", 20)
        .lines(60, 700, TEXT)
        .text(60, 620, "Costs", 15)
        .lines(60, 590, TEXT)
        .text(60, 520, "Total: 3,008.46 euros", 15)
        .text(60, 490, "Due on 2025-11-01", 15)
        .text(60, 460, "Thank you!", 15)
    )
    text = " ".join(TEXT)
    assert shown(read(page)) == [
        "# Winter storage",
        text,
        "## Costs",
        text,
        "Total: 3,008.46 euros",
        "Due on 2025-11-01",
        "Thank you!",
    ]


def test_fields_in_large_type_over_small_print_are_text() -> None:
    fields = [
        "Customer: Olga Petersen",
        "Serial number: 77-1934-B",
        "Subtotal: 2,730 euros",
        "Technician: Ellis Turner",
    ]
    page = Page().lines(60, 740, fields, size=14, step=20)
    page.lines(60, 600, TEXT * 6, size=7, step=9)
    assert shown(read(page))[:4] == fields


def test_a_long_heading_is_whole() -> None:
    page = Page().text(60, 740, "How the boats of the harbour are stored, insured", 18)
    page.text(60, 718, "and brought back into the water in spring", 18).lines(60, 680, TEXT)
    heading = "How the boats of the harbour are stored, insured and brought back into the water in spring"
    parsed = read(page)
    assert shown(parsed)[0] == f"# {heading}"
    assert parsed.title == heading


def test_a_bold_line_over_text_is_a_heading() -> None:
    page = Page().lines(60, 740, TEXT).text(60, 680, "The crane", font="F2").lines(60, 660, TEXT)
    assert shown(read(page))[1] == "# The crane"


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("Rules of the harbour", "Rules of the harbour"),
        ("untitled", ""),
        ("Microsoft Word - a.doc", ""),
        ("x.indd", ""),
    ],
)
def test_a_title_that_says_nothing_is_none(given: str, title: str) -> None:
    assert read(Page().lines(60, 700, TEXT), title=given).title == title


# --- lists ----------------------------------------------------------------------------------------------------------
def test_a_list_is_one_block_with_its_lead_in() -> None:
    page = Page().text(60, 740, "Bring along:")
    for at, item in enumerate(["a warm coat", "the key of the shed, which hangs beside the door of the", "two ropes"]):
        page.text(72, 720 - at * 28, "•").text(90, 720 - at * 28, item)
    page.text(90, 678, "harbour office").text(60, 620, "Nothing else is needed.")
    assert shown(read(page)) == [
        "Bring along:\n- a warm coat\n- the key of the shed, which hangs beside the door of the harbour office\n"
        "- two ropes",
        "Nothing else is needed.",
    ]


def test_numbers_of_items_stay() -> None:
    page = Page().lines(60, 700, ["Steps:", "1. Close the valve.", "2. Open the drain.", "3. Wait for an hour."])
    assert shown(read(page)) == ["Steps:\n1. Close the valve.\n2. Open the drain.\n3. Wait for an hour."]


# --- running heads --------------------------------------------------------------------------------------------------
def test_running_heads_and_feet_are_dropped_but_told_once() -> None:
    pages = [
        Page()
        .text(60, 770, "Harbour rules 2025" if number % 2 else "The boat club, phone 4711")
        .lines(60, 700, [f"Rule {number} says a thing", *TEXT])
        .text(300, 30, f"Page {number} of 6")
        for number in range(1, 7)
    ]
    parsed = read(*pages)
    whole = "\n".join(shown(parsed))
    assert whole.count("Harbour rules 2025") == whole.count("phone 4711") == 1
    assert "Page 3" not in whole
    assert [block.page for block in parsed.blocks if "says a thing" in block.text] == [1, 2, 3, 4, 5, 6]


def test_a_line_that_differs_from_page_to_page_stays() -> None:
    lines = ["The first is red.", "The second is green.", "The third is blue."]
    pages = [Page().text(60, 770, line).lines(60, 700, TEXT) for line in lines]
    assert all(line in shown(read(*pages)) for line in lines)


# --- forms and annotations ------------------------------------------------------------------------------------------
def test_fields_are_read_beside_their_labels() -> None:
    page = (
        Page()
        .text(60, 740, "Family name:")
        .field(160, 737, 200, "/FT /Tx /T (a) /V (Wexford)")
        .text(60, 715, "Street and town")
        .field(60, 697, 300, "/FT /Tx /T (b) /V (Quay 5, Kilmore)")
        .text(60, 670, "Membership")
        .field(160, 667, 200, "/FT /Ch /Ff 131072 /T (c) /Opt [[(f) (Family)] [(s) (Single)]] /V (f)")
        .field(60, 640, 12, "/FT /Btn /T (d) /V /On /AS /On /AP << /N << /On 3 0 R /Off 3 0 R >> >>", 12)
        .text(78, 642, "Newsletter")
        .field(160, 640, 12, "/FT /Btn /T (e) /V /Off /AS /Off /AP << /N << /On 3 0 R /Off 3 0 R >> >>", 12)
        .text(178, 642, "Boat in the water")
        .text(60, 610, "Password")
        .field(160, 607, 200, "/FT /Tx /Ff 8192 /T (f) /V (swordfish)")
    )
    whole = "\n".join(shown(read(page)))
    for expected in ("Family name: Wexford", "Street and town: Quay 5, Kilmore", "Membership: Family"):
        assert expected in whole
    assert "Newsletter: yes" in whole
    assert "Boat in the water: no" in whole
    assert "swordfish" not in whole


def test_a_field_without_a_label_on_the_page_has_its_own() -> None:
    page = Page().lines(60, 740, TEXT).field(60, 400, 200, "/FT /Tx /T (x) /TU (Name of the boat) /V (Heron)")
    assert shown(read(page))[-1] == "Name of the boat: Heron"


def test_a_blank_form_is_read_as_it_is() -> None:
    page = Page().text(60, 740, "Family name:").field(160, 737, 200, "/FT /Tx /T (a)")
    page.field(60, 640, 12, "/FT /Btn /T (d) /V /Off /AS /Off /AP << /N << /On 3 0 R /Off 3 0 R >> >>", 12)
    assert shown(read(page.text(78, 642, "Newsletter"))) == ["Family name:", "Newsletter"]


def test_what_is_written_upon_a_page_is_read() -> None:
    page = Page().lines(60, 740, TEXT).note("FreeText", 60, 500, "Approved on 5 May")
    page.note("Text", 400, 500, "Ask Ines about the crane")
    assert shown(read(page))[-2:] == ["Approved on 5 May", "Comment: Ask Ines about the crane"]


# --- words across lines and pages -----------------------------------------------------------------------------------
def test_a_word_that_is_broken_between_pages_is_whole() -> None:
    first, second = Page().lines(60, 700, [*TEXT, "We pay insur-"]), Page().lines(60, 700, ["ance for all.", *TEXT])
    blocks = read(first, second).blocks
    assert [(block.page, block.text) for block in blocks if "for all" in block.text or "We pay" in block.text] == [
        (1, "We pay insurance"),
        (2, "for all."),
    ]


# --- what can't be read ---------------------------------------------------------------------------------------------
def test_characters_without_meaning_are_told() -> None:
    page = Page().text(60, 700, "abcdefg hijklm nopqrs", font="F3")
    broken = {ord(letter): "\ufffd" for letter in "abcdefghijklmnopqrs"}
    parsed = parse(pdf([Page().lines(60, 700, TEXT), page], to_unicode=broken), 10, 10_000)
    assert parsed.warnings == [
        "Page 2 has characters that can't be told (a broken character map): run OCR on the file and add the result."
    ]


def test_letters_that_are_guessed_from_glyph_numbers_are_told() -> None:
    codes = "".join(f"{ord(letter) - 29:04X}" for letter in "Thelocalharbourofficehandsoutthekeysofallthesheds")
    page = Page().raw(f"BT /F4 11 Tf 60 700 Td <{codes}> Tj ET")
    (warning,) = parse(pdf([page]), 10, 10_000).warnings
    assert warning.startswith("Page 1 has characters that can't be told")
