"""What is read of each format, and what is said about files that can't be read."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tests.knowledge import documents
from vasi.errors import DocumentError
from vasi.knowledge.parse import delimited, formats, html, markdown, pdf, text
from vasi.knowledge.parse.blocks import Block, clean
from vasi.knowledge.parse.limits import ReadingLimits
from vasi.knowledge.parse.readers import readable_suffixes
from vasi.knowledge.parse.worker import Reading, Request, read
from vasi.testing.settings import reading_limits

LIMITS = reading_limits()


def read_file(folder: Path, name: str, data: bytes, limits: ReadingLimits = LIMITS) -> Reading:
    path = folder / name
    path.write_bytes(data)
    return read(Request(str(path), name, limits))


def whole(reading: Reading) -> str:
    return "\n".join(f"{one.heading} | {one.text}" for one in reading.passages)


# --- formats --------------------------------------------------------------------------------------------------------
def test_pdf_pages_headings_and_wrapped_lines(tmp_path: Path) -> None:
    pages = [
        [
            ("Boat manual", 22, False),
            *documents.body(
                "The Heron was built in the year 1962 as a mail boat for the four", "villages on the lake."
            ),
            ("Fuel", 11, True),
            *documents.body("It burns diesel."),
        ],
        documents.body("The second page speaks of ropes."),
    ]
    reading = read_file(tmp_path, "boat.pdf", documents.pdf(pages))
    assert reading.pages == 2
    found = [(one.page, one.heading, one.text) for one in reading.passages]
    assert found == [
        (
            1,
            "Boat manual",
            "The Heron was built in the year 1962 as a mail boat for the four villages on the lake.",
        ),
        (1, "Boat manual > Fuel", "It burns diesel."),
        (2, "Boat manual > Fuel", "The second page speaks of ropes."),
    ]


def test_pdf_hyphens_at_line_ends(tmp_path: Path) -> None:
    lines = documents.body(
        "Every passenger needs a document, and the master has to see docu-",
        "ments of children too. This is a cutting-",
        "edge boat.",
    )
    reading = read_file(tmp_path, "hyphen.pdf", documents.pdf([lines, documents.body("Show your documents.")]))
    assert "see documents of children" in reading.passages[0].text
    assert "a cutting-edge boat." in reading.passages[0].text


def test_pdf_page_headers_and_footers_are_left_out(tmp_path: Path) -> None:
    pages = [
        documents.body("Ferry Manual", f"On page {number} stands the fact {number * 11}.", f"Page {number} of 5")
        for number in range(1, 6)
    ]
    reading = read_file(tmp_path, "ferry.pdf", documents.pdf(pages))
    assert [one.text for one in reading.passages][2] == "On page 3 stands the fact 33."


def test_pdf_scanned_pages_are_reported(tmp_path: Path) -> None:
    pages = [documents.body("Text."), [], [], documents.body("More."), []]
    reading = read_file(tmp_path, "scan.pdf", documents.pdf(pages, image_pages=[1, 2, 4]))
    assert reading.warnings == ["Pages 2-3, 5 have no text (scanned?): run OCR on the file and add the result."]
    assert {one.page for one in reading.passages} == {1, 4}


def test_pdf_more_pages_than_allowed(tmp_path: Path) -> None:
    pages = [documents.body(f"Page number {number}.") for number in range(3)]
    reading = read_file(tmp_path, "long.pdf", documents.pdf(pages), reading_limits(pages=2))
    assert [one.page for one in reading.passages] == [1, 2]
    assert reading.warnings == ["Only the first 2 of its 3 pages were read."]


def test_docx(tmp_path: Path) -> None:
    reading = read_file(tmp_path, "handbook.docx", documents.word())
    found = [(one.heading, one.text) for one in reading.passages]
    assert found == [
        ("Handbook > Leave", "Leave\n\nEverybody has thirty days of leave.\n\n- Ask your lead\n- Write it down"),
        ("Handbook > Leave > Fees", "Kind: Full; Fee: 90 crowns\n\nKind: Youth; Fee: 25 crowns"),
    ]


def test_pptx(tmp_path: Path) -> None:
    reading = read_file(tmp_path, "deck.pptx", documents.slides())
    assert reading.pages == 2
    assert [(one.page, one.heading) for one in reading.passages] == [(1, "The boats"), (2, "The crew")]
    assert reading.passages[0].text == "The boats\n\n- First point 0\n- Second point 0"
    assert reading.passages[1].text.endswith("Mention the whistle.")


def test_html_keeps_what_a_reader_sees() -> None:
    parsed = html.parse(
        """<!doctype html><html><head><title>Fees &amp; more</title><style>p{}</style><script>alert("x")</script></head>
        <body><nav>Home</nav><h1>Fees</h1><p>The <b>fee</b> is
        five.<p>It falls due<br>in May.</p><div hidden>secret <div>inner</div> words</div>
        <p style="display: none">unseen</p><ul><li>one<li>two</ul>
        <table><caption>x</caption><tr><th>Kind<th>Fee<tr><td>Full<td>90</table><p>End.</body></html>"""
    )
    assert parsed.title == "Fees & more"
    assert parsed.blocks == [
        Block("Fees", "heading", 1),
        Block("The fee is five."),
        Block("It falls due\nin May."),
        Block("- one\n- two"),
        Block("x", caption="x"),
        Block("Kind: Full; Fee: 90", "row", caption="x"),
        Block("End."),
    ]


@pytest.mark.parametrize(
    ("page", "texts"),
    [
        ("<p hidden>secret<p>Visible text</p><p>More</p>", ["Visible text", "More"]),
        ('<ul><li style="display:none">a<li>b<li>c</ul><p>after</p>', ["- b\n- c", "after"]),
        ("<dl><dt hidden>a<dd>b<dt>c<dd>d</dl>e", ["b\nc: d", "e"]),
        ("<table><tr hidden><td>x<tr><td>y<td>z</table>end", ["y z", "end"]),
        ("<p>one <span hidden>two</span>three <br hidden>four", ["one three four"]),
        ("<template><p>x</template>a<noscript><p>no</noscript>b", ["ab"]),
        ("<body style='opacity: 0'><p>shown by a script</body>", ["shown by a script"]),
        ("<p>x</body></html><p>behind the end", ["x", "behind the end"]),
        ("<table><tr><th>A<th>B<tr><td>1<table><tr><td>in<td>ner</table><td>2</table>", ["A: 1 in ner; B: 2"]),
        ("<h1>A<h2>B</h2>x", ["A", "B", "x"]),
        ("<pre>  x\n  y</pre><p>&lt;T&gt; &nbsp;&copy; &#x41;", ["x\ny", "<T> © A"]),
        ("<?xml version='1.0' encoding='latin-1'?><html><body><p>é<div hidden=''/></p><p>z</html>", ["é", "z"]),
        ("<div>" * 400 + "deep" + "</div>" * 400 + "<p>after", ["deep", "after"]),
        ("<!-- nothing -->", []),
        ("", []),
    ],
)
def test_html_that_leaves_things_open_or_hidden(page: str, texts: list[str]) -> None:
    assert [block.text for block in html.parse(page).blocks] == texts


def test_html_that_is_nested_too_deeply_is_reported() -> None:
    parsed = html.parse("<p>before</p>" + "<div>" * 5_000 + "deep")
    assert parsed.warnings == ["It is nested so deeply that only a part of it was read."]


def test_markdown() -> None:
    parsed = markdown.parse(
        "---\ntitle: The Guide\n---\n# One\nSome **bold** text with a [link](http://a.example/b) and `code`.\n"
        "Still the same.\n\n- first\n- second\n\nTwo\n---\n| Kind | Fee |\n|---|---|\n| Full | 90 |\n\n"
        "```\n# no heading\n```\n<!-- hidden -->\n> quoted\n"
    )
    assert parsed.title == "The Guide"
    assert parsed.blocks == [
        Block("One", "heading", 1),
        Block("Some bold text with a link and code.\nStill the same."),
        Block("- first\n- second"),
        Block("Two", "heading", 2),
        Block("Kind: Full; Fee: 90", "row"),
        Block("# no heading"),
        Block("quoted"),
    ]


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        (
            "`Vec<T>`, `<div hidden>` and List<String>: <b>R&amp;D</b> &copy;",
            ["Vec<T>, <div hidden> and List<String>: R&D ©"],
        ),
        ("See [ref] and [it][ref].\n\n[ref]: http://a.example (Title)", ["See ref and it."]),
        ("See [the form](https://a.example/x_(2025).pdf) before.", ["See the form before."]),
        ('It was [1934](/wiki/1934 "1934").', ["It was 1934."]),
        ('Open\\[[3]\\](#cite_note-3 "#cite_note-3") or[[4]](#cite_note-4) not', ["Open or not"]),
        ("A long\nheading here\n---\ntext", ["A long heading here", "text"]),
        (
            "| Op | Name |\n|---|---|\n| `x|y` | pipe |\n| `a\\|b` | bar |",
            ["Op: x|y; Name: pipe", "Op: a|b; Name: bar"],
        ),
        ("Run `a|b`.\n\n```\nx | `y|z`\n```", ["Run a|b.", "x | `y|z`"]),
        ("[[Vet list]], [[Page|shown]]", ["Vet list, shown"]),
        ("- [ ] buy milk\n- [x] call the vet", ["- buy milk\n- call the vet (done)"]),
        ("It is ==very== and ==**quite**== so; a == b, `==c==`", ["It is very and quite so; a == b, ==c=="]),
        ("Word[^1] end.\n\n[^1]: Single\n[^note]: Two\n  lines", ["Word end.", "Single", "Two\nlines"]),
        ("<user@example.org> wrote", ["user@example.org wrote"]),
        ("> [!warning] Careful\n> with that", ["Careful\nwith that"]),
        ("1. Open\n2. Choose\n   - deep\n\n3) New", ["1. Open\n2. Choose\n- deep", "3) New"]),
        ("* a\n\n  second\n\n* b", ["- a\nsecond\n- b"]),
        ('![alt text](x.png "title") a<br>b\\\nc', ["alt text a\nb\nc"]),
        ("<details>\n<summary>More</summary>\n\nInner *text*\n\n</details>", ["More", "Inner text"]),
        ("<table><tr><th>A<th>B<tr><td>1<td>2</table>", ["A: 1; B: 2"]),
        ("~~old~~ \\*literal\\* snake_case_name", ["*literal* snake_case_name"]),
    ],
)
def test_markdown_as_it_reads(source: str, texts: list[str]) -> None:
    assert [block.text for block in markdown.parse(source).blocks] == texts


def test_front_matter_is_read_below_the_title() -> None:
    parsed = markdown.parse(
        "---\ntitle: 'Diary'\nauthor: Lena Brandt\ntags: [bees, \"honey\"]\neditors:\n  - Kofi\n  - Ines\n"
        "series:\n  name: Gardens\nsummary: >\n  All about\n  bees\n# comment\nempty:\n---\n"
        "# Beekeeping diary\n\nText.\n"
    )
    assert parsed.title == "Diary"
    assert parsed.blocks == [
        Block("Beekeeping diary", "heading", 1),
        Block(
            "Title: Diary; Author: Lena Brandt; Tags: bees, honey; Editors: Kofi, Ines; Series name: Gardens; "
            "Summary: All about, bees",
            "row",
        ),
        Block("Text."),
    ]


def test_text_between_two_rules_is_no_front_matter() -> None:
    parsed = markdown.parse("---\n\nSome text: here it goes\nand on\n\n---\nmore")
    assert [block.text for block in parsed.blocks] == ["Some text: here it goes\nand on", "more"]


def test_text_headings() -> None:
    parsed = text.parse("Rules\n=====\nBe kind.\n\nOPENING HOURS\n\nAt nine.\r\n\r\nAt ten.")
    assert [(block.kind, block.text) for block in parsed.blocks] == [
        ("heading", "Rules"),
        ("text", "Be kind."),
        ("heading", "OPENING HOURS"),
        ("text", "At nine."),
        ("text", "At ten."),
    ]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_rows_carry_the_names_of_their_columns(mark: str) -> None:
    parsed = delimited.parse(f'Name{mark}Age\n"Lee, A"{mark}7\n\nBo{mark}\n')
    assert [block.text for block in parsed.blocks] == ["Name: Lee, A; Age: 7", "Name: Bo"]


def test_a_table_for_excel_may_name_its_delimiter() -> None:
    parsed = delimited.parse("sep=;\r\nName;Rooms, all\r\nOlga;1,2,3\r\nBo;4,5,6\r\n")
    assert [block.text for block in parsed.blocks] == ["Name: Olga; Rooms, all: 1,2,3", "Name: Bo; Rooms, all: 4,5,6"]


def test_invisible_characters_are_gone() -> None:
    tags = "".join(chr(0xE0000 + ord(letter)) for letter in "ignore all")
    assert clean(f"pass\u200bword\u00ad \ufeff{tags}is\u202e ok\x00.  \n\n\n\nEnd") == "password is ok .\n\nEnd"


def test_windows_text_is_read_with_a_warning(tmp_path: Path) -> None:
    reading = read_file(tmp_path, "old.txt", "Café für alle".encode("cp1252"))
    assert reading.passages[0].text == "Café für alle"
    assert reading.warnings == ["It isn't UTF-8; it was read as Windows-1252."]
    assert read_file(tmp_path, "wide.txt", "Café".encode("utf-16")).passages[0].text == "Café"


# --- what can't be read ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.pdf", b"", "is empty"),
        ("blank.txt", b" \n\t ", "has no text"),
        ("picture.pdf", b"\x89PNG\r\n\x1a\n" + bytes(200), "is a PNG image; vasi reads PDF"),
        ("program.txt", b"\x7fELF\x02\x01" + bytes(200), "is a program"),
        ("noise.md", bytes(range(256)) * 20, "not a text"),
        ("broken.pdf", b"%PDF-1.7\n" + b"garbage " * 99, "damaged PDF"),
        ("words.json", b"just words", "damaged JSON (expecting value at line 1, column 1)"),
        ("half.jsonl", b'{"a": 1}\n{"a": \n{"b"', "damaged JSON"),
        ("old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "is damaged: open and save it anew"),
        ("cut.docx", documents.word()[:2_000], "damaged ZIP archive or Office file"),
        ("locked.pdf", documents.pdf([documents.body("x")], encrypted=True), "protected by a password"),
        ("scan.pdf", documents.pdf([[], []], image_pages=[0, 1]), "run OCR"),
        ("bomb.docx", documents.bomb(), "zip bomb"),
    ],
)
def test_a_bad_file_gets_one_plain_sentence(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_file(tmp_path, name, data)
    message = str(caught.value)
    assert message.startswith(f"{name} ")
    assert reason in message
    assert "\n" not in message
    assert message.endswith(".")


@pytest.mark.parametrize(
    ("name", "data", "texts", "note"),
    [
        (
            "words.pdf",
            b"The gate opens at six.",
            ["The gate opens at six."],
            "It is a text, though its name says a PDF.",
        ),
        ("gate.docx", b"The gate opens at six.", ["The gate opens at six."], "a text, though its name says a Word"),
        (
            "staff.xlsx",
            b"Name;Room\nOlga;214\nHanna;117\n",
            ["Name: Olga; Room: 214", "Name: Hanna; Room: 117"],
            "It is a table, though its name says an Excel file.",
        ),
        (
            "page.pdf",
            b"<!doctype html><p>Sign in first.</p>",
            ["Sign in first."],
            "It is an HTML page, though its name",
        ),
        (
            "visit.docx",
            b"From: ana@example.com\nTo: bo@example.com\nSubject: Visit\n\nShe comes at nine.\n",
            ["Visit", "Subject: Visit\nFrom: ana@example.com\nTo: bo@example.com", "She comes at nine."],
            "It is a mail, though its name says a Word document.",
        ),
    ],
)
def test_a_text_under_another_name_is_read_as_what_it_is(
    tmp_path: Path, name: str, data: bytes, texts: list[str], note: str
) -> None:
    reading = read_file(tmp_path, name, data)
    found = "\n".join(one.text for one in reading.passages)
    assert [text for text in texts if text not in found and text != reading.title] == []
    assert note in reading.warnings[0]


def test_a_damaged_line_costs_only_itself(tmp_path: Path) -> None:
    lines = [
        f'{{"day": "{day}", "visitors": {count}}}' for day, count in (("Monday", 12), ("Tuesday", 7), ("Friday", 3))
    ]
    lines.insert(1, '{"day": "Sund')
    reading = read_file(tmp_path, "visits.jsonl", "\n".join(lines).encode())
    assert "day: Friday; visitors: 3" in [line for one in reading.passages for line in one.text.split("\n")]
    assert reading.warnings == ["Its line 2 is damaged JSON and wasn't read: mend it and add it again."]


def test_a_sparse_file_of_300_mb_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "huge.pdf"
    with path.open("wb") as file:
        file.truncate(300_000_000)
    with pytest.raises(DocumentError, match=r"huge\.pdf is too large \(300 MB; the limit is 50 MB\)"):
        read(Request(str(path), "huge.pdf", LIMITS))


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket.txt"))
        for name in ("pipe.txt", "socket.txt", "missing.txt", "."):
            with pytest.raises(DocumentError, match=f"^{name} (isn't a regular file|can't be opened|doesn't exist)"):
                read(Request(str(tmp_path / name), name, LIMITS))


def test_10_mb_in_one_line_are_read_up_to_the_limit(tmp_path: Path) -> None:
    reading = read_file(
        tmp_path, "line.txt", b"Some words that never end and " * 340_000, reading_limits(characters=1_000_000)
    )
    assert reading.warnings == ["Only its first 1,000,000 characters were read."]
    assert max(len(one.text.split()) for one in reading.passages) <= 125


def test_every_readable_suffix_has_a_format() -> None:
    assert all(formats.suffix_format(f"x{suffix.upper()}") for suffix in readable_suffixes())
    assert formats.suffix_format("noten.exe") is None


def test_pdf_title_is_kept() -> None:
    parsed = pdf.parse(documents.pdf([documents.body("Hello there.")]), 10, 1_000)
    assert parsed.title == ""
    assert parsed.pages == 1


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("Name        Age\nBo Lund      12\nAnn Berg      7", ["Name: Bo Lund; Age: 12", "Name: Ann Berg; Age: 7"]),
        ("Phone:   0221\nRoom:    B12\n", ["Phone: 0221\nRoom: B12"]),
        ("Kind | Fee\n-----+----\nFull | 90\nYouth | 25", ["Kind: Full; Fee: 90", "Kind: Youth; Fee: 25"]),
        ("Day\tBoats\nMon\t4\nTue\t6", ["Day: Mon; Boats: 4", "Day: Tue; Boats: 6"]),
        ("Justified  text  has  gaps\nthat  are  all  over.", ["Justified text has gaps\nthat are all over."]),
        ("You need\n  * milk\n    and honey\n  * bread", ["You need\n- milk and honey\n- bread"]),
        ("Bring:\n\n1. Milk\n\n2. Bread", ["Bring:\n1. Milk\n2. Bread"]),
        ("All docu-\nments are well-\nknown to a docu-\nment.", ["All documents are well-known to a document."]),
        ("====\nRules\n====\n\nBe kind.", ["#1 Rules", "Be kind."]),
        ("2. Scope\n\n   Here.\n\n2.1 Time\n\n   1. Now.", ["#2 2. Scope", "Here.", "#3 2.1 Time", "1. Now."]),
        ("Owner: Ines\nBerth: B21", ["Owner: Ines\nBerth: B21"]),
    ],
)  # fmt: skip
def test_text_as_it_is_laid_out(source: str, texts: list[str]) -> None:
    blocks = text.parse(source).blocks
    assert [f"#{one.level} {one.text}" if one.kind == "heading" else one.text for one in blocks] == texts


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("Term\n: Meaning\n\nOther\n\n:   Second", ["Term: Meaning", "Other: Second"]),
        ("# Fees {#fees .big}\n\nYou need:\n\n- a\n- b", ["Fees", "You need:\n- a\n- b"]),
        ("| | |\n|---|---|\n| Owner | Ines |\n| Since | 2019 |", ["Owner: Ines\nSince: 2019"]),
        ("| Name | Ines |\n|---|---|\n| Phone | 555 |\n| City | Kiel |", ["Name: Ines\nPhone: 555\nCity: Kiel"]),
        ("Key | Value\n---|---\nport | 80\nhost | x", ["Key: port; Value: 80", "Key: host; Value: x"]),
        ("```py\ndef f():\n    return 1\n```", ["def f():\n    return 1"]),
    ],
)  # fmt: skip
def test_markdown_of_other_programs(source: str, texts: list[str]) -> None:
    assert [block.text for block in markdown.parse(source).blocks] == texts
