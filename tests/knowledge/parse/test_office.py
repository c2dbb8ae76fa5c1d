"""What is read of spreadsheets, OpenDocument, RTF, books, mails, JSON and notebooks."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from tests.knowledge import documents, office_files
from tests.knowledge.office_files import HEADING, ITEMS, SENTENCE, archive, odf
from tests.shared_data import SHARED
from vasi.errors import DocumentError
from vasi.knowledge import Knowledge
from vasi.knowledge.parse.blocks import Parsed
from vasi.knowledge.parse.readers import choose
from vasi.knowledge.parse.worker import Request, read
from vasi.testing.settings import reading_limits

LIMITS = reading_limits()

FILES: dict[str, Callable[[], bytes]] = {
    "harbour.xlsx": office_files.xlsx,
    "harbour.odt": office_files.odt,
    "harbour.ods": office_files.ods,
    "harbour.odp": office_files.odp,
    "harbour.rtf": office_files.rtf,
    "harbour.epub": office_files.epub,
    "harbour.eml": office_files.mail,
    "harbour.json": office_files.json_file,
    "harbour.ipynb": office_files.notebook,
}


def parse(name: str, data: bytes) -> Parsed:
    return choose(name, data, LIMITS).parse(data, LIMITS)


def texts(parsed: Parsed) -> list[str]:
    return [block.text for block in parsed.blocks]


# --- every format ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", FILES)
async def test_what_is_put_in_is_found(name: str, knowledge: Knowledge, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(FILES[name]())
    report = await knowledge.add("ana", [tmp_path / name])
    assert [document.name for document in report.added] == [name]
    found = await knowledge.search("ana", "When does the lighthouse open?")
    assert SENTENCE in found.passages[0].passage.text
    assert HEADING in found.passages[0].passage.heading
    found = await knowledge.search("ana", "Which berth has the Gull?")
    assert "Boat: Gull; Berth: B22; Price: 900.50 EUR" in found.passages[0].passage.text


@pytest.mark.parametrize("name", FILES)
def test_content_decides_where_the_name_says_nothing(name: str) -> None:
    if name.endswith((".json", ".ipynb")):
        pytest.skip("JSON without a name is a text")
    assert choose("harbour", FILES[name](), LIMITS).media_type == choose(name, FILES[name](), LIMITS).media_type


def test_a_wrong_name_is_told(tmp_path: Path) -> None:
    path = tmp_path / "harbour.docx"
    path.write_bytes(office_files.odt())
    reading = read(Request(str(path), path.name, LIMITS))
    assert reading.warnings == ["It is an OpenDocument text, though its name says a Word document."]
    assert SENTENCE in reading.passages[0].text


@pytest.mark.parametrize("name", FILES)
def test_damaged_files_cost_one_sentence(name: str, tmp_path: Path) -> None:
    whole = FILES[name]()
    path = tmp_path / name
    for cut in (len(whole) // 3, len(whole) // 2, len(whole) - 30):
        path.write_bytes(whole[:cut])
        message = ""
        try:
            read(Request(str(path), name, LIMITS))
        except DocumentError as error:
            message = str(error)
        assert not message or (message.startswith(f"{name} ") and "\n" not in message)


# --- Excel ------------------------------------------------------------------------------------------------------------
def test_a_workbook_is_read_as_it_is_shown() -> None:
    parsed = parse("harbour.xlsx", office_files.xlsx())
    assert [block.text for block in parsed.blocks if block.kind == "heading"] == [HEADING, "Crew"]
    assert [block.text for block in parsed.blocks if block.kind == "row"] == [
        "Boat: Heron; Berth: B21; Price: 1,250.00 EUR; Share: 12.5%; Since: 4.5.1962",
        "Boat: Gull; Berth: B22; Price: 900.50 EUR; Share: 50.0%; Since: 24.12.2001",
        "Boat: Total; Price: 2,150.50 EUR",
        "Captain: Mia; Phone: 030 123",
        "Captain: Tom; Phone: 030 456",
        "Pump: North; Litres: 80",
        "Pump: South; Litres: 95",
        "Team: Deck; Name: Ana; Starts: 18:00",
        "Team: Deck; Name: Bo; Starts: 7:30 AM",
    ]
    assert "Note on A4: Painted in May." in texts(parsed)
    assert "The office closes at noon." in texts(parsed)


def test_tables_that_excel_knows_are_told_apart() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Budget")
    sheet.write(0, 0, "Income")
    sheet.add_table(
        "A2:B4", {"data": [["Wages", 2500], ["Rent", 300]], "columns": [{"header": "Item"}, {"header": "Sum"}]}
    )
    sheet.write(0, 3, "Balance of the month")
    sheet.add_table("A5:B6", {"data": [["Food", 500]], "columns": [{"header": "Expense"}, {"header": "Sum"}]})
    book.close()
    parsed = parse("x.xlsx", out.getvalue())
    rows = ["Item: Wages; Sum: 2500", "Item: Rent; Sum: 300", "Expense: Food; Sum: 500"]
    assert [block.text for block in parsed.blocks if block.kind == "row"] == rows
    assert {"Income", "Balance of the month"} <= set(texts(parsed))


def test_hidden_sheets_are_told() -> None:
    parsed = parse("harbour.xlsx", office_files.xlsx())
    assert "secret" not in " ".join(texts(parsed))
    assert parsed.warnings == ["Its hidden sheet Wages wasn't read: show what is to be read, save and add it again."]


def test_a_large_workbook_is_read_up_to_the_limit() -> None:
    limits = reading_limits(characters=100)
    parsed = choose("harbour.xlsx", office_files.xlsx(), limits).parse(office_files.xlsx(), limits)
    assert any("Only the beginning of its sheet Opening hours was read" in warning for warning in parsed.warnings)


# --- OpenDocument -----------------------------------------------------------------------------------------------------
def test_an_opendocument_text() -> None:
    styles = (
        "<office:master-styles><style:master-page><style:header><text:p>Harbour rules 2025</text:p></style:header>"
        "</style:master-page></office:master-styles>"
    )
    numbered = (
        "<text:list-style style:name='L1'><text:list-level-style-number text:level='1' style:num-format='1'/>"
        "</text:list-style>"
    )
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Old rule.</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        "<text:h text:outline-level='1'>Rules</text:h><text:p>One<text:s text:c='2'/>two<text:line-break/>three"
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>See page 4.</text:p>"
        "</text:note-body></text:note>.</text:p><text:p>Before you leave:</text:p>"
        "<text:list text:style-name='L1'><text:list-item><text:p>Close the hatch</text:p><text:list><text:list-item>"
        "<text:p>and lock it</text:p></text:list-item></text:list></text:list-item><text:list-item><text:p>Switch off"
        "</text:p></text:list-item></text:list>"
        "<text:p>Text <draw:frame><draw:text-box><text:p>In a box.</text:p></draw:text-box></draw:frame></text:p>"
        "<text:section text:display='none'><text:p>Unseen.</text:p></text:section>"
        "<office:annotation><dc:creator>Bo</dc:creator><text:p>Really?</text:p></office:annotation>"
        "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Team</text:p></table:table-cell>"
        "<table:table-cell><text:p>Name</text:p></table:table-cell></table:table-row></table:table-header-rows>"
        "<table:table-row><table:table-cell table:number-rows-spanned='2'><text:p>Deck</text:p></table:table-cell>"
        "<table:table-cell><text:p>Ana</text:p></table:table-cell></table:table-row>"
        "<table:table-row><table:covered-table-cell/><table:table-cell><text:p>Bo</text:p></table:table-cell>"
        "</table:table-row></table:table>"
    )
    parsed = parse("x.odt", odf("text", body, styles=styles, automatic=numbered))
    assert parsed.title == "Harbour"
    read_texts = texts(parsed)
    assert read_texts[0] == "Harbour rules 2025"
    assert "Rules" in read_texts
    assert "One two\nthree." in read_texts
    assert "Before you leave:\n1. Close the hatch\n- and lock it\n2. Switch off" in read_texts
    assert "In a box." in read_texts
    assert "[1] See page 4." in read_texts
    assert "Team: Deck; Name: Ana" in read_texts
    assert "Team: Deck; Name: Bo" in read_texts
    assert not any("Old rule" in text or "Unseen" in text for text in read_texts)


def test_slides_are_pages_with_their_notes() -> None:
    parsed = parse("x.odp", office_files.odp())
    assert parsed.pages == 1
    assert {block.page for block in parsed.blocks} == {1}
    assert "Smile." in texts(parsed)


def test_hidden_sheets_of_opendocument_are_told() -> None:
    automatic = "<style:style style:name='h'><style:table-properties table:display='false'/></style:style>"
    body = office_files.odf_table("Boats") + office_files.odf_table("Wages").replace(
        "<table:table ", "<table:table table:style-name='h' "
    )
    parsed = parse("x.ods", odf("spreadsheet", body, automatic=automatic))
    assert [block.text for block in parsed.blocks if block.kind == "heading"] == ["Boats"]
    assert "hidden sheet Wages" in parsed.warnings[0]


def test_flat_opendocument() -> None:
    flat = (
        f"<?xml version='1.0'?><office:document {office_files.OFFICE} "
        'office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text>'
        f"{office_files.odf_text()}</office:text></office:body></office:document>"
    )
    assert SENTENCE in texts(parse("x.fodt", flat.encode()))


def test_a_million_repeated_rows_are_not_made() -> None:
    body = office_files.odf_table("Boats").replace(
        "<table:table-row>", "<table:table-row table:number-rows-repeated='1048576'>", 1
    )
    assert len(parse("x.ods", odf("spreadsheet", body)).blocks) < 2_000


def test_a_protected_file_is_told() -> None:
    extra = {"META-INF/manifest.xml": "<manifest:encryption-data/>"}
    with pytest.raises(DocumentError, match="protected by a password"):
        parse("x.odt", odf("text", "", extra=extra))


@pytest.mark.parametrize("kind", ["text", "spreadsheet", "presentation"])
def test_entities_are_refused(kind: str) -> None:
    bomb = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><x>&b;</x>"
    with pytest.raises(DocumentError, match="declares XML entities"):
        parse("x.odt", odf(kind, "", extra={"content.xml": bomb}))


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"nested too deeply|damaged"):
        parse("x.odt", odf("text", "<text:section>" * 5_000 + "</text:section>" * 5_000))


# --- RTF --------------------------------------------------------------------------------------------------------------
def test_rtf() -> None:
    parsed = parse("x.rtf", office_files.rtf())
    assert parsed.title == "Harbour"
    assert [(block.kind, block.text) for block in parsed.blocks] == [
        ("heading", HEADING),
        ("text", SENTENCE),
        ("text", "\n".join(f"- {item}" for item in ITEMS)),
        ("row", "Boat: Heron; Berth: B21; Price: 1,250.00 EUR"),
        ("row", "Boat: Gull; Berth: B22; Price: 900.50 EUR"),
        ("text", "End."),
    ]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"Caf\'e9 \u8364? \endash \~x", ["Café € – x"]),
        (r"\uc2 \u1046\'c6\'c6 done", ["Ж done"]),
        (r"\u-10179?\u-8704?", ["😀"]),
        (r"seen {\v hidden}{\deleted gone} here", ["seen here"]),
        (r"Text{\footnote \pard Small print.} goes on", ["Text goes on", "Small print."]),
        (r"{\field{\*\fldinst HYPERLINK x}{\fldrslt the link}}", ["the link"]),
        (r"{\*\unknown nothing}{\known text}", ["text"]),
        (r"{\pict 89504e47}\bin4 \{}{after", ["after"]),
        (r"{\header Running head}body", ["Running head", "body"]),
        (r"{\f1 \'ea\'eb\'fe\'f7}", ["ключ"]),
        (r"{\f2 \'8c\'ae}", ["鍵"]),
        (r"First:\par {\listtext 1.\tab}one\par{\listtext 2.\tab}two\par", ["First:\n1. one\n2. two"]),
        (r"\pard\outlinelevel1 Second level\par x", ["Second level", "x"]),
    ],
)
def test_rtf_as_it_is_shown(source: str, shown: list[str]) -> None:
    head = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 A;}{\f1\fcharset204 B;}{\f2\fcharset128 C;}}"
    parsed = parse("x.rtf", head + source.encode("ascii") + b"}")
    assert texts(parsed) == shown


def test_rtf_tables_with_merged_cells() -> None:
    source = (
        rb"{\rtf1\trowd\cellx1\cellx2 \intbl Team\cell Name\cell\row"
        rb"\trowd\clvmgf\cellx1\cellx2 \intbl Deck\cell Ana\cell\row\trowd\clvmrg\cellx1\cellx2 \intbl\cell Bo\cell\row"
        rb"\trowd\cellx1\cellx2 \intbl Sail\cell Cy\cell\row\pard}"
    )
    rows = ["Team: Deck; Name: Ana", "Team: Deck; Name: Bo", "Team: Sail; Name: Cy"]
    assert texts(parse("x.rtf", source)) == rows


def test_a_page_packed_in_rtf_is_read_as_a_page() -> None:
    source = (
        rb"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}First line{\*\htmltag84 <br>}\htmlrtf \line \htmlrtf0 second"
        rb"{\*\htmltag72 </p>}{\*\htmltag64 <p>}Next.{\*\htmltag72 </p>}}"
    )
    assert texts(parse("x.rtf", source)) == ["First line\nsecond", "Next."]


# --- books ------------------------------------------------------------------------------------------------------------
def test_a_book() -> None:
    parsed = parse("x.epub", office_files.epub())
    assert parsed.title == "The Harbour Book"
    assert parsed.blocks[0].text == "Title: The Harbour Book\nAuthor: Ines Moor"
    assert "Contents" not in texts(parsed)


def test_a_protected_book_is_told() -> None:
    with pytest.raises(DocumentError, match=r"protected against copying \(DRM\)"):
        parse("x.epub", archive({"mimetype": "application/epub+zip", "META-INF/rights.xml": "<x/>"}, stored="mimetype"))


# --- mails ------------------------------------------------------------------------------------------------------------
def test_a_mail_and_its_attachments() -> None:
    attachments = {
        "plan.docx": documents.word(),
        "logo.xyz": b"\x89PNG\r\n\x1a\n" + bytes(99),
        "note.txt": b"Ring twice.",
    }
    parsed = parse("x.eml", office_files.mail(attachments=attachments))
    assert parsed.title == "Harbour"
    assert texts(parsed)[1] == (
        "Subject: Harbour\nFrom: Jürgen <j@example.org>\nTo: Ana <ana@example.org>\nDate: 2 June 2025, 10:30"
    )
    assert "Attachment: plan.docx" in texts(parsed)
    assert "Everybody has thirty days of leave." in texts(parsed)
    assert "Ring twice." in texts(parsed)
    assert len(parsed.warnings) == 1
    assert parsed.warnings[0].startswith("Its attachment logo.xyz wasn't read: it is a PNG image; vasi reads PDF")


@pytest.mark.parametrize(
    ("head", "body", "text"),
    [
        ("Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: 8bit", "Да".encode("koi8-r"), "Да"),
        (
            "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable",
            b"Caf=E9",
            "Café",
        ),
        ("Content-Type: text/plain; charset=unknown-8bit", "Größe und Maße".encode("cp1252"), "Größe und Maße"),
        ("Content-Type: text/plain", b"> > Are you in?\n> Yes.", "Are you in?\nYes."),
    ],
)
def test_mails_in_many_encodings(head: str, body: bytes, text: str) -> None:
    parsed = parse("x.eml", b"From: a@example.org\nSubject: x\n" + head.encode() + b"\n\n" + body)
    assert texts(parsed)[-1] == text


def test_a_forwarded_mail_is_read_too() -> None:
    inner = "From: bo@example.org\nSubject: The bridge\n\nIt is closed on Monday."
    outer = (
        "From: a@example.org\nSubject: Fwd\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=e\n\n--e\n"
        f"Content-Type: text/plain\n\nSee below.\n--e\nContent-Type: message/rfc822\n\n{inner}\n--e--\n"
    )
    read_texts = texts(parse("x.eml", outer.encode()))
    assert "Attachment: The bridge.eml" in read_texts
    assert "It is closed on Monday." in read_texts


def test_mails_in_mails_without_end_are_told() -> None:
    data = office_files.mail()
    for _ in range(6):
        data = office_files.mail(attachments={"inner.eml": data})
    parsed = parse("x.eml", data)
    assert any("a mail in a mail" in warning for warning in parsed.warnings)


# --- JSON -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"name": "Heron", "isOpen": True, "built": 1962, "none": None}, ["name: Heron\nis open: yes\nbuilt: 1962"]),
        ({"crew": {"captain_name": "Mia"}}, ["crew", "captain name: Mia"]),
        ([{"a": 1, "b": {"c": 2}}, {"a": 3, "d": ["x", "y"]}], ["a: 1; b c: 2", "a: 3; d: x, y"]),
        ([["Boat", "Berth"], ["Heron", "B21"], ["Gull", "B22"]], ["Boat: Heron; Berth: B21", "Boat: Gull; Berth: B22"]),
        (
            [{"name": "North", "boats": [{"n": "Heron", "b": 1}, {"n": "Gull", "b": 2}]}, {"name": "South"}],
            ["North", "name: North", "boats", "n: Heron; b: 1", "n: Gull; b: 2", "South", "name: South"],
        ),
        ("just text", ["just text"]),
        ({"empty": {}, "x": 1}, ["x: 1"]),
    ],
)
def test_json_values(value: object, shown: list[str]) -> None:
    assert texts(parse("x.json", json.dumps(value).encode())) == shown


def test_json_lines() -> None:
    lines = b'{"boat": "Heron", "berth": "B21"}\n\n{"boat": "Gull", "berth": "B22"}\n'
    assert texts(parse("x.jsonl", lines)) == ["boat: Heron; berth: B21", "boat: Gull; berth: B22"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b'{"a": 1,}', "damaged JSON"),
        (b"[" * 100_000, "nested too deeply|damaged JSON"),
        (b"[" * 60 + b"1" + b"]" * 60, "nested too"),
    ],
)
def test_json_that_cannot_be_read(source: bytes, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        parse("x.json", source)


# --- notebooks --------------------------------------------------------------------------------------------------------
def test_a_notebook_shows_text_code_and_output() -> None:
    parsed = parse("x.ipynb", office_files.notebook())
    assert parsed.title == HEADING
    assert "print(6 * 7)" in texts(parsed)
    assert "42" in texts(parsed)


# --- collected files --------------------------------------------------------------------------------------------------
@pytest.mark.skipif(not (SHARED / "cases").is_dir(), reason="../shared/cases isn't there")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cases/files/prices.xlsx", "Article: Hose; Price: 4.2"),
        ("cases/files/mail-b64.eml", "The inspector comes on 14 June at nine. Please open the boiler room."),
        ("documents/files/family-day.eml", "There will be face painting, a petting zoo, funnel cake and more."),
    ],
)
def test_collected_files(name: str, words: str) -> None:
    path = SHARED / name
    assert words in "\n".join(texts(parse(path.name, path.read_bytes())))


@pytest.mark.parametrize("made", [office_files.odt, office_files.ods, office_files.odp])
def test_what_an_archive_is_may_stand_anywhere_in_it(made: Callable[[], bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(made())) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    kind = parts.pop("mimetype")
    assert choose("a.odt", archive({**parts, "mimetype": kind}), LIMITS).media_type == kind.decode()
    manifest = b'<manifest:file-entry manifest:full-path="/" manifest:media-type="' + kind + b'"/>'
    without = archive({**parts, "META-INF/manifest.xml": manifest})
    assert choose("a.odt", without, LIMITS).media_type == kind.decode()
