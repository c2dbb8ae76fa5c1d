"""Of a web page the main part is read, with its title and date."""

import pytest

from tests.knowledge.pages.site import HANDBOOK, MENU
from vasi.knowledge.parse.web_page import parse

TEXT = "<h2>Prices</h2><p>A guest berth costs 27 euros a night.</p><ul><li>Water is free.</li></ul>"
AROUND = f"<div id=top><ul>{MENU}</ul></div>"


def texts(page):
    return [block.text for block in parse(page).blocks]


def test_the_main_part_title_and_date():
    parsed = parse(HANDBOOK)
    assert parsed.title == "Boat rules"
    assert [block.text for block in parsed.blocks] == [
        "Boat rules",
        "Date: 2026-05-04",
        "A guest berth costs 27 euros a night.",
        "Boat: Heron; Berth: B21",
    ]


@pytest.mark.parametrize(
    "body",
    [
        f"{AROUND}<main>{TEXT}</main><footer>Imprint</footer>",
        f"{AROUND}<div role=main>{TEXT}</div><div>Imprint</div>",
        f"{AROUND}<article>{TEXT}</article><aside>Imprint</aside>",
        f"{AROUND}<div>{TEXT}</div><footer>Imprint</footer>",
        f"<header>Harbour club</header><div><div>{AROUND}</div>{TEXT}</div><div role=contentinfo>Imprint</div>",
        f"<nav>{MENU}</nav><article><header><h2>Prices</h2></header>{TEXT[15:]}</article>",
        f"<main hidden>Imprint</main><main>{TEXT}</main>",
    ],
)
def test_what_stands_around_it_is_left_out(body):
    assert texts(f"<html><body>{body}</body></html>") == [
        "Prices",
        "A guest berth costs 27 euros a night.",
        "- Water is free.",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "<header><p>All that there is.</p></header>",
        "<main></main><div><p>All that there is, beside an empty main part.</p></div>",
        "<form><p>A form with a long explanation of what it is for.</p></form>",
    ],
)
def test_a_page_that_is_all_frame_is_read_whole(body):
    assert texts(f"<html><body>{body}</body></html>")


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>Boats | Club</title>", "Boats"),
        ("<title>Boats – all about them</title>", "Boats"),
        ("<title>A | B-side</title>", "A | B-side"),
        ('<title>x</title><meta property="og:title" content="Boats - the rules">', "Boats"),
        ("<title>Boat rules and prices | Club</title>", "Boat rules and prices"),
        ("", "Boat rules"),
    ],
)
def test_a_page_is_called_by_its_title(head, title):
    assert parse(f"<html><head>{head}</head><body><h1>Boat rules</h1><p>x</p></body></html>").title == title


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ('<meta name="date" content="2026-01-02">', "2026-01-02"),
        ('<meta property="article:modified_time" content="2026-03-04T01:02:03Z">', "2026-03-04"),
        ('<script type="application/ld+json">{"datePublished": "2026-05-06"}</script>', "2026-05-06"),
        ('<script type="application/ld+json">[{"a": 1}, {"dateModified": "2026-05-07"}]</script>', "2026-05-07"),
        ('<script type="application/ld+json">{broken</script>', ""),
        ('<meta name="date" content="yesterday">', ""),
        ("", ""),
    ],
)
def test_a_page_is_as_old_as_it_says(head, date):
    said = [text for text in texts(f"<html><head>{head}</head><body><p>{TEXT}</p></body></html>") if "Date: " in text]
    assert said == ([f"Date: {date}"] if date else [])


def test_deep_and_wide_pages_are_read_in_time():
    wide = "<div><a href=x>y</a></div>" * 20_000
    assert "A guest berth costs 27 euros a night." in texts(f"<body>{wide}<div>{TEXT}</div>" + "<p>word </p>" * 20_000)


def test_no_page():
    assert parse("").blocks == []
